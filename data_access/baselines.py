"""Frozen baselines of control limits: stored once 24 months are complete, changed only by an act with a reason."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, Engine

from domain.signals import Baseline
from domain.viewer import Scope, Viewer


def stored(engine: Engine, scope: Scope, unit_ids: Iterable[int]) -> dict[tuple[int, str], Baseline]:
    """Baselines by (org_unit_id, signals.baseline_id(kpi)) of the units inside the scope."""
    raise NotImplementedError


def freeze_missing(connection: Connection, last_complete: date, set_by: str = "refresh") -> int:
    """Stores a baseline for each unit and KPI that has none and now has 24 complete months; how many.

    For refresh, inside its transaction. last_complete: the last complete month of the data.
    """
    raise NotImplementedError


def reset(
    engine: Engine, viewer: Viewer, kpi_id: str, unit_id: int, first: date, last: date, reason: str
) -> Baseline:
    """Sets the baseline to the complete months from first to last, with an audit row in the same transaction.

    Raises NotAllowed, NotFound, InvalidInput("reason_missing" | "baseline_too_few_months", n, needed).
    """
    raise NotImplementedError
