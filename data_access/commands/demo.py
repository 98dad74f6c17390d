"""Fills an empty database with the invented company."""

import argparse

from sqlalchemy import Engine

from data_access import database
from data_access.commands._months import month

HELP = "fill an empty database with an invented company"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--scale for larger companies, --to for another last month."""
    parser.add_argument("--scale", type=int, default=1, help="times the stations, areas and outages")
    parser.add_argument(
        "--to", type=month, metavar="YYYY-MM", help="last month; default: the last full month"
    )


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Make the tables where needed and load the company."""
    from data_access.demo import company  # pandas: not needed to list the commands

    database.migrate(engine)
    print(company.fill(engine, args.scale, args.to))
    return 0
