"""Brings the figures up to date with what imports and acts marked."""

import argparse

from sqlalchemy import Engine

HELP = "bring the figures up to date (only what changed)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--full computes everything again."""
    parser.add_argument("--full", action="store_true", help="compute every figure again, from nothing")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Refresh and say what was written."""
    from data_access import kpi_refresh  # pandas: not needed to list the commands

    done = kpi_refresh.refresh(engine, full=args.full)
    kind = "From nothing" if done.is_full else "What was stale"
    as_of = f"data to {done.as_of_day}" if done.as_of_day else "no data"
    print(f"{kind}: {done.rows:,} rows of {done.units:,} units in {done.seconds:.1f} s; {as_of}.")
    return 0
