"""The files of the list of rectification items, made as a press of the button makes them: outside any run."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
import streamlit as st

from data_access.engine import engine_for
from tests.data_access import items
from tests.data_access.items import LEAD
from ui import session


@pytest.fixture
def pressed(monkeypatch):
    """Key -> the file of that button, made in a thread that knows neither language nor viewer."""
    found = {}

    def keep(_label, data, *_given, key=None, **_more):
        found[key] = data
        return False

    def unknown():
        raise RuntimeError("nobody runs a page here")

    def press(key):
        with ThreadPoolExecutor(1) as elsewhere, monkeypatch.context() as meanwhile:
            meanwhile.setattr(session, "viewer", unknown)
            return elsewhere.submit(found[key]).result()

    monkeypatch.setattr(st, "download_button", keep)
    return press


@pytest.mark.parametrize(
    ("lang", "column", "title"), [("zh", "整改事项", "编号"), ("en", "What is to be put right", "Number")]
)
def test_a_file_of_the_items_speaks_the_language_of_the_page(
    opened, company, pressed, lang: str, column: str, title: str
) -> None:
    made = items.made(engine_for(company))
    opened(company, "rectifications", lang, **{"as": str(LEAD)})

    lines = list(csv.reader(io.StringIO(pressed("items_csv").decode("utf-8-sig"))))
    cells = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(pressed("items_xlsx"))).active
    ]

    for rows in (lines, cells):
        head = next(row for row in rows if column in row)
        item = dict(zip(head, rows[-1], strict=True))
        assert (item[column], item[title]) == (made.title, made.item_id)
