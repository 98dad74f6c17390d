"""Notices as measures: announced in time, as it came, plans carried out.

Everything about an outage counts on its own unit and start day, without any notice too: an outage that nobody
announced is not in time. Momentary outages are neither faults nor restorations to tell of. Plans count on
their own unit, in the month of their announced start.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, select

from data_access.measures.days import values
from data_access.measures.outages import of_request
from data_access.measures.plans import plans
from data_access.measures.request import Request
from data_access.measures.step_rows import by_version, groups_of_units, is_momentary, seconds_frame
from data_access.tables.outages import notice_areas, notices, outage_steps, outages
from domain import notices as rules_of

SOURCES = frozenset({"outages", "notices"})
MEASURES = frozenset(
    {
        "planned_started", "planned_notified", "temporary_started", "temporary_notified", "faults_to_notify",
        "faults_notified", "faults_to_notify_excluded", "restorations", "restorations_notified",
        "restorations_open", "restorations_excluded",
        "announced_completed", "announced_time_accurate", "announced_open", "announced_with_areas",
        "announced_areas_accurate", "plans_published", "plans_executed", "plans_changed", "plans_open",
        "planned_completed", "planned_late",
    }
)  # fmt: skip
BY_REASON = frozenset({"plans_changed", "faults_to_notify_excluded", "restorations_excluded"})
USES_AS_OF = True  # a plan is due once its start has come
TIMES = {
    "published_at": "published_s",
    "announced_start": "start_s",
    "announced_end": "end_s",
    "cancelled_at": "cancelled_s",
    "rescheduled_to": "moved_to_s",
}


def _outages(connection: Connection, request: Request) -> pd.DataFrame:
    names = (
        "bureau_id",
        "outage_key",
        "org_unit_id",
        "kind",
        "start_day",
        "customers",
        "open_steps",
        "longest_step_s",
    )
    columns = [outages.c[name] for name in (*names, "started_at", "ended_at", "detected_at")]
    statement = select(*columns).where(*of_request(outages, request))
    frame = seconds_frame(
        connection,
        statement,
        {"started_at": "started_s", "ended_at": "ended_s", "detected_at": "detected_s"},
    )
    frame["outage"] = np.arange(len(frame))
    # An outage of which a step lasts has no end, whatever the steps already restored say.
    frame["ended_s"] = frame["ended_s"].where(frame.pop("open_steps") == 0)
    return frame


def _notices(connection: Connection, request: Request, found: pd.DataFrame) -> pd.DataFrame:
    """The notices of the outages, in the order of their keys."""
    same = and_(notices.c.bureau_id == outages.c.bureau_id, notices.c.outage_key == outages.c.outage_key)
    names = ("bureau_id", "notice_key", "outage_key", "kind", *TIMES)
    statement = (
        select(*(notices.c[name] for name in names))
        .select_from(outages.join(notices, same))
        .where(*of_request(outages, request))
        .order_by(notices.c.bureau_id, notices.c.notice_key)
    )
    told = seconds_frame(connection, statement, TIMES)
    return told.merge(found[["bureau_id", "outage_key", "outage"]], on=["bureau_id", "outage_key"])


def _of_outages(found: pd.DataFrame, told: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Flags of each outage, named like the measures; start_s, end_s, notice of what was announced."""
    rules, day = request.rules["notices"], found["start_day"]
    expected = rules_of.announced(found, told)
    found = found.join(expected, on="outage")
    planned, temporary, fault = (found["kind"] == kind for kind in ("planned", "temporary", "fault"))
    ended = found["ended_s"].notna()
    announced = found["notice"].notna()
    found["first_s"] = found["outage"].map(_first(told[told["kind"] != "restored"]))
    found["back_s"] = found["outage"].map(_first(told[told["kind"] == "restored"]))
    momentary = is_momentary(
        pd.DataFrame({"day": pd.to_datetime(day), "duration_s": found["longest_step_s"].fillna(-1)}),
        request.rules["outages"],
    )
    momentary = ended & momentary

    def flag(judge: Any) -> np.ndarray:
        return by_version(rules, day, found, judge)

    customers = pd.to_numeric(found["customers"])
    found["customers"] = customers
    large = flag(lambda rows, body: rows["customers"] >= body["fault"]["customers_at_least"])
    why_not = rules_of.first_reason(
        fault,
        {
            "momentary": momentary,
            "no_customers": customers.isna(),
            "few_customers": ~large,
            "not_detected": found["detected_s"].isna(),
        },
    )
    to_notify, back = fault & (why_not == ""), ended & ~momentary
    known_end = planned & ended & found["end_s"].notna()
    return found.assign(
        planned_started=planned,
        planned_notified=planned & flag(_early_enough("planned")),
        temporary_started=temporary,
        temporary_notified=temporary & flag(_early_enough("temporary")),
        faults_to_notify=to_notify,
        faults_notified=to_notify
        & flag(_prompt("first_s", "detected_s", "fault", "minutes_after_detection")),
        restorations=back,
        restorations_notified=back & flag(_prompt("back_s", "ended_s", "restored", "minutes_after")),
        restorations_open=~ended,
        announced_completed=announced & ended,
        announced_time_accurate=announced & ended & flag(rules_of.are_times_accurate),
        announced_open=announced & ~ended,
        planned_completed=known_end,
        planned_late=known_end & rules_of.is_late(found["ended_s"], found["end_s"]),
        **{f"faults_to_notify_excluded.{one}": why_not == one for one in rules_of.NOT_TO_NOTIFY},
        **{"restorations_excluded.momentary": momentary},
    )


def _first(told: pd.DataFrame) -> pd.Series:
    return told.groupby("outage")["published_s"].min()


def _early_enough(kind: str) -> Any:
    return lambda rows, body: rules_of.is_early_enough(
        rows["published_s"], rows["start_s"], rules_of.lead_s(kind, body)
    )


def _prompt(message: str, event: str, rule: str, minutes: str) -> Any:
    return lambda rows, body: rules_of.is_prompt(rows[message], rows[event], body[rule][minutes])


def _with_areas(
    connection: Connection, found: pd.DataFrame, told: pd.DataFrame, request: Request
) -> pd.DataFrame:
    """Adds announced_with_areas and announced_areas_accurate; only what was announced with areas is read."""
    chosen = found[found["announced_completed"]]
    keys = told.loc[chosen["notice"].astype(int), ["bureau_id", "notice_key"]].assign(
        outage=chosen["outage"].to_numpy()
    )
    same = and_(notices.c.bureau_id == outages.c.bureau_id, notices.c.outage_key == outages.c.outage_key)
    of_notice = and_(
        notice_areas.c.bureau_id == notices.c.bureau_id, notice_areas.c.notice_key == notices.c.notice_key
    )
    listed = (
        select(notice_areas.c.bureau_id, notice_areas.c.notice_key, notice_areas.c.area_code)
        .select_from(outages.join(notices, same).join(notice_areas, of_notice))
        .where(*of_request(outages, request))
    )
    named = seconds_frame(connection, listed, {}).merge(keys, on=["bureau_id", "notice_key"])
    of_step = and_(
        outage_steps.c.bureau_id == outages.c.bureau_id, outage_steps.c.outage_key == outages.c.outage_key
    )
    has_areas = (
        select(notices.c.notice_key).select_from(notices.join(notice_areas, of_notice)).where(same).exists()
    )
    out = (
        select(outages.c.bureau_id, outages.c.outage_key, outage_steps.c.area_code)
        .select_from(outages.join(outage_steps, of_step))
        .where(*of_request(outages, request), outage_steps.c.area_code.is_not(None), has_areas)
        .distinct()
    )
    touched = seconds_frame(connection, out, {}).merge(
        found[["bureau_id", "outage_key", "outage"]], on=["bureau_id", "outage_key"]
    )
    share = found["outage"].map(
        rules_of.jaccard(touched[["outage", "area_code"]], named[["outage", "area_code"]])
    )
    found = found.assign(share=share, announced_with_areas=share.notna())
    accurate = by_version(
        request.rules["notices"],
        found["start_day"],
        found,
        lambda rows, body: rows["share"] >= body["accuracy"]["jaccard_at_least"],
    )
    return found.assign(announced_areas_accurate=accurate)


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    blocks = []
    for units in groups_of_units(request):
        part = replace(request, units=units)
        found = _outages(connection, part)
        if len(found):
            told = _notices(connection, part, found)
            blocks.append(_with_areas(connection, _of_outages(found, told, part), told, part))
        blocks.append(plans(connection, part))
    return values(blocks, request, MEASURES, reasons=BY_REASON)
