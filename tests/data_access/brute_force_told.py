"""What customers were told once more: notices, plans and restoration promises, from the raw rows alone.

One loop after the other, as domain.md 1.4 says it; version 1 of the rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.data_access.brute_force import World, local_day, seconds

HALF_HOUR, HALF_DAY = timedelta(minutes=30), timedelta(hours=12)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
MANY = 50  # customers from which on a fault has to be told of
Momentary = Callable[[int, date], bool]
Row = dict[str, Any]


@dataclass(frozen=True)
class Outage:
    """One outage as its steps make it."""

    unit: int
    kind: str
    month: date
    began: datetime
    ended: datetime | None
    customers: int | None
    detected: datetime | None
    is_momentary: bool
    areas: frozenset[str]


def outage(world: World, steps: list[Row], is_momentary: Momentary) -> Outage:
    began = steps[0]["interrupted_at"]
    ended = None
    if all(one["restored_at"] is not None for one in steps):
        ended = max(one["restored_at"] for one in steps)
    longest = max((seconds(one) for one in steps if one["restored_at"] is not None), default=0)
    counts = [one["customers"] for one in steps if one["customers"] is not None]
    return Outage(
        world.first(steps, "outage_org_unit_id", "org_unit_id"),
        world.first(steps, "outage_kind", "kind"),
        local_day(began).replace(day=1),
        began,
        ended,
        sum(counts) if counts else None,
        world.first(steps, "detected_at"),
        ended is not None and is_momentary(longest, local_day(began)),
        frozenset(one["area_code"] for one in steps if one["area_code"]),
    )


def expected(of: Outage, told: list[Row]) -> tuple[datetime, datetime, datetime | None, Row] | None:
    """(first published, start, end, the last message) that customers last expected; None: not announced."""
    found = []
    for one in sorted(told, key=lambda one: (one["published_at"], one["notice_key"])):
        off = one["cancelled_at"] is not None and one["cancelled_at"] <= of.began
        if (
            one["kind"] in ("planned", "temporary", "rationing")
            and one["published_at"] <= of.began
            and not off
        ):
            start, end, moved = one["announced_start"], one["announced_end"], one["rescheduled_to"]
            shift = moved - start if moved and start else timedelta(0)
            found.append((moved or start or of.began, end + shift if end else None, one))
    if not found:
        return None
    start, end, last = found[-1]
    published = min(one["published_at"] for other, _end, one in found if other == start)
    return published, start, end, last


def notices(world: World, is_momentary: Momentary) -> None:
    """Adds what the messages of each outage were worth."""
    for bureau, steps in world.outages():
        of = outage(world, steps, is_momentary)
        told = [
            one
            for one in world.notices
            if (one["bureau_id"], one["outage_key"]) == (bureau, steps[0]["outage_key"])
        ]
        for name, holds in _flags(of, told).items():
            measure, _dot, reason = name.partition(".")
            if holds:
                world.count(of.unit, measure, of.month, 1, reason or None)


def _flags(of: Outage, told: list[Row]) -> dict[str, bool]:
    known, ended = expected(of, told), of.ended is not None
    published, start, end, last = known or (None, None, None, None)
    first = min((one["published_at"] for one in told if one["kind"] != "restored"), default=None)
    back = min((one["published_at"] for one in told if one["kind"] == "restored"), default=None)
    why_not = ""
    if of.kind == "fault":
        why_not = next(
            (
                reason
                for reason, holds in (
                    ("momentary", of.is_momentary),
                    ("no_customers", of.customers is None),
                    ("few_customers", (of.customers or 0) < MANY),
                    ("not_detected", of.detected is None),
                )
                if holds
            ),
            "",
        )
    large, restored = of.kind == "fault" and not why_not, ended and not of.is_momentary
    completed = known is not None and ended
    on_time = completed and abs(of.began - start) <= HALF_HOUR and end is not None
    codes = (
        frozenset((last or {}).get("area_codes", "").split(";")) - {""}
        if last and last["area_codes"]
        else set()
    )
    return {
        "planned_started": of.kind == "planned",
        "planned_notified": of.kind == "planned" and known is not None and published <= start - WEEK,
        "temporary_started": of.kind == "temporary",
        "temporary_notified": of.kind == "temporary" and known is not None and published <= start - DAY,
        "faults_to_notify": large,
        "faults_notified": large and first is not None and first <= of.detected + HALF_HOUR,
        f"faults_to_notify_excluded.{why_not}": bool(why_not),
        "restorations": restored,
        "restorations_notified": restored and back is not None and back <= of.ended + HALF_HOUR,
        "restorations_open": not ended,
        "restorations_excluded.momentary": of.is_momentary,
        "announced_completed": completed,
        "announced_time_accurate": on_time and of.ended <= end + HALF_HOUR,
        "announced_open": known is not None and not ended,
        "announced_with_areas": completed and bool(codes and of.areas),
        "announced_areas_accurate": completed and bool(codes) and codes == of.areas,
        "planned_completed": of.kind == "planned" and ended and end is not None,
        "planned_late": of.kind == "planned" and ended and end is not None and of.ended > end,
    }


def plans(world: World) -> None:
    """Adds each plan once, with the message that was published first."""
    groups: dict[tuple, list[Row]] = {}
    for one in world.notices:
        if one["kind"] == "planned" and one["announced_start"] is not None:
            key = (one["bureau_id"], one["outage_key"] or ("", one["notice_key"]), one["announced_start"])
            groups.setdefault(key, []).append(one)
    began = {
        (bureau, steps[0]["outage_key"]): min(one["interrupted_at"] for one in steps)
        for bureau, steps in world.outages()
    }
    for (bureau, key, start), messages in groups.items():
        unit = min(messages, key=lambda one: (one["published_at"], one["notice_key"]))["org_unit_id"]
        day = local_day(start)
        is_due = day <= world.last_day(world.city(unit))
        off = any(one["cancelled_at"] for one in messages)
        last = max(one["published_at"] for one in messages)
        moved = any(one["rescheduled_to"] for one in messages) or any(
            one["published_at"] > last
            for (home, outage, other), those in groups.items()
            if (home, outage) == (bureau, key) and other != start
            for one in those
        )
        month = day.replace(day=1)
        world.count(unit, "plans_published", month, int(is_due))
        at = began.get((bureau, key))
        as_announced = at is not None and abs(at - start) <= HALF_DAY
        executed = is_due and not off and not moved and as_announced
        world.count(unit, "plans_executed", month, int(executed))
        world.count(unit, "plans_open", month, int(not is_due and not off))
        if is_due and (off or moved):
            world.count(unit, "plans_changed", month, 1, "cancelled" if off else "rescheduled")


def promises(world: World, is_momentary: Momentary) -> None:
    """Adds what each step was promised first and last, and how often an outage's time was changed."""
    for bureau, steps in world.outages():
        day = local_day(steps[0]["interrupted_at"])
        messages = sorted(
            (
                one
                for one in world.promises
                if (one["bureau_id"], one["outage_key"]) == (bureau, steps[0]["outage_key"])
            ),
            key=lambda one: (one["told_at"], one["promise_key"]),
        )
        changing: set[str] = set()
        any_told = False
        for step in steps:
            told = [(None, step["promised_at"])] if step["promised_at"] else []
            told += [
                (one["promise_key"], one["promised_at"])
                for one in messages
                if one["step_key"] in (None, step["step_key"])
                and (step["restored_at"] is None or one["told_at"] <= step["restored_at"])
            ]
            any_told = any_told or bool(told)
            pairs = pairwise(told)
            changing |= {key for (_, before), (key, now) in pairs if now != before}
            if told:
                _promised(world, step, [promised for _, promised in told], day, is_momentary)
        unit = world.first(steps, "outage_org_unit_id", "org_unit_id")
        world.count(unit, "outages_with_promise", day.replace(day=1), int(any_told))
        world.count(unit, "promise_revisions", day.replace(day=1), len(changing))


def _promised(world: World, step: Row, times: list[datetime], day: date, is_momentary: Momentary) -> None:
    unit, month, restored = step["org_unit_id"], day.replace(day=1), step["restored_at"]
    if restored is None:
        world.count(unit, "promises_open", month, 1)
        return
    if is_momentary(seconds(step), day):
        world.count(unit, "promises_excluded", month, 1, "momentary")
        return
    world.add(unit, "promises_due", day, 1, step)
    for end, promised in (("first", times[0]), ("last", times[-1])):
        late = restored - promised
        if late <= HALF_HOUR:
            world.add(unit, f"promises_kept_{end}", day, 1, step)
        if abs(late) <= HALF_HOUR:
            world.add(unit, f"estimates_accurate_{end}", day, 1, step)
