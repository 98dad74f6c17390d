"""What refresh asks of a builder of measures, and what a builder is.

A builder is a module data_access/measures/<subject>.py with

- SOURCES: kinds of stale marks (data_access/stale.py) that its values depend on. "major_events" belongs in it
  where values depend on med_days; "lines" and "areas" where rows of those tables change the values;
- MEASURES: ids of the catalogue that it delivers, `_med` twins included;
- own_values(connection, request): one row per unit, measure, dimension, member, grain and period with the
  sum of the facts booked on the unit itself (nothing rolled up); no zero rows. It only reads;
- USES_AS_OF (optional, default False): values depend on as_of_day, the last day of data of the units' city
  bureau, so the months from the old to the new day are computed again when it moves;
- STAGE (optional, default 0): 1 where it reads tables that builders of stage 0 store, and so on;
- OF_BUREAU (optional, default False): values of a unit depend on its whole bureau, so a change of one unit
  computes all units of the bureau again;
- STORED_WINDOW (optional): how far a change reaches in the tables that it stores, where that is farther than
  in its measures;
- LASTING (optional): kinds of marks of what lasts from the marked month on, to the end of the data;
- LATER_TOO (optional, default False): what happens after the last month of data touches what it stores:
  people work on today, while data may be weeks old;
- store(engine, holder, request) (optional): writes its own tables (area_months ...) for the request in short
  transactions, each of which keeps the lease of the holder; called before own_values, must be repeatable.

For the months of a request a builder returns everything of the units of the request: what it leaves out is
deleted. Values of a full request and of small ones must be the same rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain.rule_sets import RuleVersion

COLUMNS = ["org_unit_id", "measure", "dimension", "member", "grain", "period_start", "value"]


@dataclass(frozen=True)
class Request:
    """Which units and months to compute, and what they are judged by."""

    units: tuple[int, ...] | None  # None: all units
    first_month: date
    last_month: date  # whole months; for as-of measures: the month-ends to compute
    as_of_day: date  # last day of data of these units' bureau, company zone
    rules: Mapping[str, Sequence[RuleVersion]]  # published versions by rule set, oldest first
    med_days: pd.DataFrame  # columns org_unit_id (city bureau), day; all that are in force
    city_of: Mapping[int, int]  # unit -> unit whose major event days hold for it
    # (source, units, months) -> by unit and month, whether the source covers the month wholly
    covered: Callable[[str, Sequence[int], Sequence[date]], np.ndarray]

    @property
    def only(self) -> frozenset[int] | None:
        """The units as a set; None: all."""
        return None if self.units is None else frozenset(self.units)


def frame(rows: Iterable[tuple]) -> pd.DataFrame:
    """Own values from tuples in the order of COLUMNS, zero rows left out."""
    return pd.DataFrame([row for row in rows if row[-1]], columns=COLUMNS)
