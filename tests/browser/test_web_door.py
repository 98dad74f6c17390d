"""What only a browser can say of the door: its policy lets every page work, and a text stays a text."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from data_access import database
from data_access.engine import engine_for
from data_access.transactions import writing, writing_all
from tests import evil
from tests.browser.server import get, running

WATCH = """window.broken = []; document.addEventListener('securitypolicyviolation',
    one => window.broken.push(one.effectiveDirective + ' ' + one.blockedURI))"""
SECTIONS = ("events", "causes", "calendar", "frequent", "worst", "promises", "ongoing")
PATHS = (
    "",
    "detail?kpi=saidi&period=12m",
    "detail?kpi=saidi&period=12m&view=records",
    "detail?kpi=saidi&view=definition",
    *(f"reliability?period=12m&section={one}" for one in SECTIONS),
    "definitions",
    "imports?view=history",
    "imports?view=waiting",
    "records?record=units",
)


@pytest.fixture(scope="module")
def evil_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server whose database tries to be more than text."""
    folder = tmp_path_factory.mktemp("evil")
    shutil.copy(demo_template, folder / "evil.db")
    engine = engine_for(f"sqlite:///{folder / 'evil.db'}")
    evil.fill(engine)
    engine.dispose()
    with running(f"sqlite:///{folder / 'evil.db'}", folder / "log.txt") as url:
        yield url


def _watched(visit, **options):
    visitor = visit(**options)
    visitor.page.add_init_script(WATCH)
    visitor.page.on("dialog", lambda one: (visitor.complaints.append(one.message), one.dismiss()))
    return visitor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_policy_lets_every_page_work_and_no_text_becomes_more_than_text(visit, evil_server, scheme):
    """Charts, tables and menus work under it; nothing of a text is run, drawn, linked or asked for."""
    visitor = _watched(visit, server=evil_server, color_scheme=scheme)
    for path in PATHS:
        page = visitor.open(path)
        for chart in page.locator("[data-testid=stVegaLiteChart]").all()[:2]:
            chart.hover(force=True)  # its tooltip shows names

        assert page.evaluate("window.broken") == [], path
        assert page.locator("a[href*=example], a[href^=javascript], [onerror]").count() == 0, path
        assert page.locator("img[src*=example], img[src=x], img[src$='/x']").count() == 0, path
        assert page.locator("[data-testid=stMain] .katex").count() == 0, path
        assert page.locator("[data-testid=stException]").count() == 0, path
    assert visitor.foreign == []
    assert visitor.complaints == []


def test_a_trick_is_read_as_it_was_written(visit, evil_server):
    page = visit(server=evil_server).open("detail?kpi=saidi")

    shown = page.locator(".st-key-path").inner_text().replace("\u2060", "")
    assert evil.EVIL in shown


def test_files_leave_under_the_policy(visit):
    visitor = _watched(visit)
    page = visitor.open("detail?kpi=saidi&view=records")
    for key, ending in (("records_csv", ".csv"), ("records_xlsx", ".xlsx")):
        with page.expect_download() as started:
            page.locator(f".st-key-{key} button").click()
        assert started.value.suggested_filename.endswith(ending)

    assert page.evaluate("window.broken") == []


def test_a_table_on_screen_offers_no_file_that_a_spreadsheet_could_run(visit):
    page = visit().open("detail?kpi=saidi&view=records")
    page.locator("[data-testid=stDataFrame]").first.hover()
    page.locator("[aria-label^='Fullscreen']").first.wait_for()

    hidden = page.locator("[aria-label^='Download as CSV']")
    assert hidden.count() >= 1
    assert not hidden.first.is_visible()


def test_a_file_is_taken_in_and_shown_as_text_under_the_policy(visit, real_server, tmp_path):
    visitor = _watched(visit, server=real_server)
    page = visitor.open("imports?kind=outages")
    header = f'outage_key,step_key,unit,kind,cause,interrupted_at,"{evil.EVIL}"\n'
    row = f'o,s,S1,fault,"{evil.EVIL}",2026-01-05 08:00,"{evil.EVIL}"\n'
    file = tmp_path / "<img src=x onerror=alert(1)> [x](javascript:alert(1)).csv"
    file.write_text(header + row)
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", file)
    page.locator(".st-key-start").wait_for()
    visitor.settle()

    assert file.name in page.locator("[data-testid=stMain]").inner_text().replace("\u2060", "")
    assert page.evaluate("window.broken") == []
    assert page.locator("a[href*=example], a[href^=javascript], img[src*=example], img[src=x]").count() == 0
    assert visitor.foreign == []
    assert visitor.complaints == []


@pytest.fixture
def real_server(sqlite_url: str, sqlite_engine: object, tmp_path: Path) -> Iterator[str]:
    """Address of a server on an empty database for real data."""
    with writing(sqlite_engine) as connection:
        database.settle(connection, "real")
    with running(sqlite_url, tmp_path / "log.txt", UPLOADS=str(tmp_path / "uploads")) as url:
        yield url


def test_a_mistake_shows_a_sentence_with_a_number_and_the_log_has_the_rest(visit, demo_url, tmp_path):
    log = tmp_path / "log.txt"
    with running(demo_url, log) as server:
        with writing_all(engine_for(demo_url)) as connection:
            connection.execute(text("DROP TABLE frequent_outage_list"))
        page = visit(server=server).open("reliability?section=frequent")
        alert = page.locator("[data-testid=stMain] [data-testid=stAlert]")
        said, number = alert.inner_text(), alert.locator("strong").inner_text()

        assert "请将编号" in said
        assert "frequent_outage_list" not in page.content()
        assert page.locator("[data-testid=stException]").count() == 0
    written = log.read_text()
    assert f"Error {number} on a page" in written
    assert "no such table: frequent_outage_list" in written
    assert "Uncaught app execution" not in written


def test_figures_of_the_server_are_not_for_strangers(demo_server):
    assert get(f"{demo_server}/_stcore/metrics")[0] == 404
    assert get(f"{demo_server}/_stcore/agent/openapi.json")[0] == 404
    assert get(f"{demo_server}/_stcore/health")[0] == 200
    assert get(demo_server, {"Host": "evil.example"})[0] == 400
