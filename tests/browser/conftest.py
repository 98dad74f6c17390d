"""A real Chromium on the real server with the demo company."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser.install import system_chromium
from tests.browser.server import running

SCREEN = {"width": 1366, "height": 768}
WAIT_MS = 60_000
OPTIONS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # page.route() would be asked for every file
]


@pytest.fixture(scope="session")
def demo_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on a copy of the demo company."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(demo_template, folder / "demo.db")
    with running(f"sqlite:///{folder / 'demo.db'}", folder / "log.txt") as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per process of the run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=OPTIONS)
        yield browser
        browser.close()


class Visit:
    """One visitor: opens pages, and remembers what left the machine and what the browser complained of."""

    def __init__(self, page: Page, server: str):
        self.page = page
        self.server = server
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(WAIT_MS)

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.foreign.append(request.url)

    def open(self, path: str = "") -> Page:
        """Open a page and wait until its script has come to an end."""
        self.page.goto(f"{self.server}/{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing runs any more and something is shown."""
        self.page.wait_for_selector('[data-testid="stMain"] [data-testid="stElementContainer"]')
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        # Not wait_for_function(): it would have to evaluate a text, which the page's policy forbids.
        expect(self.page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=WAIT_MS)


@pytest.fixture
def visit(chromium: Browser, demo_server: str) -> Iterator[Callable[..., Visit]]:
    """Makes a visitor with a language and a screen."""
    contexts = []

    def make(locale: str = "zh-CN", server: str = demo_server, **options: object) -> Visit:
        contexts.append(chromium.new_context(locale=locale, viewport=SCREEN, **options))
        return Visit(contexts[-1].new_page(), server)

    yield make
    for context in contexts:
        context.close()
