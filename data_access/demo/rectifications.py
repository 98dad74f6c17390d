"""Rectification items of the invented company: rows as people's acts would have left them.

Like its people they have no rows in the audit log, since nobody acted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, insert, select

from data_access import rules, settings, stale
from data_access.demo.rectification_lives import Life, Person, Team, lived
from data_access.demo.rectification_works import Work
from data_access.rectification_acts import FOR_FIGURES, SOURCE
from data_access.tables import rectifications as tables
from data_access.tables.org import grants, org_units, people
from data_access.transactions import writing_all
from domain.periods import local_day, month_of
from domain.rectifications import item_number

Held = tuple[str, str, Person]  # role, code of the unit, who


def add(engine: Engine, works: Sequence[Work], day: date, random: np.random.Generator) -> None:
    """Store the items as they stand on the day, unless there are any; their figures are to be refreshed."""
    with writing_all(engine) as connection:
        if connection.execute(select(tables.rectifications.c.item_id).limit(1)).first():
            return
        held, zone = _people(connection), settings.company_timezone()
        lives = [
            lived(Life(work, _team(work, held, number), number, random, zone), day)
            for number, work in enumerate(_each(works))
        ]
        _store(connection, _numbered(lives))


def _each(works: Iterable[Work]) -> Iterator[Work]:
    """The works with those that a relapse made, each right after the one that failed."""
    for one in works:
        yield one
        if one.again is not None:
            yield replace(one.again, is_again=True)


def _people(connection: Connection) -> list[Held]:
    c = (grants.c.role, org_units.c.code, people.c.id, people.c.name)
    joined = grants.join(people, grants.c.person_id == people.c.id)
    joined = joined.join(org_units, grants.c.org_unit_id == org_units.c.id)
    rows = connection.execute(select(*c).select_from(joined).order_by(org_units.c.code, people.c.id))
    return [(row.role, row.code, (row.id, row.name)) for row in rows]


def _team(work: Work, held: Sequence[Held], number: int) -> Team:
    """Whoever is nearest works on it; the manager of the county verifies, or the one of the city."""

    def of(role: str, *lengths: int) -> list[Person]:
        mine = [one for one in held if one[0] == role and work.unit.startswith(one[1])]
        return [who for length in lengths for _role, code, who in mine if len(code) == length]

    lead, (county, city) = of("lead", 6)[0], of("manager", 6, 4)
    near = [*of("area_manager", 10), *of("manager", 8), lead]
    if work.about.object_kind == "line" and number % 3 == 0:
        near = [lead, *near[:-1]]
    co = near[1] if len(near) > 1 else near[0]
    is_handed = work.stage == "handed"
    return Team(lead, near[0], co, city if is_handed or number % 4 == 0 else county, county)


def _numbered(lives: list[Life]) -> list[Life]:
    """With item_id, in the order in which they were made, and the relapses linked."""
    zone, given = settings.company_timezone(), Counter[tuple[str, int]]()
    for one in sorted(lives, key=lambda life: life.values["created_at"]):
        key = one.values["bureau_id"], local_day(one.values["created_at"], zone).year
        given[key] += 1
        one.values["item_id"] = item_number(key[1], given[key])
    for first, second in pairwise(lives):
        if second.work.is_again:
            item_id, again_on = first.values["item_id"], first.work.relapsed_on
            second.values["reopen_of"] = item_id
            evidence = {"relapsed": item_id, "relapsed_on": f"{again_on}"}
            second.values |= {"evidence": evidence | second.values["evidence"], "found_on": again_on}
    return lives


def _store(connection: Connection, lives: Sequence[Life]) -> None:
    units = {row.code: row.id for row in connection.execute(select(org_units.c.code, org_units.c.id))}
    kinds = rules.current(connection, "measures")
    names = [column.name for column in tables.rectifications.c]
    defaults = dict.fromkeys(names) | {"verification": "", "cancelled_reason": "", "returned_times": 0}
    defaults |= {"progress_pct": 0}
    marks: set[tuple[int, str, date]] = set()
    last: Counter[tuple[str, int]] = Counter()
    items: list[dict[str, Any]] = []
    for one in lives:
        unit, kind = units[one.work.unit], kinds[one.work.kind]
        items.append(defaults | one.values | {"org_unit_id": unit, "measure_type": kind["type"]})
        days = (items[-1][name] for name in FOR_FIGURES)
        marks |= {(unit, SOURCE, month_of(day)) for day in days if isinstance(day, date)}
        last[one.values["bureau_id"], int(one.values["item_id"][1:5])] += 1
    connection.execute(insert(tables.rectifications), items)
    for table, parts in (
        (tables.rectification_log, [(one, one.log) for one in lives]),
        (tables.rectification_extensions, [(one, one.extensions) for one in lives]),
    ):
        connection.execute(insert(table), [
            {"bureau_id": one.values["bureau_id"], "item_id": one.values["item_id"], **row, "no": no}
            for one, rows in parts
            for no, row in enumerate(rows, 1)
        ])  # fmt: skip
    numbers = [{"bureau_id": key[0], "year": key[1], "last_no": count} for key, count in last.items()]
    connection.execute(insert(tables.rectification_numbers), numbers)
    stale.mark(connection, marks)
