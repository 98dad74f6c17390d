"""One KPI as people read it: formula, parts, what is left out, what is still open, and what judges it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from domain.kpis import Catalogue, Kpi, Measure
from domain.readings import Reading
from domain.rule_sets import BEGINNING, RuleVersion
from ui import format as fmt
from ui import messages, rule_texts
from ui.plain import plain
from ui.texts import _, in_brackets, language, listed, name_of

Versions = Mapping[str, Sequence[RuleVersion]]  # by rule set, oldest first
ARROWS = {
    "lower": ":material/arrow_downward:",
    "higher": ":material/arrow_upward:",
    "neutral": ":material/remove:",
}


def direction(kpi: Kpi) -> str:
    """Which way is better, in words."""
    return {
        "lower": _("Lower is better"),
        "higher": _("Higher is better"),
        "neutral": _("Neither is better"),
    }[kpi.better]


def group_name(group: str) -> str:
    """Section of the catalogue."""
    names = {
        "reliability": _("Reliability of supply"),
        "frequent": _("Frequent outages"),
        "notices": _("Notices of outages"),
        "promises": _("Restoration promises"),
        "risk": _("Lines and areas at risk"),
        "rectification": _("Rectification"),
    }
    return names.get(group, group)


def other_name(kpi: Kpi) -> str:
    """The KPI's name in the language that the screen does not speak."""
    return kpi.name_en if language() == "zh" else kpi.name_zh


def formula(kpi: Kpi) -> str:
    """The formula in the trade's words."""
    return kpi.formula_zh if language() == "zh" else kpi.formula_en


def source(kpi: Kpi) -> str:
    """The standard and the clause that the KPI rests on."""
    return kpi.source_zh if language() == "zh" else kpi.source_en


def arithmetic(kpi: Kpi, catalogue: Catalogue) -> str:
    """The exact sum behind the value, with the measures' names, in the units shown: 60 × A ÷ B."""
    upper = _terms(kpi.numerator, catalogue)
    scale = _scale(kpi, catalogue)
    text = f"{fmt.number(scale)} × {upper}" if scale != 1 else upper
    return f"{text} ÷ {_terms(kpi.denominator, catalogue)}" if kpi.denominator else text


def worked_out(kpi: Kpi, reading: Reading, catalogue: Catalogue) -> str:
    """The value from its numerator and denominator as they are shown: 60,952 h × 60 ÷ 168,123 = 21.8 min.

    '' for a count, which is its numerator, and where the value is missing.
    """
    if reading.value is None or not kpi.denominator:
        return ""
    scale = _scale(kpi, catalogue)
    upper, lower = (
        fmt.amount(catalogue.measures[terms[0][1]], amount, is_exact=True)
        for terms, amount in ((kpi.numerator, reading.numerator), (kpi.denominator, reading.denominator))
    )
    factor = f" × {fmt.number(scale)}" if scale != 1 else ""
    return f"{upper}{factor} ÷ {lower} = {fmt.figure_with_unit(kpi, reading.value)}"


def _scale(kpi: Kpi, catalogue: Catalogue) -> float:
    """What the shown numerator is multiplied with. The catalogue's own factors are for stored seconds."""
    scale = float(kpi.factor / kpi.divisor)
    for terms, power in ((kpi.numerator, 1), (kpi.denominator, -1)):
        if terms and catalogue.measures[terms[0][1]].unit == "customer-seconds":
            scale *= fmt.customer_time_divisor() ** power
    return scale


def _terms(terms: tuple[tuple[int, str], ...], catalogue: Catalogue) -> str:
    words = [("− " if sign < 0 else "+ ") + name_of(catalogue.measures[one]) for sign, one in terms]
    text = " ".join(words).removeprefix("+ ")
    return f"({text})" if len(terms) > 1 else text


def rule_versions(kpi: Kpi, versions: Versions) -> str:
    """The versions of the KPI's rules, e.g. "How outages are counted v1, How outages are counted v2"."""
    return listed(
        f"{rule_texts.set_name(name)} v{one.version}" for name in kpi.rules for one in versions.get(name, ())
    )


def changed_rules(kpi: Kpi, versions: Versions) -> None:
    """Say so where more than one version of a rule judges the period."""
    if any(len(versions.get(name, ())) > 1 for name in kpi.rules):
        st.caption(
            _("The rules changed in this period: {versions}").format(versions=rule_versions(kpi, versions))
        )


def show(kpi: Kpi, catalogue: Catalogue, versions: Versions) -> None:
    """The whole definition of one KPI, with every rule version given."""
    with st.container(horizontal=True, gap="small"):
        if kpi.code:
            st.badge(kpi.code, color="gray")
        if unit := fmt.unit(kpi):
            st.badge(unit, color="gray", icon=":material/straighten:")
        st.badge(direction(kpi), color="gray", icon=ARROWS[kpi.better])
    st.markdown(formula(kpi))
    st.table(_parts(kpi, catalogue, versions), border="horizontal", alt=_("Parts of the definition"))
    for name in kpi.rules:
        for version in versions.get(name, ()):
            _thresholds(version)


def _parts(kpi: Kpi, catalogue: Catalogue, versions: Versions) -> dict[str, str]:
    measures = catalogue.measures
    parts = {
        _("Calculated as"): arithmetic(kpi, catalogue),
        _("Numerator"): _measures(kpi.numerator, measures),
        _("Denominator"): _measures(kpi.denominator, measures) if kpi.denominator else _("none: a count"),
        _("Over time"): _over_time(kpi, measures, versions),
        _("Not counted"): name_of(measures[kpi.excluded]) + _code(kpi.excluded)
        if kpi.excluded
        else _("nothing is left out"),
        _("Still open"): name_of(measures[kpi.undecided]) + _code(kpi.undecided)
        if kpi.undecided
        else _("nothing stays undecided"),
    }
    if kpi.without_med:
        parts[_("Without major event days")] = name_of(catalogue.kpis[kpi.without_med]) + _code(
            kpi.without_med
        )
    if kpi.flow:
        flow = catalogue.kpis[kpi.without_med or kpi.id].flow
        parts[_("Trend judged on")] = name_of(measures[flow]) + _code(flow)
    elif kpi.seasonal:
        parts[_("Trend judged on")] = _("the difference from the same month of last year")
    needs = dict.fromkeys(need for one in kpi.measures() for need in measures[one].needs)
    parts[_("Needs the data")] = " · ".join(messages.source(need) for need in needs)
    parts[_("Source")] = source(kpi)
    parts[_("Id")] = f"`{kpi.id}` · " + _("so it is called in target files and on the command line")
    return parts


def _code(name: str) -> str:
    return f" `{name}`"


def _measures(terms: tuple[tuple[int, str], ...], measures: Mapping[str, Measure]) -> str:
    return listed(
        ("− " if sign < 0 else "")
        + name_of(measures[one])
        + _code(one)
        + in_brackets(fmt.measure_unit(measures[one]))
        for sign, one in terms
    )


def _over_time(kpi: Kpi, measures: Mapping[str, Measure], versions: Versions) -> str:
    if kpi.is_as_of:
        windows = {measures[one].window for _sign, one in kpi.numerator}
        days = dict.fromkeys(f"{one.body['repeated_planned']['days']}" for one in versions.get("notices", ()))
        words = {
            "12m": _("12 months"),
            "year": _("calendar year"),
            "days": _("{days} days").format(days=" / ".join(days)),
        }
        if windows == {"0"}:
            return _("as at the end of the period")
        window = ", ".join(words[one] for one in sorted(windows))
        return _("as at the end of the period, looking back: {window}").format(window=window)
    stocks = [one for _sign, one in kpi.denominator if measures[one].over_time == "stock"]
    if not stocks:
        return _("months are added up first, divided last")
    if kpi.stock == "last":
        return _("months are added up; the stock is that of the last month")
    return _("months are added up; the stock is the mean of the months")


def _thresholds(version: RuleVersion) -> None:
    since = (
        _("from the beginning")
        if version.valid_from <= BEGINNING
        else _("since {day}").format(day=fmt.day(version.valid_from))
    )
    head = _("{name}, version {number}, in force {since}")
    with st.container(border=True, gap="xsmall"):
        st.caption(
            head.format(name=rule_texts.set_name(version.rule_set), number=version.version, since=since)
        )
        st.markdown("\n".join(f"- {plain(one)}" for one in rule_texts.sentences(version)))
