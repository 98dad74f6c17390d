"""The second lock on PostgreSQL: row-level security on every table of facts, so that a query that forgets
scope.within() still gives nothing of others.

Two roles (decisions: row-level security): the owner migrates; the app role, which servers and commands use,
owns nothing and is held to the policies. transactions.py says in each transaction whose units it is for;
where nobody says so, there are no rows. Whoever works for the whole company says "*".
"""

from collections.abc import Iterator

from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Engine, Table, text

from data_access.engine import is_sqlite
from data_access.tables import metadata
from domain.errors import InvalidInput

# Distributed tables without policies, with the reason.
OPEN = {
    "audit_head": "numbers and hashes only; every writer of the log locks one",
    "rectification_numbers": "the last number of a year; who makes an item takes the next, for whatever unit",
    "stale_marks": "what refresh has to do; no figures",
}
# Rows of units above are read too: what they set holds for the units below.
FROM_ABOVE = {
    "major_event_dates",
    "major_event_dates_past",
    "major_event_days",
    "med_thresholds",
    "source_coverage",
    "targets",
    "targets_past",
}
# What an imported row without a unit of its own is about; one is seen where the other is.
IMPORTED_ABOUT = {
    "area_customers": ("areas", "area_code"),
    "area_loads": ("areas", "area_code"),
    "load_points": ("areas", "area_code"),
    "patrols": ("damage_sites", "site_key"),
    "restoration_promises": ("outages", "outage_key"),
    "transformers": ("areas", "area_code"),
    "voltage_days": ("areas", "area_code"),
}
ABOUT = {
    **IMPORTED_ABOUT,
    **{f"{name}_past": about for name, about in IMPORTED_ABOUT.items()},
    "notice_areas": ("notices", "notice_key"),
    "rectification_extensions": ("rectifications", "item_id"),
    "rectification_files": ("rectifications", "item_id"),
    "rectification_log": ("rectifications", "item_id"),
}
# Rows of other units that are read too, because one's own figures speak of them.
ALSO = {
    # Interruptions of an area are its unit's, wherever booked; who sees an outage sees all its steps.
    "outage_steps": [("areas", "area_code"), ("outages", "outage_key")],
    "outages": [("lines", "line_code")],
    "notices": [("outages", "outage_key")],
    "lines": [("areas", "line_code"), ("line_months", "line_code")],
}
ALL = "(SELECT viewer_sees_all())"
BELOW = "SELECT descendant_id FROM org_closure WHERE ancestor_id = ANY ((SELECT viewer_units())::int[])"
ABOVE = "SELECT ancestor_id FROM org_closure WHERE descendant_id = ANY ((SELECT viewer_units())::int[])"
OTHER_TOP = "SELECT 1 FROM org_units WHERE parent_id IS NULL AND id <> ALL ((SELECT viewer_units())::int[])"
EXEMPT = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
OWNS = text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'org_units'")
FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION viewer_sees_all() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('app.viewer_units', true), '') = '*' $$""",
    """CREATE OR REPLACE FUNCTION viewer_units() RETURNS int[] LANGUAGE sql STABLE AS
    $$ SELECT CASE WHEN coalesce(current_setting('app.viewer_units', true), '') IN ('', '*') THEN '{}'::int[]
       ELSE string_to_array(current_setting('app.viewer_units', true), ',')::int[] END $$""",
    # Whether an outage has a step of the viewer's units or areas. Policies may not look at each other in a
    # circle, so this one looks past them, at the outage asked about and nothing else.
    """CREATE OR REPLACE FUNCTION outage_touches(bureau text, outage text, units int[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 1000 AS
    $$ SELECT EXISTS (
         SELECT 1 FROM public.outage_steps AS step LEFT JOIN public.areas USING (bureau_id, area_code)
         WHERE step.bureau_id = bureau AND step.outage_key = outage AND EXISTS (
           SELECT 1 FROM public.org_closure WHERE ancestor_id = ANY (units)
           AND descendant_id IN (step.org_unit_id, areas.org_unit_id))) $$""",
)
# Only while that function runs, as its owner; somebody who only took another role on is not the owner.
OWNER = "(SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'outage_steps')"
ASKED_BY_IT = f"(SELECT current_user <> session_user AND current_user = {OWNER})"
TOUCHED = "outage_touches(bureau_id, outage_key, (SELECT viewer_units()))"


def is_guarded(table: Table) -> bool:
    """Whether the table has policies on PostgreSQL."""
    return table.schema is None and table.info.get("citus") == "distributed" and table.name not in OPEN


def is_owner(engine: Engine) -> bool:
    """Whether the tables are those of whom the engine connects as; SQLite's are everybody's."""
    if is_sqlite(engine):
        return True
    with engine.connect() as connection:
        return bool(connection.scalar(OWNS))


def holds(connection: Connection) -> bool:
    """Whether the policies hold for whom the connection works as; SQLite has none that could."""
    return is_sqlite(connection) or not connection.scalar(EXEMPT)


def guard(connection: Connection) -> None:
    """Put every table of facts of this code under its policies; at each migration, by the owner."""
    if not is_sqlite(connection) and connection.scalar(OWNS):
        for statement in _statements():
            connection.exec_driver_sql(statement)


def _statements() -> Iterator[str]:
    yield from FUNCTIONS
    for table in filter(is_guarded, metadata.sorted_tables):
        name = table.name
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"  # the owner too
        for policy, rule in _policies(table):
            yield f"DROP POLICY IF EXISTS {policy} ON {name}"
            yield f"CREATE POLICY {policy} ON {name} {rule}"


def _policies(table: Table) -> Iterator[tuple[str, str]]:
    name = table.name
    if name == "audit_log":  # everybody adds; a row may speak of a unit that is gone, or of none
        seen = f"org_unit_id IN ({BELOW}) OR NOT EXISTS ({OTHER_TOP})"
        yield "seen", f"FOR SELECT USING ({ALL} OR {seen})"
        yield "added", "FOR INSERT WITH CHECK (true)"
        return
    own = _like(name, *ABOUT[name]) if name in ABOUT else f"org_unit_id IN ({BELOW})"
    yield "own", f"USING ({ALL} OR {own}) WITH CHECK ({ALL} OR {own})"
    if name in FROM_ABOVE:
        yield "from_above", f"FOR SELECT USING (org_unit_id IN ({ABOVE}))"
    if name in ("areas", "outage_steps"):
        yield "asked_by_function", f"FOR SELECT USING ({ASKED_BY_IT})"
    if name in ALSO:
        also = [_like(name, *one) for one in ALSO[name]] + [TOUCHED] * (name == "outages")
        yield "also", f"FOR SELECT USING ({' OR '.join(also)})"


def _like(name: str, other: str, key: str) -> str:
    """Condition: a row of the other table with the same key is seen."""
    same = f"other.bureau_id = {name}.bureau_id AND other.{key} = {name}.{key}"
    return f"EXISTS (SELECT 1 FROM {other} AS other WHERE {same})"  # noqa: S608 our own names


def give(connection: Connection, role: str) -> None:
    """Let the app role read and write what the app may, now and after later migrations.

    To be run by the owner. Raises InvalidInput("app_role", role) for one that is absent, or that no policy
    holds: a superuser, one with BYPASSRLS, or the owner.
    """
    found = connection.execute(
        text("SELECT rolsuper OR rolbypassrls OR rolname = current_user FROM pg_roles WHERE rolname = :role"),
        {"role": role},
    ).first()
    if found is None or found[0]:
        raise InvalidInput("app_role", role=role)
    database = connection.scalar(text("SELECT current_database()"))
    for one in (
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}",
        "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
        "REVOKE UPDATE, DELETE ON audit_log FROM {role}",
    ):
        spelt = SQL(one).format(database=Identifier(database), role=Identifier(role))
        connection.exec_driver_sql(spelt.as_string())
    if connection.scalar(text("SELECT current_setting('server_version_num')::int >= 170000")):
        analyse = SQL("GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {}").format(Identifier(role))
        connection.exec_driver_sql(analyse.as_string())  # refresh renews the planner's statistics
