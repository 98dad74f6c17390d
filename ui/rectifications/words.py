"""Rectification items in words: lights, steps, people and dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.rectifications import POINTS, Rectification
from ui import format as fmt
from ui import messages, rectification_words
from ui.rectifications import values
from ui.texts import _, language, listed

LIGHT_ICONS = {"red": "▲", "yellow": "◆", "blue": "●", "none": "○"}
LIGHT_COLOURS = {
    "red": "#FBD0BA",
    "yellow": "#F6CF7A",
    "blue": "#A9D6F0",
    "none": "#D5DADF",
}  # under dark text
LIGHT_CLASSES = {"red": "notmet", "yellow": "watch", "blue": "met", "none": "none"}
STEP_ICONS = {
    "verify": "verified",
    "return": "undo",
    "extension_decide": "gavel",
    "assign": "person_add",
    "start": "play_arrow",
    "progress": "trending_up",
    "done": "task_alt",
    "extension_ask": "event_upcoming",
    "edit": "edit",
    "hand_over": "swap_horiz",
    "note": "chat",
    "file": "attach_file",
    "cancel": "cancel",
}


def light(code: str) -> str:
    """A light in a word; the colour is told apart by its sign too."""
    return {"red": _("overdue"), "yellow": _("behind"), "blue": _("near due"), "none": _("on track")}[code]


def light_name(code: str) -> str:
    """The light with the name of its colour, for a picker: 红 · 逾期."""
    colours = {"red": _("Red"), "yellow": _("Yellow"), "blue": _("Blue"), "none": _("None")}
    return f"{LIGHT_ICONS[code]} {colours[code]} · {light(code)}"


def light_of(shown: Any) -> str:
    """The light of a listed item with its sign and, where it is late, by how much.

    '' off the books, and of a draft in time.
    """
    if not shown.item.is_on_the_books or (shown.item.status, shown.light) == ("draft", "none"):
        return ""
    text = light(shown.light)
    if shown.overdue_days:
        text = _("overdue {n} d").format(n=fmt.number(shown.overdue_days))
    return f"{LIGHT_ICONS[shown.light]} {text}"


def step(code: str) -> str:
    """A step as what somebody does, for buttons."""
    return {
        "verify": _("Verify"),
        "return": _("Return"),
        "extension_decide": _("Decide on the extension"),
        "assign": _("Assign"),
        "start": _("Begin work"),
        "progress": _("Report progress"),
        "done": _("Report as done"),
        "extension_ask": _("Ask for an extension"),
        "edit": _("Edit"),
        "hand_over": _("Hand over"),
        "note": _("Write a note"),
        "file": _("Add a file"),
        "cancel": _("Cancel the item"),
    }[code]


def logged(kind: str) -> str:
    """What a row of the log is."""
    return {
        "create": _("created"),
        "edit": _("edited"),
        "assign": _("assigned"),
        "hand_over": _("handed over"),
        "start": _("work begun"),
        "progress": _("progress"),
        "done": _("reported as done"),
        "return": _("returned"),
        "verify": _("verified, closed"),
        "cancel": _("cancelled"),
        "extension_ask": _("extension asked for"),
        "extension_decide": _("extension decided on"),
        "note": _("note"),
        "comment": _("comment"),
        "file": _("file added"),
        "relapse": _("relapse"),
        "hand_over_all": _("handed over with others"),
        "import": _("taken over from a table"),
        "move": _("went to another unit with its object"),
    }.get(kind, kind)


def point(code: str) -> str:
    """One of the five points 五落实."""
    return POINTS[code][0 if language() == "zh" else 1]


def extension_state(code: str) -> str:
    """What became of a request for a later due date."""
    return {"asked": _("waits for a decision"), "approved": _("approved"), "refused": _("refused")}[code]


def responsible(item: Rectification) -> str:
    """Who is responsible, and who beside."""
    names = [messages.person(one) for one in (item.responsible, item.co_responsible) if one]
    return listed(names)


def due(item: Rectification) -> str:
    """The current due date; beside it the original one, where an extension was approved."""
    if item.current_due is None:
        return fmt.MISSING
    if item.original_due in (None, item.current_due):
        return fmt.day(item.current_due)
    text = _("{current} (originally {original})")
    return text.format(current=fmt.day(item.current_due), original=fmt.day(item.original_due))


def columns() -> dict[str, str]:
    """What an item says, by column: for forms, conflicts and the history."""
    return {
        "title": _("What is to be put right"),
        "level": _("Level of risk"),
        "measure_kind": _("Kind of measure"),
        "measure_type": _("Type of measure"),
        "measure": _("Measure"),
        "department": _("Department"),
        "responsible_id": _("Responsible"),
        "co_responsible_id": _("Co-responsible"),
        "funding": _("Funding"),
        "original_due": _("Original due date"),
        "current_due": _("Current due date"),
        "to_due": _("New due date"),
        "interim_control": _("Control until then"),
        "contingency": _("Contingency plan"),
        "status": _("State"),
        "progress_pct": _("Progress"),
        "done_at": _("Done on"),
        "returned_times": _("Times returned"),
        "verification": _("Result of the verification"),
        "closed_at": _("Closed on"),
        "cancelled_reason": _("Reason of the cancellation"),
        "relapsed_on": _("Relapsed on"),
    }


def value(name: str, what: Any, kinds: values.Kinds, people: Mapping[int, str]) -> str:
    """The value of one of these columns; people: names by number."""
    if what is None or what == "":
        return fmt.MISSING
    if name in ("responsible_id", "co_responsible_id"):
        return people.get(what) or _("person no. {n}").format(n=what)
    words = {
        "level": lambda: values.level(what),
        "measure_kind": lambda: values.measure_kind(what, kinds),
        "measure_type": lambda: values.measure_type(what),
        "status": lambda: rectification_words.state(what),
        "progress_pct": lambda: f"{what}%",
    }
    if name in words:
        return words[name]()
    return fmt.day(what) if isinstance(what, date) else str(what)
