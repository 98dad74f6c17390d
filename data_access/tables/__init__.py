"""All tables, by subject. Grain, unit and source of each stand in its comments."""

from data_access.tables import audit, grid, imports, kpi, org, outages, rectifications, rules
from data_access.tables.metadata import metadata

__all__ = ["audit", "grid", "imports", "kpi", "metadata", "org", "outages", "rectifications", "rules"]
