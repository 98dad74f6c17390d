"""Who refers to rows that an undo would remove, in words: kinds of rows with their number, no tables."""

from collections import Counter
from collections.abc import Sequence

from domain.import_kinds import kinds
from ui.texts import N_, _, counted, listed, name_of

OTHERS = {
    "grants": N_("roles of persons"),
    "import_batches": N_("imports"),
    "major_event_days": N_("major event days"),
    "med_thresholds": N_("thresholds of major event days"),
    "notice_areas": N_("areas of the notices"),
    "outages": N_("outage records"),
    "source_coverage": N_("periods covered"),
    "xmr_baselines": N_("baselines of control limits"),
}
# Made from other rows: named only where nothing else refers to the rows.
DERIVED = ("outages", "notice_areas", "source_coverage", "import_batches")
MOST = 100  # so many are looked up at most


def kind_name(table: str) -> str:
    """What the rows of a table are called."""
    found = next((one for one in kinds().values() if one.table == table), None)
    if found is not None:
        return name_of(found)
    return _(OTHERS[table]) if table in OTHERS else table


def split(references: Sequence[str]) -> list[tuple[str, str]]:
    """(what it is, its number or code) of each reference; the made ones only where there are no others."""
    pairs = [tuple(one.partition(" ")[::2]) for one in references]
    own = [pair for pair in pairs if pair[0] not in DERIVED]
    return [(kind_name(table), key) for table, key in own or pairs]


def summary(references: Sequence[str]) -> str:
    """用户数（3 条）、停电记录（4 条）; a full list says that there are more."""
    found = Counter(name for name, _key in split(references))
    parts = [
        counted("{name} ({n} row)", "{name} ({n} rows)", n).format(name=name, n=n)
        for name, n in found.items()
    ]
    text = listed(parts)
    return _("{rows} and more").format(rows=text) if len(references) >= MOST else text
