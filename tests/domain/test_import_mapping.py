"""A mapping is read, refused with what is wrong, and written back to the same."""

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.mapping import ColumnSource, as_toml, from_toml

ROOT = 'root = {code="a", name="a", level="county"}\n'  # a city cannot lie below it
FULL = """
kind = "outages"
bureau = "EAST"
time_zone = "Asia/Urumqi"
decimal = ","
covers = "file"
header_row = 3
source_key = ["id", "部分"]
[columns]
outage_key = "id"
customers = { column = "户 数", factor = 1000 }
interrupted_at = { column = "start", format = "%d.%m.%Y %H:%M" }
kind = { column = "原因", values = { "计划 \\"A\\"" = "planned" }, other = "fault" }
unit = { constant = "U1" }
"""


@pytest.mark.parametrize("text", [FULL, Path("data_access/mappings/bchydro_outages.toml").read_text("utf-8")])
def test_a_mapping_written_is_read_back_the_same(text):
    mapping = from_toml(text)

    assert mapping == from_toml(as_toml(mapping))


def test_a_column_may_be_a_header_a_constant_or_a_translation():
    columns = from_toml(FULL).columns

    assert ColumnSource(column="id") == columns["outage_key"]
    assert ColumnSource(constant="U1") == columns["unit"]
    assert (columns["kind"].values, columns["kind"].other) == ({'计划 "A"': "planned"}, "fault")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kind = ", "mapping_unreadable"),
        ('kind = "weather"', "mapping_kind"),
        ('kind = "outages"\n[columns]\nreason = "cause"', "mapping_column"),
        ('kind = "outages"\n[columns]\ncause = 3', "mapping_source"),
        ('kind = "outages"\n[columns]\ncause = { header = "x" }', "mapping_source"),
        ('kind = "outages"\nsource_key = "id"', "mapping_source_key"),
        ('kind = "lines"\nsource_key = ["id"]', "mapping_source_key_fixed"),
        ('kind = "outages"\ntime_zone = "Mars"', "mapping_time_zone"),
        ('kind = "outages"\ncolour = "red"', "mapping_field"),
        ('kind = "outages"\ntime_zone = 5', "mapping_type"),
        ('kind = "outages"\ncolumns = "x"', "mapping_type"),
        ('kind = "outages"\nheader_row = "2"', "mapping_type"),
        ('kind = "outages"\nheader_row = true', "mapping_type"),
        ('kind = "outages"\nsource_key = 5', "mapping_type"),
        ('kind = "outages"\nsource_key = [5]', "mapping_type"),
        ('kind = "outages"\nmake_units = 5', "mapping_type"),
        ('kind = "outages"\n[columns]\ncause = { column = "x", values = 5 }', "mapping_type"),
        ('kind = "outages"\n[columns]\ncause = { column = "x", factor = "5" }', "mapping_type"),
        ('kind = "calendar_days"\n[make_units]\n' + ROOT + "levels = []", "mapping_make_units"),
        ('kind = "outages"\n[make_units]\n' + ROOT + 'levels = [{column="b",level="city"}]', "mapping_field"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_by_name(text, code):
    with pytest.raises(InvalidInput) as caught:
        from_toml(text)

    assert code == caught.value.code
