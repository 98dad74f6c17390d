"""With and without major event days, side by side; the days; and the threshold that makes them.

Both figures are always shown: major event days are looked at separately, never dropped.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.kpis import Kpi
from domain.readings import Reading
from ui import format as fmt
from ui import messages
from ui.charts import table_view
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _, in_brackets, language, level_name, listed, name_of


def message(pairs: Sequence[tuple[Kpi, Reading, Reading]]) -> str:
    """The takeaway for the first KPI that has both figures; '' where none has."""
    for kpi, whole, without in pairs:
        if whole.value and without.value is not None and kpi.better == "lower":
            part = (whole.value - without.value) / whole.value
            if part <= 0:
                return _("No major event day added to {kpi} in this period").format(kpi=name_of(kpi))
            return _("Major event days make {share} of {kpi}: {whole} with them, {without} without").format(
                share=fmt.share(part),
                kpi=name_of(kpi),
                whole=fmt.figure_with_unit(kpi, whole.value),
                without=fmt.figure_with_unit(kpi, without.value),
            )
    return ""


def show(
    low: Sequence[tuple[Kpi, Reading, Reading]],
    medium: Sequence[tuple[Kpi, Reading, Reading]],
    subtitle: str,
    keep: Keep,
) -> None:
    """LV and MV beside each other, under the takeaway."""
    title = message(low) or message(medium) or _("Reliability with and without major event days")
    st.markdown(f"**{title}**")
    st.caption(plain(subtitle))
    left, right = st.columns(2)
    with left:
        st.markdown("**" + _("LV customers") + "**")
        side_by_side(low, "lv", keep)
    with right:
        st.markdown("**" + _("MV users") + "**")
        side_by_side(medium, "mv", keep)


def side_by_side(pairs: Sequence[tuple[Kpi, Reading, Reading]], key: str, keep: Keep) -> None:
    """A table of KPI, all days, without major event days, difference; the reason where one is missing."""
    st.dataframe(
        keep(f"sides_{key}", lambda: table_view.rows(sides(pairs))),
        hide_index=True,
        key=f"sides_{key}",
        alt=_("Indicators with and without major event days"),
    )
    reasons = [messages.missing(one.missing) for _kpi, *both in pairs for one in both if one.missing]
    for reason in dict.fromkeys(reasons):
        st.caption(f"— {reason}")


def sides(pairs: Sequence[tuple[Kpi, Reading, Reading]]) -> pd.DataFrame:
    """A row per KPI: both figures as words, and their difference where both are there."""
    rows = []
    for kpi, whole, without in pairs:
        both = whole.value is not None and without.value is not None
        rows.append(
            {
                _("Indicator"): _without_level(kpi) + in_brackets(fmt.unit(kpi)),
                _("All days"): _cell(kpi, whole),
                _("Without major event days"): _cell(kpi, without),
                _("Difference"): fmt.difference(kpi, whole.value - without.value) if both else fmt.MISSING,
            }
        )
    return pd.DataFrame(rows)


def _without_level(kpi: Kpi) -> str:
    """The KPI's name; the level stands above the table."""
    return name_of(kpi).removesuffix(in_brackets(level_name("MV")))


def _cell(kpi: Kpi, reading: Reading) -> str:
    if reading.value is None:
        return fmt.MISSING
    return fmt.figure(kpi, reading.value) + (in_brackets(_("data incomplete")) if reading.is_partial else "")


def no_days(pairs: Sequence[tuple[Kpi, Reading, Reading]]) -> str:
    """What no major event day means: none at all, none in the days with data, or that nobody can know."""
    known = [without for _kpi, _whole, without in pairs if without.value is not None]
    if not known:
        return _("Unknown: there is no threshold and no list of major event days yet.")
    if all(one.is_partial for one in known):
        return _("No major event day in the days that are covered.")
    return _("No major event day in this period.")


def days(found: pd.DataFrame, pairs: Sequence[tuple[Kpi, Reading, Reading]], keep: Keep) -> None:
    """The major event days of the period, as reliability.major_days gives them: one row per day.

    pairs: the KPIs with and without these days, which tell whether any could be determined.
    """
    st.markdown("**" + _("Major event days of the period") + "**")
    if found.empty:
        st.caption(no_days(pairs))
        return
    st.dataframe(
        keep("med_days", lambda: table_view.rows(_days(found))),
        hide_index=True,
        key="med_days",
        alt=_("Major event days of the period"),
    )


def _days(found: pd.DataFrame) -> pd.DataFrame:
    named = found.assign(bureau=_units(found), name=found["name"].fillna(""))
    rows = named.groupby("day", sort=False).agg(
        bureau=("bureau", listed),
        by_list=("by_list", "any"),
        name=("name", "first"),
        lost=("customer_s", "first"),
    )
    return pd.DataFrame(
        {
            _("Day"): [fmt.day(one) for one in rows.index],
            _("City bureaus"): rows["bureau"].to_list(),
            _("Customer time interrupted here"): [fmt.customer_time(one) for one in rows["lost"]],
            _("Set by"): [_("imported list") if one else _("formula") for one in rows["by_list"]],
            _("Name"): rows["name"].to_list(),
        }
    )


def thresholds(found: pd.DataFrame, zone: ZoneInfo, keep: Keep) -> None:
    """T_MED per city bureau and year, with the data it was made from and who set it when."""
    st.markdown("**" + _("Thresholds T_MED in force") + "**")
    if found.empty:
        st.caption(
            _(
                "No threshold T_MED is stored for these years: it needs one full earlier year of outages "
                "and customers served."
            )
        )
        return
    st.dataframe(
        keep("thresholds", lambda: table_view.rows(_thresholds(found, zone))),
        hide_index=True,
        key="thresholds",
        alt=_("Thresholds of major event days in force"),
    )


def _thresholds(found: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    unit = _("min/customer")
    return pd.DataFrame(
        {
            _("City bureau"): _units(found),
            _("Year judged"): found["year"].astype(str),
            "T_MED": [
                f"{one:.3f} {unit}{in_brackets(level_name(level))}"
                for one, level in zip(found["t_med"], found["level"], strict=True)
            ],
            "α, β": [f"{a:.3f}, {b:.3f}" for a, b in zip(found["alpha"], found["beta"], strict=True)],
            _("Made from"): [
                _("{first} to {last}, {days} days").format(
                    first=fmt.day(first), last=fmt.day(last), days=days
                )
                for first, last, days in zip(
                    found["history_from"], found["history_to"], found["days"], strict=True
                )
            ],
            _("Standing"): [
                _("provisional: fewer years than the rule asks for") if one else _("full")
                for one in found["is_provisional"]
            ],
            _("Set"): [
                " · ".join((fmt.moment(at, zone), messages.person(by), messages.act_reason(why)))
                for at, by, why in zip(found["set_at"], found["set_by"], found["reason"], strict=True)
            ],
        }
    )


def _units(found: pd.DataFrame) -> pd.Series:
    """Names of the bureaus in the language of the screen."""
    if language() == "zh":
        return found["unit"]
    return found["unit_en"].where(found["unit_en"] != "", found["unit"])
