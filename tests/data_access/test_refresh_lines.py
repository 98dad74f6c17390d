"""What happens to areas of one unit reaches the unit that maintains their line, also in a partial refresh."""

import pytest
from sqlalchemy import select

from data_access.kpi_refresh import refresh
from data_access.tables.kpi import frequent_outage_list
from data_access.tables.org import org_units
from tests.data_access import importing
from tests.data_access.booked import facts

LINES = "line_code,name,unit,kind\nL1,一线,S1,公用\n"
STEPS = "step_key,outage_key,unit,area_code,line_code,kind,customers,interrupted_at,restored_at\n"


def outages(first: int, last: int, line: str = "", unit: str = "S2") -> str:
    """One a month, both areas out for two hours, booked on the unit."""
    days = [f"2024-{month:02d}-05" for month in range(first, last + 1)]
    return STEPS + "".join(
        f"{day}{code},{day},{unit},{code},{line},故障,10,{day} 08:00,{day} 10:00\n"
        for day in days
        for code in ("A1", "A2")
    )


def areas(line: str) -> str:
    """Two areas of S2 on the line."""
    return f"area_code,name,unit,kind,line_code\nA1,台一,S2,公变,{line}\nA2,台二,S2,公变,{line}\n"


def take(engine, folder, kind, content, **options):
    importing.take(engine, folder, kind, content, **options)


def listed_lines(engine):
    """Month-ends at which L1 is a frequent line."""
    entry = frequent_outage_list.c
    with engine.connect() as connection:
        found = select(entry.as_of).where(entry.subject == "line", entry.code == "L1")
        return sorted(connection.execute(found).scalars())


@pytest.mark.parametrize(("of_register", "of_steps"), [("L1", ""), ("", "L1")])
def test_the_unit_of_the_line_has_new_figures_where_only_another_units_areas_were_out(
    engine, tmp_path, of_register, of_steps
):
    """The line is that of the register, or else the one that the step names."""
    for kind, content in (("units", importing.UNITS), ("lines", LINES), ("areas", areas(of_register))):
        take(engine, tmp_path, kind, content)
    year = {"covers": "2024-01-01..2024-12-31", "covers_units": ("P",)}
    take(engine, tmp_path, "outages", outages(1, 3, of_steps), **year)
    refresh(engine)
    assert listed_lines(engine) == []

    take(engine, tmp_path, "outages", outages(4, 9, of_steps), covers="none")
    refresh(engine)
    parts = facts(engine), listed_lines(engine)

    assert len(parts[1]) == 7  # more than five in the year from June on
    refresh(engine, full=True)
    assert (facts(engine), listed_lines(engine)) == parts


def test_the_unit_of_an_area_has_new_figures_where_its_outage_is_booked_on_another(engine, tmp_path):
    for kind, content in (("units", importing.UNITS), ("areas", areas(""))):
        take(engine, tmp_path, kind, content)
    year = {"covers": "2024-01-01..2024-12-31", "covers_units": ("P",)}
    take(engine, tmp_path, "outages", outages(1, 2, unit="S1"), **year)
    refresh(engine)

    take(engine, tmp_path, "outages", outages(3, 9, unit="S1"), covers="none")
    refresh(engine)
    parts = facts(engine)

    station = next(unit for unit, code in importing.rows(engine, org_units, "id", "code") if code == "S2")
    found = [key[5].month for key in parts if key[:3] == (station, "cemi_areas", "")]
    assert sorted(found) == list(range(3, 13))
    refresh(engine, full=True)
    assert facts(engine) == parts
