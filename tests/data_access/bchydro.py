"""The real file of BC Hydro's outages of 2024, brought in once for all tests on it."""

from pathlib import Path

from data_access import settings
from data_access.imports import run
from data_access.imports.finishing import ImportResult
from domain.mapping import from_toml
from tests.built_once import built_once
from tests.data_access.importing import administrator

FILE = settings.sample_data() / "bchydro_outages_2024" / "365Days.csv.gz"
MAPPINGS = Path("data_access/mappings")
ZONE = "America/Vancouver"  # COMPANY_TIMEZONE of whoever takes it


def taken_by(engine, name: str) -> ImportResult:
    """What came of the file by the mapping with that name."""
    mapping = from_toml((MAPPINGS / f"{name}.toml").read_text(encoding="utf-8"))
    return run.import_file(engine, administrator(engine), mapping.kind, FILE, mapping)


@built_once
def taken(engine) -> ImportResult:
    """What came of its outages."""
    return taken_by(engine, "bchydro_outages")
