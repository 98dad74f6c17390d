"""Outages that last: counted in frequency, in no duration yet, and therefore shown apart."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.periods import utc_now, utc_range
from ui import format as fmt
from ui import rule_texts
from ui.texts import _, counted, language


def end_of_data(as_of_day: date | None, zone: ZoneInfo) -> datetime | None:
    """The moment (UTC) up to which an ongoing outage is known to last: the end of the data, or now."""
    if as_of_day is None:
        return None
    return min(utc_range(as_of_day, as_of_day, zone)[1], utc_now())


def show(
    found: pd.DataFrame, count: int, as_of: datetime | None, causes: dict[str, str], zone: ZoneInfo
) -> None:
    """The list, longest first. as_of: end of the data (UTC), up to which the time so far is counted."""
    if not count:
        st.info(_("No outage is going on in this unit."), icon=":material/check:")
        return
    text = counted("{count} outage is still going on", "{count} outages are still going on", count)
    st.markdown(f"**{text.format(count=fmt.number(count))}**")
    st.caption(
        _("They count in frequency (SAIFI); their time is added once they are restored.")
        + " "
        + _("Time so far is counted to the end of the data.")
        + (" " + _("The {shown} longest are listed.").format(shown=len(found)) if count > len(found) else "")
    )
    names = (
        found["unit"] if language() == "zh" else found["unit_en"].where(found["unit_en"] != "", found["unit"])
    )
    st.dataframe(
        pd.DataFrame(
            {
                _("Unit"): names,
                _("So far"): [_lasted(one, as_of) for one in found["started_at"]],
                _("Customers out"): found["customers"],
                _("Line"): found["line"].fillna(found["line_code"]).fillna(""),
                _("Kind"): [rule_texts.kind_name(one) for one in found["kind"]],
                _("Cause"): [causes.get(one, one) or _("not given") for one in found["cause"]],
                _("Began"): [fmt.moment(one, zone) for one in found["started_at"]],
                _("MV users out"): found["mv_users"],
                _("Restoration told"): [_told(one, as_of, zone) for one in found["promised_at"]],
                _("Outage"): found["outage_key"],
            }
        ),
        hide_index=True,
        placeholder=fmt.MISSING,
        column_config={
            one: st.column_config.NumberColumn(one, format="localized")
            for one in (_("Customers out"), _("MV users out"))
        },
        key="ongoing",
        alt=_("Outages still going on, longest first"),
    )


def _told(promised_at: datetime, as_of: datetime | None, zone: ZoneInfo) -> str:
    """The time told, and whether it has passed by the end of the data; '' for none."""
    if pd.isna(promised_at):
        return ""
    said = fmt.moment(promised_at, zone)
    return "⚠ " + _("{time}, passed").format(time=said) if as_of and promised_at < as_of else said


def _lasted(started_at: datetime, as_of: datetime | None) -> str:
    return fmt.duration((as_of - started_at).total_seconds()) if as_of and as_of > started_at else fmt.MISSING
