"""What the form of a step has at hand: the item as shown, its fields, and how the step is carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from domain.rectification_extensions import Extension
from domain.rectifications import LONGEST, Rectification
from ui.rectifications import values, words

Act = Callable[..., None]
# Wide: of a date outside its limits Streamlit keeps none without a word, so the rules refuse it instead.
DAYS = {"format": "YYYY-MM-DD", "min_value": date(2000, 1, 1), "max_value": date(2099, 12, 31)}


@dataclass(frozen=True)
class Form:
    """The item as shown, what waits, who may be given work, and how to carry a step out."""

    item: Rectification
    asked: Extension | None
    people: Callable[[], Mapping[int, str]]
    kinds: values.Kinds
    day: date
    act: Act

    @property
    def shown(self) -> tuple[str, str, int]:
        return self.item.bureau_id, self.item.item_id, self.item.version

    def key(self, name: str) -> str:
        return f"{name}_{'_'.join(map(str, self.shown))}"

    def said(self, name: str) -> Any:
        return st.session_state[self.key(name)]

    def button(self, step: str, *fields: str, **more: Any) -> None:
        """The button of the step; fields: names of those that it hands on."""

        def asked() -> None:
            self.act(step, *self.shown, *(self.said(name) for name in fields))

        look = {"type": "primary", "icon": f":material/{words.STEP_ICONS[step]}:"} | more
        st.form_submit_button(words.step(step), on_click=asked, key=self.key(f"do_{step}"), **look)

    def text(self, name: str, label: str, placeholder: str = "") -> None:
        """A field for a few sentences."""
        st.text_area(
            label, key=self.key(name), height=80, max_chars=LONGEST["measure"], placeholder=placeholder
        )
