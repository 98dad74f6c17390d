"""Records as an XLSX file, written row by row; text is never taken for a formula."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd


def workbook(
    header: Sequence[tuple[str, str]], labels: Mapping[str, str], chunks: Iterable[pd.DataFrame]
) -> bytes:
    """The file's bytes. header: lines (label, text) on top: unit, period, filters, as-of, rule versions.

    labels: column id -> heading, in order; only these columns are written.
    """
    raise NotImplementedError
