"""Views in the menu, and the line that says what is filtered."""

import shutil

import pytest
from sqlalchemy import event

from data_access import people, saved_views
from data_access.engine import engine_for
from domain.periods import local_today
from domain.saved_views import SavedView
from tests.pages.conftest import shown
from ui import session, views


@pytest.fixture(autouse=True)
def _forgotten():
    views._listed.clear()
    yield
    views._listed.clear()


@pytest.fixture(scope="module")
def own(demo_template, tmp_path_factory):
    """Address of a demo company that these tests alone write views into."""
    path = tmp_path_factory.mktemp("views") / "demo.db"
    shutil.copy(demo_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def url(own):
    """The same, without any view."""
    engine = engine_for(own)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM saved_views")
    return own


def unfolded(page):
    """The page with its views unfolded."""
    page.session_state["views"] = True
    return page.run()


def _who(url, role):
    engine, today = engine_for(url), local_today(session.zone())
    one = next(one for one in people.choosable(engine, today) if one.role == role)
    return people.viewer_for(engine, one.id, today)


def _names(page):
    return [one.label for one in page.button if str(one.key).startswith("open_view_")]


def test_a_page_is_saved_with_its_filters_and_opened_again(opened, url):
    page = unfolded(opened(url, "detail", "en", kpi="saifi", period="quarter", end="2026-09"))
    assert "No view is saved yet" in shown(page)
    page.text_input(key="view_name_0").set_value("Third quarter")
    page.button(key="FormSubmitter:save_view-Save view").click().run()

    [view] = saved_views.listed(engine_for(url), _who(url, "manager"))
    assert (view.name, view.page, view.query) == (
        "Third quarter",
        "detail",
        "end=2026-09&kpi=saifi&period=quarter",
    )
    assert view.org_unit_id is None
    assert _names(page) == ["Third quarter"]
    other = unfolded(opened(url, "overview", "en"))
    other.button(key=f"open_view_{view.id}").click().run()

    assert list(other.exception) == []
    assert dict(other.query_params) == {"kpi": "saifi", "period": "quarter", "end": "2026-09", "lang": "en"}
    assert "SAIFI" in shown(other)


def test_a_view_of_a_unit_is_seen_by_those_below_it(opened, url):
    page = unfolded(opened(url, "overview", "en", unit="0601", period="quarter"))
    whose = next(one for one in page.get("button_group") if str(one.key).startswith("view_for_"))
    assert len(whose.options) == 2
    whose.set_value("shared")
    page.text_input(key="view_name_0").set_value("For the city")
    page.button(key="FormSubmitter:save_view-Save view").click().run()

    assert _names(page) == ["For the city"]
    assert [one.is_mine for one in saved_views.listed(engine_for(url), _who(url, "manager"))] == [True]


def test_a_name_that_is_taken_is_said_and_nothing_is_lost(opened, url):
    saved_views.save(engine_for(url), _who(url, "manager"), "x", "overview", {})
    page = unfolded(opened(url, "overview", "en"))
    page.text_input(key="view_name_0").set_value("x")
    page.button(key="FormSubmitter:save_view-Save view").click().run()

    assert [one.value for one in page.error] == [
        "There is a view called “x” already. Choose another name, or delete that one first."
    ]
    assert page.text_input(key="view_name_0").value == "x"


def test_a_view_is_deleted_at_once(opened, url):
    number = saved_views.save(engine_for(url), _who(url, "manager"), "x", "overview", {})
    page = unfolded(opened(url, "overview", "en"))
    page.button(key=f"delete_view_{number}").click().run()

    assert _names(page) == []
    assert saved_views.listed(engine_for(url), _who(url, "manager")) == []


def test_somebody_else_s_view_of_a_unit_has_no_button_to_delete_it(opened, url):
    boss = _who(url, "executive")
    number = saved_views.save(engine_for(url), boss, "x", "overview", {}, boss.scope.roots[0])
    page = unfolded(opened(url, "overview", "en"))

    assert _names(page) == ["x"]
    assert [one for one in page.button if one.key == f"delete_view_{number}"] == []


def test_what_a_view_names_and_is_gone_falls_back_or_is_not_found_as_for_any_address(opened, url):
    engine, viewer = engine_for(url), _who(url, "manager")
    gone = saved_views.save(engine, viewer, "gone", "overview", {"unit": "NO-SUCH-UNIT"})
    odd = saved_views.save(engine, viewer, "odd", "detail", {"period": "decade", "kpi": "none", "view": "x"})
    saved_views.save(engine, viewer, "no page", "no_such_page", {})
    page = unfolded(opened(url, "definitions", "en"))
    assert _names(page) == ["gone", "odd"]
    page.button(key=f"open_view_{gone}").click().run()
    assert [one.value for one in page.error] == ["Not found, or outside the units that you may see."]

    page = unfolded(opened(url, "definitions", "en"))
    page.button(key=f"open_view_{odd}").click().run()
    assert list(page.exception) == list(page.error) == []
    assert "There is no indicator “none”" in shown(page)


def test_a_view_of_a_page_that_the_role_has_not_is_not_offered(opened, url):
    saved_views.save(engine_for(url), _who(url, "manager"), "x", "records", {})

    assert _names(unfolded(opened(url, "overview", "en"))) == []  # the demo's first person is a manager


def test_a_rerun_reads_no_views(opened, url):
    """The list is asked for once a minute and person at most, and not at all while it is folded away."""
    read = []
    event.listen(
        engine_for(url), "before_cursor_execute",
        lambda _c, _u, statement, *_rest: read.append(statement) if "saved_views" in statement else None,
    )  # fmt: skip
    page = opened(url, "overview", "en")
    assert read == []
    unfolded(page)
    assert len(read) == 1
    page.run()
    assert len(read) == 1


def test_opening_keeps_who_looks_and_drops_every_other_filter():
    one = SavedView(1, "x", "overview", "period=year&unit=06", None, "y", True, True)

    found = views.address(one, {"lang": "en", "as": "7", "end": "2026-01", "kpi": "saidi"})

    assert found == {"period": "year", "unit": "06", "lang": "en", "as": "7"}


@pytest.mark.parametrize(
    ("name", "said", "lang", "words"),
    [
        (
            "overview", {"period": "quarter", "end": "2026-09", "compare": "previous"}, "zh",
            "已筛选：季度 · 至2026年9月 · 对比环比",
        ),
        ("detail", {"end": "2026-09"}, "en", "Filtered: to Sep 2026"),
        (
            "detail",
            {"view": "records", "cause": "tree", "kind": "fault", "day": "2026-10-03", "counted": "no"}, "en",
            "Filtered: one cause · Fault · 2026-10-03 · Only not counted",
        ),
        ("reliability", {"section": "causes", "level": "mv"}, "en", "Filtered: MV users"),
    ],
)  # fmt: skip
def test_what_differs_from_the_default_is_said_and_taken_back(opened, demo, name, said, lang, words):
    page = opened(demo, name, lang, unit="06", **said)
    assert words in [one.value for one in page.caption]

    page.button(key="reset_filters").click().run()
    kept = {"lang", "unit", "view", "section"} & {*said, "lang", "unit"}
    assert set(dict(page.query_params)) == kept
    assert [one for one in page.button if one.key == "reset_filters"] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("overview", {}),
        ("overview", {"period": "month", "compare": "last_year", "end": "2026-10"}),
        ("overview", {"period": "decade", "end": "never"}),
        ("detail", {"kpi": "saifi", "view": "definition"}),
        ("detail", {"view": "records", "day": "never", "month": "x", "counted": "perhaps"}),
        ("reliability", {"section": "worst", "compare": "previous", "level": "x"}),
        ("definitions", {}),
    ],
)
def test_on_the_default_there_is_no_such_line(opened, demo, name, said):
    page = opened(demo, name, "en", **said)

    assert [one for one in page.button if one.key == "reset_filters"] == []


def test_the_search_of_definitions_is_taken_back(opened, demo):
    page = opened(demo, "definitions", "en", q="saidi", group="reliability")
    page.button(key="reset_filters").click().run()

    assert page.text_input(key="q").value == ""
    assert set(dict(page.query_params)) == {"lang"}
