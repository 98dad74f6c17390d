"""The list of items: what it holds in one line, the items as a table or, on a phone, one below the other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from domain import paging
from domain.org_units import OrgUnit
from domain.rectification_list import Tally
from domain.rectifications import Rectification
from domain.viewer import Scope, Viewer
from ui import downloads as buttons
from ui import format as fmt
from ui import pager, rectification_words, rows, shell
from ui.charts import table_view
from ui.charts.table_view import Keep
from ui.rectifications import filters, values, words
from ui.risk import words as risk_words
from ui.texts import _, counted, in_brackets, name_of

PAGE_ROWS = 25
Units = Mapping[int, OrgUnit]
Names = Mapping[tuple[str, str, str], str]  # of objects, by key space, kind and code
Objects = tuple[tuple[str, str, str], ...]  # the same keys
Opened = Callable[[Rectification], None]


def tally(found: Tally) -> None:
    """How many there are, late, waiting and without anybody, in one line."""
    parts = [counted("{n} item", "{n} items", found.items).format(n=fmt.number(found.items))]
    parts += [_("overdue {n}").format(n=fmt.number(found.overdue))] if found.overdue else []
    parts += [_("to be verified {n}").format(n=fmt.number(found.waiting))] if found.waiting else []
    parts += [_("not assigned {n}").format(n=fmt.number(found.unassigned))] if found.unassigned else []
    st.markdown(f"**{' · '.join(parts)}**")


def objects(shown: Iterable[Any]) -> Objects:
    """Key space, kind and code of the objects, each once, in order."""
    keys = {(one.item.bureau_id, one.item.object_kind, one.item.object_code) for one in shown}
    return tuple(sorted(keys))


def nothing(choice: filters.Choice, may_create: bool) -> None:
    """That no item is listed, and what to do."""
    if choice.is_narrowed:
        st.info(_("No item is like that. Take a filter away, or go back to the default."))
    else:
        none_yet(may_create)


def none_yet(may_create: bool) -> None:
    """That the units have no item."""
    if may_create:
        st.info(_("Nothing is on the books of your units. Create the first item under “New item”."))
    else:
        st.info(_("Nothing is on the books of your units."))


def of_page(shown: Sequence[Any]) -> Sequence[Any]:
    """Of the listed items those of the page that the URL asks for."""
    number = paging.held(pager.asked(filters.PAGE), len(shown), PAGE_ROWS)
    return shown[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]


def show(
    found: Sequence[Any], named_: Callable[[Sequence[Any]], Names], units: Units, opened: Opened, keep: Keep
) -> None:
    """One page of the list; a chosen line opens the item. named_: names of the objects of some of them.

    keep: for these items, in this order.
    """
    shown = of_page(found)
    if shell.is_phone():
        names = named_(shown)
        for one in shown:
            row(one, names, opened)
    else:
        st.caption(_("Choose a line to open it."))
        key = f"items_{pager.asked(filters.PAGE)}"
        _table(keep(key, lambda: _ready(shown, named_(shown), units)), key, lambda at: opened(shown[at].item))
    pager.show(filters.PAGE, len(found), PAGE_ROWS)


@dataclass(frozen=True)
class _Ready:
    """The rows as they are kept between runs, and the lights among them: (text, colour)."""

    rows: pa.Table
    lights: tuple[tuple[str, str], ...]


def _ready(shown: Sequence[Any], names: Names, units: Units) -> _Ready:
    lights = [words.light_of(one) for one in shown]
    columns = {_("Light"): [[one] if one else [] for one in lights], **_columns(shown, names, units)}
    colours = {text: words.LIGHT_COLOURS[one.light] for text, one in zip(lights, shown, strict=True) if text}
    return _Ready(table_view.rows(pd.DataFrame(columns)), tuple(colours.items()))


def _table(ready: _Ready, key: str, opened: Callable[[int], None]) -> None:
    colours = dict(ready.lights)
    columns = {
        _("Light"): st.column_config.MultiselectColumn(
            options=list(colours), color=list(colours.values()), width=112
        ),
        _("What is to be put right"): st.column_config.TextColumn(width=280),
        _("Object"): st.column_config.TextColumn(width=125),
        _("Risk rules met"): st.column_config.TextColumn(width=150),
        _("Responsible"): st.column_config.TextColumn(width=92),
        _("Due date"): st.column_config.TextColumn(width=98),
        _("Originally"): st.column_config.TextColumn(width=98),
    }
    alt = _("Rectification items, the most urgent first")
    table_view.opens(ready.rows, key, alt, opened, columns, "content")


def _columns(shown: Iterable[Any], names: Names, units: Units) -> dict[str, list[str]]:
    """The items in words by column, without their lights."""
    items = [one.item for one in shown]
    return {
        _("What is to be put right"): [one.title for one in items],
        _("Object"): [named(one, names) for one in items],
        _("State"): [state(one) for one in items],
        _("Responsible"): [words.responsible(one) or fmt.MISSING for one in items],
        _("Due date"): [fmt.day(one.current_due) if one.current_due else fmt.MISSING for one in items],
        _("Originally"): [_original(one) for one in items],
        _("Risk rules met"): [risk_words.named(one.rules) for one in items],
        _("Unit"): [unit(one, units) for one in items],
        _("Number"): [one.item_id for one in items],
    }


def downloads(
    read: Callable[[Viewer], Sequence[Any]],
    called: Callable[[Scope, Objects], Names],
    choice: filters.Choice,
    units: Units,
    day: date,
) -> None:
    """Buttons for all listed items as CSV and XLSX; that they were taken is noted too.

    read, called: the items and the names of objects, for whoever presses the button.
    """

    def lines(viewer: Viewer) -> Iterator[pd.DataFrame]:
        found = read(viewer)
        yield pd.DataFrame(whole(found, called(viewer.scope, objects(found)), units))

    labels = {one: one for one in whole((), {}, units)}
    header = [*filters.header(choice, units), (_("As of"), fmt.day(day))]
    said = "; ".join(f"{name}: {text}" for name, text in filters.header(choice, units, says_typed=False))
    file = (_("Rectification items"), "rectification_items", "items", "rectifications", choice.unit_id)
    with st.container(horizontal=True):
        buttons.table(lines, header, labels, *file, filters=said)


def whole(shown: Sequence[Any], names: Names, units: Units) -> dict[str, list[Any]]:
    """The items as a file has them, by column: everything that they say."""
    items = [one.item for one in shown]
    columns = _columns(shown, names, units)
    del columns[_("Originally")]
    return columns | {
        _("Light"): [words.light_of(one) for one in shown],
        _("Level of risk"): [values.level(one.level) for one in items],
        _("Key space"): [one.bureau_id for one in items],
        _("Code"): [one.object_code for one in items],
        _("Measure"): [one.measure for one in items],
        _("Department"): [one.department for one in items],
        _("Funding"): [one.funding for one in items],
        _("Contingency plan"): [one.contingency for one in items],
        _("Original due date"): [one.original_due for one in items],
        _("Progress, %"): [one.progress_pct for one in items],
        _("Done on"): [one.done_at for one in items],
        _("Closed on"): [one.closed_at for one in items],
        _("Times returned"): [one.returned_times for one in items],
    }


def state(item: Rectification) -> str:
    """The state, with how far the work is."""
    text = rectification_words.state(item.status)
    return f"{text} {item.progress_pct}%" if item.status == "working" else text


def named(item: Rectification, names: Names) -> str:
    """What the object is called in its register; else its code."""
    name = names.get((item.bureau_id, item.object_kind, item.object_code), "")
    return f"{name} {item.object_code}".strip() if not name or name.endswith("**") else name


def unit(item: Rectification, units: Units) -> str:
    """Name of the unit that the item belongs to."""
    return name_of(units[item.org_unit_id]) if item.org_unit_id in units else fmt.MISSING


def _original(item: Rectification) -> str:
    if item.original_due in (None, item.current_due):
        return ""
    return fmt.day(item.original_due)


def row(one: Any, names: Names, opened: Opened, says_state: bool = True) -> None:
    """An item as a few lines that open it when they are tapped."""
    item = one.item
    rows.row(f"{item.bureau_id}_{item.item_id}", item.title, facts(one, names, says_state), opened, item)


def facts(one: Any, names: Names, says_state: bool = True) -> str:
    """Light, state, who and until when, as HTML."""
    item = one.item
    parts = [state(item)] if says_state or item.status == "working" else []
    parts += [words.responsible(item) or _("nobody responsible"), named(item, names)]
    if item.current_due:
        parts.append(_("due {day}").format(day=words.due(item)))
    if item.returned_times:
        parts.append(_("returned") + in_brackets(str(item.returned_times)))
    return rows.body(chip(one), parts)


def chip(one: Any) -> str:
    """The light as a word with its sign, as HTML; '' off the books."""
    if not (text := words.light_of(one)):
        return ""
    return rows.tag(words.LIGHT_CLASSES[one.light], text)
