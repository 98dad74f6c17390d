"""Outages of the large company, in the order of their keys, as rows of the tables."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import Table

from data_access.tables.outages import outage_steps, outages
from domain.org_units import OrgUnit

LINES_PER_STATION = 3
AREAS_PER_LINE = 20
GRIDS_PER_STATION = 4
ZONE_HOURS = 8  # Asia/Shanghai, all year
CAUSES = ("equipment", "lightning", "tree", "animal", "cable", "external_digging", "planned_works", "wind")
PLANNED = CAUSES.index("planned_works")
STEPS_AT_ONCE = 100_000


def _text(seconds: np.ndarray) -> list[str]:
    """Seconds since 1970 as 'YYYY-MM-DD HH:MM:SS'."""
    texts = np.datetime_as_string(seconds.astype("datetime64[s]"))
    texts.view("U1").reshape(-1, texts.dtype.itemsize // 4)[:, 10] = " "
    return texts.tolist()


def _days(seconds: np.ndarray) -> list[str]:
    """Local days of UTC seconds, as ISO texts."""
    local = (seconds + ZONE_HOURS * 3600).astype("datetime64[s]")
    return np.datetime_as_string(local.astype("datetime64[D]")).tolist()


def rows(
    units: dict[int, OrgUnit], total: int, first: date, last: date, random: np.random.Generator
) -> Iterator[tuple[Table, list[str], Iterator[tuple]]]:
    """(table, columns, rows) in parts: outages sorted by line, so that keys rise within a key space.

    They begin from the day first on and before the day last, in which the longest end.
    """
    stations = [unit for unit in units.values() if unit.level == "station"]
    grid_of = {unit.code: unit.id for unit in units.values() if unit.level == "grid"}
    begin = int(datetime(first.year, first.month, 1, tzinfo=UTC).timestamp()) - ZONE_HOURS * 3600
    end = int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp()) - ZONE_HOURS * 3600
    line_of = np.sort(random.integers(0, len(stations) * LINES_PER_STATION, total))
    for part in range(0, total, STEPS_AT_ONCE // AREAS_PER_LINE):
        line = line_of[part : part + STEPS_AT_ONCE // AREAS_PER_LINE]
        count = len(line)
        started = random.integers(begin, end, count) // 60 * 60
        lasts = (random.lognormal(4.3, 0.8, count) * 60).astype(int).clip(120, 86_400)
        cause = random.integers(0, len(CAUSES), count)
        stage = random.uniform(0.3, 1, (count, AREAS_PER_LINE))
        stage[:, -1] = 1
        seconds = (stage * lasts[:, None]).astype(int)
        customers = random.integers(20, 150, (count, AREAS_PER_LINE))
        yield _outage_rows(part, line, started, lasts, cause, customers, stations)
        yield _step_rows(part, line, started, seconds, cause, customers, stations, grid_of)


def _kind(cause: int) -> str:
    return "planned" if cause == PLANNED else "fault"


def _outage_rows(part, line, started, lasts, cause, customers, stations):
    begins, ends = _text(started), _text(started + lasts)
    days = _days(started)
    columns = [
        "bureau_id",
        "outage_key",
        "org_unit_id",
        "kind",
        "cause",
        "line_code",
        "detected_at",
        "trip",
        "started_at",
        "ended_at",
        "duration_s",
        "longest_step_s",
        "start_day",
        "steps",
        "customers",
        "mv_users",
        "open_steps",
    ]
    totals = customers.sum(axis=1).tolist()

    def found():
        for n, (at, c, s) in enumerate(zip(line.tolist(), cause.tolist(), lasts.tolist(), strict=True)):
            station = stations[at // LINES_PER_STATION]
            yield (
                station.bureau_id,
                f"{part + n:08}",
                station.id,
                _kind(c),
                CAUSES[c],
                f"{station.code}F{at % LINES_PER_STATION}",
                begins[n],
                "none" if c == PLANNED else "permanent",
                begins[n],
                ends[n],
                s,
                s,
                days[n],
                AREAS_PER_LINE,
                totals[n],
                AREAS_PER_LINE,
                0,
            )

    return outages, columns, found()


def _step_rows(part, line, started, seconds, cause, customers, stations, grid_of):
    columns = [
        "bureau_id",
        "step_key",
        "outage_key",
        "org_unit_id",
        "area_code",
        "kind",
        "cause",
        "customers",
        "mv_users",
        "interrupted_at",
        "restored_at",
        "duration_s",
        "outage_org_unit_id",
        "line_code",
        "detected_at",
        "trip",
        "start_day",
    ]
    begins = _text(started)
    days = _days(started)
    ends = _text((started[:, None] + seconds).ravel())
    lasts, users = seconds.ravel().tolist(), customers.ravel().tolist()

    def found():
        place = 0
        for n, (at, c) in enumerate(zip(line.tolist(), cause.tolist(), strict=True)):
            station = stations[at // LINES_PER_STATION]
            code, key = f"{station.code}F{at % LINES_PER_STATION}", f"{part + n:08}"
            kind, trip = _kind(c), "none" if c == PLANNED else "permanent"
            for m in range(AREAS_PER_LINE):
                yield (
                    station.bureau_id,
                    f"{key}-{m:02}",
                    key,
                    grid_of[f"{station.code}{m % GRIDS_PER_STATION:02}"],
                    f"{code}T{m:02}",
                    kind,
                    CAUSES[c],
                    users[place],
                    1,
                    begins[n],
                    ends[place],
                    lasts[place],
                    station.id,
                    code,
                    begins[n],
                    trip,
                    days[n],
                )
                place += 1

    return outage_steps, columns, found()
