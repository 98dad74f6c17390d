"""The overview at the level that the data know: LV where there is LV, else MV under its own name."""

from datetime import date

import pytest
from sqlalchemy import Engine

from data_access import kpi_facts, overview
from data_access.kpi_refresh import refresh
from data_access.tables.rules import targets
from data_access.transactions import writing_all
from domain.overview import Overview
from domain.periods import Period
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.booked import ALL, at, book, cover, serve, step
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2, PROVINCE

MAY, APRIL = (
    Period("month", date(2026, 5, 1), date(2026, 5, 1)),
    Period("month", date(2026, 4, 1), date(2026, 4, 1)),
)
ONLY_MV = [one for one in ALL if one != "outages.customers"]
ALL_UNITS = Scope((PROVINCE,))


def read(engine: Engine, sources: list[str]) -> Overview:
    """City A in May: 2 of 100 MV users out for 300 min; of LV customers nothing is served."""
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 5, 31), CITY_A, sources)
    serve(engine, [APRIL.last, MAY.last], {COUNTY_A1: 60, COUNTY_A2: 40}, "MV")
    book(engine, step(COUNTY_A1, at(date(2026, 5, 10)), 300, None, mv_users=2))
    goal = {"kpi": "saidi_mv", "period_kind": "month", "period": "2026-05", "kind": "base", "value": 5}
    with writing_all(engine) as connection:
        row = {"bureau_id": "A", "org_unit_id": CITY_A, "for_below": False, "source": "", "version": 1}
        connection.execute(targets.insert().values(**row, **goal))
    refresh(engine)
    state = kpi_facts.data_state(engine, ALL_UNITS, CITY_A)
    return overview.read(engine, ALL_UNITS, CITY_A, MAY, APRIL, state)


def test_a_company_that_knows_only_mv_users_sees_mv_cards_and_exceptions(engine: Engine) -> None:
    """2 x 300 / 100 = 6 min, above the target of 5; SAIFI 0.02."""
    found = read(engine, ONLY_MV)

    cards = {one.kpi: one.reading for one in found.cards}
    assert (cards["saidi_mv"].value, cards["saifi_mv"].value) == (6, 0.02)
    assert cards["asai_mv"].value == pytest.approx(100 * (1 - 600 / (100 * 31 * 1440)))
    assert not {"saidi", "saifi", "asai"} & set(cards)
    assert found.exceptional_kpis() == ("saidi_mv",)


def test_where_lv_is_known_mv_does_not_stand_in(engine: Engine) -> None:
    """10 LV customers are served and none was out: 0 min, not the 6 min of MV."""
    company.build(engine)
    cover(engine, date(2026, 4, 1), date(2026, 5, 31), CITY_A)
    for level in ("LV", "MV"):
        serve(engine, [APRIL.last, MAY.last], {COUNTY_A1: 10, COUNTY_A2: 0}, level)
    book(engine, step(COUNTY_A1, at(date(2026, 5, 10)), 300, 0, mv_users=2))
    refresh(engine)
    state = kpi_facts.data_state(engine, ALL_UNITS, CITY_A)

    cards = {
        one.kpi: one.reading.value
        for one in overview.read(engine, ALL_UNITS, CITY_A, MAY, APRIL, state).cards
    }

    assert cards["saidi"] == 0
    assert "saidi_mv" not in cards


def test_where_neither_is_known_the_card_stays_and_says_why(engine: Engine) -> None:
    found = read(engine, ["outages"])

    cards = {one.kpi: one.reading for one in found.cards}
    assert cards["saidi"].value is None
    assert cards["saidi"].missing.startswith("not_covered:")
    assert "saidi_mv" not in cards
