"""Takes an import back."""

import argparse

from sqlalchemy import Engine

from data_access import people
from data_access.commands._refreshing import refreshed
from data_access.imports import undo
from data_access.settings import company_timezone
from domain.periods import local_today

HELP = "take an import back: earlier rows hold again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """BATCH --reason."""
    parser.add_argument("batch", type=int, help="number of the batch, see: batches")
    parser.add_argument("--reason", required=True, help="why; kept in the audit log")
    parser.add_argument("--no-refresh", action="store_true", help="leave the figures to a later refresh")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Undo, then bring the figures up to date."""
    viewer = people.viewer_for(engine, None, local_today(company_timezone()))
    done = undo.undo(engine, viewer, args.batch, args.reason)
    units = f"; {done.units_removed:,} units removed" if done.units_removed else ""
    back = f"{done.restored:,} earlier ones hold again"
    print(f"Batch {args.batch} undone: {done.removed:,} rows removed, {back}{units}.")
    if not args.no_refresh:
        print(refreshed(engine))
    return 0
