"""How a refresh goes about its work, so that it does not wait for what it need not wait for."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from data_access.engine import is_sqlite


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection in the block: it would go through millions of rows, none of them in a circle.

    For blocks of seconds, so that what pandas leaves in circles does not pile up.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def working_beside(engine: Engine, threads: int = 1) -> Iterator[Executor]:
    """Does things beside what the caller goes on with, where doing them is mostly waiting for a server.

    SQLite works in this process and would only fight over its interpreter: there each thing is done at once.
    """
    with _AtOnce() if is_sqlite(engine) else ThreadPoolExecutor(threads) as executor:
        yield executor


class _AtOnce(Executor):
    def submit(self, act: Callable[..., Any], /, *arguments: Any, **more: Any) -> Future:
        done: Future = Future()
        done.set_result(act(*arguments, **more))
        return done
