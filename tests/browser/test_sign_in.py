"""Signing in at a real identity provider, and what ends it: the whole way, in a real browser."""

import re
import shutil
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete, insert, select, update

from data_access.engine import engine_for
from data_access.tables.imports import import_jobs
from data_access.tables.org import grants, org_closure, org_units, people
from data_access.transactions import reading_all, writing_all
from domain.periods import utc_now
from tests.browser.provider import providing, secrets, sign_in
from tests.browser.server import free_port, running
from tests.browser.test_accessibility import barriers
from ui.failures import SIGNS

COUNTY = "060101"
SIGN_IN, SIGN_OUT = ".st-key-sign_in_button button", ".st-key-sign_out button"
MENU = '[data-testid="stSidebar"] [data-testid="stPageLink"] a'
MAIN = '[data-testid="stMain"]'
EVERY_PAGE = (
    "", "detail?kpi=saidi", "detail?kpi=saidi&view=records", "reliability", "reliability?section=calendar",
    "definitions", "imports", "records",
)  # fmt: skip
A_MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def provider():
    """Address of an identity provider that knows the demo's people by their numbers, and a stranger."""
    claims = {f"p{number}": {"email": f"P{number}@example.com"} for number in range(1, 60)}
    with providing(claims | {"stranger": {"email": "stranger@example.com"}}) as url:
        yield url


@pytest.fixture(scope="module")
def database(demo_template, tmp_path_factory):
    """Address of a demo company whose people have an address."""
    path = tmp_path_factory.mktemp("sign_in") / "demo.db"
    shutil.copy(demo_template, path)
    url = f"sqlite:///{path}"
    with writing_all(engine_for(url)) as connection:
        for one in connection.execute(select(people.c.id)).scalars().all():
            named = {"email": f"p{one}@example.com"}
            connection.execute(update(people).where(people.c.id == one).values(**named))
    return url


@pytest.fixture(scope="module")
def server(provider, database, tmp_path_factory):
    """Address of a server with sign-in."""
    folder = tmp_path_factory.mktemp("server")
    file = secrets(provider, folder / "secrets.toml")
    with running(database, folder / "log.txt", SECRETS_FILE=file) as url:
        yield url


def _person(database, role, code):
    """What to type at the provider to be the demo's person of that role and unit."""
    statement = (
        select(grants.c.person_id)
        .join(org_units, org_units.c.id == grants.c.org_unit_id)
        .where(grants.c.role == role, org_units.c.code == code)
    )
    with reading_all(engine_for(database)) as connection:
        return f"p{connection.execute(statement).scalars().first()}"


def _names_outside(database, code):
    """Names of the units that are neither the unit, nor below it, nor above it."""
    with reading_all(engine_for(database)) as connection:
        unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == code))
        below = select(org_closure.c.descendant_id).where(org_closure.c.ancestor_id == unit)
        above = select(org_closure.c.ancestor_id).where(org_closure.c.descendant_id == unit)
        theirs = org_units.c.id.in_(below) | org_units.c.id.in_(above)
        inside = set(connection.execute(select(org_units.c.name).where(theirs)).scalars())
        outside = set(connection.execute(select(org_units.c.name).where(~theirs)).scalars())
    return {name for name in outside if not any(name in one for one in inside)}


def test_who_signs_in_lands_on_the_page_that_was_wanted(visit, server, database):
    visitor = visit(server=server)
    page = visitor.open(f"detail?kpi=saidi&unit={COUNTY}&period=quarter")
    assert page.locator(MENU).count() == 0
    assert page.locator("[data-testid='stDialog']").count() == 0

    sign_in(page, _person(database, "manager", COUNTY))
    page.wait_for_selector(SIGN_OUT)
    visitor.settle()

    wanted = urlsplit(page.url)
    assert wanted.path == "/detail"
    said = parse_qs(wanted.query)
    assert (said["kpi"], said["unit"], said["period"]) == (["saidi"], [COUNTY], ["quarter"])
    assert "青溪县局" in page.locator(MAIN).inner_text()
    assert "单位负责人" in page.locator('[data-testid="stSidebar"]').inner_text()
    assert page.locator(".st-key-pick_viewer").count() == 0
    assert visitor.complaints == []


def test_a_county_lead_is_sent_nothing_of_another_unit(visit, server, database):
    """Not only not shown: what the server sends is read, with all options of pickers and rows of tables."""
    visitor = visit(server=server)
    received: list[bytes] = []
    visitor.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: received.append(_bytes(frame))),
    )
    page = visitor.open()
    sign_in(page, _person(database, "lead", COUNTY))
    page.wait_for_selector(SIGN_OUT)
    visitor.settle()
    for path in EVERY_PAGE:
        visitor.open(path)
        assert page.locator(SIGN_OUT).count() == 1, path

    sent = b"".join(received).decode(errors="ignore")
    assert "青溪县局" in sent
    outside = _names_outside(database, COUNTY)
    assert len(outside) > 100
    assert {name for name in outside if name in sent} == set()


def _bytes(frame):
    return frame if isinstance(frame, bytes) else frame.encode()


@pytest.mark.parametrize("page_name", ["", "detail", "reliability"])
def test_a_foreign_unit_in_the_address_looks_like_one_that_does_not_exist(visit, server, database, page_name):
    visitor = visit(server=server)
    page = visitor.open()
    sign_in(page, _person(database, "lead", COUNTY))
    page.wait_for_selector(SIGN_OUT)

    shown = []
    for code in ("060201", "NO-SUCH-UNIT"):
        visitor.open(f"{page_name}?unit={code}")
        shown.append(page.locator(MAIN).inner_text())

    assert shown[0] == shown[1]
    assert "没有找到，或不在您可查看的单位范围内。" in shown[0]


def test_a_sign_out_ends_it_in_every_tab_and_on_the_way_back(visit, server, database):
    visitor = visit(server=server)
    page = visitor.open("detail?kpi=saidi")
    sign_in(page, _person(database, "manager", COUNTY))
    page.wait_for_selector(SIGN_OUT)
    visitor.settle()
    tab = page.context.new_page()
    tab.goto(f"{server}/definitions")
    tab.wait_for_selector(SIGN_OUT)

    page.click(SIGN_OUT)
    page.wait_for_url("**/end_session**")
    page.get_by_role("button").first.click()
    page.wait_for_selector(SIGN_IN)

    assert [one["name"] for one in page.context.cookies() if one["name"].startswith("_streamlit_user")] == []
    page.go_back()
    page.go_back()
    page.wait_for_selector(SIGN_IN)
    assert urlsplit(page.url).path == "/detail"
    page.goto(f"{server}/detail?kpi=saidi")
    page.wait_for_selector(SIGN_IN)
    assert page.locator("svg .mark-line").count() == 0
    tab.locator(MENU).first.click()
    tab.wait_for_selector(SIGN_IN)


def test_a_page_that_runs_by_itself_ends_with_the_sign_in_and_no_file_is_made_after(
    visit, provider, database, tmp_path
):
    """Nobody clicks: the watcher of an import finds the sign-in over. A button shown before gives no file."""
    moment = utc_now()
    job = {"kind": "units", "file_name": "a.csv", "by_name": "demo", "request": {"host": "elsewhere"}}
    with writing_all(engine_for(database)) as connection:
        statement = insert(import_jobs).values(**job, state="running", started_at=moment, beat_at=moment)
        number = connection.execute(statement.returning(import_jobs.c.id)).scalar_one()
    settings = {"SECRETS_FILE": secrets(provider, tmp_path / "secrets.toml"), "SIGN_IN_HOURS": "0.008"}
    with running(database, tmp_path / "log.txt", **settings) as server:
        visitor = visit(server=server)
        page = visitor.open("detail?kpi=saidi&view=records")
        sign_in(page, _person(database, "administrator", "06"))
        page.wait_for_selector(".st-key-records_csv button")
        visitor.settle()
        with page.expect_download() as found:
            page.click(".st-key-records_csv button")
        assert found.value.suggested_filename.endswith(".csv")
        files = []
        page.on("download", lambda one: files.append(one))
        tab = page.context.new_page()
        tab.goto(f"{server}/imports?job={number}")
        tab.wait_for_selector(".st-key-stop_job button")

        tab.wait_for_selector(SIGN_IN, timeout=A_MINUTE_MS)

        assert "登录已超过 0.008 小时，请重新登录。" in tab.locator(MAIN).inner_text()
        assert tab.locator(MENU).count() == 0
        page.click(".st-key-records_csv button")
        refused = page.wait_for_selector("[data-testid='stDownloadButtonError']")
        assert "未生成文件" in refused.evaluate("place => getComputedStyle(place, '::after').content")
        page.locator(MENU).nth(1).click()  # the first click on anything else leads to the sign-in
        page.wait_for_selector(SIGN_IN)
        assert files == []


def test_a_grant_that_is_taken_away_is_out_within_a_minute(visit, server, database):
    """The person stays signed in at the provider all the time."""
    name = _person(database, "manager", "060102")
    visitor = visit("en-US", server=server)
    page = visitor.open()
    sign_in(page, name)
    page.wait_for_selector(SIGN_OUT)
    visitor.settle()

    with writing_all(engine_for(database)) as connection:
        connection.execute(delete(grants).where(grants.c.person_id == int(name[1:])))
    give_up = time.monotonic() + 90
    while "You have no access yet" not in page.locator(MAIN).inner_text() and time.monotonic() < give_up:
        time.sleep(2)
        visitor.open()

    text = page.locator(MAIN).inner_text()
    assert "You have no access yet" in text
    assert page.locator(MENU).count() == 0


@pytest.mark.parametrize("path", ["", "imports", f"detail?kpi=saidi&unit={COUNTY}"])
def test_somebody_unknown_learns_whom_to_ask_and_nothing_else(visit, server, path):
    visitor = visit("en-US", server=server)
    page = visitor.open(path)

    sign_in(page, "stranger")
    page.wait_for_selector(SIGN_OUT)

    text = page.locator(MAIN).inner_text()
    assert "stranger@example.com" in text
    assert "Qian Geng" in text
    assert len(re.findall(r"\w@\w", text)) == 1
    assert page.locator(MENU).count() == 0
    assert page.locator(".stSidebar").count() == 0 or not page.locator(".stSidebar").is_visible()
    page.click(SIGN_OUT)
    page.wait_for_url("**/end_session**")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_fits_a_phone_and_has_no_barrier(visit, server, scheme):
    visitor = visit(server=server, color_scheme=scheme)
    visitor.page.set_viewport_size({"width": 390, "height": 844})

    page = visitor.open()

    assert page.evaluate(f"document.querySelector('{MAIN}').scrollWidth") <= 390
    assert page.locator(SIGN_IN).bounding_box()["y"] < 844
    assert barriers(page) == []


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "登录服务没有响应"), ("en-US", "does not answer")])
def test_a_provider_that_is_down_is_said_on_the_sign_in_page(visit, database, tmp_path, locale, said):
    file = secrets(f"http://127.0.0.1:{free_port()}", tmp_path / "secrets.toml")
    log = tmp_path / "log.txt"
    with running(database, log, SECRETS_FILE=file) as down:
        page = visit(locale, server=down).open(f"detail?kpi=saidi&unit={COUNTY}")
        page.click(SIGN_IN)
        text = page.wait_for_selector('[data-testid="stAlert"]', timeout=A_MINUTE_MS).inner_text()

        assert said in text
        assert urlsplit(page.url).path == "/detail"
        page.wait_for_selector(SIGN_IN)
        number = re.search(f"[{SIGNS}]{{6}}", text)[0]
        assert f"Error {number} at the sign-in" in log.read_text()
        assert "Traceback" in log.read_text()


def test_a_sign_in_that_the_provider_refused_is_said_on_the_sign_in_page(visit, server):
    visitor = visit(server=server)

    page = visitor.open("oauth2callback?error=access_denied")

    assert "登录服务拒绝了登录" in page.wait_for_selector('[data-testid="stAlert"]').inner_text()
    page.wait_for_selector(SIGN_IN)
