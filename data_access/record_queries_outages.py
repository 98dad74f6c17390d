"""Steps and outages behind the reliability KPIs, judged as data_access/measures/outages.py does."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, false, func, literal, or_, union_all
from sqlalchemy import select as select_

from data_access.measures.outages import ARRANGED, TRIPPED, by_version, is_momentary
from data_access.record_queries import Asked, Query, amount, first_reason, is_major_event, of_period, one_if
from data_access.tables.grid import lines
from data_access.tables.outages import outage_steps, outages

STEP_COLUMNS = (
    "step_key",
    "outage_key",
    "start_day",
    "kind",
    "cause",
    "line_code",
    "area_code",
    "customers",
    "mv_users",
    "interrupted_at",
    "restored_at",
    "duration_s",
)
OUTAGE_COLUMNS = (
    "outage_key",
    "start_day",
    "kind",
    "cause",
    "line_code",
    "trip",
    "has_automation",
    "is_boundary_breaker",
    "is_fast_restored",
    "customers",
    "mv_users",
    "steps",
    "started_at",
    "ended_at",
    "duration_s",
)


def step_amounts(asked: Asked) -> dict[str, ColumnElement[int]]:
    """What a step adds to each measure of interruptions, without looking at major event days."""
    step = outage_steps.c
    momentary = is_momentary(asked.rules["outages"], step.start_day, step.duration_s)
    counted, restored = ~momentary, and_(~momentary, step.duration_s.is_not(None))
    fault, arranged = step.kind == "fault", step.kind.in_(ARRANGED)
    amounts = {}
    for level, users in (("lv", step.customers), ("mv", step.mv_users)):
        users = func.coalesce(users, 0)
        minutes = users * func.coalesce(step.duration_s, 0)
        amounts |= {
            f"ci_{level}": case((counted, users), else_=0),
            f"ci_restored_{level}": case((restored, users), else_=0),
            f"cmi_{level}": case((restored, minutes), else_=0),
            f"ci_fault_{level}": case((and_(counted, fault), users), else_=0),
            f"cmi_fault_{level}": case((and_(restored, fault), minutes), else_=0),
            f"cmi_planned_{level}": case((and_(restored, arranged), minutes), else_=0),
        }
    return amounts


def steps(asked: Asked) -> Query:
    """Steps behind SAIDI and its kin; denominators that are customers served are no records."""
    step, kpi = outage_steps.c, asked.kpi
    is_med = is_major_event(step.org_unit_id, step.start_day)
    amounts = step_amounts(asked)
    names = {name.removesuffix("_med") for _, name in kpi.numerator + kpi.denominator} & set(amounts)
    conditions = list(of_period(asked, outage_steps))
    if all("_fault_" in name for name in names):
        conditions.append(step.kind == "fault")
    elif all("_planned_" in name for name in names):
        conditions.append(step.kind.in_(ARRANGED))
    users = step.mv_users if kpi.level == "MV" else step.customers
    open_counts = any(name.startswith("ci_") and "restored" not in name for name in names)
    reasons = [
        (is_momentary(asked.rules["outages"], step.start_day, step.duration_s), "momentary"),
        (users.is_(None), "no_customers"),
    ]
    if not open_counts:
        reasons.append((step.duration_s.is_(None), "open"))
    if asked.leaves_out_major_events:
        reasons.append((is_med, "major_event_day"))
    return Query(
        outage_steps,
        tuple(conditions),
        (step.bureau_id, step.step_key),
        (step.start_day.desc(), step.interrupted_at.desc(), step.bureau_id, step.step_key),
        step.org_unit_id,
        tuple(step[name] for name in STEP_COLUMNS),
        amount(kpi.numerator, amounts, is_med),
        amount(kpi.denominator, amounts, is_med),
        first_reason(*reasons),
        step.start_day,
    )


def outage_conditions(asked: Asked) -> dict[str, ColumnElement[bool]]:
    """For each measure of events whether an outage counts in it, without looking at major event days."""
    one = outages.c
    fault, still_open = one.kind == "fault", one.open_steps > 0
    sustained = or_(still_open, ~is_momentary(asked.rules["outages"], one.start_day, one.longest_step_s))
    late = by_version(
        asked.rules["reliability"],
        one.start_day,
        lambda body: one.duration_s > round(body["late_restoration"]["hours"] * 3600),
    )
    restored = and_(fault, sustained, ~still_open)
    trip = and_(fault, one.trip.in_(TRIPPED))
    automated = and_(trip, one.has_automation.is_(True), ~_not_by_automation())
    return {
        "outages": sustained,
        "faults": and_(fault, sustained),
        "faults_restored": restored,
        "faults_over_limit": and_(restored, late),
        "trips": trip,
        "trips_automated": automated,
        "trips_fast_restored": and_(automated, one.is_fast_restored.is_(True)),
    }


def _not_by_automation() -> ColumnElement[bool]:
    return or_(*[condition for condition, _ in _automation_reasons()])


def _automation_reasons() -> tuple[tuple[ColumnElement[bool], str], ...]:
    one = outages.c
    return (
        (func.coalesce(one.is_boundary_breaker, false()), "boundary_breaker"),
        (func.coalesce(one.customers, 1) == 0, "no_lv_customers"),
        (func.coalesce(lines.c.kind, "") == "dedicated", "dedicated_line"),
    )


def events(asked: Asked) -> Query:
    """Outages behind faults restored late, trips and fast restoration."""
    one, kpi = outages.c, asked.kpi
    is_med = is_major_event(one.org_unit_id, one.start_day)
    holds = outage_conditions(asked)
    conditions = list(of_period(asked, outages))
    momentary = is_momentary(asked.rules["outages"], one.start_day, one.longest_step_s)
    still_open = one.open_steps > 0
    trip = one.trip.in_(TRIPPED)
    population = {
        "faults": [one.kind == "fault"],
        "trips": [one.trip.is_not(None), one.kind == "fault"],
        "automated_trips": [one.kind == "fault", trip, one.has_automation.is_(True)],
    }[kpi.records]
    reasons = {
        "faults": [(and_(momentary, ~still_open), "momentary"), (still_open, "open")],
        "trips": [(~trip, "not_a_trip")],
        "automated_trips": list(_automation_reasons()),
    }[kpi.records]
    if asked.leaves_out_major_events:
        reasons.append((is_med, "major_event_day"))
    amounts = {name: one_if(condition) for name, condition in holds.items()}
    on_line = and_(lines.c.bureau_id == one.bureau_id, lines.c.line_code == one.line_code)
    return Query(
        outages.outerjoin(lines, on_line),
        (*conditions, *population),
        (one.bureau_id, one.outage_key),
        (one.start_day.desc(), one.started_at.desc(), one.bureau_id, one.outage_key),
        one.org_unit_id,
        tuple(one[name] for name in OUTAGE_COLUMNS),
        amount(kpi.numerator, amounts, is_med),
        amount(kpi.denominator, amounts, is_med),
        first_reason(*reasons),
        one.start_day,
    )


def customers_per_fault(asked: Asked) -> Query:
    """Two sorts of rows: steps add their customers to the numerator, outages themselves to the denominator.

    An outage may belong to another unit than its steps, so neither sort alone would add up.
    """
    step, one, kpi = outage_steps.c, outages.c, asked.kpi
    step_med = is_major_event(step.org_unit_id, step.start_day)
    outage_med = is_major_event(one.org_unit_id, one.start_day)
    amounts: Mapping[str, ColumnElement[int]] = step_amounts(asked)
    users = step.mv_users if kpi.level == "MV" else step.customers
    left_out = asked.leaves_out_major_events
    of_steps = select_(
        literal("step").label("record"),
        *[step[name] for name in ("step_key", "outage_key", "start_day", "kind", "cause", "line_code")],
        users.label("customers"),
        step.interrupted_at.label("started_at"),
        step.duration_s,
        step.bureau_id,
        step.org_unit_id.label("of_unit"),
        cast(amount(kpi.numerator, amounts, step_med), BigInteger).label("to_numerator"),
        cast(literal(0), BigInteger).label("to_denominator"),
        first_reason(
            (is_momentary(asked.rules["outages"], step.start_day, step.duration_s), "momentary"),
            (users.is_(None), "no_customers"),
            *([(step_med, "major_event_day")] if left_out else []),
        ).label("why"),
    ).where(*of_period(asked, outage_steps), step.kind == "fault")
    holds = {"faults": one_if(outage_conditions(asked)["faults"])}
    of_outages = select_(
        literal("outage"),
        literal(""),
        *[one[name] for name in ("outage_key", "start_day", "kind", "cause", "line_code")],
        (one.mv_users if kpi.level == "MV" else one.customers),
        one.started_at,
        one.duration_s,
        one.bureau_id,
        one.org_unit_id,
        cast(literal(0), BigInteger),
        cast(amount(kpi.denominator, holds, outage_med), BigInteger),
        first_reason(
            (~outage_conditions(asked)["faults"], "momentary"),
            *([(outage_med, "major_event_day")] if left_out else []),
        ),
    ).where(*of_period(asked, outages), one.kind == "fault")
    both = union_all(of_steps, of_outages).subquery("both")
    names = ("record", "step_key", "outage_key", "start_day", "kind", "cause", "line_code", "customers")
    return Query(
        both,
        (),
        (),
        (both.c.start_day.desc(), both.c.bureau_id, both.c.outage_key, both.c.record, both.c.step_key),
        both.c.of_unit,
        tuple(both.c[name] for name in (*names, "started_at", "duration_s")),
        both.c.to_numerator,
        both.c.to_denominator,
        both.c.why,
    )
