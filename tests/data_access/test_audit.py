"""Every act leaves a row, however long the name of what it was done to."""

from sqlalchemy import select

from data_access.engine import reading
from data_access.tables.rules import audit_log
from tests.data_access.importing import UNITS, take


def test_a_file_with_the_longest_name_that_a_disk_takes_is_imported(engine, tmp_path):
    """PostgreSQL refuses what is longer than the column."""
    name = "n" * 251 + ".csv"

    assert take(engine, tmp_path, "units", UNITS, name=name).new == 6

    with reading(engine) as connection:
        subject = connection.scalar(select(audit_log.c.subject))
    assert len(subject) == audit_log.c.subject.type.length
    assert subject.startswith("units nnn")
    assert subject.endswith("…")
