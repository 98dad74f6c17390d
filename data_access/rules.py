"""Published rule versions; the table is the truth, domain/rules only its first version."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from data_access import audit, stale
from data_access.scope import is_whole_company
from data_access.settings import company_timezone
from data_access.tables.rules import rule_versions
from data_access.transactions import reading, writing
from domain import risk_condition, rule_sets
from domain.errors import InvalidInput, NotAllowed
from domain.facts import LOOKING_BACK
from domain.periods import local_today, utc_now
from domain.rule_sets import RuleVersion
from domain.viewer import Viewer


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
                at=utc_now(),
                reason="first version",
            )
        )


def versions(connection: Connection, rule_set: str) -> list[RuleVersion]:
    """Published versions of a rule set, oldest first.

    A key that the program knows and the version does not, because it came later, has the value that ships.
    """
    statement = (
        select(rule_versions)
        .where(rule_versions.c.rule_set == rule_set, rule_versions.c.state == "published")
        .order_by(rule_versions.c.valid_from, rule_versions.c.version)
    )
    shipped = rule_sets.first_version(rule_set).body
    return [
        RuleVersion(row.rule_set, row.version, row.valid_from, rule_sets.completed(row.body, shipped))
        for row in connection.execute(statement)
    ]


def looking_back(connection: Connection) -> dict[str, list[RuleVersion]]:
    """Published versions of the rule sets that say how far windows look back, by name."""
    return {name: versions(connection, name) for name in LOOKING_BACK}


def current(connection: Connection, rule_set: str) -> dict[str, Any]:
    """Body of the version that is in force today, for what has no date of its own."""
    today = local_today(company_timezone())
    return dict(rule_sets.version_on(versions(connection, rule_set), today).body)


def published(engine: Engine) -> list[Row]:
    """Every published version with by_name, at and reason, by rule set, oldest first."""
    c = rule_versions.c
    statement = (
        select(c.rule_set, c.version, c.valid_from, c.by_name, c.at, c.reason)
        .where(c.state == "published")
        .order_by(c.rule_set, c.valid_from, c.version)
    )
    with reading(engine) as connection:
        return list(connection.execute(statement))


def publish(
    engine: Engine, viewer: Viewer, rule_set: str, body: Mapping[str, Any], valid_from: date, reason: str
) -> RuleVersion:
    """The next version of a rule set, which judges events from the first of a month on.

    An act with a reason and an audit row; figures follow at the next refresh. Rules are the whole company's.
    Raises NotAllowed, InvalidInput("unknown_rule_set" | "reason_missing" | "rule_month" | "rules_unchanged"
    and those of rule_sets.check_shape() and risk_condition.check_ages()).
    """
    allowed = viewer.scope_for("edit_rules")
    if rule_set not in rule_sets.names():
        raise InvalidInput("unknown_rule_set", name=rule_set, known=", ".join(rule_sets.names()))
    if not reason.strip():
        raise InvalidInput("reason_missing")
    if valid_from.day != 1:
        raise InvalidInput("rule_month", value=valid_from)
    rule_sets.check_shape(body, rule_sets.first_version(rule_set).body)
    if rule_set == "risk":
        risk_condition.check_ages(body)
    with writing(engine) as connection:
        if not is_whole_company(connection, allowed):
            raise NotAllowed("edit_rules")
        known = versions(connection, rule_set)
        before = rule_sets.version_on(known, valid_from)
        changed = rule_sets.changes(before.body, body)
        if not changed:
            raise InvalidInput("rules_unchanged", name=rule_set, version=before.version)
        number = max(one.version for one in known) + 1
        row = {"rule_set": rule_set, "version": number, "valid_from": valid_from, "state": "published"}
        row |= {"body": dict(body), "by_name": viewer.name, "reason": reason.strip()}
        row["at"] = utc_now()
        connection.execute(insert(rule_versions).values(row))
        old = {"version": before.version} | {key: pair[0] for key, pair in changed.items()}
        new = {"version": number, "valid_from": valid_from.isoformat()}
        new |= {key: pair[1] for key, pair in changed.items()}
        audit.record(connection, viewer, "rules.publish", rule_set, old, new, reason.strip())
        if rule_set not in rule_sets.OF_NO_FIGURE:
            stale.mark_everything(connection)
    return RuleVersion(rule_set, number, valid_from, body)


def last_day_of(engine: Engine, version: RuleVersion) -> date | None:
    """The last day that the version judges, as a later one begins then; None where none does."""
    with reading(engine) as connection:
        later = [one.valid_from for one in versions(connection, version.rule_set)]
    return min((day - timedelta(days=1) for day in later if day > version.valid_from), default=None)


def during(engine: Engine, first_day: date, last_day: date) -> dict[str, tuple[RuleVersion, ...]]:
    """The versions of every rule set that judge events of these days, oldest first."""
    with reading(engine) as connection:
        found = {name: versions(connection, name) for name in rule_sets.names()}
    return {
        name: rule_sets.versions_between(several, first_day, last_day)
        for name, several in found.items()
        if several
    }


def newest(engine: Engine, rule_set: str) -> RuleVersion:
    """The published version that begins last, also where that is still to come: what a draft begins with."""
    with reading(engine) as connection:
        return versions(connection, rule_set)[-1]


def in_force(engine: Engine, day: date) -> dict[str, RuleVersion]:
    """The version of every rule set that judges events of the day; the same for every viewer."""
    with reading(engine) as connection:
        found = {name: versions(connection, name) for name in rule_sets.names()}
    return {name: rule_sets.version_on(several, day) for name, several in found.items() if several}
