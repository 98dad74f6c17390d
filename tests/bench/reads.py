"""How long each screen's reads take: the pages run as they are, without the cache, for many units.

A read is one call of a data_access function by a page: its SQL and what pandas does with the rows.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from tests.checks.files import PROJECT
from ui import cache

PAGES = {
    "overview": "pages/kpi/overview.py",
    "detail": "pages/kpi/detail.py",
    "reliability": "pages/kpi/reliability.py",
}
RUN_WITHIN_S = 120


def _timed(times: list[tuple[str, float]]) -> Callable[..., Any]:
    def cached(function: Callable[..., Any]) -> Callable[..., Any]:
        def read(engine: Engine, *arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            result = function(engine, *arguments, **named)
            took = (time.perf_counter() - started) * 1e3
            times.append((f"{function.__module__.removeprefix('data_access.')}.{function.__name__}", took))
            return result

        return read

    return cached


def measure(queries: list[dict[str, str]]) -> dict[str, list[tuple[str, float]]]:
    """(function, milliseconds) of every read of each page, for each of the URLs' queries.

    Raises RuntimeError where a page shows an exception: its figures would mean nothing.
    """
    result = {}
    kept = cache.cached
    for name, path in PAGES.items():
        times: list[tuple[str, float]] = []
        cache.cached = _timed(times)
        try:
            for query in [queries[0], *queries]:  # the first run imports; it is dropped
                times.clear() if query is queries[0] else None
                test = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=RUN_WITHIN_S)
                for key, value in query.items():
                    test.query_params[key] = value
                test.run()
                if name != "overview":
                    test.switch_page(path).run()
                if test.exception:
                    raise RuntimeError(f"{name} {query}: {test.exception[0].value}")
        finally:
            cache.cached = kept
        result[name] = list(times)
    return result


def percentiles(values: list[float]) -> str:
    """'p50 / p95' in milliseconds."""
    return " / ".join(f"{one:.1f}" for one in np.percentile(values, [50, 95])) if values else "—"
