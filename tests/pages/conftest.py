"""Pages as AppTest runs them: a database, a language, parameters of the URL."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access import database
from data_access.engine import engine_for
from data_access.transactions import writing
from ui import cache, texts

PROJECT = Path(__file__).resolve().parent.parent.parent
PAGES = {
    "overview": "pages/kpi/overview.py",
    "detail": "pages/kpi/detail.py",
    "reliability": "pages/kpi/reliability.py",
    "definitions": "pages/kpi/definitions.py",
    "imports": "pages/data/imports.py",
    "records": "pages/data/records.py",
}


@pytest.fixture(scope="session")
def demo(demo_template: Path) -> str:
    """Address of the demo company for pages, which only read it."""
    return f"sqlite:///{demo_template}"


@pytest.fixture
def empty(sqlite_engine: Engine, sqlite_url: str) -> str:
    """Address of an empty database for real data."""
    with writing(sqlite_engine) as connection:
        database.settle(connection, "real")
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
        page.run()
        if name != "overview":
            page.switch_page(PAGES[name]).run()
        return page

    yield run
    texts.use("zh")
    engine_for.cache_clear()


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
