"""The reliability page on the demo company: each section says its takeaway, and why a figure is missing."""

from urllib.parse import parse_qs

import pytest

from tests.pages.conftest import shown
from ui.reliability.sections import SECTIONS


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_from_its_address(opened, demo, section, lang):
    page = opened(demo, "reliability", lang, section=section, period="12m")

    assert not page.exception
    assert not page.error
    assert page.session_state["choose_section"] == section


def test_a_section_that_does_not_exist_falls_back_to_the_first(opened, demo):
    page = opened(demo, "reliability", section="nonsense")

    assert not page.exception
    assert page.session_state["choose_section"] == "events"


def test_both_figures_of_a_kpi_stand_beside_each_other(opened, demo):
    page = opened(demo, "reliability", "en", period="12m")

    table = page.dataframe[0].value
    assert {"All days", "Without major event days", "Difference"} <= set(table.columns)
    assert "Major event days make" in shown(page)


def test_causes_and_calendar_are_charts_with_a_name_and_a_table(opened, demo):
    for section in ("causes", "calendar"):
        page = opened(demo, "reliability", "en", section=section, period="12m")

        charts = page.get("vega_lite_chart")
        assert len(charts) == 1
        assert any("As table" in one.label for one in page.expander)


def test_the_calendar_links_to_the_records_of_its_worst_day(opened, demo):
    page = opened(demo, "reliability", "en", section="calendar", period="12m")
    link = next(one.proto for one in page.get("page_link") if one.proto.label.startswith("Records of"))

    said = parse_qs(link.query_string)
    assert (said["view"], said["period"], said["kpi"]) == (["records"], ["month"], ["saidi"])
    assert said["day"][0].startswith(said["end"][0])


def test_an_area_opens_its_history_with_a_reason_for_each_row_left_out(opened, demo):
    page = opened(demo, "reliability", "en", section="frequent", period="12m")
    areas = page.dataframe[0].value

    code = areas["Code"].iloc[0]
    bureau = _bureau_of(code, demo)
    page = opened(demo, "reliability", "en", section="frequent", period="12m", area=f"{bureau}|{code}")

    history = page.dataframe[0].value
    left_out = history[history["Counted"].str.startswith("✕")]
    assert len(history) > 0
    assert (left_out["Why not"] != "").all()
    # The year before is shown as far as the windows look back over New Year, but is not in the year's count.
    of_the_year = history[history["Began"].str[:4] == history["Began"].str[:4].max()]
    assert int(of_the_year["Counted"].str.startswith("✓").sum()) == int(areas["In the year"].iloc[0])


def test_the_changes_of_both_lists_are_a_table_on_demand(opened, demo):
    page = opened(demo, "reliability", "en", section="frequent", period="12m")
    said = next(one.value for one in page.caption if "since the month before" in one.value)
    assert all(word in said for word in ("new", "left", "decreased", "another label"))
    assert any(one.label == "Changes since the month before" for one in page.expander)


def _bureau_of(code: str, url: str) -> str:
    from sqlalchemy import select

    from data_access.engine import engine_for
    from data_access.tables.grid import areas
    from data_access.transactions import reading_all

    with reading_all(engine_for(url)) as connection:
        return connection.scalar(select(areas.c.bureau_id).where(areas.c.area_code == code))


def test_an_area_outside_the_scope_and_one_that_is_absent_look_the_same(opened, demo):
    page = opened(demo, "reliability", "en", section="frequent", area="nowhere|nothing")

    assert not page.exception
    assert any("Not found" in one.value for one in page.error)


def test_without_data_the_page_says_where_to_begin(opened, empty):
    page = opened(empty, "reliability", "en")

    assert not page.exception
    assert "Nothing has been brought in yet" in shown(page)


def test_nothing_is_compared_here_so_there_is_no_picker_for_it(opened, demo):
    assert [one.key for one in opened(demo, "detail", "en").get("button_group")].count("pick_compare") == 1
    assert "pick_compare" not in [one.key for one in opened(demo, "reliability", "en").get("button_group")]
