"""A picker whose choice lives in the URL under its own code, whatever the language of its labels.

Streamlit's own binding writes the label that is shown, so a link would break with the language.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def picked(
    widget: Callable[..., Any],
    name: str,
    label: str,
    options: Sequence[str],
    default: str | None,
    words: Callable[[str], str],
    resets: Sequence[str] = (),
    **more: Any,
) -> str | None:
    """The option that the URL parameter `name` gives, else the default; a new choice goes into the URL.

    A value that there is not leaves the URL.

    widget: st.segmented_control, st.pills or st.selectbox. The label is for those who cannot see the options.
    resets: other parameters of the URL that a new choice drops.
    """
    wanted = st.query_params.get(name, "")
    now = wanted if wanted in options else default
    if wanted and wanted != now:
        st.query_params.pop(name, None)  # so that a copied link says what is shown
    key = f"choose_{name}"
    st.session_state[key] = now

    def chosen() -> None:
        value = st.session_state[key]
        for other in resets:
            st.query_params.pop(other, None)
        if value is None or value == default:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value

    widget(label, options, format_func=words, key=key, on_change=chosen, label_visibility="collapsed", **more)
    return now
