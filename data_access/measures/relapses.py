"""Relapses of closed items, found at refresh: the same cause again, or the same rule met anew."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, Select, and_, or_, select

from data_access import lease, rectification_relapse
from data_access.measures.outages import is_momentary
from data_access.measures.request import Request
from data_access.tables.outages import outage_steps, outages
from data_access.tables.risk import risk_findings
from data_access.transactions import reading_all
from domain.periods import last_day
from domain.rectifications import Rectification
from domain.relapse import LaterOutage, Reentry, relapsed_on, rule_of
from domain.rule_sets import version_on

Object = tuple[str, str, str]  # object_kind, bureau_id, object_code


def store(engine: Engine, holder: str, units: Sequence[int], request: Request) -> None:
    """Mark what relapsed and make the items that follow, each once. Raises Busy.

    Only items to which the months of the request can say something; a relapse that is marked stays. Outages
    since the works are read, for several may make one; rules entered before the request have been judged.
    """
    versions = request.rules["rectification"]
    longest = max(one.body["relapse"]["days"] for one in versions)
    since = request.first_month - timedelta(days=longest)
    with reading_all(engine) as connection:
        items = rectification_relapse.to_judge(connection, units, since)
        if not items:
            return
        failed = _outages(connection, items, min(one.done_at for one in items), request)
        entered = _entries(connection, items, units, request)
    for item in items:
        key = (item.object_kind, item.bureau_id, item.object_code)
        med, rule = _major_event_days(request, item.org_unit_id), rule_of(versions, item.done_at)
        day = relapsed_on(item, failed.get(key, ()), entered.get(key, ()), med, rule)
        if day is not None:
            with lease.writing_as(engine, holder) as connection:
                rectification_relapse.open_again(connection, item, day)


def _major_event_days(request: Request, unit: int) -> Collection[date]:
    days = request.med_days
    return set(days.loc[days["org_unit_id"] == request.city_of.get(unit), "day"])


def _codes(items: Sequence[Rectification], kind: str) -> dict[str, set[str]]:
    """Codes by key space."""
    found: dict[str, set[str]] = {}
    for one in items:
        if one.object_kind == kind:
            found.setdefault(one.bureau_id, set()).add(one.object_code)
    return found


def _outages(
    connection: Connection, items: Sequence[Rectification], since: date, request: Request
) -> dict[Object, list[LaterOutage]]:
    """Sustained faults of the objects, each of the group that its cause had on its day; no arranged ones."""
    found: dict[Object, list[LaterOutage]] = {}
    for kind in ("line", "area"):
        for bureau, codes in _codes(items, kind).items():
            for code, day, cause in connection.execute(_faults(kind, bureau, codes, since, request)):
                found.setdefault((kind, bureau, code), []).append(
                    LaterOutage(day, _group(cause, day, request))
                )
    return found


def _group(cause: str | None, day: date, request: Request) -> str:
    return version_on(request.rules["causes"], day).body.get(cause, {}).get("group", "")


def _faults(kind: str, bureau: str, codes: Collection[str], since: date, request: Request) -> Select:
    one, step = outages.c, outage_steps.c
    versions = request.rules["outages"]
    days = one.start_day.between(since, request.as_of_day)
    conditions = (one.bureau_id == bureau, one.kind == "fault", days)
    if kind == "line":
        wanted = one.line_code.in_(sorted(codes))
        is_sustained = or_(one.open_steps > 0, ~is_momentary(versions, one.start_day, one.longest_step_s))
        return select(one.line_code, one.start_day, one.cause).where(*conditions, is_sustained, wanted)
    same = and_(step.bureau_id == one.bureau_id, step.outage_key == one.outage_key)
    rows = select(step.area_code, one.start_day, one.cause, one.outage_key).distinct()
    # An outage may last elsewhere and be momentary here; an area fails by what it had itself.
    wanted = (step.area_code.in_(sorted(codes)), ~is_momentary(versions, one.start_day, step.duration_s))
    touched = rows.select_from(outages.join(outage_steps, same)).where(*conditions, *wanted).subquery()
    return select(touched.c.area_code, touched.c.start_day, touched.c.cause)


def _entries(
    connection: Connection, items: Sequence[Rectification], units: Sequence[int], request: Request
) -> dict[Object, list[Reentry]]:
    """Rules that the objects entered, on the day at whose end that was found. units: all of the bureau."""
    c, found = risk_findings.c, {}
    for kind in ("line", "area"):
        for bureau, codes in _codes(items, kind).items():
            statement = select(c.object_code, c.month, c.rule).where(
                c.org_unit_id.in_(units),
                c.month >= request.first_month,
                c.bureau_id == bureau,
                c.object_kind == kind,
                c.object_code.in_(sorted(codes)),
                c.has_entered.is_(True),
            )
            for code, month, rule in connection.execute(statement):
                day = min(last_day(month), request.as_of_day)
                found.setdefault((kind, bureau, code), []).append(Reentry(day, rule))
    return found
