"""Facts written by hand for tests of figures: one row per measure and month, fully covered unless said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from domain.kpis import COVERED, Catalogue, Kpi, parse
from domain.periods import add_months, days_in, months_between

COLUMNS = ["org_unit_id", "measure", "member", "month", "value"]

# A little catalogue of its own, so that the figures do not move with the product's.
CATALOGUE = """
[measure.minutes]
name_zh = ""
name_en = ""
unit = "min"
over_time = "sum"
needs = ["outages"]
dimensions = ["cause"]
[measure.interruptions]
name_zh = ""
name_en = ""
unit = "times"
over_time = "sum"
needs = ["outages"]
dimensions = ["cause"]
[measure.customers]
name_zh = ""
name_en = ""
unit = "customers"
over_time = "stock"
needs = ["customers"]
[measure.time]
name_zh = ""
name_en = ""
unit = "min"
over_time = "sum"
needs = ["customers"]
[measure.listed]
name_zh = ""
name_en = ""
unit = "areas"
over_time = "as_of"
needs = ["outages"]
window = "12m"
[measure.entered]
name_zh = ""
name_en = ""
unit = "areas"
over_time = "sum"
needs = ["outages"]
window = "12m"
[measure.areas]
name_zh = ""
name_en = ""
unit = "areas"
over_time = "stock"
needs = ["areas"]
[measure.left_out]
name_zh = ""
name_en = ""
unit = "steps"
over_time = "sum"
needs = ["outages"]
dimensions = ["reason"]
[kpi.saidi]
name_zh = ""
name_en = ""
numerator = "minutes"
denominator = "customers"
unit = "min/customer"
decimals = 1
better = "lower"
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
excluded = "left_out"
events = "interruptions"
[kpi.saidi_last]
name_zh = ""
name_en = ""
numerator = "minutes"
denominator = "customers"
stock = "last"
unit = "min/customer"
decimals = 1
better = "lower"
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
[kpi.saidi_seasonal]
name_zh = ""
name_en = ""
numerator = "minutes"
denominator = "customers"
seasonal = true
unit = "min/customer"
decimals = 1
better = "lower"
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
[kpi.caidi]
name_zh = ""
name_en = ""
numerator = "minutes"
denominator = "interruptions"
unit = "min/interruption"
decimals = 1
better = "lower"
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
[kpi.asai]
name_zh = ""
name_en = ""
numerator = ["time", "-minutes"]
denominator = "time"
factor = 100
unit = "%"
decimals = 3
better = "higher"
max_value = 100
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
[kpi.cemi]
name_zh = ""
name_en = ""
numerator = "listed"
denominator = "areas"
stock = "last"
factor = 100
unit = "%"
decimals = 1
better = "lower"
max_value = 100
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
flow = "entered"
[kpi.count]
name_zh = ""
name_en = ""
numerator = "interruptions"
unit = "count"
decimals = 0
better = "lower"
source_zh = ""
source_en = ""
formula_zh = ""
formula_en = ""
"""


def little_catalogue() -> Catalogue:
    """Measures and KPIs as simple as can be."""
    return parse(CATALOGUE)


def kpi(name: str) -> Kpi:
    """One of the little catalogue's KPIs."""
    return little_catalogue().kpis[name]


def frame(rows: Iterable[Sequence]) -> pd.DataFrame:
    """Facts of (org_unit_id, measure, month, value) or (org_unit_id, measure, member, month, value)."""
    full = [row if len(row) == 5 else (row[0], row[1], "", row[2], row[3]) for row in rows]
    return pd.DataFrame(full, columns=COLUMNS)


def covered(
    units: Iterable[int], first: date, last: date, needs: Iterable[str] = ("outages", "customers", "areas")
) -> list[tuple]:
    """Rows that say every day from the first to the last month is covered."""
    months = months_between(first, last)
    return [
        (unit, COVERED + need, "", month, days_in(month))
        for unit in units
        for need in needs
        for month in months
    ]


def monthly(
    first: date, series: Mapping[str, Sequence[int]], unit: int = 1, needs: Sequence[str] | None = None
) -> pd.DataFrame:
    """Facts of one unit from measures with one value per month, every month covered."""
    length = max(len(values) for values in series.values())
    rows = [
        (unit, measure, "", add_months(first, place), value)
        for measure, values in series.items()
        for place, value in enumerate(values)
    ]
    kept = needs or ("outages", "customers", "areas")
    return frame([*rows, *covered([unit], first, add_months(first, length - 1), kept)])
