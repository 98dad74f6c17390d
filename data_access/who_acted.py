"""Whose name stands in the lists of who acted: they keep a name only, the audit log a number beside it.

Who is renamed leaves earlier names there, and a name may be that of several. So a name that was one person's
alone is replaced wherever it stands, of a shared one only what this person did as the log or a job's request
tells it. What neither tells stays under a shared name: mappings, and jobs whose request was blanked. Lists
that have the person's number beside the name go by that.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Row, exists, select, update

from data_access.tables.audit import audit_log
from data_access.tables.imports import import_batches, import_jobs, import_warnings
from data_access.tables.metadata import metadata
from data_access.tables.org import people, saved_views
from data_access.tables.rules import med_thresholds, rule_versions, xmr_baselines

BY = ("by_name", "decided_by", "undone_by", "set_by")  # columns that name who acted
C = audit_log.c
Place = tuple[Column, tuple[tuple[str, Any], ...]]  # a column that names, and the key of a row


def rename(connection: Connection, person_id: int, name: str, new_name: str) -> None:
    """The person is called new_name in every list of who acted but the audit log, which is only added to.

    name: what it was called last; earlier names are those that it acted under.
    """
    mine = select(C.by_name).where(C.person_id == person_id).distinct()
    for one in sorted({name, *connection.execute(mine).scalars()}):
        if _is_shared(connection, person_id, one):
            _rename_own(connection, person_id, one, new_name)
        else:
            _rename_all(connection, one, new_name)
    own = saved_views.c.owner_id == person_id
    connection.execute(update(saved_views).where(own).values(by_name=new_name))
    for column, number in _named_by_number():
        connection.execute(update(column.table).where(number == person_id).values({column: new_name}))


def _named_by_number() -> Iterator[tuple[Column, Column]]:
    """Columns with a name that have the person's number beside them, and the number's."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if "name_of" in column.info:
                yield column, table.c[column.info["name_of"]]


def _is_shared(connection: Connection, person_id: int, name: str) -> bool:
    """Whether somebody else is called so, or acted under the name."""
    called = exists().where(people.c.name == name, people.c.id != person_id)
    acted = exists().where(C.by_name == name, C.person_id.is_distinct_from(person_id))
    return connection.scalar(select(called | acted))


def _rename_all(connection: Connection, name: str, new_name: str) -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name in BY and table is not audit_log and "name_of" not in column.info:
                connection.execute(update(table).where(column == name).values({column: new_name}))


def _rename_own(connection: Connection, person_id: int, name: str, new_name: str) -> None:
    acts = select(C.person_id, C.action, C.subject, C.after).where(C.by_name == name, C.is_change)
    last: dict[Place, int | None] = {}  # who wrote what is there: a later act replaces an earlier one
    for act in connection.execute(acts.order_by(C.at, C.no)):
        last |= dict.fromkeys(_written(act), act.person_id)
    started = select(import_jobs.c.id, import_jobs.c.request).where(import_jobs.c.by_name == name)
    for job in connection.execute(started):
        asked = (job.request or {}).get("viewer") or {}
        last[import_jobs.c.by_name, (("id", job.id),)] = asked.get("person_id")
    for (column, key), by in last.items():
        if by == person_id:
            this = (column.table.c[part] == one for part, one in key)
            connection.execute(update(column.table).where(column == name, *this).values({column: new_name}))


def _written(act: Row) -> Iterator[Place]:
    """Where the act left the name of who did it, as its audit row says."""
    after: Mapping[str, Any] = act.after or {}
    what, _at_unit, unit = act.subject.partition(" at unit ")
    if act.action.startswith("import.") and "batch" in after:
        yield import_batches.c.by_name, (("id", after["batch"]),)
    elif act.action == "import.undo":
        yield import_batches.c.undone_by, (("id", int(act.subject.split()[1])),)
    elif act.action.startswith("warnings."):
        for key in after["keys"]:
            yield (
                import_warnings.c.decided_by,
                tuple(zip(("batch_id", "row_no", "column", "code"), key, strict=True)),
            )
    elif act.action == "rules.publish":
        yield rule_versions.c.by_name, (("rule_set", act.subject), ("version", after["version"]))
    elif act.action == "reset_baseline" and unit:
        yield xmr_baselines.c.set_by, (("kpi", what), ("org_unit_id", int(unit)))
    elif act.action == "set_med_threshold" and unit:
        yield med_thresholds.c.set_by, (("year", int(what)), ("org_unit_id", int(unit)))
