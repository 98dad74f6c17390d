"""Prints one KPI of a unit over months, with what it is made of."""

import argparse
import json
from datetime import date
from typing import Any

from sqlalchemy import Engine

from data_access import kpi_values, reasons
from data_access.commands._months import month
from data_access.people import viewer_for
from data_access.settings import company_timezone
from domain.kpis import catalogue
from domain.periods import local_today

HELP = "print a KPI of a unit: value, numerator, denominator, excluded, undecided, rule versions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """KPI, unit, months; --by breaks it down, --json for programs."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    known = catalogue().kpis.values()
    parser.epilog = "\n".join(["KPIs:", *(f"  {one.id:<32} {one.name_zh}, {one.name_en}" for one in known)])
    parser.add_argument("kpi", help="id or name of the KPI, or a code that only one has, e.g. saidi")
    parser.add_argument("--unit", required=True, metavar="CODE", help="code of the unit")
    for name, place in (("--from", "first"), ("--to", "last")):
        parser.add_argument(name, dest=place, required=True, type=month, metavar="YYYY-MM")
    parser.add_argument("--by", choices=("unit", "month", "cause"), help="units below, months or causes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--language", choices=reasons.LANGUAGES, help="default: that of the terminal")


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Print the reading."""
    viewer = viewer_for(engine, None, local_today(company_timezone()))
    found = kpi_values.read(engine, viewer.scope, args.kpi, args.unit, args.first, args.last, args.by)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=2, default=_plain))
        return 0
    spoken = args.language or reasons.language()
    print(f"{found[f'name_{spoken}']} ({found['unit']}), {args.unit}, {found['period']}")
    for label in ("value", "numerator", "denominator", "excluded", "undecided"):
        print(f"  {label:12} {_cell(found, label, spoken)}{_unit(found['kpi'], found, label)}")
    partly = ", ".join(f"{month:%Y-%m}" for month in found["partly_covered"])
    if partly:
        print(f"  partly covered: {partly}")
    print(f"  rules        {', '.join(found['rules']) or '—'}")
    for row in found["rows"]:
        name = row["name"] or "-"  # no cause was given
        print(f"  {name:24} {_cell(row | {'decimals': found['decimals']}, 'value', spoken):>16}")
    return 0


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _unit(kpi_id: str, found: dict[str, Any], label: str) -> str:
    """Unit of a numerator or denominator; stored seconds also as the minutes that the trade counts in."""
    terms = getattr(catalogue().kpis[kpi_id], label, ()) if label in ("numerator", "denominator") else ()
    if not terms or found[label] is None:
        return ""
    unit = catalogue().measures[terms[0][1]].unit
    minutes = f" = {found[label] / 60:,.2f} {unit.replace('seconds', 'minutes')}" if "seconds" in unit else ""
    return f" {unit}{minutes}"


def _cell(row: dict[str, Any], label: str, spoken: str) -> str:
    value = row[label]
    if value is None:
        return f"—, {reasons.text(row['missing'], spoken)}" if label == "value" else "—"
    return (
        f"{value:,.{row['decimals']}f}"
        if label == "value"
        else f"{value:,.10g}"
        if value % 1
        else f"{value:,.0f}"
    )
