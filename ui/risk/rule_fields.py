"""The thresholds of the rules of risk as fields: each with its words and unit, none as raw keys."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from domain.risk_condition import OF_AGE
from domain.risk_rules import RULES
from domain.rule_sets import OPERATORS
from ui.equipment import words as equipment_words
from ui.risk import words
from ui.texts import _, listed

KEY = "risk_draft_"
NO_SOURCE = {"complaints", "line_loss"}  # what only these would tell cannot be judged yet
LISTS = {
    "RL6.sites.kinds": (tuple(equipment_words.SITES), equipment_words.site),
    "RL9.arrester.types": (("valve", "silicon_carbide", "metal_oxide", "none"), words.arrester),
}


def name(path: str) -> str:
    """Which threshold it is, with its unit."""
    section, _dot, last = path.rpartition(".")
    if last == "operator":
        return _("Compared")
    if section == "patrol_every_days":
        return _("{kind}, days").format(kind=equipment_words.site(last))
    return _names().get(path) or (_("Level of risk") if last == "level" else path)


def _names() -> dict[str, str]:
    return {
        "RL1.faults.faults": _("Number of faults in 12 months"),
        "RL1.listed.frequent_level": _("Level on the frequent-outage list"),
        "RL1.listed.warning_level": _("Level on the warning list"),
        "RL2.minutes_between": _("Minutes between metered points"),
        "RL2.run.points": _("Points in a row"),
        "RL2.heavy.percent": _("Heavy load, % of capacity"),
        "RL2.overload.percent": _("Overload, % of capacity"),
        "RL3.within_days": _("Looks back, days"),
        "RL3.voltage.volts": _("Voltage, V"),
        "RL3.minutes.minutes": _("Minutes of low voltage on a day"),
        "RL3.often.low_days": _("Days of low voltage"),
        "RL4.unbalance.percent": _("Unbalance of phases, %"),
        "RL4.lasting.hours": _("Hours of the month above it"),
        "RL5.transformer.years": _("Age of the transformer, years"),
        "RL5.bare_conductor.years": _("Age of the bare conductor, years"),
        "RL6.faults.faults": _("Faults of outside influence in 12 months"),
        "RL6.sites.sites": _("Open places of danger"),
        "RL6.sites.kinds": _("Kinds of places that count"),
        "RL7.urgent.defects": _("Open urgent defects"),
        "RL7.major_late.defects": _("Major defects past their limit"),
        "RL7.minor.defects": _("Open minor defects"),
        "RL8.passed.faults": _("Faults that customers passed on in 12 months"),
        "RL8.no_boundary_switch.accounts": _("Accounts without boundary switch"),
        "RL9.arrester.types": _("Types of arresters that count"),
        "RL9.transformer.years": _("Age of the customer's transformer, years"),
        "RL9.last_test.years": _("Years since the last preventive test"),
        "RL10.ties.ties": _("Tie points"),
        "RL10.at_limit.level": _("Level where ties cannot take the load over"),
        "checks.near_test_days": _("A test is due soon, days before"),
        "checks.near_patrol_days": _("A patrol is due soon, days before"),
        "score.prior_months": _("Weight of the peers' faults, months"),
        "score.prior_faults": _("Weight of the peers' customer time, faults"),
    }


def fields(body: Mapping[str, Any]) -> None:
    """A fold for each rule with its thresholds; what they say is read by said()."""
    for code, values in body.items():
        if not is_offered(code):
            continue
        with st.expander(title(code, values)):
            loose = {key: one for key, one in values.items() if not isinstance(one, Mapping)}
            sections = [(key, one) for key, one in values.items() if isinstance(one, Mapping)]
            if loose:
                _row(f"{code}.", loose)
            for section, several in sections:
                _row(f"{code}.{section}.", several)


def is_offered(code: str) -> bool:
    """Whether the thresholds of the section judge anything: those of a rule without any source do not."""
    return code not in RULES or not set(RULES[code].sources) <= NO_SOURCE


def title(code: str, values: Mapping[str, Any]) -> str:
    """The rule with its limits, so that they are read without opening it."""
    if code not in RULES:
        return _section(code)
    limits = [
        f"{name(path)} {words.OPERATORS[values[section]['operator']]} {value(path, one)}"
        for section, several in values.items()
        if isinstance(several, Mapping) and "operator" in several
        for key, one in several.items()
        if key not in ("operator", "level") and not isinstance(one, list)
        for path in (f"{code}.{section}.{key}",)
    ]
    return f"**{words.numbered(code)}** · {words.several(limits)}"


def _section(code: str) -> str:
    """A section of the rule set, by its name or the rule's."""
    names = {
        "score": _("Expected customer time"),
        "checks": _("Checks that are due soon"),
        "patrol_every_days": _("Patrols of damage sites that state no interval"),
    }
    return names.get(code) or words.numbered(code)


def _row(path: str, values: Mapping[str, Any]) -> None:
    """The thresholds of a clause beside each other: compared, limit, level."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key, value in values.items():
            _field(f"{path}{key}", key, value, OF_AGE if "years" in values else OPERATORS)


def _field(path: str, key: str, value: Any, operators: Sequence[str]) -> None:
    about = {"label": name(path), "key": f"{KEY}{path}"}
    if key == "operator":
        st.selectbox(
            options=operators,
            index=operators.index(value) if value in operators else 0,
            format_func=words.OPERATORS.get,
            width=90,
            **about,
        )
    elif key.endswith("level"):
        st.selectbox(options=(1, 2, 3), index=value - 1, format_func=words.level_marked, width=200, **about)
    elif isinstance(value, list):
        options, said = LISTS[path]
        st.multiselect(
            options=options, default=value, format_func=said, placeholder=_("Choose"), width=520, **about
        )
    else:
        least, step = (0.0, 0.5) if isinstance(value, float) else (0, 1)
        st.number_input(value=value, min_value=least, step=step, width=250, **about)


def said(paths: Sequence[str]) -> dict[str, Any]:
    """What the fields say, by path."""
    return {path: st.session_state[f"{KEY}{path}"] for path in paths if f"{KEY}{path}" in st.session_state}


def forget() -> None:
    """The fields show what is in force again."""
    for key in [one for one in st.session_state if str(one).startswith(KEY)]:
        del st.session_state[key]


def value(path: str, one: Any) -> str:
    """A value of a threshold in words."""
    last = path.rpartition(".")[2]
    if last == "operator":
        return words.OPERATORS.get(one, str(one))
    if last.endswith("level"):
        return words.level(one)
    if isinstance(one, list):
        return listed(LISTS[path][1](each) for each in one)
    return f"{one:g}" if isinstance(one, float) else str(one)


def change(path: str, before: Any, after: Any) -> str:
    """One changed threshold: RL1 repeated faults, faults in 12 months: 3 → 5."""
    code = path.partition(".")[0]
    rule = _section(code)
    text = _("{rule} · {threshold}: {before} → {after}")
    both = {"before": value(path, before), "after": value(path, after)}
    return text.format(rule=rule, threshold=name(path), **both)
