"""Published rule versions; the table is the truth, domain/rules only its first version."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from data_access.engine import reading
from data_access.tables.rules import rule_versions
from domain import rule_sets
from domain.rule_sets import RuleVersion


def seed(connection: Connection) -> None:
    """Write version 1 of every rule set that the table does not know yet."""
    known = set(connection.execute(select(rule_versions.c.rule_set).distinct()).scalars())
    for name in rule_sets.names():
        if name in known:
            continue
        first = rule_sets.first_version(name)
        connection.execute(
            insert(rule_versions).values(
                rule_set=name,
                version=1,
                valid_from=first.valid_from,
                state="published",
                body=json.loads(json.dumps(first.body)),
                by_name="system",
                at=datetime.now(UTC).replace(tzinfo=None),
                reason="first version",
            )
        )


def versions(connection: Connection, rule_set: str) -> list[RuleVersion]:
    """Published versions of a rule set, oldest first."""
    statement = (
        select(rule_versions)
        .where(rule_versions.c.rule_set == rule_set, rule_versions.c.state == "published")
        .order_by(rule_versions.c.valid_from, rule_versions.c.version)
    )
    return [
        RuleVersion(row.rule_set, row.version, row.valid_from, row.body)
        for row in connection.execute(statement)
    ]


def current(connection: Connection, rule_set: str) -> dict[str, Any]:
    """Body of the newest published version, for what has no date of its own."""
    return dict(versions(connection, rule_set)[-1].body)


def during(engine: Engine, first_day: date, last_day: date) -> dict[str, tuple[RuleVersion, ...]]:
    """The versions of every rule set that judge events of these days, oldest first."""
    with reading(engine) as connection:
        found = {name: versions(connection, name) for name in rule_sets.names()}
    return {
        name: rule_sets.versions_between(several, first_day, last_day)
        for name, several in found.items()
        if several
    }


def in_force(engine: Engine, day: date) -> dict[str, RuleVersion]:
    """The version of every rule set that judges events of the day; the same for every viewer."""
    with reading(engine) as connection:
        found = {name: versions(connection, name) for name in rule_sets.names()}
    return {name: rule_sets.version_on(several, day) for name, several in found.items() if several}
