"""What the server of a database refuses is said in a sentence; what our own SQL does wrong is not hidden."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from data_access.server_refusals import understood
from domain.errors import WrongDatabase


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        ('connection failed: FATAL:  database "nodb" does not exist', "no_database"),
        ('connection to server at "database": FATAL:  role "x" does not exist', "no_answer"),
        ("connection refused", "no_answer"),
    ],
)
def test_a_refused_connection_says_what_there_is_not(refusal, code):
    with pytest.raises(WrongDatabase, match=code), understood():
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError(refusal))


def test_a_role_without_rights_is_told_from_other_mistakes():
    with pytest.raises(WrongDatabase, match="no_rights"), understood():
        raise ProgrammingError("SELECT 1", {}, psycopg.errors.InsufficientPrivilege("denied"))
    with pytest.raises(ProgrammingError), understood():
        raise ProgrammingError("SELECT 1", {}, psycopg.errors.UndefinedColumn("no column"))


def test_a_file_that_cannot_be_opened_is_no_mistake_of_the_program_but_a_missing_column_is():
    with pytest.raises(WrongDatabase, match="no_answer"), understood():
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("unable to open database file"))
    with pytest.raises(OperationalError), understood():
        raise OperationalError("SELECT x", {}, sqlite3.OperationalError("no such column: x"))
