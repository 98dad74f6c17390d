"""Rules on the condition of the network: load, voltage, balance, age, defects, ties. See risk_rules.py."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from domain.periods import days_in
from domain.risk_events import is_open, things
from domain.risk_findings import Clause
from domain.rule_sets import holds

Facts = Mapping[str, pd.DataFrame]
YEAR_DAYS = 365.25
# An age beyond the limit is a day before it. A rule that was published otherwise is still judged as it says.
EARLIER = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
OF_AGE = (">", ">=")


def _largest(rows: pd.DataFrame, column: str, text: str, level: int) -> Clause:
    """Each object once with its largest value; the evidence are all its rows, the largest first."""
    ranked = rows.sort_values([column, "key"], ascending=[False, True])
    once = ranked.drop_duplicates("object")
    keys = ranked[["object", "key"]]
    return Clause(once["object"].to_numpy(), once[column].to_numpy(), text, level, keys)


def _of_month(facts: Facts, as_of: date) -> pd.DataFrame | None:
    if "loads" not in facts:
        return None
    loads = facts["loads"]
    chosen = loads[(loads["month"] == pd.Timestamp(as_of.replace(day=1))).to_numpy()]
    return chosen.assign(key=f"{as_of:%Y-%m}")


def overloaded(facts: Facts, as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL2: heavy load or overload on so many consecutive points of the day's month."""
    loads = _of_month(facts, as_of)
    if loads is None:
        return []
    found, run = [], rule["run"]
    for name in ("overload", "heavy"):
        points = loads[f"{name}_run_points"].to_numpy(dtype=np.float64)
        met = loads[holds(points, run["operator"], run["points"])]
        limit = f"{rule[name]['operator']} {rule[name]['percent']:g} %"
        text = f"load {limit}, points {run['operator']} {run['points']}"
        found.append(_largest(met, f"{name}_run_points", text, rule[name]["level"]))
    return found


def low_voltage(facts: Facts, as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL3: below the voltage for so many minutes on so many days of the last days, the day included."""
    if "voltage_days" not in facts:
        return []
    days = facts["voltage_days"]
    begin = pd.Timestamp(as_of - timedelta(days=rule["within_days"] - 1))
    recent = (days["day"] >= begin) & (days["day"] <= pd.Timestamp(as_of))
    volts, minutes = days["lowest_v"].to_numpy(dtype=float), days["low_minutes"].to_numpy(dtype=float)
    low = holds(volts, rule["voltage"]["operator"], rule["voltage"]["volts"])
    low &= holds(minutes, rule["minutes"]["operator"], rule["minutes"]["minutes"])
    rows = days[recent.to_numpy() & low].sort_values("day", ascending=False)
    rows = rows.assign(key=rows["day"].dt.strftime("%Y-%m-%d"))
    return [things(rows, rule["often"] | {"level": rule["level"]}, "low_days")]


def unbalanced(facts: Facts, as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL4: unbalance of the three phases above the limit for so many hours of the day's month."""
    loads = _of_month(facts, as_of)
    if loads is None:
        return []
    percent = loads["unbalance_pct"].to_numpy(dtype=np.float64)
    hours = loads["unbalance_hours"].to_numpy(dtype=np.float64)
    limit, lasting = rule["unbalance"], rule["lasting"]
    met = holds(percent, limit["operator"], limit["percent"])
    met &= holds(hours, lasting["operator"], lasting["hours"])
    text = f"unbalance {limit['operator']} {limit['percent']:g} %"
    text += f", hours {lasting['operator']} {lasting['hours']:g}"
    return [_largest(loads[met], "unbalance_pct", text, rule["level"])]


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for 29 February of a year without one."""
    month = date(day.year - years, day.month, 1)
    return month.replace(day=min(day.day, days_in(month)))


def is_older(since: Any, day: date, rule: Mapping[str, Any]) -> Any:
    """Whether `since` lies further back than the rule's years on the day; of a column, for each row."""
    limit = years_before(day, rule["years"])
    beyond = pd.Timestamp(limit) if isinstance(since, pd.Series) else limit
    return holds(since, EARLIER[rule["operator"]], beyond)


def check_ages(body: Mapping[str, Any]) -> None:
    """Something is old from an age on, never up to one. body: of rule set risk, in its shape.

    Raises InvalidInput("rule_field", field, expected).
    """
    for code, rule in body.items():
        for section, values in rule.items():
            is_age = isinstance(values, Mapping) and "years" in values
            if is_age and values["operator"] not in OF_AGE:
                field = f"{code}.{section}.operator"
                raise InvalidInput("rule_field", field=field, expected=" ".join(OF_AGE))


def older(since: pd.Series, as_of: date, rule: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """(whether it is older than the rule's years, age in years) of each; an unknown day is not."""
    known = since.notna().to_numpy()
    age = ((pd.Timestamp(as_of) - since).dt.days / YEAR_DAYS).round(1).to_numpy(dtype=np.float64)
    return known & np.asarray(is_older(since, as_of, rule), dtype=bool), age


def _aged(rows: pd.DataFrame, since: str, as_of: date, rule: Mapping[str, Any], what: str) -> Clause:
    is_older, age = older(rows[since], as_of, rule)
    text = f"{what} {rule['operator']} {rule['years']}"
    return _largest(rows.assign(age=age)[is_older], "age", text, rule["level"])


def aged(facts: Facts, as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL5: a transformer of the area, or a line's bare conductor, in service for more than so many years."""
    found = []
    if "transformers" in facts:
        rows = facts["transformers"]
        found.append(_aged(rows, "in_service_on", as_of, rule["transformer"], "transformer_years"))
    if "conductors" in facts:
        lines = facts["conductors"]
        bare = lines[(lines["conductor"] == "bare").to_numpy()].assign(key="bare")
        found.append(_aged(bare, "conductor_since", as_of, rule["bare_conductor"], "bare_conductor_years"))
    return found


def defective(facts: Facts, as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL7: an urgent defect, a major one past its limit, or so many minor ones, not cleared by the day.

    On the day of the limit itself a major one is still in time.
    """
    if "defects" not in facts:
        return []
    rows = facts["defects"]
    rows = rows[is_open(rows, "found_on", "cleared_on", as_of)].sort_values(["found_on", "key"])
    is_late = rows["limit_on"] < pd.Timestamp(as_of)
    chosen = {
        "urgent": rows["severity"] == "urgent",
        "major_late": (rows["severity"] == "major") & is_late,
        "minor": rows["severity"] == "minor",
    }
    found = []
    for name, which in chosen.items():
        clause = things(rows[which.to_numpy()], rule[name], "defects")
        text = f"{name}_{clause.text}"
        found.append(Clause(clause.objects, clause.values, text, clause.level, clause.evidence))
    return found


def radial(facts: Facts, _as_of: date, rule: Mapping[str, Any]) -> list[Clause]:
    """RL10: too few tie points, or ties that cannot take the line's load over; as registered today."""
    if "ties" not in facts:
        return []
    rows = facts["ties"]
    rows = rows[rows["ties"].notna().to_numpy()].assign(key="ties")
    count = rows["ties"].to_numpy(dtype=np.float64)
    few = holds(count, rule["ties"]["operator"], rule["ties"]["ties"])
    full = ~few & rows["ties_at_limit"].eq(True).to_numpy()
    text = f"ties {rule['ties']['operator']} {rule['ties']['ties']}"
    return [
        _largest(rows[few], "ties", text, rule["ties"]["level"]),
        _largest(rows[full], "ties", "ties at limit", rule["at_limit"]["level"]),
    ]
