"""A first look into an uploaded file, before anything is checked: headers, rows, and the period it spans."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from data_access import settings
from data_access.imports import examining, reading
from domain import row_check_times
from domain.errors import NotAllowed
from domain.import_kinds import Kind
from domain.mapping import FileMapping
from domain.periods import local_today, whole_months
from domain.viewer import Viewer

SAMPLE_ROWS = 1_000  # enough to meet the usual values of a column


@dataclass(frozen=True)
class Preview:
    """What a file looks like. samples: its first rows as texts, columns named by their headers."""

    header: tuple[str, ...]
    samples: pd.DataFrame
    form: str
    encoding: str


def preview(viewer: Viewer, path: Path, header_row: int = 1, sheet: str = "") -> Preview:
    """The file's headers and first rows. Raises NotAllowed; FileRejected for what is no table."""
    if not viewer.may("import"):
        raise NotAllowed("import")
    facts = examining.examine(path)
    header = reading.header(facts, header_row, sheet)
    named = _first_of_each(header)
    chunk = next(reading.chunks(facts, len(header), list(named.values()), header_row, sheet), None)
    samples = pd.DataFrame(columns=list(named), dtype="str")
    if chunk is not None:
        samples = chunk.texts.head(SAMPLE_ROWS).set_axis(list(named), axis=1)
    return Preview(tuple(named), samples, facts.form, facts.encoding)


def _first_of_each(header: list[str]) -> dict[str, int]:
    """Header -> its first place; columns without a header are left out."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if name:
            places.setdefault(name, place)
    return places


def period_of(viewer: Viewer, path: Path, kind: Kind, mapping: FileMapping) -> tuple[date, date] | None:
    """Whole months from the file's first to its last day in the company's zone, for a person to confirm.

    None where its column is not given or unreadable. A file rarely has a row on the first and the last day of
    a month, and a month that is covered in part has no figures. Reads only the column of the kind's period.
    """
    if not viewer.may("import"):
        raise NotAllowed("import")
    source = mapping.columns.get(kind.period)
    if source is None or source.column is None:
        return None
    facts = examining.examine(path)
    header = reading.header(facts, mapping.header_row, mapping.sheet)
    if source.column not in header:
        return None
    first, last = None, None
    place = header.index(source.column)
    zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else settings.company_timezone()
    for chunk in reading.chunks(facts, len(header), [place], mapping.header_row, mapping.sheet):
        days = _days(chunk.texts.iloc[:, 0], kind.columns[kind.period].type, source.format, zone)
        if days.notna().any():
            first = min(days.min(), first or days.min())
            last = max(days.max(), last or days.max())
    if first is None:
        return None
    return whole_months(first.date(), last.date(), local_today(settings.company_timezone()))


def _days(texts: pd.Series, column_type: str, form: str | None, zone: ZoneInfo) -> pd.Series:
    texts = texts.str.strip()
    texts = texts.where(texts != "")
    if column_type == "datetime":
        moments = row_check_times.utc_times(texts, form, zone)[0]
        return moments.dt.tz_localize("UTC").dt.tz_convert(settings.company_timezone()).dt.tz_localize(None)
    if column_type == "month":
        return row_check_times.months(texts, form)[0]
    return row_check_times.dates(texts, form)[0]
