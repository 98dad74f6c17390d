"""Which causes of outages a new item is about: an outage by one of these would be a relapse."""

from sqlalchemy import Connection

from data_access import risk_object, rules
from data_access.rectification_acts import today
from domain import relapse
from domain.periods import add_months
from domain.rectifications import Rectification


def of_new(connection: Connection, wanted: Rectification) -> tuple[str, ...]:
    """Groups of causes for an item about this object, made for these rules; none without rules.

    The caller has looked whether the object may be seen.
    """
    met = [one for one in wanted.rules.split(";") if one]
    faults: list[str] = []
    if relapse.REPEATED in met and wanted.object_kind in risk_object.REGISTERS:
        day = today()
        about = (wanted.bureau_id, wanted.object_kind, wanted.object_code)
        rows = risk_object.sustained(connection, *about, add_months(day, -12), day)
        faults = [one.cause or "" for one in rows.itertuples() if one.kind == "fault"]
    return relapse.groups_about(met, faults, rules.current(connection, "causes"))
