"""Lists the versions of the rules, or publishes the next one of a set."""

import argparse
import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from data_access import people, rules
from data_access.commands._months import month
from data_access.commands._refreshing import refreshed
from data_access.settings import company_timezone
from domain.errors import InvalidInput
from domain.periods import local_day, local_today
from domain.rule_sets import BEGINNING

HELP = "list the versions of the rules, or publish the next one of a set from a month on"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing: list; publish SET FILE --from --reason."""
    acts = parser.add_subparsers(dest="act", metavar="publish")
    publish = acts.add_parser("publish", help="the next version of a set; see domain/rules for its shape")
    publish.add_argument("rule_set", metavar="SET", help="name of the set, e.g. outages")
    publish.add_argument("file", type=Path, help="TOML file with every key of the set's first version")
    publish.add_argument(
        "--from", dest="valid_from", required=True, type=month, metavar="YYYY-MM",
        help="month from whose first day on it judges events",
    )  # fmt: skip
    publish.add_argument("--reason", required=True, help="why; kept in the audit log")
    publish.add_argument("--no-refresh", action="store_true", help="leave the figures to a later refresh")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Print every version, the one in force marked; after publishing one where asked."""
    if args.act == "publish":
        viewer = people.local_administrator(engine)
        done = rules.publish(engine, viewer, args.rule_set, _body(args.file), args.valid_from, args.reason)
        until = rules.last_day_of(engine, done)
        days = f"from {done.valid_from} to {until}" if until else f"from {done.valid_from} on"
        print(f"Version {done.version} of {done.rule_set} judges events {days}.")
        if until:
            print("From then on a version holds that was published for a later month.")
        if not args.no_refresh:
            print(refreshed(engine))
        return 0
    zone = company_timezone()
    in_force = rules.in_force(engine, local_today(zone))
    for row in rules.published(engine):
        begins = "the beginning" if row.valid_from == BEGINNING else f"{row.valid_from:%Y-%m}"
        mark = "in force" if in_force[row.rule_set].version == row.version else ""
        print(
            f"{row.rule_set:<18} version {row.version:<3} from {begins:<14} {mark:<9} "
            f"{local_day(row.at, zone)} {row.by_name}: {row.reason}"
        )
    return 0


def _body(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InvalidInput("no_such_file", file=file)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput("rule_file", reason=error) from error
