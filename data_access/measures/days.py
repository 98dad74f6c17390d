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
        day = pd.to_datetime(block["start_day"])
        month = day.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
        med = is_major_event_day(block["org_unit_id"], block["start_day"], request)
        whole: dict[tuple[str, str, str], np.ndarray] = {}
        for column in block.columns:
            measure, _, reason = column.partition(".")
            if measure not in measures:
                continue
            amount = pd.to_numeric(block[column]).to_numpy().astype("int64")
            keys = [(measure, "", "")] + (
                [(measure, "reason", reason)] if reason and measure in reasons else []
            )
            keys += [(f"{measure}_med", "", "")] if f"{measure}_med" in measures else []
            for key in keys:
                added = np.where(med, amount, 0) if key[0] != measure else amount
                whole[key] = whole[key] + added if key in whole else added
        by_month = [block["org_unit_id"].to_numpy(), month]
        found.append(long(_grouped(whole, by_month), list(whole), "month"))
        kinds = {key: whole[key] for key in whole if not key[1] and key[0].removesuffix("_med") in by_kind}
        if kinds:
            names = [(measure, "kind", "") for measure, _, _ in kinds]
            found.append(long(_grouped(kinds, [*by_month, block["kind"].to_numpy()]), names, "month"))
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    keys = [name for name in COLUMNS if name != "value"]  # blocks may speak of the same unit and month
    return pd.concat(found, ignore_index=True).groupby(keys, as_index=False, sort=False)["value"].sum()


def _grouped(columns: dict[tuple[str, str, str], np.ndarray], keys: list[np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame(dict(enumerate(columns.values()))).groupby(keys).sum()


def long(sums: pd.DataFrame, series: Sequence[tuple[str, str, str]], grain: str) -> pd.DataFrame:
    """Own values from sums with one column per series (measure, dimension, member); zeros are left out.

    The index is org_unit_id, period and, for a break-down, the member.
    """
    matrix, names = sums.to_numpy(), np.array(series, object).reshape(-1, 3)
    row, column = np.nonzero(matrix)
    levels = [sums.index.get_level_values(level).to_numpy()[row] for level in range(sums.index.nlevels)]
    return pd.DataFrame(
        {
            "org_unit_id": levels[0],
            "measure": names[column, 0],
            "dimension": names[column, 1],
            "member": levels[2] if len(levels) > 2 else names[column, 2],
            "grain": grain,
            "period_start": levels[1],
            "value": matrix[row, column],
        }
    )
