"""What the transformer areas of the invented company suffer from: age, load, unbalance, low voltage.

Only what stands out has a row: where the period is covered, no row means that nothing was wrong.
"""

from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from data_access.demo.network import Network
from domain.periods import add_months, last_day, months_between

MONTHS = 24  # so far back the metering system keeps its sums
SUMMER, WINTER = (6, 7, 8, 9), (12, 1)
HEAVY_SHARE = 0.05  # of the public areas, in each summer
UNEVEN_SHARE = 0.02
LOW_SHARE = 0.08  # of the public areas at the ends of lines
METERED_AREAS = 3  # of each city, of which every 15-minute point of a hot week is there
METERED_DAYS = 7


def since(last: date) -> date:
    """The first month of what the metering system keeps."""
    return add_months(last, 1 - MONTHS)


def transformers(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """One per area; every twentieth public area has two, which share its capacity."""
    areas = network.areas
    age_days = (random.gamma(2.2, 5.5, len(areas)) * 365).astype(int).clip(200, 14_000)
    frame = areas[["area_code", "capacity_kva"]].astype({"capacity_kva": float})
    frame["in_service_on"] = [last - timedelta(days=int(one)) for one in age_days]
    has_two = (areas["kind"] == "public") & (random.random(len(areas)) < 0.05)
    frame.loc[has_two, "capacity_kva"] /= 2
    frame = pd.concat([frame.assign(number=1), frame[has_two].assign(number=2)], ignore_index=True)
    frame["transformer_key"] = frame["area_code"] + "B" + frame["number"].astype(str)
    return frame.drop(columns="number").sort_values("transformer_key", ignore_index=True)


def _picked(frame: pd.DataFrame, share: float, random: np.random.Generator) -> pd.DataFrame:
    return frame[random.random(len(frame)) < share]


def area_loads(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Months in which an area was heavily loaded or uneven; some fall just short of two hours."""
    public = network.areas[network.areas["kind"] == "public"]
    heavy, uneven = (_picked(public, share, random) for share in (HEAVY_SHARE, UNEVEN_SHARE))
    summer = [month for month in months_between(since(last), last) if month.month in SUMMER]
    rows = []
    for area in heavy["area_code"]:
        usual = random.uniform(82, 112)
        for month in summer:
            peak = usual + random.normal(0, 5)
            points = int(random.integers(6, 22))  # 8 points are two hours
            over = int(random.integers(4, 14)) if peak >= 100 else 0
            rows.append((area, month, round(float(peak), 1), max(points, over), over, None, None))
    found = pd.DataFrame(rows, columns=[*_KEY, *_LOAD, *_EVEN])
    recent = months_between(add_months(last, -5), last)
    rows = [
        (area, month, round(random.uniform(27, 62), 1), round(random.uniform(60, 260), 1))
        for area in uneven["area_code"]
        for month in recent
    ]
    other = pd.DataFrame(rows, columns=[*_KEY, *_EVEN])
    found = found.drop(columns=list(_EVEN)).merge(other, on=list(_KEY), how="outer")
    return found.sort_values(list(_KEY), ignore_index=True)


_KEY = ("area_code", "month")
_LOAD = ("peak_load_pct", "heavy_run_points", "overload_run_points")
_EVEN = ("unbalance_pct", "unbalance_hours")


def hot_week(last: date) -> date:
    """First day of the week of which points are there: in the last July of the data."""
    return date(last.year - (last.month < 7), 7, 15)


def load_points(
    network: Network, loads: pd.DataFrame, last: date, random: np.random.Generator
) -> pd.DataFrame:
    """Power of some areas in a hot week, local time: a third overloaded for hours, a third heavily loaded for
    two, and a third for 7 points, a gap and 7 more, which is normal.
    """
    july = loads[(loads["month"] == hot_week(last).replace(day=1)) & loads["peak_load_pct"].notna()]
    hot = network.areas[network.areas["area_code"].isin(july["area_code"])]
    chosen = hot.groupby(hot["area_code"].str[:4]).head(METERED_AREAS)
    begin = datetime.combine(hot_week(last), time())
    times = [begin + timedelta(minutes=15 * point) for point in range(96 * METERED_DAYS)]
    quarter = np.arange(len(times)) % 96
    evening = (quarter >= 76) & (quarter < 91)  # 19:00 to 22:45
    frames = []
    for number, area in enumerate(chosen.itertuples()):
        share = 0.42 + 0.2 * np.sin((quarter - 30) / 96 * 2 * np.pi) + random.normal(0, 0.015, len(times))
        if number % 3 == 0:
            share[evening] = 1.06 + random.random(int(evening.sum())) * 0.08
        elif number % 3 == 1:
            share[evening & (quarter < 84)] = 0.86
        else:
            share[evening] = 0.88
            share[quarter == 83] = 0.6  # the eighth point
        power = (share.clip(0.05) * area.capacity_kva).round(3)
        frames.append(pd.DataFrame({"area_code": area.area_code, "measured_at": times, "power_kw": power}))
    return pd.concat(frames, ignore_index=True)


def voltage_days(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Days of low voltage at the ends of lines, in summer and about New Year; some too short to count."""
    areas = network.areas
    ends = _picked(areas[(areas["kind"] == "public") & (areas["segment"] == 3)], LOW_SHARE, random)
    months = [month for month in months_between(since(last), last) if month.month in (*SUMMER, *WINTER)]
    rows = []
    for area in ends["area_code"]:
        usual = random.uniform(30, 150)
        for month in months:
            days = random.choice(last_day(month).day, int(random.integers(0, 7)), replace=False)
            for day in sorted(days):
                minutes = int(min(600, max(15, random.normal(usual, 40))))
                lowest = round(random.uniform(171, 197.4), 1)
                rows.append((area, month + timedelta(days=int(day)), lowest, minutes))
    return pd.DataFrame(rows, columns=["area_code", "day", "lowest_v", "low_minutes"])
