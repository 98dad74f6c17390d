"""The real file of BC Hydro's outages of 2024, brought in once for all tests on it."""

from pathlib import Path

from sqlalchemy import Engine

from data_access import settings
from data_access.imports import run
from data_access.imports.finishing import ImportResult
from domain.mapping import FileMapping, from_toml
from tests.built_once import built_once
from tests.data_access.importing import administrator

FILE = settings.sample_data() / "bchydro_outages_2024" / "365Days.csv.gz"
MAPPINGS = Path("data_access/mappings")
ZONE = "America/Vancouver"  # COMPANY_TIMEZONE of whoever takes it


def mapping(name: str) -> FileMapping:
    """The mapping of that name."""
    return from_toml((MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"))


@built_once
def taken(engine: Engine) -> ImportResult:
    """What came of its outages."""
    return run.import_file(engine, administrator(engine), "outages", FILE, mapping("bchydro_outages"))
