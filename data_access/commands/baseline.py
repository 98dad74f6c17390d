"""Shows or re-sets the frozen baseline of a KPI's control limits at a unit."""

import argparse

from sqlalchemy import Engine

from data_access.commands._months import month
from data_access.people import viewer_for
from data_access.settings import company_timezone
from domain.errors import InvalidInput
from domain.periods import local_today

HELP = "show or re-set the frozen baseline of a KPI's control limits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """KPI and unit; with --from, --to and --reason it is re-set."""
    parser.add_argument("kpi", help="id of the KPI, e.g. saidi")
    parser.add_argument("--unit", required=True, metavar="CODE", help="code of the unit")
    parser.add_argument("--from", dest="first", type=month, metavar="YYYY-MM", help="first month")
    parser.add_argument("--to", dest="last", type=month, metavar="YYYY-MM", help="last month")
    parser.add_argument("--reason", default="", help="why it is re-set; kept in the audit log")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Print the baseline, re-set first when months are given."""
    from data_access import baselines, org_units  # pandas: not needed to list the commands
    from domain import kpi_search, signals
    from domain.kpis import catalogue

    viewer = viewer_for(engine, None, local_today(company_timezone()))
    unit = org_units.by_code(engine, viewer.scope, args.unit)
    kpi = kpi_search.one_named(catalogue(), args.kpi)
    if unit is None:
        raise InvalidInput("unknown_unit", unit=args.unit)
    if args.first and args.last:
        baselines.reset(engine, viewer, kpi.id, unit.id, args.first, args.last, args.reason)
    key = (unit.id, signals.baseline_id(kpi))
    one = baselines.stored(engine, viewer.scope, [unit.id]).get(key)
    if one is None:
        print(f"{key[1]} at {unit.code}: no baseline is stored; limits are provisional or too few months.")
        return 0
    print(
        f"{key[1]} at {unit.code}: {one.first_month:%Y-%m} to {one.last_month:%Y-%m}, n = {one.n}, "
        f"centre {one.centre:.6g}, mean moving range {one.mean_range:.6g} ({kpi.unit})\n"
        f"set by {one.set_by} at {one.set_at} UTC: {one.reason}"
    )
    return 0
