"""Which items are listed. What is chosen stands in the URL; what is typed does not: it may name people.

whose (mine, all), of (a unit's code, with all below), state, light, due, object (line, area, equipment),
level (1 high, 2, 3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from domain.errors import NotFound
from domain.org_units import OrgUnit
from domain.rectification_counts import LIGHTS
from domain.rectifications import LEVELS, OBJECT_KINDS, ON_THE_BOOKS, STATES
from ui import filtered, filters, pager, rectification_words, url_choice
from ui import format as fmt
from ui.rectifications import values, words
from ui.texts import _, language, name_of

PAGE, TYPED = "items_page", "items_text"
WHOSE = ("all", "mine")
OPEN, EVERY = "open", "all"
DUE = ("past", "week", "month", "quarter")
DAYS = {"week": 7, "month": 30, "quarter": 90}
NAMES = ("whose", "of", "state", "light", "due", "object", "level")


@dataclass(frozen=True)
class Choice:
    """What the pickers say; empty texts and None do not narrow. state: open is all on the books."""

    whose: str
    unit_id: int | None
    state: str
    light: str
    due: str
    object_kind: str
    level: int | None
    text: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything differs from the default."""
        return self != Choice("all", None, OPEN, "", "", "", None, "")

    def asked(self, person_id: int | None, day: date) -> dict[str, Any]:
        """The same as rectifications.Wanted takes it, for who looks on a day."""
        first, last = _days(self.due, day)
        states = {OPEN: ON_THE_BOOKS, EVERY: ()}.get(self.state, (self.state,))
        return {
            "unit_id": self.unit_id,
            "person_id": person_id if self.whose == "mine" else None,
            "states": states,
            "light": self.light,
            "due_from": first,
            "due_to": last,
            "object_kind": self.object_kind,
            "level": self.level,
            "text": self.text,
        }


def _days(due: str, day: date) -> tuple[date | None, date | None]:
    if due == "past":
        return None, day - timedelta(days=1)
    return (day, day + timedelta(days=DAYS[due])) if due in DAYS else (None, None)


def view(may_edit: bool) -> str:
    """Which part of the page is shown."""
    names = {
        "list": _("List"),
        "board": _("Board by state"),
        "late": _("Overdue and load"),
        "time": _("Dates and trend"),
    }
    if may_edit:
        names |= {"new": _("New item"), "table": _("Table to fill in"), "hand": _("Hand over all")}
    return url_choice.picked(
        st.segmented_control, "view", _("View"), list(names), "list", names.get, required=True, wrap=True
    )


def one_unit(units: Mapping[int, OrgUnit]) -> int:
    """The unit that is counted, with all below; the first where none is chosen. Raises NotFound."""
    found = _unit(units, needs_one=True)
    return next(iter(units)) if found is None else found


def pick(units: Mapping[int, OrgUnit], is_person: bool, is_board: bool) -> Choice:
    """The pickers. is_person: whether items can be the viewer's own; is_board: states are its columns.

    Raises NotFound for a foreign unit.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="item_pickers"):
        whose = "all"
        if is_person:
            whose = url_choice.picked(
                st.segmented_control, "whose", _("Whose"), WHOSE, "all", _whose, (PAGE,), required=True
            )
        unit_id = _unit(units)
        state = OPEN
        if not is_board:
            width = 110 if language() == "zh" else 145  # English words are longer
            state = _select("state", _("State"), (OPEN, *STATES, EVERY), OPEN, _state, width)
        light = _select("light", _("Light"), ("", *LIGHTS), "", _light, 130)
        due = _select("due", _("Due"), ("", *DUE), "", _due, 130)
        kind = _select("object", _("Kind of object"), ("", *OBJECT_KINDS), "", _object, 115)
        level = _select("level", _("Level of risk"), ("", *map(str, LEVELS)), "", _level, 110)
        text = st.text_input(
            _("Search"), key=TYPED, type="search", live="300ms", icon=":material/search:",
            placeholder=_("Number, title, code, name"), label_visibility="collapsed",
            on_change=pager.turn_back, args=(PAGE,), width=135, max_chars=80,
        )  # fmt: skip
        found = Choice(
            whose, unit_id, state, light, due, kind, int(level) if level else None, (text or "").strip()
        )
        if found.is_narrowed:
            filtered.reset_button((*NAMES, PAGE), {TYPED: ""})
    return found


def _select(name: str, label: str, options: Sequence[str], default: str, said: Any, width: int) -> str:
    chosen = url_choice.picked(st.selectbox, name, label, options, default, said, (PAGE,), width=width)
    return chosen or default


def _unit(units: Mapping[int, OrgUnit], needs_one: bool = False) -> int | None:
    codes = {one.code: one for one in units.values()}
    wanted = st.query_params.get("of", "")
    if wanted and wanted not in codes:
        raise NotFound(wanted)
    if len(units) < 2:
        return None
    chosen = codes[wanted].id if wanted else next(iter(units))
    offered = [units[one].code for one in filters.listed(units, chosen)]
    default = offered[0] if needs_one else ""
    offered = offered if needs_one else ["", *offered]

    def label(code: str) -> str:
        return filters.unit_label(codes[code].id, units) if code else _("All units")

    code = url_choice.picked(st.selectbox, "of", _("Unit"), offered, default, label, (PAGE,), width=130)
    return codes[code].id if code else None


def header(choice: Choice, units: Mapping[int, OrgUnit], says_typed: bool = True) -> list[tuple[str, str]]:
    """The filters in words, for the top of a file. says_typed: also what was typed; it may name somebody."""
    text = choice.text if says_typed or not choice.text else "…"
    return [
        (_("Whose"), _whose(choice.whose)),
        (_("Unit"), name_of(units[choice.unit_id]) if choice.unit_id is not None else _("All units")),
        (_("State"), _state(choice.state)),
        (_("Light"), _light(choice.light)),
        (_("Due"), _due(choice.due)),
        (_("Kind of object"), _object(choice.object_kind)),
        (_("Level of risk"), _level(str(choice.level or ""))),
        (_("Search"), text or fmt.MISSING),
    ]


def _whose(code: str) -> str:
    return {"mine": _("Mine"), "all": _("All")}[code]


def _state(code: str) -> str:
    texts = {OPEN: _("On the books"), EVERY: _("All states")}
    return texts[code] if code in texts else rectification_words.state(code)


def _light(code: str) -> str:
    return words.light_name(code) if code else _("All lights")


def _due(code: str) -> str:
    return {
        "": _("Any due"),
        "past": _("Due date is over"),
        "week": _("Due within 7 days"),
        "month": _("Due within 30 days"),
        "quarter": _("Due within 90 days"),
    }[code]


def _object(code: str) -> str:
    return values.object_kind(code) if code else _("All objects")


def _level(code: str) -> str:
    return values.level(int(code)) if code else _("All levels")
