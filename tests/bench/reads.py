"""How long each screen's reads take: the pages run as they are, without the cache, for many units.

A read is one call of a data_access function by a page: all its SQL and what it computes from the rows. The
KPI query inside it, one call of a function of kpi_facts, is measured apart.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access import kpi_facts
from tests.checks.files import PROJECT
from ui import cache

PAGES = {
    "overview": "pages/kpi/overview.py",
    "detail": "pages/kpi/detail.py",
    "reliability": "pages/kpi/reliability.py",
    "risk_lines": "pages/work/risk_lines.py",
    "rectifications": "pages/work/rectifications.py",
    "today": "pages/work/today.py",
    "what_works": "pages/work/what_works.py",
}
KPI_QUERIES = ("monthly", "children_monthly", "daily")
RUN_WITHIN_S = 120


def _watched(function: Callable[..., Any], times: list[tuple[str, float]]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        result = function(*arguments, **named)
        times.append((f"KPI query {function.__name__}", (time.perf_counter() - started) * 1e3))
        return result

    return call


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
    queries_of = {name: getattr(kpi_facts, name) for name in KPI_QUERIES}
    for name, path in PAGES.items():
        times: list[tuple[str, float]] = []
        cache.cached = _timed(times)
        for one, function in queries_of.items():
            setattr(kpi_facts, one, _watched(function, times))
        try:
            for turn, query in enumerate([queries[0], *queries]):
                if turn == 1:  # the first run imported modules; it is dropped
                    times.clear()
                test = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=RUN_WITHIN_S)
                for key, value in query.items():
                    test.query_params[key] = value
                before = len(times)
                test.run()
                if name != "overview":
                    del times[before:]  # the start page's
                    test.switch_page(path).run()
                if test.exception:
                    raise RuntimeError(f"{name} {query}: {test.exception[0].value}")
        finally:
            cache.cached = kept
            for one, function in queries_of.items():
                setattr(kpi_facts, one, function)
        result[name] = list(times)
    return result


def percentiles(values: Sequence[float]) -> str:
    """'p50 / p95' in milliseconds."""
    return " / ".join(f"{one:.1f}" for one in np.percentile(values, [50, 95])) if len(values) else "—"
