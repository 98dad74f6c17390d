"""Record tables as people read them: headings, words for codes, times in the company's zone."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from domain.kpis import Catalogue, Kpi
from ui import format as fmt
from ui import rule_texts
from ui.texts import N_, _, in_brackets, language, listed

HEADINGS = {
    "step_key": N_("Step no."),
    "outage_key": N_("Outage"),
    "start_day": N_("Day"),
    "kind": N_("Kind"),
    "cause": N_("Cause"),
    "line_code": N_("Line"),
    "area_code": N_("Area"),
    "area_name": N_("Name of the area"),
    "area_kind": N_("Kind of area"),
    "customers": N_("LV customers"),
    "mv_users": N_("MV users"),
    "interrupted_at": N_("Interrupted at"),
    "restored_at": N_("Restored at"),
    "duration_s": N_("Minutes"),
    "started_at": N_("Began at"),
    "ended_at": N_("Ended at"),
    "steps": N_("Steps"),
    "trip": N_("Trip"),
    "has_automation": N_("Automated"),
    "is_boundary_breaker": N_("Boundary breaker"),
    "is_fast_restored": N_("Restored fast"),
    "label": N_("Official label"),
    "labels": N_("All labels"),
    "total": N_("Counted this year"),
    "fault": N_("Faults"),
    "planned": N_("Planned ones"),
    "most_in_window": N_("Most in the window"),
    "warned_on": N_("Listed since"),
    "interruptions": N_("Interruptions"),
    "total_s": N_("Minutes in all"),
    "longest_s": N_("Longest, minutes"),
    "told_at": N_("Told at"),
    "promised_at": N_("Promised for"),
    "first_promised_at": N_("First promised for"),
    "last_promised_at": N_("Last promised for"),
    "promises": N_("Times told"),
    "revisions": N_("Revisions"),
    "notice_key": N_("Notice"),
    "item_id": N_("Rectification item"),
    "title": N_("Title"),
    "object_kind": N_("Kind of object"),
    "object_code": N_("Object"),
    "status": N_("State"),
    "found_on": N_("Found on"),
    "original_due": N_("Original due date"),
    "done_on": N_("Works done on"),
    "closed_on": N_("Closed on"),
    "relapsed_on": N_("Relapsed on"),
    "channel": N_("Channel"),
    "published_at": N_("Published at"),
    "recorded_at": N_("Entered at"),
    "recorded_late_s": N_("Entered late by, minutes"),
    "announced_start": N_("Announced start"),
    "announced_end": N_("Announced end"),
    "cancelled_at": N_("Cancelled at"),
    "rescheduled_to": N_("Moved to"),
    "unit_name": N_("Unit"),
    "line_name": N_("Name of the line"),
    "line_kind": N_("Kind of line"),
    "faults": N_("Faults in the window"),
    "risk_level": N_("Level of risk"),
    "risk_rules": N_("Rules met"),
    "faults_12m": N_("Faults in 12 months"),
    "expected_min": N_("Expected customer-minutes in 12 months"),
    "record": N_("Kind of record"),
    "detected_at": N_("Detected at"),
    "first_message_at": N_("First message at"),
    "restored_message_at": N_("Restoration told at"),
    "planned_outages": N_("Planned outages"),
    "late_first_s": N_("Late by the first promise, minutes"),
    "late_last_s": N_("Late by the last promise, minutes"),
    "in_numerator": N_("In the numerator"),
    "in_denominator": N_("In the denominator"),
    "is_counted": N_("Counted"),
    "reason": N_("Why not counted"),
}
WORDS = {
    "trip": {
        "none": N_("no trip"),
        "reclosed": N_("reclosed"),
        "reclose_failed": N_("reclosing failed"),
        "permanent": N_("permanent fault"),
    },
    "channel": {
        "app": N_("mobile app"),
        "media": N_("media"),
        "phone": N_("phone"),
        "sms": N_("text message"),
        "web": N_("website"),
        "wechat": N_("WeChat"),
    },
    "record": {"step": N_("step"), "outage": N_("outage")},
    "area_kind": {"public": N_("public"), "dedicated": N_("dedicated")},
    "line_kind": {"public": N_("public"), "dedicated": N_("dedicated")},
    "object_kind": {
        "line": N_("line"),
        "area": N_("transformer area"),
        "equipment": N_("customer equipment"),
    },
    "status": {
        "draft": N_("Draft"),
        "assigned": N_("Assigned"),
        "working": N_("Being worked on"),
        "done": N_("Waiting for verification"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
    },
}
FIRST = (  # after the key: what a person looks for, so that it is seen without moving the table
    "is_counted", "reason", "in_numerator", "in_denominator", "late_last_s", "late_first_s",
)  # fmt: skip
REASONS = {
    "cancelled": N_("cancelled"),
    "not_verified": N_("done, not verified yet"),
    "few_months": N_("too few months known"),
    "few_peers": N_("too few to compare with"),
    "few_outages": N_("too few outages to compare with"),
    "equipment": N_("outages of it are not recorded"),
    "no_object": N_("no longer in the register"),
    "no_customers": N_("no customers given"),
    "not_registered": N_("not in the register"),
    "not_due": N_("not due yet"),
    "same_plan": N_("another message of the same plan"),
    "not_detected": N_("time of detection unknown"),
    "not_a_trip": N_("not a trip"),
    "no_planned_outage": N_("no planned outage"),
    "no_areas": N_("no areas given"),
    "no_announced_end": N_("no end announced"),
    "momentary": N_("momentary"),
    "open": N_("not restored yet"),
    "few_customers": N_("fewer customers than the rule asks for"),
    "major_event_day": N_("major event day"),
    "no_major_event_day": N_("not on a major event day"),
    "counted_on_another_line": N_("counted on another line"),
    "boundary_breaker": N_("boundary breaker"),
    "no_lv_customers": N_("no LV customers affected"),
    "dedicated_line": N_("dedicated line"),
    "med": N_("major event day"),
    "short": N_("too short"),
    "single_user": N_("single-user work order"),
    "external": N_("external damage"),
    "within_6h": N_("within 6 h of the last one"),
}
HIDDEN = ("org_unit_id", "unit_code", "unit_name_en", "bureau_id")
NO_RECORDS = ("customers_served.LV", "customers_served.MV", "lines.length_m")  # denominators from elsewhere


def headings(columns: Iterable[str], kpi: Kpi, catalogue: Catalogue) -> dict[str, str]:
    """Heading by column in the order shown: the key, then whether and why a record counts, then the rest.

    Without the part in the denominator where no record has one, as under customers served: it would be 0.
    """
    hidden = HIDDEN if _has_denominator(kpi, catalogue) else (*HIDDEN, "in_denominator")
    shown = [one for one in columns if one not in hidden]
    judged = [one for one in FIRST if one in shown[1:]]
    ordered = [*shown[:1], *judged, *(one for one in shown[1:] if one not in judged)]
    titles = {one: _(HEADINGS[one]) if one in HEADINGS else one for one in ordered}
    return titles | {one: titles[one] + in_brackets(unit) for one, unit in _units(kpi, catalogue, titles)}


def _has_denominator(kpi: Kpi, catalogue: Catalogue) -> bool:
    needs = {need for _sign, one in kpi.denominator for need in catalogue.measures[one].needs}
    return not needs <= set(NO_RECORDS)


def _units(kpi: Kpi, catalogue: Catalogue, columns: Iterable[str]) -> list[tuple[str, str]]:
    """The unit of those columns that hold customer time; other amounts are counts."""
    return [
        (f"in_{side}", fmt.customer_time_unit())
        for side in ("numerator", "denominator")
        if f"in_{side}" in columns
        and any(catalogue.measures[one].unit == "customer-seconds" for _sign, one in getattr(kpi, side))
    ]


def readable(
    frame: pd.DataFrame, zone: ZoneInfo, causes: Mapping[str, str], kpi: Kpi, catalogue: Catalogue
) -> pd.DataFrame:
    """The records with times in the company's zone, minutes for seconds and words for codes."""
    shown = frame.copy()
    for column, _unit in _units(kpi, catalogue, shown.columns):
        shown[column] = (shown[column].astype(float) / fmt.customer_time_divisor()).round(2)
    if language() == "en" and "unit_name_en" in shown:
        shown["unit_name"] = shown["unit_name_en"].where(
            shown["unit_name_en"].fillna("") != "", shown["unit_name"]
        )
    for column in shown.columns:
        if column.endswith("_at") or column in ("announced_start", "announced_end", "rescheduled_to"):
            shown[column] = [_local(one, zone) for one in shown[column]]
        elif column.endswith("_s"):
            shown[column] = (shown[column].astype(float) / 60).round(1)
        elif column.startswith(("is_", "has_")):
            shown[column] = [_yes(one) for one in shown[column]]
    words = {
        "kind": rule_texts.kind_name,
        "cause": lambda one: causes.get(one, one),
        "reason": reason,
        "labels": lambda one: listed(rule_texts.label_name(each) for each in one.split(";")),
        **{column: partial(word_for, column) for column in WORDS},
    }
    if "label" in shown and "labels" in shown:
        pairs = zip(shown["label"], shown["labels"], strict=True)
        shown["label"] = [_official(label, labels) for label, labels in pairs]
    for column, word in words.items():
        if column in shown:
            shown[column] = [word(one) if isinstance(one, str) else "" for one in shown[column]]
    return shown


def word_for(column: str, code: str) -> str:
    """The word for a code of the column; free text, such as another channel, stays as it is."""
    return _(WORDS[column][code]) if code in WORDS[column] else code


def _yes(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    return _("yes") if value else _("no")


def _official(label: str | None, labels: str | None) -> str:
    """The official label in words: `year` of `frequent:year;warning:days_30`; '' for none."""
    if not isinstance(label, str):
        return ""
    full = next((one for one in str(labels or "").split(";") if one.endswith(f":{label}")), label)
    return rule_texts.label_name(full)


def reason(code: str) -> str:
    """Why a record is not counted, in words."""
    return _(REASONS[code]) if code in REASONS else code


def _local(value: Any, zone: ZoneInfo) -> str:
    if value is None or value is pd.NaT or value != value:
        return ""
    return f"{pd.Timestamp(value).tz_localize(UTC).astimezone(zone):%Y-%m-%d %H:%M}"
