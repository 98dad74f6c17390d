"""A chunk of a file's texts -> rows as the table keeps them, and everything that is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from data_access import org_units as tree
from data_access import rules, settings
from data_access.imports import bulk, made_units
from data_access.imports.made_units import MadeUnits
from data_access.scope import is_whole_company, within
from data_access.tables.org import customers_served, org_closure, org_units
from domain import kpi_search, personal, row_check_kinds
from domain.errors import FileRejected, Problem
from domain.import_kinds import Kind, kinds
from domain.kpis import catalogue
from domain.mapping import ROW_NUMBER, ColumnSource, FileMapping
from domain.org_units import city_of
from domain.periods import local_today, utc_now
from domain.row_check_rows import Found, Knowledge, Rows, error_rows, found
from domain.row_checks import FileReading, by_value, cleaned, typed
from domain.rule_sets import cause_codes
from domain.viewer import Scope

BLANK = {"cause": "", "name_en": "", "name": "", "source": "", "for_below": False}


@dataclass(frozen=True)
class Plan:
    """Everything that the rows of one import are read and judged by; the same for all chunks."""

    kind: Kind
    mapping: FileMapping
    bureau_id: str
    reading: FileReading
    knowledge: Knowledge
    zone: ZoneInfo
    homes: Mapping[int, str]  # unit -> its home key space
    row_key: str  # what row numbers are made unique by
    made: MadeUnits | None
    scope: Scope | None  # outside it no row may change; None: there is nothing outside

    @property
    def names(self) -> dict[str, str]:
        """Header of the file for each of our columns, as problems name them."""
        named = {ours: source.column for ours, source in self.mapping.columns.items() if source.column}
        if isinstance(self.mapping.source_key, tuple) and self.mapping.source_key:
            named[self.kind.key[0]] = ", ".join(self.mapping.source_key)
        return named


def plan(
    connection: Connection, scope: Scope, mapping: FileMapping, bureau_id: str, row_key: str = ""
) -> Plan:
    """What an import needs to know, read once."""
    units = connection.execute(
        select(org_units.c.id, org_units.c.code, org_units.c.name, org_units.c.bureau_id).where(
            within(org_units.c.id, scope)
        )
    ).all()
    zone = settings.company_timezone()
    now = utc_now()
    causes = rules.current(connection, "causes")
    codes = {unit.code: unit.id for unit in units}
    names = pd.Series([unit.name for unit in units], dtype="str").value_counts()
    by_name = {unit.name: unit.id for unit in units if names[unit.name] == 1}
    zone_of_file = ZoneInfo(mapping.time_zone) if mapping.time_zone else zone
    return Plan(
        kind=kinds()[mapping.kind],
        mapping=mapping,
        bureau_id=bureau_id,
        reading=FileReading(
            mapping.decimal, zone_of_file, now, local_today(zone), by_name | codes, cause_codes(causes)
        ),
        knowledge=Knowledge(
            now,
            frozenset(causes),
            rules.versions(connection, "outages"),
            _served(connection) if mapping.kind == "outages" else {},
            _below_bureaus(connection) if mapping.kind == "major_event_dates" else {},
            zone,
        ),
        zone=zone,
        homes={unit.id: unit.bureau_id for unit in units},
        row_key=row_key,
        made=MadeUnits(mapping.make_units, codes) if mapping.make_units else None,
        scope=None if is_whole_company(connection, scope) else scope,
    )


def _served(connection: Connection) -> dict[int, int]:
    """LV customers of each unit with all below, in the latest month that is known."""
    stock = customers_served
    latest = select(func.max(stock.c.month)).where(stock.c.level == "LV").scalar_subquery()
    statement = (
        select(org_closure.c.ancestor_id, func.sum(stock.c.customers))
        .join(stock, stock.c.org_unit_id == org_closure.c.descendant_id)
        .where(stock.c.level == "LV", stock.c.month == latest)
        .group_by(org_closure.c.ancestor_id)
    )
    return {unit: int(customers) for unit, customers in connection.execute(statement)}


def _below_bureaus(connection: Connection) -> dict[int, str]:
    """Units that lie below their city bureau, with their codes."""
    known = tree.all_units(connection)
    return {one.id: one.code for one in known.values() if city_of(one.id, known) != one.id}


def check_header(mapping: FileMapping, kind: Kind, header: Sequence[str]) -> None:
    """Raises FileRejected for columns that the mapping or the kind needs and the file lacks, or has twice."""
    problems = []
    for name in mapping.file_columns():
        if header.count(name) != 1:
            code = "duplicate_header" if name in header else "missing_column"
            problems.append(Problem(1, name, "", code, ", ".join(header)[:500]))
    problems += [
        Problem(1, name, "", "personal_key")
        for name in mapping.source_key
        if mapping.source_key != ROW_NUMBER and personal.is_of_person(name, kind, mapping)
    ]
    given = set(mapping.columns)
    if mapping.source_key:
        given.add(kind.key[0])
    if mapping.make_units:
        given.add("unit")
    for column in kind.columns.values():
        if column.required and column.id not in given:
            names = ", ".join(dict.fromkeys((column.zh, column.en, *column.alias)))
            problems.append(Problem(1, column.id, "", "missing_column", names))
    if problems:
        raise FileRejected(problems, {(one.column, one.code): 1 for one in problems})


def check(plan: Plan, rows: np.ndarray, texts: pd.DataFrame) -> tuple[pd.DataFrame, list[Found]]:
    """Rows that may be staged, as the table's columns with row_no, and what is wrong or odd.

    texts has the file's columns by header. Rows with an error are left out.
    """
    frame, given, problems = {}, {}, []
    for ours, source in plan.mapping.columns.items():
        column = plan.kind.columns[ours]
        given[ours] = _given(source, texts)
        frame[ours], more = typed(given[ours], column, source, rows, plan.reading)
        problems += more
    result = pd.DataFrame(frame, index=texts.index)
    if plan.mapping.source_key:
        result[plan.kind.key[0]], more = _made_key(plan, rows, texts)
        problems += more
    if plan.made and "unit" not in plan.mapping.columns:
        result["unit"], more = made_units.units_of(plan.made, texts, rows)
        problems += more
    if plan.kind.id == "outages":
        result["start_day"] = bulk.local_days(result["interrupted_at"], plan.zone)
    if plan.kind.id == "targets":
        ids = by_value(result["kpi"], lambda text: kpi_search.id_of(catalogue(), text))
        result["kpi"] = pd.Series(ids, index=texts.index, dtype="str")
    problems += row_check_kinds.checked(plan.kind.id, Rows(rows, given, result), plan.knowledge)
    problems = [_without_plain(plan.kind, one, rows, result) for one in problems]
    staged = _as_stored(plan, result)
    staged.insert(0, "row_no", rows)
    if plan.mapping.source_key == ROW_NUMBER:
        comparable = texts.astype("str").fillna("")
        staged["row_hash"] = pd.util.hash_pandas_object(comparable, index=False).astype("int64")
    return staged[~np.isin(rows, error_rows(problems))], problems


def _without_plain(kind: Kind, problem: Found, rows: np.ndarray, frame: pd.DataFrame) -> Found:
    """The problem with personal values masked: it is kept, shown and sent about, and the row is enough.

    What cannot be told from a personal value is masked too. frame: the typed columns of the rows.
    """
    column = kind.columns.get(problem.column)
    if column is None or not column.personal:
        return problem
    is_open = np.zeros(len(problem.rows), dtype=bool)
    for other, value in column.personal_where.items():
        if other in frame:
            known = frame[other].iloc[np.searchsorted(rows, problem.rows)]
            is_open = np.asarray(known.notna() & (known != value))
    values = [
        value if plain else personal.masked(value, column.personal)
        for value, plain in zip(problem.values, is_open, strict=True)
    ]
    return replace(problem, values=values)


def _given(source: ColumnSource, texts: pd.DataFrame) -> pd.Series:
    if source.column is not None:
        return texts[source.column]
    return pd.Series([source.constant] * len(texts), index=texts.index, dtype="str")


def _made_key(plan: Plan, rows: np.ndarray, texts: pd.DataFrame) -> tuple[pd.Series, list[Found]]:
    column = plan.kind.columns[plan.kind.key[0]]
    if plan.mapping.source_key == ROW_NUMBER:
        return pd.Series([f"{plan.row_key}:{row}" for row in rows], index=texts.index, dtype="str"), []
    parts = [cleaned(texts[name]).astype("str") for name in plan.mapping.source_key]
    key = parts[0]
    for part in parts[1:]:
        key = key + "|" + part
    problems = found(rows, key.isna(), key, "missing_value", column.id)
    long = (key.str.len() > column.max).fillna(False)
    return key, problems + found(rows, long, key, "too_long", column.id, expected=str(column.max))


def _as_stored(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame under the table's column names, with what is worked out from it."""
    result = frame.rename(columns={one.id: one.column for one in plan.kind.columns.values()})
    for ours, blank in BLANK.items():
        if ours in plan.kind.columns and not plan.kind.columns[ours].required:
            result[ours] = result[ours].fillna(blank) if ours in result else blank
    if plan.kind.key_space == "source":
        result["bureau_id"] = plan.bureau_id
    if plan.kind.key_space == "unit":
        result["bureau_id"] = result["org_unit_id"].map(plan.homes)
    if plan.kind.id == "outages" and "restored_at" in result:
        lasted = (result["restored_at"] - result["interrupted_at"]).dt.total_seconds()
        result["duration_s"] = lasted.astype("Int64")
    if plan.kind.id == "load_points":  # the transformer carries what flows back too
        result["power_kw"] = result["power_kw"].abs()
    return result


def uneven(chunk: Iterable[tuple[int, int]], width: int) -> list[Found]:
    """Rows with another number of cells than the header."""
    pairs = list(chunk)
    if not pairs:
        return []
    rows = np.array([row for row, _ in pairs], dtype=np.int64)
    return [Found(rows, "", "cell_count", [str(cells) for _, cells in pairs], str(width))]
