"""The overview: eight cards with a word for everything, links that keep the choice."""

from urllib.parse import parse_qs

from data_access.kpi_refresh import refresh
from tests.data_access.importing import OUTAGES, company, take
from tests.pages.conftest import shown


def _links(page) -> list[dict[str, list[str]]]:
    return [parse_qs(one.proto.query_string) for one in page.get("page_link")]


def test_there_are_eight_cards_and_each_says_what_it_is(opened, demo):
    """A colour never stands alone: each chip and each variation has its word."""
    page = opened(demo, lang="en")
    cards = [one.proto.body for one in page.get("html") if 'class="cs-value"' in one.proto.body]

    assert len(cards) == 8
    words = ("met", "watch", "not met", "no target", "not judged")
    assert all(any(word in card for word in words) for card in cards)
    signals = ("normal variation", "above", "below", "near", "too few")
    assert all(any(word in card for word in signals) for card in cards)


def test_a_card_opens_its_detail_with_unit_period_and_comparison(opened, demo):
    page = opened(demo, lang="en", period="quarter", compare="previous")
    opening = [link for link in _links(page) if "kpi" in link]

    assert len(opening) >= 8
    assert all(link["period"] == ["quarter"] and link["compare"] == ["previous"] for link in opening)


def test_the_menu_keeps_the_choice(opened, demo):
    page = opened(demo, lang="en", period="ytd")

    assert all(link["period"] == ["ytd"] for link in _links(page)[:6])


def test_demo_data_say_so(opened, demo):
    assert "invented company" in shown(opened(demo, lang="en"))
    assert "虚构" in shown(opened(demo, lang="zh"))


def test_real_data_carry_no_demo_banner(opened, empty):
    page = opened(empty, lang="en")

    assert "invented company" not in shown(page)
    assert "local administrator" in shown(page)


def test_one_city_of_two_loaded_shows_its_figures(opened, empty, sqlite_engine, tmp_path):
    """The province's own stay missing, each with its reason."""
    company(sqlite_engine, tmp_path)
    take(
        sqlite_engine,
        tmp_path,
        "outages",
        "\n".join(OUTAGES.splitlines()[:4]),
        covers="2024-03-01..2024-04-30",
    )
    refresh(sqlite_engine)

    for unit in ("P", "C1"):
        page = opened(empty, lang="en", unit=unit)
        assert not page.exception
        assert "No month is complete yet" not in shown(page)
        assert page.selectbox(key="pick_end").options == ["Apr 2024", "Mar 2024"]
    assert "no data: outage records" in shown(opened(empty, lang="en", unit="C2"))


def test_an_as_of_card_prints_its_window(opened, demo):
    cards = [
        one.proto.body for one in opened(demo, lang="en").get("html") if 'class="cs-value"' in one.proto.body
    ]

    assert any("this year to 20" in card for card in cards)
