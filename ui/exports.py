"""Files that leave: made when the button is pressed, and handed out only once the audit log says so."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from domain.viewer import Viewer
from ui import session

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def noted(
    pack: Callable[[Iterable[pd.DataFrame]], bytes],
    chunks: Callable[[Viewer], Iterable[pd.DataFrame]],
    subject: str,
    unit_id: int | None,
    **said: Any,
) -> Callable[[Viewer], bytes]:
    """What downloads.button() takes: makes the file of the chunks, then writes it down with its rows.

    subject: what it is, as ui/audit_log/words.py reads it; said: format and filters. A file that cannot be
    written down does not leave.
    """
    engine = session.engine()

    def made(viewer: Viewer) -> bytes:
        rows = 0

        def counted() -> Iterator[pd.DataFrame]:
            nonlocal rows
            for one in chunks(viewer):
                rows += len(one)
                yield one

        content = pack(counted())
        session.exported(engine, viewer, subject, {"rows": rows, **said}, unit_id)
        return content

    return made


def noted_whole(make: Callable[[Viewer], bytes], subject: str, **said: Any) -> Callable[[Viewer], bytes]:
    """The same for a file that is made as a whole."""
    engine = session.engine()

    def made(viewer: Viewer) -> bytes:
        content = make(viewer)
        session.exported(engine, viewer, subject, said, None)
        return content

    return made
