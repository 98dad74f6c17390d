"""Runs an import that was started from the page; started by the server, not by people."""

import argparse

from sqlalchemy import Engine

from data_access import import_job_run

HELP = "run an import that the page has put in the queue"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The number of the job."""
    parser.add_argument("number", type=int, help="number of the job")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """0 when the file was taken over, 1 when not; the job row says why."""
    state = import_job_run.run(engine, args.number)
    print(f"Job {args.number}: {state}.")
    return 0 if state == "done" else 1
