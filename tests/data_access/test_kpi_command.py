"""The command line prints a KPI with what it is made of, and says why one is missing."""

import json

import pytest
from sqlalchemy import Engine

from data_access import reasons
from data_access.__main__ import main
from data_access.kpi_refresh import refresh
from domain.kpis import catalogue
from tests.data_access.test_kpi_facts import filled


@pytest.fixture
def opened(sqlite_engine: Engine, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The command line on the small company: May and half of June."""
    filled(sqlite_engine)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return sqlite_engine


def printed(capsys: pytest.CaptureFixture, *words: str) -> str:
    assert main(["kpi", *words, "--from", "2026-05", "--to", "2026-06"]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("opened")
def test_a_kpi_is_printed_with_its_parts(capsys: pytest.CaptureFixture) -> None:
    """City A: 1,000 customer-minutes over 101,000 customers."""
    text = printed(capsys, "caidi", "--unit", "A", "--by", "cause")

    assert "500.00" in text  # 1,000 customer-minutes over 2 interruptions
    assert "60,000 customer-seconds" in text
    assert "partly covered: 2026-06" in text
    assert "outages v1" in text
    assert "wind" in text
    assert "tree" in text


@pytest.mark.usefixtures("opened")
def test_a_missing_kpi_says_why_in_both_languages(capsys: pytest.CaptureFixture) -> None:
    assert "—, no MV customers served reported" in printed(capsys, "saidi_mv", "--unit", "A")
    assert "—, 未报中压用户总数" in printed(capsys, "saidi_mv", "--unit", "A", "--language", "zh")


@pytest.mark.usefixtures("opened")
def test_programs_get_json(capsys: pytest.CaptureFixture) -> None:
    found = json.loads(printed(capsys, "saidi", "--unit", "A", "--by", "month", "--json"))

    assert found["value"] == pytest.approx(1_000 / 101_000)
    assert [row["name"] for row in found["rows"]] == ["2026-05", "2026-06"]


def test_every_source_that_a_measure_needs_has_a_reason() -> None:
    needs = {need for measure in catalogue().measures.values() for need in measure.needs}

    assert needs <= reasons.SOURCES.keys()


def test_the_months_that_are_missing_are_named() -> None:
    reason = "not_covered:outages:2026-08"

    assert [reasons.text(reason, one) for one in ("en", "zh")] == [
        "no outages loaded: 2026-08",
        "未导入停电记录：2026-08",
    ]


def test_refresh_says_what_it_did(opened: Engine, capsys: pytest.CaptureFixture) -> None:
    assert main(["refresh", "--full"]) == 0
    assert capsys.readouterr().out.startswith("From nothing: ")
    assert not refresh(opened).is_full
