"""Fills an empty database from a backup."""

import argparse
from pathlib import Path

from sqlalchemy import Engine

from data_access import backup

HELP = "fill an empty database from a file that backup wrote, then bring its tables up to date"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read."""
    parser.add_argument("file", type=Path)


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Restore all of it, or nothing."""
    rows = backup.restore(engine, args.file)
    print(f"Restored {rows:,} rows.")
    return 0
