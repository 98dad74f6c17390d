"""A company of three stations for tests of imports, and files for it."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, select

from data_access import org_units
from data_access.imports import run
from data_access.imports.finishing import ImportResult
from data_access.tables import metadata
from domain.mapping import FileMapping, from_toml
from domain.viewer import Viewer
from tests.built_once import built_once

UNITS = """code,name,level,parent,name_en
P,南省,province,,South
C1,甲市,city,P,
C2,乙市,city,P,
S1,甲一所,station,C1,
S2,甲二所,station,C1,
S3,乙一所,station,C2,
"""
LINES = "line_code,name,unit,kind\nL1,一线,S1,公用\nL2,二线,S2,专用\n"
AREAS = "area_code,name,unit,kind,line_code\nA1,台一,S1,公变,L1\nA2,台二,S2,公变,L2\nA3,台三,S3,专变,\n"
OUTAGES = """step_key,outage_key,unit,area_code,kind,cause,customers,interrupted_at,restored_at
s1,o1,S1,A1,故障,tree,100,2024-03-01 08:00,2024-03-01 09:00
s2,o1,S1,A1,故障,tree,50,2024-03-01 08:00,2024-03-01 10:30
s3,o2,S2,A2,计划,planned_works,20,2024-03-31 23:30,2024-04-01 01:00
s4,o3,S3,A3,故障,wind,7,2024-04-02 12:00,
"""
STALE = {"stale_marks", "audit_log", "audit_head"}


def administrator(engine: Engine) -> Viewer:
    """Somebody who may import for the whole company."""
    return Viewer(None, "tester", frozenset({"administrator"}), org_units.whole_company(engine))


def write(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def take(
    engine: Engine,
    folder: Path,
    kind: str,
    content: str | bytes,
    mapping: str | None = None,
    **options: object,
) -> ImportResult:
    """Import a file with that content; mapping is the text of a mapping file without its kind.

    viewer: who brings it, the administrator unless said otherwise.
    """
    viewer = options.pop("viewer", None) or administrator(engine)
    name = str(options.pop("name", f"{kind}.csv"))
    path = write(folder, content, name)
    read: FileMapping | None = from_toml(f'kind = "{kind}"\n{mapping}') if mapping is not None else None
    return run.import_file(engine, viewer, kind, path, read, run.Options(**options))


def company(engine: Engine, folder: Path) -> Engine:
    """The database with units, lines and areas."""
    _take_company(engine, folder)
    return engine


@built_once
def _take_company(engine: Engine, folder: Path) -> None:
    for kind, content in (("units", UNITS), ("lines", LINES), ("areas", AREAS)):
        take(engine, folder, kind, content)


def dump(engine: Engine, without: set[str] = frozenset()) -> Mapping[str, list[tuple]]:
    """Every row of every table, in an order of its own."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in without
        }


def rows(engine: Engine, table: object, *columns: str) -> list[tuple]:
    """Those columns of a table, sorted."""
    with engine.connect() as connection:
        found = connection.execute(select(*(table.c[name] for name in columns)))
        return sorted((tuple(row) for row in found), key=repr)


def errors(caught):
    """The errors among the problems of a refused file, from pytest.raises(FileRejected)."""
    return [one for one in caught.value.problems if one.severity == "error"]


def codes(caught):
    """The codes of a refused file's errors."""
    return {one.code for one in errors(caught)}
