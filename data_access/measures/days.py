"""Sums per unit and day as own values: month, major event days, kinds and reasons."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select

from data_access.measures.request import COLUMNS, Request


def by_day(connection: Connection, statement: Select) -> pd.DataFrame:
    """Result of a statement with columns org_unit_id, start_day, perhaps kind, and one per measure."""
    result = connection.execute(statement)
    return pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()))


def local_days(seconds: pd.Series, zone: ZoneInfo) -> np.ndarray:
    """Days in the company's zone of seconds since 1970."""
    days = [datetime.fromtimestamp(one, zone).date() for one in seconds]
    return np.array(days, dtype="datetime64[s]")


def is_major_event_day(unit: pd.Series, day: pd.Series, request: Request) -> np.ndarray:
    """Whether each day is a major event day of the unit's bureau."""
    days = pd.to_datetime(request.med_days["day"])
    keys = set(zip(request.med_days["org_unit_id"], days, strict=True))
    city = unit.map(dict(request.city_of))
    return np.array([key in keys for key in zip(city, pd.to_datetime(day), strict=True)], dtype=bool)


def values(
    blocks: Sequence[pd.DataFrame],
    request: Request,
    measures: Collection[str],
    by_kind: Collection[str] = (),
    reasons: Collection[str] = (),
) -> pd.DataFrame:
    """Own values by month of frames with org_unit_id, start_day, kind and a column per measure.

    A measure with a twin `_med` in measures gets it from its major event days; those in by_kind are broken
    down by kind too. A column "measure.reason" counts for the measure and for the reason.
    """
    found = []
    for block in blocks:
        if block.empty:
            continue
        month = pd.to_datetime(block["start_day"]).to_numpy().astype("datetime64[M]").astype("datetime64[s]")
        med = is_major_event_day(block["org_unit_id"], block["start_day"], request)
        block = block.assign(month=month)
        for column in block.columns:
            measure, _, reason = column.partition(".")
            if measure not in measures:
                continue
            amount = pd.to_numeric(block[column]).astype("int64")
            found.append(_summed(block, amount, measure))
            if reason and measure in reasons:
                found.append(_summed(block, amount, measure, "reason").assign(member=reason))
            if f"{measure}_med" in measures:
                found.append(_summed(block, amount.where(med, 0), f"{measure}_med"))
            if measure in by_kind:
                found.append(_summed(block, amount, measure, "kind"))
                if f"{measure}_med" in measures:
                    found.append(_summed(block, amount.where(med, 0), f"{measure}_med", "kind"))
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    whole = pd.concat(found, ignore_index=True).assign(grain="month")
    keys = [name for name in COLUMNS if name != "value"]
    sums = whole.groupby(keys, as_index=False, sort=False)["value"].sum()
    return sums.loc[sums["value"] != 0, COLUMNS].reset_index(drop=True)


def _summed(block: pd.DataFrame, amount: pd.Series, measure: str, dimension: str = "") -> pd.DataFrame:
    keys = {"org_unit_id": block["org_unit_id"], "period_start": block["month"]}
    if dimension == "kind":
        keys["member"] = block["kind"]
    sums = pd.DataFrame({**keys, "value": amount}).groupby(list(keys), as_index=False)["value"].sum()
    if dimension != "kind":
        sums["member"] = ""
    return sums.assign(measure=measure, dimension=dimension)
