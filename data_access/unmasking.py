"""The plain values of masked columns, for who has the right and says why: never without a trace.

The row in the audit log is committed before a value is given out. It says who saw which rows and why, and
never what stood there.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select, tuple_

from data_access import audit
from data_access.org_units import lowest_over
from data_access.scope import within
from data_access.tables import metadata
from data_access.transactions import reading
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.viewer import Viewer

ACT = "unmask"
MOST_ROWS = 2_000  # at once: more is no look at rows but a copy of the register
LONGEST_REASON = 500
Key = tuple[str, ...]


def show(
    engine: Engine, viewer: Viewer, table_name: str, keys: Sequence[Key], reason: str
) -> dict[Key, Mapping[str, str]]:
    """The personal columns of those rows by key, where the viewer may unmask; one audit row for all.

    keys: primary keys of a table that has org_unit_id, e.g. ("areas", [(bureau_id, area_code)]). Raises
    InvalidInput("reason_missing" | "unmask_too_many", most), NotFound where a row is absent or outside the
    viewer's units, NotAllowed where the viewer may look at the rows but unmask none of them.
    """
    allowed = viewer.scope_for(ACT)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise InvalidInput("reason_missing")
    keys = sorted(set(keys))
    if len(keys) > MOST_ROWS:
        raise InvalidInput("unmask_too_many", most=MOST_ROWS)
    table = metadata.tables[table_name]
    of_key = tuple(table.primary_key.columns)
    marked = [column for column in table.columns if "personal" in column.info]
    statement = select(
        *of_key, *marked, table.c.org_unit_id, within(table.c.org_unit_id, allowed).label("is_allowed")
    ).where(tuple_(*of_key).in_(keys), within(table.c.org_unit_id, viewer.scope))
    with reading(engine, viewer.scope) as connection:
        rows = connection.execute(statement).all() if keys else []
        if len(rows) < len(keys) or not keys:
            raise NotFound(table_name)
        mine = [row for row in rows if row.is_allowed]
        unit = lowest_over(connection, (row.org_unit_id for row in mine))
    if not mine:
        raise NotAllowed(ACT)
    found = {tuple(row[: len(of_key)]): {one.name: getattr(row, one.name) for one in marked} for row in mine}
    told = {"columns": [one.name for one in marked], "rows": [" ".join(key) for key in sorted(found)]}
    audit.note(engine, viewer, ACT, f"{table_name}: {len(found)}", told, reason, unit)
    return found
