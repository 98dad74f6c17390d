"""Lists what was imported."""

import argparse
import json

from sqlalchemy import Engine

from data_access import import_history, people

HELP = "list what was imported, newest first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which and how many."""
    parser.add_argument("--kind", default="", help="only of this kind")
    parser.add_argument("--limit", type=int, default=25)
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Print one line per batch."""
    found, count = import_history.batches(
        engine, people.local_administrator(engine), kind=args.kind, size=args.limit
    )
    rows = found.to_dict("records")
    if args.json:
        print(json.dumps(rows, default=str, ensure_ascii=False))
        return 0
    for row in rows:
        print(
            f"{row['id']:>6}  {row['taken_at']:%Y-%m-%d %H:%M} UTC  {row['state']:<7} {row['kind']:<18} "
            f"{row['rows']:>11,} rows  {row['rows_new']:,} new, {row['rows_changed']:,} changed, "
            f"{row['rows_withdrawn']:,} withdrawn, {row['waiting']:,} warnings wait  {row['file_name']}"
        )
    print(f"{len(rows):,} of {count:,} batches")
    return 0
