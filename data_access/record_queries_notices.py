"""What customers were told of outages, row by row; as domain/notices.py and data_access/measures/notices.py.

All times are compared as seconds from the outage's start, which both databases can subtract.
"""

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from data_access import record_queries_expected as expectations
from data_access.measures.outages import by_version, is_momentary
from data_access.record_queries import Asked, Query, amount, first_reason, is_major_event, of_period, one_if
from data_access.record_queries_expected import Expected
from data_access.sql_functions import seconds_from
from data_access.tables.outages import notice_areas, notices, outage_steps, outages
from domain import notices as rules_of

COLUMNS = ("outage_key", "start_day", "kind", "cause", "line_code", "customers", "started_at", "ended_at")


def outages_told(asked: Asked) -> Query:
    """Outages behind a KPI of notices, those of its kind; whether announced in time and as it came."""
    one = outages.c
    expected = expectations.expected()
    told, back = notices.c.kind != "restored", notices.c.kind == "restored"
    first_at, back_at = expectations.message(told), expectations.message(back)
    message = {"fault_notices": told, "restoration_notices": back}.get(asked.kpi.records)
    entered = (
        expected.entered
        if message is None
        else expectations.entered_in(notices, expectations.same(notices.c), message)
    )
    holds = _holds(asked, expected, first_at, back_at)
    population, reasons = _population(asked, expected, holds)
    is_med = is_major_event(one.org_unit_id, one.start_day)
    amounts = {name: one_if(condition) for name, condition in holds.items()}
    return Query(
        outages,
        (*of_period(asked, outages), *population),
        (one.bureau_id, one.outage_key),
        (one.start_day.desc(), one.started_at.desc(), one.bureau_id, one.outage_key),
        one.org_unit_id,
        (
            *[one[name] for name in COLUMNS],
            one.detected_at,
            *[
                getattr(expected, name).label(name)
                for name in (
                    "notice_key",
                    "published_at",
                    "announced_start",
                    "announced_end",
                    "rescheduled_to",
                )
            ],
            first_at.label("first_message_at"),
            back_at.label("restored_message_at"),
            entered[0].label("recorded_at"),
            entered[1].label("recorded_late_s"),
        ),
        amount(asked.kpi.numerator, amounts, is_med),
        amount(asked.kpi.denominator, amounts, is_med),
        first_reason(*reasons),
        one.start_day,
    )


def _holds(
    asked: Asked, expected: Expected, first_at: ColumnElement, back_at: ColumnElement
) -> dict[str, ColumnElement[bool]]:
    """For each measure whether an outage counts in it."""
    one, told = outages.c, expected
    rules, day = asked.rules["notices"], one.start_day
    ended_s = seconds_from(one.started_at, one.ended_at)
    published_s = seconds_from(one.started_at, told.published_at)

    def early(kind: str) -> ColumnElement[bool]:
        return and_(
            one.kind == kind,
            by_version(rules, day, lambda body: published_s <= told.start_s - rules_of.lead_s(kind, body)),
        )

    def prompt(event: ColumnElement, message: ColumnElement, rule: str, minutes: str) -> ColumnElement[bool]:
        return by_version(rules, day, lambda body: seconds_from(event, message) <= body[rule][minutes] * 60)

    ended = _is_ended()
    back = and_(ended, ~_is_momentary(asked))
    large = and_(
        one.kind == "fault",
        ~_is_momentary(asked),
        one.detected_at.is_not(None),
        _is_large(asked),
    )
    announced = and_(told.is_known, ended)
    as_told = by_version(
        rules,
        day,
        lambda body: and_(
            told.start_s.between(
                -body["accuracy"]["start_minutes"] * 60, body["accuracy"]["start_minutes"] * 60
            ),
            ended_s <= told.end_s + body["accuracy"]["end_minutes"] * 60,
        ),
    )
    known_end = and_(one.kind == "planned", ended, told.end_s.is_not(None))
    touched, named, common = _areas(expected)
    with_areas = and_(announced, touched > 0, named > 0)
    share = common * 1.0 / (touched + named - common)
    return {
        "planned_started": one.kind == "planned",
        "planned_notified": early("planned"),
        "temporary_started": one.kind == "temporary",
        "temporary_notified": early("temporary"),
        "faults_to_notify": large,
        "faults_notified": and_(large, prompt(one.detected_at, first_at, "fault", "minutes_after_detection")),
        "restorations": back,
        "restorations_notified": and_(back, prompt(one.ended_at, back_at, "restored", "minutes_after")),
        "announced_completed": announced,
        "announced_time_accurate": and_(announced, as_told),
        "announced_with_areas": with_areas,
        "announced_areas_accurate": and_(
            with_areas,
            by_version(rules, day, lambda body: share >= body["accuracy"]["jaccard_at_least"]),
        ),
        "planned_completed": known_end,
        "planned_late": and_(known_end, ended_s > told.end_s),
    }


def _is_ended() -> ColumnElement[bool]:
    """Condition: no step of the outage lasts."""
    return and_(outages.c.ended_at.is_not(None), outages.c.open_steps == 0)


def _is_large(asked: Asked) -> ColumnElement[bool]:
    """Condition: so many customers are out that a fault has to be announced."""
    one, rules = outages.c, asked.rules["notices"]
    return by_version(rules, one.start_day, lambda body: one.customers >= body["fault"]["customers_at_least"])


def _is_momentary(asked: Asked) -> ColumnElement[bool]:
    """Condition: over, and no step was longer than rule set outages calls momentary."""
    one = outages.c
    return and_(_is_ended(), is_momentary(asked.rules["outages"], one.start_day, one.longest_step_s))


def _areas(expected: Expected) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Areas that the outage touched, that its last notice named, and that are in both."""
    step, named = outage_steps.c, notice_areas.c
    of_notice = and_(named.bureau_id == outages.c.bureau_id, named.notice_key == expected.notice_key)

    def counted(statement: Select) -> ColumnElement[int]:
        return statement.correlate(outages).scalar_subquery()

    return (
        counted(select(func.count(step.area_code.distinct())).where(expectations.same(step))),
        counted(select(func.count()).select_from(notice_areas).where(of_notice)),
        counted(
            select(func.count(step.area_code.distinct()))
            .select_from(outage_steps.join(notice_areas, named.area_code == step.area_code))
            .where(expectations.same(step), of_notice)
        ),
    )


def _population(
    asked: Asked, expected: Expected, holds: dict[str, ColumnElement[bool]]
) -> tuple[list[ColumnElement[bool]], list[tuple[ColumnElement[bool], str]]]:
    """Which outages are listed, and why some of them are not counted."""
    one, kpi = outages.c, asked.kpi
    is_open, momentary = ~_is_ended(), (_is_momentary(asked), "momentary")
    if kpi.records == "planned_notices":
        return [one.kind == "planned"], []
    if kpi.records == "temporary_notices":
        return [one.kind == "temporary"], []
    if kpi.records == "fault_notices":
        unknown = [(one.customers.is_(None), "no_customers"), (~_is_large(asked), "few_customers")]
        return [one.kind == "fault"], [momentary, *unknown, (one.detected_at.is_(None), "not_detected")]
    if kpi.records == "restoration_notices":
        return [], [(is_open, "open"), momentary]
    listed = [expected.is_known]
    counted = holds[kpi.denominator[0][1]]
    if kpi.denominator[0][1] == "planned_completed":
        return [*listed, one.kind == "planned"], [(is_open, "open"), (_not(counted), "no_announced_end")]
    return listed, [(is_open, "open"), (_not(counted), "no_areas")]


def _not(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The contrary, also where the condition is unknown."""
    return case((condition, 0), else_=1) == 1
