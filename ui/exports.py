"""Files that leave: made when the button is pressed, and handed out only once the audit log says so."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from ui import session

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def noted(
    pack: Callable[[Iterable[pd.DataFrame]], bytes],
    chunks: Callable[[], Iterable[pd.DataFrame]],
    subject: str,
    unit_id: int | None,
    **said: Any,
) -> Callable[[], bytes]:
    """What a download button takes: makes the file of the chunks, then writes it down with its rows.

    subject: what it is, as ui/audit_log/words.py reads it; said: format and filters. A file that cannot be
    written down does not leave.
    """
    viewer, engine = session.viewer(), session.engine()

    def made() -> bytes:
        rows = 0

        def counted() -> Iterator[pd.DataFrame]:
            nonlocal rows
            for one in chunks():
                rows += len(one)
                yield one

        content = pack(counted())
        session.exported(engine, viewer, subject, {"rows": rows, **said}, unit_id)
        return content

    return made
