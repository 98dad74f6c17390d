"""Numbers as people write them, whole columns at a time: grouped or not, with the file's decimal sign."""

import numpy as np
import pandas as pd

SHORT = r"-?\d{1,15}"  # the usual whole number
GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?"


def numbers(texts: pd.Series, decimal: str) -> tuple[pd.Series, np.ndarray]:
    """Numbers of the texts, and where a text is none. decimal is the file's sign: . or ,"""
    plain = texts.astype("str")
    if decimal == ",":
        plain = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    if plain.str.fullmatch(SHORT, na=True).all():
        digits = plain.astype("string[pyarrow]").astype("int64[pyarrow]").astype("Int64")
        return digits, np.zeros(len(texts), dtype=bool)
    is_number = plain.str.fullmatch(NUMBER, na=False)
    if not is_number.all():
        grouped = plain.str.fullmatch(GROUPED, na=False)
        plain = plain.where(~grouped, plain.str.replace(",", "", regex=False))
        is_number = is_number | grouped
    values = pd.to_numeric(plain.where(is_number), errors="coerce").astype("Float64")
    return values, np.asarray(texts.notna() & ~is_number)
