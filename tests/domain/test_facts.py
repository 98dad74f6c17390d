"""How early facts must be read so that windows before a period are known, by the rules in force."""

from dataclasses import replace
from datetime import date

from domain import ratios, rule_sets
from domain.periods import Period
from domain.rule_sets import RuleVersion
from tests.figures import kpi, little_catalogue, monthly

MEASURES = little_catalogue().measures
SAIDI, CEMI = kpi("saidi"), kpi("cemi")
JAN, MAR = date(2026, 1, 1), date(2026, 3, 1)
OF_YEAR = {
    name: replace(one, window="year") if one.window == "12m" else one for name, one in MEASURES.items()
}
OF_DAYS = {
    name: replace(one, window="days") if one.window == "12m" else one for name, one in MEASURES.items()
}


def version(rule_set, section, **changed):
    """The rules with other values, in force from the beginning."""
    first = rule_sets.first_version(rule_set)
    return {rule_set: [RuleVersion(rule_set, 1, first.valid_from, {**first.body, section: changed})]}


def test_windows_say_how_early_to_read():
    assert ratios.first_month_needed([CEMI, SAIDI], MAR, MEASURES) == date(2025, 4, 1)
    assert ratios.first_month_needed([SAIDI], MAR, MEASURES) == MAR


def test_a_list_of_the_calendar_year_is_read_from_the_60_days_before_it_unless_the_rules_stop_there():
    """60 days before 1 January begin on 2 November; what they bring on the list stays on it all year."""
    within_year = version("frequent_outage", "windows", cross_year=False)

    assert ratios.first_month_needed([CEMI], JAN, OF_YEAR) == date(2025, 11, 1)
    assert ratios.first_month_needed([CEMI], MAR, OF_YEAR) == date(2025, 11, 1)
    assert ratios.first_month_needed([CEMI], MAR, OF_YEAR, within_year) == JAN


def test_windows_of_days_are_as_long_as_the_rules_say():
    """60 days to 31 March begin on 31 January; 120 on 2 December."""
    longer = version("notices", "repeated_planned", days=120, operator=">=", outages=2)

    assert ratios.first_month_needed([CEMI], MAR, OF_DAYS) == JAN
    assert ratios.first_month_needed([CEMI], MAR, OF_DAYS, longer) == date(2025, 12, 1)


def listed(measures, first, month, rules=None):
    """CEMI at the end of the month, covered from the first month on."""
    length = (month.year - first.year) * 12 + month.month - first.month + 1
    found = monthly(first, {"listed": [1] * length, "areas": [10] * length})
    return ratios.total(ratios.facts(found, rules=rules), CEMI, Period("month", month, month), measures)


def test_a_list_whose_60_days_before_new_year_are_not_covered_is_partial():
    within_year = version("frequent_outage", "windows", cross_year=False)

    assert listed(OF_YEAR, JAN, JAN).is_partial
    assert listed(OF_YEAR, JAN, MAR).is_partial
    assert not listed(OF_YEAR, date(2025, 11, 1), JAN).is_partial
    assert not listed(OF_YEAR, JAN, JAN, within_year).is_partial


def test_a_reading_says_how_many_days_its_window_has():
    longer = version("notices", "repeated_planned", days=120, operator=">=", outages=2)

    assert (listed(OF_DAYS, JAN, MAR).window_days, listed(OF_DAYS, JAN, MAR).is_partial) == (60, False)
    assert (listed(OF_DAYS, JAN, MAR, longer).window_days, listed(OF_DAYS, JAN, MAR, longer).is_partial) == (
        120,
        True,
    )
