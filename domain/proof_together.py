"""Proofs put together: of items of which nothing is known, and of several that share nothing.

Counts and expectations add; divide last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.proof import Proof, Side, least_stage, told

ADDED = ("items", "items_too_early", "items_without_expectation")
COUNTED = ("months_after", "before", "before_same_season", "after")


def nothing(outcome: str, reason: str, items: int, rules: Mapping[str, Any]) -> Proof:
    """The proof of items of which nothing is known: no outages, or not their own. reason: why."""
    windows = dict.fromkeys(("before", "before_same_season", "after"), 0.0)
    return Proof(
        outcome=outcome,
        reason=reason,
        items=0,
        items_too_early=0,
        items_without_expectation=items,
        after_from=None,
        after_to=None,
        months_after=0,
        **windows,
        **told("too_early", (), 0.0, rules["verdict"]["level"]),
    )


def with_others(found: Proof, items: int) -> Proof:
    """The proof, with so many more items beside it that have no expectation."""
    return replace(found, items_without_expectation=found.items_without_expectation + items)


def together(proofs: Sequence[Proof]) -> Proof:
    """The proof of all items of these, which are of one outcome; at least one.

    Only right where no object was compared with in two of them: then their errors are independent.
    """
    judged = [one for one in proofs if one.sides]
    shown = judged or [one for one in proofs if one.stage != "too_early"] or list(proofs)
    stage = least_stage(one.stage for one in shown)
    counts = {name: sum(getattr(one, name) for one in shown) for name in COUNTED}
    sides = tuple(_added([one.sides[at] for one in judged]) for at in (0, 1)) if judged else ()
    fields = told(stage, sides, counts["after"], shown[0].level)
    if judged:
        bases = {one.basis for one in judged}
        fields |= {"basis": bases.pop() if len(bases) == 1 else "both"}
        fields |= {"compared": min(one.compared for one in judged)}
    firsts = [one.after_from for one in shown if one.after_from]
    lasts = [one.after_to for one in shown if one.after_to]
    return Proof(
        outcome=proofs[0].outcome,
        reason="" if judged else next((one.reason for one in shown if one.reason), "few_months"),
        after_from=min(firsts, default=None),
        after_to=max(lasts, default=None),
        **{name: sum(getattr(one, name) for one in proofs) for name in ADDED},
        **counts,
        **fields,
    )


def _added(sides: Sequence[Side]) -> Side:
    expected = sum(one.expected for one in sides)
    return Side(
        expected,
        sum(one.variance for one in sides),
        sum(one.chance for one in sides),
        sum(one.change * one.expected for one in sides) / expected,
    )
