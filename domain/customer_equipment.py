"""Customers' own switchgear and transformers (客户侧设备): tests due, advice, and faults that passed on.

What is unknown stays unknown: a piece without a known test is not overdue. Rules are the body of rule set
risk.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from domain.risk_condition import OF_AGE, is_older

Rules = Mapping[str, Any]

TEST_STATES = ("overdue", "soon", "fine", "unknown")
ADVICE_STATES = ("open", "accepted", "done", "none")
OUTCOMES = ("passed", "contained")
DAY = timedelta(days=1)


def near_day(day: date, rules: Rules) -> date:
    """A test that is overdue on this day but not on `day` is due soon: within the rule's days from `day`."""
    return day + timedelta(days=rules["checks"]["near_test_days"] + 1)


def test_due_on(last_test_on: date | None, rules: Rules) -> date | None:
    """The last day on which the preventive test (预防性试验) is not overdue by RL9.

    None: unknown, or a version from before check_ages() by which what is old is not overdue.
    """
    rule = rules["RL9"]["last_test"]
    if last_test_on is None or rule["operator"] not in OF_AGE:
        return None
    month = date(last_test_on.year + rule["years"], last_test_on.month, 1)
    due = month + timedelta(days=last_test_on.day - 1)
    while is_older(last_test_on, due, rule):
        due -= DAY
    while not is_older(last_test_on, due + DAY, rule):
        due += DAY
    return due


def test_state(last_test_on: date | None, day: date, rules: Rules) -> str:
    """One of TEST_STATES on the day; soon: due within the rule's days."""
    if last_test_on is None:
        return "unknown"
    rule = rules["RL9"]["last_test"]
    if is_older(last_test_on, day, rule):
        return "overdue"
    return "soon" if is_older(last_test_on, near_day(day, rules), rule) else "fine"


def advice_state(
    advice: str | None, advised_on: date | None, accepted_on: date | None, done_on: date | None
) -> str:
    """One of ADVICE_STATES: what became of the advice; what is done needs no acceptance."""
    if done_on is not None:
        return "done"
    if accepted_on is not None:
        return "accepted"
    return "open" if advised_on is not None or advice else "none"


def weaknesses(
    has_boundary_switch: bool | None,
    arrester_type: str | None,
    transformer_in_service_on: date | None,
    day: date,
    rules: Rules,
) -> tuple[str, ...]:
    """Of switch, arrester, transformer: what rules RL8 and RL9 find wrong with a piece, beside its test."""
    old = transformer_in_service_on is not None and is_older(
        transformer_in_service_on, day, rules["RL9"]["transformer"]
    )
    found = {
        "switch": has_boundary_switch is False,
        "arrester": arrester_type in rules["RL9"]["arrester"]["types"],
        "transformer": old,
    }
    return tuple(name for name, is_met in found.items() if is_met)


def rules_met(weaknesses: Collection[str], test_state: str) -> tuple[str, ...]:
    """Which rules of risk a piece meets by itself: RL8 without a boundary switch, RL9 by its condition."""
    by_condition = test_state == "overdue" or not {"arrester", "transformer"}.isdisjoint(weaknesses)
    return (*(["RL8"] if "switch" in weaknesses else []), *(["RL9"] if by_condition else []))


def outcome(kind: str, cause_group: str, is_boundary_breaker: bool | None, mv_users: int | None) -> str:
    """What became of an outage that a customer's equipment began: one of OUTCOMES; '' for any other outage.

    passed (出门): it reached the grid. contained: only the boundary breaker opened, or nobody else was out.
    What is not known does not make it contained.
    """
    if kind != "fault" or cause_group != "customer":
        return ""
    return "contained" if is_boundary_breaker or (mv_users is not None and mv_users <= 1) else "passed"
