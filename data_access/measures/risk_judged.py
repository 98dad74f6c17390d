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
from data_access.measures.risk_facts import BEFORE, OF_KIND, RiskFacts
from domain import risk_score
from domain.risk_findings import Findings
from domain.risk_rules import RULES, judged
from domain.risk_score import WINDOW_MONTHS, YEAR_MONTHS
from domain.rule_sets import RuleVersion, version_on

CODES = tuple(RULES)
Met = np.ndarray  # by object, the rules that it met as bits, in the order of CODES


@dataclass(frozen=True)
class Judged:
    """Rows of risk_findings and risk_objects, in the order of their keys."""

    findings: pd.DataFrame
    objects: pd.DataFrame


def met_at(
    facts: RiskFacts, place: int, day: date, version: RuleVersion, in_service: np.ndarray
) -> dict[str, Findings]:
    """Findings at the end of the month at the place, by rule; of objects in service."""
    at = facts.at(place)
    found = {code: judged(code, at, day, version.body).of(in_service) for code in CODES}
    return {code: one for code, one in found.items() if len(one)}


def bits_of(found: Mapping[str, Findings], size: int) -> Met:
    """Which rules each object met."""
    bits = np.zeros(size, dtype=np.int64)
    for code, one in found.items():
        bits[one.objects] |= 1 << CODES.index(code)
    return bits


def words(bits: Met) -> pd.Categorical:
    """The rules of each object as ;RL1;RL6; - few combinations exist, so each is written once."""
    found, places = np.unique(bits, return_inverse=True)
    names = [";" + "".join(f"{code};" for at, code in enumerate(CODES) if one >> at & 1) for one in found]
    return pd.Categorical.from_codes(places, names)


def judge(facts: RiskFacts, changes: pd.DataFrame, before: Met, request: Request) -> Judged:
    """Every month-end of the facts. before: what was met at the month-end before the first of them.

    changes: as risk_objects.customers() gives them.
    """
    size = len(facts.objects.frame)
    observed = _running(facts)
    findings, rows = [], []
    for place, month in enumerate(facts.months):
        day = as_of(month, request)
        version = version_on(request.rules["risk"], day)
        in_service = facts.objects.in_service(month)
        met = met_at(facts, place, day, version, in_service)
        bits = bits_of(met, size)
        at = np.flatnonzero(bits)
        level = np.full(size, 9, dtype=np.int64)
        for code, found in met.items():
            level[found.objects] = np.minimum(level[found.objects], found.levels)
            findings.append(_finding(code, found, place, version.version, before))
        terms = _terms(facts, observed, place, in_service, version.body["score"])
        terms |= {"object": np.arange(size), "month": np.full(size, place), "level": level, "bits": bits}
        terms |= {"has_entered": before == 0, "faults_12m": facts.window("faults", place, YEAR_MONTHS)}
        terms["customers"] = risk_objects.customers_at(changes, facts.objects, day)
        rows.append({name: values[at] for name, values in terms.items()})
        before = bits
    return Judged(_findings(findings, facts), _objects(rows, facts))


def _finding(code: str, found: Findings, place: int, version: int, before: Met) -> dict[str, np.ndarray]:
    """Columns of the findings of a rule at a month-end; texts as texts, since each has its own."""
    rule = CODES.index(code)
    evidence = np.full(len(found), None, dtype=object)
    if found.keys:
        listed = (found.keys.get(one) for one in found.objects.tolist())
        evidence[:] = [None if one is None else json.dumps(one) for one in listed]
    return {
        "object": found.objects,
        "month": np.full(len(found), place),
        "rule": np.full(len(found), rule),
        "level": found.levels,
        "value": found.values,
        "threshold": np.array(found.texts, dtype=object)[found.text],
        "rule_version": np.full(len(found), version),
        "has_entered": before[found.objects] >> rule & 1 == 0,
        "evidence_count": found.counts,
        "evidence": evidence,
    }


def _findings(parts: Sequence[Mapping[str, np.ndarray]], facts: RiskFacts) -> pd.DataFrame:
    rows = _ordered(parts, facts, ("month", "object", "rule"))
    if len(rows):
        rows["rule"] = pd.Categorical.from_codes(rows["rule"], CODES)
        rows["threshold"] = pd.Categorical(rows["threshold"])
    return rows


def _objects(parts: Sequence[Mapping[str, np.ndarray]], facts: RiskFacts) -> pd.DataFrame:
    rows = _ordered(parts, facts, ("month", "object"))
    if len(rows):
        rows["rules"] = words(rows.pop("bits").to_numpy())
    return rows


def _ordered(
    parts: Sequence[Mapping[str, np.ndarray]], facts: RiskFacts, order: Sequence[str]
) -> pd.DataFrame:
    """The rows in the order of the key, which databases like, with its columns in place of `object`."""
    if not any(len(one["object"]) for one in parts):
        return pd.DataFrame()
    columns = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    frame = facts.objects.frame
    unit = frame["org_unit_id"].to_numpy()
    keys = [unit[columns["object"]], *(columns[name] for name in order)]
    sorted_ = np.lexsort(keys[::-1])
    columns = {name: values[sorted_] for name, values in columns.items()}
    at = columns.pop("object")
    months = np.array(facts.months, dtype="datetime64[s]")
    columns |= {"month": months[columns["month"]], "org_unit_id": unit[at]}
    for name in ("object_kind", "bureau_id", "object_code"):
        numbers, names = pd.factorize(frame[name])
        columns[name] = pd.Categorical.from_codes(numbers[at], names)
    return pd.DataFrame(columns)


def _running(facts: RiskFacts) -> Mapping[str, np.ndarray]:
    """Running sums over the months read, one column more: of months observed, and what was seen in them."""
    counts = facts.counts
    sums = {
        "months": facts.seen,
        "faults": np.where(facts.seen, counts["faults"], 0),
        "timed": np.where(facts.timed, counts["faults_no_med"], 0),
        "customer_s": np.where(facts.timed, counts["fault_customer_s_no_med"], 0),
    }
    none = np.zeros((len(facts.seen), 1), dtype=np.int64)
    return {name: np.hstack([none, one.astype(np.int64).cumsum(axis=1)]) for name, one in sums.items()}


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
