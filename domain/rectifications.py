"""A rectification item 整改项: who does what by when about a line, an area or a customer's equipment.

    draft 待派 -> assigned 已派 -> working 处理中 -> done 待验收 -> closed 已销号
    done -> working: returned, with a reason; draft, assigned, working -> cancelled 撤销, with a reason

On the books 挂账 is every item that is not closed or cancelled, however late. The original due date is set
once. Who worked on an item, or ever was responsible for it, neither verifies nor cancels it, nor decides on
its due date, whatever roles that person has.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.errors import InvalidInput, StepNotAllowed

OBJECT_KINDS = ("line", "area", "equipment")
MEASURE_TYPES = ("operation", "works", "customer", "management")
LEVELS = (1, 2, 3)  # high, medium, low
STATES = ("draft", "assigned", "working", "done", "closed", "cancelled")
ON_THE_BOOKS = ("draft", "assigned", "working", "done")
UNDER_WAY = ("assigned", "working")
STEPS = {  # from which states, and to which; "": it stays
    "edit": (("draft", "assigned", "working"), ""),
    "assign": (("draft",), "assigned"),
    "hand_over": (ON_THE_BOOKS, ""),
    "start": (("assigned",), "working"),
    "progress": (("working",), ""),
    "done": (("working",), "done"),
    "return": (("done",), "working"),
    "verify": (("done",), "closed"),
    "cancel": (("draft", "assigned", "working"), "cancelled"),
    "extension_ask": (UNDER_WAY, ""),
    "extension_decide": ((*UNDER_WAY, "done"), ""),
}
POINTS = {  # 五落实
    "responsible": ("责任人", "responsible person"),
    "measure": ("措施", "measure"),
    "funding": ("资金", "funding"),
    "due": ("时限", "due date"),
    "contingency": ("预案", "contingency plan"),
}
LONGEST = {
    "title": 200,
    "measure": 2000,
    "department": 120,
    "funding": 200,
    "interim_control": 2000,
    "contingency": 2000,
}
LONGEST_GIVEN = {"object_code": 60, "found_by": 20}  # what a new item says besides
RULES = re.compile(r"(RL\d{1,2}(;RL\d{1,2}){0,15})?")


@dataclass(frozen=True)
class Rectification:
    """One item as it is stored. bureau_id, item_id: its key; of the names each is as it was at the act.

    worked_by_ids: everybody who was responsible, co-responsible, or brought it forward; None among them is
    the local administrator. closed_at: the day it left the books, closed or cancelled.
    """

    bureau_id: str
    item_id: str
    org_unit_id: int
    object_kind: str
    object_code: str
    title: str
    rules: str = ""  # RL1;RL6
    evidence: Mapping[str, Any] | None = None
    found_by: str = ""
    found_on: date | None = None
    level: int = 2
    measure: str = ""
    measure_type: str = ""
    measure_kind: str = ""
    department: str = ""
    responsible_id: int | None = None
    responsible: str = ""
    co_responsible_id: int | None = None
    co_responsible: str = ""
    worked_by_ids: tuple[int | None, ...] = ()
    funding: str = ""
    original_due: date | None = None
    current_due: date | None = None
    interim_control: str = ""
    contingency: str = ""
    status: str = "draft"
    progress_pct: int = 0
    assigned_at: datetime | None = None
    started_at: datetime | None = None
    done_at: date | None = None
    done_by_id: int | None = None
    done_by: str = ""
    verified_at: datetime | None = None
    verified_by_id: int | None = None
    verified_by: str = ""
    verification: str = ""
    closed_at: date | None = None
    returned_times: int = 0
    reopen_of: str | None = None
    relapsed_on: date | None = None
    before_from: date | None = None
    before_to: date | None = None
    created_at: datetime | None = None
    created_by_id: int | None = None
    created_by: str = ""
    cancelled_reason: str = ""
    version: int = 1

    @property
    def is_on_the_books(self) -> bool:
        return self.status in ON_THE_BOOKS

    def is_worker(self, person_id: int | None) -> bool:
        """Whether the item is this person's to work on."""
        return person_id is not None and person_id in (self.responsible_id, self.co_responsible_id)


def subject(bureau_id: str, item_id: str) -> str:
    """How the audit log names the item."""
    return f"{item_id} {bureau_id}"


def item_number(year: int, number: int) -> str:
    """R2026-0042: the running number of a year in a key space."""
    return f"R{year}-{number:04d}"


def allowed_steps(item: Rectification) -> tuple[str, ...]:
    """The steps that its state leads to; who may take them is another question."""
    return tuple(step for step, (states, _to) in STEPS.items() if item.status in states)


def check_step(item: Rectification, step: str) -> str:
    """The state after the step. Raises StepNotAllowed("rectification_<step>", state): what to do instead."""
    states, to = STEPS[step]
    if item.status not in states:
        raise StepNotAllowed(f"rectification_{step}", state=f"rectification_{item.status}")
    return to or item.status


def missing_points(item: Rectification) -> tuple[str, ...]:
    """Which of the five points 五落实 are missing; work begins when none is."""
    held = {
        "responsible": item.responsible_id,
        "measure": item.measure.strip(),
        "funding": item.funding.strip(),
        "due": item.current_due,
        "contingency": item.contingency.strip(),
    }
    return tuple(point for point in POINTS if not held[point])


def check_points(item: Rectification) -> None:
    """Raises StepNotAllowed("rectification_five_points", points): what is to be filled in first."""
    if missing := missing_points(item):
        zh, en = ([POINTS[one][place] for one in missing] for place in (0, 1))
        raise StepNotAllowed("rectification_five_points", points={"zh": "、".join(zh), "en": ", ".join(en)})


def check_content(values: Mapping[str, Any], kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """What the person wrote can be stored. kinds: body of rule set measures.

    values: columns of LONGEST, of LONGEST_GIVEN, rules, level, measure_kind, measure_type, object_kind; any
    may be absent. Raises InvalidInput("rectification_title" | "rectification_rules" | "too_long" |
    "rectification_choice").
    """
    if not values.get("title", "-").strip():
        raise InvalidInput("rectification_title")
    if not RULES.fullmatch(values.get("rules", "")):
        raise InvalidInput("rectification_rules", value=values["rules"])
    for name, longest in {**LONGEST, **LONGEST_GIVEN}.items():
        if len(values.get(name, "")) > longest:
            raise InvalidInput("too_long", most=longest)
    choices = {
        "object_kind": OBJECT_KINDS,
        "level": LEVELS,
        "measure_kind": ("", *kinds),
        "measure_type": ("", *MEASURE_TYPES),
    }
    for name, known in choices.items():
        if name in values and values[name] not in known:
            raise InvalidInput("rectification_choice", value=values[name], known=", ".join(map(str, known)))


def type_of(kind: str, chosen: str, kinds: Mapping[str, Mapping[str, Any]]) -> str:
    """The type of a measure: its kind's, or of a kind without one the chosen. Raises InvalidInput."""
    own = kinds[kind]["type"] if kind else ""
    if own and chosen and own != chosen:
        raise InvalidInput("rectification_type", known=f"measure_type_{own}")
    return own or chosen


def check_due(item: Rectification, due: date, today: date) -> None:
    """A due date may be set where there is none. Raises StepNotAllowed("rectification_due_is_set"),
    InvalidInput("rectification_due_past")."""
    if item.original_due is not None and due != item.original_due:
        raise StepNotAllowed("rectification_due_is_set", due=item.original_due)
    if item.original_due is None and due < today:
        raise InvalidInput("rectification_due_past", today=today)


def check_progress(pct: int, text: str) -> None:
    """Raises InvalidInput("rectification_percent" | "rectification_text")."""
    if not 0 <= pct <= 100:
        raise InvalidInput("rectification_percent", value=pct)
    check_text(text)


def check_text(text: str) -> None:
    """What was done or found is said. Raises InvalidInput("rectification_text" | "too_long")."""
    if not text.strip():
        raise InvalidInput("rectification_text")
    if len(text) > LONGEST["measure"]:
        raise InvalidInput("too_long", most=LONGEST["measure"])


def check_reason(reason: str) -> None:
    """Raises InvalidInput("reason_missing" | "too_long")."""
    if not reason.strip():
        raise InvalidInput("reason_missing")
    check_text(reason)


def check_done_on(done_on: date, assigned_on: date, today: date) -> None:
    """The works ended between their assignment and today. Raises InvalidInput("rectification_done_on")."""
    if not assigned_on <= done_on <= today:
        raise InvalidInput("rectification_done_on", first=assigned_on, last=today)


def check_independent(item: Rectification, person_id: int | None, code: str) -> None:
    """Raises StepNotAllowed(code) for somebody who had a hand in the item."""
    own = {one for one in (item.responsible_id, item.co_responsible_id, item.done_by_id) if one is not None}
    if person_id in own | set(item.worked_by_ids):
        raise StepNotAllowed(code)
