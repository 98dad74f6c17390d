"""What refresh stored of risk lines and areas, in the words of brute_force_risk."""

from collections import Counter
from datetime import date

from sqlalchemy import Engine, Row, Table, select

from data_access.tables.kpi import area_months
from data_access.tables.risk import line_outages, risk_findings, risk_objects
from tests.data_access.brute_force_risk import Key, Risk

COUNTS = {
    "line": ("outages", "faults", "external_faults", "passed_faults", "outages_no_med", "faults_no_med",
             "customers_no_med", "customer_s_no_med", "fault_customer_s_no_med", "mv_users_no_med",
             "mv_user_s_no_med"),
    "area": ("faults", "external_faults", "passed_faults", "faults_no_med", "customers_no_med",
             "customer_s_no_med", "fault_customer_s_no_med"),
}  # fmt: skip


def rows(engine: Engine, table: Table) -> list[Row]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)))


def counts(engine: Engine) -> dict[tuple[Key, date], dict[str, int]]:
    """Events by object and month, zeros left out."""
    found = {}
    for kind, table in (("line", line_outages), ("area", area_months)):
        for row in rows(engine, table):
            values = {name: getattr(row, name) for name in COUNTS[kind] if getattr(row, name)}
            if values:
                found[(row.bureau_id, kind, getattr(row, f"{kind}_code")), row.month] = values
    return found


def expected_counts(of: Risk, months: list[date]) -> dict[tuple[Key, date], dict[str, int]]:
    """The same of a brute-force count, of the months that figures exist for."""
    found = {}
    for (key, month), values in of.counts.items():
        kept = {name: value for name, value in Counter(values).items() if value and name in COUNTS[key[1]]}
        if kept and month in months:
            found[key, month] = kept
    return found


def findings(engine: Engine) -> dict[tuple, tuple]:
    """(object, month, unit, rule) -> (level, threshold, has_entered)."""
    return {
        ((row.bureau_id, row.object_kind, row.object_code), row.month, row.org_unit_id, row.rule): (
            row.level, row.threshold, row.has_entered,
        )
        for row in rows(engine, risk_findings)
    }  # fmt: skip


def objects(engine: Engine) -> dict[tuple, tuple]:
    """(object, month, unit) -> as brute_force_risk.Risk.objects."""
    return {
        ((row.bureau_id, row.object_kind, row.object_code), row.month, row.org_unit_id): (
            row.level, row.rules, row.has_entered, row.faults_12m, row.months_observed, row.faults_observed,
            row.faults_timed, row.expected_min,
        )
        for row in rows(engine, risk_objects)
    }  # fmt: skip


def rounded_alike(found: dict[tuple, tuple], wanted: dict[tuple, tuple]) -> bool:
    """Whether the last value, whole minutes, is the exact one rounded; the rest alike."""
    return found.keys() == wanted.keys() and all(
        one[:-1] == other[:-1]
        and ((one[-1] is None) == (other[-1] is None))
        and (one[-1] is None or abs(one[-1] - other[-1]) <= 0.5 + 1e-6)
        for one, other in ((found[key], wanted[key]) for key in found)
    )
