"""What an import leaves beside its rows: the batch, the period it states, warnings, an audit row."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    func,
    insert,
    select,
)

from data_access import stale
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging
from data_access.imports.take_over import Counts
from data_access.tables.imports import import_batches, source_coverage
from domain.errors import InvalidInput
from domain.mapping import as_toml
from domain.periods import local_day, utc_now
from domain.viewer import Viewer

Days = tuple[date, date]


@dataclass(frozen=True)
class Origin:
    """Where rows come from and who brings them."""

    viewer: Viewer
    origin: str  # file, form, demo
    file_name: str
    sha256: str


@dataclass(frozen=True)
class Options:
    """What a person says beside the mapping; each wins over what the mapping says."""

    bureau: str | None = None
    covers: str | None = None  # 2024-01-01..2024-12-31, file or none
    covers_units: tuple[str, ...] = ()  # codes; none: the units that the rows speak of
    replaces: Days | None = None
    reject_to: Path | None = None
    language: str = "en"  # of the reasons in reject_to: zh or en
    still: Callable[[Connection], None] | None = None  # raises where the rows are not what somebody saw


def days_from_text(text: str) -> Days | None:
    """The period of 2024-01-01..2024-12-31; None for "none". Raises InvalidInput."""
    if text == "none":
        return None
    first, _, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise InvalidInput("period", value=text, expected="2024-01-01..2024-12-31") from error
    if days[0] > days[1]:
        raise InvalidInput("period", value=text, expected="2024-01-01..2024-12-31")
    return days


def proposed_days(staging: Staging, plan: Plan) -> Days | None:
    """The period that the staged rows suggest: their first to last day, or their whole years."""
    if not plan.kind.states:
        return None
    column = staging.rows.c[plan.kind.columns[plan.kind.period].column]
    first, last = staging.connection.execute(select(func.min(column), func.max(column))).one()
    if first is None:
        return None
    if isinstance(first, datetime):
        first, last = (local_day(moment, plan.zone) for moment in (first, last))
    return plan.kind.proposed_days(first, last, plan.reading.today)


def check_end(days: Days | None, plan: Plan) -> None:
    """Raises InvalidInput for a period that reaches into days to come, of which no file can know all."""
    today = plan.reading.today
    if days and days[1] > today and not plan.kind.may_cover_days_to_come:
        raise InvalidInput("covers_days_to_come", day=days[1].isoformat(), today=today.isoformat())


def covered_sources(plan: Plan) -> list[str]:
    """The kind's sources, and those of the optional columns that the mapping supplies."""
    columns = (plan.kind.columns[name].covers for name in plan.mapping.columns)
    return list(dict.fromkeys((*plan.kind.sources, *(one for one in columns if one))))


def state_coverage(
    connection: Connection, plan: Plan, batch_id: int, units: Iterable[int], days: Days | None
) -> None:
    """Write for which units and days no row means zero."""
    rows = [
        {
            "bureau_id": plan.bureau_id,
            "source": source,
            "org_unit_id": unit,
            "batch_id": batch_id,
            "covers_from": days[0],
            "covers_to": days[1],
        }
        for source in covered_sources(plan)
        for unit in units
        if days
    ]
    if rows:
        connection.execute(insert(source_coverage), rows)
        stale.mark_coverage(connection, batch_id)


def is_covered(connection: Connection, plan: Plan, units: Iterable[int], days: Days | None) -> bool:
    """Whether earlier batches state all of this already."""
    wanted = {(source, unit) for source in covered_sources(plan) for unit in units} if days else set()
    if not wanted:
        return True
    c = source_coverage.c
    rows = connection.execute(
        select(c.source, c.org_unit_id).where(
            c.bureau_id == plan.bureau_id, c.covers_from <= days[0], c.covers_to >= days[1]
        )
    )
    return wanted <= {tuple(row) for row in rows}


def write_batch(
    connection: Connection,
    plan: Plan,
    origin: Origin,
    unit: int | None,
    counts: Counts,
    totals: Mapping[str, int],
) -> int:
    """Number of a new batch."""
    return connection.execute(
        insert(import_batches)
        .values(
            bureau_id=plan.bureau_id,
            org_unit_id=unit,
            kind=plan.kind.id,
            origin=origin.origin,
            file_name=origin.file_name[-255:],
            file_sha256=origin.sha256,
            mapping=_as_json(plan),
            state="taken",
            rows_new=counts.new,
            rows_changed=counts.changed,
            rows_same=counts.same,
            rows_withdrawn=counts.withdrawn,
            by_name=origin.viewer.name,
            taken_at=utc_now(),
            **totals,
        )
        .returning(import_batches.c.id)
    ).scalar_one()


def _as_json(plan: Plan) -> dict[str, Any]:
    return {"toml": as_toml(plan.mapping)}
