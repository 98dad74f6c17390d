"""Every page opens, with demo data and without any, in both languages, and whatever the URL says."""

from datetime import date

import pytest

from data_access import org_units, people
from data_access.engine import engine_for
from data_access.transactions import reading_all
from tests.pages.conftest import PAGES, person_as, shown

OF_A_UNIT = ("overview", "detail", "reliability")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_demo_data(opened, demo, name, lang):
    page = opened(demo, name, lang, **{"as": person_as(demo, "administrator")})

    assert list(page.exception) == []
    assert list(page.error) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_any_data(opened, empty, name, lang):
    page = opened(empty, name, lang)

    assert list(page.exception) == []
    assert list(page.error) == []


@pytest.mark.parametrize("name", OF_A_UNIT)
def test_an_empty_database_says_what_to_do_next(opened, empty, name):
    """Not an error, and no figures that would look like zeros."""
    text = shown(opened(empty, name, "en"))

    assert "Nothing has been brought in yet" in text
    assert "Go to the imports page" in text


@pytest.mark.parametrize("name", OF_A_UNIT)
@pytest.mark.parametrize(
    "said",
    [
        {"period": "decade", "end": "yesterday", "compare": "nothing"},
        {"end": "1999-01"},
        {"end": "9999-12"},
        {"kpi": "no_such_kpi", "view": "none", "parts": "none", "records_page": "-3"},
        {"kpi": "' OR 1=1 --", "records_page": "99999999999999999999"},
        {"view": "records", "records_page": "4000"},
    ],
    ids=lambda said: "&".join(said),
)
def test_a_senseless_url_falls_back(opened, demo, name, said):
    page = opened(demo, name, "en", **said)

    assert list(page.exception) == []
    assert list(page.error) == []


@pytest.mark.parametrize("name", OF_A_UNIT)
def test_a_foreign_unit_and_an_absent_one_look_the_same(opened, demo, name):
    """Who sees one city must not learn which units another one has."""
    somebody, foreign = _who_sees_little(demo)
    said = []
    for code in (foreign, "NO-SUCH-UNIT"):
        page = opened(demo, name, "en")
        page.session_state["viewer_id"] = somebody
        page.query_params["unit"] = code
        page.run()
        assert list(page.exception) == []
        said.append([one.value for one in page.error])

    assert said == [["Not found, or outside the units that you may see."]] * 2


def _who_sees_little(url: str) -> tuple[int, str]:
    """One of the demo's people who does not see everything, and the code of a unit outside."""
    engine = engine_for(url)
    with reading_all(engine) as connection:
        every = org_units.all_units(connection)
    for person in people.choosable(engine, date(2026, 11, 1)):
        scope = people.viewer_for(engine, person.id, date(2026, 11, 1)).scope
        outside = set(every) - set(org_units.visible(engine, scope))
        if outside:
            return person.id, every[max(outside)].code
    raise AssertionError("everybody sees everything")


def test_a_page_in_chinese_shows_no_english_button(opened, demo):
    """Names such as SAIDI stay; words do not."""
    page = opened(demo, "detail", "zh")
    labels = [one.proto.label for one in page.get("page_link")]

    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in label) for label in labels)


def test_a_reload_keeps_the_person_that_was_chosen(opened, demo):
    """The URL names the demo's person; a foreign or unknown one falls back to the first."""
    page = opened(demo)
    first = page.selectbox(key="pick_viewer").value
    other = _who_sees_little(demo)[0]
    page.selectbox(key="pick_viewer").set_value(other).run()

    assert page.query_params["as"] == str(other)
    again = opened(demo, **{"as": str(other)})
    assert again.selectbox(key="pick_viewer").value == other
    assert all(f"as={other}" in one.proto.query_string for one in again.get("page_link"))
    for unknown in ("999999", "x", "-1"):
        assert opened(demo, **{"as": unknown}).selectbox(key="pick_viewer").value == first


def test_with_real_data_nobody_becomes_another_by_the_url(opened, empty):
    assert "local administrator" in shown(opened(empty, lang="en", **{"as": "1"}))
