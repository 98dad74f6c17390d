"""Targets, calendar and people of the invented company."""

from datetime import date, timedelta

import holidays
import numpy as np
import pandas as pd

from data_access.demo import names, outages
from domain.periods import add_months, months_between

# kpi: value of one month, and whether it adds up over the months of a longer period.
TARGETS = {
    "saidi": (17.0, True),
    "saifi": (0.13, True),
    "asai": (99.96, False),
    "frequent_areas": (3.0, False),
    "faults_over_limit": (18.0, False),
    "planned_notice_timely": (97.0, False),
    "announced_time_accurate": (85.0, False),
    "promise_kept_last": (85.0, False),
}
LEGAL = {"planned_notice_timely": 100.0}  # 电力供应与使用条例 第二十八条: every plan 7 days ahead
MONTHS_WITH_TARGETS = 14
STRICTNESS = {"01": 0.9, "02": 1.15, "03": 1.05}  # a city by the sea may have more minutes


def _periods(last: date) -> list[tuple[str, str, int]]:
    """(period kind, period, months in it) of everything that has a target."""
    months = months_between(add_months(last, 1 - MONTHS_WITH_TARGETS), last)
    found = []
    for month in months:
        found.append(("month", f"{month:%Y-%m}", 1))
        found.append(("ytd", f"{month:%Y-%m}", month.month))
        found.append(("12m", f"{month:%Y-%m}", 12))
    found += [("quarter", one, 3) for one in sorted({f"{m.year}-Q{(m.month + 2) // 3}" for m in months})]
    found += [("year", str(year), 12) for year in sorted({month.year for month in months})]
    return found


def targets(units: pd.DataFrame, last: date) -> pd.DataFrame:
    """Columns as the import kind targets takes them; a county's hold for its stations and grids too."""
    rows = []
    for unit in units[units["level"].isin(["province", "city", "county"])].itertuples():
        factor = STRICTNESS.get(unit.unit[2:4], 1.0)
        for kpi, (monthly, adds) in TARGETS.items():
            for period_kind, period, months in _periods(last):
                value = round(monthly * factor * months, 3) if adds else monthly
                if kpi == "frequent_areas":
                    value = monthly * {"province": 20, "city": 7, "county": 2}[unit.level]
                kinds = {"base": value} | ({"legal": LEGAL[kpi]} if kpi in LEGAL else {})
                if adds:
                    kinds["full"] = round(value * 0.85, 3)
                below = unit.level == "county" and kpi != "frequent_areas"
                rows += [(kpi, unit.unit, period_kind, period, kind, v, below) for kind, v in kinds.items()]
    columns = ["kpi", "unit", "period_kind", "period", "kind", "value", "for_below"]
    return pd.DataFrame(rows, columns=columns).assign(source="年度责任书")


def major_event_dates(first: date) -> pd.DataFrame:
    """The province's list for years with no full year before them; later years follow the formula."""
    years = (first.year, first.year + 1)
    rows = [
        (f"06{city}", landfall, "台风 / typhoon")
        for landfall, cities, _ in outages.typhoons(first, date(years[1], 12, 1))
        for city in cities
    ]
    return pd.DataFrame(rows, columns=["unit", "day", "name"])


def calendar_days(first: date, last: date) -> pd.DataFrame:
    """Every day of the years of the data and the year after; a year not yet published is not confirmed."""
    new_year, end = date(first.year, 1, 1), date(last.year + 1, 12, 31)
    days = [new_year + timedelta(n) for n in range((end - new_year).days + 1)]
    china = holidays.country_holidays("CN", years=range(first.year, last.year + 2))
    working = [china.is_working_day(day) for day in days]
    rows = pd.DataFrame({"day": days, "is_working": working})
    rows["name"] = [
        china.get(day, "") if not ok else ("调休上班" if day.weekday() > 4 else "")
        for day, ok in zip(days, working, strict=True)
    ]
    rows["is_confirmed"] = [day.year <= last.year for day in days]
    return rows


def people(units: pd.DataFrame, random: np.random.Generator) -> list[tuple[str, str, str, str]]:
    """(name, English name, role, unit code) of everybody; somebody in each role at each level that has it."""
    wanted = [("executive", unit) for unit in units[units["level"] == "province"]["unit"]]
    for role, level, every in (
        ("manager", "province", 1),
        ("administrator", "province", 1),
        ("steward", "province", 1),
        ("manager", "city", 1),
        ("steward", "city", 1),
        ("manager", "county", 1),
        ("lead", "county", 1),
        ("manager", "station", 12),
        ("area_manager", "grid", 40),
    ):
        wanted += [(role, unit) for unit in units[units["level"] == level]["unit"].tolist()[1 - 1 :: every]]
    order = random.permutation(len(wanted))
    return [
        (*names.person(int(number)), role, unit) for number, (role, unit) in zip(order, wanted, strict=True)
    ]
