"""The frequent-outage and warning list of a unit, what changed on it, and one area's interruptions."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, Engine, Select, and_, func, select

from data_access import rules
from data_access.masking import masked
from data_access.measures.area_rows import area_rows
from data_access.measures.outage_nature import rows_in_group
from data_access.measures.step_rows import read_steps
from data_access.scope import check_unit, inside, within
from data_access.tables.grid import areas, lines
from data_access.tables.kpi import frequent_outage_list, major_event_days
from data_access.tables.org import org_closure, org_units
from data_access.tables.outages import outage_steps
from data_access.transactions import reading
from domain import frequent_list, frequent_outage, rule_sets
from domain.errors import NotFound
from domain.rule_sets import version_on
from domain.viewer import Scope

KEY = ["bureau_id", "subject", "code", "line_code", "org_unit_id"]
COLUMNS = (
    *KEY, "as_of", "state", "label", "labels", "total", "fault", "planned", "most_in_window", "warned_on",
    "rule_version",
)  # fmt: skip


def _listed(connection: Connection, scope: Scope, unit_id: int, subject: str, days: Sequence) -> pd.DataFrame:
    """Entries of the units' lists from the first to the last day, which lie in one month.

    A unit has one list a month: in the open one at the end of its own bureau's data, so cities do not wait.
    """
    table = frequent_outage_list.c
    chosen = and_(inside(table.org_unit_id, scope, unit_id), table.subject == subject)
    name = (areas if subject == "area" else lines).c
    code = name.area_code if subject == "area" else name.line_code
    statement = (
        select(
            *(table[column] for column in COLUMNS),
            func.coalesce(masked(name.name), table.code).label("name"),
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
        )
        .select_from(
            frequent_outage_list.join(org_units, org_units.c.id == table.org_unit_id).outerjoin(
                areas if subject == "area" else lines,
                and_(name.bureau_id == table.bureau_id, code == table.code),
            )
        )
        .where(chosen, table.as_of.between(days[0], days[1]))
        .order_by(table.state, table.total.desc(), table.fault.desc(), table.planned.desc(), table.code)
    )
    result = connection.execute(statement)
    return pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()))


def listed(engine: Engine, scope: Scope, unit_id: int, as_of: date, subject: str = "area") -> pd.DataFrame:
    """The list of the unit at the end of as_of's month: frequent first, the worst first.

    subject: area or line. In the open month it is the list at the end of the data of each unit's bureau, if
    as_of is not before.
    Columns: COLUMNS, name of the area or line (masked of a dedicated account), unit_name. Raises NotFound for
    a unit outside the scope.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        return _listed(connection, scope, unit_id, subject, (as_of.replace(day=1), as_of))


def changes(engine: Engine, scope: Scope, unit_id: int, as_of: date, subject: str = "area") -> pd.DataFrame:
    """What changed on the unit's list since the month-end before: entered, left, decreased, label_changed.

    Columns: KEY, change, total, state, label, rule_version, and the four with _before: where the versions
    differ, a change may come from the rule and not from the network; name, unit_name, unit_name_en. Raises
    NotFound.
    """
    last = as_of.replace(day=1) - timedelta(days=1)
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        now = _listed(connection, scope, unit_id, subject, (as_of.replace(day=1), as_of))
        before = _listed(connection, scope, unit_id, subject, (last.replace(day=1), last))
        versions = rules.versions(connection, "frequent_outage")
    names = pd.concat([one for one in (now, before) if len(one)] or [now])
    names = names[[*KEY, "name", "unit_name", "unit_name_en"]].drop_duplicates(KEY)
    found = frequent_list.changes(before, now, KEY).merge(names, on=KEY, how="left")
    return found.assign(
        rule_version=version_on(versions, as_of).version,
        rule_version_before=version_on(versions, last).version,
    )


def _visible(bureau_id: str, area_code: str, scope: Scope) -> list[Select]:
    """The unit of the area if it lies in the scope: of the register, else of its steps."""
    registered = select(areas.c.org_unit_id).where(
        areas.c.bureau_id == bureau_id, areas.c.area_code == area_code
    )
    step = outage_steps.c
    of_steps = (
        select(step.org_unit_id)
        .where(step.bureau_id == bureau_id, step.area_code == area_code, ~registered.exists())
        .distinct()
    )
    return [
        registered.where(within(areas.c.org_unit_id, scope)),
        of_steps.where(within(step.org_unit_id, scope)),
    ]


def history(
    engine: Engine, scope: Scope, bureau_id: str, area_code: str, year: int, as_of: date | None = None
) -> pd.DataFrame:
    """Every interruption of the area that the year's list looks at, with whether it is counted and why not.

    Of an area that is not registered only those of the viewer's units, which may be fewer than it counts.

    Judged by the version in force on as_of (default: the year's last day). Columns: outage_key, line_code,
    started_at (UTC), day, duration_s (-1 while it lasts), kind, cause, counted, reasons (codes of
    frequent_outage.REASONS parted by ';'), rule_version. Rows of the year before are those that the windows
    look back on. Raises NotFound for an area that is absent or outside the scope.
    """
    as_of = as_of or date(year, 12, 31)
    with reading(engine, scope) as connection:
        units = [
            unit
            for one in _visible(bureau_id, area_code, scope)
            for unit in connection.execute(one).scalars()
        ]
        if not units:
            raise NotFound(area_code)
        found = {name: rules.versions(connection, name) for name in rule_sets.names()}
        version = version_on(found["frequent_outage"], as_of)
        body = version.body
        steps = read_steps(
            connection, units, frequent_outage.first_day(year, body), as_of, area=(bureau_id, area_code)
        )
        known = area_rows(connection, steps, units, found["outages"])
        med = _major_event_days(connection, units)
    rows = known.rows.sort_values(["started", "outage"], ignore_index=True)
    flags = pd.DataFrame(
        {
            "user": rows["user"],
            "started_s": rows["started"].astype("int64"),
            "duration_s": rows["duration_s"],
            "is_med": rows["day"].dt.date.isin(med),
            "is_single_user": rows["is_single_user"],
            "is_external": rows_in_group(found, "external", rows),
            "is_planned": rows["kind"].isin(body["frequent"]["planned_kinds"]),
        }
    )
    why = frequent_outage.reasons(flags, body)
    return pd.DataFrame(
        {
            "outage_key": known.outages["outage_key"].to_numpy()[rows["outage"]],
            "line_code": known.users["line_code"].to_numpy()[rows["user"]],
            "started_at": rows["started"],
            "day": rows["day"].dt.date,
            "duration_s": rows["duration_s"],
            "kind": rows["kind"].astype(str),
            "cause": rows["cause"].astype(str),
            "counted": why == 0,
            "reasons": [";".join(frequent_outage.reason_names(one)) for one in why.tolist()],
            "rule_version": version.version,
        }
    )


def _major_event_days(connection: Connection, units: Sequence[int]) -> set[date]:
    """Major event days of the bureaus above the units."""
    above = select(org_closure.c.ancestor_id).where(org_closure.c.descendant_id.in_(units))
    statement = select(major_event_days.c.day).where(major_event_days.c.org_unit_id.in_(above))
    return set(connection.execute(statement).scalars())
