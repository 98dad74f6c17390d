"""Writes the whole database into one file."""

import argparse
from pathlib import Path

from sqlalchemy import Engine

from data_access import backup

HELP = "write the whole database into one zip file, which SQLite and PostgreSQL can both be restored from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write."""
    parser.add_argument("file", type=Path)


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Write it; others go on working meanwhile."""
    rows = backup.write(engine, args.file)
    print(f"Wrote {rows:,} rows to {args.file}.")
    return 0
