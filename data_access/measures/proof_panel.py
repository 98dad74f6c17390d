"""The outages of all lines and areas of a bureau month by month, as a proof compares them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, Table, select

from data_access import arrow_rows
from data_access import rectification_acts as acts
from data_access.measures import risk_objects
from data_access.measures.request import Request
from data_access.measures.risk_facts import CUSTOMERS, OF_KIND
from data_access.measures.risk_objects import CODES, Objects
from data_access.settings import company_timezone
from data_access.tables.kpi import area_months
from data_access.tables.rectifications import rectifications
from data_access.tables.risk import line_outages, risk_findings
from domain import proof_windows
from domain.periods import add_months, last_day, local_day, month_of, months_between
from domain.proof_windows import Panel
from domain.rectifications import Rectification

FINISHED = ("done", "closed")


@dataclass(frozen=True)
class World:
    """A bureau's panel, which object has which place in it, and who met which rule at which month-end.

    met: (rule, month) -> places.
    """

    panel: Panel
    objects: Objects
    met: dict[tuple[str, date], np.ndarray]

    def place(self, item: Rectification) -> int | None:
        """Place of the item's object; None where the bureau has no such line or area."""
        return self.objects.places.get(item.object_kind, {}).get((item.bureau_id, item.object_code))

    def met_with(self, item: Rectification) -> np.ndarray:
        """(objects,) true for who met one of the item's rules at the end of its time before."""
        found = np.zeros(len(self.panel.peer_group), dtype=bool)
        for rule in item.rules.split(";"):
            found[self.met.get((rule, item.before_to), [])] = True
        return found


def last_whole_month(request: Request) -> date:
    """The last month that the data reach to the end of."""
    month = month_of(request.as_of_day)
    return month if last_day(month) == request.as_of_day else add_months(month, -1)


def is_finished(item: Rectification) -> bool:
    """Whether its works are done, so that something can have come after them."""
    return item.status in FINISHED and item.done_at is not None


def items_of(connection: Connection, units: Sequence[int]) -> list[Rectification]:
    """All items of the units, by number."""
    c = rectifications.c
    statement = select(*acts.COLUMNS).where(c.org_unit_id.in_(units)).order_by(c.bureau_id, c.item_id)
    return [acts.item_of(row._mapping) for row in connection.execute(statement)]


def world(
    connection: Connection, units: Sequence[int], request: Request, finished: Sequence[Rectification]
) -> World | None:
    """The world that the finished items are judged in; None where no whole month is known.

    units: all of one bureau. An item that ended outside them, on an object inside, counts as works too.
    """
    months = months_between(min(one.before_from for one in finished), last_whole_month(request))
    if not months:
        return None
    objects = risk_objects.read(connection, units)
    frame = objects.frame
    line, own = frame["line"].to_numpy(), np.arange(len(frame))
    described = pd.DataFrame(
        {"peer_group": frame["object_kind"], "cluster": np.where(line >= 0, line, own)}, index=own
    )
    known = _known(objects, request, months)
    rows = _outages(connection, objects, units, months)
    found = proof_windows.panel(rows, described, known, months, _works(connection, objects))
    with_customers = known & _covered(objects, request, months, CUSTOMERS)
    amounts = {
        name: one if name == "outages" else np.where(with_customers, one, np.nan)
        for name, one in found.amounts.items()
    }
    return World(replace(found, amounts=amounts), objects, _met(connection, objects, units, finished))


def _covered(objects: Objects, request: Request, months: Sequence[date], source: str) -> np.ndarray:
    """objects x months: the source covers the month of the object's unit wholly."""
    units, place = np.unique(objects.frame["org_unit_id"].to_numpy(), return_inverse=True)
    return request.covered(source, units.tolist(), months)[place]


def _known(objects: Objects, request: Request, months: Sequence[date]) -> np.ndarray:
    """objects x months: covered, and in service from the first day to the last."""
    frame = objects.frame
    is_line = (frame["object_kind"] == "line").to_numpy()[:, None]
    by_kind = [_covered(objects, request, months, OF_KIND[kind]) for kind in ("line", "area")]
    firsts = np.array(months, dtype="datetime64[D]")
    afters = np.array([add_months(one, 1) for one in months], dtype="datetime64[D]")
    opened, closed = (
        frame[name].to_numpy().astype("datetime64[D]")[:, None] for name in ("opened_on", "closed_on")
    )
    stands = (np.isnat(opened) | (opened <= firsts)) & (np.isnat(closed) | (closed >= afters))
    return np.where(is_line, *by_kind) & stands


def _outages(
    connection: Connection, objects: Objects, units: Sequence[int], months: Sequence[date]
) -> pd.DataFrame:
    """Rows of object (its place), month, outages, customers, customer_s; without major event days."""
    lines, areas = line_outages.c, area_months.c
    parts = []
    for kind, table, outages in (
        ("line", line_outages, lines.outages_no_med),
        ("area", area_months, areas.interruptions - areas.interruptions_med),
    ):
        found = arrow_rows.read(connection, _amounts(table, kind, outages, units, months))
        place = objects.of(kind, found["bureau_id"], found[CODES[kind]])
        columns = {name: found[name].to_numpy() for name in proof_windows.OUTCOMES}
        month = found["month"].to_numpy().astype("datetime64[D]").astype(object)
        parts.append(pd.DataFrame({"object": place, "month": month, **columns}))
    return pd.concat(parts, ignore_index=True)


def _amounts(table: Table, kind: str, outages, units: Sequence[int], months: Sequence[date]) -> Select:
    c = table.c
    return select(
        c.bureau_id,
        c[CODES[kind]],
        c.month,
        outages.label("outages"),
        c.customers_no_med.label("customers"),
        c.customer_s_no_med.label("customer_s"),
    ).where(c.org_unit_id.in_(units), c.month.between(months[0], months[-1]), outages > 0)


def _works(connection: Connection, objects: Objects) -> pd.DataFrame:
    """object, first_month, last_month (None while they last) of everything that was ever begun."""
    c, zone, rows = rectifications.c, company_timezone(), []
    spaces = objects.frame["bureau_id"].unique().tolist()
    columns = (c.object_kind, c.bureau_id, c.object_code, c.started_at, c.assigned_at, c.done_at)
    statement = select(*columns, c.closed_at, c.status).where(c.bureau_id.in_(spaces))
    for row in connection.execute(statement):
        place = objects.places.get(row.object_kind, {}).get((row.bureau_id, row.object_code))
        began = row.started_at or row.assigned_at
        first = local_day(began, zone) if began else row.done_at
        if place is None or first is None or (row.status == "cancelled" and row.started_at is None):
            continue
        last = row.done_at or row.closed_at
        first = min(first, last) if last else first
        rows.append((place, month_of(first), month_of(last) if last else None))
    return pd.DataFrame(rows, columns=["object", "first_month", "last_month"], dtype=object)


def _met(
    connection: Connection, objects: Objects, units: Sequence[int], finished: Sequence[Rectification]
) -> dict[tuple[str, date], np.ndarray]:
    c = risk_findings.c
    months = sorted({one.before_to for one in finished})
    rules = sorted({rule for one in finished for rule in one.rules.split(";") if rule})
    keys = (c.object_kind, c.bureau_id, c.object_code, c.rule, c.month)
    statement = select(*keys).where(c.org_unit_id.in_(units), c.month.in_(months), c.rule.in_(rules))
    found: dict[tuple[str, date], list[int]] = {}
    for row in connection.execute(statement):
        place = objects.places[row.object_kind].get((row.bureau_id, row.object_code))
        if place is not None:
            found.setdefault((row.rule, row.month), []).append(place)
    return {key: np.array(sorted(places)) for key, places in found.items()}
