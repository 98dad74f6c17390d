"""Which restoration time the list of outages that last shows: the one told last, wherever it was told."""

from data_access import ongoing_outages
from domain.viewer import Scope
from tests.data_access import company
from tests.data_access.company import COUNTY_A1, HOME, PROVINCE
from tests.data_access.steps import local, step, write

ALL = Scope((PROVINCE,))


def told(number, hour, promised, outage="o", step_key=None):
    return {
        "bureau_id": HOME[COUNTY_A1], "promise_key": f"{outage}{number}", "outage_key": outage,
        "step_key": step_key, "told_at": local(f"2026-03-01 {hour:02}:00"),
        "promised_at": local(f"2026-03-01 {promised:02}:00"),
    }  # fmt: skip


def shown(engine):
    found, _count = ongoing_outages.listed(engine, ALL, PROVINCE)
    return dict(zip(found["outage_key"], found["promised_at"], strict=True))


def test_what_was_told_last_is_shown_and_not_what_stood_on_the_step(engine):
    company.build(engine)
    lasting = step("o", COUNTY_A1, "a", "2026-03-01 10:00", None, promised_at=local("2026-03-01 12:00"))
    write(engine, [lasting], promises=[told(1, 11, 14), told(2, 13, 18), told(3, 12, 23)])

    assert shown(engine) == {"o": local("2026-03-01 18:00")}


def test_without_a_message_the_time_on_the_step_is_shown(engine):
    company.build(engine)
    lasting = step("o", COUNTY_A1, "a", "2026-03-01 10:00", None, promised_at=local("2026-03-01 12:00"))
    write(engine, [lasting], promises=[told(1, 11, 14, outage="another")])

    assert shown(engine) == {"o": local("2026-03-01 12:00")}


def test_what_was_told_to_customers_who_are_back_is_not_shown(engine):
    company.build(engine)
    back = step("o", COUNTY_A1, "a", "2026-03-01 10:00", 60)
    lasting = step("o", COUNTY_A1, "b", "2026-03-01 10:00", None)
    write(engine, [back, lasting], promises=[told(1, 11, 14), told(2, 12, 15, step_key=back["step_key"])])

    assert shown(engine) == {"o": local("2026-03-01 14:00")}
