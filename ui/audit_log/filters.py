"""Which rows of the audit log. What is chosen stands in the URL; what is typed does not: it may name people.

what (a group of acts), of (a unit's code, and all below), since, until (days), shown (all), log_page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain.errors import NotFound
from domain.org_units import OrgUnit
from ui import filtered, filters, pager, url_choice
from ui import format as fmt
from ui.audit_log import actions
from ui.texts import _, name_of

SHOWN = ("changes", "all")
PAGE = "log_page"


@dataclass(frozen=True)
class Choice:
    """What the filters say."""

    what: str
    who: str
    unit_id: int | None
    since: date | None
    until: date | None
    text: str
    only_changes: bool

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the kind of rows was chosen."""
        named = self.what or self.who or self.text
        return bool(named or self.since or self.until) or self.unit_id is not None

    def asked(self, zone: ZoneInfo) -> dict[str, Any]:
        """The same as audit_reading.Filters takes it: days become moments."""
        last = self.until + timedelta(days=1) if self.until else None
        return {
            "who": self.who,
            "actions": actions.of_group(self.what),
            "unit_id": self.unit_id,
            "since": _moment(self.since, zone),
            "until": _moment(last, zone),
            "text": self.text,
            "only_changes": self.only_changes,
        }


def _moment(day: date | None, zone: ZoneInfo) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time.min, zone).astimezone(UTC).replace(tzinfo=None)


def within(units: Mapping[int, OrgUnit], roots: tuple[int, ...]) -> dict[int, OrgUnit]:
    """Of the units, each after the one above it, those at or below the roots."""
    found: dict[int, OrgUnit] = {}
    for one in units.values():
        if one.id in roots or one.parent_id in found:
            found[one.id] = one
    return found


def pick(units: Mapping[int, OrgUnit]) -> Choice:
    """The filters in two rows. units: of whose acts the viewer may read. Raises NotFound for another unit."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="log_first"):
        shown = url_choice.picked(
            st.segmented_control, "shown", _("Show"), SHOWN, "changes", _shown_name, (PAGE,), required=True
        )
        what = url_choice.picked(
            st.selectbox, "what", _("What"), ("", *actions.GROUPS), "", actions.group_name, (PAGE,), width=230
        )
        unit_id = _unit(units)
    with st.container(horizontal=True, gap="small", key="log_second", vertical_alignment="bottom"):
        for name in ("who", "text"):
            st.query_params.pop(name, None)  # of an older link
        turns = {"on_change": pager.turn_back, "args": (PAGE,)}
        help_ = _("Part of a file's name, a number of a batch, or a code, as the log has it.")
        who = st.text_input(_("Who"), key="who", max_chars=80, width=160, **turns)
        text = st.text_input(_("Subject holds"), key="text", max_chars=80, width=185, help=help_, **turns)
        days = {"value": None, "format": "YYYY-MM-DD", "width": 170, "bind": "query-params", **turns}
        since = st.date_input(_("From day"), key="since", **days)
        until = st.date_input(_("To day"), key="until", **days)
        if shown != "changes" or what or unit_id is not None or who or text or since or until:
            bound = {"who": "", "text": "", "since": None, "until": None}
            filtered.reset_button(("shown", "what", "of", PAGE), bound)
    only_changes = shown == "changes" and what not in actions.LOOKED
    return Choice(what or "", who.strip(), unit_id, since, until, text.strip(), only_changes)


def _unit(units: Mapping[int, OrgUnit]) -> int | None:
    codes = {one.code: one for one in units.values()}
    wanted = st.query_params.get("of", "")
    if wanted and wanted not in codes:
        raise NotFound(wanted)
    if not units:
        return None
    chosen = codes[wanted].id if wanted else next(iter(units))
    offered = ("", *(units[one].code for one in filters.listed(units, chosen)))

    def label(code: str) -> str:
        return filters.unit_label(codes[code].id, units) if code else _("All units")

    code = url_choice.picked(st.selectbox, "of", _("Unit"), offered, "", label, (PAGE,), width=250)
    return codes[code].id if code else None


def header(choice: Choice, units: Mapping[int, OrgUnit], says_typed: bool = True) -> list[tuple[str, str]]:
    """The filters in words, for the top of a file. says_typed: also what was typed; it may name somebody."""
    who, text = (one if says_typed or not one else "…" for one in (choice.who, choice.text))
    days = [fmt.day(one) if one else "…" for one in (choice.since, choice.until)]
    period = " – ".join(days) if choice.since or choice.until else fmt.MISSING
    return [
        (_("Show"), _shown_name("changes" if choice.only_changes else "all")),
        (_("What"), actions.group_name(choice.what)),
        (_("Unit"), name_of(units[choice.unit_id]) if choice.unit_id is not None else _("All units")),
        (_("Period"), period),
        (_("Who"), who or fmt.MISSING),
        (_("Subject holds"), text or fmt.MISSING),
    ]


def _shown_name(shown: str) -> str:
    return {"changes": _("Only changes"), "all": _("Also views, sign-ins, refusals")}[shown]
