"""The list of rectification items as a table that people fill in and bring back: its columns and its cells.

A row with a number is that item, at the version that it was taken out with; one without is a new item. What
says where an item stands is told and cannot be changed here, since steps have rules of their own.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from domain import rectifications
from domain.errors import Coded, InvalidInput
from domain.people_table import day_of
from domain.rectifications import Rectification

COLUMNS = {  # the headers that stand for each column: Chinese, English
    "item_id": ("整改编号", "Item"),
    "bureau_id": ("键空间", "Key space"),
    "version": ("版本", "Version"),
    "status": ("状态", "State"),
    "unit": ("单位编码", "Unit code"),
    "object_kind": ("对象类型", "Kind of object"),
    "object_code": ("对象编码", "Object code"),
    "rules": ("命中规则", "Rules met"),
    "title": ("整改事项", "What is to be put right"),
    "level": ("等级", "Level"),
    "measure_kind": ("措施种类", "Kind of measure"),
    "measure_type": ("措施类别", "Type of measure"),
    "measure": ("整改措施", "Measure"),
    "department": ("责任部门", "Department"),
    "responsible": ("责任人", "Responsible"),
    "co_responsible": ("协办人", "Co-responsible"),
    "funding": ("资金", "Funding"),
    "original_due": ("原定期限", "Original due date"),
    "current_due": ("现行期限", "Due date"),
    "interim_control": ("临时管控", "Interim control"),
    "contingency": ("预案", "Contingency plan"),
    "progress_pct": ("进度（%）", "Progress (%)"),
    "note": ("进展说明", "Progress note"),
}
MOST_ROWS = 1_000  # to look at so many holds the lock of other writers for two seconds
NEEDED = ("item_id", "version", "object_kind", "object_code", "title")
FIXED = ("status", "unit", "object_kind", "object_code", "rules", "current_due")  # of an item that there is
WORDS = {
    "object_kind": {
        "line": ("线路", "line"),
        "area": ("台区", "transformer area"),
        "equipment": ("用户设备", "customer equipment"),
    },
    "level": {1: ("高", "high"), 2: ("中", "medium"), 3: ("低", "low")},
    "measure_type": {
        "operation": ("运维", "operation"),
        "works": ("工程改造", "works"),
        "customer": ("用户侧", "customer's side"),
        "management": ("管理", "management"),
    },
    "status": {
        "draft": ("待派", "draft"),
        "assigned": ("已派", "assigned"),
        "working": ("处理中", "being worked on"),
        "done": ("待验收", "waiting for verification"),
        "closed": ("已销号", "closed"),
        "cancelled": ("已撤销", "cancelled"),
    },
}
Kinds = Mapping[str, Mapping[str, Any]]
Problems = list[tuple[str, Coded]]


def cells(item: Rectification, unit_code: str, language: str, kinds: Kinds) -> dict[str, str]:
    """The item as the cells of a row, by our names of the columns; note is for who fills it in."""
    place = 0 if language == "zh" else 1
    words = _words(kinds)
    found = {"unit": unit_code, "note": ""}
    for name in COLUMNS:
        if name in found:
            continue
        value = getattr(item, name)
        if name in words and value in words[name]:
            found[name] = words[name][value][place]
        else:
            found[name] = "" if value is None else str(value)
    return found


def headers(language: str) -> list[str]:
    """The header line, in the order of COLUMNS."""
    return [words[0 if language == "zh" else 1] for words in COLUMNS.values()]


def rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """The rows by our names of the columns, cells as texts without blanks around them; empty rows left out.

    table: as a spreadsheet was read, headers in either language; columns of other names are left out. Raises
    InvalidInput("pasted_empty" | "pasted_columns", columns | "pasted_too_long", most).
    """
    known = {word.casefold(): name for name, words in COLUMNS.items() for word in (name, *words)}
    names = [known.get(str(one).strip().casefold(), "") for one in table.columns]
    if missing := [COLUMNS[name] for name in NEEDED if name not in names]:
        zh, en = ([one[place] for one in missing] for place in (0, 1))
        raise InvalidInput("pasted_columns", columns={"zh": "、".join(zh), "en": ", ".join(en)})
    if len(table) > MOST_ROWS:
        raise InvalidInput("pasted_too_long", most=MOST_ROWS)
    found = [
        {name: _text(cell) for name, cell in zip(names, row, strict=True) if name}
        for row in table.itertuples(index=False, name=None)
    ]
    if not any(any(row.values()) for row in found):
        raise InvalidInput("pasted_empty")
    return found


def read(row: Mapping[str, str], kinds: Kinds) -> tuple[dict[str, Any], Problems]:
    """(what the cells say by column, what is wrong by column); a column that is not there says nothing."""
    found: dict[str, Any] = {}
    problems: Problems = []
    words = _words(kinds)
    for name, text in row.items():
        try:
            found[name] = _value(name, text, words)
        except Coded as error:
            problems.append((name, error))
    return found, problems


def _words(kinds: Kinds) -> dict[str, dict[Any, tuple[str, str]]]:
    named = {code: (one["name_zh"], one["name_en"]) for code, one in kinds.items()}
    return {**WORDS, "measure_kind": named}


def _value(name: str, text: str, words: Mapping[str, Mapping[Any, tuple[str, str]]]) -> Any:
    if name in words:
        return _choice(text, words[name])
    if name in ("original_due", "current_due"):
        return _day(text)
    if name == "version":
        return _number(text, "rectification_number")
    if name == "progress_pct":
        return _number(text.removesuffix("%").strip(), "rectification_percent")
    longest = rectifications.LONGEST.get(name, rectifications.LONGEST["measure"])
    if len(text) > longest:
        raise InvalidInput("too_long", most=longest)
    return text


def _choice(text: str, words: Mapping[Any, tuple[str, str]]) -> Any:
    """The code of a word of either language; '' of an empty cell."""
    known = {word.casefold(): code for code, several in words.items() for word in (str(code), *several)}
    if text and text.casefold() not in known:
        zh, en = ([several[place] for several in words.values()] for place in (0, 1))
        choices = {"zh": "、".join(zh), "en": ", ".join(en)}
        raise InvalidInput("rectification_choice", value=text, known=choices)
    return known[text.casefold()] if text else ""


def _day(text: str) -> date | None:
    return day_of(text.removesuffix(" 00:00:00"))


def _number(text: str, code: str) -> int | None:
    whole = text.removesuffix(".0")
    if not whole:
        return None
    if not whole.isascii() or not whole.isdigit():
        raise InvalidInput(code, value=text)
    return int(whole)


def _text(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell).strip()
