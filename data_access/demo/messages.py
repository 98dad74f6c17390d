"""What the invented company told its customers: notices of outages and times of restoration.

Most are in time and right. To find: late and missing notices, plans cancelled or moved, wrong areas, works
that end late; and one county whose promises are kept less and less in the last ten months.
"""

from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from data_access.demo.network import Network
from domain.periods import add_months

FADING_COUNTY = "060302"  # Yankou: promises kept less and less
FADING_MONTHS = 10
CHANNELS = ("sms", "app", "web", "media")


def _outages(steps: pd.DataFrame) -> pd.DataFrame:
    """One row per outage; restored_at is missing while any step lasts."""
    grouped = steps.groupby("outage_key", sort=True)
    frame = grouped.agg(
        unit=("outage_unit", "first"),
        kind=("kind", "first"),
        line_code=("line_code", "first"),
        started=("interrupted_at", "min"),
        detected=("detected_at", "first"),
        restored=("restored_at", "max"),
        customers=("customers", "sum"),
        areas=("area_code", lambda codes: ";".join(codes.dropna())),
    )
    frame.loc[grouped["restored_at"].count() < grouped.size(), "restored"] = pd.NaT
    return frame.reset_index()


def _whole(moment: datetime, minutes: int) -> datetime:
    """The moment rounded to so many minutes, as people name times."""
    return moment.replace(minute=moment.minute // minutes * minutes, second=0, microsecond=0)


def notices(
    steps: pd.DataFrame, network: Network, first: date, last: date, random: np.random.Generator
) -> pd.DataFrame:
    """Columns as the import kind notices takes them, times local."""
    rows: list[dict] = []
    for outage in _outages(steps).itertuples():
        if outage.kind in ("planned", "temporary"):
            rows += _before_works(outage, random)
        elif outage.customers >= 50:
            rows += _after_fault(outage, random)
        if pd.notna(outage.restored) and random.random() < 0.94:
            late = random.random() < 0.08
            minutes = int(random.integers(35, 180) if late else random.integers(1, 28))
            told = outage.restored + timedelta(minutes=minutes)
            rows.append(_notice(outage, "restored", "R", told, random))
    rows += _plans(network, first, last, random)
    end = datetime.combine(add_months(last, 1), time())
    return pd.DataFrame([row for row in rows if row["published_at"] < end])


def _notice(outage: object, kind: str, letter: str, published: datetime, random: np.random.Generator) -> dict:
    is_entered_late = random.random() < 0.03
    return {
        "notice_key": f"{outage.outage_key}-{letter}",
        "unit": outage.unit,
        "kind": kind,
        "outage_key": outage.outage_key,
        "line_code": outage.line_code,
        "channel": str(random.choice(CHANNELS)),
        "published_at": published,
        "recorded_at": published + timedelta(hours=30 if is_entered_late else 0, minutes=2),
        "announced_start": None,
        "announced_end": None,
        "cancelled_at": None,
        "rescheduled_to": None,
        "area_codes": None,
    }


def _before_works(outage: object, random: np.random.Generator) -> list[dict]:
    if random.random() < 0.02:
        return []
    in_time = random.random() < (0.95 if outage.kind == "planned" else 0.85)
    usual, least, late = (24 * 9, 24 * 7, 24 * 4) if outage.kind == "planned" else (36, 24, 10)
    hours = random.uniform(least + 1, usual + 24) if in_time else random.uniform(2, late)
    row = _notice(outage, outage.kind, "P", _whole(outage.started - timedelta(hours=hours), 5), random)
    row["announced_start"] = outage.started + timedelta(minutes=0 if random.random() < 0.88 else 45)
    if pd.notna(outage.restored):
        slack = -int(random.integers(35, 120)) if random.random() < 0.09 else int(random.integers(0, 25))
        least_end = row["announced_start"] + timedelta(minutes=30)  # nobody announces less
        row["announced_end"] = max(_whole(outage.restored + timedelta(minutes=slack + 4), 5), least_end)
    else:
        row["announced_end"] = outage.started + timedelta(hours=6)
    codes = outage.areas.split(";")
    if random.random() < 0.05 and len(codes) > 1:
        codes = codes[:-1]  # one area was forgotten
    row["area_codes"] = ";".join(codes) or None
    return [row]


def _after_fault(outage: object, random: np.random.Generator) -> list[dict]:
    if random.random() < 0.04:
        return []
    minutes = int(random.integers(3, 29) if random.random() < 0.9 else random.integers(32, 120))
    row = _notice(outage, "fault", "F", outage.detected + timedelta(minutes=minutes), random)
    row["announced_start"] = outage.started
    row["area_codes"] = outage.areas or None
    return [row]


def _plans(network: Network, first: date, last: date, random: np.random.Generator) -> list[dict]:
    """Plans without an outage: cancelled or moved after publication, and those of the coming days."""
    rows = []
    public = network.lines[network.lines["kind"] == "public"]
    end = datetime.combine(add_months(last, 1), time())
    days = (end.date() - first).days
    for number, line in enumerate(public.itertuples()):
        is_ahead = number % 8 == 0
        start = end + timedelta(days=int(random.integers(1, 9)), hours=8) if is_ahead else None
        if not is_ahead:
            start = end + timedelta(days=int(random.integers(20, days - 5)) - days, hours=8)
        published = start - timedelta(days=10 if not is_ahead else 9, hours=1)
        areas = network.areas[network.areas["line_code"] == line.line_code]["area_code"].head(4)
        outage = pd.Series({"outage_key": f"P{number:05}", "unit": line.unit, "line_code": line.line_code})
        row = _notice(outage, "planned", "P", published, random)
        row |= {"outage_key": None, "announced_start": start, "announced_end": start + timedelta(hours=6)}
        row["area_codes"] = ";".join(areas)
        if not is_ahead:
            row["cancelled_at"] = start - timedelta(days=2)
            if number % 2:
                row["rescheduled_to"] = start + timedelta(days=7)
        rows.append(row)
    return rows


def promises(steps: pd.DataFrame, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Columns as the import kind promises takes them, times local: told for the whole outage."""
    rows = []
    for outage in _outages(steps).itertuples():
        minutes = (
            (outage.restored - outage.started).total_seconds() / 60 if pd.notna(outage.restored) else 240
        )
        if outage.kind != "fault" or minutes < 20 or random.random() < 0.2:
            continue
        kept = random.random() < _chance(outage.unit, outage.started.date(), last)
        restored = outage.started + timedelta(minutes=minutes)
        off = np.clip(random.normal(10, 30), -25, 120) if kept else -random.uniform(35, 35 + minutes * 0.5)
        told = outage.started + timedelta(minutes=int(random.integers(5, 18)))
        final = max(
            _whole(restored + timedelta(minutes=float(off)), 5), _whole(told, 5) + timedelta(minutes=10)
        )
        if random.random() < 0.22:
            early = _whole(told + (final - told) / 2, 5) + timedelta(minutes=10)
            rows.append((outage.outage_key, 1, told, early))
            told = told + timedelta(minutes=int(minutes * 0.3) + 1)
        rows.append((outage.outage_key, 2, told, final))
    frame = pd.DataFrame(rows, columns=["outage_key", "number", "told_at", "promised_at"])
    frame["promise_key"] = frame["outage_key"] + "-" + frame["number"].astype(str)
    frame["told_by"] = "95598"
    return frame.drop(columns="number")


def _chance(unit: str, day: date, last: date) -> float:
    """Chance that a promise is kept: 88 %, and falling by 4 points a month in the fading county."""
    months_left = (last.year - day.year) * 12 + last.month - day.month
    if not unit.startswith(FADING_COUNTY) or months_left >= FADING_MONTHS:
        return 0.88
    return 0.88 - 0.045 * (FADING_MONTHS - months_left)
