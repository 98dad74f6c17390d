"""The server as a company runs it: people sign in, and each sees the units of a role."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, insert, select

from data_access.tables.org import grants, org_units, people
from data_access.transactions import writing_all
from tests.browser.install import system_chromium
from tests.browser.provider import providing, secrets, sign_in
from tests.browser.server import running

EMAIL, TYPED = "bench@example.com", "bench"


@dataclass(frozen=True)
class Served:
    """A running server and the cookies of somebody who has signed in there."""

    url: str
    cookies: Mapping[str, str]


def add_manager(engine: Engine, code: str) -> None:
    """Somebody who may see the unit and all below it."""
    with writing_all(engine) as connection:
        unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == code))
        person = connection.scalar(insert(people).values(name="bench", email=EMAIL).returning(people.c.id))
        role = {"person_id": person, "role": "manager", "org_unit_id": unit, "valid_from": date(2020, 1, 1)}
        connection.execute(insert(grants).values(**role))


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[Served]:
    """A server with sign-in, at which the manager has signed in through the provider's page."""
    with providing({TYPED: {"email": EMAIL}}) as provider:
        file = secrets(provider, folder / "secrets.toml")
        with running(database_url, folder / "server.txt", SECRETS_FILE=file) as url:
            yield Served(url, _cookies(url))


def _cookies(url: str) -> dict[str, str]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.goto(url)
        sign_in(page, TYPED)
        page.wait_for_selector(".st-key-sign_out button")
        kept = {one["name"]: one["value"] for one in page.context.cookies()}
        browser.close()
    return kept
