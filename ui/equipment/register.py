"""Pieces of equipment as a list: what they are looked for by, one line each, and all of them as a file."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain.viewer import Viewer
from ui import downloads, filtered, pager, shell, shown_names, url_choice
from ui import format as fmt
from ui.charts import table_view
from ui.equipment import cards, sections, words
from ui.texts import _, counted, name_of

TABLE, PAGE = "customer_equipment", "equipment_page"
NAMES = ("test", "arrester", "switch", "advice")
ARRESTERS = ("old", *words.ARRESTERS, "unknown")
SWITCHES = ("without", "with", "unknown")


def pickers(is_due: bool) -> dict[str, str]:
    """What pieces are looked for by, as data_access.customer_equipment.Wanted names it; text in no URL."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="equipment_filters"):
        text = st.text_input(
            _("Search"), key="equipment_text", type="search", live="300ms", icon=":material/search:",
            placeholder=_("Code of equipment, account or line"), label_visibility="collapsed",
            on_change=pager.turn_back, args=(PAGE,), width=250,
        )  # fmt: skip
        tests = ("due", "overdue", "soon") if is_due else ("", *words.TESTS)
        found = {"text": text or "", "test": _picked("test", _("Preventive test"), tests, _test, 175)}
        found["arrester"] = _picked("arrester", _("Arrester"), ("", *ARRESTERS), _arrester, 165)
        found["switch"] = _picked("switch", _("Boundary switch"), ("", *SWITCHES), _switch, 165)
        found["advice"] = _picked("advice", _("Advice"), ("", *words.ADVICE), _advice, 175)
        if any(found[one] for one in found if one != "test") or found["test"] not in ("", "due"):
            filtered.reset_button((*NAMES, PAGE), {"equipment_text": ""})
    return found


def _picked(name: str, label: str, options: tuple[str, ...], said: Callable[[str], str], width: int) -> str:
    return url_choice.picked(st.selectbox, name, label, options, options[0], said, (PAGE,), width=width)


def _test(code: str) -> str:
    return _(words.TESTS[code]) if code else _("All tests")


def _arrester(code: str) -> str:
    others = {"": _("All arresters"), "old": _("Old types"), "unknown": _("Arrester unknown")}
    return others[code] if code in others else words.word(words.ARRESTERS, code)


def _switch(code: str) -> str:
    return {
        "": _("All switches"),
        "without": _("Without boundary switch"),
        "with": _("With boundary switch"),
        "unknown": _("Boundary switch unknown"),
    }[code]


def _advice(code: str) -> str:
    return words.word(words.ADVICE, code) if code else _("All advice")


def show(rows: pd.DataFrame, count: int, size: int, is_due: bool) -> None:
    """One page of pieces; a chosen line opens the piece."""
    if not count:
        text = _("No test is overdue or due soon.") if is_due else _("No equipment is like that.")
        st.info(text, icon=":material/check:" if is_due else None)
        return
    rows = shown_names.put(rows, "equipment_key", "customer", TABLE, "customer")
    masked = shown_names.masked_keys(rows, "equipment_key", "customer")
    text = counted("{n} piece of equipment", "{n} pieces of equipment", count)
    st.caption(f"{text.format(n=fmt.number(count))} · " + _("choose a line to open it"))
    shown_names.offer(lambda: masked, len(masked), "equipment", TABLE)

    def opened(place: int) -> None:
        one = rows.iloc[place]
        sections.open_piece(one["bureau_id"], one["equipment_key"])

    if shell.is_phone():
        cards.show(rows, opened)
    else:
        table = as_due(rows) if is_due else as_register(rows)
        key = f"equipment_{'due' if is_due else 'all'}_{pager.asked(PAGE)}"
        alt = sections.name("due" if is_due else "register")
        table_view.opens(table_view.rows(table), key, alt, opened, words.widths())
    pager.show(PAGE, count, size)


def as_due(rows: pd.DataFrame) -> pd.DataFrame:
    """The pieces as a list of checks: how late first, then who and where."""
    of_all = columns(rows)
    first = ("test", "customer", "due_on", "unit", "line", "weaknesses", "advice", "key")
    return pd.DataFrame({labels()[one]: of_all[one] for one in first})


def as_register(rows: pd.DataFrame) -> pd.DataFrame:
    """The pieces with all that is known of them."""
    of_all = columns(rows)
    return pd.DataFrame({title: of_all[one] for one, title in labels().items()})


def labels() -> dict[str, str]:
    """Heading by column, in the order of the register."""
    return {
        "customer": _("Customer"),
        "test": _("Preventive test"),
        "weaknesses": _("What is wrong"),
        "advice": _("Advice"),
        "switch": _("Boundary switch"),
        "arrester": _("Arrester"),
        "switchgear": _("Switchgear"),
        "in_service_on": _("Transformer in service since"),
        "last_test_on": _("Last test"),
        "due_on": _("Test due by"),
        "last_maintenance_on": _("Last maintenance"),
        "line": _("Line"),
        "unit": _("Unit"),
        "account": _("Account"),
        "key": _("Equipment no."),
    }


def columns(rows: pd.DataFrame) -> dict[str, Any]:
    """The columns of labels() in words."""
    tests = zip(rows["test_state"], rows["days_overdue"], strict=True)
    return {
        "customer": rows["customer"].where(rows["customer"].notna(), fmt.MISSING),
        "test": [words.test(*one) for one in tests],
        "weaknesses": [words.weaknesses(one) or fmt.MISSING for one in rows["weaknesses"]],
        "advice": [words.word(words.ADVICE, one) for one in rows["advice_state"]],
        "switch": [words.switch(one) for one in rows["has_boundary_switch"]],
        "arrester": [words.word(words.ARRESTERS, one) for one in rows["arrester_type"]],
        "switchgear": [words.word(words.SWITCHGEAR, one) for one in rows["switchgear"]],
        "in_service_on": [words.day(one) for one in rows["transformer_in_service_on"]],
        "last_test_on": [words.day(one) for one in rows["last_test_on"]],
        "due_on": [words.day(one) for one in rows["due_on"]],
        "last_maintenance_on": [words.day(one) for one in rows["last_maintenance_on"]],
        "line": words.line(rows).where(words.line(rows).notna(), fmt.MISSING),
        "unit": words.unit(rows),
        "account": rows["area_code"].where(rows["area_code"].notna(), fmt.MISSING),
        "key": rows["equipment_key"],
    }


def files(
    stream: Callable[[Viewer], Iterable[pd.DataFrame]], wanted: Mapping[str, str], unit: Any, day: date
) -> None:
    """All pieces looked for as CSV and XLSX, names masked; noted when the button is pressed."""
    narrowed = said(wanted)
    header = [
        (_("Unit"), name_of(unit)),
        (_("Narrowed to"), narrowed or _("none")),
        (_("As at"), fmt.day(day)),
    ]

    def chunks(viewer: Viewer) -> Iterable[pd.DataFrame]:
        return (pd.DataFrame(columns(one)) for one in stream(viewer))

    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.table(
            chunks, header, labels(), sections.name("register"), f"equipment_{unit.code}_{day}", "equipment",
            f"equipment {unit.code}", unit.id, filters=narrowed,
        )  # fmt: skip
        st.caption(_("In files the names of customers are masked."))


def said(wanted: Mapping[str, str]) -> str:
    """What pieces are looked for by, in words."""
    names = {"test": _test, "arrester": _arrester, "switch": _switch, "advice": _advice}
    found = [names[one](wanted[one]) for one in names if wanted[one]]
    return " · ".join([*found, wanted["text"]] if wanted["text"] else found)
