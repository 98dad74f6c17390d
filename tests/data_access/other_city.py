"""A company of two cities of which only the second has anything: what comes back to the first is foreign."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from data_access import (
    audit,
    evidence_files,
    import_jobs,
    kpi_refresh,
    rectification_acts,
    rectification_making,
    rectification_steps,
    targets_setting,
)
from data_access import rectification_extensions as extensions
from data_access.tables.imports import import_jobs as jobs
from data_access.tables.org import grants, org_units, people, saved_views
from data_access.tables.rules import med_thresholds
from data_access.transactions import writing_all
from domain.periods import utc_now
from domain.rectifications import Rectification, item_number
from domain.target_state import Target
from domain.viewer import Scope, Viewer
from tests.data_access.importing import UNITS, take

FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
DECEMBER = date(2024, 12, 1)
MONTHS = [date(year, month, 1) for year in (2023, 2024) for month in range(1, 13)]
RUNNING, REFUSED = 1, 2  # numbers of the jobs
WORKER, OTHER = 4, 5  # two there who may be given work
ITEMS = {
    state: item_number(utc_now().year, n)
    for n, state in enumerate(("draft", "assigned", "working", "done"), 1)
}
PERSON, AHEAD = 3, date(2099, 1, 1)  # the second city's only person, and the first day of the role
VIEW = 1  # number of a view shared with the city
OUT_OF_FILE = b"what was left out"


def _outages() -> str:
    """Three outages a month of two areas on one line; one more lasts 40 days, another is not over."""
    header = (
        "step_key,outage_key,unit,area_code,line_code,kind,cause,customers,mv_users,interrupted_at,"
        "restored_at"
    )
    lines = []
    for month in MONTHS:
        for day, kind, hours in ((3, "故障", 1 + month.month % 5), (9, "计划", 5), (20, "故障", 2)):
            start = month + timedelta(days=day - 1)
            key = f"o{start:%y%m%d}"
            for area in ("A3", "A4"):  # an outage of a single user would count for no list
                times = f"{start} 08:00,{start} {8 + hours:02d}:30"
                lines.append(f"{key}{area},{key},S3,{area},L3,{kind},wind,10,1,{times}")
    lines.append("long,long,S3,A3,L3,故障,wind,5,1,2024-06-01 08:00,2024-07-11 08:00")
    lines += [
        f"c{area},passed,S3,{area},L3,故障,customer_equipment,9,1,2024-11-05 08:00,2024-11-05 09:00"
        for area in ("A3", "A5")
    ]
    lines.append("open,open,S3,A3,L3,故障,wind,7,1,2024-12-30 08:00,")
    return "\n".join([header, *lines]) + "\n"


def _rows(header: str, *lines: str) -> str:
    return "\n".join([header, *lines]) + "\n"


FILES = {
    "units": UNITS,
    "lines": "line_code,name,unit,kind,length_m\nL3,三线,S3,公用,5000\n",
    "areas": _rows(
        "area_code,name,unit,kind,line_code",
        "A3,台三,S3,公变,L3",
        "A4,台四,S3,公变,L3",
        "A5,台五,S3,专变,L3",
    ),
    "customers_served": _rows(
        "unit,level,month,customers",
        *(f"S3,{level},{month:%Y-%m},{n}" for month in MONTHS for level, n in (("LV", 100), ("MV", 4))),
    ),
    "outages": _outages(),
    "notices": _rows(
        "notice_key,unit,kind,outage_key,published_at,announced_start,announced_end,area_codes",
        "n1,S3,计划,o241209,2024-12-01 08:00,2024-12-09 08:00,2024-12-09 14:00,A3",
    ),
    "promises": _rows(
        "promise_key,outage_key,told_at,promised_at",
        "p1,o241203,2024-12-03 08:10,2024-12-03 11:00",
    ),
    "transformers": _rows("transformer_key,area_code,capacity_kva", "T3,A3,200", "T4,A4,200"),
    "area_loads": _rows("area_code,month,peak_load_pct", "A3,2024-12,120", "A4,2024-12,60"),
    "load_points": _rows("area_code,measured_at,power_kw", "A3,2024-12-01 08:15,190"),
    "voltage_days": _rows("area_code,day,lowest_v,low_minutes", "A3,2024-12-05,188,75"),
    "defects": _rows("defect_key,unit,line_code,severity,found_at", "D3,S3,L3,urgent,2024-12-02 08:00"),
    "damage_sites": _rows("site_key,unit,line_code,kind,opened_on", "P3,S3,L3,construction,2024-12-01"),
    "patrols": _rows("patrol_key,site_key,patrolled_on", "X3,P3,2024-12-08"),
    "customer_equipment": _rows("equipment_key,unit,area_code,line_code,customer", "E3,S3,A5,L3,周乙"),
    "targets": _rows("kpi,unit,period_kind,period,kind,value", "saidi,C2,month,2024-12,base,30"),
    "major_event_dates": _rows("unit,day,name", "C2,2024-12-03,typhoon"),
}


# In the month before, the source knew MV users only.
MV_ONLY = _rows(
    "step_key,outage_key,unit,kind,mv_users,interrupted_at,restored_at",
    "mv,mv,S3,故障,1,2022-12-05 08:00,2022-12-05 09:00",
)


@dataclass(frozen=True)
class Asked:
    """Who asks in which database, and the units of the city that is asked about."""

    engine: Engine
    viewer: Viewer
    folder: Path
    city: int
    station: int

    @property
    def of(self) -> tuple[Engine, Any]:
        return self.engine, self.viewer.scope

    @property
    def by(self) -> tuple[Engine, Viewer]:
        return self.engine, self.viewer


def viewer_of(engine: Engine, code: str, person_id: int) -> Viewer:
    """Somebody who may do everything, for the unit and all below."""
    with engine.connect() as connection:
        unit = connection.scalar(select(org_units.c.id).where(org_units.c.code == code))
    return Viewer(person_id, code, frozenset({"administrator"}), Scope((unit,)))


def build(engine: Engine, folder: Path) -> None:
    """Fill the second city with something for every read, and bring the figures up to date."""
    for kind, content in FILES.items():
        covers = None if kind in ("units", "lines", "areas", "targets") else f"{FIRST}..{LAST}"
        take(engine, folder, kind, content, covers=covers)
    take(engine, folder, "outages", MV_ONLY, covers="2022-12-01..2022-12-31")
    kpi_refresh.refresh(engine)
    manager = viewer_of(engine, "C2", 2)
    target = Target("saidi", manager.scope.roots[0], "month", "2024-12", "base", 30.5, version=1)
    targets_setting.set_one(engine, manager, target, "a test")
    city = viewer_of(engine, "C2", 2).scope.roots[0]
    by = {"set_by": "tester", "set_at": utc_now(), "reason": "a test"}
    home = {"bureau_id": "C2", "org_unit_id": city, **by}
    (folder / "left_out.csv").write_bytes(OUT_OF_FILE)
    result = {"rejected_file": str(folder / "left_out.csv")}
    request = {
        **vars(import_jobs.Request(str(folder / "left_out.csv"), "")),
        "viewer": {"person_id": 2, "name": "C2", "roles": ["administrator"], "roots": [city]},
    }
    moments = {"started_at": utc_now(), "beat_at": utc_now() + timedelta(days=1)}
    job = {"kind": "outages", "file_name": "x.csv", "request": request, "by_name": "C2", **moments}
    view = {"id": VIEW, "name": "x y", "page": "overview", "query": "", "by_name": "C2", "at": utc_now()}
    with writing_all(engine) as connection:
        known = [(1, "C1"), (2, "C2"), (PERSON, "周甲"), (WORKER, "周乙"), (OTHER, "周丙")]
        connection.execute(insert(people), [{"id": number, "name": name} for number, name in known])
        connection.execute(insert(saved_views).values(**view, org_unit_id=city))
        connection.execute(
            insert(med_thresholds).values(
                **home, year=2024, level="LV", t_med=9.5, alpha=1, beta=1, days=9, is_provisional=True,
                history_from=FIRST, history_to=date(2023, 12, 31),
            )
        )  # fmt: skip
        role = {"person_id": PERSON, "role": "lead", "org_unit_id": city, "valid_from": AHEAD}
        connection.execute(insert(grants).values(**role))
        works = {"role": "executive", "org_unit_id": city, "valid_from": FIRST}
        connection.execute(insert(grants), [works | {"person_id": one} for one in (WORKER, OTHER)])
        seen = Viewer(None, "tester", frozenset({"administrator"}), Scope((city,)))
        audit.record(connection, seen, "people.give", f"person {PERSON}", None, {"unit": "C2"}, unit_id=city)
        connection.execute(insert(jobs).values(**job, id=RUNNING, state="running", result=None))
        connection.execute(insert(jobs).values(**job, id=REFUSED, state="rejected", result=result))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("EVIDENCE_FILES", str(folder / "evidence"))
        _make_items(engine, manager)


def _make_items(engine: Engine, viewer: Viewer) -> None:
    """An item in each of ITEMS; for the assigned one an extension was asked for, the last has evidence."""
    due = utc_now().date() + timedelta(days=30)
    wanted = Rectification(
        "P", "", 0, "line", "L3", "L3 多次跳闸", measure="m", funding="f", contingency="c", original_due=due
    )
    given = [replace(wanted, responsible_id=None if state == "draft" else WORKER) for state in ITEMS]
    made = [rectification_making.create(engine, viewer, one) for one in given]
    later = due + timedelta(days=5)
    extensions.ask(engine, viewer, "P", made[1].item_id, made[1].version, later, "why")
    for one in made[2:]:
        rectification_steps.start(engine, viewer, "P", one.item_id, one.version)
    last = made[3]
    day = rectification_acts.today()
    rectification_steps.mark_done(engine, viewer, "P", last.item_id, last.version + 1, day, "x")
    evidence_files.add(engine, viewer, "P", last.item_id, "x.pdf", b"%PDF-1.7", "after")
    kpi_refresh.refresh(engine)
