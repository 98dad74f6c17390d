"""Evidence of rectification items: pictures and documents, given and read inside the scope of the item.

The content is written first and the row after it, so no row is without its file; a content that no row speaks
of, since its transaction failed, goes with purge.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select

from data_access import evidence_store, rectification_acts, rules, uploads
from data_access.imports import bulk
from data_access.rectification_acts import At
from data_access.tables.rectifications import rectification_files as table
from data_access.transactions import reading, reading_all, writing, writing_all
from domain import evidence
from domain.errors import InvalidInput, NotFound
from domain.periods import utc_now
from domain.rectification_rights import EDIT, VERIFY, WORK
from domain.viewer import Scope, Viewer

ONE_AT_A_TIME = "evidence files"  # who adds a row, and who removes what no row speaks of


@dataclass(frozen=True)
class Content:
    """A file to be handed out: media_type is what the content is, whatever the name says."""

    name: str
    media_type: str
    content: bytes


def add(
    engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, name: str, content: bytes, stage: str
) -> int:
    """Number of the file at the item; of the same content at the same stage the one that is there.

    stage: of evidence.STAGES. Raises NotFound, NotAllowed, InvalidInput (those of evidence.checked(),
    "rectification_choice", "evidence_folder").
    """
    if stage not in evidence.STAGES:
        raise InvalidInput("rectification_choice", value=stage, known=", ".join(evidence.STAGES))
    shown = uploads.safe_name(name)
    with reading(engine, viewer.scope) as connection:
        at = At(connection, viewer, rectification_acts.held(connection, viewer.scope, bureau_id, item_id))
        rectification_acts.check_may(at, (WORK, EDIT, VERIFY), is_for_workers=True)
        rule = rules.current(connection, "rectification")["evidence"]
    media_type = evidence.checked(shown, content, rule)
    place = evidence_store.folder(engine)
    sha256 = evidence_store.keep(place, content)
    with writing(engine, viewer.scope) as connection:
        bulk.one_at_a_time(connection, ONE_AT_A_TIME)
        if not evidence_store.path_of(place, sha256).is_file():  # purge was between
            evidence_store.keep(place, content)
        at = At(connection, viewer, rectification_acts.held(connection, viewer.scope, bureau_id, item_id))
        rectification_acts.check_may(at, (WORK, EDIT, VERIFY), is_for_workers=True)
        same = (table.c.sha256 == sha256) & (table.c.stage == stage)
        held = connection.scalar(select(table.c.no).where(_of(at), same))
        if held is not None:
            return held
        rectification_acts.say(at, "file", shown, {"name": shown, "sha256": sha256, "stage": stage})
        no = (connection.scalar(select(func.max(table.c.no)).where(_of(at))) or 0) + 1
        row = {"no": no, "sha256": sha256, "name": shown, "bytes": len(content), "media_type": media_type}
        row |= {"stage": stage, "added_at": utc_now()}
        row |= {"added_by_id": viewer.person_id, "added_by": viewer.name}
        connection.execute(insert(table).values(**at.key, **row))
    return no


def missing(engine: Engine) -> tuple[int, list[str]]:
    """How many contents rows speak of, and the names of files whose content is not in its place."""
    with reading_all(engine) as connection:
        rows = connection.execute(select(table.c.sha256, table.c.name).order_by(table.c.name)).all()
    n = len({row.sha256 for row in rows})
    try:
        place = evidence_store.folder(engine)
    except InvalidInput:
        return n, [row.name for row in rows]
    return n, [row.name for row in rows if not evidence_store.path_of(place, row.sha256).is_file()]


def content(engine: Engine, scope: Scope, bureau_id: str, item_id: str, no: int) -> Content:
    """The file. Raises NotFound, InvalidInput("evidence_damaged", name | "evidence_folder")."""
    with reading(engine, scope) as connection:
        item = rectification_acts.held(connection, scope, bureau_id, item_id)
        mine = (table.c.bureau_id == item.bureau_id) & (table.c.item_id == item.item_id)
        row = connection.execute(select(table).where(mine, table.c.no == no)).first()
    if row is None:
        raise NotFound(bureau_id, item_id, no)
    found = evidence_store.read(evidence_store.folder(engine), row.sha256)
    if found is None:
        raise InvalidInput("evidence_damaged", name=row.name)
    return Content(row.name, row.media_type, found)


def orphans(engine: Engine, days: int) -> list[Path]:
    """Contents, older than so many days, of which no row speaks; none where there is no folder."""
    try:
        place = evidence_store.folder(engine)
    except InvalidInput:
        return []
    with reading_all(engine) as connection:
        return _orphans(connection, list(evidence_store.unchanged(place, days)))


def remove_orphans(engine: Engine, days: int) -> int:
    """How many such contents went; nobody adds one meanwhile."""
    try:
        place = evidence_store.folder(engine)
    except InvalidInput:
        return 0
    with writing_all(engine) as connection:
        bulk.one_at_a_time(connection, ONE_AT_A_TIME)
        gone = _orphans(connection, list(evidence_store.unchanged(place, days)))
        for path in gone:
            path.unlink(missing_ok=True)
    return len(gone)


def _orphans(connection: Connection, found: list[tuple[str, Path]]) -> list[Path]:
    known = set(connection.execute(select(table.c.sha256).distinct()).scalars())
    return [path for sha256, path in found if sha256 not in known or path.name != sha256]


def _of(at: At):
    return (table.c.bureau_id == at.item.bureau_id) & (table.c.item_id == at.item.item_id)
