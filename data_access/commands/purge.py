"""Removes what was kept long enough."""

import argparse

from sqlalchemy import Engine

from data_access import people, reasons, retention
from domain import error_texts

HELP = "remove what was kept as long as the rule set retention says; run it daily"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--dry-run."""
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """One line per kind."""
    language = reasons.language()
    code = "would_be_purged" if args.dry_run else "purged"
    for one in retention.purge(engine, people.local_administrator(engine), args.dry_run):
        name = one.names[0 if language == "zh" else 1]
        print(error_texts.say(code, language, name=name, days=one.days, before=one.before, n=one.n))
    return 0
