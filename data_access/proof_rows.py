"""A proof as it is stored: every number of domain.proof.Proof, and how it is read again."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from domain.proof import Proof, Side

DAYS = ("after_from", "after_to")


def as_json(proof: Proof) -> dict[str, Any]:
    """What the column `found` holds; what has no end is null."""
    return {name: _plain(value) for name, value in asdict(proof).items()}


def of_json(found: Mapping[str, Any]) -> Proof:
    """The proof again."""
    days = {name: found[name] and date.fromisoformat(found[name]) for name in DAYS}
    return Proof(**{**found, **days, "sides": tuple(Side(**side) for side in found["sides"])})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
