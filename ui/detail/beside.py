"""Where the unit stands among those beside it, which are never named, and what the units above it have."""

from statistics import median

from domain.benchmark import Benchmark
from domain.kpis import Kpi
from ui import format as fmt
from ui.texts import _, listed, name_of

FEWEST = 3  # of two, the other's figure would be known although nobody names it


def words(found: Benchmark, kpi: Kpi) -> str:
    """One or two sentences; '' for a unit that has none beside and above it."""
    return " ".join(one for one in (_beside(found, kpi), _above(found, kpi)) if one)


def _beside(found: Benchmark, kpi: Kpi) -> str:
    if found.of < FEWEST:
        return ""
    ends = (found.values[0], found.values[-1])
    if kpi.better == "neutral":
        text = _("{n} units side by side: median {median}, lowest {first}, highest {last}.")
    elif found.rank is None:
        text = _("{n} units side by side: median {median}, best {first}, worst {last}.")
    else:
        text = _(
            "Place {rank} of {n} units side by side, best first; median {median}, best {first}, worst {last}."
        )
    first, last = ends[::-1] if kpi.better == "higher" else ends
    return text.format(
        rank=found.rank,
        n=found.of,
        median=fmt.figure(kpi, median(found.values)),
        first=fmt.figure(kpi, first),
        last=fmt.figure(kpi, last),
    )


def _above(found: Benchmark, kpi: Kpi) -> str:
    known = [one for one in found.above.itertuples() if not fmt.is_missing(one.value)]
    if not known or kpi.unit == "count":  # a count above is larger, which says nothing
        return ""
    units = listed(f"{name_of(one)} {fmt.figure(kpi, one.value)}" for one in known)
    return _("Above it: {units}.").format(units=units)
