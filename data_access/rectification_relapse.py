"""Relapses, for refresh: which closed items are to be judged, and the new item that a relapse makes.

Who refreshes judges with domain.relapse.relapsed_on() and calls open_again(), as often as it likes: a relapse
is marked once, and makes one item. The old item stays closed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, select, true

from data_access import changing, rectification_making, rules
from data_access import rectification_acts as acts
from data_access.tables.rectifications import rectifications as table
from domain.errors import ChangedByOthers
from domain.rectifications import Rectification, subject
from domain.relapse import rule_of
from domain.viewer import Scope, Viewer

SYSTEM = Viewer(None, "system", frozenset(), Scope(()))


def to_judge(connection: Connection, units: Sequence[int], since: date) -> list[Rectification]:
    """Closed items of the units that were done on that day or later and have no relapse yet, by number."""
    statement = select(*acts.COLUMNS).where(
        table.c.org_unit_id.in_(units),
        table.c.status == "closed",
        table.c.relapsed_on.is_(None),
        table.c.done_at >= since,
    )
    found = connection.execute(statement.order_by(table.c.bureau_id, table.c.item_id))
    return [acts.item_of(row._mapping) for row in found]


def open_again(connection: Connection, item: Rectification, day: date) -> Rectification | None:
    """The new item for what relapsed on the day; None where that is marked already.

    Inside a writing_all() transaction. A draft that says all that the old one said (object, rules, title,
    level, measure with its kind and type, department, funding, interim control, contingency; of its evidence
    the groups of causes), linked by reopen_of, found on the day of the relapse, and with its own original
    due: so many days after the relapse, or after today where that was found late, as the rules said when the
    works were done. Who is responsible is for a lead to say.
    """
    key = {"bureau_id": item.bureau_id, "item_id": item.item_id}
    held = changing.held(connection, true(), table, key)
    if held is None or held["status"] != "closed" or held["relapsed_on"] is not None:
        return None
    try:
        change = changing.update(connection, true(), table, key, held["version"], {"relapsed_on": day})
    except ChangedByOthers:  # another refresh, or somebody's note of it, was faster; the next one looks again
        return None
    at = acts.At(connection, SYSTEM, acts.item_of(change.row))
    acts.write_log(at, "relapse", "")
    about = subject(item.bureau_id, item.item_id)
    changing.record(connection, SYSTEM, "rectifications.relapse", about, change)
    acts.mark(connection, change)
    rule = rule_of(rules.versions(connection, "rectification"), item.done_at)
    due = max(day, acts.today()) + timedelta(days=rule["new_due_days"])
    evidence = {"relapsed": item.item_id, "relapsed_on": day.isoformat()}
    evidence |= {name: one for name, one in (item.evidence or {}).items() if name == "cause_groups"}
    wanted = replace(
        at.item, evidence=evidence, found_by="relapse", found_on=day, original_due=due, reopen_of=item.item_id
    )
    return rectification_making.make(connection, SYSTEM, wanted, "create")
