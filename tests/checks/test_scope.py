"""No door without a lock: what a screen can call in data_access takes a scope or a viewer.

Modules and functions without one act for the system. They are listed here with the reason, and no page may
call them (the session may, which finds out who looks).
"""

import pytest

from tests.checks.doors import DOORS, LOCKS, functions
from tests.checks.files import imports, python_files

# Parts that serve no screen.
PARTS = {
    "tables": "what the tables are",
    "migrations": "how they came to be",
    "measures": "builders that refresh calls; they compute every unit",
    "demo": "makes an invented company",
    "commands": "the command line, for whoever runs the machine",
    "imports": "its entrance take_over checks the viewer",
}
MODULES = {
    "at_work": "how a refresh works, no rows",
    "audit_chain": "every chain, for whoever runs the machine",
    "audit_key": "the key of the log, no rows",
    "engine": "connections",
    "sql_functions": "expressions, no rows",
    "row_security": "the locks of the database, put on by its owner",
    "transactions": "how the database is entered; it is told the scope",
    "database": "what the database is, before anybody looks into it",
    "company_zone": "the zone of the whole database",
    "backup": "the whole database, for whoever runs the machine",
    "copy_out": "rows that refresh and imports ask for",
    "arrow_rows": "rows in and out of what refresh and imports name",
    "integrity": "the whole database, for whoever runs the machine",
    "stale": "marks that imports leave for refresh",
    "lease": "who refreshes now",
    "following": "asks for a refresh, which computes every unit",
    "coverage": "part of refresh, which computes every unit",
    "coverage_of_stocks": "part of refresh",
    "kpi_refresh": "computes every unit",
    "kpi_rows": "part of refresh",
    "refresh_basis": "part of refresh",
    "refresh_everything": "part of refresh",
    "refresh_leftovers": "part of refresh",
    "refresh_stale": "part of refresh",
    "refresh_values": "part of refresh",
    "major_event_days": "part of refresh",
    "derived_outages": "part of take-over and undo",
    "import_job_run": "the process of a job, whose row says who started it",
    "baseline_candidates": "part of freezing baselines at refresh",
}
FUNCTIONS = {
    "audit.add": "the end of a transaction that checked its viewer",
    "audit.personal": "makes a hash of a value that its caller has",
    "administrators.check_one_left": "part of the acts on people, which check",
    "people_admin.hidden": "makes hashes of values that its caller has",
    "administrators.lock": "part of the acts on people, which check",
    "changing.claim": "part of a noun's verbs; it is told what the viewer sees, as they are",
    "changing.held": "part of a noun's verbs, which check; it is told what the viewer sees, as they are",
    "changing.insert": "part of a noun's verbs, which check the unit",
    "changing.remove": "part of a noun's verbs; it is told what the viewer sees, as they are",
    "changing.update": "part of a noun's verbs; it is told what the viewer sees, as they are",
    "baselines.freeze_missing": "part of refresh",
    "people.local_administrator": "makes the viewer of the command line",
    "org_units.all_units": "for import, refresh and the command line",
    "org_units.lowest_over": "a number, by which the audit log says what an act concerns",
    "org_units.rebuild_closure": "writes what the parents say",
    "org_units.whole_company": "makes the scope of the local administrator",
    "major_events.determine": "part of refresh",
    "major_events.missing": "part of refresh",
    "major_events.saidi": "part of refresh",
    "major_events.saidi_of_years": "part of refresh",
    "major_events.thresholds": "part of refresh",
    "import_jobs.finish": "the process of a job, whose row says who started it",
    "who_acted.rename": "part of purge, which checks",
    "processes.run": "the server's own refresh",
    "people_admin.about": "part of the acts on people, which check",
    "people_admin.store": "part of the acts on people, which check",
    "people_admin.store_end": "part of the acts on people, which check",
    "people_admin.store_grant": "part of the acts on people, which check",
    "people.is_demo": "says which kind of data this is",
    "people.choosable": "the demo's invented people, before one of them is the viewer",
    "people.viewer_for": "makes the viewer",
    "people.viewer_of_email": "makes the viewer",
    "people.note_refusal": "of somebody who is no viewer",
    "people.administrators": "names whom to ask, for somebody who is no viewer",
    "evidence_files.missing": "for check: the whole company",
    "evidence_files.orphans": "part of purge, which checks",
    "evidence_files.remove_orphans": "part of purge, which checks",
    "rectification_acts.mark": "part of the acts on items, which check",
    "rectification_extensions.of_item": "part of what has seen the item",
    "rectification_causes.of_new": "part of making an item, which looks up its object inside the scope",
    "risk_object.sustained": "part of what has looked up the object inside the scope",
    "rectification_coverage.first_month": "for refresh, of every unit",
    "rectification_coverage.moved": "for refresh, of every unit",
    "rectification_moves.follow": "part of refresh",
    "rectification_relapse.open_again": "for refresh, of every unit",
    "rectification_relapse.to_judge": "for refresh, of every unit",
    "rules.seed": "writes what ships",
    "rules.published": "rules are the same for every unit",
    "rules.versions": "rules are the same for every unit",
    "rules.looking_back": "rules are the same for every unit",
    "rules.current": "rules are the same for every unit",
    "rules.during": "rules are the same for every unit",
    "rules.last_day_of": "rules are the same for every unit",
    "rules.newest": "rules are the same for every unit",
    "rules.in_force": "rules are the same for every unit",
}


def _functions():
    for name, taken in functions({**PARTS, **MODULES}):
        if DOORS & taken and not LOCKS & taken:
            yield name


@pytest.mark.parametrize("name", sorted(_functions()))
def test_a_function_without_scope_or_viewer_is_known_to_act_for_the_system(name):
    assert name in FUNCTIONS


def test_the_list_names_nothing_that_is_gone():
    assert sorted(set(FUNCTIONS) - set(_functions())) == []


@pytest.mark.parametrize("path", [path for path in python_files() if path.parts[0] == "pages"], ids=str)
def test_no_page_reaches_what_acts_for_the_system(path):
    for name in imports(path):
        if name.startswith("data_access."):
            assert name.split(".")[1] not in {**PARTS, **MODULES}, name
