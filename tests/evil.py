"""Texts that try to be more than text, put into every field of a database that people or files may fill."""

from collections.abc import Iterator

from google.protobuf.message import Message
from sqlalchemy import Engine, String, cast, literal, select, update

from data_access.tables import metadata
from data_access.tables.rules import rule_versions
from data_access.transactions import writing_all

TRICKS = (
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    r"$\href{javascript:alert(1)}{x}$",
    "![x](http://example.invalid/x)",
    ":red[x]",
    ":material/home:",
    "http://example.invalid",
    "`x`",
    "**x**",
)
EVIL = "停电 " + " ".join(TRICKS) + " 完"
FREE = {  # columns that hold what somebody wrote
    "by_name", "decided_by", "expected", "file_name", "name", "name_en", "note", "reason", "set_by",
    "source_key", "told_by", "undo_reason", "undone_by",
}  # fmt: skip
ALSO = {("import_warnings", "value"), ("org_units", "code"), ("targets", "source"), ("notices", "channel")}
NOT_THESE = {"audit_log", "audit_head"}  # no row of theirs may change


def fill(engine: Engine) -> None:
    """Put EVIL into every free text of the database; units keep their number behind it, to be told apart."""
    with writing_all(engine) as connection:
        for table in metadata.sorted_tables:
            names = [one.name for one in table.columns if one.name in FREE or (table.name, one.name) in ALSO]
            if not names or table.name in NOT_THESE:
                continue
            text = literal(f"{EVIL} ")
            if table.name == "org_units":
                text = text + cast(table.c.id, String)
            connection.execute(
                update(table).values({name: text for name in names if not _is_key(table, name)})
            )
        causes = rule_versions.c.rule_set == "causes"
        for version, body in connection.execute(
            select(rule_versions.c.version, rule_versions.c.body).where(causes)
        ).all():
            evil = {code: one | {"name_zh": EVIL, "name_en": EVIL} for code, one in body.items()}
            here = update(rule_versions).where(causes, rule_versions.c.version == version)
            connection.execute(here.values(body=evil))


def _is_key(table: object, name: str) -> bool:
    return table.c[name].primary_key


# Where Streamlit shows text as it is, or shows none: (kind of element or message, field).
AS_IT_IS = {
    ("Dataframe", "columns"),  # headings are drawn on a canvas
    ("Selectbox", "options"),
    ("Selectbox", "raw_value"),
    ("MultiSelect", "options"),
    ("TextInput", "value"),
    ("TextInput", "default"),
    ("TextArea", "value"),
    ("NumberInput", "placeholder"),
    ("PageLink", "query_string"),
    ("DownloadButton", "file_name"),
    ("DownloadButton", "url"),
}
NEVER_SHOWN = {"alt", "id", "key", "form_id", "query_param_key", "user_key", "placeholder", "element_hash"}


def as_markdown(message: Message) -> Iterator[tuple[str, str]]:
    """(message.field, text) of all texts in it that the browser may read as Markdown or HTML."""
    kind = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        if field.name in NEVER_SHOWN or (kind, field.name) in AS_IT_IS:
            continue
        several = list(value) if field.is_repeated else [value]
        for one in several:
            if isinstance(one, Message):
                yield from as_markdown(one)
            elif isinstance(one, str):
                yield f"{kind}.{field.name}", one
