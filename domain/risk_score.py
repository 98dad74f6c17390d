"""How many customer-minutes a line or area is expected to cost in the next 12 months: lambda x m.

lambda = 12 x (a + faults) / (b + months), a = b x the peers' faults per month: how often, from at most 24
months observed. m = (n x own + k x peers') / (n + k): customer-minutes per fault, major event days left out.
Both lean on the peers (objects of the same kind in the same city bureau) the more, the less is known of the
object itself: the worst of last year would else be forecast too high. b is prior_months, k prior_faults.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

WINDOW_MONTHS = 24
YEAR_MONTHS = 12
TERMS = ("faults_expected", "own_minutes_per_fault", "minutes_per_fault", "expected_min")


@dataclass(frozen=True)
class Peers:
    """Rates of all objects of a kind together; NaN where nothing was observed."""

    faults_month: float
    minutes_per_fault: float


def peers(faults: np.ndarray, months: np.ndarray, timed: np.ndarray, customer_s: np.ndarray) -> Peers:
    """The rates of objects: faults in their observed months; timed faults and customer-seconds of these."""
    every, observed, known = int(faults.sum()), int(months.sum()), int(timed.sum())
    return Peers(
        every / observed if observed else np.nan, int(customer_s.sum()) / 60 / known if known else np.nan
    )


def scores(
    faults: np.ndarray,
    months: np.ndarray,
    timed: np.ndarray,
    customer_s: np.ndarray,
    of_peers: Peers,
    weights: Mapping[str, Any],
) -> dict[str, np.ndarray]:
    """The TERMS of each object, NaN where they cannot be known; expected_min in whole customer-minutes.

    faults of the months observed; timed: those of them, without major event days, whose customers are known,
    and customer_s their customer-seconds. weights: section score of rule set risk. Without a fault whose
    customers are known anywhere among the peers there are no minutes, unless no fault is expected at all.
    """
    prior, k = weights["prior_months"], weights["prior_faults"]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = YEAR_MONTHS * (prior * of_peers.faults_month + faults) / (prior + months)
        own = customer_s / 60 / timed
        shrunk = (customer_s / 60 + k * of_peers.minutes_per_fault) / (timed + k)
    minutes = np.where(expected == 0, 0.0, np.rint(expected * shrunk))
    return dict(zip(TERMS, (expected, np.where(timed > 0, own, np.nan), shrunk, minutes), strict=True))
