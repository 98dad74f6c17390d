"""A new version of the rules is published by an act, and judges events from its month on."""

from copy import deepcopy
from datetime import date, datetime

import pytest
from sqlalchemy import delete, select, update

from data_access import kpi_refresh, rules, stale
from data_access.__main__ import main
from data_access.tables.audit import audit_log
from data_access.tables.kpi import kpi_facts, stale_marks
from data_access.tables.org import org_units
from data_access.tables.rules import rule_versions
from data_access.transactions import reading_all, writing_all
from domain import rule_sets
from domain.errors import InvalidInput, NotAllowed
from domain.kpis import catalogue
from domain.viewer import Scope, Viewer
from tests.built_once import built_once
from tests.data_access.importing import OUTAGES, administrator, company, rows, take

FEBRUARY = date(2024, 2, 1)
HEADER = OUTAGES.splitlines()[0]
SHORT = f"{HEADER}\n" + "".join(
    f"s{month},o{month},S1,A1,故障,tree,10,2024-0{month}-10 08:00,2024-0{month}-10 08:04\n"
    for month in (1, 2, 3)
)
TOML = '[momentary]\noperator = "<="\nminutes = 5\n[warnings]\nlonger_than_days = 30\n'


@pytest.fixture
def stocked(engine, tmp_path):
    """A fault of 4 minutes in each of three months; up to 3 minutes do not count."""
    _stock(engine, tmp_path)
    return engine


@built_once
def _stock(engine, folder):
    company(engine, folder)
    take(engine, folder, "outages", SHORT, covers="2024-01-01..2024-03-31")
    kpi_refresh.refresh(engine)


def outage_rules(**momentary):
    body = rule_sets.first_version("outages").body
    return dict(body) | {"momentary": dict(body["momentary"]) | momentary}


def facts(engine):
    names = ("org_unit_id", "measure", "dimension", "grain", "period_start", "member", "value")
    return set(rows(engine, kpi_facts, *names))


def test_a_new_threshold_changes_only_figures_from_its_month_on(stocked):
    before = facts(stocked)

    done = rules.publish(stocked, administrator(stocked), "outages", outage_rules(minutes=5), FEBRUARY, "why")
    kpi_refresh.refresh(stocked)

    changed = facts(stocked) ^ before
    assert (done.version, done.valid_from) == (2, FEBRUARY)
    assert {"ci_lv"} <= {one[1] for one in changed}
    assert min(one[4] for one in changed) == date(2024, 2, 1)
    months = {one[4] for one in facts(stocked) if one[1] == "ci_lv" and one[3] == "month"}
    assert months == {date(2024, 1, 1)}


def with_one_number_changed(body):
    """The body, its first number one higher."""
    for key, value in body.items():
        changed = with_one_number_changed(value) if isinstance(value, dict) else value
        if type(value) in (int, float):
            changed = value + 1
        if changed != value:
            return {**body, key: changed}
    return body


def test_a_version_of_rules_that_a_figure_is_judged_by_has_all_of_them_judged_anew(engine):
    """The decoy is how long uploads are kept: of that nothing is told."""
    viewer = administrator(engine)
    named = sorted({name for kpi in catalogue().kpis.values() for name in kpi.rules})
    waits = {}
    for name in (*named, "retention"):
        with writing_all(engine) as connection:
            connection.execute(delete(stale_marks))
        body = with_one_number_changed(rule_sets.first_version(name).body)
        rules.publish(engine, viewer, name, body, FEBRUARY, "why")
        with reading_all(engine) as connection:
            waits[name] = stale.is_waiting(connection)

    assert waits == {**dict.fromkeys(named, True), "retention": False}
    assert {"proof", "rectification", "risk"} <= set(named)


def test_publishing_leaves_an_audit_row_with_what_changed(stocked):
    rules.publish(stocked, administrator(stocked), "outages", outage_rules(minutes=5), FEBRUARY, " why ")

    row = rows(stocked, audit_log, "action", "subject", "before", "after", "reason")[-1]
    assert row == (
        "rules.publish",
        "outages",
        {"version": 1, "momentary.minutes": 3},
        {"version": 2, "valid_from": "2024-02-01", "momentary.minutes": 5},
        "why",
    )
    with reading_all(stocked) as connection:
        assert stale.is_waiting(connection)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (outage_rules(minutes="5"), "rule_field"),
        (outage_rules(minutes=4.5), "rule_field"),
        (outage_rules(minutes=True), "rule_field"),
        (outage_rules(operator="=="), "rule_field"),
        (outage_rules(seconds=5), "rule_line_unknown"),
        ({"momentary": {"operator": "<=", "minutes": 5}}, "rule_line_missing"),
        (outage_rules(), "rules_unchanged"),
    ],
)
def test_rules_of_another_shape_are_refused(engine, body, code):
    with pytest.raises(InvalidInput, match=code):
        rules.publish(engine, administrator(engine), "outages", body, FEBRUARY, "why")
    with reading_all(engine) as connection:
        assert len(rules.versions(connection, "outages")) == 1


def test_ages_are_compared_upwards_only(engine):
    body = deepcopy(dict(rule_sets.first_version("risk").body))
    body["RL9"]["last_test"]["operator"] = "<"
    with pytest.raises(InvalidInput, match="rule_field"):
        rules.publish(engine, administrator(engine), "risk", body, FEBRUARY, "why")


def test_rules_begin_on_the_first_of_a_month_and_need_a_reason(engine):
    viewer, body = administrator(engine), outage_rules(minutes=5)

    with pytest.raises(InvalidInput, match="rule_month"):
        rules.publish(engine, viewer, "outages", body, date(2024, 2, 2), "why")
    with pytest.raises(InvalidInput, match="reason_missing"):
        rules.publish(engine, viewer, "outages", body, FEBRUARY, " ")
    with pytest.raises(InvalidInput, match="unknown_rule_set"):
        rules.publish(engine, viewer, "weather", body, FEBRUARY, "why")


def test_rules_are_published_for_the_whole_company_by_its_administrator(stocked):
    with reading_all(stocked) as connection:
        ids = dict(tuple(row) for row in connection.execute(select(org_units.c.code, org_units.c.id)))
    for role, unit in (("steward", "P"), ("manager", "P"), ("administrator", "C1")):
        viewer = Viewer(1, "x", frozenset({role}), Scope((ids[unit],)))
        with pytest.raises(NotAllowed):
            rules.publish(stocked, viewer, "outages", outage_rules(minutes=5), FEBRUARY, "why")


def test_what_has_no_date_follows_the_version_in_force_today(engine):
    """Not one that is published for a later month."""
    rules.publish(engine, administrator(engine), "outages", outage_rules(minutes=5), date(2999, 1, 1), "why")

    with reading_all(engine) as connection:
        assert rules.current(connection, "outages")["momentary"]["minutes"] == 3


def test_a_version_published_before_a_key_existed_is_read_with_what_ships(engine):
    """A newer program asks for keys that an older one did not store; the table stays as it was published."""
    shipped = rule_sets.first_version("promises").body
    older = {"kept": {"minutes": 10}, "accurate": {}}
    with writing_all(engine) as connection:
        connection.execute(
            update(rule_versions).where(rule_versions.c.rule_set == "promises").values(body=older)
        )

    with reading_all(engine) as connection:
        (one,) = rules.versions(connection, "promises")
        stored = connection.scalar(select(rule_versions.c.body).where(rule_versions.c.rule_set == "promises"))

    assert one.body == {**shipped, "kept": {"minutes": 10}}
    assert stored == older
    assert rule_sets.first_version("promises").body["kept"] == {"minutes": 30}


def test_a_key_that_an_older_version_lacks_is_no_change_of_the_next(engine):
    older = {"kept": {"minutes": 30}, "accurate": {"minutes": 30}}
    with writing_all(engine) as connection:
        connection.execute(
            update(rule_versions).where(rule_versions.c.rule_set == "promises").values(body=older)
        )
    body = {**rule_sets.first_version("promises").body, "kept": {"minutes": 5}}

    rules.publish(engine, administrator(engine), "promises", body, FEBRUARY, "why")

    assert rows(engine, audit_log, "before")[-1] == ({"version": 1, "kept.minutes": 30},)


def test_the_command_lists_versions_and_publishes_one_from_a_file(engine, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    file = tmp_path / "outages.toml"
    file.write_text(TOML)

    assert main(["rules", "publish", "outages", str(file), "--from", "2024-02", "--reason", "new sheet"]) == 0
    with writing_all(engine) as connection:
        connection.execute(update(rule_versions).values(at=datetime(2026, 10, 31, 22)))
    assert main(["rules"]) == 0

    listed = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("outages")]
    assert [line[2] for line in listed] == ["1", "2"]
    assert "2024-02" in listed[1]
    assert {"in", "force", "2026-11-01"} <= set(listed[1])  # 22:00 UTC is the next morning in Shanghai
    assert (
        main(["rules", "publish", "outages", str(tmp_path / "no"), "--from", "2024-02", "--reason", "x"]) == 1
    )
    file.write_text("[momentary")
    assert main(["rules", "publish", "outages", str(file), "--from", "2024-02", "--reason", "x"]) == 1
    assert "The file of rules cannot be read" in capsys.readouterr().err


def test_every_key_of_the_rules_is_shown_or_read():
    """A threshold that nothing reads would be believed."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("domain", "data_access", "ui")
        for path in (rule_sets.FOLDER.parents[1] / folder).rglob("*.py")
    )
    unread = [
        f"{name}: {key}"
        for name in rule_sets.names()
        for key in _keys(rule_sets.first_version(name).body)
        if name != "causes" and f'"{key}"' not in code
    ]
    assert unread == []


def _keys(body):
    for key, value in body.items():
        yield from _keys(value) if isinstance(value, dict) else [key]
