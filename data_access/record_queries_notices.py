"""What customers were told of outages, row by row; as domain/notices.py and data_access/measures/notices.py.

All times are compared as seconds from the outage's start, which both databases can subtract.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Alias, ColumnElement, Select, and_, case, exists, func, literal, or_, select

from data_access.engine import seconds_from
from data_access.measures.outages import by_version, is_momentary
from data_access.record_queries import Asked, Query, amount, first_reason, is_major_event, of_period, one_if
from data_access.tables.outages import notice_areas, notices, outage_steps, outages
from domain import notices as rules_of

COLUMNS = ("outage_key", "start_day", "kind", "cause", "line_code", "customers", "started_at", "ended_at")


@dataclass(frozen=True)
class Expected:
    """What customers last expected of an announced outage, each looked up by the outage's key.

    Looked up and not joined: a page then asks only for the outages that it shows.
    """

    notice_key: ColumnElement
    published_at: ColumnElement
    announced_start: ColumnElement
    announced_end: ColumnElement
    rescheduled_to: ColumnElement
    start_s: ColumnElement
    end_s: ColumnElement
    is_known: ColumnElement[bool]


def _expected() -> Expected:
    told, reminder = notices.alias("told"), notices.alias("reminder")

    def last(value: ColumnElement) -> ColumnElement:
        order = (told.c.published_at.desc(), told.c.notice_key.desc())
        found = select(value).select_from(told).where(*_announces(told)).order_by(*order).limit(1)
        return found.correlate(outages).scalar_subquery()

    moved_s = func.coalesce(seconds_from(told.c.announced_start, told.c.rescheduled_to), 0)
    start_s = last(_start_s(told))
    # A reminder does not make a start late that was published before.
    published = select(func.min(reminder.c.published_at)).where(
        *_announces(reminder), _start_s(reminder) == start_s
    )
    return Expected(
        last(told.c.notice_key),
        published.correlate(outages).scalar_subquery(),
        last(told.c.announced_start),
        last(told.c.announced_end),
        last(told.c.rescheduled_to),
        start_s,
        last(seconds_from(outages.c.started_at, told.c.announced_end) + moved_s),
        exists(select(literal(1)).select_from(told).where(*_announces(told)).correlate(outages)),
    )


def _start_s(told: Alias) -> ColumnElement[int]:
    """Seconds from the outage's start to the start that the notice tells, negative when earlier."""
    expected = func.coalesce(told.c.rescheduled_to, told.c.announced_start, outages.c.started_at)
    return seconds_from(outages.c.started_at, expected)


def _announces(told: Alias) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the notice announced the outage before it began, and was not cancelled by then."""
    return (
        _same(told.c),
        told.c.kind.in_(rules_of.ANNOUNCING),
        told.c.published_at <= outages.c.started_at,
        or_(told.c.cancelled_at.is_(None), told.c.cancelled_at > outages.c.started_at),
    )


def _same(table: Any) -> ColumnElement[bool]:
    """Condition: the row belongs to the outage."""
    return and_(table.bureau_id == outages.c.bureau_id, table.outage_key == outages.c.outage_key)


def _message(*kinds: ColumnElement[bool]) -> ColumnElement:
    """Time of the outage's first message of these kinds."""
    first = select(func.min(notices.c.published_at)).where(_same(notices.c), *kinds)
    return first.correlate(outages).scalar_subquery()


def outages_told(asked: Asked) -> Query:
    """Outages behind a KPI of notices, those of its kind; whether announced in time and as it came."""
    one = outages.c
    expected = _expected()
    first_at, back_at = _message(notices.c.kind != "restored"), _message(notices.c.kind == "restored")
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
        by_version(rules, day, lambda body: one.customers >= body["fault"]["customers_at_least"]),
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
        counted(select(func.count(step.area_code.distinct())).where(_same(step))),
        counted(select(func.count()).select_from(notice_areas).where(of_notice)),
        counted(
            select(func.count(step.area_code.distinct()))
            .select_from(outage_steps.join(notice_areas, named.area_code == step.area_code))
            .where(_same(step), of_notice)
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
        no_customers, unknown = (
            (one.customers.is_(None), "no_customers"),
            (one.detected_at.is_(None), "not_detected"),
        )
        enough = by_version(
            asked.rules["notices"],
            one.start_day,
            lambda body: one.customers >= body["fault"]["customers_at_least"],
        )
        return [one.kind == "fault"], [momentary, no_customers, (~enough, "few_customers"), unknown]
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
