"""The facts that the rules of risk are judged by, of the objects of a bureau; see domain/risk_rules.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access import arrow_rows
from data_access.measures import risk_objects
from data_access.measures.risk_objects import Objects
from data_access.tables.kpi import frequent_outage_list
from domain.periods import add_months, last_day, months_between
from domain.risk_score import WINDOW_MONTHS, YEAR_MONTHS


@dataclass(frozen=True)
class RiskFacts:
    """What a run of month-ends is judged by.

    months: those whose ends are judged. counts: by object and month, from BEFORE months earlier on. frames:
    the facts that are not of a month. listed: object, month, state, total.
    """

    objects: Objects
    months: Sequence[date]
    counts: dict[str, np.ndarray]
    listed: pd.DataFrame
    frames: dict[str, pd.DataFrame]

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
        mine = self.listed["month"].to_numpy().astype("datetime64[M]") == month
        return self.frames | {"counts": counts, "listed": self.listed[mine]}


BEFORE = WINDOW_MONTHS - 1  # months read before the first that is judged


def read(connection: Connection, units: Sequence[int], months: Sequence[date]) -> RiskFacts:
    """The facts of the registered lines and areas of the units, for the month-ends; months hang together."""
    objects = risk_objects.read(connection, units)
    counts = risk_objects.counts(connection, objects, units, add_months(months[0], -BEFORE), months[-1])
    listed = _listed(connection, objects, units, months)
    return RiskFacts(objects, months, counts, listed, {})


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


def every_month(first: date, last: date) -> list[date]:
    """The months from first to last; none where last is earlier."""
    return list(months_between(first, last)) if last >= first else []
