"""The thresholds of a rule version as sentences, one per section, in the language of the screen.

A section without a sentence here is shown as its plain keys and values, so that nothing in force is hidden.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain import rule_sets
from domain.rule_sets import RuleVersion
from ui import rule_texts_risk
from ui.texts import _, language, listed

GAP = "▢"
OPERATORS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">"}


def cause_names(causes: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Cause code -> name in the language of the screen; causes is the body of rule set causes."""
    return {code: one["name_zh" if language() == "zh" else "name_en"] for code, one in causes.items()}


def sentences(version: RuleVersion) -> list[str]:
    """What the version says, section by section; keys outside any section come first."""
    loose = {key: value for key, value in version.body.items() if not isinstance(value, Mapping)}
    sections = [(key, value) for key, value in version.body.items() if isinstance(value, Mapping)]
    if loose:
        sections.insert(0, ("", loose))
    return [_sentence(version.rule_set, name, values) for name, values in sections]


def _sentence(rule_set: str, section: str, values: Mapping[str, Any]) -> str:
    template = _templates().get(f"{rule_set}.{section}")
    shown = {key: _word(key, value) for key, value in values.items()}
    if template is not None:
        try:
            return template.format(**shown)
        except KeyError:  # a later version of the rules dropped or renamed a key
            pass
    plain = ", ".join(f"{key} = {value}" for key, value in _flat(shown))
    return f"{section}: {plain}" if section else plain


def _flat(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in shown.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{name}", one) for name, one in _flat(value))
        else:
            yield key, value


def _word(key: str, value: Any) -> Any:
    """A value as a text; of a section, its values as texts by key."""
    if isinstance(value, Mapping):
        return {name: _word(name, one) for name, one in value.items()}
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        if key in ("frequent", "warning"):
            return " → ".join(label_name(f"{key}:{one}") for one in value)
        return listed(kind_name(one) if isinstance(one, str) else str(one) for one in value)
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return OPERATORS.get(value, str(value)) if isinstance(value, str) else str(value)


def key_name(rule_set: str, key: str) -> str:
    """Which threshold a key with its section is: the section's sentence with a gap where its value stands.

    Of sets whose sections have names, that name; the key itself where there are no words.
    """
    section, _dot, name = key.rpartition(".")
    shipped = rule_sets.first_version(rule_set).body.get(section, {}) if rule_set in rule_sets.names() else {}
    if "name_zh" in shipped:
        return shipped["name_zh" if language() == "zh" else "name_en"]
    top, _dot, clause = section.partition(".")
    template = _templates().get(f"{rule_set}.{top}", "")
    place, gap = (f"{clause}[{name}]", {clause: _Clause({name: GAP})}) if clause else (name, {name: GAP})
    return template.format_map(_Gaps(gap)) if f"{{{place}}}" in template else key


class _Clause(dict):
    """The thresholds of a clause, one of them perhaps shown; by itself it is a gap too."""

    def __missing__(self, key: str) -> str:
        return "…"

    def __format__(self, _spec: str) -> str:
        return "…"


class _Gaps(dict):
    def __missing__(self, key: str) -> _Clause:
        return _Clause()


def label_name(label: str) -> str:
    """A label of the frequent-outage or warning list, e.g. frequent:year, in words."""
    names = {
        "frequent:year": _("too many interruptions this year"),
        "frequent:window": _("too many interruptions in a short time"),
        "frequent:planned": _("too many planned interruptions"),
        "frequent:areas": _("several frequent areas"),
        "warning:days_30": _("2 interruptions in the last 30 days"),
        "warning:days_50": _("3 interruptions in the last 50 days"),
        "warning:year": _("4 or 5 interruptions this year"),
    }
    return names.get(label, label)


def kind_name(kind: str) -> str:
    """Kind of an outage."""
    names = {
        "fault": _("Fault"),
        "planned": _("Planned"),
        "temporary": _("Temporary"),
        "rationing": _("Rationing"),
        "restored": _("Restoration"),
    }
    return names.get(kind, kind)


def set_name(rule_set: str) -> str:
    """Name of a rule set."""
    names = {
        "outages": _("How outages are counted"),
        "reliability": _("Reliability thresholds"),
        "frequent_outage": _("Frequent-outage and warning list"),
        "notices": _("Notices of outages"),
        "promises": _("Restoration promises"),
        "signals": _("Signals on trends"),
        "causes": _("Causes"),
        "retention": _("How long things are kept"),
        "proof": _("Proof of rectifications"),
        "rectification": _("How rectification is watched"),
        "measures": _("Kinds of measures"),
        "risk": _("Lines and areas at risk"),
    }
    return names.get(rule_set, rule_set)


def _templates() -> dict[str, str]:
    return rule_texts_risk.templates() | {
        "outages.momentary": _("Momentary and not counted: {operator} {minutes} min"),
        "outages.warnings": _("A step longer than {longer_than_days} days is questioned at the import"),
        "promises.kept": _("Kept: restored no later than the time told + {minutes} min"),
        "promises.few": _("Fewer than {promises} promises: too few for a share"),
        "promises.accurate": _("Accurate: restored within ±{minutes} min of the time told"),
        "reliability.cemi": _(
            "Repeatedly interrupted: {operator} {interruptions} interruptions in 12 months"
        ),
        "reliability.celid_single": _("One long interruption: ≥ {hours} h"),
        "reliability.celid_total": _("Long total: ≥ {hours} h in 12 months"),
        "reliability.repeat_faults": _("Line with repeated faults: {operator} {faults} in 12 months"),
        "reliability.late_restoration": _("Restored late: longer than {hours} h"),
        "reliability.major_event_days": _(
            "Major event days: above exp(α + {multiplier}·β) of daily SAIDI over {history_years} years"
        ),
        "frequent_outage.exclude": _(
            "Not counted: on major event days: {major_event_days}; shorter than {shorter_than_minutes} min; "
            "single-user work orders: {single_user_orders}; external damage: {external_damage}; "
            "starting less than {merge_within_hours} h after the last one counted"
        ),
        "frequent_outage.frequent": _(
            "Frequent: {operator} {year} in the calendar year, or {operator} {window} within {window_days} "
            "days, or {operator} {planned} planned ({planned_kinds})"
        ),
        "frequent_outage.warning": _(
            "Warning: {year_from} to {year_to} in the calendar year, or {days_50_equals} in the last "
            "{days_50} days, or {days_30_equals} in the last {days_30} days"
        ),
        "frequent_outage.priority": _("One official label each, the first that holds: {frequent}; {warning}"),
        "frequent_outage.lines": _("A line is frequent from {frequent_areas_at_least} frequent areas on"),
        "frequent_outage.windows": _("The windows look back over New Year: {cross_year}"),
        "notices.planned": _("Planned outages: announced at least {days_before} days before"),
        "notices.temporary": _("Temporary outages: announced at least {hours_before} hours before"),
        "notices.fault": _(
            "Faults that touch at least {customers_at_least} customers: announced within "
            "{minutes_after_detection} min of detection"
        ),
        "notices.restored": _("Restorations: announced within {minutes_after} min"),
        "notices.accuracy": _(
            "Accurate: begins within ±{start_minutes} min of the announced start and ends no later than the "
            "announced end + {end_minutes} min; areas agree to at least {jaccard_at_least} (Jaccard)"
        ),
        "notices.plan": _(
            "Carried out as published: begins within ±{start_within_hours} h of the announced start"
        ),
        "notices.repeated_planned": _("Repeated planned outages: {operator} {outages} in {days} days"),
        "rectification.near_due": _("Blue: due within {days} days"),
        "rectification.behind": _(
            "Yellow: more than {points} percentage points behind the time that is over, or nothing logged "
            "for {no_log_days} days"
        ),
        "rectification.stuck": _("Stuck: nothing logged for {days} days"),
        "rectification.open_by_age": _("Open items are grouped by age: up to {up_to_days} days, and more"),
        "rectification.overdue_by": _("Overdue items are grouped: up to {up_to_days} days, and more"),
        "rectification.relapse": _(
            "Relapse: within {days} days of the work an outage of the same group of causes (by weather: "
            "{weather_outages}, else {outages}), not on a major event day, or the same rule is met again; "
            "the new item is due after {new_due_days} days"
        ),
        "rectification.evidence": _("Evidence: at most {largest_mb} MB a file"),
        "risk.checks": _(
            "Soon: a preventive test due within {near_test_days} days, "
            "a patrol within {near_patrol_days} days"
        ),
        "risk.patrol_every_days": _(
            "Days between patrols where a site does not say: construction {construction}, "
            "crossing {crossing}, large machinery {tall_machinery}, fishing {fishing}, other {other}"
        ),
        "signals.": _(
            "Limits: mean ± {limit_factor} × mean moving range. A signal: a point outside; {run_length} in a "
            "row on one side; {near_limit_at_least} of {near_limit_of} beyond half-way to the same limit. "
            "Baseline: the first {baseline_months} complete months, at least {baseline_at_least}; fewer than "
            "{min_events} events a month: too few to judge"
        ),
        "proof.windows": _(
            "Compared: {before_months} whole months before the creation with those after the works; a "
            "verdict from {provisional_from} months on, final from {final_from}"
        ),
        "proof.comparison": _(
            "Expected: by at least {controls_at_least} untreated objects that met the same rule, with at "
            "least {control_outages_at_least} outages to be expected of them, else by all untreated peers, "
            "at least {peers_at_least}; customers per outage are drawn to the peers' with the weight of "
            "{size_weight} outages"
        ),
        "proof.verdict": _(
            "Effective: the whole interval of observed to expected lies below 1; worse: above 1; level of "
            "the interval {level}"
        ),
    }
