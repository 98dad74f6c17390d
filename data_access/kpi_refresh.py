"""Facts -> additive measures per unit and period, for every unit up to the top; only what changed.

One writer under a lease: leaves first, then parents from children. A refresh of what is marked as stale gives
the same rows as one from nothing.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine


@dataclass(frozen=True)
class RefreshResult:
    """What one refresh did."""

    is_full: bool
    rows: int  # of kpi_facts written
    units: int  # whose rows were written
    seconds: float
    as_of_day: date | None


def refresh(engine: Engine, full: bool = False) -> RefreshResult:
    """Bring kpi_facts up to date with what is marked as stale; with full, from nothing.

    Raises Busy while another process refreshes; that one then takes our marks along, so an importer may
    ignore it. Returns when nothing is marked any more.
    """
    raise NotImplementedError
