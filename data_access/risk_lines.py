"""Lines and areas at risk at a month-end: the list, what changed on it, and its course over the months.

Everything comes from what refresh stored; the open month is judged at the end of the data. risk_object.py
says all of one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, func, or_, select

from data_access import risk_sources
from data_access.masking import masked
from data_access.scope import check_unit, inside
from data_access.tables.grid import areas, lines
from data_access.tables.org import org_units
from data_access.tables.risk import risk_findings, risk_objects
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
    """How many objects of the unit are at risk. by_level and by_rule: by (object_kind, level or rule)."""

    objects: int
    expected_min: int
    by_level: Mapping[tuple[str, int], int] = field(default_factory=dict)
    by_rule: Mapping[tuple[str, str], int] = field(default_factory=dict)


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
    c = risk_objects.c
    named = []
    for kind, table, code in (("line", lines, "line_code"), ("area", areas, "area_code")):
        same = and_(table.c.bureau_id == c.bureau_id, table.c[code] == c.object_code)
        plain = [table.c.kind != "dedicated"] if kind == "area" else []
        likeness = table.c.name.contains(text, autoescape=True)
        named.append(and_(c.object_kind == kind, select(table.c.name).where(same, likeness, *plain).exists()))
    return or_(c.object_code.contains(text, autoescape=True), *named)


def worst_first() -> list[ColumnElement]:
    """The order of the list: the most customer-minutes first, unknown ones last."""
    c = risk_objects.c
    return [c.expected_min.is_(None), c.expected_min.desc(), c.level, *(c[name] for name in KEY)]


def listed(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    month: date,
    filters: Filters = Filters(),
    limit: int = 50,
    offset: int = 0,
) -> pd.DataFrame:
    """A page of the list at the month-end, by expected customer-minutes, the most first; unknown ones last.

    Columns: COLUMNS (rules as ";RL1;RL6;"), name (masked of a dedicated account), unit_name, unit_name_en,
    and level_before, rules_before, expected_min_before of the month-end before, null for what was not at
    risk then. Raises NotFound for a unit outside the scope.
    """
    page = select(risk_objects).where(*chosen(scope, unit_id, month, filters))
    page = page.order_by(*worst_first()).limit(limit).offset(offset)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return _frame(connection, with_names(page, month))


def with_names(page: Select, month: date) -> Select:
    """The page's rows with names and with what was at the month-end before; joined to so few only."""
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
            *(before.c[name].label(f"{name}_before") for name in ("level", "rules", "expected_min")),
        )
        .select_from(
            one.join(org_units, org_units.c.id == c.org_unit_id)
            .outerjoin(lines, of_line)
            .outerjoin(areas, of_area)
            .outerjoin(before, same)
        )
        .order_by(c.expected_min.is_(None), c.expected_min.desc(), c.level, *(c[name] for name in KEY))
    )


def _frame(connection: Connection, statement: Select) -> pd.DataFrame:
    result = connection.execute(statement)
    return pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()), dtype=object)


def count(engine: Engine, scope: Scope, unit_id: int, month: date, filters: Filters = Filters()) -> int:
    """How many objects listed() has in all. Raises NotFound."""
    statement = select(func.count()).select_from(risk_objects)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return connection.scalar(statement.where(*chosen(scope, unit_id, month, filters)))


def counts(engine: Engine, scope: Scope, unit_id: int, month: date) -> Counts:
    """Objects at risk by kind, level and rule; an object that met several rules is counted at each.

    expected_min: of lines only, since the areas on a line feel the same outages. Raises NotFound.
    """
    c, f = risk_objects.c, risk_findings.c
    mine = chosen(scope, unit_id, month, Filters())
    of_level = select(c.object_kind, c.level, func.count(), func.sum(c.expected_min)).where(*mine)
    of_rule = select(f.object_kind, f.rule, func.count()).where(
        inside(f.org_unit_id, scope, unit_id), f.month == month
    )
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        levels = connection.execute(of_level.group_by(c.object_kind, c.level)).all()
        rules = connection.execute(of_rule.group_by(f.object_kind, f.rule)).all()
    return Counts(
        sum(row[2] for row in levels),
        sum(int(row[3] or 0) for row in levels if row[0] == "line"),
        {(row[0], row[1]): row[2] for row in levels},
        {(row[0], row[1]): row[2] for row in rules},
    )


def trend(engine: Engine, scope: Scope, unit_id: int, month: date, kind: str = "") -> pd.DataFrame:
    """The 13 month-ends to the month: month, level, objects, entered; a month without a row had none.

    Raises NotFound.
    """
    c = risk_objects.c
    entered = func.count().filter(c.has_entered.is_(True)).label("entered")
    statement = select(c.month, c.level, func.count().label("objects"), entered).where(
        inside(c.org_unit_id, scope, unit_id), c.month.between(add_months(month, 1 - TREND_MONTHS), month)
    )
    if kind:
        statement = statement.where(c.object_kind == kind)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return _frame(connection, statement.group_by(c.month, c.level).order_by(c.month, c.level))


def changes(engine: Engine, scope: Scope, unit_id: int, month: date) -> pd.DataFrame:
    """Objects that entered or left the list since the month-end before, or whose level changed.

    Columns: KEY, change (entered, left, graver, milder), level, rules, and both with _before; the gravest
    first. Raises NotFound.
    """
    c = risk_objects.c
    columns = [*KEY, "level", "rules"]
    both = []
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        for one in (add_months(month, -1), month):
            mine = chosen(scope, unit_id, one, Filters())
            both.append(_frame(connection, select(*(c[name] for name in columns)).where(*mine)))
    found = both[0].merge(both[1], on=list(KEY), how="outer", suffixes=("_before", ""), indicator=True)
    was, now = (found[name].astype("float64") for name in ("level_before", "level"))
    found["change"] = ""
    found.loc[found["_merge"] == "right_only", "change"] = "entered"
    found.loc[found["_merge"] == "left_only", "change"] = "left"
    found.loc[now < was, "change"] = "graver"
    found.loc[now > was, "change"] = "milder"
    found = found[found["change"] != ""].assign(order=now.fillna(was))
    kept = [*KEY, "change", "level", "rules", "level_before", "rules_before"]
    return found.sort_values(["order", *KEY])[kept].reset_index(drop=True)


def lacking(engine: Engine, scope: Scope, unit_id: int, month: date) -> dict[str, tuple[str, ...]]:
    """Rules that could not be judged for the unit at the month-end, wholly or in part: what each lacks.

    Sources as in domain/risk_rules.py SOURCES. Raises NotFound.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return rules_lacking(risk_sources.known(connection, scope, unit_id, month))
