"""Every read and every act of data_access, asked by somebody of another city: nothing comes back or changes.

Each is asked by the city itself too, which gets something: else the question would prove nothing. A new
function with a scope or a viewer must come into DOORS here, or with its reason into OTHERS.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from data_access import (
    audit_history,
    audit_reading,
    baselines,
    customer_equipment,
    damage_sites,
    detail,
    entry,
    entry_saving,
    equipment_log,
    frequent_outages,
    import_history,
    import_jobs,
    import_preview,
    kpi_facts,
    kpi_values,
    major_event_list,
    major_events,
    object_months,
    ongoing_outages,
    org_units,
    overview,
    passed_faults,
    people_admin,
    people_history,
    people_import,
    people_seen,
    records,
    reliability,
    risk_lines,
    risk_object,
    risk_what_if,
    risk_with_items,
    saved_views,
    targets,
    targets_grid,
    targets_setting,
    unmasking,
    worst,
)
from data_access.kpi_facts import DataState
from data_access.people_seen import Wanted
from data_access.risk_lines import Filters
from data_access.tables.audit import audit_log
from data_access.tables.imports import import_batches, import_warnings
from data_access.tables.org import people
from domain import rule_sets
from domain.errors import FileRejected, InvalidInput, NotFound
from domain.import_kinds import kinds
from domain.mapping import suggested
from domain.people import Grant
from domain.periods import period
from domain.target_state import Target
from domain.targets import subject
from tests.checks.doors import LOCKS, functions
from tests.checks.test_scope import MODULES, PARTS
from tests.data_access import other_city, rectification_doors
from tests.data_access.importing import dump, write
from tests.data_access.other_city import DECEMBER, FIRST, LAST, MONTHS, REFUSED, RUNNING, VIEW, Asked

MONTH, BEFORE = period("month", DECEMBER), period("month", MONTHS[-2])
MV_ONLY = period("month", date(2022, 12, 1))
STATE = DataState(LAST, None, DECEMBER, FIRST, False, False, (1, 1))
SERVED = {"unit": "S3", "level": "LV", "month": "2025-01", "customers": "7"}
OUTAGE = {"outage_key": "o241203", "line_code": "L3"}
STEP = {
    "unit": "S3",
    "kind": "fault",
    "interrupted_at": "2024-12-03 09:00",
    "restored_at": "2024-12-03 10:00",
}

RISK = rule_sets.first_version("risk").body
ALL_AT_RISK = {**RISK, "RL6": {**RISK["RL6"], "faults": {**RISK["RL6"]["faults"], "faults": 0}}}
PERSON, AHEAD = other_city.PERSON, other_city.AHEAD
PEOPLE_TABLE = "name,email,role,unit\n新,new@example.com,manager,C2\n"

# Functions that have a scope or a viewer and no answer of their own to keep back.
OTHERS = {
    "audit.note": "writes down who did what; its callers checked",
    "administrators.appoint": "only for the whole company; test_people_admin.py",
    "audit.record": "writes down who did what; its callers checked",
    "changing.record": "writes down what a noun's verb did",
    "changing.record_many": "writes down what a noun's verb did",
    "audit.note_if_possible": "writes down who did what; its callers checked",
    "audit.row_of": "writes down who did what; its callers checked",
    "audit_rows.of_scope": "the condition itself; audit_reading asks it",
    "entry.record_in": "part of saving a record; it takes the scope as entry.record does",
    "entry.steps_in": "part of saving a record; it takes the scope as entry.steps does",
    "import_jobs.start": "names no unit: the process asks again, as the person who started it",
    "import_mappings.load": "mappings hold no rows and are shared",
    "import_mappings.names": "mappings hold no rows and are shared",
    "import_mappings.save": "mappings hold no rows and are shared",
    "import_preview.preview": "looks into the person's own file only",
    "import_rights.batches": "the condition itself; import_history asks it",
    "import_rights.jobs": "the condition itself; import_jobs asks it",
    "import_rights.scopes": "the condition itself; import_history asks it",
    "import_rights.warnings": "the condition itself; import_history asks it",
    "major_events.store": "part of refresh and of reset, which checks",
    "rectification_acts.held": "part of the reads and acts on items, which it keeps to the scope",
    "rectification_acts.opened": "part of the acts on items; each of them is asked",
    "rectification_making.create_in": "part of create, and of a table of items",
    "rectification_making.make": "part of create and of a relapse; they checked",
    "rectification_making.unit_of": "part of create, and of a table of items",
    "risk_lines.chosen": "the conditions themselves; risk_lines and risk_with_items ask them",
    "rectification_people.by_name": "part of a table of items",
    "rectification_people.name_of": "part of the acts on items, which check",
    "rectifications.shown_of": "part of lists, which are asked",
    "rectifications.watched": "part of lists and boards, which are asked",
    "passed_fault_queries.asked_for": "what passed_faults asks, which checks",
    "seen_lines.seen_line": "the condition itself; customer_equipment and damage_sites ask it",
    "people_seen.by_email": "part of the import of people, which checks",
    "people_seen.found": "part of the acts on people; people_seen.one asks it",
    "people_seen.is_everything": "says how far the person's own right goes",
    "people_seen.is_seen": "the condition itself; people_seen.listed asks it",
    "people.note_sign_in": "writes down that the person was here",
    "people.note_sign_out": "writes down that the person left",
    "processes.start": "starts a command of ours for who may do something",
    "retention.purge": "the whole company's, by its administrator",
    "rules.publish": "rules are the same for every unit",
    "risk_sources.known": "part of risk_lines.lacking, which checks the unit",
    "scope.check_act": "the lock itself",
    "scope.check_unit": "the lock itself",
    "scope.inside": "the lock itself",
    "scope.is_whole_company": "the lock itself",
    "scope.outermost": "the lock itself",
    "scope.within": "the lock itself",
}


def _warning(at: Asked) -> tuple[int, int, str, str]:
    c = import_warnings.c
    with at.engine.connect() as connection:
        return tuple(connection.execute(select(c.batch_id, c.row_no, c.column, c.code)).first())


def _batch(at: Asked, kind: str) -> int:
    with at.engine.connect() as connection:
        return connection.scalar(select(import_batches.c.id).where(import_batches.c.kind == kind))


def _entry(at: Asked) -> tuple[str, int]:
    c = audit_log.c
    with at.engine.connect() as connection:
        return tuple(connection.execute(select(c.bureau_id, c.no).where(c.org_unit_id == at.city)).first())


def _covered(at: Asked) -> tuple[str, ...]:
    path = write(at.folder, other_city.FILES["outages"])
    kind = kinds()["outages"]
    mapping = suggested(kind, other_city.FILES["outages"].splitlines()[0].split(","))
    return import_preview.covered_by(*at.by, path, kind, mapping)[1]


def _target(at: Asked, version: int = 1) -> Target:
    return Target("saidi", at.city, "month", "2024-12", "base", 31.0, version=version)


def _how_far(at: Asked) -> tuple:
    found = kpi_facts.data_state(*at.of, at.city)
    return found.as_of_day, found.last_complete_month, found.first_month


def _lead(at: Asked, first: date = AHEAD) -> Grant:
    return Grant("lead", at.city, first)


def _version(at: Asked) -> int:
    with at.engine.connect() as connection:
        return connection.scalar(select(people.c.version).where(people.c.id == PERSON))


SAIDI = ("cmi_lv", "customers_served_lv")
EQUIPMENT = customer_equipment.Wanted
EVERYTHING = audit_reading.Filters(only_changes=False)

DOORS: dict[str, Callable[[Asked], Any]] = rectification_doors.DOORS | {
    "audit_history.history": lambda at: audit_history.history(
        *at.of, "targets.", subject(_target(at)), at.city
    ),
    "audit_reading.entry": lambda at: audit_reading.entry(*at.by, *_entry(at)),
    "audit_reading.page": lambda at: audit_reading.page(*at.by, EVERYTHING),
    "audit_reading.stream": lambda at: list(audit_reading.stream(*at.by, EVERYTHING)),
    "baselines.reset": lambda at: baselines.reset(*at.by, "saidi", at.city, FIRST, DECEMBER, "why"),
    "baselines.stored": lambda at: baselines.stored(*at.of, [at.city, at.station]),
    "customer_equipment.listed": lambda at: customer_equipment.listed(*at.of, EQUIPMENT(at.city), LAST),
    "customer_equipment.one": lambda at: customer_equipment.one(*at.of, "P", "E3", LAST),
    "customer_equipment.stream": lambda at: list(customer_equipment.stream(*at.of, EQUIPMENT(at.city), LAST)),
    "customer_equipment.tally": lambda at: customer_equipment.tally(*at.of, at.city, LAST),
    "damage_sites.listed": lambda at: damage_sites.listed(*at.of, at.city, LAST),
    "detail.read": lambda at: detail.read(*at.of, "saidi", at.city, MONTH, BEFORE, STATE),
    "entry.record": lambda at: entry.record(*at.of, "areas", area_code="A3"),
    "entry.steps": lambda at: entry.steps(*at.of, "o241203"),
    "entry_saving.save": lambda at: entry_saving.save(*at.by, "customers_served", SERVED),
    "entry_saving.save_step": lambda at: entry_saving.save_step(
        *at.by, OUTAGE, STEP, entry.steps(*at.of, "o241203"), None
    ),
    "equipment_log.log": lambda at: equipment_log.log(
        *at.by, {"advice": "x"}, equipment_log.stored(*at.of, "P", "E3")
    ),
    "equipment_log.stored": lambda at: equipment_log.stored(*at.of, "P", "E3"),
    "frequent_outages.changes": lambda at: frequent_outages.changes(*at.of, at.city, date(2023, 1, 31)),
    "frequent_outages.history": lambda at: frequent_outages.history(*at.of, "P", "A3", 2024),
    "frequent_outages.listed": lambda at: frequent_outages.listed(*at.of, at.city, LAST),
    "import_history.batches": lambda at: import_history.batches(*at.by, kind="outages"),
    "import_history.decide": lambda at: import_history.decide(*at.by, [_warning(at)], "accepted", "why"),
    "import_history.rows_waiting": lambda at: import_history.rows_waiting(*at.by),
    "import_history.undo": lambda at: import_history.undo(*at.by, _batch(at, "promises"), "why"),
    "import_history.warnings": lambda at: import_history.warnings(*at.by),
    "import_jobs.again_without_bad_rows": lambda at: import_jobs.again_without_bad_rows(*at.by, REFUSED),
    "import_jobs.job": lambda at: import_jobs.job(*at.by, REFUSED),
    "import_jobs.left_out": lambda at: import_jobs.left_out(*at.by, REFUSED),
    "import_jobs.recent": lambda at: import_jobs.recent(*at.by),
    "import_jobs.stop": lambda at: import_jobs.stop(*at.by, RUNNING) or "stopped",
    "import_preview.covered_by": _covered,
    "kpi_facts.benchmark": lambda at: kpi_facts.benchmark(*at.of, at.station, "saidi", MONTH),
    "kpi_facts.children_monthly": lambda at: kpi_facts.children_monthly(
        *at.of, at.city, SAIDI, FIRST, DECEMBER
    ),
    "kpi_facts.daily": lambda at: kpi_facts.daily(*at.of, at.city, SAIDI, FIRST, LAST),
    "kpi_facts.data_state": _how_far,
    "kpi_facts.monthly": lambda at: kpi_facts.monthly(*at.of, [at.city, at.station], SAIDI, FIRST, DECEMBER),
    "kpi_values.read": lambda at: kpi_values.read(*at.of, "saidi", "C2", FIRST, DECEMBER),
    "major_event_list.days": lambda at: major_event_list.days(*at.of, at.station, FIRST, LAST),
    "major_event_list.thresholds": lambda at: major_event_list.thresholds(*at.of, at.station, 2023, 2024),
    "major_events.reset": lambda at: major_events.reset(*at.by, at.city, 2024, "why"),
    "ongoing_outages.listed": lambda at: ongoing_outages.listed(*at.of, at.city),
    "org_units.by_code": lambda at: org_units.by_code(*at.of, "C2"),
    "org_units.children": lambda at: org_units.children(*at.of, at.city),
    "org_units.path": lambda at: org_units.path(*at.of, at.city),
    "org_units.visible": lambda at: set(org_units.visible(*at.of)) & {at.city, at.station},
    "overview.partly_covered": lambda at: overview.partly_covered(*at.of, at.station),
    "overview.read": lambda at: overview.read(*at.of, at.city, MONTH, BEFORE, STATE),
    "passed_faults.of_account": lambda at: passed_faults.of_account(*at.of, "P", "A5", FIRST, LAST),
    "passed_faults.ranking": lambda at: passed_faults.ranking(*at.of, at.city, FIRST, LAST),
    "passed_faults.totals": lambda at: passed_faults.totals(*at.of, at.city, FIRST, LAST),
    "people_admin.add": lambda at: people_admin.add(*at.by, "x", "", "x@example.com", _lead(at, DECEMBER)),
    "people_admin.change": lambda at: (
        people_admin.change(*at.by, PERSON, 1, "new", "", "", True) or _version(at)
    ),
    "people_admin.end": lambda at: people_admin.end(*at.by, PERSON, 1, _lead(at), None) or _version(at),
    "people_admin.give": lambda at: (
        people_admin.give(*at.by, PERSON, 1, replace(_lead(at), role="manager")) or _version(at)
    ),
    "people_admin.remove": lambda at: people_admin.remove(*at.by, PERSON, 1, _lead(at)) or _version(at),
    "people_import.planned": lambda at: [
        one.acts for one in people_import.planned(*at.by, PEOPLE_TABLE) if not one.problems
    ],
    "people_import.take_over": lambda at: people_import.take_over(*at.by, PEOPLE_TABLE),
    "people_history.history": lambda at: people_history.history(*at.by, PERSON),
    "people_seen.listed": lambda at: people_seen.listed(*at.by, Wanted()),
    "people_seen.one": lambda at: people_seen.one(*at.by, PERSON),
    "records.page": lambda at: records.page(*at.of, "saidi", at.city, MONTH),
    "records.stream": lambda at: list(records.stream(*at.of, "saidi", at.city, MONTH)),
    "records.sums": lambda at: records.sums(*at.of, "saidi", at.city, MONTH),
    "reliability.calendar": lambda at: reliability.calendar(*at.of, at.city, DECEMBER, "lv", LAST),
    "reliability.causes": lambda at: reliability.causes(*at.of, at.city, MONTH, "lv"),
    "reliability.covered_days": lambda at: reliability.covered_days(*at.of, at.city, FIRST, DECEMBER, "lv"),
    "reliability.known_level": lambda at: reliability.known_level(*at.of, at.city, MV_ONLY) == "mv",
    "reliability.lacking": lambda at: [
        one for one, why in reliability.lacking(*at.of, at.city, MONTH, "outages").items() if not why
    ],
    "reliability.major_days": lambda at: reliability.major_days(*at.of, at.city, FIRST, LAST, "lv"),
    "reliability.promises_by_kind": lambda at: reliability.promises_by_kind(
        *at.of, at.city, MONTH, "promise_kept_last"
    ),
    "reliability.readings": lambda at: (
        reliability.readings(*at.of, at.city, MONTH, ["saidi"], DECEMBER)["saidi"].value
    ),
    "risk_with_items.item_counts": lambda at: list(
        vars(risk_with_items.item_counts(*at.of, at.city, DECEMBER, LAST)).values()
    ),
    "risk_with_items.listed": lambda at: (
        risk_with_items.listed(*at.of, at.city, DECEMBER, Filters(), None, 1, LAST).objects
    ),
    "targets.history": lambda at: targets.history(*at.of, _target(at)),
    "saved_views.listed": lambda at: saved_views.listed(*at.by),
    "saved_views.remove": lambda at: saved_views.remove(*at.by, VIEW) or "removed",
    "saved_views.save": lambda at: saved_views.save(*at.by, "x", "overview", {}, at.station),
    "targets.path_of": lambda at: targets.path_of(*at.of, at.city),
    "targets.stored": lambda at: targets.stored(*at.of, [_target(at)]),
    "targets.targets_for": lambda at: targets.targets_for(*at.of, at.city, MONTH),
    "unmasking.show": lambda at: unmasking.show(*at.by, "areas", [("P", "A3")], "why"),
    "targets.targets_of": lambda at: targets.targets_of(*at.of, at.city, "month", ["2024-12"]),
    "targets_grid.read": lambda at: targets_grid.read(*at.of, at.city, [("saidi", MONTH)], STATE),
    "targets_setting.remove": lambda at: targets_setting.remove(*at.by, _target(at, 2), "why") or "removed",
    "targets_setting.set_many": lambda at: targets_setting.set_many(*at.by, [_target(at, 2)], "why"),
    "targets_setting.set_one": lambda at: targets_setting.set_one(*at.by, _target(at, 2), "why"),
    "object_months.read": lambda at: object_months.read(*at.of, [("P", "line", "L3")], MONTHS[0], DECEMBER),
    "risk_lines.counts": lambda at: vars(risk_lines.counts(*at.of, at.city, DECEMBER)),
    "risk_lines.lacking": lambda at: risk_lines.lacking(*at.of, at.city, DECEMBER),
    "risk_lines.trend": lambda at: risk_lines.trend(*at.of, at.city, DECEMBER),
    "risk_object.one": lambda at: risk_object.one(*at.of, "P", "line", "L3", DECEMBER),
    "risk_what_if.what_if": lambda at: risk_what_if.what_if(*at.of, at.city, ALL_AT_RISK, DECEMBER),
    "worst.worst_areas": lambda at: worst.worst_areas(*at.of, at.city, MONTH),
    "worst.worst_lines": lambda at: worst.worst_lines(*at.of, at.city, MONTH),
}


def says_nothing(answer: Any) -> bool:
    if isinstance(answer, pd.DataFrame):
        return answer.empty
    if isinstance(answer, tuple | list):
        return all(says_nothing(one) for one in answer)
    return answer is None or answer in (0, "", {}, set())


@pytest.mark.parametrize("name", sorted(DOORS))
def test_nothing_of_another_city_comes_back_or_changes(asked, name):
    stranger = asked("C1")
    before = dump(stranger.engine)
    try:
        answer = DOORS[name](stranger)
    except (NotFound, FileRejected, InvalidInput):
        answer = None

    assert before == dump(stranger.engine)
    assert says_nothing(answer), answer
    assert not says_nothing(DOORS[name](asked("C2")))


def test_every_function_with_a_scope_or_a_viewer_is_asked_or_known_to_have_no_answer():
    found = {name for name, taken in functions({**PARTS, **MODULES}) if LOCKS & taken}

    assert sorted(found) == sorted({*DOORS, *OTHERS})
