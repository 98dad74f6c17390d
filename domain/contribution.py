"""Which units and causes a KPI's change comes from; the parts sum to the change exactly.

Unit i with its share w of the denominator and its own ratio r, R the total's ratio, bars = means of the two
periods: rate part = w_bar x dr, mix part = (r_bar - R_bar) x dw. Causes: n1/D1 - n0/D0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from domain.facts import Facts
from domain.kpis import Kpi, Measure
from domain.periods import Period
from domain.ratios import dimensions_of, member_amounts
from domain.readings import Reading, change, total

DIRECT = 0  # org_unit_id of the row "directly at this unit"


@dataclass(frozen=True)
class Contribution:
    """The change of a KPI between two periods and its parts, in the KPI's unit.

    rows, largest |part| first. Units: org_unit_id (0 = directly at this unit), value_before, value_now,
    weight_before, weight_now (shares of the denominator), rate_part, mix_part, part. Causes: member,
    numerator_before, numerator_now, part. missing: '' or why there is nothing to part: missing | partial.
    """

    before: float | None
    now: float | None
    change: float | None
    rows: pd.DataFrame
    missing: str = ""


UNIT_COLUMNS = [
    "org_unit_id",
    "value_before",
    "value_now",
    "weight_before",
    "weight_now",
    "rate_part",
    "mix_part",
    "part",
]
MEMBER_COLUMNS = ["member", "numerator_before", "numerator_now", "part"]


def by_unit(
    facts: Facts,
    kpi: Kpi,
    now: Period,
    before: Period,
    measures: Mapping[str, Measure],
    unit_id: int,
    child_ids: Iterable[int],
) -> Contribution:
    """Parts of unit_id's change by the units directly below it and by what is booked on it itself.

    facts: kpi_facts.children_monthly over both periods. A unit below whose figures are missing counts as
    absent; what the parent has of it then stands in the row "directly at this unit".
    """
    whole = total(facts, kpi, before, measures, unit_id), total(facts, kpi, now, measures, unit_id)
    units = {
        child: tuple(_sides(total(facts, kpi, period, measures, child)) for period in (before, now))
        for child in child_ids
    }
    return of_sides(kpi, whole, units)


def of_sides(
    kpi: Kpi,
    whole: tuple[Reading, Reading],
    units: Mapping[int, tuple[tuple[float, float], tuple[float, float]]],
) -> Contribution:
    """Parts from the (numerator, denominator) of each unit before and now."""
    compared = change(kpi, whole[1], whole[0])
    if compared.missing:
        return _nothing(whole, compared.missing, UNIT_COLUMNS)
    totals = tuple((one.numerator or 0, one.denominator or 0) for one in whole)
    direct = tuple(
        tuple(totals[time][side] - sum(unit[time][side] for unit in units.values()) for side in (0, 1))
        for time in (0, 1)
    )
    scale = kpi.factor / kpi.divisor
    everything = dict(units)
    if any(
        abs(one) > 1e-9 * max(1, abs(of))
        for pair, whole_pair in zip(direct, totals, strict=True)
        for one, of in zip(pair, whole_pair, strict=True)
    ):
        everything[DIRECT] = direct
    rows = [(unit, *_parts(sides, totals, scale)) for unit, sides in everything.items()]
    return _contribution(whole, compared.absolute, pd.DataFrame(rows, columns=UNIT_COLUMNS))


def _sides(reading: Reading) -> tuple[float, float]:
    if reading.missing and reading.missing != "zero_denominator":
        return 0, 0
    return reading.numerator or 0, reading.denominator or 0


def _parts(
    sides: tuple[tuple[float, float], ...], totals: tuple[tuple[float, float], ...], scale: float
) -> tuple[float | None, float | None, float, float, float, float, float]:
    """value before and now, weight before and now, rate part, mix part, part of one unit.

    What a unit has in the numerator without any denominator of its own (outages of a county whose customers
    are all counted in its stations) has no ratio: it stands in the rate part as it is.
    """
    if not totals[0][1] and not totals[1][1]:  # a count: nothing to divide by, so no mix
        values = [scale * numerator for numerator, _ in sides]
        part = values[1] - values[0]
        return values[0], values[1], 0.0, 0.0, part, 0.0, part
    weights = [side[1] / whole[1] for side, whole in zip(sides, totals, strict=True)]
    own = [scale * side[0] / side[1] if side[1] else None for side in sides]
    loose = [
        0.0 if side[1] else scale * side[0] / whole[1] for side, whole in zip(sides, totals, strict=True)
    ]
    known = [
        one if one is not None else other
        for one, other in zip(own, reversed(own), strict=True)  # absent: the other period's ratio
    ]
    rate_part, mix_part = loose[1] - loose[0], 0.0
    if known[0] is not None and known[1] is not None:
        mean_total = sum(scale * whole[0] / whole[1] for whole in totals) / 2
        rate_part += (weights[0] + weights[1]) / 2 * (known[1] - known[0])
        mix_part = ((known[0] + known[1]) / 2 - mean_total) * (weights[1] - weights[0])
    return own[0], own[1], weights[0], weights[1], rate_part, mix_part, rate_part + mix_part


def by_member(
    totals: Facts,
    members: Facts,
    kpi: Kpi,
    now: Period,
    before: Period,
    measures: Mapping[str, Measure],
    unit_id: int | None = None,
    dimension: str = "cause",
) -> Contribution:
    """Parts of a unit's change by cause (or another dimension): n1 / D1 - n0 / D0.

    missing also "no_break_down" where the numerator is not kept by the dimension. What has no member stands
    under ''.
    """
    whole = total(totals, kpi, before, measures, unit_id), total(totals, kpi, now, measures, unit_id)
    compared = change(kpi, whole[1], whole[0])
    if compared.missing or dimension not in dimensions_of(kpi, measures):
        return _nothing(whole, compared.missing or "no_break_down", MEMBER_COLUMNS)
    amounts = [
        {
            member: pair[0]
            for member, pair in member_amounts(totals, members, kpi, period, measures, reading).items()
        }
        for period, reading in zip((before, now), whole, strict=True)
    ]
    for reading, known in zip(whole, amounts, strict=True):
        if rest := (reading.numerator or 0) - sum(known.values()):
            known[""] = known.get("", 0) + rest
    scale = kpi.factor / kpi.divisor
    by = [scale / one.denominator if kpi.denominator else scale for one in whole]
    rows = []
    for member in dict.fromkeys([*amounts[0], *amounts[1]]):
        old, new = (known.get(member, 0) for known in amounts)
        rows.append((member, old, new, new * by[1] - old * by[0]))
    return _contribution(whole, compared.absolute, pd.DataFrame(rows, columns=MEMBER_COLUMNS))


def _contribution(
    whole: tuple[Reading, Reading], difference: float | None, rows: pd.DataFrame
) -> Contribution:
    order = rows["part"].abs().sort_values(ascending=False, kind="stable").index
    return Contribution(whole[0].value, whole[1].value, difference, rows.loc[order].reset_index(drop=True))


def _nothing(whole: tuple[Reading, Reading], missing: str, columns: list[str]) -> Contribution:
    return Contribution(whole[0].value, whole[1].value, None, pd.DataFrame(columns=columns), missing)


def top(contribution: Contribution, kpi: Kpi, limit: int = 3) -> pd.DataFrame:
    """The units that make most of the change: of its direction, largest first, whichever that is.

    What rounds to 0 as it is shown is left out, and so is a unit whose own ratio did not move that way: its
    part comes from its weight alone, and it would be named for what it did not do.
    """
    rows = contribution.rows
    if rows.empty or not round(contribution.change or 0, kpi.decimals):
        return rows.head(0)
    direction = 1 if contribution.change > 0 else -1
    made = (rows[["part", "rate_part"]].astype(float) * direction).round(kpi.decimals) > 0
    return rows[made.all(axis=1)].head(limit).reset_index(drop=True)
