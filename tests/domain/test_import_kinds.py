"""The kinds of files agree with the tables that they fill, and every word of theirs exists twice."""

import re
from pathlib import Path

from data_access.imports.finishing import TABLES
from domain import import_kinds, import_problems
from domain.import_kinds import kinds
from domain.mapping import suggested

WRITTEN = {"batch_id", "bureau_id", "id", "duration_s", "start_day", "version"}  # by the import itself


def test_every_column_of_a_kind_is_one_of_its_table_and_the_other_way_round():
    for kind in kinds().values():
        table = {column.name for column in TABLES[kind.table].columns} - WRITTEN
        assert table == {column.column for column in kind.columns.values()}, kind.id


def test_what_a_table_needs_a_file_must_give():
    """Columns that may not be null are required, or have a default."""
    for kind in kinds().values():
        for column in kind.columns.values():
            stored = TABLES[kind.table].c[column.column]
            if not stored.nullable and stored.server_default is None:
                assert column.required, (kind.id, column.id)


def test_the_key_of_a_kind_is_the_key_of_its_table():
    for kind in kinds().values():
        assert tuple(TABLES[kind.table].info["key"]) == kind.key_columns


def test_no_header_means_two_columns_of_a_kind_unless_it_is_one_of_their_names():
    """The first column in the list takes a header that two know."""
    for kind in kinds().values():
        for column in kind.columns.values():
            for name in (column.zh, column.en):
                assert column.id in suggested(kind, [name]).columns, (kind.id, name)


def test_the_documentation_names_every_column_in_both_languages():
    for language in ("zh", "en"):
        text = import_kinds.as_markdown(language)
        for kind in kinds().values():
            assert f"`{kind.id}`" in text
            assert all(f"| `{column}` |" in text for column in kind.columns)


def test_headers_are_known_whatever_their_case_spaces_and_unit():
    found = suggested(kinds()["outages"], ["停电户数(户)", " Outage_Key ", "START time", "whatever"])

    assert {"customers", "outage_key", "interrupted_at"} == set(found.columns)


def test_every_code_that_the_checks_use_has_its_sentences():
    sources = [*Path("domain").glob("row_check*.py"), *Path("data_access/imports").glob("*.py")]
    sources.append(Path("domain/targets_pasted.py"))  # what a form says of a row
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(
        re.findall(r'(?:refused\(|Problem\(\S+, \S+, \S+, |code = |rows, \w+, \w+, )"([a-z0-9_]+)"', text)
    )

    assert used <= set(import_problems.texts())
    assert all(f'"{code}"' in text for code in import_problems.texts())
