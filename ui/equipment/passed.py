"""Whose equipment passed faults to the grid, how often, and what others lost by it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain.viewer import Viewer
from ui import downloads, messages, pager, shown_names
from ui import format as fmt
from ui.charts import table_view
from ui.equipment import sections, words
from ui.texts import _, counted, name_of

PAGE = "passed_page"


def message(totals: Any) -> str:
    """The takeaway: how many customers passed how many faults on."""
    if not totals.passed:
        return _("No fault of a customer's equipment passed to the grid")
    faults = counted("{n} fault", "{n} faults", totals.passed).format(n=fmt.number(totals.passed))
    text = counted(
        "{n} customer passed {faults} to the grid",
        "{n} customers passed {faults} to the grid",
        totals.accounts,
    )
    return text.format(n=fmt.number(totals.accounts), faults=faults)


def head(totals: Any, first: date, last: date) -> None:
    """The takeaway, the window, and what stands beside: contained faults and those of nobody."""
    st.markdown(f"**{message(totals)}**")
    said = [_("{first} to {last}").format(first=fmt.day(first), last=fmt.day(last))]
    text = counted("{n} fault was contained", "{n} faults were contained", totals.contained)
    said.append(text.format(n=fmt.number(totals.contained)))
    if totals.of_nobody:
        text = counted(
            "{n} more fault of customers belongs to no single account",
            "{n} more faults of customers belong to no single account",
            totals.of_nobody,
        )
        said.append(text.format(n=fmt.number(totals.of_nobody)))
    st.caption(" · ".join(said))


def cannot(reason: str) -> None:
    """Why nothing is known, which is not none."""
    st.info(
        _("Faults that passed to the grid cannot be listed: {reason}.").format(
            reason=messages.missing(reason)
        )
    )


def show(rows: pd.DataFrame, count: int, size: int) -> None:
    """One page of the ranking; a chosen line opens the account's equipment, where some is registered."""
    if not count:
        st.info(_("No customer has a fault of its own in these months."), icon=":material/check:")
        return
    rows = shown_names.put(rows, "area_code")
    masked = shown_names.masked_keys(rows, "area_code")
    text = counted("{n} account", "{n} accounts", count).format(n=fmt.number(count))
    st.caption(f"{text} · " + _("choose a line to open its equipment"))
    shown_names.offer(lambda: masked, len(masked), "passed")

    def opened(place: int) -> None:
        one = rows.iloc[place]
        if one["equipment_key"]:
            sections.open_piece(one["bureau_id"], one["equipment_key"])

    table = pd.DataFrame({title: columns(rows)[one] for one, title in labels().items()})
    key = f"passed_{pager.asked(PAGE)}"
    table_view.opens(table_view.rows(table), key, sections.name("passed"), opened)
    st.caption(
        _(
            "Contained: only the customer's boundary breaker opened, or nobody else was out. Customers and "
            "time are those of others. Where several accounts were cut off, nobody knows whose fault it was."
        )
    )
    pager.show(PAGE, count, size)


def labels() -> dict[str, str]:
    """Heading by column."""
    return {
        "name": _("Customer"),
        "passed": _("Passed to the grid"),
        "contained": _("Contained"),
        "customers": _("Others interrupted"),
        "time": _("Their time interrupted"),
        "last_passed_on": _("Last passed on"),
        "switch": _("Boundary switch"),
        "unit": _("Unit"),
        "account": _("Account"),
        "key": _("Equipment no."),
    }


def columns(rows: pd.DataFrame) -> dict[str, Any]:
    """The columns of labels() in words."""
    time = [fmt.customer_time(None if one is pd.NA else one) for one in rows["customer_s"]]
    lasts = [_("still going on") if one else "" for one in rows["open_steps"].fillna(0)]
    return {
        "name": rows["name"],
        "passed": rows["passed"],
        "contained": rows["contained"],
        "customers": rows["customers"],
        "time": [" · ".join(part for part in both if part) for both in zip(time, lasts, strict=True)],
        "last_passed_on": [words.day(one) for one in rows["last_passed_on"]],
        "switch": [words.switch(one) for one in rows["has_boundary_switch"]],
        "unit": words.unit(rows),
        "account": rows["area_code"],
        "key": rows["equipment_key"].where(rows["equipment_key"].notna(), fmt.MISSING),
    }


def files(every: Callable[[Viewer], pd.DataFrame], unit: Any, first: date, last: date) -> None:
    """The whole ranking as CSV and XLSX, names masked; noted when the button is pressed."""
    window = _("{first} to {last}").format(first=fmt.day(first), last=fmt.day(last))

    def chunks(viewer: Viewer) -> Iterable[pd.DataFrame]:
        yield pd.DataFrame(columns(every(viewer)))

    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.table(
            chunks, [(_("Unit"), name_of(unit)), (_("Period"), window)], labels(), sections.name("passed"),
            f"passed_faults_{unit.code}_{last}", "passed", f"passed_faults {unit.code}", unit.id,
        )  # fmt: skip
        st.caption(_("In files the names of customers are masked."))
