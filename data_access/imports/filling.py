"""The rows of a file into the staging store: one chunk is read and checked while the one before is stored."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd

from data_access.imports import checking, staging
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging
from domain.row_check_rows import Found

Progress = Callable[[int], None]


def fill(store: Staging, plan: Plan, chunks: Iterable, width: int, progress: Progress | None) -> int:
    """Check and stage every chunk; how many rows were read."""

    def checked() -> Iterator[tuple[int, pd.DataFrame | None, list[Found]]]:
        for rows, texts, uneven in chunks:
            frame, problems = checking.check(plan, rows, texts) if len(rows) else (None, [])
            yield len(rows) + len(uneven), frame, checking.uneven(uneven, width) + problems

    read = 0
    for count, frame, problems in _ahead(checked()):
        if frame is not None:
            staging.load(store, frame)
        staging.add_problems(store, problems, plan.names)
        read += count
        if progress:
            progress(read)
    staging.index(store)
    return read


def _ahead(items: Iterator[Any]) -> Iterator[Any]:
    """The items, each next one being made while the caller works on the one before."""
    nothing = object()
    with ThreadPoolExecutor(1) as worker:
        waiting = worker.submit(next, items, nothing)
        while (item := waiting.result()) is not nothing:
            waiting = worker.submit(next, items, nothing)
            yield item
