"""The facts that the rules of risk are judged by, of the objects of a bureau; see domain/risk_rules.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access import arrow_rows
from data_access.measures import risk_condition, risk_objects
from data_access.measures.risk_objects import Objects
from data_access.tables.kpi import frequent_outage_list
from domain.periods import add_months, last_day, months_between
from domain.risk_score import WINDOW_MONTHS, YEAR_MONTHS

Covered = Callable[[str, Sequence[int], Sequence[date]], np.ndarray]  # as Request.covered
CUSTOMERS = "outages.customers"
OF_KIND = {"line": "outages.line_code", "area": "outages.area_code"}
BEFORE = WINDOW_MONTHS - 1  # months read before the first that is judged


@dataclass(frozen=True)
class RiskFacts:
    """What a run of month-ends is judged by.

    months: those whose ends are judged. By object and month, from BEFORE months earlier on: counts, seen (the
    month was observed), timed (and with the customers of outages). listed: object, month, state, total.
    frames: the facts that are not of a month.
    """

    objects: Objects
    months: Sequence[date]
    counts: Mapping[str, np.ndarray]
    seen: np.ndarray
    timed: np.ndarray
    listed: pd.DataFrame
    frames: Mapping[str, pd.DataFrame]

    def window(self, name: str, place: int, months: int) -> np.ndarray:
        """Sum of a count over the months that end with the month at the place."""
        end = BEFORE + place + 1
        return self.counts[name][:, end - months : end].sum(axis=1)

    def at(self, place: int) -> dict[str, pd.DataFrame]:
        """The facts at the end of the month at the place, as the rules read them."""
        month = np.datetime64(self.months[place], "M")
        names = ("faults", "external_faults", "passed_faults")
        counted = {name: self.window(name, place, YEAR_MONTHS) for name in names}
        is_line = (self.objects.frame["object_kind"] == "line").to_numpy()
        counts = pd.DataFrame({"object": np.arange(len(is_line)), "is_line": is_line, **counted})
        ends = self.listed["month"].to_numpy().astype("datetime64[M]").searchsorted([month, month + 1])
        return {**self.frames, "counts": counts, "listed": self.listed.iloc[slice(*ends)]}


def read(
    connection: Connection,
    units: Sequence[int],
    limits: Mapping[date, Mapping[str, Any]],
    covered: Covered,
) -> RiskFacts:
    """The facts of the registered lines and areas of the units, for the month-ends; months hang together.

    limits: the months, each with section RL2 of the version of rule set risk that judges it.
    """
    months = list(limits)
    objects = risk_objects.read(connection, units)
    every = months_between(add_months(months[0], -BEFORE), months[-1])
    seen, timed = _observed(objects, every, covered)
    told_at = _summed(every, seen, timed) if len(months) == 1 else dict(zip(every, every, strict=True))
    counts = risk_objects.counts(connection, objects, units, told_at)
    listed = _listed(connection, objects, units, months)
    frames = risk_condition.frames(connection, objects, units, limits)
    return RiskFacts(objects, months, counts, seen, timed, listed, frames)


def _observed(objects: Objects, months: Sequence[date], covered: Covered) -> tuple[np.ndarray, np.ndarray]:
    """By object and month: whether it was observed, and whether customers of outages are known too.

    A month is observed where outages by line or area cover it wholly and the object was there from its first
    day; the open month never is.
    """
    frame = objects.frame
    units, unit = np.unique(frame["org_unit_id"].to_numpy(), return_inverse=True)
    seen = np.zeros((len(frame), len(months)), dtype=bool)
    for kind, source in OF_KIND.items():
        mine = (frame["object_kind"] == kind).to_numpy()
        seen[mine] = covered(source, units.tolist(), months)[unit[mine]]
    opened = frame["opened_on"].to_numpy().astype("datetime64[D]")[:, None]
    seen &= np.isnat(opened) | (opened <= np.array(months, dtype="datetime64[D]")[None, :])
    return seen, seen & covered(CUSTOMERS, units.tolist(), months)[unit]


def _summed(months: Sequence[date], seen: np.ndarray, timed: np.ndarray) -> dict[date, date]:
    """Each month with the one to be summed with: of the same half of the window, observed alike.

    Only a single month-end asks for no more; then the database sums a large bureau's rows sooner than it
    gives them. Where some objects were observed in a month and others not, every month stands alone.
    """
    whole, known = seen.all(axis=0), timed.all(axis=0)
    if not ((whole | ~seen.any(axis=0)) & (known | ~timed.any(axis=0))).all():
        return dict(zip(months, months, strict=True))
    first: dict[tuple, date] = {}
    half = len(months) - YEAR_MONTHS
    return {
        month: first.setdefault((place < half, whole[place], known[place]), month)
        for place, month in enumerate(months)
    }


def _listed(
    connection: Connection, objects: Objects, units: Sequence[int], months: Sequence[date]
) -> pd.DataFrame:
    """Lines and areas on the frequent-outage or warning list; an area on several lines by its worst entry."""
    entry = frequent_outage_list.c
    columns = (entry.subject, entry.bureau_id, entry.code, entry.as_of, entry.state, entry.total)
    statement = select(*columns).where(
        entry.org_unit_id.in_(units),
        entry.as_of.between(months[0], last_day(months[-1])),
        entry.is_worst.is_(True),
    )
    rows = arrow_rows.read(connection, statement)
    is_line = rows["subject"].to_pandas().astype(object).to_numpy() == "line"
    both = [objects.of(kind, rows["bureau_id"], rows["code"]) for kind in ("line", "area")]
    frame = pd.DataFrame(
        {
            "object": np.where(is_line, *both),
            "month": rows["as_of"].to_numpy().astype("datetime64[M]").astype("datetime64[s]"),
            "state": rows["state"].to_pandas().astype(object),
            "total": rows["total"].to_numpy(),
        }
    )
    return frame[frame["object"] >= 0].sort_values(["month", "object"], ignore_index=True)
