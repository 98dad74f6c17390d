"""Places where others may damage a line: their patrols, and what befell the line.

Whether a patrol is late can be said only up to the day to which patrol records reach: a later one may have
been made and not been brought in. So each site is judged at the newest patrol of its key space by the day
that is asked for. Open sites are few and kept by hand: all of a unit are read, judged and put in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Connection, Engine, Select, and_, case, cast, func, or_, select

from data_access import rules
from data_access.kpi_refresh import last_run
from data_access.last_days import by_bureau
from data_access.scope import check_unit, inside, within
from data_access.seen_lines import seen_line
from data_access.tables.condition import damage_sites, patrols
from data_access.tables.grid import lines
from data_access.tables.org import org_units
from data_access.tables.risk import line_outages
from data_access.transactions import reading
from domain import damage_sites as judging
from domain import paging
from domain.periods import add_months, month_of
from domain.rule_sets import version_on
from domain.viewer import Scope

PAGE_SIZE = 50
MONTHS = 12
site = damage_sites.c
patrol = patrols.c


@dataclass(frozen=True)
class Sites:
    """Open sites of a unit: those of one page, and how many there are in all, late and due soon.

    known_from, known_to: the earliest and the latest day at which they were judged; None without any.
    """

    page: pd.DataFrame
    count: int
    late: int
    soon: int
    known_from: date | None
    known_to: date | None


def _open_sites(scope: Scope, unit_id: int, day: date, last_days: Mapping[int, date]) -> Select:
    """Sites that are open on the day, with their newest patrol by then and their line's external faults.

    last_days: of data, by bureau; faults are those of the 12 months that end with the month of that day.
    """
    each = patrols.alias("each").c
    newest = (
        select(each.patrol_key)
        .where(each.bureau_id == site.bureau_id, each.site_key == site.site_key, each.patrolled_on <= day)
        .order_by(each.patrolled_on.desc(), each.patrol_key.desc())
        .limit(1)
        .correlate(damage_sites)
        .scalar_subquery()
    )
    last_patrol = and_(patrol.bureau_id == site.bureau_id, patrol.patrol_key == newest)
    last = {bureau: month_of(min(its, day)) for bureau, its in last_days.items()}
    first = {bureau: add_months(its, 1 - MONTHS) for bureau, its in last.items()}
    first_month = by_bureau(lines.c.org_unit_id, first, add_months(month_of(day), 1 - MONTHS))
    last_month = by_bureau(lines.c.org_unit_id, last, month_of(day))
    faults = (
        select(func.coalesce(cast(func.sum(line_outages.c.external_faults), BigInteger), 0))
        .where(
            line_outages.c.bureau_id == site.bureau_id,
            line_outages.c.line_code == site.line_code,
            line_outages.c.org_unit_id == lines.c.org_unit_id,
            line_outages.c.month.between(first_month, last_month),
        )
        .correlate(damage_sites, lines)
        .scalar_subquery()
    )
    return (
        select(
            *(one for one in site if one.name != "batch_id"),
            lines.c.name.label("line_name"),
            org_units.c.name.label("unit_name"),
            org_units.c.name_en.label("unit_name_en"),
            patrol.patrolled_on.label("last_patrol_on"),
            patrol.next_due_on.label("set_due_on"),
            patrol.finding,
            case((within(lines.c.org_unit_id, scope), faults)).label("external_faults"),
        )
        .select_from(
            damage_sites.join(org_units, org_units.c.id == site.org_unit_id)
            .outerjoin(lines, seen_line(site.bureau_id, site.line_code, scope))
            .outerjoin(patrols, last_patrol)
        )
        .where(
            inside(site.org_unit_id, scope, unit_id),
            site.opened_on <= day,
            or_(site.closed_on.is_(None), site.closed_on > day),
        )
        .order_by(site.bureau_id, site.site_key)
    )


def _known_to(connection: Connection, scope: Scope, day: date) -> dict[str, date]:
    """By key space the day to which patrols are known, of the sites that the viewer sees."""
    same = and_(patrol.bureau_id == site.bureau_id, patrol.site_key == site.site_key)
    statement = (
        select(site.bureau_id, func.max(patrol.patrolled_on))
        .select_from(damage_sites.join(patrols, same))
        .where(within(site.org_unit_id, scope), patrol.patrolled_on <= day)
        .group_by(site.bureau_id)
    )
    return dict(connection.execute(statement).all())


def _judged(connection: Connection, scope: Scope, unit_id: int, day: date) -> pd.DataFrame:
    body: Any = version_on(rules.versions(connection, "risk"), day).body
    run = last_run(connection)
    result = connection.execute(_open_sites(scope, unit_id, day, run.last_days if run else {}))
    found = pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()), dtype=object)
    known = _known_to(connection, scope, day)
    every = [
        judging.every_days(kind, stated, body)
        for kind, stated in zip(found["kind"], found["patrol_every_days"], strict=True)
    ]
    of_site = zip(found["opened_on"], found["last_patrol_on"], found["set_due_on"], every, strict=True)
    due = [judging.due_on(*one) for one in of_site]
    known_to = [known.get(bureau, day) for bureau in found["bureau_id"]]
    at = list(zip(due, known_to, strict=True))
    found = found.assign(
        every_days=every,
        due_on=pd.Series(due, index=found.index, dtype=object),
        known_to=pd.Series(known_to, index=found.index, dtype=object),
        state=[judging.patrol_state(one, on, body) for one, on in at],
        days_late=pd.Series([(on - one).days for one, on in at], index=found.index, dtype="int64"),
        external_faults=found["external_faults"].astype("Int64"),
    )
    order = ["days_late", "bureau_id", "site_key"]
    return found.sort_values(order, ascending=[False, True, True], ignore_index=True)


def listed(
    engine: Engine,
    scope: Scope,
    unit_id: int,
    day: date,
    state: str = "",
    number: int = 1,
    size: int | None = PAGE_SIZE,
) -> Sites:
    """Page `number`, or the last, of the sites that are open on the day, the latest patrol first.

    state: one of domain.damage_sites.PATROL_STATES, '' for all; size None: all. Columns of the page: those of
    the site, line_name, unit_name, unit_name_en, last_patrol_on, finding (of it), every_days, due_on,
    known_to (day at which it is judged), state, days_late (negative before it is due), external_faults (of
    its line in the 12 months to the last month of data, as RL6 counts them at its end; null for a line that
    is not the viewer's). Raises NotFound.
    """
    with reading(engine, scope) as connection:
        check_unit(connection, scope, unit_id)
        found = _judged(connection, scope, unit_id, day)
    late, soon = (int((found["state"] == one).sum()) for one in ("late", "soon"))
    days = found["known_to"].tolist()
    chosen = found[found["state"] == state] if state else found
    if size is not None:
        before = paging.before(number, len(chosen), size)
        chosen = chosen.iloc[before : before + size]
    return Sites(
        chosen.reset_index(drop=True),
        int((found["state"] == state).sum()) if state else len(found),
        late,
        soon,
        min(days, default=None),
        max(days, default=None),
    )
