"""What the invented company set out to put right: which objects, how it stands, and what the works changed.

The worst lines are taken up, as everywhere, so their next year is better anyway. Insulated lines lose many
faults, trimmed ones those by trees; more patrols change nothing. So there is something to find in What works.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import numpy as np

from data_access import settings
from data_access.demo.outages import WORSENING_STATION
from data_access.demo.rectification_objects import Frames, Register, group_of
from data_access.demo.rectification_texts import KINDS, Kind
from domain.periods import add_months, last_day

CLOSED = (  # kind, how many, months before the last one in which they were done
    ("insulate_conductor", 8, (12, 17)),
    ("patrol", 7, (12, 17)),
    ("trim_trees", 6, (5, 10)),
    ("clear_defects", 4, (12, 16)),
    ("add_automation", 3, (4, 7)),
    ("guard_site", 2, (6, 9)),
    ("replace_conductor", 2, (1, 2)),
    ("animal_guards", 2, (0, 2)),
    ("balance_phases", 2, (1, 3)),
    ("replace_transformer", 2, (0, 2)),
    ("customer_test", 3, (1, 7)),
    ("customer_equipment", 1, (2, 4)),
)
# Months before the last one between which trees failed the line again; how the item that this made stands.
RELAPSED = ((6, 10, "closed"), (1, 2, "fine"))
STORM = 30  # faults a day: what comes then is nobody's failure
OPEN = (  # unit, kind, how it stands today
    ("06010102", "trim_trees", "late"), ("06010102", "insulate_conductor", "extended"),
    ("06010102", "clear_defects", "near"), ("06010101", "trim_trees", "waiting"),
    ("060101", "patrol", "silent"), ("0601010101", "customer_test", "near_today"),
    ("060101", "split_load", "behind"), ("060101", "boundary_switch", "draft"),
    ("060101", "add_automation", "asks"), ("060101", "plan_outages", "cancelled"),
    ("060101", "animal_guards", "long_late"), ("060101", "guard_site", "fine"),
    ("060102", "replace_conductor", "fine"), ("060102", "clear_defects", "late"),
    ("0601030101", "adjust_voltage", "fine"), ("06010303", "trim_trees", "returned"),
    ("060103", "guard_site", "assigned"), ("060104", "insulate_conductor", "refused"),
    ("060104", "correct_ledger", "cancelled"), ("060104", "add_tie", "silent"),
    ("0602010101", "customer_test", "late"),
    ("06020105", "insulate_conductor", "fine"), ("060201", "replace_transformer", "near"),
    ("060202", "add_tie", "extended"), ("060202", "trim_trees", "long_late"),
    ("0602030101", "split_load", "fine"), ("060203", "patrol", "waiting"),
    ("060203", "customer_equipment", "assigned_late"), ("06020402", "add_automation", "behind"),
    ("060204", "guard_site", "old_draft"), ("0603010101", "balance_phases", "assigned"),
    ("060301", "insulate_conductor", "handed"), ("060301", "boundary_switch", "fine"),
    ("06030204", "trim_trees", "near"), ("060302", "add_tie", "asks"),
    ("0603030101", "adjust_voltage", "waiting_late"), ("060303", "clear_defects", "silent"),
    ("060304", "replace_transformer", "cancelled"), ("060304", "patrol", "draft"),
)  # fmt: skip
SPARED_PCT = {"insulate_conductor": 40}  # of faults by other causes, since the rest of the line was renewed


@dataclass(frozen=True)
class Stage:
    """How an item stands. age: days since it was opened; reported: so many of the four reports; due: in days
    from today; silent: days since the last word of the work; turn: what happened besides.
    """

    status: str
    age: int = 0
    reported: int = 0
    due: int = 0
    silent: int = 1
    turn: str = ""


STAGES = {
    "draft": Stage("draft", 3),
    "old_draft": Stage("draft", 19),
    "assigned": Stage("assigned", 5, due=25),
    "assigned_late": Stage("assigned", 38, due=-6),
    "fine": Stage("working", 40, 2, 34, 2),
    "near": Stage("working", 46, 4, 4, 2),
    "near_today": Stage("working", 32, 4, 0, 1),
    "behind": Stage("working", 72, 1, 14, 3),
    "silent": Stage("working", 62, 2, 41, 19),
    "late": Stage("working", 75, 3, -9, 3),
    "long_late": Stage("working", 140, 2, -47, 16),
    "asks": Stage("working", 60, 4, 3, 1, "asked"),
    "refused": Stage("working", 74, 3, -4, 5, "refused"),
    "extended": Stage("working", 112, 3, 21, 4, "approved"),
    "handed": Stage("working", 80, 3, 24, 2, "handed"),
    "returned": Stage("working", 52, 4, 6, 1, "returned"),
    "waiting": Stage("done", 48, 4, 9, 3),
    "waiting_late": Stage("done", 66, 4, -8, 12),
    "cancelled": Stage("cancelled", 90, 1, 12, 30),
    "closed": Stage("closed", reported=4),
}


@dataclass(frozen=True)
class Work:
    """One item before its life is told. unit: its code; faults, own: of the 12 months before, see Kind.

    stage: closed, or how it stands today. again: the item that this one's relapse made.
    """

    kind: str
    stage: str
    code: str
    name: str
    unit: str
    opened: date
    faults: int = 0
    own: int = 0
    value: Any = 0
    done_on: date | None = None
    relapsed_on: date | None = None
    again: "Work | None" = None
    is_again: bool = False

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]


def finished(frames: Frames, last: date, random: np.random.Generator) -> list[Work]:
    """Works that are done and verified, before anything came of them; by the last month of the data."""
    register = Register(frames)
    counties = sorted(one for one in frames["units"]["code"] if len(one) == 6)
    works = [
        _relapsed(register, add_months(last, -until), add_months(last, -since), again)
        for since, until, again in RELAPSED
    ]
    turn = 0
    for kind, count, (least, most) in CLOSED:
        for number in range(count):
            month = add_months(last, -(least + number % (most - least + 1)))
            done = month + timedelta(days=int(random.integers(4, 18)))
            opened = done - timedelta(days=int(KINDS[kind].days * random.uniform(0.7, 1.1)))
            about = register.take(kind, counties[turn % len(counties)], opened, _is_steady)
            works.append(Work(kind, "closed", **about, opened=opened, done_on=done))
            turn += 5  # neighbours in the list lie in different cities
    return works


def _is_steady(code: str) -> bool:
    return not code.startswith(WORSENING_STATION)


def _relapsed(register: Register, first: date, month: date, again: str) -> Work:
    """Trees were trimmed, and within half a year they failed the line again between these two months."""
    faults = register.faults
    a_day = faults["day"].map(faults["day"].value_counts())
    by_tree = faults[(faults["group"] == "tree") & (a_day < STORM)]
    done = first - timedelta(days=25)
    later = by_tree[(by_tree["day"] > done) & (by_tree["day"] <= last_day(month))]
    again_on = later.groupby("code")["day"].min()
    found = {code: day for code, day in again_on.items() if day >= first and _is_steady(code)}
    opened = done - timedelta(days=30)
    about = register.take("trim_trees", "06", opened, found.__contains__)
    day = found[about["code"]]
    ended = day + timedelta(days=28) if again == "closed" else None
    second = Work("trim_trees", again, **about, opened=day + timedelta(days=2), done_on=ended, is_again=True)
    return Work("trim_trees", "closed", **about, opened=opened, done_on=done, relapsed_on=day, again=second)


def open_works(frames: Frames, day: date, works: Iterable[Work]) -> list[Work]:
    """Works that are not done on the day, of objects that the finished ones left."""
    register = Register(frames, {one.code for one in works})
    found = []
    for unit, kind, stage in OPEN:
        opened = day - timedelta(days=STAGES[stage].age)
        found.append(Work(kind, stage, **register.take(kind, unit, opened), opened=opened))
    return found


def ended(works: Iterable[Work]) -> list[Work]:
    """Those that are done, with those that a relapse made."""
    return [
        one for work in works for one in (work, work.again) if one is not None and one.done_on is not None
    ]


def spared(frames: Frames, works: Iterable[Work]) -> set[str]:
    """Keys of the outages that the works prevented: by the causes they are against, and a share of others."""
    outages, lines = frames["outages"], {one.code for one in works}
    faults = outages[outages["line_code"].isin(lines) & (outages["kind"] == "fault")]
    faults = faults.drop_duplicates("outage_key")
    day = faults["interrupted_at"].dt.tz_localize("UTC").dt.tz_convert(settings.company_timezone()).dt.date
    group, percent = (
        faults["cause"].map(group_of),
        faults["outage_key"].map(lambda key: crc32(key.encode()) % 100),
    )
    gone: set[str] = set()
    for one in ended(works):
        is_later = (faults["line_code"] == one.code) & (day > one.done_on)
        is_other = (group != "customer") & (percent < SPARED_PCT.get(one.kind, 0))
        is_spared = is_later & (group.isin(one.about.groups) | is_other)
        if one.relapsed_on is None:
            gone |= set(faults.loc[is_spared, "outage_key"])
    return gone


def carried_out(frames: Frames, works: Iterable[Work]) -> Frames:
    """The frames as they are with the works: without the outages, with what was built in the registers."""
    gone, until = spared(frames, works), {one.code: one.done_on for one in ended(works)}
    found = dict(frames)
    for kind in ("outages", "notices", "promises"):
        found[kind] = found[kind][~found[kind]["outage_key"].isin(gone)].reset_index(drop=True)
    for kind, day in (("area_loads", "month"), ("voltage_days", "day")):
        is_over = found[kind][day] > found[kind]["area_code"].map(lambda code: until.get(code, date.max))
        found[kind] = found[kind][~is_over].reset_index(drop=True)
    found["lines"], found["customer_equipment"] = found["lines"].copy(), found["customer_equipment"].copy()
    for one in ended(works):
        is_line = found["lines"]["line_code"] == one.code
        if one.kind in ("insulate_conductor", "replace_conductor"):
            found["lines"].loc[is_line, ["conductor", "conductor_since"]] = ["insulated", one.done_on]
        is_piece = found["customer_equipment"]["equipment_key"] == one.code
        what = {
            "customer_test": ("last_test_on", one.done_on),
            "customer_equipment": ("arrester_type", "metal_oxide"),
        }
        if one.kind in what:
            column, value = what[one.kind]
            found["customer_equipment"].loc[is_piece, column] = value
    return found
