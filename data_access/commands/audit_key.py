"""Gives the audit log a new key after the first was lost."""

import argparse

from sqlalchemy import Engine

from data_access import audit_chain, people, reasons
from domain import error_texts

HELP = "go on with another key after the audit log's own was lost; rows before it cannot be verified any more"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """renew --reason."""
    acts = parser.add_subparsers(dest="act", metavar="renew", required=True)
    renew = acts.add_parser(
        "renew", help="sign with AUDIT_KEY, else with what audit.key holds, else a new key"
    )
    renew.add_argument("--reason", required=True, help="why; kept in the audit log")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Carry every chain on with a row that is signed with the other key."""
    chains = audit_chain.renew(engine, people.local_administrator(engine), args.reason)
    print(error_texts.say("audit_key_renewed", reasons.language(), n=chains))
    return 0
