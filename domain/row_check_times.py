"""Times, dates and months as people write them, whole columns at a time.

Read without a format: ISO 8601 with or without an offset, 2024/1/5 8:03, 2024.1.5, 2024年1月5日8时3分.
Day-first or month-first dates are ambiguous and need the mapping's format.
"""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

OFFSET = r"(?:[zZ]|[+-]\d{2}:?\d{2})$"
LOOSE = (
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[::时点](?:(\d{1,2})(?:[::分](?:(\d{1,2})秒?)?)?)?)?$"
)
MONTH = r"^(\d{4})(?:[-/.年]?)(\d{2}|\d(?=\D|$))(?:月|[-/.]\d{1,2}(?:[ T]00:00:00)?|月\d{1,2}日)?$"
FIRST, LAST = pd.Timestamp("1950-01-01"), pd.Timestamp("2199-12-31 23:59:59")
OLDEST = pd.Timestamp("1900-01-01")  # of what may be older than the records of it
Times = tuple[pd.Series, np.ndarray, np.ndarray, np.ndarray]


def utc_times(texts: pd.Series, form: str | None, zone: ZoneInfo) -> Times:
    """Naive UTC times of whole seconds; where wrong; where skipped or repeated by a change of the clock.

    A time with an offset says itself when it was; one without is the zone's. The first of two equal clock
    times is taken for a repeated one.
    """
    if pd.api.types.is_datetime64_any_dtype(texts):
        aware = texts.dt.tz is not None
        plain = texts.dt.tz_convert("UTC").dt.tz_localize(None) if aware else texts
        return plain.astype("datetime64[us]").dt.floor("s"), *[np.zeros(len(texts), dtype=bool)] * 3
    texts = texts.astype("str")
    given = texts.notna()
    values = None if form else _plain(texts)
    if values is None:
        has_offset = texts.str.contains(OFFSET, na=False) & (texts.str.len() > 10).fillna(False)
        values, local = _read(texts, form), given & ~has_offset
    else:
        local = given
    skipped = repeated = np.zeros(len(texts), dtype=bool)
    constant = _constant_offset(values.where(local), zone)
    if constant is not None:
        values = values.where(~local, values - constant)
    elif local.any():
        clock = values.where(local)
        before = clock.dt.tz_localize(zone, ambiguous=np.ones(len(clock), dtype=bool), nonexistent="NaT")
        after = clock.dt.tz_localize(zone, ambiguous=np.zeros(len(clock), dtype=bool), nonexistent="NaT")
        skipped = np.asarray(clock.notna() & before.isna())
        repeated = np.asarray((before != after) & before.notna())
        values = values.where(~local, before.dt.tz_convert("UTC").dt.tz_localize(None))
    wrong = np.asarray(given & values.isna()) & ~skipped
    return values, wrong, skipped, repeated


def _plain(texts: pd.Series) -> pd.Series | None:
    """Times of a column in which every text is "2024-01-31 08:00:00" or alike, the quick way; else None."""
    try:
        values = texts.astype("string[pyarrow]").astype("timestamp[us][pyarrow]")
    except ValueError:
        return None
    return _within(values.astype("datetime64[us]"))


def _constant_offset(clock: pd.Series, zone: ZoneInfo) -> pd.Timedelta | None:
    """What the zone is ahead of UTC from the first to the last of the times; None where that changes."""
    first, last = clock.min(), clock.max()
    if pd.isna(first):
        return pd.Timedelta(0)
    # No zone changes twice within a week; a day on each side covers the zone's own distance from UTC.
    span = pd.date_range(first - pd.Timedelta(days=1), last + pd.Timedelta(days=8), freq="7D")
    offsets = {moment.tz_localize("UTC").tz_convert(zone).utcoffset() for moment in span}
    return pd.Timedelta(offsets.pop()) if len(offsets) == 1 else None


def _within(values: pd.Series, first: pd.Timestamp = FIRST) -> pd.Series:
    return values.where(values.between(first, LAST)).dt.floor("s")


def _read(texts: pd.Series, form: str | None, first: pd.Timestamp = FIRST) -> pd.Series:
    if form:
        values = pd.to_datetime(texts, format=form, utc=True, errors="coerce")
    else:
        # Shorter ones would be read as the first day of a year or month.
        complete = texts.where((texts.str.len() >= 8).fillna(False))
        values = pd.to_datetime(complete, format="ISO8601", utc=True, errors="coerce")
    values = values.dt.tz_localize(None).astype("datetime64[us]")
    if not form:
        rest = texts[texts.notna() & values.isna()]
        if len(rest):
            values = values.copy()
            values[rest.index] = _loose(rest)
    return _within(values, first)


def _loose(texts: pd.Series) -> pd.Series:
    parts = texts.str.extract(LOOSE)
    year, *others = (parts[number].fillna("0").str.zfill(2) for number in range(6))
    month, day, hour, minute, second = others
    iso = year + "-" + month + "-" + day + " " + hour + ":" + minute + ":" + second
    return pd.to_datetime(iso, format="%Y-%m-%d %H:%M:%S", errors="coerce").astype("datetime64[us]")


def dates(texts: pd.Series, form: str | None, first: pd.Timestamp = FIRST) -> tuple[pd.Series, np.ndarray]:
    """Days (at midnight), and where wrong: before `first` too. A time of day beside the date is left out."""
    if pd.api.types.is_datetime64_any_dtype(texts):
        return texts.astype("datetime64[us]").dt.normalize(), np.zeros(len(texts), dtype=bool)
    if texts.dtype == object:  # date objects
        texts = texts.astype("str")
    values = _read(texts, form, first).dt.normalize()
    return values, np.asarray(texts.notna() & values.isna())


def months(texts: pd.Series, form: str | None) -> tuple[pd.Series, np.ndarray]:
    """First days of months, and where wrong. A full date stands for its month."""
    if form or pd.api.types.is_datetime64_any_dtype(texts):
        values, wrong = dates(texts, form)
    else:
        texts = texts.astype("str")
        parts = texts.str.extract(MONTH)
        iso = parts[0] + "-" + parts[1].str.zfill(2) + "-01"
        values = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
        values = values.where(values.between(FIRST, LAST))
        wrong = np.asarray(texts.notna() & values.isna())
    return values - pd.to_timedelta(values.dt.day - 1, unit="D"), wrong
