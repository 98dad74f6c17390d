"""Makes or migrates the tables."""

import argparse

from sqlalchemy import Engine

from data_access import database
from data_access.transactions import writing

HELP = "make the tables, or bring them to the newest revision"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--empty starts a database for real data."""
    parser.add_argument(
        "--empty", action="store_true", help="start a database for real data: it never takes the demo company"
    )


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Migrate; with --empty also settle that the data will be real."""
    database.migrate(engine)
    if args.empty:
        with writing(engine) as connection:
            database.settle(connection, "real")
    found = database.state(engine)
    print(f"Tables at revision {found.revision}; data: {found.kind}.")
    return 0
