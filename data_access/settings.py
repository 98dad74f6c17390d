"""The few settings of a process: environment variables, and secrets.toml for what must stay secret."""

import math
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE = PROJECT / "var" / "dashboard.db"
CALLED_BACK_AT = "/oauth2callback"
OF_SIGN_IN = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
LAST_PORT = 65535
SHORTEST_SECRET = 32  # whoever guesses the cookie's secret signs in as anybody


def database_url() -> str:
    """Address of the database: DATABASE_URL, else a SQLite file in var/."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{DEFAULT_DATABASE}"


def port() -> int:
    """Where the server listens: PORT, else 8501. Raises InvalidInput."""
    given = os.environ.get("PORT") or "8501"
    if not (given.isascii() and given.isdigit() and len(given) <= 5 and 0 < int(given) <= LAST_PORT):
        raise InvalidInput("port", given=given)
    return int(given)


def secrets_file() -> Path:
    """Where secrets lie: SECRETS_FILE, else .streamlit/secrets.toml. The server tells Streamlit the same."""
    return Path(os.environ.get("SECRETS_FILE") or PROJECT / ".streamlit" / "secrets.toml")


@cache
def _secrets(file: Path) -> Mapping[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput("secrets_unreadable", file=file, why=error) from error


def secret(name: str) -> str:
    """What nobody but the servers may know: environment variable NAME, else secrets.toml."""
    return os.environ.get(name.upper()) or str(_secrets(secrets_file()).get(name, ""))


def has_sign_in() -> bool:
    """Whether people sign in, with an identity provider: [auth] stands in secrets.toml."""
    return "auth" in _secrets(secrets_file())


def sign_in_hours() -> float:
    """How long a sign-in holds: SIGN_IN_HOURS, else 8. Raises InvalidInput."""
    given = os.environ.get("SIGN_IN_HOURS") or "8"
    try:
        hours = float(given)
    except ValueError:
        hours = math.nan
    if not 0 < hours <= 24 * 30:  # the cookie that says who it is lasts 30 days
        raise InvalidInput("sign_in_hours", given=given)
    return hours


def sign_in_problems() -> list[InvalidInput]:
    """All by which [auth], where it is there, would not work, or would let others in."""
    found: list[InvalidInput] = []
    file = secrets_file()
    try:
        sign_in_hours()
    except InvalidInput as error:
        found.append(error)
    if os.environ.get("SECRETS_FILE") and not file.is_file():
        return [*found, InvalidInput("secrets_missing", file=file)]
    try:
        if not has_sign_in():
            return found
    except InvalidInput as error:
        return [*found, error]
    auth = _secrets(file)["auth"]
    given = auth if isinstance(auth, Mapping) else {}
    if missing := [name for name in OF_SIGN_IN if not given.get(name)]:
        found.append(InvalidInput("auth_lacks", file=file, missing=", ".join(missing)))
    if "cookie_secret" not in missing and len(str(given["cookie_secret"])) < SHORTEST_SECRET:
        found.append(InvalidInput("auth_secret_short", file=file, n=SHORTEST_SECRET))
    if "redirect_uri" not in missing and urlsplit(str(given["redirect_uri"])).path != CALLED_BACK_AT:
        found.append(InvalidInput("auth_redirect", file=file, path=CALLED_BACK_AT))
    return found


def sign_in_address(port: int = 8501) -> str:
    """Where people open the dashboard, with sign-in: of [auth] redirect_uri, which may say {port}."""
    uri = urlsplit(str(_secrets(secrets_file())["auth"]["redirect_uri"]).replace("{port}", str(port)))
    return f"{uri.scheme}://{uri.netloc}"


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
