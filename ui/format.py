"""Numbers, units, changes and dates as people read them; the only place that turns values into text.

万 and 亿 are made here, because the browser's compact format depends on the browser's language. Changes of
percentages are percentage points. Times are stored in UTC and shown in the company's zone.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.kpis import Kpi, Measure
from domain.periods import Period, add_months
from domain.target_state import is_over
from ui.texts import N_, _, in_brackets, language, listed

MISSING = "—"
MINUS = "−"
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

UNITS = {
    "min/customer": N_("min/cust."),
    "times/customer": N_("times/cust."),
    "min": N_("min"),
    "min/interruption": N_("min/interruption"),
    "customers/fault": N_("customers/fault"),
    "%": "%",
    "count": "",
    "times": N_("times"),
    "per_100km_year": N_("per 100 km and year"),
}
MEASURE_UNITS = {  # in English each ends in the s of the plural
    "customers": N_("customers"),
    "customer-seconds": N_("stored as customer-seconds, shown in customer-minutes"),
    "customer-interruptions": N_("customer interruptions"),
    "outages": N_("outages"),
    "steps": N_("steps"),
    "lines": N_("lines"),
    "areas": N_("areas"),
    "area-interruptions": N_("area interruptions"),
    "metre-months": N_("metre-months"),
    "plans": N_("plans"),
    "revisions": N_("revisions"),
    "items": N_("items"),
}
SHORT_UNITS = {"customer-interruptions": N_("interruptions")}  # where customers are spoken of already
COUNTERS = {"areas": "个", "lines": "条", "rectifications": "项"}  # what is counted stands in the KPI's name


def is_missing(value: Any) -> bool:
    """Whether the value is None or NaN: not the same as 0."""
    return value is None or value != value


def unit(kpi: Kpi) -> str:
    """The KPI's unit in words; a count has only the counter of Chinese, its name says what is counted."""
    if kpi.unit == "count":
        what = next((one for one in COUNTERS if one in kpi.numerator[0][1]), "")
        return COUNTERS[what] if what and language() == "zh" else ""
    return _(UNITS[kpi.unit]) if UNITS[kpi.unit] else ""


def measure_unit(measure: Measure, count: float | None = None, is_short: bool = False) -> str:
    """The unit of a measure's stored integer, in words; in English that of one where count is 1."""
    words = _((SHORT_UNITS if is_short else {}).get(measure.unit, MEASURE_UNITS[measure.unit]))
    return words.removesuffix("s") if count == 1 and language() == "en" else words


def amount(measure: Measure, value: float | None, is_exact: bool = False, is_short: bool = False) -> str:
    """A measure's value with its unit: 1.25万 时户, 5 outages; customer time as customer_time() says it.

    is_short: with as few words as will do; is_exact: with all its digits, and decimals where it is small
    enough that they count in a division.
    """
    if is_missing(value):
        return MISSING
    said = _exact if is_exact else large
    if measure.unit == "customer-seconds":
        return f"{said(value / customer_time_divisor())} {customer_time_unit()}"
    return f"{said(value)} {measure_unit(measure, value, is_short)}"


def _exact(value: float) -> str:
    return number(value, 0 if value == round(value) or abs(value) >= 10_000 else 2)


def customer_time(seconds: float | None) -> str:
    """Customer-seconds as each language counts them: 1.25万 时户, 750,000 customer-min."""
    if is_missing(seconds):
        return MISSING
    return f"{large(seconds / customer_time_divisor())} {customer_time_unit()}"


def customer_time_divisor() -> int:
    """Seconds in one unit of customer time: an hour in Chinese, a minute in English."""
    return 3600 if language() == "zh" else 60


def customer_time_unit() -> str:
    """The unit of customer time, short enough for an axis."""
    return _("customer-min")


def number(value: float | None, decimals: int = 0) -> str:
    """The value with grouped thousands, or the dash."""
    if is_missing(value):
        return MISSING
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit not in "0.," for digit in text)
    return (MINUS if negative else "") + text


def large(value: float | None) -> str:
    """A large count in few characters: 万 and 亿, or thousand separators and M in English."""
    if is_missing(value):
        return MISSING
    steps = ((1e8, "亿"), (1e4, "万")) if language() == "zh" else ((1e9, "bn"), (1e6, "M"))
    for size, word in steps:
        if abs(value) >= size:
            scaled = value / size
            return (
                number(scaled, 0 if abs(scaled) >= 1000 else 1 if abs(scaled) >= 100 else 2) + _gap() + word
            )
    return number(value)


def _gap() -> str:
    return "" if language() == "zh" else " "


def figure(kpi: Kpi, value: float | None, decimals: int | None = None) -> str:
    """The KPI's value with its decimals, or those asked for, without the unit."""
    return number(value, kpi.decimals if decimals is None else decimals)


def figure_with_unit(kpi: Kpi, value: float | None, decimals: int | None = None) -> str:
    """42.6 min/customer, 98.2%, 7 areas; the dash alone where missing."""
    if is_missing(value):
        return MISSING
    return figure(kpi, value, decimals) + ("%" if kpi.unit == "%" else f" {unit(kpi)}".rstrip())


def difference(kpi: Kpi, value: float | None, decimals: int | None = None) -> str:
    """A change of the KPI with its sign: +9.1, −0.4 percentage points."""
    if is_missing(value):
        return MISSING
    text = figure(kpi, abs(value), decimals)
    sign = "±" if not any(digit not in "0.," for digit in text) else "+" if value > 0 else MINUS
    return f"{sign}{text}" + (" " + _("pp") if kpi.unit == "%" else "")


def share(value: float | None, decimals: int = 0) -> str:
    """A share of 0..1 as a percentage."""
    return MISSING if is_missing(value) else number(value * 100, decimals) + "%"


def month(value: date) -> str:
    """2026年10月 or Oct 2026."""
    if language() == "zh":
        return f"{value.year}年{value.month}月"
    return f"{EN_MONTHS[value.month - 1]} {value.year}"


def day(value: date) -> str:
    """2026-10-31: the same in both languages, and sorts."""
    return f"{value:%Y-%m-%d}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """A stored UTC time in the company's zone: 2026-11-20 06:00."""
    return f"{value.replace(tzinfo=UTC).astimezone(zone):%Y-%m-%d %H:%M}"


def period(value: Period) -> str:
    """The period as a person names it; a quarter or year that is cut says to which month."""
    if value.kind == "month":
        return month(value.last)
    if value.kind == "quarter":
        quarter = (value.last.month + 2) // 3
        whole = _("Q{quarter} {year}").format(quarter=quarter, year=value.last.year)
        return whole if value.last.month % 3 == 0 else whole + in_brackets(_months(value))
    if value.kind == "year" and value.last.month == 12:
        return f"{value.last.year}年" if language() == "zh" else str(value.last.year)
    return _months(value)


def running(value: Period) -> str:
    """The months that a quarter or year holds where these are not all of its own: only Oct 2026; else ''."""
    return "" if is_over(value) else _("only {months}").format(months=_months(value))


def _months(value: Period) -> str:
    if value.first == value.last:
        return month(value.last)
    if value.first.year == value.last.year and language() == "zh":
        return f"{value.first.year}年{value.first.month}–{value.last.month}月"
    if value.first.year == value.last.year:
        return f"{EN_MONTHS[value.first.month - 1]}–{month(value.last)}"
    return _("{first} to {last}").format(first=month(value.first), last=month(value.last))


def runs_of_months(months: Iterable[date]) -> str:
    """Months in order, those that follow each other as one: 2023-10 – 2023-12, 2024-05."""
    runs: list[list[date]] = []
    for one in months:
        if runs and one == add_months(runs[-1][-1], 1):
            runs[-1].append(one)
        else:
            runs.append([one])
    spans = (f"{run[0]:%Y-%m}" + (f" – {run[-1]:%Y-%m}" if len(run) > 1 else "") for run in runs)
    return listed(spans)


def duration(seconds: float | None) -> str:
    """Hours and minutes: 5 h 20 min, 5小时20分."""
    if is_missing(seconds):
        return MISSING
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{minutes} min").format(minutes=rest)
    return _("{hours} h {minutes} min").format(hours=number(hours), minutes=rest)
