"""Lists rows that were taken over but look wrong, and settles them."""

import argparse
import json

from sqlalchemy import Engine

from data_access import import_history, people
from data_access.commands import _problems
from data_access.settings import company_timezone
from domain import import_problems
from domain.errors import InvalidInput, Problem
from domain.periods import local_today

HELP = "list rows that were taken over but look wrong, or settle them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without --accept or --corrected: list."""
    parser.add_argument("--batch", type=int, help="only of this batch")
    parser.add_argument("--row", type=int, help="only this row of the file")
    parser.add_argument("--limit", type=int, default=50)
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--accept", action="store_true", help="the row is right as it is; needs --note")
    act.add_argument("--corrected", action="store_true", help="the row was put right elsewhere; needs --note")
    parser.add_argument("--note", default="", help="why; kept with the warning")
    _problems.add_arguments(parser)


def run(args: argparse.Namespace, engine: Engine) -> int:
    """List the warnings that wait, or settle those of a batch."""
    size = args.limit if not (args.batch or args.row) else 1_000_000
    found, count = import_history.warnings(engine, people.local_administrator(engine), size=size)
    rows = [
        row
        for row in found.to_dict("records")
        if args.batch in (None, row["batch_id"]) and args.row in (None, row["row_no"])
    ]
    if args.accept or args.corrected:
        return _settle(args, engine, rows)
    if args.json:
        print(json.dumps(rows[: args.limit], default=str, ensure_ascii=False))
        return 0
    for row in rows[: args.limit]:
        problem = Problem(row["row_no"], row["column"], row["value"], row["code"], row["expected"])
        text = import_problems.line(problem, _problems.language(args))
        print(f"batch {row['batch_id']}  {row['source_key']}  {text}")
    print(f"{min(len(rows), args.limit):,} of {count:,} warnings wait")
    return 0


def _settle(args: argparse.Namespace, engine: Engine, rows: list[dict]) -> int:
    if args.batch is None:
        raise InvalidInput("batch_missing")
    viewer = people.viewer_for(engine, None, local_today(company_timezone()))
    keys = [(row["batch_id"], row["row_no"], row["column"], row["code"]) for row in rows]
    decision = "accepted" if args.accept else "corrected"
    print(f"{import_history.decide(engine, viewer, keys, decision, args.note):,} warnings {decision}")
    return 0
