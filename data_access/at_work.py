"""How a refresh goes about its work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
