"""The rows of a file into the staging store: one chunk is read and checked while the one before is stored."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd

from data_access.imports import checking, staging
from data_access.imports.checking import Plan
from data_access.imports.staging import Staging
from domain.mapping import ROW_NUMBER, FileMapping
from domain.row_check_rows import Found

Progress = Callable[[int], None]
NOT_TAKEN = "\0"  # no header begins so


def wanted(mapping: FileMapping, header: Sequence[str]) -> dict[str, int]:
    """Place in the file of each column to read, by its header.

    Where only their numbers tell rows apart, all: rows are equal where they are so from end to end.
    """
    places = {name: header.index(name) for name in mapping.file_columns()}
    if mapping.source_key == ROW_NUMBER:
        others = set(range(len(header))) - set(places.values())
        places |= {f"{NOT_TAKEN}{place}": place for place in sorted(others)}
    return places


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
