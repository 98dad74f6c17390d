"""One record entered or corrected by hand, saved through the way of a file.

So a form knows the same checks, leaves a batch that can be undone, and marks the same figures as stale. In a
demo database what people enter is demo data. Whether the stored row is still the one that the form showed is
asked in the transaction that takes it over, when nobody else can change it any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from data_access import processes
from data_access.database import data_kind
from data_access.entry import MADE, TABLES, Record, Texts, hides, record_in, steps_in
from data_access.imports import run as imports
from data_access.scope import within
from data_access.tables.condition import damage_sites
from data_access.tables.grid import areas, lines
from data_access.tables.org import org_units
from data_access.transactions import reading
from domain.errors import ChangedByOthers
from domain.import_kinds import Kind, kinds
from domain.viewer import Scope, Viewer

Still = Callable[[Connection], None]


@dataclass(frozen=True)
class Saved:
    """What saving changed; batch_id is None where everything was there already."""

    batch_id: int | None
    new: int
    changed: int
    warnings: int


def save(
    engine: Engine,
    viewer: Viewer,
    kind_id: str,
    texts: Texts,
    before: Record | None = None,
    act: str = "edit_records",
) -> Saved:
    """Take the record over, instead of `before` where one is corrected. act: what allows it.

    Raises NotAllowed; FileRejected with what is wrong, also for a key of a unit that the viewer may not
    change; ChangedByOthers where the stored row is no longer `before`, or where a new record's key is taken
    already: to store mine over it, save with its `seen` as `before`. A masked column that is left empty stays
    as it is, as long as the row it is to be would have it masked too: else it would show what it was.
    """
    kind = kinds()[kind_id]
    key = {name: texts[name] for name in kind.key}

    def still(connection: Connection) -> None:
        now = record_in(connection, viewer.scope, kind_id, **key)
        if now == before:
            return
        kept = {name: mask for name, mask in before.masked.items() if not texts.get(name)} if before else {}
        theirs = now.shown if now else {}
        raise ChangedByOthers(*key.values(), mine=texts | kept, theirs=theirs, seen=(now,))

    with reading(engine, viewer.scope) as connection:
        still(connection)  # before anybody hears of mistakes in what is out of date
        kept = _kept(connection, viewer.scope, kind, texts, before)
    return _take(engine, viewer, kind, [texts | kept], before, still, act)


def _kept(connection: Connection, scope: Scope, kind: Kind, texts: Texts, before: Record | None) -> Texts:
    """The stored values of the masked columns that the form left empty: they go back, and nowhere else."""
    names = (
        [one for one in before.masked if not texts.get(one) and hides(kind.columns[one], texts)]
        if before
        else []
    )
    if not names:
        return {}
    table = TABLES[kind.table]
    key = [table.c[kind.columns[one].column] == texts[one] for one in kind.key]
    mine = (table.c.bureau_id == before.bureau_id, within(table.c.org_unit_id, scope), *key)
    statement = select(*(table.c[kind.columns[one].column] for one in names)).where(*mine)
    stored = connection.execute(statement).first()
    return dict(zip(names, stored, strict=True)) if stored else {}  # gone since: still() will say so


def save_step(
    engine: Engine, viewer: Viewer, outage: Texts, step: Texts, before: Sequence[Record], number: int | None
) -> Saved:
    """Take over one step of an outage, and the outage's own columns with all its steps.

    before: the steps as steps() gave them, none for a new outage; number: the place of the corrected one,
    None for a further one. Raises as save() does; the `seen` of ChangedByOthers is (before, number): of two
    who add a step to a stored outage each adds its own, of two who enter a new outage both enter its first.
    """
    key = outage["outage_key"]
    rows = [{**one.texts, **outage} for one in before]
    if number is None:
        taken = {one[MADE] for one in rows}
        place = next(n for n in range(1, len(rows) + 2) if f"{key}-{n}" not in taken)
        rows.append({MADE: f"{key}-{place}", **outage, **step})
    else:
        rows[number] = rows[number] | outage | step
    mine = rows[-1 if number is None else number]

    def still(connection: Connection) -> None:
        now = steps_in(connection, viewer.scope, key)
        if now == list(before):
            return
        places = [one.texts[MADE] for one in now]
        is_further = number is None and bool(before)  # two such steps are two, though both make one key
        at = places.index(mine[MADE]) if mine[MADE] in places and not is_further else None
        if at is None:  # of a step that they do not have, only what belongs to the whole outage is theirs
            theirs = {name: now[0].texts[name] for name in outage} if now else {}
        else:
            theirs = now[at].shown
        raise ChangedByOthers(key, mine=mine, theirs=theirs, seen=(now, at))

    with reading(engine, viewer.scope) as connection:
        still(connection)
    return _take(engine, viewer, kinds()["outages"], rows, before[0] if before else None, still)


def _take(
    engine: Engine,
    viewer: Viewer,
    kind: Kind,
    rows: Sequence[Texts],
    before: Record | None,
    still: Still,
    act: str = "edit_records",
) -> Saved:
    viewer = viewer.acting(act)
    frame = pd.DataFrame([{name: row.get(name, "") for name in kind.columns} for row in rows], dtype="str")
    with reading(engine, viewer.scope) as connection:
        origin = "demo" if data_kind(connection) == "demo" else "form"
        bureau = before.bureau_id if before else _key_space(connection, viewer.scope, kind, rows[0])
    name = _name(kind, rows[0])
    found = imports.take_frame(
        engine, viewer, kind.id, [frame], origin=origin, bureau=bureau, name=name, still=still, act=act
    )
    if found.batch_id is not None:
        processes.start(engine, viewer, "refresh")
    return Saved(found.batch_id, found.new, found.changed, found.warnings)


def _key_space(connection: Connection, scope: Scope, kind: Kind, texts: Texts) -> str | None:
    """Key space of a new record: that of the area, line or site it names, else the one that rows of the kind
    use in its unit, else its unit's home; None leaves it to the viewer's.
    """
    for table, name in ((areas, "area_code"), (lines, "line_code"), (damage_sites, "site_key")):
        if texts.get(name) and table.name != kind.table:
            named = select(func.min(table.c.bureau_id)).where(
                table.c[name] == texts[name], within(table.c.org_unit_id, scope)
            )
            if found := connection.scalar(named):
                return found
    mine = (org_units.c.code == texts.get("unit", "")) & within(org_units.c.id, scope)
    unit = select(org_units.c.id).where(mine).scalar_subquery()
    table = TABLES[kind.table]
    if "org_unit_id" in table.c:
        used = select(func.min(table.c.bureau_id)).where(table.c.org_unit_id == unit)
        if found := connection.scalar(used):
            return found
    return connection.scalar(select(org_units.c.bureau_id).where(org_units.c.id == unit))


def _name(kind: Kind, texts: Texts) -> str:
    """What the history of batches calls the form's entry: its key."""
    key = ("outage_key",) if kind.id == "outages" else kind.key
    return " ".join(texts.get(name, "") for name in key)
