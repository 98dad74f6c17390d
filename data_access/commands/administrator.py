"""Names the first administrator, or lets one in again when nobody else can."""

import argparse

from sqlalchemy import Engine

from data_access import administrators, people

HELP = "name an administrator of the whole company; units must be imported before"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NAME EMAIL."""
    parser.add_argument(
        "name", metavar="NAME", help="of a person that is not known yet; a known one keeps its"
    )
    parser.add_argument("email", metavar="EMAIL", help="what the identity provider knows the person by")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """The person is an administrator for every topmost unit; the same again changes nothing."""
    viewer = people.local_administrator(engine)
    done = administrators.appoint(engine, viewer, args.name, args.email)
    who = f"{done.name} <{done.email}>"
    if not done.units and not done.was_inactive:
        print(f"Nothing changed: {who} is an administrator of the whole company already.")
        return 0
    if done.is_new:
        print(f"Added {who}.")
    if done.was_inactive:
        print(f"{who} may sign in again.")
    if done.units:
        print(f"{who} is administrator of {', '.join(done.units)} from today on, without an end.")
    return 0
