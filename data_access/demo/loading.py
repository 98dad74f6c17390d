"""Puts the demo's frames into the database."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
from sqlalchemy import Engine, Table, insert

from data_access import org_units as units_of
from data_access.engine import writing
from data_access.settings import company_timezone
from data_access.tables.grid import area_customers, areas, lines
from data_access.tables.imports import import_batches, source_coverage
from data_access.tables.org import customers_served, org_units
from data_access.tables.outages import notice_areas, notices, outage_steps, outages, restoration_promises
from data_access.tables.rules import calendar_days, targets
from domain.org_units import OrgUnit, home_key_space
from domain.periods import add_months

SOURCES = (
    "outages", "outages.customers", "outages.mv_users", "outages.area_code", "outages.line_code", "outages.trip",
    "outages.has_automation", "outages.is_fast_restored", "outages.detected_at", "promises", "notices",
    "notices.area_codes", "customers_served.LV", "customers_served.MV", "lines", "lines.length_m", "areas",
)  # fmt: skip


def _records(frame: pd.DataFrame) -> list[dict]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {
            k: (
                v.item()
                if isinstance(v, np.generic)
                else v.to_pydatetime()
                if isinstance(v, pd.Timestamp)
                else v
            )
            for k, v in row.items()
        }
        for row in plain.to_dict("records")
    ]


def load(engine: Engine, frames: dict[str, pd.DataFrame], first: date, last: date) -> None:
    """Write every frame; thin: replaced by the import's own take-over."""
    with writing(engine) as connection:
        tree: dict[int, OrgUnit] = {}
        ids: dict[str, int] = {}
        for number, row in enumerate(frames["units"].itertuples(), 1):
            parent = ids.get(row.parent)
            home = home_key_space(row.unit, row.level, parent, tree)
            tree[number] = OrgUnit(number, row.unit, row.name, row.name_en, row.level, parent, home)
            ids[row.unit] = number
            connection.execute(
                insert(org_units).values(
                    id=number, code=row.unit, name=row.name, name_en=row.name_en, level=row.level,
                    parent_id=parent, bureau_id=home,
                )
            )  # fmt: skip
        units_of.rebuild_closure(connection, tree)
        home_of = {code: tree[number].bureau_id for code, number in ids.items()}

        def put(table: Table, frame: pd.DataFrame) -> None:
            frame = frame.copy()
            if "unit" in frame:
                frame["org_unit_id"] = frame["unit"].map(ids)
                if "bureau_id" not in frame:
                    frame["bureau_id"] = frame["unit"].map(home_of)
            columns = [column.name for column in table.c if column.name in frame]
            connection.execute(insert(table), _records(frame[columns]))

        put(lines, frames["lines"])
        put(areas, frames["areas"])
        put(area_customers, frames["area_customers"].assign(bureau_id=lambda f: f["area_code"].str[:4]))
        put(customers_served, frames["customers_served"])
        put(calendar_days, frames["calendar_days"])
        put(targets, frames["targets"])
        steps = frames["outages"].copy()
        steps["bureau_id"] = steps["outage_unit"].map(home_of)
        steps["outage_org_unit_id"] = steps["outage_unit"].map(ids)
        steps["duration_s"] = (steps["restored_at"] - steps["interrupted_at"]).dt.total_seconds()
        steps["duration_s"] = steps["duration_s"].astype("Int64")
        begins = steps.groupby("outage_key")["interrupted_at"].transform("min")
        steps["start_day"] = begins.dt.tz_localize("UTC").dt.tz_convert(company_timezone()).dt.date
        put(outage_steps, steps)
        grouped = steps.groupby("outage_key")
        derived = grouped.agg(
            bureau_id=("bureau_id", "first"), org_unit_id=("outage_org_unit_id", "first"), kind=("kind", "first"),
            cause=("cause", "first"), line_code=("line_code", "first"), detected_at=("detected_at", "first"),
            trip=("trip", "first"), has_automation=("has_automation", "first"),
            is_fast_restored=("is_fast_restored", "first"), is_boundary_breaker=("is_boundary_breaker", "first"),
            started_at=("interrupted_at", "min"), ended_at=("restored_at", "max"), start_day=("start_day", "first"),
            steps=("step_key", "size"), customers=("customers", "sum"), mv_users=("mv_users", "sum"),
            longest_step_s=("duration_s", "max"), open_steps=("restored_at", lambda one: int(one.isna().sum())),
        ).reset_index()  # fmt: skip
        derived.loc[derived["open_steps"] > 0, "ended_at"] = pd.NaT
        derived["duration_s"] = (
            (derived["ended_at"] - derived["started_at"]).dt.total_seconds().astype("Int64")
        )
        put(outages, derived)
        told = frames["notices"]
        put(notices, told)
        places = told[["notice_key", "unit", "area_codes"]].dropna()
        places = places.assign(area_code=places["area_codes"].str.split(";")).explode("area_code")
        put(notice_areas, places)
        put(
            restoration_promises,
            frames["promises"].assign(bureau_id=lambda f: "06" + f["outage_key"].str[7:9]),
        )
        now = datetime.now(UTC).replace(tzinfo=None)
        for city in [unit for unit in tree.values() if unit.level == "city"]:
            values = dict.fromkeys(
                ("rows_new", "rows_changed", "rows_same", "rows_withdrawn", "rows_rejected", "warnings"), 0
            )
            batch = connection.execute(
                insert(import_batches)
                .values(bureau_id=city.code, org_unit_id=city.id, kind="outages", origin="demo", file_name="demo",
                        file_sha256=city.code, mapping={}, state="taken", rows=len(steps), by_name="demo", taken_at=now, **values)
                .returning(import_batches.c.id)
            ).scalar_one()  # fmt: skip
            rows = [
                {"bureau_id": city.code, "source": source, "org_unit_id": city.id, "batch_id": batch,
                 "covers_from": first, "covers_to": add_months(last, 1) - (date(2000, 1, 2) - date(2000, 1, 1))}
                for source in SOURCES
            ]  # fmt: skip
            connection.execute(insert(source_coverage), rows)
