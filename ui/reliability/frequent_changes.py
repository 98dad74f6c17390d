"""What changed on the frequent-outage lists since the month before: counts, and each entry on demand."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from domain import frequent_list
from ui import rule_texts
from ui.texts import _, language

CHANGES = ("entered", "left", "decreased", "label_changed")


def change_name(change: str) -> str:
    """What became of an entry, in words."""
    return {
        "entered": _("entered"),
        "left": _("left"),
        "decreased": _("decreased"),
        "label_changed": _("label changed"),
    }[change]


def counts(changes: pd.DataFrame) -> str:
    """How many areas are new on each list, left, decreased or changed their label."""
    count = changes["change"].value_counts()
    frequent, warned = frequent_list.newcomers(changes)
    text = _(
        "since the month before: frequent {frequent} new, warning {warning} new, {left} left, {decreased} "
        "decreased, {label_changed} with another label"
    )
    rest = {one: int(count.get(one, 0)) for one in CHANGES[1:]}
    return text.format(frequent=frequent, warning=warned, **rest)


def versions(changes: pd.DataFrame) -> str:
    """The rule versions of both lists; where they differ, a change may come from the rule."""
    if changes.empty:
        return ""
    before, now = (int(changes[name].iloc[0]) for name in ("rule_version_before", "rule_version"))
    text = _("Rule version before: {before}, now: {now}.").format(before=before, now=now)
    return text if before == now else text + " " + _("A change may come from the rule, not from the network.")


def show(areas: Callable[[], pd.DataFrame], lines: Callable[[], pd.DataFrame]) -> None:
    """Every area and line that changed, folded; frames of frequent_outages.changes(), read when opened."""
    title = _("Changes since the month before")
    folded = st.expander(title, icon=":material/swap_vert:", key="frequent_changes", on_change="rerun")
    if folded.open:
        both = pd.concat([one for one in (areas(), lines()) if len(one)], ignore_index=True)
        folded.caption(versions(both))
        folded.dataframe(table(both), hide_index=True, alt=title, placeholder="—")


def table(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes as people read them, what entered first."""
    rows = changes.assign(place=[CHANGES.index(one) for one in changes["change"]])
    rows = rows.sort_values(["subject", "place", "code"], kind="stable")
    names = rows["unit_name"]
    if language() == "en":
        names = rows["unit_name_en"].where(rows["unit_name_en"] != "", names)
    words = {"area": _("Area"), "line": _("Line")}
    return pd.DataFrame(
        {
            _("Change"): [change_name(one) for one in rows["change"]],
            _("Of"): [words[one] for one in rows["subject"]],
            _("Code"): rows["code"],
            _("Name"): rows["name"],
            _("Unit"): names,
            _("Label before"): _labels(rows["state_before"], rows["label_before"]),
            _("Label now"): _labels(rows["state"], rows["label"]),
            _("Count before"): rows["total_before"].astype("Int64"),
            _("Count now"): rows["total"].astype("Int64"),
        }
    )


def _labels(states: pd.Series, labels: pd.Series) -> list[str | None]:
    """Official labels in words; None where it was not listed."""
    return [
        rule_texts.label_name(f"{state}:{label}") if isinstance(label, str) else None
        for state, label in zip(states, labels, strict=True)
    ]
