"""Relapse 复发: what was put right fails again by the same cause, or is found by the same rule again."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.rectifications import Rectification
from domain.rule_sets import RuleVersion, version_on

WEATHER = "weather"
NO_RELAPSE = ("arranged", "upstream", "unknown")  # groups of causes that no works on the object prevent
REPEATED = "RL1"
OF_RULE = {"RL5": "equipment", "RL6": "external", "RL7": "equipment", "RL8": "customer", "RL9": "customer"}


@dataclass(frozen=True)
class LaterOutage:
    """A sustained outage of the object. group: of its cause, by the rules of its day; '' for none."""

    day: date
    group: str


@dataclass(frozen=True)
class Reentry:
    """A rule that the object met at a month-end after it had not met it at the one before."""

    day: date
    rule: str


def possible_groups(causes: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Groups of causes whose outages can be a relapse, in order. causes: body of rule set causes."""
    found = dict.fromkeys(str(one["group"]) for one in causes.values())
    return tuple(one for one in found if one not in NO_RELAPSE)


def groups_about(
    rules: Collection[str], faults: Iterable[str], causes: Mapping[str, Mapping[str, Any]]
) -> tuple[str, ...]:
    """Groups of causes that an item made for these rules of risk is to prevent, in the order of the causes.

    faults: cause of each of the object's faults in the last year; RL1 is about the most frequent group of
    them, several where they are level. Of load, voltage and ties no cause is known.
    """
    found = {OF_RULE[one] for one in rules if one in OF_RULE}
    possible = possible_groups(causes)
    if REPEATED in rules:
        counts = Counter(str(causes[one]["group"]) for one in faults if one in causes)
        most = max((counts[one] for one in possible), default=0)
        found |= {one for one in possible if most and counts[one] == most}
    return tuple(one for one in possible if one in found)


def groups_of(item: Rectification) -> frozenset[str]:
    """Groups of causes that the item is about, as its evidence named them when it was made; weather ...

    Of an item that names none only re-entry by a rule is a relapse: which outages it was to prevent, nobody
    said.
    """
    return frozenset((item.evidence or {}).get("cause_groups", ()))


def rule_of(versions: Sequence[RuleVersion], done_on: date) -> Mapping[str, int]:
    """Section relapse of the version of rule set rectification that was in force when the works were done."""
    return version_on(versions, done_on).body["relapse"]


def relapsed_on(
    item: Rectification,
    outages: Iterable[LaterOutage],
    entries: Iterable[Reentry],
    major_event_days: Collection[date],
    rule: Mapping[str, int],
) -> date | None:
    """The day of the relapse, None for none: within so many days after the work was done.

    rule: section relapse of rule set rectification. An outage on a major event day counts for nothing, one by
    weather only where a second one follows. The day of the work itself is neither before nor after it. Items
    that nobody verified, and those marked before, have none.
    """
    if item.status != "closed" or item.done_at is None or item.relapsed_on is not None:
        return None
    last = item.done_at + timedelta(days=rule["days"])
    days: dict[str, list[date]] = {group: [] for group in groups_of(item)}
    for one in outages:
        if one.group in days and item.done_at < one.day <= last and one.day not in major_event_days:
            days[one.group].append(one.day)
    needed = {group: rule["weather_outages" if group == WEATHER else "outages"] for group in days}
    found = [
        sorted(several)[needed[group] - 1] for group, several in days.items() if len(several) >= needed[group]
    ]
    mine = {one for one in item.rules.split(";") if one}
    found += [one.day for one in entries if one.rule in mine and item.done_at < one.day <= last]
    return min(found, default=None)
