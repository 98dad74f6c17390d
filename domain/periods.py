"""Months and the periods made of them. A month is its first day, in the company's time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

KINDS = ("month", "quarter", "ytd", "12m", "year", "range")
_MONTH = r"[12]\d{3}-(?:0[1-9]|1[0-2])"
KEYS = {"month": _MONTH, "quarter": r"[12]\d{3}-Q[1-4]", "ytd": _MONTH, "12m": _MONTH, "year": r"[12]\d{3}"}


def month_of(day: date) -> date:
    """First day of the day's month."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month `count` months later (earlier if negative)."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """All months from first to last, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return tuple(add_months(first, step) for step in range(count + 1))


def days_in(month: date) -> int:
    """Number of days of the month."""
    return (add_months(month, 1) - month).days


def last_day(month: date) -> date:
    """Last day of the month."""
    return add_months(month, 1) - timedelta(days=1)


def whole_months(first_day: date, last_day: date, today: date) -> tuple[date, date]:
    """The days of the whole months that the days lie in; the month that still runs only up to last_day.

    What a person may widen a file's period to, where the file is complete for it; never assumed.
    """
    last_month = month_of(last_day)
    ends = last_day if last_month >= month_of(today) else last_month.replace(day=days_in(last_month))
    return month_of(first_day), ends


def local_today(zone: ZoneInfo) -> date:
    """Today in the company's time zone; never the server's."""
    return datetime.now(zone).date()


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The company's day on which a moment lies that is stored as naive UTC."""
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def utc_now() -> datetime:
    """This moment as every table stores it: naive UTC, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def utc_range(first_day: date, last_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Naive UTC times at which first_day begins and last_day ends, in the company's time zone."""
    begin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=zone)
    after = last_day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return begin.astimezone(UTC).replace(tzinfo=None), end.astimezone(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Period:
    """Whole months from first to last. kind says how a person named it and what it compares with."""

    kind: str
    first: date
    last: date

    @property
    def months(self) -> tuple[date, ...]:
        return months_between(self.first, self.last)

    def previous(self) -> "Period":
        """The period before, of the same kind and length.

        A year that is not over compares with the same months of the year before, as year to date does; a
        quarter with the first months of the quarter before, as many as it has.
        """
        if self.kind in ("ytd", "year"):
            return self.last_year()
        if self.kind == "quarter":
            return Period(self.kind, add_months(self.first, -3), add_months(self.last, -3))
        count = len(self.months)
        return Period(self.kind, add_months(self.first, -count), add_months(self.first, -1))

    def last_year(self) -> "Period":
        """The same months one year earlier."""
        return Period(self.kind, add_months(self.first, -12), add_months(self.last, -12))

    def key(self) -> str:
        """How targets name the period: 2026-10, 2026-Q4, 2026 (year, ytd: with the month) ..."""
        if self.kind == "month":
            return f"{self.last:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.last.year}-Q{(self.last.month + 2) // 3}"
        if self.kind == "year":
            return f"{self.last.year}"
        return f"{self.last:%Y-%m}"


def period(kind: str, end: date) -> Period:
    """The period of that kind that ends with (or contains) the month of `end`.

    A quarter or year is cut at `end`, so that it never reaches into months without data.
    """
    last = month_of(end)
    first = {
        "month": last,
        "quarter": date(last.year, (last.month - 1) // 3 * 3 + 1, 1),
        "ytd": date(last.year, 1, 1),
        "year": date(last.year, 1, 1),
        "12m": add_months(last, -11),
    }[kind]
    return Period(kind, first, last)


def from_key(kind: str, key: str) -> Period:
    """The whole period that key() names. Raises ValueError for what is none of that kind."""
    if not re.fullmatch(KEYS[kind], key):
        raise ValueError(f"{key!r} is no {kind}")
    if kind == "quarter":
        end = date(int(key[:4]), int(key[-1]) * 3, 1)
    else:
        end = date(int(key), 12, 1) if kind == "year" else month_from_text(key)
    return period(kind, end)


def month_from_text(text: str) -> date:
    """Month of '2024-01'. Raises ValueError for anything else."""
    year, _, month = text.partition("-")
    return date(int(year), int(month), 1)
