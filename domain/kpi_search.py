"""Finding a KPI by what a person remembers of it: name, code, measure, formula or source, zh or en."""

import unicodedata

from domain.errors import InvalidInput
from domain.kpis import Catalogue, Kpi

EXAMPLES = 5  # so many ids a refusal names


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


def named(catalogue: Catalogue, text: str) -> list[Kpi]:
    """The KPIs of that id, Chinese or English name, or code, in catalogue order.

    Levels share a code. A KPI without major event days has its own name, but its code means its parent.
    """
    if text in catalogue.kpis:
        return [catalogue.kpis[text]]
    twins = {one.without_med for one in catalogue.kpis.values()}
    wanted = _plain(text.strip())
    return [
        kpi
        for kpi in catalogue.kpis.values()
        if wanted in {_plain(one) for one in (kpi.id, kpi.name_zh, kpi.name_en)}
        or (kpi.id not in twins and wanted and wanted == _plain(kpi.code))
    ]


def id_of(catalogue: Catalogue, text: str) -> str:
    """Id of the one KPI that named() finds; the text itself where there is none, or more than one."""
    found = named(catalogue, text)
    return found[0].id if len(found) == 1 else text


def suggested(catalogue: Catalogue, text: str) -> str:
    """Ids that the text may have meant; where it means none, the first of the catalogue."""
    ids = [one.id for one in named(catalogue, text)] or list(catalogue.kpis)[:EXAMPLES]
    return ", ".join(ids)


def one_named(catalogue: Catalogue, text: str) -> Kpi:
    """The one KPI that named() finds. Raises InvalidInput("unknown_kpi" | "ambiguous_kpi", kpi, known)."""
    found = named(catalogue, text)
    if len(found) != 1:
        code = "ambiguous_kpi" if found else "unknown_kpi"
        raise InvalidInput(code, kpi=text, known=suggested(catalogue, text))
    return found[0]


def _plain(text: str) -> str:
    """Without case and without full-width forms: ＳＡＩＤＩ finds SAIDI."""
    return unicodedata.normalize("NFKC", text).casefold()
