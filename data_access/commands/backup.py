"""Writes the whole database into one file."""

import argparse
from pathlib import Path

from sqlalchemy import Engine

from data_access import backup
from domain.errors import InvalidInput

HELP = "write the whole database into one zip file, which SQLite and PostgreSQL can both be restored from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write; --force to replace an older one of that name."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="replace a file of that name")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Write it; others go on working meanwhile."""
    if args.file.exists() and not args.force:
        raise InvalidInput("file_exists", file=args.file)
    rows = backup.write(engine, args.file)
    print(f"Wrote {rows:,} rows to {args.file}.")
    return 0
