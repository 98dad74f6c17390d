"""Who is interrupted too often: the official lists and labels, and why each interruption counts or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import format as fmt
from ui import messages, rule_texts, shown_names, tables
from ui.charts import table_view
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.reliability import frequent_changes
from ui.texts import _, counted, language, listed

Read = Callable[[], pd.DataFrame]


@dataclass(frozen=True)
class Lists:
    """Both lists as they are kept between runs: rows for the browser, and the words above them."""

    areas: pa.Table
    lines: pa.Table
    said: str
    judged_by: str
    moved: str
    has_changes: bool
    masked: int


def ready(
    areas: pd.DataFrame,
    lines: pd.DataFrame,
    changes: Mapping[str, pd.DataFrame],
    has_lines: bool = True,
) -> Lists:
    """What the lists need, from frequent_outages.listed() and changes(). has_lines: lines can be known."""
    versions = sorted({*areas["rule_version"], *lines["rule_version"]})
    return Lists(
        table_view.rows(_table(areas, _("Line"))),
        table_view.rows(_table(lines, None)),
        message(areas, lines if has_lines else None),
        ", ".join(map(str, versions)),
        frequent_changes.counts(changes["area"]),
        any(len(one) for one in changes.values()),
        len(_masked(areas, changes["area"])),
    )


def _masked(areas: pd.DataFrame, changes: pd.DataFrame) -> list[shown_names.Key]:
    """Keys of the areas of both tables whose name is masked."""
    return sorted({key for one in (areas, changes) for key in shown_names.masked_keys(one, "code")})


def state_name(state: str) -> str:
    """Frequent or warning, in words."""
    return {"frequent": _("Frequent"), "warning": _("Warning")}.get(state, state)


def message(areas: pd.DataFrame, lines: pd.DataFrame | None) -> str:
    """The takeaway: how many on each list; lines None: nothing is known of them."""
    frequent, warned = (int((areas["state"] == one).sum()) for one in ("frequent", "warning"))
    if lines is None:
        text = _("{frequent} frequently interrupted areas, {warning} areas on the warning list")
        return text.format(frequent=frequent, warning=warned)
    text = _(
        "{frequent} frequently interrupted areas, {warning} areas on the warning list, {lines} frequent lines"
    )
    return text.format(frequent=frequent, warning=warned, lines=int((lines["state"] == "frequent").sum()))


def show(
    areas: Read,
    lines: Read,
    changes: Mapping[str, Read],
    lacking: Mapping[str, str],
    as_of: date,
    keep: Keep,
) -> None:
    """Both lists as at a day, and what changed since the month before; a chosen area goes into the URL.

    The lists may be long: they are read when their rows are made, and when an area is chosen. changes: by
    subject, area and line. lacking: of line and area, why its list cannot be made, or ''. Then nothing is
    known, which is not nobody.
    """
    areas, changes = _named(areas), changes | {"area": _named(changes["area"])}
    if lacking["area"]:
        text = _("Frequent outages cannot be listed: {reason}.")
        st.info(text.format(reason=messages.missing(lacking["area"])))
        return

    def made() -> Lists:
        moved = {subject: read() for subject, read in changes.items()}
        return ready(areas(), lines(), moved, not lacking["line"])

    found = keep("frequent", made)
    st.markdown(f"**{found.said}**")
    text = _("As at {day}, calendar year to date").format(day=fmt.day(as_of))
    if found.judged_by:
        text += " · " + _("judged by rule version {version}").format(version=found.judged_by)
    st.caption(f"{text} · {found.moved}")
    if lacking["line"]:
        st.caption(_("Lines: {reason}").format(reason=messages.missing(lacking["line"])))
    shown_names.offer(lambda: _masked(areas(), changes["area"]()), found.masked, "frequent")
    if found.has_changes:
        frequent_changes.show(changes["area"], changes["line"])
    if not found.areas.num_rows and not found.lines.num_rows:
        st.info(_("Nobody is on either list."), icon=":material/check:")
        return
    st.markdown("**" + _("Areas") + "** · " + _("choose a row for its history"))
    alt = _("Areas on the frequent-outage and warning list")
    table_view.opens(found.areas, "areas", alt, _open_area(areas))
    if found.lines.num_rows:
        st.markdown("**" + _("Lines") + "**")
        st.dataframe(
            found.lines, hide_index=True, key="frequent_lines", alt=_("Frequently interrupted lines")
        )


def _named(read: Read) -> Read:
    """The rows with the names that are shown now."""
    return lambda: shown_names.put(read(), "code")


def _open_area(areas: Read) -> Callable[[int], None]:
    def opened(row: int) -> None:
        one = areas().iloc[row]
        st.query_params["area"] = f"{one['bureau_id']}|{one['code']}"

    return opened


def opened() -> tuple[str, str] | None:
    """Key space and code of the area whose history the URL asks for."""
    bureau, _bar, code = st.query_params.get("area", "").partition("|")
    return (bureau, code) if code else None


def _table(found: pd.DataFrame, line: str | None) -> pd.DataFrame:
    names = found["unit_name"]
    if language() == "en":
        names = found["unit_name_en"].where(found["unit_name_en"] != "", names)
    columns = {
        _("State"): [state_name(one) for one in found["state"]],
        _("Name"): found["name"],
        _("In the year"): found["total"],
        _("Label"): [
            rule_texts.label_name(f"{s}:{one}") for s, one in zip(found["state"], found["label"], strict=True)
        ],
        _("All reasons"): [
            listed(rule_texts.label_name(one) for one in several.split(";") if one)
            for several in found["labels"]
        ],
        _("Unit"): names,
        _("Faults"): found["fault"],
        _("Planned ones"): found["planned"],
        _("Most in 60 days"): found["most_in_window"],
        _("Since"): found["warned_on"],
        _("Code"): found["code"],
    }
    if line:
        columns[line] = found["line_code"]
    return pd.DataFrame(columns)


def history(found: pd.DataFrame, area: str, causes: Mapping[str, str], zone: ZoneInfo) -> None:
    """Every interruption of an area in the year: counted or not, and why."""
    with st.container(border=True):
        kept = int(found["counted"].sum())
        words = {True: "✓ " + _("yes"), False: "✕ " + _("no")}
        text = counted("{n} of {all} interruption counted", "{n} of {all} interruptions counted", len(found))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(area)}** · " + text.format(n=kept, all=len(found)))
            if st.button(_("Close"), icon=":material/close:", type="tertiary", key="close_area"):
                del st.query_params["area"]
                st.rerun()
        st.dataframe(
            pd.DataFrame(
                {
                    _("Began"): [fmt.moment(one, zone) for one in found["started_at"]],
                    _("Lasted"): [
                        _("still going on") if one < 0 else fmt.duration(one) for one in found["duration_s"]
                    ],
                    _("Kind"): [rule_texts.kind_name(one) for one in found["kind"]],
                    _("Cause"): [causes.get(one, one) or _("not given") for one in found["cause"]],
                    _("Counted"): [words[bool(one)] for one in found["counted"]],
                    _("Why not"): [
                        listed(tables.reason(one) for one in several.split(";") if one)
                        for several in found["reasons"]
                    ],
                    _("Line"): found["line_code"],
                    _("Outage"): found["outage_key"],
                }
            ),
            hide_index=True,
            key="area_history",
            alt=_("Interruptions of the area, counted or not, and why"),
        )
