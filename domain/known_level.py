"""Which level a unit is shown at: LV where a source tells of it, else MV under its own name."""

from domain import ratios
from domain.facts import Facts
from domain.kpis import Catalogue, Kpi
from domain.periods import Period

NO_SOURCE = "not_covered:"


def watched_kpis(catalogue: Catalogue) -> tuple[Kpi, ...]:
    """The KPIs that may become exceptions: no twins without major event days, no MV beside LV."""
    twins = {one.without_med for one in catalogue.kpis.values()}
    twins |= {f"{one.id}_mv" for one in catalogue.kpis.values() if one.level == "LV"}
    return tuple(one for one in catalogue.kpis.values() if one.id not in twins)


def lacking(facts: Facts, catalogue: Catalogue, period: Period, unit_id: int) -> tuple[Kpi, ...]:
    """The MV twins of the watched LV KPIs that no source tells of in the period: they may stand in."""
    found = []
    for kpi in watched_kpis(catalogue):
        twin = catalogue.kpis.get(f"{kpi.id}_mv") if kpi.level == "LV" else None
        if twin and ratios.total(facts, kpi, period, catalogue.measures, unit_id).missing.startswith(
            NO_SOURCE
        ):
            found.append(twin)
    return tuple(found)


def at_known_level(facts: Facts, catalogue: Catalogue, period: Period, unit_id: int) -> dict[str, Kpi]:
    """The KPI that is shown for each watched one: itself, or its MV twin where only that one is known.

    A company that counts transformer areas and no meters sees its MV figures, under their own name; LV and MV
    never meet in one number.
    """
    shown = {kpi.id: kpi for kpi in watched_kpis(catalogue)}
    for twin in lacking(facts, catalogue, period, unit_id):
        if ratios.total(facts, twin, period, catalogue.measures, unit_id).value is not None:
            shown[twin.id.removesuffix("_mv")] = twin
    return shown
