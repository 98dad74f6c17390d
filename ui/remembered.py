"""Small answers that every run asks for several times, kept for seconds: who looks, which units, how fresh.

st.cache_resource would do the same, but it hashes its arguments anew at each call, some thirty times a run.
"""

import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any


def for_seconds(seconds: float, most: int = 500) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the answer to the same hashable arguments is kept that long; .clear() forgets all.

    The answers are shared between sessions, so they must not be changed. When there are more than `most`,
    all are dropped: simpler than choosing, and they come back in milliseconds.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        kept: dict[tuple, tuple[float, Any]] = {}
        lock = Lock()

        @wraps(function)
        def remembering(*arguments: Any) -> Any:
            found = kept.get(arguments)
            if found is not None and found[0] > time.monotonic():
                return found[1]
            answer = function(*arguments)
            with lock:
                if len(kept) >= most:
                    kept.clear()
                kept[arguments] = (time.monotonic() + seconds, answer)
            return answer

        remembering.clear = kept.clear
        return remembering

    return decorate
