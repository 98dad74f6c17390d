"""What works, on the demo company, and on it with other rectifications that ended a year ago and more."""

import shutil
from datetime import date, datetime

import pytest
from sqlalchemy import delete, func, select

from data_access.engine import engine_for
from data_access.kpi_refresh import refresh
from data_access.tables import rectifications as tables
from data_access.tables.risk import line_outages
from data_access.transactions import writing_all
from tests.data_access.proving import add, item
from tests.pages.conftest import shown

METHOD = ("判定方法", "How this was judged")
YEAR = (date(2024, 1, 1), date(2024, 12, 1))


@pytest.fixture(scope="module")
def treated(demo_template, tmp_path_factory):
    """Address of a demo company in which the 24 worst lines of 2024 were worked on in 2025, two kinds."""
    path = tmp_path_factory.mktemp("treated") / "demo.db"
    shutil.copy(demo_template, path)
    engine = engine_for(f"sqlite:///{path}")
    with writing_all(engine) as connection:
        for table in (tables.rectification_log, tables.rectification_extensions, tables.rectifications):
            connection.execute(delete(table))
    c = line_outages.c
    worst = (
        select(c.bureau_id, c.line_code, func.min(c.org_unit_id))
        .where(c.month.between(*YEAR))
        .group_by(c.bureau_id, c.line_code)
        .order_by(func.sum(c.faults).desc(), c.line_code)
        .limit(24)
    )
    with engine.connect() as connection:
        rows = connection.execute(worst).all()
    add(
        engine,
        *(
            item(
                n, bureau_id=bureau, object_code=code, org_unit_id=unit, title=f"*{code}* 整治",
                measure_kind=("trim_trees", "insulate_conductor")[n % 2],
                done_at=date(2026, 9, 9) if n == 1 else date(2025, 6, 20), closed_at=date(2026, 9, 20),
                created_at=datetime(2025, 1, 5),
            )
            for n, (bureau, code, unit) in enumerate(rows, 1)
        ),
    )  # fmt: skip
    refresh(engine)
    engine.dispose()
    return f"sqlite:///{path}"


def test_without_a_finished_item_the_page_says_so(opened, demo):
    page = opened(demo, "what_works", "en", unit="0601010102")

    assert not page.exception
    assert "No rectification of this unit is done yet" in page.info[0].value


def test_the_demo_shows_a_kind_that_works_and_the_judged_items_first(opened, demo):
    page = opened(demo, "what_works", "zh")

    assert not page.exception
    text = shown(page)
    assert "有效：裸导线绝缘化改造" in text
    assert "2 项完工后的数据均不足 3 个整月：样本不足，暂不判定" in text
    sentences = [one.value for one in page.markdown if one.value[:2] in {"✓ ", "○ ", "▲ ", "… "}]
    assert ["比值" in one for one in sentences[-10:]] == [True] * 10
    assert set(page.dataframe[0].value.iloc[:, 1]) >= {"✓ 有效", "○ 证据不足", "… 样本不足", "… 无法判定"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_kinds_of_measures_stand_as_chart_table_and_sentences(opened, treated, lang):
    page = opened(treated, "what_works", lang)

    assert not page.exception
    assert len(page.get("vega_lite_chart")) == 1
    table = page.dataframe[0].value
    assert sorted(table.iloc[:, 0]) == sorted(
        {"zh": ["清理树障", "裸导线绝缘化改造"], "en": ["Trim trees", "Insulate bare conductors"]}[lang]
    )
    text = shown(page)
    counted, said = {
        "zh": ("11 项已判定 · 1 项样本不足", "12 项合计：完工后累计 144 个月停电"),
        "en": ("11 judged · 1 too early", "12 items together, 144 months after"),
    }[lang]
    assert said in text
    assert counted in set(table.iloc[:, 3])
    assert r"\*" in text, "a title is no Markdown"


def test_another_outcome_has_its_own_figures(opened, treated):
    outages = opened(treated, "what_works", "en")
    time = opened(treated, "what_works", "en", outcome="customer_s")

    assert "customer-min were to be expected" in shown(time)
    assert "customer-min were to be expected" not in shown(outages)


def test_the_page_of_a_unit_has_its_items_only(opened, treated):
    company = opened(treated, "what_works", "en")
    city = opened(treated, "what_works", "en", unit="0601")

    assert not city.exception
    assert 0 < sum(map(items_in, city.dataframe[0].value.iloc[:, 3])) < 24
    assert sum(map(items_in, company.dataframe[0].value.iloc[:, 3])) == 24


def first_item(url, done_to):
    """The first item of the company that was done until that day."""
    c = tables.rectifications.c
    statement = select(c.bureau_id, c.item_id, c.object_code).where(c.done_at <= done_to)
    with engine_for(url).connect() as connection:
        return connection.execute(statement.order_by(c.item_id)).first()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_verdict_stands_on_the_page_of_the_item_and_of_its_line(opened, treated, lang):
    space, number, code = first_item(treated, date(2025, 12, 31))
    of_item = opened(treated, "rectifications", lang, item=number, space=space)
    of_line = opened(treated, "risk_lines", lang, object=f"line:{code}", space=space)

    for page in (of_item, of_line):
        assert not page.exception
        text = shown(page)
        assert {"zh": "整改成效", "en": "What the works brought"}[lang] in text + heads(page)
        assert {"zh": "完工后 12 个月停电", "en": "12 months after the works"}[lang] in text
        methods = [one for one in page.get("popover") if one.proto.popover.label in METHOD]
        assert len(methods) == 1
    assert number in shown(of_line)


def heads(page):
    return " ".join(one.value for one in page.subheader)


def items_in(text):
    return sum(int(part.split()[0]) for part in text.split(" · "))
