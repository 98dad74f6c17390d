"""A first look into an uploaded file, before anything is checked: headers, rows, what it seems to cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Engine

from data_access import org_units, settings
from data_access.imports import checking, covering, examining, reading
from data_access.transactions import reading as reading_from
from domain import personal, row_check_times, row_checks
from domain.errors import NotAllowed
from domain.import_kinds import Kind
from domain.mapping import FileMapping, suggested
from domain.periods import local_today
from domain.viewer import Viewer, import_act

SAMPLE_ROWS = 1_000  # enough to meet the usual values of a column


@dataclass(frozen=True)
class Preview:
    """What a file looks like. samples: its first rows as texts, columns named by their headers.

    Cells that speak of a person are masked: to say which column is what, their shape is enough.
    """

    header: tuple[str, ...]
    samples: pd.DataFrame
    form: str
    encoding: str


def preview(viewer: Viewer, kind: Kind, path: Path, header_row: int = 1, sheet: str = "") -> Preview:
    """The file's headers and first rows. Raises NotAllowed; FileRejected for what is no table."""
    if not viewer.may(import_act(kind.id)):
        raise NotAllowed(import_act(kind.id))
    facts = examining.examine(path)
    header = reading.header(facts, header_row, sheet)
    named = _first_of_each(header)
    chunk = next(reading.chunks(facts, len(header), list(named.values()), header_row, sheet), None)
    samples = pd.DataFrame(columns=list(named), dtype="str")
    if chunk is not None:
        samples = chunk.texts.head(SAMPLE_ROWS).set_axis(list(named), axis=1)
        samples = personal.without_plain(samples, list(named), kind, suggested(kind, list(named)))
    return Preview(tuple(named), samples, facts.form, facts.encoding)


def _first_of_each(header: list[str]) -> dict[str, int]:
    """Header -> its first place; columns without a header are left out."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if name:
            places.setdefault(name, place)
    return places


def covered_by(
    engine: Engine, viewer: Viewer, path: Path, kind: Kind, mapping: FileMapping
) -> tuple[tuple[date, date] | None, tuple[str, ...]]:
    """The period and the codes of the units that the file seems to cover; None and () where it does not say.

    What the mapping names holds; else it takes one pass over the columns that say so. Raises NotAllowed.
    """
    if not viewer.may(import_act(kind.id)):
        raise NotAllowed(import_act(kind.id))
    days = _period_of(path, kind, mapping)
    return days, mapping.covers_unit or _units_of(engine, viewer, path, kind, mapping)


def _chunks(path: Path, mapping: FileMapping, name: str) -> Iterator[pd.Series]:
    """The texts of one column of the file; none where the file lacks it."""
    facts = examining.examine(path)
    header = reading.header(facts, mapping.header_row, mapping.sheet)
    if name in header:
        places = [header.index(name)]
        for chunk in reading.chunks(facts, len(header), places, mapping.header_row, mapping.sheet):
            yield chunk.texts.iloc[:, 0]


def _period_of(path: Path, kind: Kind, mapping: FileMapping) -> tuple[date, date] | None:
    """The file's first to last day in the company's zone, for a person to confirm or widen.

    None where its column is absent or unreadable.
    """
    source = mapping.columns.get(kind.period)
    if source is None or source.column is None:
        return None
    first, last = None, None
    zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else settings.company_timezone()
    for texts in _chunks(path, mapping, source.column):
        days = _days(texts, kind.columns[kind.period].type, source.format, zone)
        if days.notna().any():
            first = min(days.min(), first or days.min())
            last = max(days.max(), last or days.max())
    if first is None:
        return None
    today = local_today(settings.company_timezone())
    return kind.proposed_days(first.date(), last.date(), today)


def _units_of(
    engine: Engine, viewer: Viewer, path: Path, kind: Kind, mapping: FileMapping
) -> tuple[str, ...]:
    """Codes of the units that the file's rows speak of; none where they stand in no column of their own."""
    source = mapping.columns.get("unit")
    if not kind.states or source is None:
        return ()
    with reading_from(engine) as connection:
        units = checking.plan(connection, viewer.scope, mapping, "").reading
        known = org_units.all_units(connection)
    given = [pd.Series([source.constant], dtype="str")]
    if source.column is not None:
        given = (texts.drop_duplicates() for texts in _chunks(path, mapping, source.column))
    found: set[int] = set()
    for texts in given:
        values, _problems = row_checks.typed(
            texts, kind.columns["unit"], source, texts.index.to_numpy(), units
        )
        found.update(values.dropna().astype(int))
    return tuple(known[one].code for one in covering.proposed(kind.id, found, known))


def _days(texts: pd.Series, column_type: str, form: str | None, zone: ZoneInfo) -> pd.Series:
    texts = texts.str.strip()
    texts = texts.where(texts != "")
    if column_type == "datetime":
        moments = row_check_times.utc_times(texts, form, zone)[0]
        return moments.dt.tz_localize("UTC").dt.tz_convert(settings.company_timezone()).dt.tz_localize(None)
    if column_type == "month":
        return row_check_times.months(texts, form)[0]
    return row_check_times.dates(texts, form)[0]
