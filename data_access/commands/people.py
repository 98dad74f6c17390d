"""Lists people with their roles, or takes over a table of them."""

import argparse
import sys
from pathlib import Path

from sqlalchemy import Engine

from data_access import org_units, people, people_import, people_seen, reasons
from data_access.people_seen import Wanted
from data_access.settings import company_timezone
from domain import error_texts, pasted, people_table
from domain.errors import InvalidInput
from domain.people import OPEN_END, STATES
from domain.people_table import Planned
from domain.periods import local_day, local_today
from domain.viewer import ROLES

HELP = "list people with their roles, or take over a table of them"
DONE = {"add": "added", "change": "renamed", "give": "role given", "end": "end of the role set"}
SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """list | import FILE."""
    acts = parser.add_subparsers(dest="act", metavar="list | import", required=True)
    listing = acts.add_parser("list", help="people by name; e-mails are masked")
    listing.add_argument("--search", default="", metavar="TEXT", help="a part of the name, or a whole e-mail")
    listing.add_argument("--role", choices=ROLES)
    listing.add_argument("--unit", default="", metavar="CODE", help="roles for this unit or one below")
    listing.add_argument("--state", choices=STATES, help="never: may enter and never signed in")
    taking = acts.add_parser(
        "import", help="all rows of a CSV file or none; columns: " + ", ".join(one[1] for one in HEADERS)
    )
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--dry-run", action="store_true", help="only say what it would do")


HEADERS = tuple(people_table.COLUMNS.values())


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Print the people, or what was done row by row."""
    return _import(args, engine) if args.act == "import" else _list(args, engine)


def _list(args: argparse.Namespace, engine: Engine) -> int:
    viewer = people.local_administrator(engine)
    units = org_units.visible(engine, viewer.scope)
    unit = next((one.id for one in units.values() if one.code == args.unit), None)
    if args.unit and unit is None:
        raise InvalidInput("unknown_unit", unit=args.unit)
    wanted = Wanted(args.search, args.role or "", unit, args.state or "")
    zone = company_timezone()
    number, count, day = 0, 1, local_today(zone)
    while number * SHOWN < count:
        number += 1
        found, count = people_seen.listed(engine, viewer, wanted, number, SHOWN)
        for one in found:
            at = one.signed_in_at
            seen = f"signed in {local_day(at, zone)}" if at else "never signed in"
            print(f"{one.id:>6}  {one.name}  {one.email or 'no e-mail'}  {one.state()}, {seen}")
            for grant in one.grants:
                mark = " (over)" if grant.is_over(day) else ""
                until = grant.valid_to or "no end"
                unit_name = f"{units[grant.unit_id].code} {units[grant.unit_id].name}"
                print(f"        {grant.role} of {unit_name}, {grant.valid_from} to {until}{mark}")
    print(f"{count:,} people.")
    return 0


def _import(args: argparse.Namespace, engine: Engine) -> int:
    if not args.file.is_file():
        raise InvalidInput("no_such_file", file=args.file)
    text, viewer = pasted.decoded(args.file.read_bytes()), people.local_administrator(engine)
    plan = people_import.planned(engine, viewer, text)
    spoken = reasons.language()
    for one in plan:
        for column, error in one.problems:
            header = people_table.COLUMNS[column][0 if spoken == "zh" else 1]
            said = error_texts.sentence(error, spoken)
            print(
                f"第 {one.row} 行，{header}：{said}" if spoken == "zh" else f"Row {one.row}, {header}: {said}"
            )
    if wrong := sum(bool(one.problems) for one in plan):
        print(error_texts.sentence(InvalidInput("rows_wrong", n=wrong), spoken), file=sys.stderr)
        return 1
    if not args.dry_run:
        plan = people_import.take_over(engine, viewer, text, plan)
    for one in plan:
        print(_line(one))
    print("Nothing was changed: this was a dry run." if args.dry_run else _sum(plan))
    return 0


def _line(one: Planned) -> str:
    done = ", ".join(DONE[act] for act in one.acts) or "as before"
    role = ""
    if one.grant is not None:
        until = one.grant.valid_to or error_texts.texts()["words"][OPEN_END]["en"]
        role = f", {one.grant.role} of {one.cells['unit']}, {one.grant.valid_from} to {until}"
    return f"Row {one.row}: {one.name} <{one.email}>{role}: {done}"


def _sum(plan: tuple[Planned, ...]) -> str:
    counts = {act: sum(act in one.acts for one in plan) for act in DONE}
    return (
        f"{counts['add']:,} people added, {counts['change']:,} renamed, {counts['give']:,} roles given, "
        f"{counts['end']:,} ends set."
    )
