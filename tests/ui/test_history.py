"""Undo of a batch: in two steps, so that Enter in the reason field takes nothing back."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from ui import texts
    from ui.imports import history

    texts.use("en")
    reason = history._confirmed(7)
    if reason:
        st.success(f"undone: {reason}")


def asked(reason: str) -> AppTest:
    page = AppTest.from_function(script).run()
    page.text_input[0].set_value(reason)
    next(one for one in page.button if "Undo this batch" in one.label).click().run()
    return page


def test_a_reason_alone_asks_for_a_confirmation():
    page = asked("wrong file")

    assert not page.success
    assert "wrong file" in page.warning[0].value
    page.button(key="undo_sure").click().run()
    assert page.success[0].value == "undone: wrong file"


def test_without_a_reason_nothing_is_asked():
    page = asked(" ")

    assert page.error
    assert not page.warning


def test_cancelled_is_not_undone():
    page = asked("wrong file")
    page.button(key="undo_cancel").click().run()

    assert not page.success
    assert not page.warning
