"""Puts the demo's frames into the database by the importer's own checks, as files would come."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from data_access import org_units
from data_access.demo import loads, names
from data_access.imports.run import take_frame
from domain.periods import last_day
from domain.viewer import Viewer

# Where a row of each kind says which city's system it comes from; the others need no key space.
CITY_OF_ROW = {
    "lines": lambda frame: frame["unit"].str[:4],
    "areas": lambda frame: frame["unit"].str[:4],
    "area_customers": lambda frame: frame["area_code"].str[:4],
    "customers_served": lambda frame: frame["unit"].str[:4],
    "outages": lambda frame: frame["outage_unit"].str[:4],
    "notices": lambda frame: frame["unit"].str[:4],
    "promises": lambda frame: "06" + frame["outage_key"].str[7:9],
    **dict.fromkeys(
        ("transformers", "area_loads", "load_points", "voltage_days"),
        lambda frame: frame["area_code"].str[:4],
    ),
    **dict.fromkeys(("defects", "damage_sites", "customer_equipment"), lambda frame: frame["unit"].str[:4]),
    "patrols": lambda frame: frame["site_key"].str[:4],
}
COVER_THE_WHOLE_TIME = ("outages", "notices", "promises")
# A week of points of some areas covers nothing: the others were not metered so closely.
COVER_WHAT_IS_KEPT = ("area_loads", "voltage_days", "defects", "damage_sites", "patrols")


def _parts(kind: str, frame: pd.DataFrame) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """(key space, rows) of each import."""
    if kind in CITY_OF_ROW:
        yield from frame.groupby(CITY_OF_ROW[kind](frame))
    else:
        yield None, frame


def load(engine: Engine, frames: dict[str, pd.DataFrame], first: date, last: date) -> None:
    """Take over every frame, in their order; months from first to last are covered."""
    whole = (first, last_day(last))
    for kind, frame in frames.items():
        scope = org_units.whole_company(engine)
        viewer = Viewer(None, "demo", frozenset({"administrator"}), scope)
        covers = whole if kind in COVER_THE_WHOLE_TIME else None
        if kind in COVER_WHAT_IS_KEPT:
            covers = (loads.since(last), whole[1])
        if kind == "major_event_dates":  # the later years follow the formula
            covers = (date(first.year, 1, 1), date(first.year + 1, 12, 31))
        for bureau, rows in _parts(kind, frame):
            name = f"demo: {kind}" + (f" {bureau}" if bureau else "")
            units = [bureau] if bureau else [names.PROVINCE[0]]
            take_frame(
                engine, viewer, kind, [rows],
                origin="demo", covers=covers, covers_units=units, bureau=bureau, name=name,
            )  # fmt: skip
