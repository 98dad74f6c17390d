"""Rectification items about a piece of customer's equipment, and the way to a new one."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from domain import customer_equipment, rectification_rights
from domain.viewer import Viewer
from ui.risk import items
from ui.texts import _


def of_piece(key: tuple[str, str], piece: Mapping[str, Any], found: Sequence[Any], viewer: Viewer) -> None:
    """The items of the piece, where there are any; a new one, filled in, for who may create it.

    key: key space and number of the piece. found: its items, the newest first.
    """
    if viewer.may(rectification_rights.EDIT):
        wrong = tuple(one for one in piece["weaknesses"].split(";") if one)
        rules = customer_equipment.rules_met(wrong, piece["test_state"])
        items.create_button("equipment", key[1], key[0], rules)
    if found:
        st.markdown("**" + _("Rectification items") + "**")
        items.show(found)
