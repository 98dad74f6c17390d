"""A file leaves only once it is written down, with as many rows as it has."""

import pandas as pd
import pytest
from sqlalchemy import select

from data_access.engine import engine_for
from data_access.tables.audit import audit_log
from domain.errors import WrongDatabase
from domain.viewer import Scope, Viewer
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, build
from ui import exports, session
from ui.packs import records_csv

LABELS = {"key": "Key"}


@pytest.fixture
def asked(sqlite_url, monkeypatch):
    """A database of which the viewer is the local administrator."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    session.forget()
    yield engine_for(sqlite_url)
    engine_for.cache_clear()


def chunks(_viewer):
    return iter([pd.DataFrame({"key": ["a", "b"]}), pd.DataFrame({"key": ["c"]})])


def button(chunks=chunks, **said):
    return exports.noted(
        lambda rows: records_csv.text((), LABELS, rows), chunks, "records saidi", None, **said
    )


def noted(engine):
    with engine.connect() as connection:
        columns = (audit_log.c.action, audit_log.c.subject, audit_log.c.after, audit_log.c.is_change)
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_nothing_is_noted_until_the_button_is_pressed_and_then_each_time(asked):
    press = button(format="CSV", filters="x")
    assert noted(asked) == []

    assert press(session.viewer()).decode("utf-8-sig").split() == ["Key", "a", "b", "c"]
    press(session.viewer())

    said = {"rows": 3, "format": "CSV", "filters": "x"}
    assert noted(asked) == [("export", "records saidi", said, False)] * 2


def test_a_file_that_cannot_be_made_is_not_noted(asked):
    def broken(_viewer):
        yield pd.DataFrame({"key": ["a"]})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        button(broken)(session.viewer())
    assert noted(asked) == []


def test_a_file_that_cannot_be_noted_does_not_leave(asked, monkeypatch):
    press = button()
    press(session.viewer())
    monkeypatch.setenv("AUDIT_KEY", "another one")

    with pytest.raises(WrongDatabase):
        press(session.viewer())
    assert len(noted(asked)) == 1


def test_the_rows_of_a_file_that_lies_there_already_are_given(asked):
    exports.noted_whole(lambda _viewer: b"x", "left_out outages", rows=7)(session.viewer())

    assert noted(asked)[0][2] == {"rows": 7}


def test_a_file_of_no_unit_stands_at_the_lowest_unit_above_all_that_the_viewer_sees(asked):
    build(asked)
    viewer = Viewer(None, "x", frozenset({"executive"}), Scope((COUNTY_A1, COUNTY_A2)))

    exports.noted_whole(lambda _viewer: b"x", "left_out outages", rows=7)(viewer)

    with asked.connect() as connection:
        assert connection.scalar(select(audit_log.c.org_unit_id)) == CITY_A
