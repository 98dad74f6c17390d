"""Mappings under a name: those that people saved, and the examples that ship in data_access/mappings."""

from pathlib import Path

from sqlalchemy import Engine, select

from data_access.engine import insert
from data_access.tables.imports import import_mappings
from data_access.transactions import reading, writing
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.mapping import FileMapping, as_toml, from_toml
from domain.periods import utc_now
from domain.viewer import Viewer, import_act

EXAMPLES = Path(__file__).with_name("mappings")


def names(engine: Engine, viewer: Viewer, kind: str) -> list[str]:
    """Saved names of the kind, then the shipped examples; none for who may not import it."""
    if not viewer.may(import_act(kind)):
        return []
    statement = (
        select(import_mappings.c.name).where(import_mappings.c.kind == kind).order_by(import_mappings.c.name)
    )
    with reading(engine, viewer.scope) as connection:
        saved = list(connection.execute(statement).scalars())
    shipped = [path.stem for path in sorted(EXAMPLES.glob("*.toml")) if _example(path.stem).kind == kind]
    return saved + [name for name in shipped if name not in saved]


def load(engine: Engine, viewer: Viewer, kind: str, name: str) -> FileMapping:
    """The mapping of that name. Raises NotAllowed, NotFound; InvalidInput where it no longer fits."""
    if not viewer.may(import_act(kind)):
        raise NotAllowed(import_act(kind))
    statement = select(import_mappings.c.body).where(
        import_mappings.c.kind == kind, import_mappings.c.name == name
    )
    with reading(engine, viewer.scope) as connection:
        body = connection.scalar(statement)
    if body is not None:
        return from_toml(body)
    if name in {path.stem for path in EXAMPLES.glob("*.toml")}:
        found = _example(name)
        if found.kind == kind:
            return found
    raise NotFound(name)


def save(engine: Engine, viewer: Viewer, name: str, mapping: FileMapping) -> None:
    """Keep the mapping under the name, instead of an older one. Raises NotAllowed, InvalidInput."""
    if not viewer.may(import_act(mapping.kind)):
        raise NotAllowed(import_act(mapping.kind))
    name = name.strip()
    if not name or len(name) > 80:
        raise InvalidInput("mapping_name")
    values = {"body": as_toml(mapping), "by_name": viewer.name, "at": utc_now()}
    statement = insert(engine, import_mappings).values(kind=mapping.kind, name=name, **values)
    with writing(engine, viewer.scope) as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["kind", "name"], set_=values))


def _example(name: str) -> FileMapping:
    return from_toml((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
