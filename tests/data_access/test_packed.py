"""Rows of kpi_facts as integers: put together, and compared with those that are stored."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine

from data_access import kpi_rows
from data_access.lease import held
from data_access.packed import EPOCH, Packed, difference, pack, together
from data_access.refresh_basis import basis
from data_access.transactions import reading_all
from tests.data_access import company
from tests.data_access.booked import cover, facts
from tests.data_access.company import CITY_A, COUNTY_A1, COUNTY_A2

MAY, NAMES = date(2026, 5, 1), ["org_unit_id", "measure", "dimension", "grain", "member", "period_start"]
Row = tuple[int, str, str, str, str, date]


def packed(rows: dict[Row, int]) -> Packed:
    frame = pd.DataFrame([*rows], columns=NAMES)
    return pack(frame.assign(value=[*rows.values()]))


def plain(rows: Packed) -> dict[Row, int]:
    columns = (rows.unit, rows.code, rows.day, rows.value)
    return {
        (unit, *rows.series[code], (EPOCH + day).astype(date)): value
        for unit, code, day, value in zip(*(one.tolist() for one in columns), strict=True)
    }


KEYS = some.tuples(
    some.integers(1, 3),
    some.sampled_from(["ci_lv", "cmi_lv"]),
    some.sampled_from(["", "cause"]),
    some.sampled_from(["day", "month"]),
    some.sampled_from(["", "树木", "tree"]),
    some.dates(MAY, date(2026, 5, 3)),
)
ROWS = some.dictionaries(KEYS, some.integers(-2, 2), max_size=12)


@given(ROWS, ROWS)
def test_the_difference_is_what_two_dictionaries_differ_in(old: dict, new: dict) -> None:
    gone, changed = difference(packed(old), packed(new))

    assert plain(gone) == {key: value for key, value in old.items() if key not in new}
    assert plain(changed) == {key: value for key, value in new.items() if old.get(key) != value}


@given(some.lists(ROWS, max_size=3))
def test_rows_of_several_packs_lie_in_the_order_of_unit_series_and_day(parts: list[dict]) -> None:
    whole = together(packed(one) for one in parts)

    places = zip(whole.unit, whole.code, whole.day, strict=True)
    keys = [(unit, whole.series[code], day) for unit, code, day in places]
    assert keys == sorted(keys)
    assert len(whole) == sum(map(len, parts))
    assert sum(whole.value.tolist()) == sum(value for one in parts for value in one.values())


def row(unit: int, member: str = "", measure: str = "ci_lv") -> Row:
    return unit, measure, "cause" if member else "", "month", member, MAY


def test_only_rows_that_differ_are_written_each_unit_in_one_transaction(engine: Engine, monkeypatch) -> None:
    """A decoy of another measure stays; of two rows a time a transaction ends with the second one's unit."""
    company.build(engine)
    cover(engine, MAY, date(2026, 5, 31))
    with reading_all(engine) as connection:
        known = basis(connection)
    old = {row(COUNTY_A1): 1, row(COUNTY_A1, "树木"): 2, row(COUNTY_A2): 3, row(CITY_A, measure="cmi_lv"): 4}
    new = {row(COUNTY_A1): 1, row(COUNTY_A1, "雷击"): 2, row(COUNTY_A2): 30, row(CITY_A): 5}
    ended, begun, begin = [], [], kpi_rows.lease.writing_as
    with held(engine) as holder:
        kpi_rows.replace(engine, holder, known, known.tree.units, [packed(old)])
        there = kpi_rows.stored(engine, known.tree.units, ["ci_lv"], MAY, MAY)
        gone, changed = difference(there, packed(new))
        monkeypatch.setattr(kpi_rows, "ROWS_AT_ONCE", 2)
        monkeypatch.setattr(kpi_rows.lease, "writing_as", lambda *on: begun.append(on) or begin(*on))
        count = kpi_rows.write(engine, holder, known, [gone], [changed], lambda *last: ended.append(last[1]))

    assert plain(gone) == {row(COUNTY_A1, "树木"): 2}
    assert (count, ended, len(begun)) == (4, [4], 2)
    expected = new | {row(CITY_A, measure="cmi_lv"): 4}
    assert facts(engine) == {
        (unit, measure, dimension, member, grain, day): value
        for (unit, measure, dimension, grain, member, day), value in expected.items()
    }
