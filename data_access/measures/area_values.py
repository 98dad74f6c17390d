"""As-of counts of areas made from area_months: CEMI, CELID and repeated planned outages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_access.measures import frequent
from data_access.measures.request import Request
from data_access.measures.stocks import is_in_service
from domain.frequent_outage import REASONS
from domain.periods import add_months
from domain.rule_sets import holds, version_on

AREA = ["bureau_id", "area_code"]
OF_CITY, OF_UNIT = ["city", *AREA], ["org_unit_id", *AREA]
READ = (
    "interruptions", "seconds", "longest_s", "interruptions_med", "seconds_med", "longest_no_med_s",
    "planned_in_window",
)  # fmt: skip
CUSTOMER = ("cemi_areas", "celid_s_areas", "celid_t_areas")
FLOWS = {
    "areas_planned_excluded": {"planned_short": "momentary"},
    "areas_planned_open": {"planned_open": ""},
    "frequent_excluded": {f"out_{reason}": reason for reason in REASONS},
}
SUMMED = tuple(column for columns in FLOWS.values() for column in columns)
BEFORE = 12  # months read before the request: the window of the month-end before it


@dataclass(frozen=True)
class _Homes:
    """The units in order; place[area, month] of each area's at each month-end of the request."""

    units: np.ndarray
    place: np.ndarray
    months: Sequence[date]


def values(
    rows: pd.DataFrame, flows: pd.DataFrame, register: pd.DataFrame, request: Request
) -> list[pd.DataFrame]:
    """Own values with columns org_unit_id, measure, dimension, member, month, value; zeros among them.

    rows: the columns READ of area_months of the request and of the twelve months before. flows: sums of the
    columns SUMMED by unit and month. register: the registered areas with opened_on and closed_on.
    """
    months = frequent.months_to_judge(request)
    found = [_flow(flows, columns, measure) for measure, columns in FLOWS.items()]
    found = [frame for frames in found for frame in frames]
    rows = rows.astype(dict.fromkeys(["org_unit_id", *READ], "int64"))
    rows["city"] = rows["org_unit_id"].map(dict(request.city_of))  # in which an area counts once
    begin = np.datetime64(add_months(request.first_month, -BEFORE), "M")
    places, stored = pd.factorize(rows["month"])
    month = (pd.to_datetime(stored).to_numpy().astype("datetime64[M]") - begin).astype(np.int64)[places]
    area = rows.groupby(OF_CITY, sort=False, observed=True).ngroup().to_numpy()
    one_each = (
        rows.drop_duplicates(OF_CITY)[OF_UNIT]
        .astype({"bureau_id": object, "area_code": object})
        .merge(register.assign(is_registered=True).astype({"org_unit_id": "int64"}), on=OF_UNIT, how="left")
    )
    shape = (len(one_each), BEFORE + len(months))
    inside = month < shape[1]

    def by_month(name: str) -> np.ndarray:
        whole = np.zeros(shape, dtype=np.int64)
        whole[area[inside], month[inside]] = rows[name].to_numpy()[inside]
        return whole

    unit = np.repeat(one_each["org_unit_id"].to_numpy()[:, None], shape[1], axis=1)
    unit[area[inside], month[inside]] = rows["org_unit_id"].to_numpy()[inside]
    units, place = np.unique(unit[:, BEFORE:], return_inverse=True)
    homes = _Homes(units, place.reshape(len(one_each), len(months)), months)
    for measure, (met, without) in _customers_met(by_month, one_each, months, request).items():
        found += _as_of(met, homes, measure)
        found.append(_count((met & ~without)[:, 1:], homes, f"{measure}_med"))
        found.append(_entered(without, homes, f"{measure}_entered_no_med"))
    planned = by_month("planned_in_window")[:, BEFORE - 1 :]
    again = np.column_stack(
        [_repeatedly(planned[:, place], month, request) for place, month in enumerate(_ends(months))]
    )
    found.append(_count((planned > 0)[:, 1:], homes, "areas_planned"))
    return found + _as_of(again, homes, "areas_planned_repeatedly")


def _flow(flows: pd.DataFrame, columns: Mapping[str, str], measure: str) -> list[pd.DataFrame]:
    """Sums of each month, by reason where columns give reasons, and in all."""
    month = pd.to_datetime(flows["month"]).to_numpy().astype("datetime64[M]")
    base = pd.DataFrame(
        {"org_unit_id": flows["org_unit_id"].astype("int64"), "month": month, "measure": measure}
    )
    value = {column: flows[column].astype("int64") for column in columns}
    found = [
        base.assign(dimension="reason", member=reason, value=value[column])
        for column, reason in columns.items()
        if reason
    ]
    return [*found, base.assign(dimension="", member="", value=sum(value.values()))]


def _ends(months: Sequence[date]) -> list[date]:
    """The months judged, with the one before."""
    return [add_months(months[0], -1), *months]


def _customers_met(
    by_month: object, one_each: pd.DataFrame, months: Sequence[date], request: Request
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Which areas meet the thresholds of 12 months, at the month-end before the request and at each of it.

    By all interruptions, and by those that did not begin on a major event day.
    Only areas that are registered and open on the day, as in the denominator.
    """
    registered = one_each["is_registered"].eq(True).to_numpy()
    standing = one_each.assign(
        **{name: pd.to_datetime(one_each[name]) for name in ("opened_on", "closed_on")}
    )
    interruptions, seconds = by_month("interruptions"), by_month("seconds")
    every_day = (interruptions, by_month("longest_s"), seconds)
    other_days = (
        interruptions - by_month("interruptions_med"),
        by_month("longest_no_med_s"),
        seconds - by_month("seconds_med"),
    )
    met: dict[str, tuple[list, list]] = {name: ([], []) for name in CUSTOMER}
    for place, month in enumerate(_ends(months)):
        body = version_on(request.rules["reliability"], month).body
        served = registered & is_in_service(standing, month)
        window = slice(place, place + BEFORE)
        for side, counts in enumerate((every_day, other_days)):
            often, longest, total = (one[:, window] for one in counts)
            which = (
                holds(often.sum(axis=1), body["cemi"]["operator"], body["cemi"]["interruptions"]),
                longest.max(axis=1, initial=0) >= body["celid_single"]["hours"] * 3600,
                total.sum(axis=1) >= body["celid_total"]["hours"] * 3600,
            )
            for name, meets in zip(CUSTOMER, which, strict=True):
                met[name][side].append(served & meets)
    return {name: (np.column_stack(every), np.column_stack(other)) for name, (every, other) in met.items()}


def _repeatedly(counts: np.ndarray, month: date, request: Request) -> np.ndarray:
    rule = version_on(request.rules["notices"], frequent.as_of(month, request)).body["repeated_planned"]
    return (counts > 0) & holds(counts, rule["operator"], rule["outages"])


def _as_of(met: np.ndarray, homes: _Homes, measure: str) -> list[pd.DataFrame]:
    """The count at each month-end, and how many of it were not there at the one before."""
    return [_count(met[:, 1:], homes, measure), _entered(met, homes, f"{measure}_entered")]


def _entered(met: np.ndarray, homes: _Homes, measure: str) -> pd.DataFrame:
    """How many are there at each month-end that were not at the one before."""
    return _count(met[:, 1:] & ~met[:, :-1], homes, measure)


def _count(counts: np.ndarray, homes: _Homes, measure: str) -> pd.DataFrame:
    """Sums by unit and month of a matrix of flags of areas and months."""
    size = len(homes.months)
    key = (homes.place * size + np.arange(size))[counts]
    return pd.DataFrame(
        {
            "org_unit_id": np.repeat(homes.units, size),
            "measure": measure,
            "dimension": "",
            "member": "",
            "month": np.tile(np.array(homes.months, dtype="datetime64[M]"), len(homes.units)),
            "value": np.bincount(key, minlength=len(homes.units) * size),
        }
    )
