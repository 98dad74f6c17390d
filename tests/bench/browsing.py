"""How long a person waits: from the start of the server to the first page, and from a choice to its paint."""

import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.bench import sessions
from tests.browser.install import system_chromium
from tests.browser.server import running

CHOICES = 20
OPEN_WITHIN_MS = 60_000
# Presses the comparison that is not chosen; ends when the first card says otherwise and has been painted.
CHOOSE = """() => new Promise(done => {
  const card = () => document.querySelector("[class*='st-key-card_']").innerText;
  const choices = [...document.querySelectorAll(".st-key-pick_compare button")];
  const other = choices.find(one => one.getAttribute("aria-checked") !== "true");
  const before = card(), began = performance.now();
  const look = () => card() === before ? requestAnimationFrame(look)
    : requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  other.click();
  requestAnimationFrame(look);
})"""


def seconds_to_first_page(url: str, folder: Path, query: str) -> float:
    """From starting the process to the end of the overview's first run; the database is there."""
    started = time.perf_counter()
    with running(url, folder / "start.txt") as server:
        sessions.load(server, "", query, 1, 1)
        return time.perf_counter() - started


def milliseconds_to_paint(server: str, query: str, cookies: Mapping[str, str]) -> np.ndarray:
    """From pressing another comparison on the overview to the painted card, in Chromium; once per choice."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.context.add_cookies(
            [{"name": name, "value": value, "url": server} for name, value in cookies.items()]
        )
        page.set_default_timeout(OPEN_WITHIN_MS)
        page.goto(f"{server}/?{query}")
        page.wait_for_selector("[class*='st-key-row_'], [data-testid='stAlert']")
        found = []
        for _ in range(CHOICES + 2):
            page.wait_for_timeout(300)
            found.append(page.evaluate(CHOOSE))
        browser.close()
    return np.array(found[2:])  # the first of each choice read the database
