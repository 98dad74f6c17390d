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
from ui.record_words import HEADINGS, REASONS, WORDS
from ui.texts import _, in_brackets, language, listed

FIRST = (  # after the key: what a person looks for, so that it is seen without moving the table
    "is_counted", "reason", "in_numerator", "in_denominator", "late_last_s", "late_first_s",
)  # fmt: skip
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
