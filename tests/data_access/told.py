"""What customers were told of the drawn outages: notices and restoration promises."""

import random
from datetime import date, datetime, timedelta

from tests.data_access.company import CHINA, HOME


def of_outage(draw: random.Random, outage: dict, steps: list[dict], rows: dict[str, list[dict]]) -> None:
    """Promises and notices of an outage."""
    bureau, key, started = outage["bureau_id"], outage["outage_key"], outage["started_at"]
    for number in range(draw.choice((0, 0, 1, 2, 3))):
        rows["promises"].append(
            {
                "bureau_id": bureau,
                "promise_key": f"{key}-{number}",
                "outage_key": key,
                "step_key": draw.choice((None, None, steps[0]["step_key"])),
                "told_at": started + timedelta(minutes=20 * number + draw.randrange(10)),
                "promised_at": started + timedelta(minutes=draw.randrange(30, 600)),
            }
        )
    if draw.random() < 0.85:
        before = {"planned": 24 * 7, "temporary": 24}.get(outage["kind"], -1)
        published = started - timedelta(hours=before) + timedelta(minutes=draw.choice((-600, -1, 0, 20, 90)))
        ended = outage["ended_at"] or started + timedelta(hours=3)
        _notice(
            draw,
            rows,
            bureau,
            f"N{key}",
            outage,
            published,
            started + timedelta(minutes=draw.choice((-60, -30, 0, 20, 45))),
            ended + timedelta(minutes=draw.choice((-60, -30, 0, 20, 45))),
            [one["area_code"] for one in steps if one["area_code"]],
        )
    if outage["ended_at"] and draw.random() < 0.6:
        rows["notices"].append(
            _blank(bureau, f"R{key}", outage["org_unit_id"], "restored", key)
            | {"published_at": outage["ended_at"] + timedelta(minutes=draw.choice((5, 30, 31, 200)))}
        )


def _notice(draw, rows, bureau, name, outage, published, start, end, codes) -> None:
    codes = sorted(set(codes)) if draw.random() < 0.8 else sorted({*codes, "TX"})
    has_codes = bool(codes) and draw.random() < 0.8
    kind = outage["kind"] if outage["kind"] != "rationing" else "rationing"
    cancelled = published + timedelta(hours=1) if draw.random() < 0.06 else None
    rows["notices"].append(
        _blank(bureau, name, outage["org_unit_id"], kind, outage["outage_key"])
        | {
            "published_at": published,
            "announced_start": start,
            "announced_end": end,
            "cancelled_at": cancelled,
            "rescheduled_to": start + timedelta(days=1) if draw.random() < 0.05 else None,
            "area_codes": ";".join(codes) if has_codes else None,
        }
    )
    if name.endswith("5"):  # the same plan by another channel, later
        again = {"notice_key": f"W{name}", "published_at": published + timedelta(hours=1), "area_codes": None}
        rows["notices"].append(rows["notices"][-1] | again)
    if has_codes:
        rows["areas"] += [{"bureau_id": bureau, "notice_key": name, "area_code": code} for code in codes]


def plan_without_outage(
    draw: random.Random, county: int, first: date, number: int, rows: dict[str, list[dict]]
) -> None:
    """A published plan that no outage followed; every second one was cancelled."""
    start = at(first + timedelta(days=draw.randrange(520)), 9 * 60)
    rows["notices"].append(
        _blank(HOME[county], f"P{number}", county, "planned", None)
        | {
            "published_at": start - timedelta(days=9),
            "announced_start": start,
            "announced_end": start + timedelta(hours=6),
            "cancelled_at": start - timedelta(days=1) if number % 2 else None,
        }
    )


def _blank(bureau: str, key: str, unit: int, kind: str, outage_key: str | None) -> dict:
    names = ("announced_start", "announced_end", "cancelled_at", "rescheduled_to", "area_codes", "line_code")
    return dict.fromkeys(names) | {
        "bureau_id": bureau,
        "notice_key": key,
        "org_unit_id": unit,
        "kind": kind,
        "outage_key": outage_key,
        "channel": "sms",
    }


def at(day: date, minute: int) -> datetime:
    """Naive UTC of a minute of the local day."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute) - CHINA
