"""What the server of the database refuses, as an error that says what to do; anything else stays our bug."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

from domain.errors import WrongDatabase

NO_RIGHTS = "42501"  # SQLSTATE; SQLite has none
NO_DATABASE = ("database", "does not exist")  # psycopg gives no SQLSTATE of a connection that was refused


@contextmanager
def understood() -> Iterator[None]:
    """Raises WrongDatabase("no_rights" | "no_database" | "no_answer", reason) where the server refuses."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        if getattr(error.orig, "sqlstate", None) == NO_RIGHTS:
            raise WrongDatabase("no_rights", reason=reason) from error
        if not isinstance(error, OperationalError):
            raise
        is_absent = all(one in reason for one in NO_DATABASE)
        raise WrongDatabase("no_database" if is_absent else "no_answer", reason=reason) from error
