"""Audit log as chains to which rows are only added; people by e-mail; named views

Acts of before are put into the chain of the whole company, in their order.
"""

import hmac
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

from data_access import audit_key
from domain.errors import WrongDatabase

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = ("at", "person_id", "by_name", "action", "subject", "before", "after", "reason")
UTC_TIME = sa.DateTime().with_variant(sqlite.DATETIME(truncate_microseconds=True), "sqlite")
APPEND_ONLY = "the audit log is only added to"


def upgrade() -> None:
    connection = op.get_bind()
    old = sa.Table("audit_log", sa.MetaData(), autoload_with=connection)
    earlier = connection.execute(sa.select(*(old.c[name] for name in KEPT)).order_by(old.c.id)).mappings().all()
    op.drop_table("audit_log")
    log = _make_audit_log()
    _make_saved_views()
    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("signed_in_at", sa.DateTime(), comment="when the provider last said who it is"))
        batch.add_column(
            sa.Column("version", sa.Integer(), server_default="1", nullable=False, comment="of the person with the grants")
        )
        batch.create_unique_constraint(op.f("uq_people_email"), ["email"])
    if earlier:
        _put_into_a_chain(connection, log, [dict(row) for row in earlier])
    _only_add()


def _put_into_a_chain(connection: sa.Connection, log: sa.Table, earlier: list[dict]) -> None:
    """Signed as rows were at this revision, whatever the code does later: it only says where the key lies."""
    key, no, last_hash = _key(connection), 0, ""
    for row in earlier:
        no += 1
        row |= {"bureau_id": "", "no": no, "org_unit_id": None, "is_change": True}
        said = row | {"at": row["at"].isoformat()}
        spelt = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row["hash"] = last_hash = _signed(key, last_hash + spelt)
    connection.execute(sa.insert(log), earlier)
    head = sa.table("audit_head", *map(sa.column, ("bureau_id", "last_no", "last_hash", "last_change_no")))
    end = {"bureau_id": "", "last_no": no, "last_hash": last_hash, "last_change_no": no}
    connection.execute(sa.insert(head).values(end))


def _key(connection: sa.Connection) -> bytes:
    """The key of this server, settled for the database by a mark, unless it was before."""
    info = sa.table("database_info", sa.column("key"), sa.column("value"), sa.column("at", UTC_TIME))
    mark = connection.scalar(sa.select(info.c.value).where(info.c.key == "audit_key"))
    key = audit_key.given(connection)
    if mark is None:
        key = key or audit_key.made(connection)
        mark = _signed(key, "audit_key")
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        connection.execute(sa.insert(info).values(key="audit_key", value=mark, at=now))
    if not key or not hmac.compare_digest(mark, _signed(key, "audit_key")):
        raise WrongDatabase("audit_key", file=audit_key.FILE)
    return key


def _signed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _make_audit_log() -> sa.Table:
    op.create_table(
        "audit_head",
        sa.Column("bureau_id", sa.String(60), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False, comment="'' before the first row"),
        sa.Column("last_change_no", sa.BigInteger(), nullable=False, comment="of the last row that changed something"),
        sa.PrimaryKeyConstraint("bureau_id", name=op.f("pk_audit_head")),
        comment="The end of each chain; locked by who adds to it.",
        info={"citus": "distributed"},
    )
    log = op.create_table(
        "audit_log",
        sa.Column("bureau_id", sa.String(60), nullable=False, comment="the unit's home key space; '': the company's"),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False, comment="1, 2, 3 ... without a gap"),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("org_unit_id", sa.Integer(), comment="not a key: the row outlives the unit; null: the company"),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("is_change", sa.Boolean(), nullable=False, comment="false: a sign-in, a refusal, something shown"),
        sa.Column("hash", sa.String(64), nullable=False, comment="HMAC of the row and of the hash before it"),
        sa.PrimaryKeyConstraint("bureau_id", "no", name=op.f("pk_audit_log")),
        comment="One row per act; in the same transaction as the change that it speaks of.",
        info={"citus": "distributed"},
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"])
    op.create_index(op.f("ix_audit_log_org_unit_id_at"), "audit_log", ["org_unit_id", "at"])
    return log


def _make_saved_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("page", sa.String(40), nullable=False, comment="path of the page in the address"),
        sa.Column("query", sa.Text(), nullable=False, comment="the filters, as the address spells them"),
        sa.Column("owner_id", sa.Integer(), comment="null: the local administrator"),
        sa.Column("org_unit_id", sa.Integer(), comment="shared with the unit; null: mine"),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["org_unit_id"], ["org_units.id"], name=op.f("fk_saved_views_org_unit_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_saved_views_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        comment="Filters of a page that somebody saved under a name.",
        info={"citus": "reference"},
    )
    op.create_index(op.f("ix_saved_views_owner_id"), "saved_views", ["owner_id"])


def _only_add() -> None:
    """The database itself refuses to change or remove a row of the log."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{act.lower()} BEFORE {act} ON audit_log "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        op.execute(  # INSERT OR REPLACE removes a row without asking the trigger of DELETE
            "CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log "
            "WHEN EXISTS (SELECT 1 FROM audit_log WHERE bureau_id = NEW.bureau_id AND no = NEW.no) "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_log_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION audit_log_only_added_to()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_only_added_to()"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC")


def downgrade() -> None:
    connection = op.get_bind()
    now = sa.Table("audit_log", sa.MetaData(), autoload_with=connection)
    later = connection.execute(sa.select(*(now.c[name] for name in KEPT)).order_by(now.c.at)).mappings().all()
    op.drop_table("audit_log")
    if connection.dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_log_only_added_to()")
    op.drop_table("audit_head")
    op.drop_table("saved_views")
    with op.batch_alter_table("people") as batch:
        batch.drop_constraint(op.f("uq_people_email"), type_="unique")
        batch.drop_column("version")
        batch.drop_column("signed_in_at")
    old = op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        comment="One row per act that changed something.",
        info={"citus": "reference"},
    )
    if later:
        op.bulk_insert(old, [dict(row) for row in later])
