"""Pieces of equipment below each other, for a phone: whose, how the test stands, what is wrong."""

from collections.abc import Callable

import pandas as pd

from ui import format as fmt
from ui import rows
from ui.equipment import words
from ui.texts import _


def show(found: pd.DataFrame, opened: Callable[[int], None]) -> None:
    """A page of the list. opened: takes the place of the row."""
    lines, units = words.line(found), words.unit(found)
    for place, one in enumerate(found.to_dict("records")):
        test = rows.tag(words.EDGES[one["test_state"]], words.test(one["test_state"], one["days_overdue"]))
        wrong = words.weaknesses(one["weaknesses"])
        said = [f"▲ {wrong}" if wrong else "", _text(lines.iloc[place]), _text(units.iloc[place])]
        advice = one["advice_state"]
        if advice in ("open", "accepted"):
            said.append(_("Advice") + " " + words.word(words.ADVICE, advice))
        title = _text(one["customer"]) or one["equipment_key"]
        said.append(one["equipment_key"] if title != one["equipment_key"] else "")
        rows.row(f"{one['bureau_id']}_{one['equipment_key']}", title, rows.body(test, said), opened, place)


def _text(value: object) -> str:
    return value if isinstance(value, str) and value != fmt.MISSING else ""
