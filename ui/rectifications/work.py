"""What somebody does about an item: the choice where two were at it, else the form of a step; and the log."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain.viewer import Viewer
from ui.rectifications import handing, listing, past, settling, steps, values
from ui.rectifications.form import Act


def show(
    viewer: Viewer,
    opened: Any,
    units: listing.Units,
    able: Callable[[], handing.People],
    history: Callable[[], Sequence[Any]],
    kinds: values.Kinds,
    day: date,
    zone: ZoneInfo,
    act: Act,
) -> None:
    """The main column of an item. able: who can be given work there; history: acts on it, newest first."""
    item, people = opened.shown.item, partial(past.people, opened, able)
    if two := settling.waiting(item.bureau_id, item.item_id):
        if step := settling.settle(two, history(), kinds, people(), zone):
            act(*step)
            st.rerun()
    else:
        steps.show(viewer, units, opened, able, kinds, day, act)
    past.log(opened.log, zone)
    past.history(history, zone, kinds, people)
