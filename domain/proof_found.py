"""Proofs as they are read: of one rectification, of a kind of measure; and what they avoided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.proof import Proof
from domain.rule_sets import RuleVersion


@dataclass(frozen=True)
class Proved:
    """An item with its proof by outcome: outages, customers (interruptions), customer_s.

    rules: the version of rule set proof that it was judged by; before_from, before_to: its months before.
    """

    bureau_id: str
    item_id: str
    org_unit_id: int
    title: str
    object_kind: str
    object_code: str
    measure_kind: str
    done_on: date
    before_from: date
    before_to: date
    proofs: Mapping[str, Proof]
    rules: RuleVersion


@dataclass(frozen=True)
class Pool:
    """All items of one kind of measure together, by outcome; measure_kind is '' where none is said."""

    measure_kind: str
    proofs: Mapping[str, Proof]
    rules: RuleVersion


def avoided(proof: Proof) -> tuple[float, float] | None:
    """From how much to how much less came than was to be expected, in the outcome's unit, by the interval.

    Negative: more came. None where nothing is judged.
    """
    if proof.expected is None:
        return None
    return proof.expected * (1 - proof.upper), proof.expected * (1 - proof.lower)


def judged_first(items: Iterable[Proved], outcome: str) -> list[Proved]:
    """Those with something to say of the outcome before those that cannot be judged, else in their order."""
    return sorted(items, key=lambda one: one.proofs[outcome].ratio is None)
