"""Fills an empty database with the invented company: the same rows for the same last month and scale."""

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Engine, insert, select

from data_access import database, kpi_refresh, settings
from data_access.demo import hazards, loading, loads, messages, names, network, outages, plans, rectifications
from data_access.demo import rectification_works as works
from data_access.tables.org import grants, org_units, people
from data_access.transactions import writing_all
from domain.periods import add_months, local_today, month_of

SEED = 20_230_700
# Figures are judged against last year, with limits of the first 24 months that have one: what is to be found
# must come after these three years, else the limits would hold it as usual.
MONTHS = 48
TIMES = ("_at", "_start", "_end", "_to")


def last_full_month() -> date:
    """The month before this one, in the company's time zone."""
    return add_months(month_of(local_today(settings.company_timezone())), -1)


def made(last: date, scale: int = 1) -> tuple[dict[str, pd.DataFrame], list[works.Work]]:
    """Every import kind with its rows, in the order in which they are loaded, times in UTC; and the works
    whose effect they have.
    """
    found = _untouched(last, scale)
    done = works.finished(found, last, np.random.default_rng([SEED, 7]))
    return works.carried_out(found, done), done


def _untouched(last: date, scale: int) -> dict[str, pd.DataFrame]:
    """As made(), as if nothing had ever been put right."""
    first = add_months(last, 1 - MONTHS)
    built = network.build(first, last, scale, np.random.default_rng([SEED, 1]))
    steps = outages.steps(built, first, last, np.random.default_rng([SEED, 2]))
    told = {
        "notices": messages.notices(steps, built, first, last, np.random.default_rng([SEED, 3])),
        "promises": messages.promises(steps, last, np.random.default_rng([SEED, 4])),
    }
    condition = _condition(built, last, np.random.default_rng([SEED, 6]))
    return {
        "units": built.units.rename(columns={"unit": "code"}),
        "lines": built.lines.drop(columns=["has_automation", "risk"]).join(condition.pop("lines")),
        "areas": built.areas.drop(columns=["customers", "segment"]),
        "area_customers": built.area_customers,
        "customers_served": built.customers_served,
        "calendar_days": plans.calendar_days(first, last),
        "major_event_dates": plans.major_event_dates(first),
        "targets": plans.targets(built.units, last),
        "outages": _utc(steps),
        "notices": _utc(told["notices"]),
        "promises": _utc(told["promises"]),
        **{kind: _utc(frame) for kind, frame in condition.items()},
    }


def _condition(built: network.Network, last: date, random: np.random.Generator) -> dict[str, pd.DataFrame]:
    """What says in what condition lines and areas are, by kind; of lines further columns."""
    found = {
        "lines": hazards.conductors(built, last, random),
        "transformers": loads.transformers(built, last, random),
        "area_loads": loads.area_loads(built, last, random),
    }
    found["load_points"] = loads.load_points(built, found["area_loads"], last, random)
    found["voltage_days"] = loads.voltage_days(built, last, random)
    found["defects"] = hazards.defects(built, last, random)
    found["damage_sites"] = hazards.damage_sites(built, last, random)
    found["patrols"] = hazards.patrols(found["damage_sites"], last, random)
    found["customer_equipment"] = hazards.customer_equipment(built, last, random)
    return found


def _utc(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its local times as UTC, naive, whole seconds."""
    zone = settings.company_timezone()
    result = frame.copy()
    for column in result.columns:
        if column.endswith(TIMES):
            local = pd.to_datetime(result[column]).dt.tz_localize(
                zone, ambiguous=True, nonexistent="shift_forward"
            )
            result[column] = local.dt.tz_convert("UTC").dt.tz_localize(None).dt.floor("s")
    return result


def fill(engine: Engine, scale: int = 1, last: date | None = None) -> str:
    """Load the company and refresh its figures; says what was made. Raises WrongDatabase if data is there.

    Where the making of one was cut off, completes that one: what was loaded already is not loaded again.
    """
    with writing_all(engine) as connection:
        last, scale = database.begin_demo(connection, last or last_full_month(), scale)
    frames, done = made(last, scale)
    loading.load(engine, frames, add_months(last, 1 - MONTHS), last)
    _add_people(engine, frames["units"].rename(columns={"code": "unit"}))
    _add_rectifications(engine, frames, done)
    kpi_refresh.refresh(engine)
    with writing_all(engine) as connection:
        database.end_demo(connection)
    return (
        f"Made the demo company to {last:%Y-%m}: {len(frames['units'])} units, "
        f"{frames['outages']['outage_key'].nunique()} outages."
    )


def _add_people(engine: Engine, units: pd.DataFrame) -> None:
    staff = plans.people(units, np.random.default_rng([SEED, 5]))
    with writing_all(engine) as connection:
        if connection.execute(select(people.c.id).limit(1)).first():
            return
        ids = {row.code: row.id for row in connection.execute(select(org_units.c.code, org_units.c.id))}
        for zh, en, role, unit in sorted(staff, key=lambda one: one[3]):
            known = {"name": zh, "name_en": en, "email": names.email(en)}
            person_id = connection.scalar(insert(people).values(**known).returning(people.c.id))
            values = {"person_id": person_id, "role": role, "org_unit_id": ids[unit]}
            connection.execute(insert(grants).values(**values, valid_from=date(2020, 1, 1)))


def _add_rectifications(engine: Engine, frames: dict[str, pd.DataFrame], done: list[works.Work]) -> None:
    """Those that are done, and those under way today: what is late is told from today, not from the data."""
    day = local_today(settings.company_timezone())
    found = [*done, *works.open_works(frames, day, done)]
    rectifications.add(engine, found, day, np.random.default_rng([SEED, 8]))
