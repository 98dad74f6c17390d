"""Pages as AppTest runs them: a database, a language, parameters of the URL."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access import database, org_units, people, settings
from data_access.engine import engine_for
from data_access.transactions import reading_all, writing_all
from domain.periods import local_today
from tests.data_access import items
from ui import cache, texts

PROJECT = Path(__file__).resolve().parent.parent.parent
PAGES = {
    "overview": "pages/kpi/overview.py",
    "detail": "pages/kpi/detail.py",
    "reliability": "pages/kpi/reliability.py",
    "definitions": "pages/kpi/definitions.py",
    "today": "pages/work/today.py",
    "rectifications": "pages/work/rectifications.py",
    "what_works": "pages/work/what_works.py",
    "risk_lines": "pages/work/risk_lines.py",
    "risk_rules": "pages/work/risk_rules.py",
    "customer_equipment": "pages/work/customer_equipment.py",
    "targets": "pages/manage/targets.py",
    "people": "pages/manage/people.py",
    "imports": "pages/data/imports.py",
    "records": "pages/data/records.py",
    "audit_log": "pages/data/audit_log.py",
}


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of a demo company that all pages share: they only read it, but refusals go into its log."""
    path = tmp_path_factory.mktemp("pages") / "demo.db"
    shutil.copy(demo_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def empty(sqlite_engine: Engine, sqlite_url: str) -> str:
    """Address of an empty database for real data."""
    with writing_all(sqlite_engine) as connection:
        database.settle(connection, "real")
    return sqlite_url


@pytest.fixture
def company(sqlite_engine: Engine, sqlite_url: str) -> str:
    """Address of a demo database with lines and people for items; the URL's `as` says who looks."""
    with writing_all(sqlite_engine) as connection:
        database.settle(connection, "demo")
    items.company(sqlite_engine)
    return sqlite_url


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page: opened(url, name, lang="zh", user=claims of who signed in, **parameters of the URL)."""

    def run(
        url: str, name: str = "overview", lang: str = "zh", user: dict | None = None, **said: str
    ) -> AppTest:
        monkeypatch.setenv("DATABASE_URL", url)
        cache.forget()
        texts.use(lang)  # AppTest formats the options of pickers here, outside the page's run
        page = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
        page.query_params["lang"] = lang
        page.user = user or {}
        for key, value in said.items():
            page.query_params[key] = value
        if name != "overview":
            page.switch_page(PAGES[name])
        return page.run()

    yield run
    texts.use("zh")
    engine_for.cache_clear()


def person_as(url: str, role: str, level: str = "") -> str:
    """Number of the first of the demo's people with the role, for the URL; of a unit of the level."""
    engine = engine_for(url)
    with reading_all(engine) as connection:
        levels = {one.code: one.level for one in org_units.all_units(connection).values()}
    day = local_today(settings.company_timezone())
    return next(
        str(one.id)
        for one in people.choosable(engine, day)
        if one.role == role and levels[one.unit_code] == (level or levels[one.unit_code])
    )


def shown(page: AppTest) -> str:
    """All text of the page, for what a person would read there."""
    parts = [
        str(getattr(one, "value", ""))
        for kind in ("markdown", "caption", "title", "header", "info", "error", "success")
        for one in page.get(kind)
    ]
    parts += [one.proto.body for one in page.get("html")]
    parts += [one.proto.label for one in page.get("page_link")]
    return "\n".join(parts)
