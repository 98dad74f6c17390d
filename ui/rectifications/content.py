"""The fields of what an item says, for a new one and for one that is edited."""

import streamlit as st

from domain.rectifications import LEVELS, LONGEST, MEASURE_TYPES, Rectification
from ui.rectifications import values, words
from ui.texts import _

LONG = ("measure", "interim_control", "contingency")


def fields(item: Rectification, kinds: values.Kinds, key: str) -> dict[str, str]:
    """The fields, filled with what the item says; column of each -> key of its field."""
    labels = words.columns()
    keys = {
        name: f"{name}_{key}"
        for name in (
            "title", "level", "measure_kind", "measure_type", "measure", "department", "funding",
            "contingency", "interim_control",
        )
    }  # fmt: skip
    st.text_input(labels["title"], value=item.title, key=keys["title"], max_chars=LONGEST["title"])
    left, right = st.columns(2)
    with left:
        st.selectbox(
            labels["measure_kind"], ("", *kinds), key=keys["measure_kind"],
            index=_place(item.measure_kind, ("", *kinds)),
            format_func=lambda one: values.measure_kind(one, kinds),
        )  # fmt: skip
        st.text_input(
            labels["department"], value=item.department, key=keys["department"],
            max_chars=LONGEST["department"],
        )  # fmt: skip
    with right:
        types = ("", *MEASURE_TYPES)
        about = _("Most kinds have their type; say it where the kind is “other” or none.")
        st.selectbox(
            labels["measure_type"], types, key=keys["measure_type"], format_func=values.measure_type,
            index=_place(_own_type(item, kinds), types), help=about,
        )  # fmt: skip
        st.text_input(
            labels["funding"], value=item.funding, key=keys["funding"], max_chars=LONGEST["funding"],
            placeholder=_("Source, or number of the project"),
        )  # fmt: skip
    st.segmented_control(
        labels["level"], LEVELS, default=item.level, key=keys["level"], format_func=values.level,
        required=True,
    )  # fmt: skip
    for name in LONG:
        st.text_area(
            labels[name], value=getattr(item, name), key=keys[name], height=80, max_chars=LONGEST[name]
        )
    return keys


def _own_type(item: Rectification, kinds: values.Kinds) -> str:
    """The chosen type; '' where it is the kind's, so that another kind may be chosen without a clash."""
    return "" if item.measure_kind in kinds and kinds[item.measure_kind]["type"] else item.measure_type


def _place(value: str, options: tuple[str, ...]) -> int:
    return options.index(value) if value in options else 0
