"""The command that makes a role the application's, and what check says of the role that it runs as."""

import pytest
from sqlalchemy import select

from data_access import database, integrity
from data_access.commands import app_role
from data_access.engine import engine_for
from data_access.tables.org import org_units
from data_access.transactions import reading_all
from domain.errors import InvalidInput, WrongDatabase
from tests import postgres


class Args:
    role = postgres.APP


def test_the_owner_gives_a_role_what_the_application_needs(empty_postgres_url, capsys):
    owner = engine_for(empty_postgres_url)

    database.migrate(owner)

    assert app_role.run(Args(), owner) == 0
    assert postgres.APP in capsys.readouterr().out
    app = engine_for(postgres.as_role(empty_postgres_url, postgres.APP))
    with reading_all(app) as connection:
        assert connection.execute(select(org_units)).all() == []
    app.dispose()


def test_a_sqlite_file_has_no_roles(sqlite_engine):
    with pytest.raises(WrongDatabase) as caught:
        app_role.run(Args(), sqlite_engine)

    assert caught.value.code == "no_roles"


def test_a_role_that_is_not_there_is_refused(postgres_engine):
    args = Args()
    args.role = "nobody"
    with pytest.raises(InvalidInput):
        app_role.run(args, postgres.owner_of(postgres_engine))


def test_check_says_whether_the_second_lock_holds(postgres_engine):
    superuser = engine_for(
        postgres.as_role(postgres_engine.url.render_as_string(hide_password=False), "postgres")
    )

    found = [dict(map(reversed, integrity.findings(one))) for one in (postgres_engine, superuser)]

    assert found[0]["row-level security: holds"]
    assert not found[1]["row-level security: does not hold for a superuser, see app-role"]
    superuser.dispose()


def test_check_says_that_sqlite_has_no_second_lock(sqlite_engine):
    said = [text for _is_sound, text in integrity.findings(sqlite_engine) if "row-level" in text]

    assert said == ["row-level security: PostgreSQL's alone; here the program itself keeps units apart"]
