"""kpi_facts after any sequence of imports, corrections and undos is what a brute-force count gives.

To the last digit, on SQLite and on PostgreSQL, refreshed after each act or only at the end; and a refresh
from nothing changes no row, neither of the figures nor of the tables of areas and lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import TypeVar

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, and_, delete, literal, select

from data_access import org_units, rules
from data_access.imports import run, undo
from data_access.kpi_refresh import refresh
from data_access.tables import metadata
from data_access.tables.imports import import_batches
from data_access.tables.kpi import area_months, frequent_outage_list, line_months
from data_access.tables.outages import outage_steps
from data_access.tables.outages import outages as outages_table
from data_access.tables.proofs import rectification_pools, rectification_proofs
from data_access.tables.risk import line_outages, risk_findings
from data_access.tables.risk import risk_objects as stored
from data_access.transactions import writing_all
from domain import rule_sets
from domain.errors import CannotBeUndone, FileRejected
from domain.viewer import Viewer
from tests.data_access import brute_force, brute_force_risk, company, stored_risk
from tests.data_access.acts_on_items import work_on_items
from tests.data_access.booked import facts
from tests.data_access.company import UNITS

T = TypeVar("T")
NOTICES, PROMISES = (rule_sets.first_version(one).body for one in ("notices", "promises"))
MANY = NOTICES["fault"]["customers_at_least"]
MINUTE = timedelta(minutes=1)
FIRST = date(2025, 11, 1)
CODES = [code for code, _, _, _ in UNITS.values()]
OF_AREAS_AND_LINES = (area_months, line_months, frequent_outage_list, line_outages, risk_findings, stored)
BY_BUREAU = {"A": ["A", "A1", "A2"], "B": ["B", "B1"], "P": CODES}


@dataclass(frozen=True)
class Act:
    """One thing that a steward does. refreshed: the figures follow at once."""

    kind: str
    bureau: str
    seed: int
    refreshed: bool


acts = st.lists(
    st.builds(
        Act,
        kind=st.sampled_from(
            [
                *("outages", "outages", "outages", "undo", "undo", "notices", "notices", "promises"),
                *("customers", "lines", "areas", "dates", "move", "items", "items"),
            ]
        ),
        bureau=st.sampled_from(["A", "B", "P"]),
        seed=st.integers(0, 10_000),
        refreshed=st.booleans(),
    ),
    min_size=4,
    max_size=8,
)


@dataclass(frozen=True)
class Known:
    """A step and its outage; local times."""

    outage: str
    step: str
    kind: str
    began: datetime
    ended: datetime | None
    detected: datetime | None
    restored: datetime | None


# Outages may name lines and areas that exist only, promises outages; plans were published before.
FIRST_ACTS = [
    Act(kind, bureau, seed, False)
    for seed in (5, 13, 22)
    for kind, bureau in product(("lines", "areas", "notices", "outages", "promises"), "ABP")
]
# Of outages that stay as they are, so that what is told near a limit is judged there.
FIRST_ACTS += [Act("items", bureau, 3, False) for bureau in "AB"]
FIRST_ACTS += [Act(kind, bureau, 31, False) for kind, bureau in product(("notices", "promises"), "ABP")]


def is_momentary(length: int, _day: date) -> bool:
    return length <= 180


def frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype(object).where(lambda cells: cells.notna(), None)


def outage_rows(act: Act) -> list[dict]:
    """Few keys, so that later files correct earlier ones; times around midnight and month-ends."""
    draw = pd.Series(range(10_000)).sample(frac=1, random_state=act.seed).tolist()
    rows = []
    for number in range(3 + draw.pop() % 8):
        outage = draw.pop() % 10
        start = told_at(draw) + timedelta(minutes=(0, 20, 40)[draw.pop() % 3])
        if draw.pop() % 2:
            start = datetime.combine(FIRST, datetime.min.time()) + timedelta(
                days=draw.pop() % 110, hours=15, minutes=draw.pop() % 120
            )
        units = BY_BUREAU[act.bureau]
        ends = draw.pop() % 6 > 0
        length = (60, 180, 181, 3_600, 10_801, 90_000)[draw.pop() % 6]
        rows.append(
            {
                "step_key": f"{act.bureau}-{outage}-{number % 3}",
                "outage_key": f"{act.bureau}-{outage}",
                "unit": units[draw.pop() % len(units)],
                "kind": ("fault", "planned", "fault", "temporary", "planned", "rationing")[draw.pop() % 6],
                "cause": pick(draw, ("tree", "wind", "", "external_digging", "customer_equipment")),
                "customers": pick(draw, (0, 7, MANY - 1, MANY, 1_000, None)),
                "mv_users": (1, 2, None)[draw.pop() % 3],
                "interrupted_at": start,
                "restored_at": start + timedelta(seconds=length) if ends else None,
                "outage_unit": (None, units[draw.pop() % len(units)])[draw.pop() % 2],
                "line_code": ("L0", "L1", None)[draw.pop() % 3],
                "area_code": ("T0", "T1", None)[draw.pop() % 3],
                "detected_at": (start, start + timedelta(minutes=9), None)[number % 3],
                "trip": ("none", "permanent", "reclose_failed")[draw.pop() % 3],
                "has_automation": (True, False, None)[draw.pop() % 3],
                "is_fast_restored": (True, False)[draw.pop() % 2],
                "is_boundary_breaker": (False, False, True)[draw.pop() % 3],
            }
        )
    return list({row["step_key"]: row for row in rows}.values())


def told_at(draw: list[int]) -> datetime:
    """Few moments, so that several messages speak of one plan."""
    return datetime.combine(FIRST, datetime.min.time()) + timedelta(
        days=10 * (draw.pop() % 11), hours=15 + draw.pop() % 2
    )


def pick(draw: list[int], options: Sequence[T]) -> T:
    """One of the options."""
    return options[draw.pop() % len(options)]


def near(draw: list[int], **limit: float) -> timedelta:
    """Just below a limit, at it or just above; e.g. minutes=30."""
    return timedelta(**limit) + timedelta(seconds=pick(draw, (-1, 0, 0, 1)))


def notice_rows(act: Act, known: list[Known]) -> list[dict]:
    """Messages of outages that exist, will exist or never do, also by units elsewhere."""
    draw = pd.Series(range(10_000)).sample(frac=1, random_state=act.seed + 1).tolist()
    units, rows = BY_BUREAU[act.bureau], []
    for _ in range(2 + draw.pop() % 6):
        start = told_at(draw)
        rows.append(
            {
                "notice_key": f"{act.bureau}-{draw.pop() % 8}",
                "unit": pick(draw, units),
                "kind": pick(draw, ("planned", "planned", "temporary", "fault", "restored")),
                "outage_key": (f"{act.bureau}-{draw.pop() % 5}", None)[draw.pop() % 4 == 0],
                "published_at": start - timedelta(days=pick(draw, (0, 2, 8))),
                "announced_start": pick(draw, (start, start, None)),
                "announced_end": pick(draw, (start + timedelta(hours=3), None)),
                "cancelled_at": pick(draw, (None, None, start - timedelta(hours=1))),
                "rescheduled_to": pick(draw, (None, None, start + timedelta(days=30))),
                "area_codes": pick(draw, (None, "T0", "T0;T1")),
            }
        )
    # One message of each kind for outages that no other speaks of: the first or last of several decides.
    for of in {one.outage: one for one in known if int(one.outage[-1]) >= 5}.values():
        for kind in (of.kind if of.kind != "rationing" else "planned", "restored"):
            row = {"notice_key": f"{of.outage}-{kind}", "unit": pick(draw, units)}
            rows.append(row | near_the_limits(draw, of, kind))
    return list({row["notice_key"]: row for row in rows}.values())


def near_the_limits(draw: list[int], of: Known, kind: str) -> dict:
    """A message of an outage, a second before, at or after what the rules allow."""
    ended = of.ended or of.began + timedelta(hours=1)
    off = near(draw, minutes=NOTICES["accuracy"]["start_minutes"])
    start = of.began + pick(draw, (timedelta(0), timedelta(0), off, -off))
    end = ended - pick(draw, (near(draw, minutes=NOTICES["accuracy"]["end_minutes"]), near(draw, minutes=0)))
    published = {
        "planned": start - near(draw, days=NOTICES["planned"]["days_before"]),
        "temporary": start - near(draw, hours=NOTICES["temporary"]["hours_before"]),
        "fault": (of.detected or of.began) + near(draw, minutes=NOTICES["fault"]["minutes_after_detection"]),
        "restored": ended + near(draw, minutes=NOTICES["restored"]["minutes_after"]),
    }
    is_plan = kind in ("planned", "temporary")
    return {
        "kind": kind,
        "outage_key": of.outage,
        "published_at": published[kind],
        "announced_start": start if is_plan else None,
        "announced_end": end if is_plan and end > start else None,
    }


def promise_rows(act: Act, known: list[Known]) -> list[dict]:
    """Times told of known outages, before and after the restoration, right and wrong about the tolerances."""
    draw = pd.Series(range(10_000)).sample(frac=1, random_state=act.seed + 2).tolist()
    rows = []
    for of in known:
        back = of.restored or of.began + timedelta(hours=1)
        off = near(draw, minutes=PROMISES[pick(draw, ("kept", "accurate"))]["minutes"])
        rows.append(
            {
                "promise_key": f"{of.step}-{draw.pop() % 2}",
                "outage_key": of.outage,
                "step_key": pick(draw, (None, None, of.step)),
                "told_at": pick(draw, (of.began + draw.pop() % 9 * MINUTE, back + near(draw, minutes=0))),
                "promised_at": back + pick(draw, (off, -off)),
            }
        )
    return list({row["promise_key"]: row for row in rows}.values())


def known_steps(engine: Engine, bureau: str) -> list[Known]:
    """Those that are there."""
    of, step = outages_table.c, outage_steps.c
    same = and_(of.bureau_id == step.bureau_id, of.outage_key == step.outage_key)
    times = (of.started_at, of.ended_at, of.detected_at, step.restored_at)
    found = (
        select(of.outage_key, step.step_key, of.kind, *times)
        .select_from(outages_table.join(outage_steps, same))
        .where(of.bureau_id == bureau)
        .order_by(step.step_key)
    )
    with engine.connect() as connection:
        rows = connection.execute(found).all()
    return [Known(*row[:3], *(one and one + company.CHINA for one in row[3:])) for row in rows]


def registers(act: Act, kind: str) -> list[dict]:
    units = BY_BUREAU[act.bureau]
    name, code = ("line_code", "L") if kind == "lines" else ("area_code", "T")
    rows = []
    for number in range(2):
        seed = act.seed + number * 7
        row = {
            name: f"{code}{number}",
            "name": "x",
            "unit": units[seed % len(units)],
            "kind": ("public", "dedicated")[seed % 2],
            "opened_on": (None, date(2025, 12, 15))[seed // 2 % 2],
            "closed_on": (None, date(2026, 1, 31))[seed // 4 % 2],
        }
        if kind == "lines":
            row["length_m"] = (None, 500, 7_000)[seed % 3]
        else:
            row["line_code"] = (None, "L0", "L1")[seed % 3]
        rows.append(row)
    return rows


def do(engine: Engine, viewer: Viewer, act: Act) -> None:
    """One act through the door that everybody uses; what is refused changes nothing."""
    months = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    try:
        if act.kind == "outages":
            first = FIRST + timedelta(days=act.seed % 40)
            covers = (first, first + timedelta(days=30 + act.seed % 50)) if act.seed % 4 else None
            replaces = covers if act.seed % 3 == 0 else None
            rows = frame(outage_rows(act))
            run.take_frame(
                engine, viewer, "outages", [rows], covers=covers, replaces=replaces, bureau=act.bureau
            )
        elif act.kind == "customers":
            units = ["A1", "A2", "B1"][: 1 + act.seed % 3]
            rows = [
                {
                    "unit": unit,
                    "level": ("LV", "MV")[act.seed % 2],
                    "month": month,
                    "customers": act.seed % 90,
                }
                for unit in units
                for month in months[act.seed % 3 :]
            ]
            run.take_frame(engine, viewer, "customers_served", [frame(rows)], bureau="P")
        elif act.kind in ("notices", "promises"):
            covers = (FIRST, FIRST + timedelta(days=60 + act.seed % 60))
            known = known_steps(engine, act.bureau)
            told = (notice_rows if act.kind == "notices" else promise_rows)(act, known)
            if told:
                rows = frame(told)
                run.take_frame(engine, viewer, act.kind, [rows], covers=covers, bureau=act.bureau)
        elif act.kind == "items":
            work_on_items(engine, act.bureau, BY_BUREAU[act.bureau], act.seed)
        elif act.kind in ("lines", "areas"):
            rows = frame(registers(act, act.kind))
            run.take_frame(engine, viewer, act.kind, [rows], bureau=act.bureau)
        elif act.kind == "dates":
            days = {FIRST + timedelta(days=(act.seed * step) % 110) for step in (1, 3, 5)}
            year = 2025 + act.seed % 2
            rows = frame([{"unit": act.bureau, "day": day, "name": ""} for day in sorted(days)])
            covers = (date(year, 1, 1), date(year, 12, 31))
            run.take_frame(engine, viewer, "major_event_dates", [rows], covers=covers, bureau=act.bureau)
        elif act.kind == "move":
            row = {"code": "A2", "name": "A2", "level": "county", "parent": "AB"[act.seed % 2]}
            run.take_frame(engine, viewer, "units", [frame([row])])
        else:
            with engine.connect() as connection:
                taken = select(import_batches.c.id).where(import_batches.c.state == "taken")
                batches = connection.execute(taken.order_by(import_batches.c.id)).scalars().all()
            if batches:
                undo.undo(engine, viewer, batches[act.seed % len(batches)], "wrong file")
    except (FileRejected, CannotBeUndone):
        return


def emptied(engine: Engine) -> Viewer:
    """The small company without any fact, and somebody who may import for all of it."""
    with writing_all(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name in ("audit_log", "audit_head"):  # to which rows are only added
                continue
            connection.execute(delete(table).where(literal(True)))
        rules.seed(connection)
    company.build(engine)
    return Viewer(None, "steward", frozenset({"administrator"}), org_units.whole_company(engine))


def of_areas_and_lines(engine: Engine) -> dict[str, set[str]]:
    """Every row of the tables that lists, the worst and the proofs are read from."""
    with engine.connect() as connection:
        return {
            table.name: {str(tuple(row)) for row in connection.execute(select(table))}
            for table in (*OF_AREAS_AND_LINES, rectification_proofs, rectification_pools)
        }


def without_items(found: dict[tuple, int]) -> dict[tuple, int]:
    """Without the figures of rectification items, which test_rectification_measures.py counts by hand."""
    return {key: value for key, value in found.items() if "rectifications" not in key[1]}


def differences(found: dict[tuple, int], wanted: dict[tuple, int]) -> dict[tuple, tuple]:
    """Rows that differ: (found, wanted)."""
    return {
        key: (found.get(key), wanted.get(key))
        for key in found.keys() | wanted.keys()
        if found.get(key) != wanted.get(key)
    }


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(acts=acts)
def test_figures_are_the_brute_force_count_after_any_sequence_of_acts(
    engine: Engine, acts: list[Act]
) -> None:
    viewer = emptied(engine)
    for act in [*FIRST_ACTS, *acts]:
        do(engine, viewer, act)
        if act.refreshed:
            refresh(engine)

    refresh(engine)
    after_parts, tables_after_parts = facts(engine), of_areas_and_lines(engine)

    world = brute_force.World(engine)
    assert differences(without_items(facts(engine)), brute_force.expected(engine, is_momentary, world)) == {}
    risk = world.risk or brute_force_risk.Risk()
    assert differences(stored_risk.counts(engine), stored_risk.expected_counts(risk, world.months())) == {}
    assert differences(stored_risk.findings(engine), risk.findings) == {}
    assert stored_risk.rounded_alike(stored_risk.objects(engine), risk.objects)
    refresh(engine, full=True)
    assert differences(facts(engine), after_parts) == {}
    assert of_areas_and_lines(engine) == tables_after_parts
