"""All tables, by subject. Grain, unit and source of each stand in its comments."""

from data_access.tables import (
    audit,
    condition,
    grid,
    imports,
    kpi,
    org,
    outages,
    proofs,
    rectifications,
    risk,
    rules,
)
from data_access.tables.metadata import metadata

__all__ = [
    "audit", "condition", "grid", "imports", "kpi", "metadata", "org", "outages", "proofs", "rectifications",
    "risk", "rules",
]  # fmt: skip
