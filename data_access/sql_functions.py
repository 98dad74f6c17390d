"""SQL functions that SQLite and PostgreSQL spell differently."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def seconds_from(earlier: ColumnElement, later: ColumnElement) -> ColumnElement[int]:
    """Whole seconds from one time to another, negative if the other is earlier; null if one is."""
    return _seconds_between(later, earlier)


class _seconds_between(FunctionElement):  # noqa: N801  written as a function in SQL
    type = BigInteger()
    inherit_cache = True


@compiles(_seconds_between, "sqlite")
def _sqlite_seconds(element: _seconds_between, compiler: Any, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(ROUND((julianday({later}) - julianday({earlier})) * 86400) AS INTEGER)"


@compiles(_seconds_between, "postgresql")
def _postgres_seconds(element: _seconds_between, compiler: Any, **options: Any) -> str:
    span = "({}) - ({})".format(*(compiler.process(one, **options) for one in element.clauses))
    return f"CAST(EXTRACT(EPOCH FROM {span}) AS BIGINT)"


def place_of(sought: str, text: ColumnElement[str]) -> ColumnElement[int]:
    """Where `sought` begins in the text, from 1; 0 if nowhere."""
    return _place_of(text, literal(sought))


class _place_of(FunctionElement):  # noqa: N801  written as a function in SQL
    type = Integer()
    inherit_cache = True


@compiles(_place_of, "sqlite")
def _sqlite_place(element: _place_of, compiler: Any, **options: Any) -> str:
    return "instr({}, {})".format(*(compiler.process(one, **options) for one in element.clauses))


@compiles(_place_of, "postgresql")
def _postgres_place(element: _place_of, compiler: Any, **options: Any) -> str:
    return "strpos({}, {})".format(*(compiler.process(one, **options) for one in element.clauses))
