"""A mistake of ours: a sentence with a number on the page, and under that number the traceback in the log."""

import logging
import re

import pytest
from sqlalchemy import text
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from data_access.engine import engine_for
from data_access.transactions import writing_all
from ui import failures

NUMBER = re.compile(rf"\*\*([{failures.SIGNS}]{{6}})\*\*")


@pytest.fixture(autouse=True)
def _as_the_server_does(monkeypatch):
    """AppTest runs scripts without the server's handler."""
    runner = script_runner.ScriptRunner
    monkeypatch.setattr(
        runner, "__init__", lambda self, *given, **named: _INIT(self, *given, **named | HANDLER)
    )


_INIT = script_runner.ScriptRunner.__init__
HANDLER = {"on_script_error": failures.shown}


def _number(page: AppTest) -> str:
    assert list(page.exception) == []
    [said] = [one.value for one in page.error]
    return NUMBER.search(said)[1]


def _logged(caplog, number: str) -> str:
    [record] = [one for one in caplog.records if one.name == "ui.failures"]
    assert number in record.getMessage()
    return logging.Formatter().format(record)


@pytest.mark.parametrize(("lang", "words"), [("zh", "请重新加载页面"), ("en", "Load the page again")])
def test_a_table_that_is_gone_is_said_with_a_number_that_the_log_has(opened, demo_url, caplog, lang, words):
    with writing_all(engine_for(demo_url)) as connection:
        connection.execute(text("DROP TABLE frequent_outage_list"))
    page = opened(demo_url, "reliability", lang, section="frequent")

    assert words in page.error[0].value
    assert "frequent_outage_list" not in page.error[0].value
    assert "no such table: frequent_outage_list" in _logged(caplog, _number(page))


def _fails_in(place: str) -> None:
    import streamlit as st

    from domain.errors import InvalidInput, NotFound
    from ui import session

    @st.fragment
    def fragment() -> None:
        if st.button("in a fragment"):
            raise ValueError("secret of a fragment")

    def callback(error: Exception) -> None:
        raise error

    st.query_params["lang"] = "en"
    session.language()
    fragment()
    st.button("in a callback", on_click=callback, args=(ValueError("secret of a callback"),))
    st.button("sentence", on_click=callback, args=(InvalidInput("decision"),))
    if place == "stop":
        st.stop()
    if place == "not found":
        raise NotFound
    st.caption("the end")


@pytest.mark.parametrize("place", ["in a fragment", "in a callback"])
def test_a_fragment_and_a_callback_fail_alike(place, caplog):
    page = AppTest.from_function(_fails_in, args=("",)).run()
    next(one for one in page.button if one.label == place).click().run()

    number = _number(page)
    assert "secret" not in page.error[0].value
    assert "Something went wrong" in page.error[0].value
    assert "secret of a" in _logged(caplog, number)


def test_what_a_person_can_put_right_keeps_its_sentence_and_is_no_failure(caplog):
    page = AppTest.from_function(_fails_in, args=("not found",)).run()
    assert [one.value for one in page.error] == ["Not found, or outside the units that you may see."]

    next(one for one in page.button if one.label == "sentence").click().run()
    assert [one.value for one in page.error] == ["Choose what becomes of the warning."]
    assert [one for one in caplog.records if one.name == "ui.failures"] == []


def test_stopping_a_page_is_no_failure(caplog):
    page = AppTest.from_function(_fails_in, args=("stop",)).run()

    assert list(page.error) == []
    assert [one for one in caplog.records if one.name == "ui.failures"] == []


def test_numbers_differ_and_hold_no_sign_that_is_taken_for_another():
    found = {failures.reference() for _time in range(200)}

    assert len(found) == 200
    assert not set("".join(found)) & set("01IO")


def test_the_log_has_an_error_once_and_keeps_what_else_streamlit_says():
    log = logging.getLogger("streamlit.error_util")
    before = list(log.filters)
    failures.log_once()
    try:
        kept = [log.filter(logging.makeLogRecord({"msg": one})) for one in (failures.STREAMLITS_OWN, "other")]
    finally:
        log.filters[:] = before

    assert [bool(one) for one in kept] == [False, True]
