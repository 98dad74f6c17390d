"""Whether a database is sound: what `check` reports, one sentence each."""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, func, select

from data_access import audit_chain, database, evidence_files, org_units, row_security, stale
from data_access.engine import is_sqlite, unsound
from data_access.tables.imports import import_jobs
from data_access.tables.org import org_closure
from data_access.tables.rules import rule_versions
from data_access.transactions import reading_all
from domain import rule_sets
from domain.kpis import catalogue


def findings(engine: Engine) -> Iterator[tuple[bool, str]]:
    """(sound, sentence) of each check; stops where the tables are not of this program's revision."""
    state = database.state(engine)
    yield state.is_current, f"tables at revision {state.revision}, expected {database.newest_revision()}"
    if not state.is_current:
        return
    yield state.kind in ("demo", "real"), f"data: {state.kind}"
    found = catalogue()
    yield True, f"catalogue: {len(found.measures)} measures, {len(found.kpis)} KPIs"
    with reading_all(engine) as connection:
        broken = unsound(connection)
        yield not broken, f"file and foreign keys: {broken or 'sound'}"
        missing = _rule_sets_missing(connection)
        yield not missing, f"rule sets without a version: {', '.join(missing) or 'none'}"
        yield _closure_is_right(connection), "closure of the tree agrees with the parents"
        guarded = row_security.holds(connection)
        yield guarded, f"row-level security: {_second_lock(connection, guarded)}"
        waiting = stale.is_waiting(connection)
        yield not waiting, "a refresh is due: run refresh" if waiting else "figures are refreshed"
        chains, wrong = audit_chain.ends_in_place(connection)
        ends = f"wrong at the end of {', '.join(repr(one) for one in wrong)}" if wrong else "ends in place"
        yield not wrong, f"audit log: {chains} chains, {ends}; audit-verify walks them"
        lies = evidence_files.missing(engine)
        names = ", ".join(lies[1][:5])
        yield not lies[1], f"evidence files: {lies[0]}, missing: {names or 'none'}"
        running = connection.scalar(
            select(func.count()).where(import_jobs.c.state.in_(["queued", "running"]))
        )
        yield True, f"import jobs at work: {running}"


def _second_lock(connection: Connection, guarded: bool) -> str:
    if is_sqlite(connection):
        return "PostgreSQL's alone; here the program itself keeps units apart"
    return "holds" if guarded else "does not hold for a superuser, see app-role"


def _rule_sets_missing(connection: Connection) -> list[str]:
    known = set(connection.execute(select(rule_versions.c.rule_set).distinct()).scalars())
    return sorted(set(rule_sets.names()) - known)


def _closure_is_right(connection: Connection) -> bool:
    units = org_units.all_units(connection)
    stored = {(row.ancestor_id, row.descendant_id) for row in connection.execute(select(org_closure))}
    expected = set()
    for unit in units.values():
        above = unit
        expected.add((unit.id, unit.id))
        while above.parent_id is not None:
            above = units[above.parent_id]
            expected.add((above.id, unit.id))
    return stored == expected
