"""What the server of the database refuses, as an error that says what to do; anything else stays our bug."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

from domain.errors import WrongDatabase

NO_RIGHTS = "42501"  # SQLSTATE; SQLite has none
NO_DATABASE = re.compile(r'database "[^"]*" does not exist')  # a refused connection has no SQLSTATE
OF_A_FILE = ("unable to open", "locked", "disk", "readonly")  # SQLite calls a missing column operational too


@contextmanager
def understood() -> Iterator[None]:
    """Raises WrongDatabase("no_rights" | "no_database" | "no_answer", reason) where the server refuses."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        if getattr(error.orig, "sqlstate", None) == NO_RIGHTS:
            raise WrongDatabase("no_rights", reason=reason) from error
        is_ours = isinstance(error.orig, sqlite3.Error) and not any(one in reason for one in OF_A_FILE)
        if is_ours or not isinstance(error, OperationalError):
            raise
        code = "no_database" if NO_DATABASE.search(reason) else "no_answer"
        raise WrongDatabase(code, reason=reason) from error
