"""Gives the role of the application its rights, after the owner has made the tables."""

import argparse

from sqlalchemy import Engine

from data_access import row_security
from data_access.engine import is_sqlite
from data_access.transactions import writing_all
from domain.errors import WrongDatabase

HELP = "let a PostgreSQL role work on the tables, held to the rows of whoever looks; run by the owner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The role, which must exist."""
    parser.add_argument("role", metavar="ROLE", help="neither a superuser nor the owner of the tables")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Grant what the application needs, and nothing else."""
    if is_sqlite(engine):
        raise WrongDatabase("no_roles")
    with writing_all(engine) as connection:
        row_security.give(connection, args.role)
    print(f"{args.role} can work on the tables; let servers and commands connect as it.")
    return 0
