"""Which day stands for a row: that of the city bureau below which its unit is."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Date, case, literal, select

from data_access.refresh_plan import ELSEWHERE
from data_access.tables.org import org_closure


def by_bureau(unit: ColumnElement[int], days: Mapping[int, date], without: date) -> ColumnElement[date]:
    """The day of the unit's bureau; days: by bureau, ELSEWHERE for units above; without: if unsaid."""
    otherwise = literal(days.get(ELSEWHERE, without), Date)
    known = {bureau: day for bureau, day in days.items() if bureau != ELSEWHERE}
    closure, of_bureaus = org_closure.c, []
    for day in sorted(set(known.values())):
        bureaus = [bureau for bureau, its in known.items() if its == day]
        below = select(closure.descendant_id).where(closure.ancestor_id.in_(bureaus))
        of_bureaus.append((unit.in_(below), literal(day, Date)))
    return case(*of_bureaus, else_=otherwise) if of_bureaus else otherwise
