"""Targets of a unit and those it inherits from the units above."""

from sqlalchemy import Engine

from domain.periods import Period
from domain.target_state import Target
from domain.viewer import Scope


def targets_for(engine: Engine, scope: Scope, unit_id: int, period: Period) -> list[Target]:
    """Targets for exactly this period (kind and key) of the unit, and of units above where for_below.

    Give it to target_state.pick() together with path_of(). Raises NotFound outside the scope.
    """
    raise NotImplementedError


def path_of(engine: Engine, scope: Scope, unit_id: int) -> tuple[int, ...]:
    """Ids from the company's top down to unit_id, beyond the scope too, since targets inherit from there.

    Raises NotFound outside the scope.
    """
    raise NotImplementedError
