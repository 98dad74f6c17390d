"""New rectification items: from a risk object with its rules and evidence, or by an earlier one's relapse."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from data_access import changing, rectification_causes, rules
from data_access import engine as engines
from data_access import rectification_acts as acts
from data_access.changing import Change
from data_access.rectification_acts import At
from data_access.rectification_steps import assign_in
from data_access.scope import check_act, within
from data_access.tables.condition import customer_equipment
from data_access.tables.grid import areas, lines
from data_access.tables.rectifications import rectification_numbers as numbers
from data_access.tables.rectifications import rectifications as table
from data_access.tables.risk import risk_findings
from data_access.transactions import reading, writing
from domain import proof_windows, rectifications
from domain.errors import InvalidInput
from domain.periods import utc_now
from domain.rectification_rights import EDIT
from domain.rectifications import Rectification
from domain.viewer import Scope, Viewer

REGISTERS = {
    "line": (lines, "line_code"),
    "area": (areas, "area_code"),
    "equipment": (customer_equipment, "equipment_key"),
}
WRITTEN = (*rectifications.LONGEST, "object_kind", "level", "measure_kind", "measure_type")
GIVEN = (*WRITTEN, "object_code", "rules", "evidence", "found_by", "found_on", "reopen_of")


def create(engine: Engine, viewer: Viewer, wanted: Rectification) -> Rectification:
    """The stored item, with its number: a draft; assigned where a responsible person is given.

    wanted: bureau_id, object_kind, object_code, and what of GIVEN, original_due, responsible_id and
    co_responsible_id is known; its unit is the one that the register says. evidence is kept as
    given; "cause_groups" in it says which outages would be a relapse, where it says nothing of them that
    follows from the rules. Raises NotFound, NotAllowed, InvalidInput("rectification_object" |
    "rectification_found_on" and those of rectifications.check_content(), assign()).
    """
    with writing(engine, viewer.scope) as connection:
        return create_in(connection, viewer, wanted)


def create_in(
    connection: Connection,
    viewer: Viewer,
    wanted: Rectification,
    collected: list[tuple[str, Change]] | None = None,
) -> Rectification:
    """create() inside the caller's transaction. collected: see rectification_acts.At."""
    kinds = rules.current(connection, "measures")
    said = (*WRITTEN, *rectifications.LONGEST_GIVEN, "rules")
    rectifications.check_content({name: getattr(wanted, name) for name in said}, kinds)
    unit = unit_of(connection, viewer.scope, wanted)
    check_act(connection, viewer, EDIT, unit)
    if wanted.found_on is not None and wanted.found_on > acts.today():
        raise InvalidInput("rectification_found_on", today=acts.today())
    chosen = rectifications.type_of(wanted.measure_kind, wanted.measure_type, kinds)
    if wanted.original_due is not None:
        rectifications.check_due(replace(wanted, original_due=None), wanted.original_due, acts.today())
    wanted = replace(wanted, org_unit_id=unit, measure_type=chosen, reopen_of=None)
    if wanted.rules and "cause_groups" not in (wanted.evidence or {}):
        groups = list(rectification_causes.of_new(connection, wanted))
        wanted = replace(wanted, evidence={**(wanted.evidence or {}), "cause_groups": groups})
    made = make(connection, viewer, wanted, "create", collected)
    if wanted.responsible_id is None:
        return made
    at = At(connection, viewer, made, collected)
    return assign_in(at, wanted.responsible_id, wanted.co_responsible_id, None, "")


@dataclass(frozen=True)
class Suggested:
    """What there is to say in a new item about an object that meets rules of risk.

    causes: groups of causes that it is to prevent. month, findings, keys: the last month-end at which it met
    one of the item's rules, None for never; rule, value, threshold and level of each, the gravest first; keys
    of the records behind them, at most 20 of each.
    """

    causes: tuple[str, ...]
    month: date | None = None
    findings: tuple[tuple[str, float, str, int], ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def level(self) -> int | None:
        """The gravest of the findings, None for none."""
        return min((level for *_, level in self.findings), default=None)


def suggested(engine: Engine, scope: Scope, wanted: Rectification) -> Suggested:
    """For a new item about this object, made for these rules. Raises InvalidInput("rectification_object")."""
    c, rules_met = risk_findings.c, [one for one in wanted.rules.split(";") if one]
    with reading(engine, scope) as connection:
        unit = unit_of(connection, scope, wanted)
        causes = rectification_causes.of_new(connection, wanted)
        about = (
            c.org_unit_id == unit,
            c.bureau_id == wanted.bureau_id,
            c.object_kind == wanted.object_kind,
            c.object_code == wanted.object_code,
            c.rule.in_(rules_met),
        )
        month = connection.scalar(select(func.max(c.month)).where(*about))
        statement = select(c.rule, c.value, c.threshold, c.level, c.evidence)
        rows = connection.execute(statement.where(*about, c.month == month).order_by(c.level, c.rule)).all()
    keys = dict.fromkeys(str(key) for row in rows for key in row.evidence or ())
    return Suggested(causes, month, tuple(tuple(row[:4]) for row in rows), tuple(keys))


def unit_of(connection: Connection, scope: Scope, wanted: Rectification) -> int:
    """The unit that maintains the object. Raises InvalidInput("rectification_object", code)."""
    register, name = REGISTERS[wanted.object_kind]
    unit = connection.scalar(
        select(register.c.org_unit_id).where(
            register.c.bureau_id == wanted.bureau_id,
            register.c[name] == wanted.object_code,
            within(register.c.org_unit_id, scope),
        )
    )
    if unit is None:
        raise InvalidInput("rectification_object", code=wanted.object_code)
    return unit


def make(
    connection: Connection,
    viewer: Viewer,
    wanted: Rectification,
    kind: str,
    collected: list[tuple[str, Change]] | None = None,
) -> Rectification:
    """The checked item as a draft with the next number, its first log row and its audit row."""
    day = acts.today()
    first, last = proof_windows.before_window(day, rules.current(connection, "proof"))
    values: dict[str, Any] = {name: getattr(wanted, name) for name in GIVEN}
    values |= {"org_unit_id": wanted.org_unit_id, "found_on": wanted.found_on or day, "status": "draft"}
    values |= {"original_due": wanted.original_due, "current_due": wanted.original_due, "worked_by_ids": []}
    values |= {"before_from": first, "before_to": last, "created_at": utc_now()}
    values |= {"created_by_id": viewer.person_id, "created_by": viewer.name}
    item_id = rectifications.item_number(day.year, _next_number(connection, wanted.bureau_id, day.year))
    key = {"bureau_id": wanted.bureau_id, "item_id": item_id}
    # Whoever holds the number's row is alone with the number, so nobody can have stored it.
    change = changing.insert(connection, viewer.scope, table, key, values)
    at = At(connection, viewer, acts.item_of(change.row), collected)
    acts.write_log(at, kind, "")
    said = acts.told(change)
    after = {name: one for name, one in said.after.items() if one not in (None, "", [])}
    acts.record(at, kind, replace(said, after=after), "")
    if collected is None:
        acts.mark(connection, change)
    return at.item


def _next_number(connection: Connection, bureau_id: str, year: int) -> int:
    """One more than the last of the key space and year; the row stays locked until the transaction ends."""
    first = {"bureau_id": bureau_id, "year": year, "last_no": 1}
    statement = engines.insert(connection, numbers).values(first)
    statement = statement.on_conflict_do_update(
        index_elements=["bureau_id", "year"], set_={"last_no": numbers.c.last_no + 1}
    )
    return connection.execute(statement.returning(numbers.c.last_no)).scalar_one()
