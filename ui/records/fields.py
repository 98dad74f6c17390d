"""The fields of one record: a widget per column of an import kind, texts as a file would give them.

What comes back goes through the same checks as a file, so a widget only has to make the right thing easy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import streamlit as st

from domain.import_kinds import KindColumn
from ui import format as fmt
from ui.texts import _, in_brackets, language

NONE = ""
TRUE, FALSE = "true", "false"
NOTHING: Mapping[str, str] = MappingProxyType({})
EARLY = {"min_value": date(1950, 1, 1), "max_value": date(2100, 1, 1)}
EARLIER = EARLY | {"min_value": date(1900, 1, 1)}  # of what may be older than most records
LONG_TEXT = 1_000  # characters allowed, from which on a text gets several lines


@dataclass(frozen=True)
class Offers:
    """What some fields offer: unit code -> name, cause code -> name."""

    units: Mapping[str, str]
    causes: Mapping[str, str]


def label(column: KindColumn) -> str:
    """Name of the column with its unit, and a star where it is required."""
    name, unit = (column.zh, column.unit_zh) if language() == "zh" else (column.en, column.unit_en)
    return name + (in_brackets(unit) if unit else "") + (" *" if column.required else "")


def said(column: KindColumn, value: str, offers: Offers) -> str:
    """The value of a column as people read it."""
    if not value:
        return fmt.MISSING
    if column.type == "unit":
        return f"{offers.units[value]} ({value})" if value in offers.units else value
    if column.type == "cause":
        return offers.causes.get(value, value)
    if column.type == "choice":
        return _choices(column).get(value, value)
    if column.type == "bool":
        return {TRUE: _("yes"), FALSE: _("no")}.get(value, value)
    return value


def show(
    columns: Iterable[KindColumn],
    values: Mapping[str, str],
    offers: Offers,
    prefix: str,
    fixed: Iterable[str] = (),
    masked: Mapping[str, str] = NOTHING,
) -> dict[str, str]:
    """Widgets for the columns, filled with values; returns their texts by column, '' for none.

    fixed: columns that are shown but cannot be changed, such as the key of a stored record. prefix tells
    the widgets of one record from those of another. masked: what stands for values that are not shown; such a
    field is empty, and stays as it is stored where it is left so.
    """
    result: dict[str, str] = {}
    places = st.columns(2)
    for number, column in enumerate(columns):
        with places[number % 2]:
            result[column.id] = _field(
                column,
                values.get(column.id, NONE),
                offers,
                f"{prefix}_{column.id}",
                column.id in fixed,
                masked.get(column.id),
            )
    return result


def _field(
    column: KindColumn, value: str, offers: Offers, key: str, is_fixed: bool, mask: str | None = None
) -> str:
    about = (column.about_zh if language() == "zh" else column.about_en) or None
    shared = {"key": key, "help": about, "disabled": is_fixed}
    text = label(column)
    if column.type == "unit":
        return _chosen(text, offers.units, value, shared, by_code=True)
    if column.type == "cause":
        return _chosen(text, offers.causes, value, shared)
    if column.type == "choice":
        return _chosen(text, _choices(column), value, shared)
    if column.type == "bool":
        return _chosen(text, {TRUE: _("yes"), FALSE: _("no")}, value, shared)
    if column.type == "datetime":
        given = datetime.fromisoformat(value) if value else None
        found = st.datetime_input(text, value=given, step=60, format="YYYY-MM-DD", **EARLY, **shared)
        if found and given and found == given.replace(second=0):
            return value  # the widget shows minutes; seconds that nobody changed stay
        return found.isoformat(sep=" ") if found else NONE
    if column.type == "date":
        given = date.fromisoformat(value) if value else None
        limits = EARLIER if column.old else EARLY
        found = st.date_input(text, value=given, format="YYYY-MM-DD", **limits, **shared)
        return found.isoformat() if found else NONE
    if column.type == "int":
        # No limits: the browser would refuse in English and send nothing; the checks of an import answer.
        found = st.number_input(text, value=int(value) if value else None, step=1, **shared)
        return NONE if found is None else str(found)
    placeholder = "2026-10" if column.type == "month" else mask
    widget = st.text_area if column.max >= LONG_TEXT else st.text_input
    found = widget(text, value=value, max_chars=column.max or None, placeholder=placeholder, **shared)
    return (found or NONE).strip()


def _choices(column: KindColumn) -> dict[str, str]:
    return {
        one: words[0] if words and language() == "zh" else _readable(one)
        for one, words in column.choices.items()
    }


def _readable(code: str) -> str:
    return code.replace("_", " ") if code.islower() else code


def _chosen(text: str, names: Mapping[str, str], value: str, shared: dict, by_code: bool = False) -> str:
    options = list(names) if value in names or not value else [value, *names]
    return (
        st.selectbox(
            text,
            options,
            index=options.index(value) if value else None,
            format_func=lambda one: (
                f"{names[one]} ({one})" if by_code and one in names else names.get(one, one)
            ),
            placeholder=_("Choose"),
            **shared,
        )
        or NONE
    )
