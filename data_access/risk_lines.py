"""Lines and areas at risk at a month-end: what the list chooses, how many, and their course over the months.

Everything comes from what refresh stored; the open month is judged at the end of the data. risk_object.py
says all of one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, FromClause, Select, String, and_, func, or_, select

from data_access import risk_sources
from data_access.masking import masked
from data_access.scope import check_unit, inside, within
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import kpi_facts
from data_access.tables.org import org_units
from data_access.tables.risk import risk_objects
from data_access.transactions import reading
from domain.periods import add_months
from domain.risk_rules import lacking as rules_lacking
from domain.viewer import Scope

KEY = ("org_unit_id", "object_kind", "object_code", "bureau_id")
COLUMNS = (*KEY, "level", "rules", "has_entered", "faults_12m", "customers", "faults_expected",
           "minutes_per_fault", "expected_min")  # fmt: skip
TREND_MONTHS = 13


@dataclass(frozen=True)
class Filters:
    """Narrower than the unit; '' and None narrow nothing. search: part of a code or of a plain name."""

    kind: str = ""
    level: int | None = None
    rule: str = ""
    search: str = ""
    entered: bool = False  # only those that met no rule at the month-end before


@dataclass(frozen=True)
class Counts:
    """How many objects of the unit are at risk; by_level: by object_kind and level.

    expected_min: of lines only, since the areas on a line feel the same outages.
    """

    objects: int
    expected_min: int
    by_level: Mapping[tuple[str, int], int]


def chosen(scope: Scope, unit_id: int, month: date, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on risk_objects: of the unit, inside the scope, at the month-end, as the filters say."""
    c = risk_objects.c
    found = [inside(c.org_unit_id, scope, unit_id), c.month == month]
    if filters.kind:
        found.append(c.object_kind == filters.kind)
    if filters.level is not None:
        found.append(c.level == filters.level)
    if filters.rule:
        found.append(c.rules.contains(f";{filters.rule};", autoescape=True))
    if filters.entered:
        found.append(c.has_entered.is_(True))
    if filters.search:
        found.append(_is_found(filters.search.strip()))
    return found


def _is_found(text: str) -> ColumnElement[bool]:
    """By code, or by a name that everybody who sees the object may read."""
    c, text = risk_objects.c, text.lower()
    named = []
    for kind, table, code in (("line", lines, "line_code"), ("area", areas, "area_code")):
        same = and_(table.c.bureau_id == c.bureau_id, table.c[code] == c.object_code)
        plain = [table.c.kind != "dedicated"] if kind == "area" else []
        likeness = _lower(table.c.name).contains(text, autoescape=True)
        named.append(and_(c.object_kind == kind, select(table.c.name).where(same, likeness, *plain).exists()))
    return or_(_lower(c.object_code).contains(text, autoescape=True), *named)


def _lower(column: ColumnElement[str]) -> ColumnElement[str]:
    """LIKE of SQLite knows no case and that of PostgreSQL does; neither shall."""
    return func.lower(column, type_=String)


def worst_first(of: FromClause = risk_objects) -> list[ColumnElement]:
    """The order of the list: the most customer-minutes first, unknown ones last. of: what has its columns."""
    c = of.c
    return [c.expected_min.is_(None), c.expected_min.desc(), c.level, *(c[name] for name in KEY)]


def with_names(page: Select, month: date) -> Select:
    """The page's rows with names and with what was at the month-end before; joined to so few only.

    Columns: COLUMNS (rules as ";RL1;RL6;"), name (masked of a dedicated account), unit_name, unit_name_en,
    and level_before, expected_min_before, null for what was not at risk then.
    """
    one, before = page.subquery("page"), risk_objects.alias("before")
    c = one.c
    of_line = and_(
        c.object_kind == "line", lines.c.bureau_id == c.bureau_id, lines.c.line_code == c.object_code
    )
    of_area = and_(
        c.object_kind == "area", areas.c.bureau_id == c.bureau_id, areas.c.area_code == c.object_code
    )
    same = and_(before.c.month == add_months(month, -1), *(before.c[name] == c[name] for name in KEY))
    name = func.coalesce(lines.c.name, masked(areas.c.name), c.object_code).label("name")
    return (
        select(
            *(c[name] for name in COLUMNS),
            name,
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
            *(before.c[name].label(f"{name}_before") for name in ("level", "expected_min")),
        )
        .select_from(
            one.join(org_units, org_units.c.id == c.org_unit_id)
            .outerjoin(lines, of_line)
            .outerjoin(areas, of_area)
            .outerjoin(before, same)
        )
        .order_by(*worst_first(one))
    )


def counts(engine: Engine, scope: Scope, unit_id: int, month: date) -> Counts:
    """Objects at risk at the month-end by kind and level, as refresh counted them. Raises NotFound."""
    c = risk_objects.c
    minutes = select(func.sum(c.expected_min)).where(*chosen(scope, unit_id, month, Filters(kind="line")))
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        found = _by_level(connection, scope, unit_id, month, month)
        now = {(row.kind, row.level): row.value for row in found.itertuples() if not row.is_entered}
        return Counts(sum(now.values()), int(connection.scalar(minutes) or 0), now)


def trend(engine: Engine, scope: Scope, unit_id: int, month: date) -> pd.DataFrame:
    """The 13 month-ends to the month: month, level, objects, entered; a month without a row had none.

    Raises NotFound.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        found = _by_level(connection, scope, unit_id, add_months(month, 1 - TREND_MONTHS), month)
    keys = ["month", "level"]
    sums = {
        name: found[found["is_entered"] == is_entered].groupby(keys)["value"].sum()
        for name, is_entered in (("objects", False), ("entered", True))
    }
    return pd.DataFrame(sums).fillna(0).astype("int64").reset_index()


def _by_level(connection: Connection, scope: Scope, unit_id: int, first: date, last: date) -> pd.DataFrame:
    """What refresh counted: month, kind, is_entered, level, value."""
    f = kpi_facts.c
    named = {f"risk_{kind}s{end}": (kind, bool(end)) for kind in ("line", "area") for end in ("", "_entered")}
    statement = select(f.period_start, f.measure, f.member, f.value).where(
        within(f.org_unit_id, scope),
        f.org_unit_id == unit_id,
        f.measure.in_(named),
        f.dimension == "level",
        f.grain == "month",
        f.period_start.between(first, last),
    )
    rows = [
        (month, *named[measure], int(level), value)
        for month, measure, level, value in connection.execute(statement)
    ]
    return pd.DataFrame(rows, columns=["month", "kind", "is_entered", "level", "value"])


def lacking(engine: Engine, scope: Scope, unit_id: int, month: date) -> dict[str, tuple[str, ...]]:
    """Rules that could not be judged for the unit at the month-end, wholly or in part: what each lacks.

    Sources as in domain/risk_rules.py SOURCES. Raises NotFound.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return rules_lacking(risk_sources.known(connection, scope, unit_id, month))
