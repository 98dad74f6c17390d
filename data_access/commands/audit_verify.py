"""Walks the audit log and says whether it is what it was."""

import argparse

from sqlalchemy import Engine

from data_access import audit_chain, reasons
from data_access.audit_chain import Chain, End
from domain import error_texts

HELP = "walk the audit log: print the end of each chain, to be kept elsewhere; exit status 1 if changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--expect, as often as wanted."""
    parser.add_argument(
        "--expect", metavar="[BUREAU:]NO:HASH", action="extend", nargs="+", default=[],
        help="an end that was kept elsewhere: that row must still be there, with that hash",
    )  # fmt: skip


def run(args: argparse.Namespace, engine: Engine) -> int:
    """One line per chain, as --expect takes it; then a sentence for each that is not what it was."""
    expected = [audit_chain.end_from_text(one) for one in args.expect]
    chains = audit_chain.verify(engine)
    wrong = [_of_chain(one) for one in chains if one.broken]
    wrong += [_of_end(one) for one in audit_chain.lacking(engine, expected)]
    for one in chains:
        print(f"{one.bureau_id}:{one.last_no}:{one.last_hash}")
    for one in chains:
        if one.unverifiable and not one.broken:
            print(_said("audit_unverifiable", one.bureau_id, no=one.unverifiable))
    for sentence in wrong:
        print(sentence)
    if not wrong:
        print(error_texts.say("audit_sound", reasons.language(), n=sum(one.last_no for one in chains)))
    return 1 if wrong else 0


def _of_chain(one: Chain) -> str:
    return _said(f"audit_{one.broken}", one.bureau_id, no=one.no)


def _of_end(one: End) -> str:
    return _said("audit_end_gone", one.bureau_id, no=one.no)


def _said(code: str, bureau: str, **values: object) -> str:
    return error_texts.say(code, reasons.language(), bureau=bureau or "company", **values)
