"""Targets in words: their values, kinds, periods, and whose they are."""

from collections.abc import Mapping
from typing import Any

from domain.import_kinds import column_name
from domain.kpis import Kpi, catalogue
from domain.org_units import OrgUnit
from domain.periods import from_key
from ui import format as fmt
from ui import unit_names
from ui.texts import _, language, name_of

MORE_DECIMALS = 3


def kind(code: str) -> str:
    """The kind of target as a heading."""
    return {
        "legal": _("Legal"),
        "promise": _("Promise"),
        "base": _("Base"),
        "full": _("Full"),
        "challenge": _("Challenge"),
    }[code]


def decimals(kpi: Kpi, value: float) -> int:
    """The KPI's decimals, and as many more as the value has: a target is said as it was set."""
    counts = range(kpi.decimals, kpi.decimals + MORE_DECIMALS)
    return next((one for one in counts if round(value, one) == value), kpi.decimals + MORE_DECIMALS)


def value(kpi: Kpi, number: float | None) -> str:
    """The value of a target, without its unit."""
    return fmt.MISSING if number is None else fmt.number(number, decimals(kpi, number))


def period(period_kind: str, key: str) -> str:
    """The period that a target names."""
    return fmt.period(from_key(period_kind, key))


def unit(unit_id: int, units: Mapping[int, OrgUnit]) -> str:
    """Short name of the unit whose target it is; of one above what the viewer sees only that it is above."""
    return unit_names.short(units[unit_id], units) if unit_id in units else _("a unit above")


def title(kpi: str, unit_id: int, period_kind: str, key: str, units: Mapping[int, OrgUnit]) -> str:
    """Whose targets of which KPI and period these are."""
    return f"{name_of(catalogue().kpis[kpi])} · {period(period_kind, key)} · {unit(unit_id, units)}"


def columns() -> dict[str, str]:
    """What a person sets of a target, by column; called as in a file."""
    return {name: column_name("targets", name, language()) for name in ("value", "for_below", "source")}


def said(kpi: Kpi, name: str, what: Any) -> str:
    """The value of one of these columns."""
    if name == "value":
        return value(kpi, what)
    if name == "for_below":
        return _("yes") if what else _("no")
    return what or fmt.MISSING
