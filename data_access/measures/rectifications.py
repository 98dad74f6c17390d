"""Rectification items by month: kept in time, overdue, relapsed, judged by what came after (X01 to X04).

An item counts on its unit. X02 is told from the days of each item, never from its state of today. store()
keeps the proofs of the items (proof_stored.py) and marks relapses, which make items of their own; so it comes
after what says which outages and which findings there were.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access.measures import proof_panel, proof_stored, relapses, risk, step_rows
from data_access.measures.frequent import as_of, months_to_judge
from data_access.measures.request import Request, frame
from data_access.rectification_acts import SOURCE
from data_access.tables.proofs import rectification_proofs
from domain import rectification_months as months_of
from domain.periods import month_of
from domain.rectifications import Rectification
from domain.relapse import rule_of
from domain.rule_sets import version_on

SOURCES = risk.SOURCES | {SOURCE}
MEASURES = frozenset(
    {
        "rectifications_due",
        "rectifications_on_time",
        "rectifications_undecided",
        "rectifications_due_excluded",
        "rectifications_overdue",
        "rectifications_became_overdue",
        "rectifications_relapse_known",
        "rectifications_relapsed",
        "rectifications_relapse_open",
        "rectifications_judged",
        "rectifications_effective",
        "rectifications_not_judged",
    }
)
STORED_WINDOW = "1200m"  # a proof looks back to before its item, however long the works took
USES_AS_OF = True
LATER_TOO = True
STAGE = 2
OF_BUREAU = True
Count = tuple[str, str, date]  # measure, reason, month


def store(engine: Engine, holder: str, request: Request) -> None:
    """Relapses and proofs, bureau by bureau; repeating it does no harm. Raises Busy."""
    for units in step_rows.groups_of_units(request):
        relapses.store(engine, holder, units, request)
        proof_stored.store(engine, holder, units, request)


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    months = months_to_judge(request)
    if not months:
        return frame([])
    units = sorted(request.city_of) if request.units is None else request.units
    judged = _judged(connection, units)
    found: Counter[tuple[int, Count]] = Counter()
    for item in proof_panel.items_of(connection, units):
        for count in _counts(item, months, request, judged):
            if months[0] <= count[2] <= months[-1]:
                found[item.org_unit_id, count] += 1
    rows = []
    for (unit, (measure, reason, month)), value in sorted(found.items()):
        rows.append((unit, measure, "", "", "month", month, value))
        if reason:
            rows.append((unit, measure, "reason", reason, "month", month, value))
    values = frame(rows)
    keys = [name for name in values if name != "value"]
    values["period_start"] = pd.to_datetime(values["period_start"]).astype("datetime64[s]")
    return values.groupby(keys, as_index=False, sort=False)["value"].sum() if len(values) else values


def _judged(connection: Connection, units) -> dict[tuple[str, str], tuple[str, str, str]]:
    """(verdict, stage, reason) on outages by item."""
    c = rectification_proofs.c
    keys = (c.bureau_id, c.item_id, c.verdict, c.stage, c.reason)
    rows = connection.execute(select(*keys).where(c.org_unit_id.in_(units), c.outcome == "outages"))
    return {(row.bureau_id, row.item_id): (row.verdict, row.stage, row.reason) for row in rows}


def _counts(item: Rectification, months: list[date], request: Request, judged) -> Iterator[Count]:
    """What the item counts for, month by month."""
    if (due := item.original_due) is not None:
        yield from _by_due(item, due, request)
    first = months_of.became_overdue_on(item)
    if first is not None and first <= request.as_of_day:
        yield "rectifications_became_overdue", "", month_of(first)
    for month in months:
        if months_of.was_overdue(item, as_of(month, request)):
            yield "rectifications_overdue", "", month
    yield from _by_relapse(item, request)
    yield from _by_proof(item, request, judged)


def _by_relapse(item: Rectification, request: Request) -> Iterator[Count]:
    if item.done_at is None:
        return
    rule = rule_of(request.rules["rectification"], item.done_at)
    if (known_on := months_of.relapse_known_on(item, rule["days"])) is not None:
        is_open = known_on > request.as_of_day
        yield f"rectifications_relapse_{'open' if is_open else 'known'}", "", month_of(known_on)
        if item.relapsed_on is not None and not is_open:
            yield "rectifications_relapsed", "", month_of(known_on)


def _by_due(item: Rectification, due: date, request: Request) -> Iterator[Count]:
    month = month_of(due)
    if item.status == "cancelled":
        yield "rectifications_due_excluded", "cancelled", month
        return
    kept = months_of.kept(item, due, as_of(month, request))
    yield ("rectifications_undecided" if kept is None else "rectifications_due"), "", month
    if kept:
        yield "rectifications_on_time", "", month


def _by_proof(item: Rectification, request: Request, judged) -> Iterator[Count]:
    if item.done_at is None:
        return
    windows = version_on(request.rules["proof"], item.done_at).body["windows"]
    month = months_of.final_month(item, windows["final_from"])
    if month is None or not months_of.is_over(month, request.as_of_day):
        return
    verdict, stage, reason = judged.get((item.bureau_id, item.item_id), ("too_early", "too_early", ""))
    if reason or stage != "final":
        yield "rectifications_not_judged", reason or "few_months", month
        return
    yield "rectifications_judged", "", month
    if verdict == "effective":
        yield "rectifications_effective", "", month
