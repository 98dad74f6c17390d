"""Which objects of the invented company its rectification items are about: those that need it most."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from data_access import settings
from data_access.demo.rectification_texts import KINDS
from domain import rule_sets
from domain.periods import add_months, month_of

Frames = dict[str, pd.DataFrame]
OWN_FIRST = ("trim_trees", "animal_guards")  # chosen by faults of their own causes


@dataclass
class Register:
    """What the objects are chosen from, and which are taken: nobody works on one twice."""

    frames: Frames
    taken: set[str] = field(default_factory=set)
    known: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.frames["outages"].drop_duplicates("outage_key")
        found = found[(found["kind"] == "fault") & (found["trip"] != "reclosed")]
        local = found["interrupted_at"].dt.tz_localize("UTC").dt.tz_convert(settings.company_timezone())
        groups = found["cause"].map(group_of)
        self.faults = pd.DataFrame({"code": found["line_code"], "day": local.dt.date, "group": groups})

    def take(
        self, kind: str, unit: str, opened: date, is_wanted: Callable[[str], bool] | None = None
    ) -> dict[str, Any]:
        """The worst free object of the unit, see Work: code, name, unit, value, faults, own."""
        if kind not in self.known:
            self.known[kind] = _candidates(self.frames, kind)
        frame, end = self.known[kind], month_of(opened)
        frame = frame[~frame["code"].isin(self.taken)]
        frame = frame[frame["code"].map(is_wanted)] if is_wanted else frame
        sizes = range(len(unit), 0, -2)  # where a small unit has none, one of the units above
        is_inside = (frame["unit"].str.startswith(unit[:size]) for size in sizes)
        frame = frame[next(one for one in is_inside if one.any())]
        year = self.faults[(self.faults["day"] >= add_months(end, -12)) & (self.faults["day"] < end)]
        own = year[year["group"].isin(KINDS[kind].groups)]
        counts = {"faults": year, "own": own}
        frame = frame.assign(
            **{
                name: frame["code"].map(some["code"].value_counts()).fillna(0).astype(int)
                for name, some in counts.items()
            }
        )
        by = ["own", "faults"] if kind in OWN_FIRST else ["rank", "faults"]
        ranked = frame.sort_values([*by, "code"], ascending=False).drop(columns="rank")
        chosen: dict[str, Any] = ranked.iloc[0].to_dict()
        self.taken.add(chosen["code"])
        return chosen


@cache
def group_of(cause: str) -> str:
    return str(rule_sets.first_version("causes").body[cause]["group"])


def _candidates(frames: Frames, kind: str) -> pd.DataFrame:
    """code, name, unit, value and rank of the objects at which works of the kind make sense."""
    found = {"line": _lines, "area": _areas, "equipment": _equipment}[KINDS[kind].object_kind](frames, kind)
    return found[["code", "name", "unit", "value", "rank"]]


def _equipment(frames: Frames, kind: str) -> pd.DataFrame:
    pieces = frames["customer_equipment"]
    if kind == "customer_equipment":
        pieces = pieces[pieces["arrester_type"].isin(["silicon_carbide", "valve"])]
    tested, code = pd.to_datetime(pieces["last_test_on"]), pieces["equipment_key"]
    names = pieces["area_code"]  # what the customer is called is masked
    return pieces.assign(code=code, name=names, value=tested.dt.date, rank=-tested.astype("int64"))


def _areas(frames: Frames, kind: str) -> pd.DataFrame:
    loads, low = frames["area_loads"].groupby("area_code"), frames["voltage_days"]
    if kind == "adjust_voltage":
        days = low.groupby([low["area_code"], low["day"].map(month_of)]).size()
        value = days.groupby("area_code").max()
    else:
        value = loads["unbalance_pct" if kind == "balance_phases" else "peak_load_pct"].max().dropna()
    areas = frames["areas"][frames["areas"]["area_code"].isin(value.index)]
    value = areas["area_code"].map(value).round().astype(int)
    return areas.assign(code=areas["area_code"], value=value, rank=value)


def _lines(frames: Frames, kind: str) -> pd.DataFrame:
    lines = frames["lines"][frames["lines"]["kind"] == "public"]
    if kind in ("insulate_conductor", "replace_conductor"):
        lines = lines[lines["conductor"] == "bare"]
    if kind == "add_tie":
        lines = lines[lines["ties"] == 0]
    if kind == "add_automation":
        steps = frames["outages"]
        lines = lines[~lines["line_code"].isin(steps.loc[steps["has_automation"].eq(True), "line_code"])]
    value = _of_lines(frames, kind)
    if value is None:
        return lines.assign(code=lines["line_code"], value=0, rank=0)
    value = lines["line_code"].map(value).dropna().astype(int)
    lines = lines.loc[value.index]
    return lines.assign(code=lines["line_code"], value=value, rank=value)


def _of_lines(frames: Frames, kind: str) -> pd.Series | None:
    """By line how many years old its conductor is, or how many things there are that the works are for."""
    sites, defects, pieces = (frames[name] for name in ("damage_sites", "defects", "customer_equipment"))
    if kind == "replace_conductor":
        since = pd.to_datetime(frames["lines"].set_index("line_code")["conductor_since"])
        return (frames["outages"]["interrupted_at"].max() - since).dt.days // 365
    is_works = sites["closed_on"].isna() & sites["kind"].isin(["construction", "tall_machinery"])
    where = {
        "guard_site": lambda: sites.loc[is_works, "line_code"],
        "clear_defects": lambda: defects.loc[defects["cleared_at"].isna(), "line_code"],
        "boundary_switch": lambda: pieces.loc[~pieces["has_boundary_switch"].astype(bool), "line_code"],
    }
    return where[kind]().value_counts() if kind in where else None
