"""Risk objects below each other, for a phone: what, how grave, why, and what is done about it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ui import format as fmt
from ui import rows
from ui.rectifications import words as item_words
from ui.risk import items, words
from ui.texts import _

Key = tuple[str, str, str]


def show(found: Any, keys: Sequence[Key], part: str, opened: Callable[[Key], None]) -> None:
    """A page of the list. keys: of its rows; part: tells the lists of a page apart."""
    for key, one in zip(keys, found.objects.to_dict("records"), strict=True):
        said = facts(one, found.findings.get(key, ()), found.items.get(key, ()))
        rows.row(f"{part}_{'_'.join(key)}", one["name"], said, opened, key)


def facts(one: Mapping[str, Any], findings: Sequence[Any], several: Sequence[Any]) -> str:
    """What there is to say of an object, as HTML. findings, several: its findings and items."""
    level = int(one["level"])
    said = [words.kind(one["object_kind"]), _expected(one["expected_min"]), words.whys(tuple(findings))]
    if several:
        said += [items.measure(several), item_words.light_of(several[0]), items.responsible(several)]
        said.append(_("due {day}").format(day=item_words.due(several[0].item)))
    return rows.body(rows.tag(words.CLASSES[level], words.level_marked(level)), said)


def _expected(minutes: Any) -> str:
    if fmt.is_missing(minutes):
        return ""
    return _("expected {amount}").format(amount=fmt.customer_time(minutes * 60))
