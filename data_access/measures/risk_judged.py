"""The objects of a bureau judged at each month-end: findings, and the terms of the score."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_access.measures import risk_objects
from data_access.measures.frequent import as_of
from data_access.measures.request import Request
from data_access.measures.risk_facts import BEFORE, RiskFacts
from domain import risk_score
from domain.risk_rules import RULES, judged
from domain.risk_score import WINDOW_MONTHS, YEAR_MONTHS
from domain.rule_sets import RuleVersion, version_on

CUSTOMERS = "outages.customers"
OF_KIND = {"line": "outages.line_code", "area": "outages.area_code"}
Met = dict[str, np.ndarray]  # by rule, which objects met it


@dataclass(frozen=True)
class Judged:
    """findings and objects: one row each, with `object` (its place) and month, else as in the tables."""

    findings: pd.DataFrame
    objects: pd.DataFrame


def met_at(
    facts: RiskFacts, place: int, day: date, version: RuleVersion, in_service: np.ndarray
) -> list[tuple[str, pd.DataFrame]]:
    """Findings at the end of the month at the place, by rule; of objects in service."""
    at = facts.at(place)
    found = []
    for code in RULES:
        rows = judged(code, at, day, version.body)
        rows = rows[in_service[rows["object"].to_numpy().astype(np.int64)]]
        if len(rows):
            found.append((code, rows))
    return found


def judge(facts: RiskFacts, changes: pd.DataFrame, before: Met, request: Request) -> Judged:
    """Every month-end of the facts. before: what was met at the month-end before the first of them.

    changes: as risk_objects.customers() gives them.
    """
    size, codes = len(facts.objects.frame), list(RULES)
    observed = _observed(facts, request)
    findings, rows = [], []
    for place, month in enumerate(facts.months):
        day = as_of(month, request)
        version = version_on(request.rules["risk"], day)
        in_service = facts.objects.in_service(month)
        now: Met = {}
        level, bits = np.full(size, 9, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for code, found in met_at(facts, place, day, version, in_service):
            at = found["object"].to_numpy().astype(np.int64)
            now[code] = np.zeros(size, dtype=bool)
            now[code][at] = True
            level[at] = np.minimum(level[at], found["level"].to_numpy().astype(np.int64))
            bits[at] |= 1 << codes.index(code)
            entered = ~before[code][at] if code in before else True
            findings.append(
                found.assign(rule=code, month=month, rule_version=version.version, has_entered=entered)
            )
        at = np.flatnonzero(bits)
        was = np.logical_or.reduce([*before.values(), np.zeros(size, dtype=bool)])
        terms = _terms(facts, observed, place, in_service, version.body["score"])
        rows.append(
            pd.DataFrame({name: values[at] for name, values in terms.items()}).assign(
                object=at,
                month=month,
                level=level[at],
                rules=_names(bits[at], codes),
                has_entered=~was[at],
                faults_12m=facts.window("faults", place, YEAR_MONTHS)[at],
                customers=risk_objects.customers_at(changes, facts.objects, day)[at],
            )
        )
        before = now
    found = pd.concat(findings, ignore_index=True) if findings else pd.DataFrame()
    return Judged(found, pd.concat(rows, ignore_index=True) if rows else pd.DataFrame())


def _names(bits: np.ndarray, codes: Sequence[str]) -> pd.Categorical:
    """The rules of each object as ;RL1;RL6; - few combinations exist, so each is written once."""
    found, places = np.unique(bits, return_inverse=True)
    words = [";" + "".join(f"{code};" for at, code in enumerate(codes) if one >> at & 1) for one in found]
    return pd.Categorical.from_codes(places, words)


def _observed(facts: RiskFacts, request: Request) -> Mapping[str, np.ndarray]:
    """Running sums over the months read, one column more: of months observed, and what was seen in them.

    A month is observed where outages by line or area cover it wholly and the object was there from its first
    day; the open month never is. Minutes are known where the customers of outages are covered too.
    """
    frame = facts.objects.frame
    months = _months_read(facts)
    units, unit = np.unique(frame["org_unit_id"].to_numpy(), return_inverse=True)
    known = request.covered(CUSTOMERS, units.tolist(), months)[unit]
    seen = np.zeros_like(known)
    for kind, source in OF_KIND.items():
        mine = (frame["object_kind"] == kind).to_numpy()
        seen[mine] = request.covered(source, units.tolist(), months)[unit[mine]]
    opened = frame["opened_on"].to_numpy().astype("datetime64[D]")[:, None]
    seen &= np.isnat(opened) | (opened <= np.array(months, dtype="datetime64[D]")[None, :])
    counts = facts.counts
    sums = {
        "months": seen,
        "faults": np.where(seen, counts["faults"], 0),
        "timed": np.where(seen & known, counts["faults_no_med"], 0),
        "customer_s": np.where(seen & known, counts["fault_customer_s_no_med"], 0),
    }
    none = np.zeros((len(frame), 1), dtype=np.int64)
    return {name: np.hstack([none, one.astype(np.int64).cumsum(axis=1)]) for name, one in sums.items()}


def _months_read(facts: RiskFacts) -> list[date]:
    first = np.datetime64(facts.months[0], "M") - BEFORE
    count = BEFORE + len(facts.months)
    return [one.item() for one in (first + np.arange(count)).astype("datetime64[D]")]


def _terms(
    facts: RiskFacts,
    observed: Mapping[str, np.ndarray],
    place: int,
    in_service: np.ndarray,
    weights: Mapping[str, int],
) -> dict[str, np.ndarray]:
    """The terms of the score of every object; peers are the objects of its kind in service in the bureau."""
    end = BEFORE + place + 1
    sums = {name: one[:, end] - one[:, end - WINDOW_MONTHS] for name, one in observed.items()}
    found = {
        "months_observed": sums["months"],
        "faults_observed": sums["faults"],
        "faults_timed": sums["timed"],
    }
    terms = ("peer_faults_month", "peer_minutes_per_fault", *risk_score.TERMS)
    found |= {name: np.full(len(in_service), np.nan) for name in terms}
    for kind in OF_KIND:
        mine = (facts.objects.frame["object_kind"] == kind).to_numpy() & in_service
        of = [sums[name][mine] for name in ("faults", "months", "timed", "customer_s")]
        peers = risk_score.peers(*of)
        found["peer_faults_month"][mine] = peers.faults_month
        found["peer_minutes_per_fault"][mine] = peers.minutes_per_fault
        for name, values in risk_score.scores(*of, peers, weights).items():
            found[name][mine] = values
    return found


def as_rows(rows: pd.DataFrame, facts: RiskFacts) -> pd.DataFrame:
    """With the columns of the key in place of `object`, in the order of the key; evidence as JSON."""
    if rows.empty:
        return rows
    order = ["object", "month", *(["rule"] if "rule" in rows else [])]
    rows = rows.sort_values(order, ignore_index=True)
    frame, at = facts.objects.frame, rows["object"].to_numpy().astype(np.int64)
    for name in ("object_kind", "bureau_id", "object_code"):
        numbers, names = pd.factorize(frame[name])
        rows[name] = pd.Categorical.from_codes(numbers[at], names)
    for name in ("rule", "threshold"):
        if name in rows:
            rows[name] = pd.Categorical(rows[name])
    if "evidence" in rows:
        rows["evidence"] = [None if one is None else json.dumps(one) for one in rows["evidence"]]
    return rows.assign(org_unit_id=frame["org_unit_id"].to_numpy()[at])
