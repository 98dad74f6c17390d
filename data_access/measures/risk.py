"""Lines and areas at risk at each month-end: which rules they met, and what they are expected to cost.

store() writes line_outages, risk_findings and risk_objects, bureau by bureau: what an object is expected to
cost leans on its peers in the bureau, so a change in one unit reaches all of them. The open month is judged
at the end of the data.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, Table, delete, func, select

from data_access import arrow_rows, lease
from data_access.measures import line_events, risk_condition, risk_facts, risk_judged, risk_objects, step_rows
from data_access.measures.frequent import as_of, months_to_judge
from data_access.measures.request import COLUMNS, Request
from data_access.measures.risk_facts import CUSTOMERS, OF_KIND, RiskFacts
from data_access.measures.risk_judged import CODES, Judged, Met
from data_access.tables.risk import line_outages, risk_findings
from data_access.tables.risk import risk_objects as stored_objects
from data_access.transactions import reading_all
from domain.kpis import COVERED
from domain.periods import add_months
from domain.risk_score import WINDOW_MONTHS
from domain.rule_sets import version_on

COVERS = frozenset(COVERED + one for one in ("outages", CUSTOMERS, *OF_KIND.values()))
CONDITION = frozenset(table.name for table in risk_condition.SOURCES)
SOURCES = frozenset({"outages", "lines", "areas", "area_customers", "major_events"}) | COVERS | CONDITION
LASTING = frozenset({"defects", "damage_sites"})
MEASURES = frozenset({f"risk_{kind}s" for kind in OF_KIND} | {f"risk_{kind}s_entered" for kind in OF_KIND})
STORED_WINDOW = f"{WINDOW_MONTHS}m"
USES_AS_OF = True
STAGE = 1
OF_BUREAU = True
NOTHING = Judged(pd.DataFrame(), pd.DataFrame())


def store(engine: Engine, holder: str, request: Request) -> None:
    """Write the tables for the request, bureau by bureau in short transactions; repeating it does no harm.

    Raises Busy where the holder lost the lease; from then on it writes nothing.
    """
    for units in step_rows.groups_of_units(request):
        with reading_all(engine) as connection:
            is_any = risk_objects.is_any(connection, units)  # units above the bureaus have none, mostly
            events = line_events.rows(connection, units, request) if is_any else pd.DataFrame()
        with lease.writing_as(engine, holder) as connection:
            _replace(connection, line_outages, units, request, events)
        with reading_all(engine) as connection:
            found = _judged(connection, units, request) if is_any else NOTHING
        with lease.writing_as(engine, holder) as connection:
            _replace(connection, risk_findings, units, request, found.findings)
            _replace(connection, stored_objects, units, request, found.objects)


def _judged(connection: Connection, units: Sequence[int], request: Request) -> Judged:
    """Rows of risk_findings and risk_objects."""
    months = months_to_judge(request)
    if not months:
        return NOTHING
    versions = {month: version_on(request.rules["risk"], as_of(month, request)) for month in months}
    limits = {month: version.body["RL2"] for month, version in versions.items()}
    facts = risk_facts.read(connection, units, limits, request.covered)
    changes = risk_objects.customers(connection, facts.objects, units, months[-1])
    before = _met_before(connection, facts, units)
    return risk_judged.judge(facts, changes, before, request)


def _met_before(connection: Connection, facts: RiskFacts, units: Sequence[int]) -> Met:
    """Which objects met which rules at the month-end before the first, as stored."""
    c = stored_objects.c
    statement = select(c.object_kind, c.bureau_id, c.object_code, c.rules).where(
        c.org_unit_id.in_(units), c.month == add_months(facts.months[0], -1)
    )
    rows = arrow_rows.read(connection, statement)
    is_line = rows["object_kind"].to_pandas().astype(object).to_numpy() == "line"
    both = [facts.objects.of(kind, rows["bureau_id"], rows["object_code"]) for kind in OF_KIND]
    place = np.where(is_line, *both)
    words = rows["rules"].combine_chunks()
    bits = [
        sum((f";{code};" in one) << at for at, code in enumerate(CODES))
        for one in words.dictionary.to_pylist()
    ]
    found = np.zeros(len(facts.objects.frame), dtype=np.int64)
    known = place >= 0
    found[place[known]] = np.array(bits, dtype=np.int64)[words.indices.to_numpy()[known]]
    return found


def _replace(
    connection: Connection, table: Table, units: Sequence[int], request: Request, rows: pd.DataFrame
) -> None:
    """The rows instead of those that the table has for the units and months."""
    in_time = table.c.month.between(request.first_month, request.last_month)
    connection.execute(delete(table).where(table.c.org_unit_id.in_(units), in_time))
    if len(rows):
        arrow_rows.write(connection, table, arrow_rows.of_frame(rows, table))


def own_values(connection: Connection, request: Request) -> pd.DataFrame:
    """Own values of everything in MEASURES, see data_access/measures/request.py."""
    c = stored_objects.c
    keys = (c.org_unit_id, c.month, c.object_kind, c.level, c.has_entered)
    statement = (
        select(*keys, func.count().label("value"))
        .where(c.month.between(request.first_month, request.last_month))
        .group_by(*keys)
    )
    if request.units is not None:
        statement = statement.where(c.org_unit_id.in_(request.units))
    rows = [tuple(row) for row in connection.execute(statement)]
    counts = pd.DataFrame(rows, columns=[*(key.name for key in keys), "value"])
    if counts.empty:
        return pd.DataFrame(columns=COLUMNS)
    counts["period_start"] = pd.to_datetime(counts["month"]).astype("datetime64[s]")
    counts = counts.assign(
        measure="risk_" + counts["object_kind"] + "s", grain="month", dimension="", member=""
    )
    entered = counts[counts["has_entered"].astype(bool)]
    counts = pd.concat([counts, entered.assign(measure=entered["measure"] + "_entered")])
    by_level = counts.assign(dimension="level", member=counts["level"].astype(str))
    found = pd.concat([counts, by_level])
    keys = [name for name in COLUMNS if name != "value"]
    return found.groupby(keys, as_index=False)["value"].sum()[COLUMNS]
