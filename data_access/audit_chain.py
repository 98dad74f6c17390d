"""Whether the audit log is what it was: every row is signed together with the one before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, Engine, Row, select

from data_access import audit, audit_key
from data_access.tables.audit import audit_head, audit_log
from data_access.transactions import reading_all

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Chain:
    """One chain as it was found. broken: '' or what is wrong first: gap, changed, cut, head; at row no."""

    bureau_id: str
    last_no: int
    last_hash: str
    broken: str = ""
    no: int = 0


def verify(engine: Engine) -> list[Chain]:
    """Every chain, by key space.

    A chain whose tail and head were cut together looks whole: compare its end with one kept elsewhere.
    """
    with reading_all(engine) as connection:
        heads = {row.bureau_id: row for row in connection.execute(select(audit_head))}
        key = audit_key.checked(connection)
        found = [_verified(key, name, rows, heads.get(name)) for name, rows in _rows(connection)]
    walked = {one.bureau_id for one in found}
    lost = [
        Chain(name, 0, "", "cut", 1) for name, head in heads.items() if name not in walked and head.last_no
    ]
    return sorted(found + lost, key=lambda one: one.bureau_id)


def _rows(connection: Connection) -> Iterator[tuple[str, Iterator[Row]]]:
    statement = select(audit_log).order_by(audit_log.c.bureau_id, audit_log.c.no)
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(statement)
    return groupby(result, key=lambda row: row.bureau_id)


def _verified(key: bytes, bureau: str, rows: Iterator[Row], head: Row | None) -> Chain:
    last_no, last_hash, broken = 0, "", ("", 0)
    for row in rows:
        if not broken[0] and row.no != last_no + 1:
            broken = ("gap", last_no + 1)
        if not broken[0] and row.hash != audit_key.sign(key, last_hash + audit.spelt(row._mapping)):
            broken = ("changed", row.no)
        last_no, last_hash = row.no, row.hash
    if not broken[0] and (head is None or head.last_no < last_no or head.last_hash != last_hash):
        broken = ("cut", last_no + 1) if head is not None and head.last_no > last_no else ("head", last_no)
    return Chain(bureau, last_no, last_hash, *broken)
