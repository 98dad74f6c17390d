"""Interruptions and outages, as measures: one pass over outage_steps and one over outages.

Customers and minutes accrue to the local day on which the outage starts, on the step's unit, with the step's
cause and kind. Events (outages, faults, trips) belong to the outage's own unit, cause and kind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
)

from data_access.engine import bare_rows
from data_access.measures.days import long
from data_access.measures.request import COLUMNS, Request
from data_access.tables.grid import lines
from data_access.tables.outages import outage_steps, outages
from domain.kpis import catalogue
from domain.periods import last_day
from domain.rule_sets import RuleVersion

SOURCES = frozenset({"outages", "lines", "major_events"})
PREFIXES = ("ci_", "cmi_", "steps_excluded", "outages", "faults", "trips")
OF_OTHERS = ("outages_with_promise", "faults_to_notify", "faults_notified")
MEASURES = frozenset(
    one for one in catalogue().measures if one.startswith(PREFIXES) and not one.startswith(OF_OTHERS)
)
ARRANGED = ("planned", "temporary")  # what SAIDI-S counts; rationing stands apart
TRIPPED = ("permanent", "reclose_failed")
GROUP = ["org_unit_id", "start_day", "kind", "cause"]
TEXTS = ("start_day", "kind", "cause")
NOT_COUNTED, NO_STEP = "trips_automated_excluded", "steps_excluded"


def by_version(
    versions: Sequence[RuleVersion],
    day: ColumnElement,
    condition: Callable[[Mapping[str, Any]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    """The condition of the version that judges the day."""
    newest_first = sorted(versions, key=lambda one: (one.valid_from, one.version), reverse=True)
    return case(*[(day >= one.valid_from, condition(one.body)) for one in newest_first], else_=false())


def is_momentary(
    versions: Sequence[RuleVersion], day: ColumnElement, duration_s: ColumnElement
) -> ColumnElement[bool]:
    """Condition: restored within the limit of rule set outages on the day. False while it lasts."""

    def condition(body: Mapping[str, Any]) -> ColumnElement[bool]:
        limit = round(body["momentary"]["minutes"] * 60)
        within = duration_s <= limit if body["momentary"]["operator"] == "<=" else duration_s < limit
        return and_(duration_s.is_not(None), within)

    return by_version(versions, day, condition)


def of_request(table: Any, request: Request) -> list[ColumnElement[bool]]:
    """Conditions: the unit and the start day lie in the request."""
    limits = [table.c.start_day.between(request.first_month, last_day(request.last_month))]
    return limits if request.units is None else [table.c.org_unit_id.in_(request.units), *limits]


def _sum(condition: ColumnElement[bool], value: ColumnElement | int = 1) -> ColumnElement[int]:
    """Sum of the value where the condition holds, as an integer on both databases."""
    return func.coalesce(cast(func.sum(case((condition, value))), BigInteger), 0)


def _steps(request: Request) -> Select:
    """One row per unit, day, kind and cause of steps."""
    step = outage_steps.c
    momentary = is_momentary(request.rules["outages"], step.start_day, step.duration_s)
    counted, restored = ~momentary, and_(~momentary, step.duration_s.is_not(None))
    sums = [func.count().label("steps"), _sum(momentary).label("momentary")]
    for level, users in (("lv", step.customers), ("mv", step.mv_users)):
        sums += [
            func.count(case((counted, users))).label(f"with_users_{level}"),
            _sum(counted, users).label(f"ci_{level}"),
            _sum(restored, users).label(f"ci_restored_{level}"),
            _sum(restored, users * step.duration_s).label(f"cmi_{level}"),
        ]
    keys = [step[name] for name in GROUP]
    return select(*keys, *sums).where(*of_request(outage_steps, request)).group_by(*keys)


def _events(request: Request) -> Select:
    """One row per unit, day, kind and cause of outages."""
    one = outages.c
    fault = one.kind == "fault"
    still_open = one.open_steps > 0
    momentary = is_momentary(request.rules["outages"], one.start_day, one.longest_step_s)
    sustained = or_(still_open, ~momentary)
    late = by_version(
        request.rules["reliability"],
        one.start_day,
        lambda body: one.duration_s > round(body["late_restoration"]["hours"] * 3600),
    )
    restored = and_(fault, sustained, ~still_open)
    # A trip counts however soon the line was back.
    trip = and_(fault, one.trip.in_(TRIPPED))
    automated = and_(trip, one.has_automation.is_(True))
    boundary = func.coalesce(one.is_boundary_breaker, false())
    no_lv = and_(~boundary, func.coalesce(one.customers, 1) == 0)
    dedicated = and_(~boundary, ~no_lv, func.coalesce(lines.c.kind, "") == "dedicated")
    eligible = and_(automated, ~boundary, ~no_lv, ~dedicated)
    sums = {
        "outages": sustained,
        "outages_open": still_open,
        "faults": and_(fault, sustained),
        "faults_open": and_(fault, still_open),
        "faults_restored": restored,
        "faults_over_limit": and_(restored, late),
        "trips": trip,
        "trips_automated": eligible,
        "trips_fast_restored": and_(eligible, one.is_fast_restored.is_(True)),
        f"{NOT_COUNTED}.boundary_breaker": and_(automated, boundary),
        f"{NOT_COUNTED}.no_lv_customers": and_(automated, no_lv),
        f"{NOT_COUNTED}.dedicated_line": and_(automated, dedicated),
    }
    keys = [one[name] for name in GROUP]
    on_line = and_(lines.c.bureau_id == one.bureau_id, lines.c.line_code == one.line_code)
    return (
        select(*keys, *[_sum(condition).label(name) for name, condition in sums.items()])
        .select_from(outages.outerjoin(lines, on_line))
        .where(*of_request(outages, request))
        .group_by(*keys)
    )


def _read(connection: Connection, statement: Select, request: Request) -> pd.DataFrame:
    """The groups with their month and whether the day is a major event day of their bureau."""
    rows = [row for block in bare_rows(connection, statement) for row in block]
    columns = dict(zip(statement.selected_columns.keys(), zip(*rows, strict=True), strict=False))
    groups = pd.DataFrame(
        {name: values if name in TEXTS else np.array(values, np.int64) for name, values in columns.items()},
        columns=statement.selected_columns.keys(),
    )
    place, days = pd.factorize(groups["start_day"])
    days = pd.to_datetime(np.array(days, "datetime64[D]")).as_unit("s")
    groups["start_day"] = days[place]
    groups["month"] = days.to_period("M").to_timestamp().as_unit("s")[place]
    bureaus, found = request.med_days["org_unit_id"], pd.to_datetime(request.med_days["day"])
    city = groups["org_unit_id"].map(dict(request.city_of))
    judged = pd.MultiIndex.from_arrays([city, groups["start_day"]])
    groups["is_med"] = judged.isin(list(zip(bureaus, found, strict=True))) if len(found) else False
    return groups


def _with_parts(groups: pd.DataFrame) -> pd.DataFrame:
    """Adds the part of faults, of arranged outages, of what still lasts, and of steps not counted by reason.

    A step without customers of the level adds nothing to it: were it not counted as such, nobody would know.
    """
    fault, arranged = groups["kind"] == "fault", groups["kind"].isin(ARRANGED)
    parts = {}
    for level in ("lv", "mv"):
        open_users = groups[f"ci_{level}"] - groups[f"ci_restored_{level}"]
        unknown = groups["steps"] - groups["momentary"] - groups[f"with_users_{level}"]
        parts[f"{NO_STEP}_{level}.momentary"] = groups["momentary"]
        parts[f"{NO_STEP}_{level}.no_customers"] = unknown
        parts[f"ci_open_{level}"] = open_users
        for name, mine in (("fault", fault), ("planned", arranged)):
            parts[f"ci_open_{name}_{level}"] = open_users.where(mine, 0)
            parts[f"{NO_STEP}_{name}_{level}"] = (groups["momentary"] + unknown).where(mine, 0)
        parts[f"ci_fault_{level}"] = groups[f"ci_{level}"].where(fault, 0)
        parts[f"cmi_fault_{level}"] = groups[f"cmi_{level}"].where(fault, 0)
        parts[f"cmi_planned_{level}"] = groups[f"cmi_{level}"].where(arranged, 0)
    return groups.assign(**parts)


def _with_med(groups: pd.DataFrame) -> pd.DataFrame:
    """Adds the twin on major event days of every measure that has one."""
    twins = [one for one in groups.columns if f"{one}_med" in MEASURES]
    return groups.assign(**{f"{one}_med": groups[one].where(groups["is_med"], 0) for one in twins})


def _blocks(groups: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Totals, break-downs and days of one read."""
    measures = catalogue().measures
    plain = [one for one in groups.columns if one in MEASURES]
    daily = [one for one in plain if measures[one].daily]
    parts = [("month", "", plain), ("day", "", daily)]
    for dimension in ("cause", "kind"):
        parts.append(("month", dimension, [one for one in plain if dimension in measures[one].dimensions]))
    for grain, dimension, names in parts:
        if names:
            period = "start_day" if grain == "day" else "month"
            sums = groups.groupby(["org_unit_id", period, *([dimension] if dimension else [])])[names].sum()
            yield long(sums, [(one, dimension, "") for one in names], grain)
    reasons = [one for one in groups.columns if "." in one]
    if reasons:
        by_reason = groups.groupby(["org_unit_id", "month"])[reasons].sum()
        pairs = [one.split(".") for one in reasons]
        yield long(by_reason, [(measure, "reason", reason) for measure, reason in pairs], "month")
        whole = by_reason.T.groupby([measure for measure, _ in pairs]).sum().T
        yield long(whole, [(measure, "", "") for measure in whole.columns], "month")


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    steps = _with_med(_with_parts(_read(connection, _steps(request), request)))
    events = _with_med(_read(connection, _events(request), request))
    blocks = [block for groups in (steps, events) if len(groups) for block in _blocks(groups)]
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(columns=COLUMNS)
