"""Whether the audit log is what it was: every row is signed together with the one before it."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, Engine, Row, func, select

from data_access import audit, audit_key
from data_access.tables.audit import audit_head, audit_log
from data_access.transactions import reading_all, snapshot, writing_all
from domain.errors import InvalidInput
from domain.viewer import Viewer

ROWS_AT_ONCE = 5_000
RENEWED = "audit_key.renew"


@dataclass(frozen=True)
class Chain:
    """One chain as it was found. broken: '' or what is wrong first: gap, changed, cut, head; at row no.

    unverifiable: rows up to this number were signed with an earlier key; they are there without a gap, and
    the row that follows them says how they ended. 0: none.
    """

    bureau_id: str
    last_no: int
    last_hash: str
    broken: str = ""
    no: int = 0
    unverifiable: int = 0


@dataclass(frozen=True)
class End:
    """The number and hash of a chain's row, as they were kept elsewhere."""

    bureau_id: str
    no: int
    hash: str


def end_from_text(text: str) -> End:
    """The end that [BUREAU:]NO:HASH says; without BUREAU the whole company's chain. Raises InvalidInput."""
    *bureau, no, digits = text.strip().rsplit(":", 2) if ":" in text else ("", "")
    if not (no.isascii() and no.isdigit() and len(digits) == 64):
        raise InvalidInput("audit_end", value=text)
    return End(bureau[0] if bureau else audit.COMPANY, int(no), digits.lower())


def verify(engine: Engine) -> list[Chain]:
    """Every chain, by key space; rows that come meanwhile are left to the next time.

    A chain whose tail and head were cut together looks whole: compare its end with one kept elsewhere.
    Raises WrongDatabase("audit_key").
    """
    with snapshot(engine) as connection:
        heads = {row.bureau_id: row for row in connection.execute(select(audit_head))}
        if not heads and connection.execute(select(audit_log.c.no).limit(1)).first() is None:
            return []
        key = audit_key.present(connection)
        found = [_verified(key, name, rows, heads.get(name)) for name, rows in _rows(connection)]
    walked = {one.bureau_id for one in found}
    lost = [
        Chain(name, 0, "", "cut", 1) for name, head in heads.items() if name not in walked and head.last_no
    ]
    return sorted(found + lost, key=lambda one: one.bureau_id)


def lacking(engine: Engine, ends: Iterable[End]) -> list[End]:
    """The ends that the log no longer holds, or with another hash: it was cut or made anew."""
    found = []
    with reading_all(engine) as connection:
        for one in ends:
            at = (audit_log.c.bureau_id == one.bureau_id) & (audit_log.c.no == one.no)
            stored = connection.scalar(select(audit_log.c.hash).where(at))
            if stored is None or not hmac.compare_digest(stored, one.hash):
                found.append(one)
    return found


def ends_in_place(connection: Connection) -> tuple[int, list[str]]:
    """(how many chains, those whose last row is not the one that their head says); quick: none is walked."""
    last = select(audit_log.c.bureau_id, func.max(audit_log.c.no).label("no")).group_by(audit_log.c.bureau_id)
    last = last.subquery("last")
    rows = select(audit_log.c.bureau_id, audit_log.c.no, audit_log.c.hash).join(
        last, (last.c.bureau_id == audit_log.c.bureau_id) & (last.c.no == audit_log.c.no)
    )
    stored = {row.bureau_id: (row.no, row.hash) for row in connection.execute(rows)}
    said = {
        row.bureau_id: (row.last_no, row.last_hash)
        for row in connection.execute(select(audit_head).where(audit_head.c.last_no > 0))
    }
    wrong = [name for name in {*stored, *said} if stored.get(name) != said.get(name)]
    return len(said), sorted(wrong)


def renew(engine: Engine, viewer: Viewer, reason: str) -> int:
    """Sign with the key that is given now, or with a new one, after the first was lost; chains carried on.

    Each chain gets a row that says how it ended so far. Rows before it cannot be verified any more, but for
    whoever has the first key. Raises InvalidInput("reason_missing" | "audit_key_is_right").
    """
    if not reason.strip():
        raise InvalidInput("reason_missing")
    with writing_all(engine) as connection:
        audit_key.renewed(connection)
        heads = connection.execute(select(audit_head)).all()
        for head in sorted(heads, key=lambda one: one.bureau_id):  # as every transaction: see at_the_end()
            end = {"last_no": head.last_no, "last_hash": head.last_hash}
            row = audit.row_of(viewer, RENEWED, head.bureau_id, None, end, reason.strip())
            audit.add(connection, row | {"bureau_id": head.bureau_id, "org_unit_id": None})
    return len(heads)


def _rows(connection: Connection) -> Iterator[tuple[str, Iterator[Row]]]:
    statement = select(audit_log).order_by(audit_log.c.bureau_id, audit_log.c.no)
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(statement)
    return groupby(result, key=lambda row: row.bureau_id)


def _verified(key: bytes, bureau: str, rows: Iterator[Row], head: Row | None) -> Chain:
    last_no, last_hash, gap, changed, unverifiable = 0, "", 0, 0, 0
    for row in rows:
        is_signed = row.hash == audit_key.sign(key, last_hash + audit.spelt(row._mapping))
        if is_signed and row.action == RENEWED and changed:
            changed, unverifiable = 0, last_no  # who has the key says that the rows before have another
        if not gap and row.no != last_no + 1:
            gap = last_no + 1
        if not changed and not is_signed:
            changed = row.no
        last_no, last_hash = row.no, row.hash
    if gap and (not changed or gap <= changed):
        broken = ("gap", gap)
    elif changed:
        broken = ("changed", changed)
    elif head is not None and head.last_no > last_no:
        broken = ("cut", last_no + 1)
    elif head is None or (head.last_no, head.last_hash) != (last_no, last_hash):
        broken = ("head", last_no)
    else:
        broken = ("", 0)
    return Chain(bureau, last_no, last_hash, *broken, unverifiable)
