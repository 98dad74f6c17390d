"""What a rule found: clauses that objects met, put together to one finding for each object."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_KEYS = 20


@dataclass(frozen=True)
class Clause:
    """Objects that met one clause of a rule at a day; an object stands there once.

    objects: their places in the caller's list. text: the clause in signs, e.g. "faults >= 3".
    evidence: object and key of each thing that speaks for it, what weighs most first; None: the value counts
    outages, which are looked up where they are shown.
    """

    objects: np.ndarray
    values: np.ndarray
    text: str
    level: int
    evidence: pd.DataFrame | None = None


@dataclass(frozen=True)
class Findings:
    """One entry per object, by its place: arrays of one length.

    Level and value of the gravest clause; texts[text] are all clauses met, the gravest first. keys: at most
    20 by object, where clauses have any.
    """

    objects: np.ndarray
    levels: np.ndarray
    values: np.ndarray
    text: np.ndarray
    texts: tuple[str, ...]
    counts: np.ndarray
    keys: dict[int, list[str]]

    def __len__(self) -> int:
        return len(self.objects)

    def of(self, chosen: np.ndarray) -> "Findings":
        """Only those of the objects for which chosen, by place, is true."""
        mine = chosen[self.objects]
        arrays = (self.objects, self.levels, self.values, self.text)
        objects, levels, values, text = (one[mine] for one in arrays)
        return Findings(objects, levels, values, text, self.texts, self.counts[mine], self.keys)


NOTHING = Findings(*(np.empty(0, np.int64),) * 4, (), np.empty(0, np.int64), {})


def together(clauses: Sequence[Clause]) -> Findings:
    """The clauses of a rule as one finding per object, in the order of the objects.

    Of equal level the clause that stands first in the rule is the gravest. Keys of the gravest come first.
    """
    met = sorted((one for one in clauses if len(one.objects)), key=lambda one: one.level)
    if not met:
        return NOTHING
    place = np.repeat(np.arange(len(met)), [len(one.objects) for one in met])
    objects = np.concatenate([one.objects for one in met]).astype(np.int64)
    values = np.concatenate([one.values for one in met]).astype(np.float64)
    found, first, number = np.unique(objects, return_index=True, return_inverse=True)
    bits = np.zeros(len(found), dtype=np.int64)
    np.bitwise_or.at(bits, number, 1 << place)
    several, text = np.unique(bits, return_inverse=True)
    texts = ["; ".join(one.text for at, one in enumerate(met) if bit >> at & 1) for bit in several.tolist()]
    without_keys = np.array([one.evidence is None for one in met])
    counts = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(counts, number, np.where(without_keys[place], values, 0).astype(np.int64))
    keys = _keys(met, found, counts)
    levels = np.array([one.level for one in met])[place[first]]
    return Findings(found, levels, values[first], text, tuple(texts), counts, keys)


def _keys(met: Sequence[Clause], found: np.ndarray, counts: np.ndarray) -> dict[int, list[str]]:
    """The first keys of each object; how many it has is added to counts."""
    frames = [one.evidence for one in met if one.evidence is not None]
    if not frames:
        return {}
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["object"].isin(found)].drop_duplicates(["object", "key"])
    counts += np.bincount(np.searchsorted(found, rows["object"].to_numpy(np.int64)), minlength=len(found))
    return {place: keys.head(MOST_KEYS).tolist() for place, keys in rows.groupby("object")["key"]}
