"""What rectification items are about: what the registers have by code, called as everybody may see.

Names of customers are personal: they come masked, and nobody finds an account or its equipment by them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, String, func, or_, select, tuple_

from data_access.masking import masked
from data_access.rectification_making import REGISTERS
from data_access.scope import within
from data_access.tables.grid import areas
from data_access.transactions import reading
from domain.viewer import Scope

MOST_FOUND, MOST_AT_ONCE = 20, 500
CALLED = {"equipment": "customer"}  # which column names it, where that is not its name
Key = tuple[str, str, str]  # key space, kind, code


@dataclass(frozen=True)
class RiskObject:
    """A line, an area or a piece of customer's equipment, with the unit that maintains it."""

    bureau_id: str
    kind: str
    code: str
    name: str
    org_unit_id: int

    @property
    def key(self) -> Key:
        return self.bureau_id, self.kind, self.code


def named(engine: Engine, scope: Scope, keys: Iterable[Key]) -> dict[Key, str]:
    """Names by key space, kind and code; none of what lies outside the scope or is in no register."""
    wanted = sorted(set(keys))
    found: dict[Key, str] = {}
    with reading(engine, scope) as connection:
        for kind, (register, code) in REGISTERS.items():
            pairs = [(space, one) for space, of, one in wanted if of == kind]
            for first in range(0, len(pairs), MOST_AT_ONCE):
                some = tuple_(register.c.bureau_id, register.c[code]).in_(pairs[first : first + MOST_AT_ONCE])
                found |= {one.key: one.name for one in _read(connection, scope, kind, some)}
    return found


def found(engine: Engine, scope: Scope, kind: str, text: str) -> list[RiskObject]:
    """Those whose code is the text, else up to 20 whose code or name has it as a part, by code."""
    if kind not in REGISTERS or not text.strip():
        return []
    register, code = REGISTERS[kind]
    wanted = text.strip().lower()
    column = func.lower(register.c[code], type_=String)
    parts = [column.contains(wanted, autoescape=True)]
    if kind != "equipment":
        name = func.lower(register.c.name, type_=String).contains(wanted, autoescape=True)
        parts.append(name if register is not areas else name & (areas.c.kind == "public"))
    with reading(engine, scope) as connection:
        exact = _read(connection, scope, kind, column == wanted)
        return exact or _read(connection, scope, kind, or_(*parts))[:MOST_FOUND]


def _read(
    connection: Connection, scope: Scope, kind: str, condition: ColumnElement[bool]
) -> list[RiskObject]:
    register, code = REGISTERS[kind]
    called = func.coalesce(masked(register.c[CALLED.get(kind, "name")]), register.c[code])
    name = called.label("name")
    columns = (register.c.bureau_id, register.c[code].label("code"), name, register.c.org_unit_id)
    statement = select(*columns).where(within(register.c.org_unit_id, scope), condition)
    statement = statement.order_by(register.c[code], register.c.bureau_id)
    return [
        RiskObject(row.bureau_id, kind, row.code, row.name, row.org_unit_id)
        for row in connection.execute(statement.limit(MOST_AT_ONCE))
    ]
