"""Shows the thresholds of major event days of a city bureau, or sets one anew with a reason."""

import argparse
from datetime import date

from sqlalchemy import Engine

from data_access.people import viewer_for
from data_access.settings import company_timezone
from domain.errors import InvalidInput
from domain.periods import local_today

HELP = "show or set anew the frozen threshold of major event days of a city bureau"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Unit; with --reset, --year and --reason a threshold is determined anew."""
    parser.add_argument("--unit", required=True, metavar="CODE", help="code of the city bureau")
    parser.add_argument("--year", type=int, help="only this year; needed for --reset")
    parser.add_argument("--reset", action="store_true", help="determine the year's threshold anew")
    parser.add_argument("--reason", default="", help="why; kept in the audit log")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Print the thresholds and their days, after setting one anew where asked."""
    from data_access import major_event_list, major_events, org_units
    from data_access.commands._refreshing import refreshed

    viewer = viewer_for(engine, None, local_today(company_timezone()))
    unit = org_units.by_code(engine, viewer.scope, args.unit)
    if unit is None:
        raise InvalidInput("unknown_unit", unit=args.unit)
    if args.reset:
        if args.year is None:
            raise InvalidInput("year_missing")
        major_events.reset(engine, viewer, unit.id, args.year, args.reason)
        print(refreshed(engine))
    first, last = (args.year, args.year) if args.year else (1900, 9999)
    limits = major_event_list.thresholds(engine, viewer.scope, unit.id, first, last)
    days = major_event_list.days(engine, viewer.scope, unit.id, date(first, 1, 1), date(last, 12, 31))
    for one in limits.itertuples():
        provisional = ", provisional: fewer years than the rule asks for" if one.is_provisional else ""
        print(
            f"{one.unit} {one.year}: T_MED {one.t_med:.4f} min/customer ({one.level}), "
            f"alpha {one.alpha:.4f}, beta {one.beta:.4f}, {one.days} days, "
            f"{one.history_from} to {one.history_to}{provisional}\n"
            f"  set by {one.set_by} at {one.set_at} UTC: {one.reason}"
        )
    if limits.empty:
        print(f"{unit.code}: no threshold is stored.")
    for one in days.itertuples():
        print(f"  {one.day} {one.unit}{' (imported list)' if one.by_list else ''}")
    return 0
