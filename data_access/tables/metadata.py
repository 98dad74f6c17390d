"""What all tables share: the naming of constraints, the type for times, and how a table is kept on Citus.

info["citus"] is "distributed" (by bureau_id, the key space of the source) or "reference" (small, copied
to every machine). Every primary key and unique constraint of a distributed table contains bureau_id, keys
from fact to fact contain it, keys from fact to reference do not, reference to fact do not exist;
tests/checks/test_tables.py holds every table to this.

A column's info["personal"] says what it holds of a person (domain/personal.py: name, phone, address, email);
info["personal_where"] that it does so only in rows in which another column has that value. Such a column
leaves SQL through masking.py only.
"""

from sqlalchemy import DateTime, MetaData
from sqlalchemy.dialects import sqlite

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Naive UTC with whole seconds, on both databases; shown in the company's time zone by ui/format.py.
UtcTime = DateTime().with_variant(sqlite.DATETIME(truncate_microseconds=True), "sqlite")

DISTRIBUTED = {"citus": "distributed"}
REFERENCE = {"citus": "reference"}
