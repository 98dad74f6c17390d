"""PostgreSQL as a company has it: one role owns the tables, the other works on them, held to its rows."""

import time

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL, make_url

from data_access import database, row_security
from data_access.engine import engine_for, is_sqlite
from data_access.transactions import reading_all, writing_all

OWNER, APP = "dashboard_owner", "dashboard_app"
GIVE_UP_S = 60
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def execute(url: str, *statements: str) -> None:
    """Statements outside a transaction."""
    with psycopg.connect(_for_psycopg(make_url(url)), autocommit=True) as connection:
        for one in statements:
            connection.execute(one)


def as_superuser(engine: Engine) -> str:
    """Address of the engine's database for psycopg, as the role that nothing holds."""
    return _for_psycopg(engine.url.set(username="postgres"))


def _for_psycopg(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def care_for_nothing_but_speed(server: str) -> None:
    """Let a server of tests, whose files nobody needs after a crash, not wait for its disk."""
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    execute(server, *(f"ALTER SYSTEM SET {one} = off" for one in settings), "SELECT pg_reload_conf()")


def make_roles(server: str) -> None:
    """The two roles, for a server's superuser to make."""
    for role in (OWNER, APP):
        execute(server, f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")


def make_tables(server: str, name: str) -> str:
    """Address, for the application, of a new database whose tables the owner has made."""
    execute(server, f"CREATE DATABASE {name} OWNER {OWNER}")
    url = database_of(server, name)
    owner = engine_for(as_role(url, OWNER))
    database.migrate(owner)
    with writing_all(owner) as connection:
        row_security.give(connection, APP)
    owner.dispose()
    return as_role(url, APP)


def copy_of(template: str, name: str) -> str:
    """The statement for a new database that is what the template is."""
    return f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY file_copy"


def database_of(server: str, name: str) -> str:
    """Address of a database on the server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def as_role(url: str, role: str) -> str:
    """The address for another role of the server."""
    return make_url(url).set(username=role).render_as_string(hide_password=False)


def owner_of(engine: Engine) -> Engine:
    """The engine of whoever owns the tables and may change them."""
    if is_sqlite(engine):
        return engine
    return engine_for(as_role(engine.url.render_as_string(hide_password=False), OWNER))


def wait_until_somebody_waits(engine: Engine) -> None:
    """Comes back once a transaction of the server waits for another one. Raises TimeoutError."""
    with reading_all(engine) as connection:
        for _ in range(GIVE_UP_S * 20):
            if connection.scalar(WAITING) > 0:
                return
            time.sleep(0.05)
    raise TimeoutError
