"""What stands in the database is text: no page reads it as Markdown or HTML, whatever somebody wrote."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from data_access.engine import engine_for
from tests import evil
from tests.evil import EVIL, TRICKS
from tests.pages.conftest import PAGES
from ui.plain import plain

SECTIONS = ("events", "causes", "calendar", "frequent", "worst", "promises", "ongoing")
ADMINISTRATOR = "3"  # of the demo
OPENED = [
    *((name, {}) for name in PAGES),
    *(("detail", {"kpi": kpi, "period": "12m"}) for kpi in ("saidi", "frequent_areas", "promise_kept_last")),
    *(("detail", {"kpi": "saidi", "view": view}) for view in ("records", "definition")),
    ("detail", {"kpi": "saidi", "view": "records", "cause": "tree", "period": "quarter", "end": "2026-09"}),
    *(("reliability", {"section": one, "period": "12m"}) for one in SECTIONS),
    *(("imports", {"view": view}) for view in ("history", "waiting")),
    ("imports", {"view": "waiting", "decided": "true"}),
    ("definitions", {"kpi": "saidi"}),
    ("records", {"record": "units", "as": ADMINISTRATOR}),
    *(("people", {"as": ADMINISTRATOR, **more}) for more in ({}, {"person": "7"}, {"view": "table"})),
    # What the address says is somebody's text too.
    ("detail", {"kpi": EVIL, "cause": EVIL}),
    ("overview", {"period": EVIL, "end": EVIL}),
    ("definitions", {"q": EVIL}),
    ("reliability", {"section": "frequent", "area": f"P|{EVIL}"}),
]


@pytest.fixture(scope="module")
def evil_url(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo company, in which every free text tries to be more than text."""
    path = tmp_path_factory.mktemp("evil") / "evil.db"
    shutil.copy(demo_template, path)
    engine = engine_for(f"sqlite:///{path}")
    evil.fill(engine)
    yield f"sqlite:///{path}"
    engine.dispose()


def texts(page: AppTest) -> list[tuple[str, str]]:
    """(where, text) of all that the page lets the browser read as Markdown or HTML."""

    def protos(node: Block) -> Iterator[object]:
        if getattr(node, "proto", None) is not None:
            yield node.proto
        for child in node.children.values():
            if isinstance(child, Block):
                yield from protos(child)
            elif isinstance(child, Element) and child.proto is not None:
                yield child.proto

    return [found for proto in protos(page._tree) for found in evil.as_markdown(proto)]


def tricked(found: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Where a trick stands as somebody wrote it; HTML of ours makes nothing of Markdown."""
    harmless = {"Html.body": TRICKS[1:]}
    return [
        (where, one, text[:300])
        for where, text in found
        for one in TRICKS
        if re.search(rf"(?<!\\){re.escape(one)}", text) and one not in harmless.get(where, ())
    ]


@pytest.mark.parametrize(("name", "said"), OPENED, ids=lambda one: str(one)[:60])
def test_no_page_makes_more_of_a_text_than_text(opened, evil_url, name, said):
    page = opened(evil_url, name, **said)

    assert list(page.exception) == []
    assert tricked(texts(page)) == []


@pytest.mark.parametrize("name", PAGES)
def test_english_names_are_text_too(opened, evil_url, name):
    page = opened(evil_url, name, "en")

    assert list(page.exception) == []
    assert tricked(texts(page)) == []


def test_the_texts_are_on_the_pages_all_the_same(opened, evil_url):
    """Otherwise the test above would hold for pages that show nothing."""
    for name, said, where in (
        ("overview", {}, "Markdown.body"),
        ("detail", {"kpi": "saidi", "period": "12m"}, "Markdown.body"),
        ("reliability", {"section": "worst", "period": "12m"}, "Markdown.body"),
        ("definitions", {"q": EVIL}, "Alert.body"),
    ):
        page = opened(evil_url, name, "zh", **said)
        assert any(at == where and plain(EVIL) in text for at, text in texts(page)), name


def test_a_file_is_shown_as_text_from_its_name_to_its_cells(opened, empty, tmp_path, monkeypatch):
    monkeypatch.setenv("UPLOADS", str(tmp_path / "uploads"))
    header = f"outage_key,step_key,unit,kind,cause,interrupted_at,{EVIL}\n"
    rows = f"o,s,{EVIL},{EVIL},{EVIL},2026-01-05 08:00,{EVIL}\n"
    page = opened(empty, "imports", "zh", kind="outages")
    page.get("file_uploader")[0].upload(f"{EVIL.replace('/', '')}.csv", (header + rows).encode())
    page.run()

    assert list(page.exception) == []
    assert page.selectbox(key="map_kind").value == "kind"
    assert tricked(texts(page)) == []


def _parts(evil: str) -> None:
    """Parts that appear only once a row was chosen or an import has run."""
    from zoneinfo import ZoneInfo

    import pandas as pd
    import streamlit as st

    from domain.errors import InvalidInput
    from domain.viewer import Scope, Viewer
    from ui import failures
    from ui.imports import history, progress, steps, views

    zone = ZoneInfo("Asia/Shanghai")
    boss = Viewer(1, evil, frozenset({"administrator"}), Scope((1,)))
    batch = {"id": 1, "kind": "outages", "file_name": evil, "state": "undone", "undone_by": evil}
    batch |= {"undo_reason": evil, "undone_at": pd.Timestamp("2026-01-01")}
    history.undo_form(pd.Series(batch), boss, zone)
    st.session_state["undo_reason_2"], st.session_state["undo_waits_2"] = evil, True
    history.undo_form(pd.Series(batch | {"state": "taken", "id": 2}), boss, zone)
    progress.running("outages", evil, 7, "2026-01-01")
    progress.taken("outages", evil, {"covers": ("2026-01-01", "2026-01-31"), "covers_units": [evil]})
    progress.failed({"code": "stopped", "by": evil})
    progress.failed({"code": "refused", "why": {"error": "InvalidInput", "code": evil}})
    steps.kept_file(evil)
    failures.shown(InvalidInput(evil))

    def refused() -> None:
        raise InvalidInput(evil)

    views.act(refused)


def test_parts_that_only_a_click_brings_show_text_as_text():
    page = AppTest.from_function(_parts, args=(EVIL,), default_timeout=30).run()

    assert list(page.exception) == []
    assert tricked(texts(page)) == []
    assert sum(plain(EVIL)[:20] in text for _where, text in texts(page)) >= 9
