"""A list of items that was filled in elsewhere, read from a file of which nothing is kept."""

import tempfile
from pathlib import Path

import pandas as pd

from data_access import rectification_file, uploads
from domain.errors import FileRejected, InvalidInput

ENDINGS = ("xlsx", "csv")


def read(name: str, content: bytes) -> pd.DataFrame:
    """The table of the file, as rectification_file.table_of() gives it.

    Raises InvalidInput("table_broken", name) for what is no table.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / uploads.safe_name(name)
        path.write_bytes(content)
        try:
            return rectification_file.table_of(path)
        except FileRejected as error:
            raise InvalidInput("table_broken", name=name) from error
