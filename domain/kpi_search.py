"""Finding a KPI by what a person remembers of it: name, code, measure, formula or source, zh or en."""

import unicodedata

from domain.kpis import Catalogue, Kpi


def found(catalogue: Catalogue, text: str, group: str = "") -> list[Kpi]:
    """KPIs in which every word of `text` occurs, in catalogue order; all where text is empty.

    A KPI without major event days is not listed beside its parent: the parent's definition shows both.
    """
    twins = {one.without_med for one in catalogue.kpis.values()}
    words = _plain(text).split()
    return [
        kpi
        for kpi in catalogue.kpis.values()
        if kpi.id not in twins
        and (not group or kpi.group == group)
        and all(word in _searched(kpi, catalogue) for word in words)
    ]


def _searched(kpi: Kpi, catalogue: Catalogue) -> str:
    measures = [catalogue.measures[one] for one in kpi.measures()]
    parts = [
        kpi.id,
        kpi.code,
        kpi.name_zh,
        kpi.name_en,
        kpi.formula_zh,
        kpi.formula_en,
        kpi.source_zh,
        kpi.source_en,
        kpi.without_med,
    ]
    parts += [text for one in measures for text in (one.id, one.name_zh, one.name_en)]
    return _plain(" ".join(parts))


def _plain(text: str) -> str:
    """Without case and without full-width forms: ＳＡＩＤＩ finds SAIDI."""
    return unicodedata.normalize("NFKC", text).casefold()
