"""What a rule found: clauses that objects met, put together to one finding for each object."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_KEYS = 20
COLUMNS = ["object", "level", "value", "threshold", "evidence_count", "evidence"]


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


def together(clauses: Sequence[Clause]) -> pd.DataFrame:
    """One row per object: COLUMNS. Level and value of the gravest clause, all clauses as threshold.

    Of equal level the clause that stands first in the rule is the gravest. evidence: at most 20 keys, those
    of the gravest clause first; None where no clause has keys.
    """
    met = sorted((one for one in clauses if len(one.objects)), key=lambda one: one.level)
    if not met:
        return pd.DataFrame(columns=COLUMNS)
    if len(met) == 1 and met[0].evidence is None:
        return _plain(met[0])
    place = np.repeat(np.arange(len(met)), [len(one.objects) for one in met])
    objects = np.concatenate([one.objects for one in met])
    values = np.concatenate([one.values for one in met]).astype(np.float64)
    found, first, number = np.unique(objects, return_index=True, return_inverse=True)
    bits = np.zeros(len(found), dtype=np.int64)
    np.bitwise_or.at(bits, number, 1 << place)
    several, of = np.unique(bits, return_inverse=True)
    texts = ["; ".join(one.text for at, one in enumerate(met) if bit >> at & 1) for bit in several.tolist()]
    without_keys = np.array([one.evidence is None for one in met])
    counts = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(counts, number, np.where(without_keys[place], values, 0).astype(np.int64))
    keys, listed = _keys(met, found)
    return pd.DataFrame(
        {
            "object": found,
            "level": np.array([one.level for one in met])[place[first]],
            "value": values[first],
            "threshold": np.array(texts, dtype=object)[of],
            "evidence_count": counts + keys,
            "evidence": listed,
        }
    )


def _plain(clause: Clause) -> pd.DataFrame:
    """The same for a single clause on outages, by far the most frequent case."""
    order = np.argsort(clause.objects, kind="stable")
    values = clause.values[order].astype(np.float64)
    return pd.DataFrame(
        {
            "object": clause.objects[order],
            "level": clause.level,
            "value": values,
            "threshold": clause.text,
            "evidence_count": values.astype(np.int64),
            "evidence": None,
        }
    )


def _keys(met: Sequence[Clause], found: np.ndarray) -> tuple[np.ndarray, list[list[str] | None]]:
    """How many keys each object has, and the first of them."""
    frames = [one.evidence.assign(place=at) for at, one in enumerate(met) if one.evidence is not None]
    listed: list[list[str] | None] = [None] * len(found)
    counts = np.zeros(len(found), dtype=np.int64)
    if not frames:
        return counts, listed
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["object"].isin(found)].drop_duplicates(["object", "key"])
    at = np.searchsorted(found, rows["object"].to_numpy())
    counts += np.bincount(at, minlength=len(found))
    for place, keys in rows.groupby(at)["key"]:
        listed[place] = keys.head(MOST_KEYS).tolist()
    return counts, listed
