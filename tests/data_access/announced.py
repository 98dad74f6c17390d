"""Notices and planned outages of one county, as the tests of what was told write them."""

from tests.data_access.company import COUNTY_A1, HOME
from tests.data_access.steps import local, step


def notice(key, outage, published, start=None, end=None, kind="planned", unit=COUNTY_A1, **more):
    times = {name: local(value) for name, value in more.items()}
    return {
        "bureau_id": HOME[unit],
        "notice_key": key,
        "org_unit_id": unit,
        "kind": kind,
        "outage_key": outage,
        "published_at": local(published),
        "announced_start": local(start) if start else None,
        "announced_end": local(end) if end else None,
        **times,
    }


def planned(key, start="2026-01-20 10:00", minutes=60, **more):
    return step(key, COUNTY_A1, "a", start, minutes, kind="planned", **more)
