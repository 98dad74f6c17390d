"""Statements are compiled once per process: the engines of all tests' databases share what they compiled."""

from typing import Any

from sqlalchemy import Engine, create_engine, event

from data_access import engine as engines

MANY_STATEMENTS = 5_000
_first: dict[str, Engine] = {}


def share() -> None:
    """Let engines that data_access makes from now on know what the first connected one of its kind knows.

    That is the dialect, by which compiled statements are told apart, and the statements. Its connections are
    its own.
    """
    engines.create_engine = _create


def _create(*given: Any, **options: Any) -> Engine:
    engine = create_engine(*given, query_cache_size=MANY_STATEMENTS, **options)
    kind = engine.dialect.name
    if kind in _first:
        engine.dialect, engine._compiled_cache = _first[kind].dialect, _first[kind]._compiled_cache
    else:  # before the first connection a dialect does not know the version of its server

        @event.listens_for(engine, "connect")
        def _connect(_dbapi: Any, _record: Any) -> None:
            _first.setdefault(kind, engine)

    return engine
