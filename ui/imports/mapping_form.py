"""Which column of the file is which of ours, by pickers; what a person chose comes back as a FileMapping.

The pickers are filled from a mapping: the one that the headers suggest, or one that was saved under a name.
What the pickers do not show (units made from the file) is kept from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from domain.import_kinds import Kind, KindColumn
from domain.mapping import ROW_NUMBER, ColumnSource, FileMapping, suggested
from domain.rule_sets import cause_codes
from ui.imports import reading_pickers
from ui.plain import plain
from ui.texts import _, in_brackets, language

NOT_GIVEN, FIXED = "\0not given", "\0fixed"  # no header can be these
MOST_VALUES = 40  # different values that a translation is offered for
KEEP = ""  # leave the value as it is
TIMES = ("datetime", "date", "month")


def fill(mapping: FileMapping, kind: Kind, header: Sequence[str]) -> None:
    """Set the pickers to the mapping; columns that the file lacks become "not given"."""
    for name in kind.columns:
        source = mapping.columns.get(name, ColumnSource())
        if source.column in header:
            chosen = source.column
        else:
            chosen = FIXED if source.constant is not None else NOT_GIVEN
        st.session_state[f"map_{name}"] = chosen
        st.session_state[f"fixed_{name}"] = source.constant or ""
    st.session_state["map_source"] = mapping
    st.session_state["place"] = mapping.header_row, mapping.sheet
    for name, value in (
        ("time_zone", mapping.time_zone),
        ("decimal", mapping.decimal),
        ("keep", mapping.keep == "lowest"),
        ("source_key", [] if isinstance(mapping.source_key, str) else list(mapping.source_key)),
        ("row_number", mapping.source_key == ROW_NUMBER),
        ("bureau", mapping.bureau),
    ):
        st.session_state[f"set_{name}"] = value
    for key in [one for one in st.session_state if str(one).startswith(("value_", "format_", "factor_"))]:
        del st.session_state[key]


def begin(kind: Kind, header: Sequence[str]) -> None:
    """Fill the pickers by the headers, unless they hold a mapping of the kind already."""
    mapping = st.session_state.get("map_source")
    # Another page forgets the pickers, but not the mapping that they were filled from.
    known = f"map_{next(iter(kind.columns))}" in st.session_state
    if not (mapping and mapping.kind == kind.id and known):
        fill(suggested(kind, header), kind, header)
    elif st.session_state.get("map_header") != tuple(header):  # another row or sheet
        fits = set(mapping.file_columns()) & set(header)
        fill(mapping if fits else suggested(kind, header), kind, header)
    st.session_state["map_header"] = tuple(header)
    st.session_state.pop("place", None)


def name_of(column: KindColumn) -> str:
    """Name of one of our columns."""
    return column.zh if language() == "zh" else column.en


def show(
    kind: Kind, header: Sequence[str], samples: pd.DataFrame, causes: Mapping[str, Mapping[str, str]],
    header_row: int, sheet: str,
) -> FileMapping:  # fmt: skip
    """The pickers; returns what they say now, for the table that begins in that row of the sheet.

    samples has the file's first rows as texts; causes are the rules' causes by code, offered for its words.
    """
    base: FileMapping = st.session_state["map_source"]
    columns: dict[str, ColumnSource] = {}
    ordered = sorted(kind.columns.values(), key=lambda one: not one.required)
    for column in ordered:
        words = causes if column.type == "cause" else {}
        source = _picker(column, header, samples, base.columns.get(column.id, ColumnSource()), words)
        if source is not None:
            columns[column.id] = source
    in_order = {name: columns[name] for name in kind.columns if name in columns}
    chosen = _settings(kind, header) | {"header_row": header_row, "sheet": sheet}
    return replace(base, kind=kind.id, columns=in_order, covers="", **chosen)


def missing(kind: Kind, mapping: FileMapping) -> list[KindColumn]:
    """Required columns that the mapping does not give; a key may be made from the file's own columns."""
    given = set(mapping.columns)
    if mapping.source_key and kind.has_made_key:
        given.add(kind.key[0])
    if mapping.make_units:
        given.add("unit")
    return [one for one in kind.columns.values() if one.required and one.id not in given]


def _picker(
    column: KindColumn,
    header: Sequence[str],
    samples: pd.DataFrame,
    base: ColumnSource,
    causes: Mapping[str, Mapping[str, str]],
) -> ColumnSource | None:
    names = {NOT_GIVEN: _("— not in the file —"), FIXED: _("the same for every row …")}
    left, middle, right = st.columns([3, 4, 3], vertical_alignment="center", gap="small")
    about = column.about_zh if language() == "zh" else column.about_en
    unit = column.unit_zh if language() == "zh" else column.unit_en
    needed = f" :red[\\*]" if column.required else ""  # noqa: F541
    left.markdown(f"{name_of(column)}{needed}" + (in_brackets(unit) if unit else ""), help=about or None)
    if st.session_state.get(f"map_{column.id}") not in (NOT_GIVEN, FIXED, *header):
        st.session_state[f"map_{column.id}"] = NOT_GIVEN
    chosen = middle.selectbox(
        name_of(column),
        [NOT_GIVEN, FIXED, *header],
        format_func=lambda one: names.get(one, one),
        key=f"map_{column.id}",
        label_visibility="collapsed",
    )
    with right:
        if chosen == NOT_GIVEN:
            return None
        if chosen == FIXED:
            return ColumnSource(constant=_fixed(column))
        kept = base if base.column == chosen else ColumnSource()
        kept = replace(kept, column=chosen, constant=None)
        if column.type in TIMES:
            return replace(kept, format=reading_pickers.written(column, kept))
        if column.type in ("int", "decimal"):
            return replace(kept, factor=reading_pickers.factor(column, kept))
        return replace(kept, **_translation(column, samples[chosen], kept, causes))


def _fixed(column: KindColumn) -> str:
    label = _("Value for every row")
    if column.choices:
        return st.selectbox(
            label, list(column.choices), key=f"fixed_{column.id}", label_visibility="collapsed"
        )
    return st.text_input(label, key=f"fixed_{column.id}", label_visibility="collapsed", placeholder=label)


def _translation(
    column: KindColumn, values: pd.Series, base: ColumnSource, causes: Mapping[str, Mapping[str, str]]
) -> dict:
    """values of the source: a list of the file's values beside ours, folded."""
    offered = list(column.choices) or list(causes)
    seen = list(dict.fromkeys(one for one in values.dropna() if one))[:MOST_VALUES]
    if not offered or not seen:
        return {}
    known = {word.casefold(): one for one, words in column.choices.items() for word in (one, *words)}
    known |= cause_codes(causes)
    found: Mapping[str, str] = {one: known[one.casefold()] for one in seen if one.casefold() in known}
    result = dict(base.values)
    with st.popover(
        _("Values ({known} of {all} known)").format(
            known=len(seen) if base.other else sum(one in found | result for one in seen),
            all=len(seen),
        ),
        width="stretch",
    ):
        st.caption(_("What each value of the file means; what is left as it is must be one of ours."))
        for number, value in enumerate(seen):
            key = f"value_{column.id}_{number}"
            st.session_state.setdefault(key, result.get(value, found.get(value, base.other or KEEP)))
            chosen = st.selectbox(
                plain(value),
                [KEEP, *offered],
                format_func=lambda one: _our_value(column, one, causes) if one else _("as it is"),
                key=key,
            )
            if chosen and chosen != found.get(value):
                result[value] = chosen
            else:
                result.pop(value, None)
    return {"values": result}


def _our_value(column: KindColumn, code: str, causes: Mapping[str, Mapping[str, str]]) -> str:
    """One of our values in words, with its code."""
    zh = language() == "zh"
    if code in causes:
        return causes[code]["name_zh" if zh else "name_en"] + in_brackets(code)
    return column.choices[code][0] + in_brackets(code) if zh else code


def _settings(kind: Kind, header: Sequence[str]) -> dict:
    """Time zone, decimal sign, key and key space of the source, folded."""
    with st.expander(_("Further settings"), icon=":material/tune:"):
        left, right = st.columns(2)
        zone = left.text_input(
            _("Time zone of the file"),
            key="set_time_zone",
            placeholder=_("the company's"),
            help="UTC, Asia/Shanghai",
        )
        decimal = right.segmented_control(_("Decimal sign"), [".", ","], key="set_decimal", required=True)
        bureau = left.text_input(
            _("Key space of the source"),
            key="set_bureau",
            placeholder=_("that of your unit"),
            help=_("Keeps the numbers of two systems apart; never changes when units move."),
        )
        key: tuple[str, ...] | str = ()
        if kind.has_made_key:
            st.session_state["set_source_key"] = [
                one for one in st.session_state.get("set_source_key", []) if one in header
            ]
            parts = st.multiselect(
                _("Columns that tell the rows apart"),
                header,
                key="set_source_key",
                placeholder=_("needed where the file has no number of its own"),
            )
            by_row = st.checkbox(_("The file has no such columns: use row numbers"), key="set_row_number")
            key = ROW_NUMBER if by_row else tuple(parts)
        keep = kind.id == "customers_served" and st.checkbox(
            _("Where a unit and one above are both given, keep the lower"), key="set_keep"
        )
    return {
        "time_zone": zone.strip(),
        "decimal": decimal or ".",
        "bureau": bureau.strip(),
        "source_key": key,
        "keep": "lowest" if keep else "",
    }
