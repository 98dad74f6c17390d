"""Three years of outages of the invented company, in local time: what the pages have to find.

Seasons (lightning in spring, load in summer), typhoon days in one or two cities, a few bad lines all the
time, and one station whose faults rise in the last ten months. Planned works fall on weekdays. Faults of a
few customers without a boundary switch pass to their line.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data_access.demo import passed_faults
from data_access.demo.events import SEASON, Event, moment
from data_access.demo.network import Network
from domain.periods import add_months, days_in, months_between

WORSENING_STATION = "06010102"  # Hekou: the station that gets worse
WORSENING_MONTHS = 10
LINE_FAULTS_A_YEAR = 1.5  # of a public line of risk 1
AREA_FAULTS_A_YEAR = 0.16
BRANCH_FAULTS_A_YEAR = 1.6  # per area: fuses, branches and service lines, a few customers each
PLANNED_A_YEAR = 1.0  # per public line
TEMPORARY_A_YEAR = 0.25
ONGOING = 4
TYPHOONS = ((7, 19, ("02",)), (8, 24, ("02", "01")), (9, 8, ("02", "03")))  # month, day, cities; each year
CAUSES = {
    "storm": ("lightning", "wind", "tree", "conductor", "flood_slide"),
    "summer": ("transformer", "equipment", "lightning", "animal", "external_digging", "tree"),
    "usual": ("equipment", "external_vehicle", "animal", "tree", "cable", "external_digging", "unknown"),
}


def steps(network: Network, first: date, last: date, random: np.random.Generator) -> pd.DataFrame:
    """One row per outage and area, columns as the import kind outages takes them, times local.

    The last month ends with a few outages that still last: restored_at is missing.
    """
    areas_of: dict[str, list] = {line: [] for line in network.lines["line_code"]}
    for area in network.areas.itertuples():
        areas_of[area.line_code].append(area)
    events = []
    for line in network.lines.itertuples():
        areas = areas_of[line.line_code]
        for month in months_between(first, last):
            events += _month_of_line(line, areas, month, last, random)
    events += _in_typhoons(network, areas_of, first, last, random)
    events += _still_lasting(network, areas_of, last, random)
    events.sort(key=lambda event: (event.started, event.line.line_code))
    rows = [row for number, event in enumerate(events) for row in _rows(number, event, random)]
    # Drawn after all others, so that those stay as they are.
    passed = passed_faults.events(network, areas_of, first, last, random)
    rows += [row for number, event in enumerate(passed, len(events)) for row in _rows(number, event, random)]
    frame = pd.DataFrame(rows)
    end = datetime.combine(add_months(last, 1), time())
    frame.loc[frame["restored_at"] > end - timedelta(minutes=30), "restored_at"] = pd.NaT
    return frame


def _rate(line: Any, month: date, last: date) -> float:
    months_left = len(months_between(month, last))
    rate = LINE_FAULTS_A_YEAR / 12 * line.risk
    if line.unit == WORSENING_STATION and months_left <= WORSENING_MONTHS:
        # Whatever the season, or a quiet October would hide what has been going on since spring.
        rate *= (8 + 1.5 * (WORSENING_MONTHS - months_left)) / max(0.5, line.risk) ** 0.5
    else:
        rate *= SEASON[month.month - 1]
    return rate if line.kind == "public" else rate * 0.3


def _month_of_line(line: Any, areas: list, month: date, last: date, random: np.random.Generator) -> list:
    events = []
    for _ in range(random.poisson(_rate(line, month, last))):
        trip = random.choice(["permanent", "reclose_failed", "reclosed"], p=[0.68, 0.12, 0.2])
        whole = random.random() < 0.55
        from_segment = 1 if whole else random.integers(1, 4)
        touched = [area for area in areas if area.segment >= from_segment]
        minutes = random.uniform(0.5, 3) if trip == "reclosed" else random.lognormal(4.35, 0.65)
        cause = _cause(line, month, last, random)
        started = moment(month, random)
        if touched:
            events.append(Event(started, minutes, "fault", cause, line, touched, trip))
    for _ in range(random.poisson(AREA_FAULTS_A_YEAR / 12 * len(areas) * SEASON[month.month - 1])):
        touched = [areas[random.integers(len(areas))]]
        cause = "customer_equipment" if touched[0].kind == "dedicated" else _area_cause(random)
        started = moment(month, random)
        events.append(Event(started, random.lognormal(4.5, 0.7), "fault", cause, line, touched, "none"))
    for _ in range(random.poisson(BRANCH_FAULTS_A_YEAR / 12 * len(areas) * SEASON[month.month - 1])):
        touched = [areas[random.integers(len(areas))]]
        started, minutes = moment(month, random), random.lognormal(4.2, 0.6)
        events.append(Event(started, minutes, "fault", _area_cause(random), line, touched, "none", True))
    if line.kind == "public":
        works = (("planned", PLANNED_A_YEAR, 330), ("temporary", TEMPORARY_A_YEAR, 150))
        for kind, rate, usual in works:
            for _ in range(random.poisson(rate / 12)):
                segment = random.integers(1, 4)
                touched = [area for area in areas if area.segment == segment]
                started = _working_moment(month, random)
                minutes = max(40.0, random.normal(usual, usual * 0.2))
                if touched:
                    events.append(Event(started, minutes, kind, f"{kind}_works", line, touched))
    return events


def _cause(line: Any, month: date, last: date, random: np.random.Generator) -> str:
    if line.unit == WORSENING_STATION and len(months_between(month, last)) <= WORSENING_MONTHS:
        return str(random.choice(["tree", "conductor", "lightning"], p=[0.6, 0.25, 0.15]))
    season = "summer" if month.month in (4, 5, 6, 7, 8, 9) else "usual"
    return str(random.choice(CAUSES[season]))


def _area_cause(random: np.random.Generator) -> str:
    return str(random.choice(["transformer", "equipment", "cable", "animal"], p=[0.4, 0.35, 0.15, 0.1]))


def _working_moment(month: date, random: np.random.Generator) -> datetime:
    day = month + timedelta(days=int(random.integers(0, days_in(month))))
    if day.weekday() > 4:
        day += timedelta(days=-2)
    day = max(day, month)
    return datetime.combine(day, time(7)) + timedelta(minutes=int(random.integers(0, 13)) * 15)


def typhoons(first: date, last: date) -> list[tuple[date, tuple[str, ...], float]]:
    """(day of landfall, cities hit, share of their lines that fails) of every typhoon in the data."""
    random = np.random.default_rng(first.year)
    found = []
    for year in range(first.year, last.year + 1):
        for number, (month, day, cities) in enumerate(TYPHOONS):
            landfall = date(year, month, day) + timedelta(days=int(random.integers(-6, 7)))
            strength = float(random.uniform(0.25, 0.5))
            if (year + number) % 3 and first <= landfall.replace(day=1) <= last:
                found.append((landfall, cities, strength))
    return found


def _in_typhoons(
    network: Network, areas_of: dict, first: date, last: date, random: np.random.Generator
) -> list:
    events = []
    for landfall, cities, strength in typhoons(first, last):
        hit = network.lines[network.lines["unit"].str[2:4].isin(cities)]
        for line in hit[random.random(len(hit)) < strength].itertuples():
            started = datetime.combine(landfall, time(2)) + timedelta(minutes=int(random.integers(0, 1_200)))
            cause = str(random.choice(CAUSES["storm"], p=[0.05, 0.5, 0.2, 0.15, 0.1]))
            minutes = random.lognormal(6.2, 0.6)
            events.append(
                Event(started, minutes, "fault", cause, line, areas_of[line.line_code], "permanent")
            )
    return events


def _still_lasting(network: Network, areas_of: dict, last: date, random: np.random.Generator) -> list:
    """A few faults of the last evening whose repair goes on when the data ends."""
    end = datetime.combine(add_months(last, 1), time())
    public = network.lines[network.lines["kind"] == "public"]
    picked = public.iloc[random.choice(len(public), ONGOING, replace=False)]
    return [
        Event(
            end - timedelta(minutes=int(random.integers(60, 300))),
            900,
            "fault",
            "equipment",
            line,
            areas_of[line.line_code],
            "permanent",
        )
        for line in picked.itertuples()
    ]


def _rows(number: int, event: Event, random: np.random.Generator) -> list[dict]:
    """The steps of an event: segments near the substation come back first, at once where automated."""
    key = f"{event.started:%Y%m}-{event.line.unit[2:4]}-{number:06}"
    is_line_fault = event.kind == "fault" and event.trip not in ("none", "")
    is_trip = is_line_fault and event.trip != "reclosed"
    automated = bool(event.line.has_automation) and is_trip
    worked = automated and random.random() < 0.72
    shares = {1: 0.35, 2: 0.7, 3: 1.0}
    if not is_line_fault:
        shares = dict.fromkeys(shares, 1.0)
    rows = []
    for place, area in enumerate(event.areas, 1):
        minutes = event.minutes * shares[area.segment]
        if worked and area.segment < 3:
            minutes = min(minutes, 2.0 + area.segment)
        restored = event.started + timedelta(minutes=max(1, round(minutes)))
        rows.append({
            "outage_key": key,
            "step_key": f"{key}-{place:02}",
            "unit": area.unit,
            "outage_unit": event.line.unit,
            "area_code": None if event.is_branch else area.area_code,
            "line_code": event.line.line_code,
            "kind": event.kind,
            "cause": event.cause,
            "customers": max(1, area.customers // 6) if event.is_branch else area.customers,
            "mv_users": 0 if event.is_branch else 1,
            "interrupted_at": event.started,
            "restored_at": restored,
            "detected_at": event.started + timedelta(minutes=int(random.integers(0, 8))),
            "trip": event.trip or None,
            "has_automation": bool(event.line.has_automation) if is_trip else None,
            "is_fast_restored": worked if automated else None,
            "is_boundary_breaker": (event.cause == "customer_equipment" and not event.is_passed)
            if event.kind == "fault"
            else None,
        })  # fmt: skip
    return rows
