"""Records as a CSV file for Excel: with BOM, and no cell that a spreadsheet would run as a formula."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd


def text(
    header: Sequence[tuple[str, str]], labels: Mapping[str, str], chunks: Iterable[pd.DataFrame]
) -> bytes:
    """The file's bytes (UTF-8 with BOM). header, labels as in records_xlsx.workbook."""
    raise NotImplementedError
