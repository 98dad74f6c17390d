"""What a measure and a KPI are, and the catalogue of both, read from kpi_catalogue.toml.

A mistake in the catalogue stops the start-up and names the entry and the field.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).with_name("kpi_catalogue.toml")
COVERED = "covered:"  # + source: the measure of how many days the source covers, kept beside the others
OVER_TIME = ("sum", "stock", "as_of")
LEVELS_ZH = {"LV": "低压", "MV": "中压"}
UNITS = (
    "min/customer", "times/customer", "min", "min/interruption", "customers/fault", "%", "count", "times",
    "per_100km_year",
)  # fmt: skip


class CatalogueError(Exception):
    """The catalogue contradicts itself: our bug, found at start-up."""


@dataclass(frozen=True)
class Measure:
    """An integer that adds over org units. over_time says how it adds over months."""

    id: str
    name_zh: str
    name_en: str
    unit: str  # of the stored integer, e.g. customer-seconds
    over_time: str  # sum; stock (read as mean or last); as_of (only the last month counts)
    needs: tuple[str, ...]  # sources that must cover a month, else the month is missing
    window: str = "0"  # how far a changed day reaches: 0, 12m; year, days: as the rules say
    dimensions: tuple[str, ...] = ()  # one-dimensional break-downs kept by month
    daily: bool = False


@dataclass(frozen=True)
class Kpi:
    """factor x numerator / (divisor x denominator), each a sum of (+1 or -1, measure id)."""

    id: str
    name_zh: str
    name_en: str
    numerator: tuple[tuple[int, str], ...]
    denominator: tuple[tuple[int, str], ...]  # empty: the numerator itself is the value
    unit: str
    decimals: int
    better: str  # lower, higher, neutral
    source_zh: str  # standard and clause
    source_en: str
    formula_zh: str
    formula_en: str
    factor: float = 1
    divisor: float = 1
    code: str = ""  # number in the company's and the trade's lists, e.g. R02
    card: int = 0  # place on the overview; 0 for none
    group: str = "reliability"  # section of the definitions page
    stock: str = "mean"  # how stocks are read over a period: mean or last
    level: str = ""  # LV, MV or ''
    rules: tuple[str, ...] = ()  # rule sets whose version is printed
    excluded: str = ""  # measure with dimension "reason"
    undecided: str = ""  # measure of what is still open
    records: str = ""  # query behind the numerator, see data_access/records.py
    flow: str = (
        ""  # as-of KPIs: measure whose monthly values carry the control limits; its twin's: flow_no_med
    )
    seasonal: bool = False  # judged on the difference to the same month last year
    without_med: str = ""  # id of the same KPI without major event days
    min_value: float | None = 0.0  # possible range, for control limits
    max_value: float | None = None
    min_events: int | None = None  # fewer events a month: too few to judge; None: as rule set signals says
    events: str = ""  # measure that counts the events behind the numerator; default the numerator

    @property
    def is_as_of(self) -> bool:
        """Whether the value belongs to a date with a window before it, not to a period."""
        return bool(self.flow)

    def measures(self) -> tuple[str, ...]:
        """Every measure that reading this KPI needs."""
        extra = (self.excluded, self.undecided, self.flow, self.events)
        terms = [measure for _, measure in self.numerator + self.denominator]
        return tuple(dict.fromkeys([*terms, *(one for one in extra if one)]))


@dataclass(frozen=True)
class Catalogue:
    """All measures and KPIs by id, in the order of the file."""

    measures: Mapping[str, Measure]
    kpis: Mapping[str, Kpi]


def _term(text: str) -> tuple[int, str]:
    return (-1, text[1:]) if text.startswith("-") else (1, text)


def _make(kind: type, name: str, entry: Mapping[str, Any]) -> Any:
    allowed = {field.name for field in fields(kind)}
    for key in entry:
        if key not in allowed:
            raise CatalogueError(f"{name}: unknown field {key!r}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    try:
        return kind(id=name, **values)
    except TypeError as error:
        raise CatalogueError(f"{name}: {error}") from error


def _filled(value: Any, level: str) -> Any:
    if isinstance(value, list):
        return [_filled(one, level) for one in value]
    if not isinstance(value, str):
        return value
    users = {"LV": "customers", "MV": "mv_users"}.get(level, "")
    value = value.replace("{l}", level.lower()).replace("{L}", level)
    return value.replace("{L_zh}", LEVELS_ZH.get(level, "")).replace("{users}", users)


def _by_level(name: str, entry: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(id of the entry, level, fields) for each of its levels."""
    levels = entry.pop("levels", [""])
    return [(name, level, {key: _filled(value, level) for key, value in entry.items()}) for level in levels]


def _measures(body: Mapping[str, dict[str, Any]]) -> dict[str, Measure]:
    measures = {}
    for name, level, entry in [one for item in body.items() for one in _by_level(*item)]:
        full = f"{name}_{level.lower()}" if level else name
        has_med = entry.pop("med", False)
        measures[full] = _make(Measure, full, entry)
        if has_med:
            measures[f"{full}_med"] = replace(
                measures[full],
                id=f"{full}_med",
                name_zh=f"{entry['name_zh']}·重大事件日",
                name_en=f"{entry['name_en']}, major event days",
                needs=(*measures[full].needs, "major_events"),
                daily=False,
            )
    return measures


def _kpis(body: Mapping[str, dict[str, Any]], measures: Mapping[str, Measure]) -> dict[str, Kpi]:
    kpis = {}
    for name, level, entry in [one for item in body.items() for one in _by_level(*item)]:
        full = f"{name}_mv" if level == "MV" else name
        if level:
            entry["level"] = level
            entry["name_zh"] += f"（{LEVELS_ZH[level]}）" if level == "MV" else ""
            entry["name_en"] += f" ({level})" if level == "MV" else ""
            if level == "MV":
                entry["card"] = 0
        has_med = entry.pop("med", False)
        for side in ("numerator", "denominator"):
            given = entry.get(side, [])
            entry[side] = [_term(one) for one in ([given] if isinstance(given, str) else given)]
        kpi = _make(Kpi, full, entry)
        if has_med:
            without = replace(
                kpi,
                id=f"{full}_no_med",
                name_zh=f"{kpi.name_zh}·不含重大事件日",
                name_en=f"{kpi.name_en} without major event days",
                numerator=_without_med(kpi.numerator, measures),
                denominator=_without_med(kpi.denominator, measures),
                flow=kpi.flow and f"{kpi.flow}_no_med",
                card=0,
            )
            kpis[full] = replace(kpi, without_med=without.id)
            kpis[without.id] = without
        else:
            kpis[full] = kpi
    return kpis


def _without_med(terms: tuple[tuple[int, str], ...], measures: Mapping[str, Measure]) -> tuple:
    """The terms less their part on major event days, where they have one."""
    less = [(-sign, f"{measure}_med") for sign, measure in terms if f"{measure}_med" in measures]
    return (*terms, *less)


def parse(text: str) -> Catalogue:
    """Catalogue of a TOML text. Raises CatalogueError naming the entry and the field."""
    body = tomllib.loads(text)
    measures = _measures(body["measure"])
    result = Catalogue(measures, _kpis(body["kpi"], measures))
    _check(result)
    return result


def _check(catalogue: Catalogue) -> None:
    for measure in catalogue.measures.values():
        if measure.over_time not in OVER_TIME:
            raise CatalogueError(f"measure.{measure.id}: over_time {measure.over_time!r}")
        if not measure.needs:
            raise CatalogueError(f"measure.{measure.id}: needs is empty")
    if sum(measure.daily for measure in catalogue.measures.values()) > 8:
        raise CatalogueError("at most 8 measures may be daily")
    for kpi in catalogue.kpis.values():
        _check_kpi(catalogue, kpi)


def _check_kpi(catalogue: Catalogue, kpi: Kpi) -> None:
    for measure in kpi.measures():
        if measure not in catalogue.measures:
            raise CatalogueError(f"kpi.{kpi.id}: unknown measure {measure!r}")
    if kpi.unit not in UNITS:
        raise CatalogueError(f"kpi.{kpi.id}: unit {kpi.unit!r}")
    if kpi.better not in ("lower", "higher", "neutral"):
        raise CatalogueError(f"kpi.{kpi.id}: better {kpi.better!r}")
    if kpi.stock not in ("mean", "last"):
        raise CatalogueError(f"kpi.{kpi.id}: stock {kpi.stock!r}")
    if kpi.without_med and kpi.without_med not in catalogue.kpis:
        raise CatalogueError(f"kpi.{kpi.id}: without_med {kpi.without_med!r}")
    windowed = [one for one in kpi.measures() if catalogue.measures[one].window == "days"]
    if windowed and not (kpi.excluded and kpi.undecided):
        raise CatalogueError(f"kpi.{kpi.id}: windowed, so it needs excluded and undecided")
    as_of = [one for _, one in kpi.numerator if catalogue.measures[one].over_time == "as_of"]
    if as_of and not kpi.flow:
        raise CatalogueError(f"kpi.{kpi.id}: as-of, so it needs the measure of its monthly flow")


@cache
def catalogue() -> Catalogue:
    """The catalogue in force."""
    return parse(CATALOGUE.read_text(encoding="utf-8"))
