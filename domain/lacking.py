"""Which source lacks a figure, and for which months: the reason beside the dash."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.facts import Facts
from domain.kpis import COVERED

LOADED_WHOLE = ("outages", "promises", "notices", "lines")  # sources whose columns are sources too


def not_covered(facts: Facts, unit: int, needs: Iterable[str], months: Sequence[date]) -> str:
    """The reason: the source that has no day at all in the months, else the one with the fewest of them.

    A column of something that was not loaded at all is not what is missing: then that is named. Where some of
    the months are there, those that are not follow: not_covered:outages:2026-08,2026-09.
    """
    lacking = {need: _without_any_day(facts, unit, need, months) for need in needs}
    source = max(lacking, key=lambda one: len(lacking[one]))
    absent, whole = lacking[source], source.partition(".")[0]
    if whole in LOADED_WHOLE and set(absent) <= set(_without_any_day(facts, unit, whole, months)):
        source = whole
    reason = f"not_covered:{source}"
    named = ":" + ",".join(f"{one:%Y-%m}" for one in absent)
    return reason + named if 0 < len(absent) < len(months) else reason


def _without_any_day(facts: Facts, unit: int, source: str, months: Iterable[date]) -> list[date]:
    days = facts.row(unit, COVERED + source)
    places = ((month, facts.position(month)) for month in months)
    return [month for month, place in places if not (0 <= place < len(days) and days[place] > 0)]
