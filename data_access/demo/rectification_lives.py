"""The life of one rectification item of the invented company, act by act, as people would have left it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from data_access.demo import rectification_texts as texts
from data_access.demo.rectification_works import STAGES, Stage, Work
from data_access.rectification_relapse import SYSTEM
from domain.proof_windows import before_window
from domain.rule_sets import first_version

Person = tuple[int | None, str]
GRAVE_FAULTS = 30
SLACK = (
    12,
    5,
    21,
    -6,
    8,
    3,
    -17,
    15,
    1,
    30,
    -3,
    10,
)  # days from the end of the works to the original due date
EXTENDED_FROM = -10  # with less slack somebody asked for more time
FLEETING = ("RL6", "RL7")
SAID_ONLY = ("create", "note")  # log rows that leave the item's version as it is


@dataclass(frozen=True)
class Team:
    """Who has to do with an item. boss: verifies and decides; former: had it before it was handed over."""

    lead: Person
    responsible: Person
    co: Person
    boss: Person
    former: Person


@dataclass
class Life:
    """Columns of the item, its log and its extensions; acts are told in their order."""

    work: Work
    team: Team
    number: int  # of all items: so texts and dates vary
    random: np.random.Generator
    zone: ZoneInfo
    values: dict[str, Any] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return STAGES[self.work.stage]

    def filled(self, text: str) -> str:
        """The text with what is known of the object; poles are invented."""
        of = self.work
        first = 3 + sum(map(ord, of.code)) % 40
        poles = {"a": first, "b": first + 9 + of.faults % 17}
        known = {name: getattr(of, name) for name in ("name", "faults", "own", "value")}
        return text.format(**known, **poles, year=of.opened.year).replace("，树障0次", "")

    def say(
        self, on: date, by: Person, kind: str, text: str = "", pct: int | None = None, to: Person = (None, "")
    ) -> datetime:
        """Log an act of the day, after the one before; gives its time, UTC."""
        local = datetime.combine(on, time(8, 30), self.zone) + timedelta(
            minutes=int(self.random.integers(540))
        )
        at = local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        if self.log:
            at = max(at, self.log[-1]["at"] + timedelta(minutes=7))
        row = {"at": at, "kind": kind, "text": self.filled(text), "progress_pct": pct}
        row |= {"by_id": by[0], "by_name": by[1], "to_id": to[0], "to_name": to[1] or None}
        self.log.append(row)
        return at


def lived(life: Life, day: date) -> Life:
    """All that was done and said of the item until the day before."""
    work, stage, team = life.work, life.stage, life.team
    _create(life)
    people = [team.responsible]
    if stage.status != "draft":
        end = work.done_on or day - timedelta(days=stage.silent + life.number % 3)
        assigned = min(work.opened + timedelta(days=1 + life.number % 2), end)
        first = team.former if stage.turn == "handed" else team.responsible
        people = list(dict.fromkeys([first, team.responsible]))
        due, later = _dues(life, day)
        life.values |= {"status": "assigned", "original_due": due, "current_due": due}
        life.values["assigned_at"] = life.say(assigned, team.lead, "assign", to=first)
        if stage.status != "assigned":
            _work(life, min(assigned + timedelta(days=1 + life.number % 4), end), end, later, first)
            _end(life, end)
        people += [team.co] if team.co != team.responsible else []
        life.values |= dict(zip(("responsible_id", "responsible"), team.responsible, strict=True))
        if team.co != team.responsible:
            life.values |= dict(zip(("co_responsible_id", "co_responsible"), team.co, strict=True))
        life.values["worked_by_ids"] = [one[0] for one in people]
    life.values["version"] = 1 + sum(row["kind"] not in SAID_ONLY for row in life.log)
    return life


def _create(life: Life) -> None:
    work, about = life.work, life.work.about
    by = (SYSTEM.person_id, SYSTEM.name) if work.is_again else life.team.lead
    evidence: dict[str, Any] = {"text": life.filled(about.why)}
    evidence |= {"cause_groups": list(about.groups)} if about.groups else {}
    first, last = before_window(work.opened, first_version("proof").body)
    life.values |= {
        "bureau_id": work.unit[:4], "object_kind": about.object_kind, "object_code": work.code,
        "rules": ";".join(_rules(work)), "evidence": evidence, "found_on": work.opened,
        "found_by": "relapse" if work.is_again else about.found_by,
        "level": 1 if work.faults >= GRAVE_FAULTS else about.level,
        "title": life.filled(about.titles[(life.number - work.is_again) % len(about.titles)]),
        "measure": life.filled(about.measure), "measure_kind": work.kind, "department": about.department,
        "funding": life.filled(about.funding), "interim_control": about.interim_control,
        "contingency": about.contingency, "status": "draft", "worked_by_ids": [],
        "before_from": first, "before_to": last, "relapsed_on": work.relapsed_on,
        "created_at": life.say(work.opened, by, "create"), "created_by_id": by[0], "created_by": by[1],
    }  # fmt: skip
    if life.stage.status == "draft":
        life.values["funding"] = ""  # one of the five points is still to be settled


def _rules(work: Work) -> list[str]:
    """Without those that come and go, of what was closed: to meet them again would be a relapse."""
    comes_back = FLEETING if work.stage == "closed" else ()
    return [one for one in work.about.rules.split(";") if one not in comes_back]


def _dues(life: Life, day: date) -> tuple[date, date | None]:
    """The original due date, and the one that was asked for."""
    stage, done = life.stage, life.work.done_on
    if done is not None:
        slack = SLACK[life.number % len(SLACK)]
        due = max(done + timedelta(days=slack), life.work.opened + timedelta(days=10))
        return due, done + timedelta(days=4) if slack < EXTENDED_FROM and due < done else None
    further = life.number % (abs(stage.due) // 2 + 1)
    due = day + timedelta(days=stage.due + (further if stage.due > 0 else -further))
    later = {"approved": (-35, 0), "asked": (0, 21), "refused": (0, 45)}
    if stage.turn not in later:
        return due, None
    original, wanted = (due + timedelta(days=days) for days in later[stage.turn])
    return original, wanted


def _work(life: Life, started: date, end: date, later: date | None, first: Person) -> None:
    """From the start to the last report, with what came between."""
    stage, who = life.stage, life.team.responsible
    life.values |= {"status": "working", "started_at": life.say(started, first, "start")}
    acts: list[tuple[date, Callable[[date], Any]]] = []
    if stage.turn == "handed":
        given = partial(life.say, by=life.team.lead, kind="hand_over", text=texts.HANDED_OVER, to=who)
        acts.append((started + (end - started) // 5, given))
    parts = stage.reported + (stage.status in ("done", "closed"))
    for place in range(stage.reported):
        text, pct = life.work.about.news[place], texts.PROGRESS[place]
        on = started + (end - started) * (place + 1) // parts
        acts.append((on, partial(life.say, by=who, kind="progress", text=text, pct=pct)))
        life.values["progress_pct"] = pct
    if later is not None:
        ahead = {"asked": 2, "refused": 8}.get(stage.turn, 6)
        on = max(started, life.values["original_due"] - timedelta(days=ahead))
        on = end if stage.turn == "asked" else on
        acts.append((on, partial(_ask, life, later)))
        if stage.turn != "asked":
            acts.append((on + timedelta(days=3), partial(_decide, life)))
    for on, act in sorted(acts, key=lambda one: one[0]):
        act(on)


def _ask(life: Life, later: date, on: date) -> None:
    by = life.team.responsible
    is_refused = life.stage.turn == "refused"
    reason = texts.REFUSED[0] if is_refused else texts.EXTENSIONS[life.number % len(texts.EXTENSIONS)][0]
    life.extensions.append({
        "no": 1, "from_due": life.values["current_due"], "to_due": later, "reason": reason, "state": "asked",
        "asked_at": life.say(on, by, "extension_ask", reason), "asked_by_id": by[0], "asked_by": by[1],
        "decided_at": None, "decided_by_id": None, "decided_by": None, "decision_reason": "",
    })  # fmt: skip


def _decide(life: Life, on: date) -> None:
    asked, by = life.extensions[-1], life.team.boss
    is_refused = life.stage.turn == "refused"
    answer = texts.REFUSED[1] if is_refused else texts.EXTENSIONS[life.number % len(texts.EXTENSIONS)][1]
    at = life.say(on, by, "extension_decide", answer)
    asked |= {"decided_at": at, "decided_by_id": by[0], "decided_by": by[1], "decision_reason": answer}
    asked["state"] = "refused" if is_refused else "approved"
    if not is_refused:
        life.values["current_due"] = asked["to_due"]


def _end(life: Life, end: date) -> None:
    """How it ended; or that it was sent back."""
    stage, team, about = life.stage, life.team, life.work.about
    who, boss = team.responsible, team.boss
    if stage.turn == "returned":
        life.say(end - timedelta(days=5), who, "done", about.done)
        life.say(end - timedelta(days=3), boss, "return", texts.RETURNED[life.number % len(texts.RETURNED)])
        life.say(end, who, "note", texts.NOTE)
        life.values["returned_times"] = 1
    elif stage.status == "cancelled":
        reason = texts.CANCELLED[life.number % len(texts.CANCELLED)]
        life.say(end, boss, "cancel", reason)
        life.values |= {"status": "cancelled", "cancelled_reason": reason, "closed_at": end}
    elif stage.status in ("done", "closed"):
        life.say(end, who, "done", about.done)
        life.values |= {"status": "done", "progress_pct": 100, "done_at": end}
        life.values |= dict(zip(("done_by_id", "done_by"), who, strict=True))
    if stage.status == "closed":
        on = end + timedelta(days=1 + life.number % 5)
        at = life.say(on, boss, "verify", about.verified)
        life.values |= {
            "status": "closed",
            "verified_at": at,
            "verification": about.verified,
            "closed_at": on,
        }
        life.values |= dict(zip(("verified_by_id", "verified_by"), boss, strict=True))
        if life.work.relapsed_on:
            life.say(life.work.relapsed_on + timedelta(days=2), (SYSTEM.person_id, SYSTEM.name), "relapse")
