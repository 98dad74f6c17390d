"""Restoration promises as measures: kept, accurate, revised.

Steps whose only time is the one on their own row are summed by the database; those of outages with imported
promises are read, because which time was first and which last depends on when each was told.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    union,
)

from data_access.measures.days import by_day, values
from data_access.measures.outages import by_version, is_momentary, of_request
from data_access.measures.request import Request
from data_access.measures.step_rows import is_momentary as are_momentary
from data_access.sql_functions import seconds_from
from data_access.tables.outages import outage_steps, outages, restoration_promises
from domain import promises
from domain.rule_sets import RuleVersion

SOURCES = frozenset({"outages", "promises", "major_events"})
JUDGED = (
    "promises_due", "promises_kept_first", "promises_kept_last", "estimates_accurate_first",
    "estimates_accurate_last",
)  # fmt: skip
BY_KIND = frozenset(JUDGED[:3])
MEASURES = frozenset(
    {
        *JUDGED, *(f"{one}_med" for one in JUDGED), "promises_open", "promises_excluded",
        "outages_with_promise", "promise_revisions",
    }
)  # fmt: skip
GROUP = ["org_unit_id", "start_day", "kind"]
MOMENTARY = "promises_excluded.momentary"


def _has_messages(key: ColumnElement[str], bureau: ColumnElement[str]) -> ColumnElement[bool]:
    """Condition: promises were imported for the outage."""
    told = restoration_promises.c
    return select(told.outage_key).where(told.bureau_id == bureau, told.outage_key == key).exists()


def reaches_step() -> ColumnElement[bool]:
    """Condition on both tables: the message was told to the customers of the step while it lasted."""
    step, told = outage_steps.c, restoration_promises.c
    return and_(
        told.bureau_id == step.bureau_id,
        told.outage_key == step.outage_key,
        or_(told.step_key.is_(None), told.step_key == step.step_key),
        or_(step.restored_at.is_(None), told.told_at <= step.restored_at),
    )


def _of_own_rows(connection: Connection, request: Request) -> pd.DataFrame:
    """Sums per unit, day and kind over steps whose only promise is on their own row: first is last."""
    step = outage_steps.c
    rules = request.rules["promises"]
    late = seconds_from(step.promised_at, step.restored_at)
    counted = not_(is_momentary(request.rules["outages"], step.start_day, step.duration_s))
    due = and_(counted, step.restored_at.is_not(None))
    sums = {
        "promises_due": due,
        "promises_kept_first": and_(
            due, by_version(rules, step.start_day, lambda body: promises.is_kept(late, body))
        ),
        "estimates_accurate_first": and_(
            due, by_version(rules, step.start_day, lambda body: promises.is_accurate(late, body))
        ),
        "promises_open": step.restored_at.is_(None),
        MOMENTARY: ~counted,
    }
    keys = [step[name] for name in GROUP]
    statement = (
        select(*keys, *(func.sum(case((one, 1), else_=0)).label(name) for name, one in sums.items()))
        .where(
            *of_request(outage_steps, request),
            step.promised_at.is_not(None),
            not_(_has_messages(step.outage_key, step.bureau_id)),
        )
        .group_by(*keys)
    )
    found = by_day(connection, statement)
    return found.assign(
        promises_kept_last=found["promises_kept_first"],
        estimates_accurate_last=found["estimates_accurate_first"],
    )


def _with_messages(request: Request) -> Subquery:
    """Keys of the outages of the request, or with steps in it, that promises were imported for."""
    step, outage = outage_steps.c, outages.c
    of_steps = select(step.bureau_id, step.outage_key).where(
        *of_request(outage_steps, request), _has_messages(step.outage_key, step.bureau_id)
    )
    of_outages = select(outage.bureau_id, outage.outage_key).where(
        *of_request(outages, request), _has_messages(outage.outage_key, outage.bureau_id)
    )
    return of_steps.union(of_outages).subquery()


def _steps_with_messages(connection: Connection, request: Request) -> pd.DataFrame:
    """The steps of the outages of the request that promises were imported for, also those elsewhere."""
    step = outage_steps.c
    names = [
        "bureau_id", "outage_key", "step_key", "org_unit_id", "kind", "start_day", "duration_s",
        "interrupted_at", "restored_at", "promised_at",
    ]  # fmt: skip
    ours = _with_messages(request)
    same = and_(ours.c.bureau_id == step.bureau_id, ours.c.outage_key == step.outage_key)
    statement = select(*(step[name] for name in names)).select_from(ours.join(outage_steps, same))
    return pd.DataFrame(map(tuple, connection.execute(statement.order_by(step.step_key))), columns=names)


def _messages(connection: Connection, request: Request) -> pd.DataFrame:
    """The imported promises of those outages, in the order of their keys."""
    told = restoration_promises.c
    names = ["bureau_id", "outage_key", "step_key", "told_at", "promised_at"]
    ours = _with_messages(request)
    same = and_(ours.c.bureau_id == told.bureau_id, ours.c.outage_key == told.outage_key)
    statement = select(*(told[name] for name in names)).select_from(ours.join(restoration_promises, same))
    return pd.DataFrame(map(tuple, connection.execute(statement.order_by(told.promise_key))), columns=names)


def _seconds(times: pd.Series) -> pd.Series:
    """Seconds since 1970, NaN where there is no time."""
    found = pd.to_datetime(times).astype("datetime64[s]")
    return found.astype("int64").where(found.notna())


def judged_steps(
    steps: pd.DataFrame, messages: pd.DataFrame, request: Request
) -> tuple[pd.DataFrame, pd.Series]:
    """Steps with the flags named in JUDGED and promises_open, and revisions by (bureau_id, outage_key)."""
    key = ["bureau_id", "outage_key"]
    steps = steps.assign(
        outage=pd.MultiIndex.from_frame(steps[key]),
        step=np.arange(len(steps)),
        started_s=_seconds(steps["interrupted_at"]),
        restored_s=_seconds(steps["restored_at"]),
        promised_s=_seconds(steps["promised_at"]),
    )
    of_step = steps[[*key, "step_key", "step"]]
    messages = messages.assign(
        outage=pd.MultiIndex.from_frame(messages[key]),
        told_s=_seconds(messages["told_at"]),
        promised_s=_seconds(messages["promised_at"]),
        is_for_step=messages["step_key"].notna(),
    ).merge(of_step, on=[*key, "step_key"], how="left")
    # A promise for a step that does not exist is told to nobody.
    messages = messages[~messages["is_for_step"] | messages["step"].notna()]
    told = promises.tellings(steps, messages)
    ends = promises.first_and_last(told).reset_index()
    found = steps.merge(ends, on=["outage", "step"])
    day = pd.to_datetime(found["start_day"])
    duration = found["duration_s"].astype("float64").fillna(-1)
    short = are_momentary(pd.DataFrame({"day": day, "duration_s": duration}), request.rules["outages"])
    restored = found["restored_s"]
    due = ~short & restored.notna().to_numpy()
    flags = {"promises_due": due, "promises_open": restored.isna().to_numpy(), MOMENTARY: short}
    for end in ("first", "last"):
        late = (restored - found[f"{end}_s"]).to_numpy()
        kept, accurate = _by_version(request.rules["promises"], day.to_numpy(), late)
        flags[f"promises_kept_{end}"] = due & kept
        flags[f"estimates_accurate_{end}"] = due & accurate
    return found.assign(**flags), promises.revisions(told)


def _by_version(
    versions: Sequence[RuleVersion], day: np.ndarray, late: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Kept and accurate by the version of each day."""
    kept, accurate = np.zeros(len(day), dtype=bool), np.zeros(len(day), dtype=bool)
    for version in sorted(versions, key=lambda one: (one.valid_from, one.version)):
        mine = day >= np.datetime64(version.valid_from)
        kept[mine] = promises.is_kept(late[mine], version.body)
        accurate[mine] = promises.is_accurate(late[mine], version.body)
    return kept, accurate


def _outages(request: Request) -> Select:
    """Outages with any time told before the restoration, per unit and day."""
    outage, step = outages.c, outage_steps.c
    key = (outage.bureau_id, outage.outage_key, outage.org_unit_id, outage.start_day)

    same = and_(step.bureau_id == outage.bureau_id, step.outage_key == outage.outage_key)
    told = and_(
        restoration_promises.c.bureau_id == outage.bureau_id,
        restoration_promises.c.outage_key == outage.outage_key,
    )
    # Joins, not EXISTS: PostgreSQL would hash the steps of the whole company for one bureau's day.
    own = select(*key).select_from(outages.join(outage_steps, same)).where(step.promised_at.is_not(None))
    by_message = select(*key).select_from(
        outages.join(restoration_promises, told).join(outage_steps, reaches_step())
    )
    found = union(*(one.where(*of_request(outages, request)) for one in (own, by_message))).subquery()
    return select(
        found.c.org_unit_id, found.c.start_day, func.count().label("outages_with_promise")
    ).group_by(found.c.org_unit_id, found.c.start_day)


def _revisions(connection: Connection, revisions: pd.Series, request: Request) -> pd.DataFrame:
    """Revisions on the unit and day of their outage."""
    outage = outages.c
    names = ["bureau_id", "outage_key", "org_unit_id", "start_day"]
    statement = select(*(outage[name] for name in names)).where(
        *of_request(outages, request), _has_messages(outage.outage_key, outage.bureau_id)
    )
    found = pd.DataFrame(map(tuple, connection.execute(statement)), columns=names)
    keys = list(zip(found["bureau_id"], found["outage_key"], strict=True))
    return found.assign(promise_revisions=[int(revisions.get(key, 0)) for key in keys])


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    summed = _of_own_rows(connection, request)
    blocks = [summed, by_day(connection, _outages(request))]
    steps = _steps_with_messages(connection, request)
    if len(steps):
        found, revisions = judged_steps(steps, _messages(connection, request), request)
        blocks += [in_request(found, request), _revisions(connection, revisions, request)]
    return values(blocks, request, MEASURES, by_kind=BY_KIND, reasons={"promises_excluded"})


def in_request(found: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The steps of the request's own units."""
    return found if request.only is None else found[found["org_unit_id"].isin(request.only)]
