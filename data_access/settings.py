"""The few settings of a process: environment variables, and secrets.toml for what must stay secret."""

import os
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE = PROJECT / "var" / "dashboard.db"


def database_url() -> str:
    """Address of the database: DATABASE_URL, else a SQLite file in var/."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{DEFAULT_DATABASE}"


def secret(name: str) -> str:
    """What nobody but the servers may know: environment variable NAME, else .streamlit/secrets.toml."""
    if given := os.environ.get(name.upper()):
        return given
    file = PROJECT / ".streamlit" / "secrets.toml"
    return str(tomllib.loads(file.read_text(encoding="utf-8")).get(name, "")) if file.is_file() else ""


def audit_key() -> str:
    """Key of the audit log, AUDIT_KEY; '': the file that audit_key.py keeps."""
    return secret("audit_key")


def company_timezone() -> ZoneInfo:
    """Zone in which days and months begin: COMPANY_TIMEZONE, default Asia/Shanghai."""
    return ZoneInfo(os.environ.get("COMPANY_TIMEZONE") or "Asia/Shanghai")


def refresh_every_s() -> float:
    """Seconds after which a server looks again for figures to bring up to date: REFRESH_EVERY_S, else 60."""
    return float(os.environ.get("REFRESH_EVERY_S") or 60)


def sample_data() -> Path:
    """Folder with the public sample files: SAMPLE_DATA, default ../shared/data."""
    return Path(os.environ.get("SAMPLE_DATA") or PROJECT.parent / "shared" / "data")
