"""The invented company's units, lines, areas and customers."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_access.demo import names
from domain.periods import add_months, months_between

STATIONS_PER_COUNTY = 5
GRIDS_PER_STATION = 4
AREAS_PER_GRID = 10
GROWTH_PER_MONTH = 0.002  # of the customers of an area
BAD_LINES = 6
WEAK_EVERY = 4  # accounts on public lines


@dataclass(frozen=True)
class Network:
    """Frames as the import kinds of the same names take them; grid_of and the rest serve the outages.

    lines carries in addition: station, has_automation, risk (times the usual faults).
    areas carries in addition: grid, segment (1 is nearest to the substation), customers.
    """

    units: pd.DataFrame
    lines: pd.DataFrame
    areas: pd.DataFrame
    area_customers: pd.DataFrame
    customers_served: pd.DataFrame


def _units(scale: int) -> pd.DataFrame:
    top, zh, en = names.PROVINCE
    rows = [(top, zh, en, "province", "")]
    number = 0
    for i, (city_zh, city_en) in enumerate(names.CITIES, 1):
        city = f"{top}{i:02}"
        rows.append((city, city_zh, city_en, "city", top))
        for j, (county_zh, county_en) in enumerate(names.COUNTIES[i - 1], 1):
            county = f"{city}{j:02}"
            rows.append((county, county_zh, county_en, "county", city))
            for k in range(1, STATIONS_PER_COUNTY * scale + 1):
                station = f"{county}{k:02}"
                station_zh, station_en = names.station(number)
                number += 1
                rows.append((station, station_zh, station_en, "station", county))
                for g in range(1, GRIDS_PER_STATION + 1):
                    grid_zh = f"{station_zh.removesuffix('供电所')}{g}片区"
                    grid_en = f"{station_en.removesuffix(' station')} grid {g}"
                    rows.append((f"{station}{g:02}", grid_zh, grid_en, "grid", station))
    return pd.DataFrame(rows, columns=["unit", "name", "name_en", "level", "parent"])


def _lines(units: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    rows = []
    for number, station in enumerate(units[units.level == "station"].itertuples()):
        short = station.name.removesuffix("供电所")
        for place, (zh, _) in enumerate(names.LINES, 1):
            rows.append((f"{station.unit}F{place:02}", f"10kV{short}{zh}线", station.unit, "public"))
        if number % 3 == 0:
            rows.append((f"{station.unit}F09", f"10kV{short}专线", station.unit, "dedicated"))
    frame = pd.DataFrame(rows, columns=["line_code", "name", "unit", "kind"])
    frame["length_m"] = (random.gamma(4, 3_200, len(frame)) + 2_000).astype(int) // 10 * 10
    is_public = frame["kind"] == "public"
    near_city = frame["unit"].str[2:4].map({"01": 0.6, "02": 0.45, "03": 0.3})
    frame["has_automation"] = is_public & (random.random(len(frame)) < near_city)
    frame["risk"] = random.gamma(4, 0.25, len(frame)) * (0.5 + frame["length_m"] / 25_000)
    bad = random.choice(np.flatnonzero(is_public), BAD_LINES * max(1, len(frame) // 260), replace=False)
    frame.loc[bad, "risk"] = 4.5 + random.random(len(bad))
    return frame


def _areas(units: pd.DataFrame, lines: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    rows = []
    public = {
        station: group.line_code.tolist() for station, group in lines[lines.kind == "public"].groupby("unit")
    }
    for grid in units[units.level == "grid"].itertuples():
        feeders = public[grid.parent]
        for number in range(1, AREAS_PER_GRID + 1):
            # Most of a grid lies on one line; the rest on its neighbours, so that lines cross grids.
            feeder = feeders[(int(grid.unit[-2:]) - 1 + (number > 7) * number) % len(feeders)]
            rows.append(
                (f"{grid.unit}T{number:02}", f"{grid.name}{number:02}台区", grid.unit, feeder, "public")
            )
        if grid.unit.endswith("01"):
            rows.append((f"{grid.unit}Z01", f"{grid.name}专用01户", grid.unit, feeders[1], "dedicated"))
            own = f"{grid.parent}F09"
            if (lines["line_code"] == own).any():
                rows.append((f"{grid.unit}Z09", f"{grid.name}专线09户", grid.unit, own, "dedicated"))
    frame = pd.DataFrame(rows, columns=["area_code", "name", "unit", "line_code", "kind"])
    is_public = frame["kind"] == "public"
    frame["customers"] = np.where(is_public, (random.gamma(5, 32, len(frame)) + 30).astype(int), 1)
    frame["capacity_kva"] = random.choice([200, 315, 400, 500, 630], len(frame))
    frame["segment"] = random.integers(1, 4, len(frame))
    return frame


def weak_accounts(network: "Network") -> pd.DataFrame:
    """Of the dedicated accounts on public lines every fourth: no boundary switch cuts its faults off."""
    public = network.lines.loc[network.lines["kind"] == "public", "line_code"]
    areas = network.areas
    accounts = areas[(areas["kind"] == "dedicated") & areas["line_code"].isin(public)]
    return accounts.iloc[::WEAK_EVERY]


def _area_customers(areas: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """One row per area and year: customers grow a little, dedicated accounts stay one."""
    parts = []
    for month in (add_months(first, count) for count in range(0, len(months_between(first, last)), 12)):
        parts.append(pd.DataFrame({"area_code": areas["area_code"], "valid_from": month}))
        parts[-1]["customers"] = _grown(areas, first, month)
    return pd.concat(parts, ignore_index=True)


def _grown(areas: pd.DataFrame, first: date, month: date) -> pd.Series:
    months = len(months_between(first, month)) - 1
    grown = (areas["customers"] * (1 + GROWTH_PER_MONTH) ** months).astype(int)
    return grown.where(areas["kind"] == "public", 1)


def _served(areas: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Customers served per grid, level and month; an MV user is an area or a dedicated account."""
    parts = []
    for month in months_between(first, last):
        customers = _grown(areas, first, month).groupby(areas["unit"]).sum()
        users = areas.groupby("unit").size()
        for level, values in (("LV", customers), ("MV", users)):
            frame = values.rename("customers").rename_axis("unit").reset_index()
            parts.append(frame.assign(level=level, month=month))
    return pd.concat(parts, ignore_index=True)


def build(first: date, last: date, scale: int, random: np.random.Generator) -> Network:
    """The company from the first to the last month."""
    units = _units(scale)
    lines = _lines(units, random)
    areas = _areas(units, lines, random)
    return Network(units, lines, areas, _area_customers(areas, first, last), _served(areas, first, last))
