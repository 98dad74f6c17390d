"""Rows of area_months and line_months from the steps of a bureau."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_access.measures import frequent
from data_access.measures.area_rows import AreaRows
from data_access.measures.frequent import Judged
from data_access.measures.outage_nature import EXTERNAL, FAULT, PASSED
from data_access.measures.request import Request
from data_access.measures.step_rows import is_momentary
from domain.frequent_outage import REASONS
from domain.periods import add_months, last_day, months_between
from domain.rule_sets import version_on

DAY, MONTH = "datetime64[D]", "datetime64[M]"


def first_day(request: Request) -> date:
    """First day of the planned outages that the first month-end of the request looks back on."""
    days = max(version.body["repeated_planned"]["days"] for version in request.rules["notices"])
    return frequent.as_of(request.first_month, request) - timedelta(days=days - 1)


def by_area(found: AreaRows, judged: Judged, request: Request) -> pd.DataFrame:
    """Rows of table area_months for the months of the request. judged: the same rows."""
    rows, users, reason = found.rows, found.users, judged.reason
    area = users["area"].to_numpy()  # a user is an area on a line; here the lines of an area are one
    months = months_between(request.first_month, request.last_month)
    first = np.datetime64(request.first_month, "M").astype(np.int64)
    month = rows["day"].to_numpy().astype(MONTH).astype(np.int64) - first
    of_area = area[rows["user"].to_numpy()]
    size = int(area.max(initial=-1)) + 1
    inside = (month >= 0) & (month < len(months))
    key = of_area * len(months) + month

    def total(chosen: np.ndarray, values: pd.Series | None = None) -> np.ndarray:
        chosen = chosen & inside
        sums = np.zeros(size * len(months), dtype=np.int64)
        np.add.at(sums, key[chosen], 1 if values is None else values.to_numpy()[chosen])
        return sums

    sustained, nature = rows["is_sustained"].to_numpy(), rows["nature"].to_numpy()
    fault = sustained & (nature & FAULT > 0)
    planned = (rows["kind"] == "planned").to_numpy()

    def longest(chosen: np.ndarray) -> np.ndarray:
        most = np.zeros(size * len(months), dtype=np.int64)
        np.maximum.at(most, key[chosen], rows["span_s"].to_numpy()[chosen])
        return most

    sums = {
        "interruptions": total(sustained),
        "seconds": total(sustained, rows["span_s"]),
        "longest_s": longest(inside),
        "interruptions_med": total(sustained & judged.is_med),
        "seconds_med": total(sustained & judged.is_med, rows["span_s"]),
        "longest_no_med_s": longest(inside & ~judged.is_med),
        "customers": total(sustained, rows["customers"]),
        "customer_s": total(sustained, rows["customer_s"]),
        "faults": total(fault),
        "external_faults": total(sustained & (nature & EXTERNAL > 0)),
        "passed_faults": total(sustained & (nature & PASSED > 0)),
        "faults_no_med": total(fault & ~judged.is_med),
        "customers_no_med": total(sustained & ~judged.is_med, rows["customers"]),
        "customer_s_no_med": total(sustained & ~judged.is_med, rows["customer_s"]),
        "fault_customer_s_no_med": total(fault & ~judged.is_med, rows["customer_s"]),
        "planned_in_window": _in_window(rows, of_area, sustained & planned, size, request),
        "planned_short": total(planned & ~sustained),
        "planned_open": total(planned & (rows["duration_s"].to_numpy() < 0)),
    } | {f"out_{name}": total(reason == place) for place, name in enumerate(REASONS)}
    whole = pd.DataFrame(sums)
    at = np.flatnonzero(whole.to_numpy().any(axis=1))
    user, place = np.unique(area, return_index=True)[1][at // len(months)], at % len(months)
    units = np.array([found.units_at(_first_day(month, request), last_day(month)) for month in months])
    of = users.iloc[user].reset_index(drop=True)
    result = whole.iloc[at].reset_index(drop=True)
    return result.assign(
        bureau_id=of["bureau_id"],
        area_code=of["area_code"],
        org_unit_id=units[place, user],
        month=np.array(months, dtype="datetime64[s]")[place],
    )


def _first_day(month: date, request: Request) -> date:
    """First day of the rows from which a row of the month is made."""
    return min(frequent.counted_from(frequent.as_of(month, request), request), month)


def _in_window(
    rows: pd.DataFrame, of_area: np.ndarray, chosen: np.ndarray, size: int, request: Request
) -> np.ndarray:
    """Planned outages in the days that end with each month of the request, by area and month."""
    months = months_between(request.first_month, request.last_month)
    counts = np.zeros((size, len(months)), dtype=np.int64)
    day, area = rows["day"].to_numpy().astype(DAY)[chosen], of_area[chosen]
    for place, month in enumerate(frequent.months_to_judge(request)):
        end = frequent.as_of(month, request)
        days = version_on(request.rules["notices"], end).body["repeated_planned"]["days"]
        recent = (day <= np.datetime64(end)) & (day > np.datetime64(end - timedelta(days=days)))
        counts[:, place] = np.bincount(area[recent], minlength=size)
    return counts.ravel()


def by_line(steps: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Rows of table line_months for the months of the request, from the steps of the units."""
    end = np.datetime64(add_months(request.last_month, 1))
    steps = steps[(steps["day"] >= np.datetime64(request.first_month)) & (steps["day"] < end)]
    steps = steps[~is_momentary(steps, request.rules["outages"])]
    duration = steps["duration_s"].clip(lower=0).to_numpy()
    other_day = ~frequent.is_major_event_day(
        steps["org_unit_id"].to_numpy(), steps["day"].to_numpy(), request
    )
    values = {name: steps[name].to_numpy() for name in ("customers", "mv_users")}
    values |= {"customer_s": values["customers"] * duration, "mv_user_s": values["mv_users"] * duration}
    values |= {f"{name}_no_med": np.where(other_day, one, 0) for name, one in values.items()}
    is_fault = steps["nature"].to_numpy() & FAULT > 0
    values["fault_customer_s_no_med"] = np.where(is_fault, values["customer_s_no_med"], 0)
    steps = steps.assign(month=steps["day"].to_numpy().astype(MONTH).astype("datetime64[s]"), **values)
    keys = ["bureau_id", "org_unit_id", "month", "line_code"]
    sums = steps.groupby(keys, observed=True)[list(values)].sum()
    events = steps.drop_duplicates([*keys, "outage_key"]).groupby(keys, observed=True).size()
    return sums.assign(outages=events).reset_index()
