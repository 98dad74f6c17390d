"""What endangers the lines of the invented company: old conductors, defects, works of others, customers.

The few bad lines have more of everything, so that what is found on them agrees with their faults.
"""

from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from data_access.demo.loads import MONTHS
from data_access.demo.network import Network, weak_accounts
from domain.periods import add_months, last_day, months_between

BAD_RISK = 4.5  # of network.lines.risk: the bad lines
DEFECTS_A_MONTH = 0.09  # of a public line of risk 1
LIMIT_DAYS = {"urgent": 1, "major": 30, "minor": 180}
FOUND_BY = {"patrol": 0.4, "drone": 0.35, "online": 0.15, "hotline": 0.1}
NEVER_CLEARED = {"urgent": 0.04, "major": 0.12, "minor": 0.1}
DEFECTS = {
    "line": ("绝缘子破损", "线夹发热", "导线断股", "树障距离不足", "拉线松弛", "杆塔基础冲刷"),
    "area": ("低压接头发热", "避雷器引线松动", "配变渗油", "跌落式熔断器锈蚀"),
}
SITES = {
    "construction": ("道路扩建工地", "厂房施工工地", "管沟开挖"),
    "crossing": ("跨公路", "跨鱼塘", "跨线路"),
    "tall_machinery": ("吊车作业点", "泵车作业点"),
    "fishing": ("鱼塘垂钓点",),
    "other": ("堆土点",),
}
ARRESTERS = {"metal_oxide": 0.6, "silicon_carbide": 0.24, "valve": 0.11, "none": 0.05}
PATROL_EVERY_DAYS = {
    "construction": 7, "crossing": 30, "tall_machinery": 7, "fishing": 14, "other": 14,
}  # fmt: skip
SITE_EVERY = 4  # lines
METAL_OXIDE_SINCE = date(2008, 1, 1)  # nobody built in the old ones any more
TEST_DAYS = 3 * 365
FORGOTTEN = 0.3  # of the sites that are open: their patrols stopped weeks ago


def conductors(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """conductor, conductor_since, ties and ties_at_limit by line, in the order of network.lines."""
    lines = network.lines
    many = len(lines)
    is_bad = (lines["risk"] >= BAD_RISK).to_numpy()
    city = lines["unit"].str[2:4].map({"01": 0, "02": 1, "03": 2}).to_numpy()
    bare = random.random(many) < np.array([0.25, 0.35, 0.5])[city]
    other = random.choice(["insulated", "cable", "mixed"], many, p=[0.6, 0.2, 0.2])
    age = random.gamma(5, 2.4, many) + np.where(bare, 8, 0)
    age[is_bad] = 27 + random.random(int(is_bad.sum())) * 8
    frame = pd.DataFrame({"conductor": np.where(bare | is_bad, "bare", other)})
    frame["conductor_since"] = [last - timedelta(days=int(one * 365)) for one in age]
    frame["ties"] = np.where(is_bad, 0, random.choice([0, 1, 2, 3], many, p=[0.18, 0.42, 0.28, 0.12]))
    limited = pd.Series(random.random(many) < 0.12, dtype="boolean")
    frame["ties_at_limit"] = limited.where(frame["ties"] > 0)
    return frame.set_axis(lines.index)


def _moment(month: date, random: np.random.Generator) -> datetime:
    day = month + timedelta(days=int(random.integers(0, last_day(month).day)))
    return datetime.combine(day, time(8)) + timedelta(minutes=int(random.integers(0, 600)))


def defects(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Defects of lines and areas, times local; most are cleared within their limit, some are open past it."""
    areas_of = network.areas.groupby("line_code")["area_code"].apply(list).to_dict()
    public = network.lines[network.lines["kind"] == "public"]
    end = datetime.combine(last_day(last), time(18))
    rows = []
    for line in public.itertuples():
        is_bad = line.risk >= BAD_RISK
        for month in months_between(add_months(last, 1 - MONTHS), last):
            for _ in range(random.poisson(DEFECTS_A_MONTH * (2 if is_bad else 1) * (0.5 + line.risk / 2))):
                severity = str(random.choice(list(LIMIT_DAYS), p=[0.05, 0.2, 0.75]))
                found = _moment(month, random)
                is_area = random.random() < 0.3
                limit = found.date() + timedelta(days=LIMIT_DAYS[severity])
                took = timedelta(days=float(random.uniform(0.1, 1.15)) * LIMIT_DAYS[severity])
                stays = random.random() < NEVER_CLEARED[severity] * (5 if is_bad else 1)
                cleared = (found + took).replace(second=0, microsecond=0)
                text = DEFECTS["area" if is_area else "line"]
                rows.append({
                    "defect_key": f"{line.unit}Q{len(rows) + 1:05}",
                    "unit": line.unit,
                    "line_code": line.line_code,
                    "area_code": str(random.choice(areas_of[line.line_code])) if is_area else None,
                    "found_by": str(random.choice(list(FOUND_BY), p=list(FOUND_BY.values()))),
                    "severity": severity,
                    "found_at": found,
                    "limit_on": limit,
                    "cleared_at": None if stays or cleared > end else cleared,
                    "description": text[int(random.integers(len(text)))],
                })  # fmt: skip
    return pd.DataFrame(rows)


def damage_sites(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Places where others may damage a line: one at every fourth public line, and at the bad ones."""
    public = network.lines[network.lines["kind"] == "public"]
    end, rows = last_day(last), []
    for number, line in enumerate(public.itertuples()):
        if number % SITE_EVERY and line.risk < BAD_RISK:
            continue
        kind = str(random.choice(list(SITES), p=[0.45, 0.2, 0.15, 0.12, 0.08]))
        opened = _before(end, 20, 500, random)
        closed = opened + timedelta(days=int(random.integers(40, 400)))
        places = SITES[kind]
        rows.append({
            "site_key": f"{line.unit}W{number:03}",
            "unit": line.unit,
            "line_code": line.line_code,
            "kind": kind,
            "place": f"{int(random.integers(3, 90))}号杆 {places[int(random.integers(len(places)))]}",
            "opened_on": opened,
            "closed_on": None if kind == "crossing" or closed > end else closed,
            "patrol_every_days": PATROL_EVERY_DAYS[kind],
        })  # fmt: skip
    return pd.DataFrame(rows)


def patrols(sites: pd.DataFrame, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Patrols of the sites about as often as they are due; of some open ones they stopped weeks ago."""
    rows = []
    for site in sites.itertuples():
        end = site.closed_on if pd.notna(site.closed_on) else last_day(last)
        if pd.isna(site.closed_on) and random.random() < FORGOTTEN:
            end -= timedelta(days=site.patrol_every_days + int(random.integers(10, 60)))
        day = site.opened_on + timedelta(days=int(random.integers(0, 4)))
        while day <= end:
            seen = "现场已设警示牌" if random.random() < 0.15 else None
            due = day + timedelta(days=site.patrol_every_days)
            rows.append((f"{site.site_key}-{day:%Y%m%d}", site.site_key, day, seen, due))
            day += timedelta(days=site.patrol_every_days + int(random.integers(-1, 2)))
    return pd.DataFrame(rows, columns=["patrol_key", "site_key", "patrolled_on", "finding", "next_due_on"])


def _before(end: date, least: int, most: int, random: np.random.Generator) -> date:
    return end - timedelta(days=int(random.integers(least, most)))


def customer_equipment(network: Network, last: date, random: np.random.Generator) -> pd.DataFrame:
    """Equipment of every dedicated account: some with old arresters, overdue tests or no boundary switch."""
    end, weak = last_day(last), set(weak_accounts(network)["area_code"])
    rows = []
    for account in network.areas[network.areas["kind"] == "dedicated"].itertuples():
        arrester = str(random.choice(list(ARRESTERS), p=list(ARRESTERS.values())))
        in_service = _before(end, 300, 11_000, random)
        if in_service > METAL_OXIDE_SINCE:
            arrester = "metal_oxide"
        tested = max(in_service, _before(end, 60, 2_200, random))
        wrong = ["避雷器为老式碳化硅"] if arrester == "silicon_carbide" else []
        wrong += ["预防性试验超期"] if (end - tested).days > TEST_DAYS else []
        is_advised, is_accepted = wrong and random.random() < 0.7, random.random() < 0.6
        advised = _before(end, 20, 300, random) if is_advised else None
        accepted = advised + timedelta(days=int(random.integers(0, 15))) if advised and is_accepted else None
        rows.append({
            "equipment_key": f"{account.area_code}E1",
            "unit": account.unit,
            "area_code": account.area_code,
            "customer": account.name,
            "line_code": account.line_code,
            "switchgear": str(random.choice(["ring_main", "switch_cabinet", "column_switch", "fuse"])),
            "has_boundary_switch": bool(random.random() < 0.65) and account.area_code not in weak,
            "arrester_type": arrester,
            "transformer_in_service_on": in_service,
            "last_test_on": tested,
            "last_maintenance_on": max(in_service, _before(end, 30, 900, random)),
            "findings": "；".join(wrong) or None,
            "advice": "更换避雷器或安排预防性试验" if advised else None,
            "advised_on": advised,
            "accepted_on": accepted,
            "done_on": None,
        })  # fmt: skip
    return pd.DataFrame(rows)
