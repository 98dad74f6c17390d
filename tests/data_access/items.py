"""A small company with lines and people, and rectification items in it, for tests."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import insert, select, update

from data_access import rectification_acts as acts
from data_access import rectification_making, rectification_steps, rules
from data_access.tables.audit import audit_log
from data_access.tables.grid import lines
from data_access.tables.org import grants, people
from data_access.tables.rectifications import rectification_log
from data_access.tables.rectifications import rectifications as table
from data_access.transactions import reading_all, writing_all
from domain.rectifications import Rectification
from domain.viewer import Scope, Viewer
from tests.built_once import built_once
from tests.data_access.company import CITY_A, CITY_B, COUNTY_A1, COUNTY_A2, COUNTY_B1, build

LEAD, WORKER, HELPER, MANAGER, BOTH, LOOKER, STRANGER = range(1, 8)
PEOPLE = {  # number: name, role, unit
    LEAD: ("李整", "lead", CITY_A),
    WORKER: ("王工", "executive", COUNTY_A1),
    HELPER: ("何助", "area_manager", CITY_A),
    MANAGER: ("马经理", "manager", CITY_A),
    BOTH: ("全兼", "manager", CITY_A),
    LOOKER: ("高看", "executive", CITY_A),
    STRANGER: ("乙外", "manager", CITY_B),
}
ALSO = ((BOTH, "lead", CITY_A), (BOTH, "area_manager", CITY_A))
TODAY = acts.today()
DUE = TODAY + timedelta(days=20)
LINES = {"L1": COUNTY_A1, "L2": COUNTY_A2, "L9": COUNTY_B1}
WANTED = Rectification(
    "A", "", 0, "line", "L1", "L1 多次跳闸", rules="RL1;RL6",
    evidence={"keys": ["o1"], "cause_groups": ["tree"]}, found_by="patrol", found_on=TODAY, level=1,
    measure="清理通道", measure_kind="trim_trees", department="运维部", funding="无需资金",
    contingency="备用线路转供", original_due=DUE,
)  # fmt: skip


def company(engine):
    """Units, a line in each county, and people with their roles; the engine again."""
    _company(engine)
    return engine


@built_once
def _company(engine):
    build(engine)
    with writing_all(engine) as connection:
        homes = {CITY_A: "A", COUNTY_A1: "A", COUNTY_A2: "A", COUNTY_B1: "B"}
        rows = [
            {"bureau_id": homes[unit], "line_code": code, "name": code, "org_unit_id": unit, "kind": "public"}
            for code, unit in LINES.items()
        ]
        connection.execute(insert(lines), rows)
        connection.execute(
            insert(people), [{"id": one, "name": name} for one, (name, _r, _u) in PEOPLE.items()]
        )
        held = [(one, role, unit) for one, (_n, role, unit) in PEOPLE.items()] + list(ALSO)
        given = [
            {"person_id": one, "role": role, "org_unit_id": unit, "valid_from": date(2026, 1, 1)}
            for one, role, unit in held
        ]
        connection.execute(insert(grants), given)


def person(number):
    """The viewer that somebody of PEOPLE is, with all roles."""
    name, role, unit = PEOPLE[number]
    pairs = {(role, unit)} | {(other, at) for one, other, at in ALSO if one == number}
    return Viewer(number, name, frozenset(role for role, _at in pairs), Scope((unit,)), frozenset(pairs))


def made(engine, **values):
    """A draft, made by the lead."""
    return rectification_making.create(engine, person(LEAD), replace(WANTED, **values))


def assigned(engine, **values):
    """An item that is the worker's."""
    return made(engine, responsible_id=WORKER, **values)


def do(engine, step, number, item, *more, **named):
    """The item after that step by that person, as the person saw the item before."""
    act = getattr(rectification_steps, step)
    return act(engine, person(number), item.bureau_id, item.item_id, item.version, *more, **named)


def working(engine, **values):
    """An item that the worker has begun."""
    return do(engine, "start", WORKER, assigned(engine, **values))


def done(engine, **values):
    """An item that waits for verification."""
    return do(engine, "mark_done", WORKER, working(engine, **values), TODAY, "已清理 3 公里")


def closed(engine, **values):
    """An item that the manager has verified."""
    return do(engine, "verify", MANAGER, done(engine, **values), "现场核查合格")


def put(engine, item, **values):
    """The stored row has these values, as if time had passed; its version stays."""
    mine = (table.c.bureau_id == item.bureau_id) & (table.c.item_id == item.item_id)
    with writing_all(engine) as connection:
        connection.execute(update(table).where(mine).values(**values))
    return stored(engine, item)


def stored(engine, item):
    with reading_all(engine) as connection:
        return acts.held(connection, Scope((1,)), item.bureau_id, item.item_id)


def audited(engine, *columns):
    """These columns of the audit rows, the oldest first."""
    with reading_all(engine) as connection:
        statement = select(*(audit_log.c[name] for name in columns)).order_by(audit_log.c.at, audit_log.c.no)
        return [tuple(row) for row in connection.execute(statement)]


def logged(engine, item):
    """(kind, text) of the item's log, the first first."""
    c = rectification_log.c
    mine = (c.bureau_id == item.bureau_id) & (c.item_id == item.item_id)
    with reading_all(engine) as connection:
        return [tuple(row) for row in connection.execute(select(c.kind, c.text).where(mine).order_by(c.no))]


def rule(engine, name="rectification"):
    with reading_all(engine) as connection:
        return rules.current(connection, name)
