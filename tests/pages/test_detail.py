"""The detail page: every KPI opens, in each view, down to the lowest unit; the charts name their takeaway."""

import pytest

from domain.kpis import catalogue
from tests.pages.conftest import shown

KPIS = [
    "saidi",
    "frequent_areas",
    "promise_kept_last",
    "planned_notice_timely",
    "cemi",
    "faults_over_limit_no_med",
]


@pytest.mark.parametrize("view", ["analysis", "records", "definition"])
@pytest.mark.parametrize("kpi", KPIS)
def test_a_kpi_opens_in_each_view(opened, demo, kpi, view):
    page = opened(demo, "detail", "en", kpi=kpi, view=view)

    assert list(page.exception) == []
    assert list(page.error) == []


def test_every_kpi_of_the_catalogue_opens(opened, demo):
    """One page, one KPI after the other, as a person would pick them."""
    page = opened(demo, "detail", "zh")
    for kpi in catalogue().kpis:
        page.selectbox(key="pick_kpi").set_value(kpi).run()
        assert list(page.exception) == [], kpi


def test_every_chart_says_its_takeaway(opened, demo):
    page = opened(demo, "detail", "en", kpi="saidi")
    charts = page.get("vega_lite_chart")

    assert len(charts) >= 3
    assert all(one.proto.alt for one in charts)


@pytest.mark.parametrize("period", ["month", "quarter", "ytd", "12m", "year"])
@pytest.mark.parametrize("compare", ["previous", "last_year", "target"])
def test_every_period_and_comparison_opens(opened, demo, period, compare):
    page = opened(demo, "detail", "en", kpi="saidi", period=period, compare=compare)

    assert list(page.exception) == []


def test_the_title_is_the_message(opened, demo):
    page = opened(demo, "detail", "en", kpi="saidi")
    title = next(one.proto.body for one in page.get("html") if 'class="cs-headline"' in one.proto.body)

    assert "SAIDI" in title
    assert "min/cust." in title


def test_the_lowest_unit_opens(opened, demo):
    """It has nothing below: no ranking, no contribution of units."""
    page = opened(demo, "detail", "en", kpi="saidi")
    for _step in ("the last station", "its last grid"):
        units = page.selectbox(key="pick_unit")
        units.select_index(len(units.options) - 1).run()

    assert list(page.exception) == []
    assert "lowest unit" in shown(page)


def test_an_unknown_kpi_is_named_and_what_is_shown_instead(opened, demo):
    page = opened(demo, "detail", "en", kpi="nonsense")

    assert "There is no indicator “nonsense”; SAIDI is shown instead." in shown(page)
    assert "There is no indicator" not in shown(opened(demo, "detail", "en", kpi="saifi"))
