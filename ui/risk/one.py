"""One line or area at risk: why, in a headline; each finding with what speaks for it; its outages."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from domain.periods import last_day
from ui import filters, rule_texts, session
from ui import format as fmt
from ui.charts import table_view
from ui.risk import words
from ui.texts import _, counted, in_brackets, language, listed

# Where the keys of a finding's evidence are records that can be opened; others are months, days or lines.
RECORDS = {
    "RL5": ("transformers", "transformer_key"),
    "RL6": ("damage_sites", "site_key"),
    "RL7": ("defects", "defect_key"),
    "RL8": ("customer_equipment", "equipment_key"),
    "RL9": ("customer_equipment", "equipment_key"),
}
NO_RECORDS = ("bare", "ties")


def head(found: Any, kind: str, code: str, month: date) -> None:
    """What is wrong with the object, in words, and what it is."""
    register, terms = found.register, found.terms
    name = register["name"] or code
    st.html(f'<div class="cs-headline">{escape(headline(name, found))}</div>')
    unit = register["unit_name"]
    if language() == "en" and register["unit_name_en"]:
        unit = register["unit_name_en"]
    said = [words.kind(kind) + in_brackets(escape(code)), escape(unit)]
    if terms:
        level = terms["level"]
        said.insert(0, f'<b class="cs-{words.CLASSES[level]}">{words.level_marked(level)}</b>')
        said.append(_("{n} customers").format(n=fmt.number(terms["customers"])))
    said.append(_("as at {day}").format(day=fmt.day(last_day(month))))
    st.html(f'<div class="cs-row cs-quiet">{"".join(f"<span>{one}</span>" for one in said)}</div>')


def requests() -> None:
    """What customers asked for about the object: of that nothing is imported."""
    st.subheader(_("Customer requests"), anchor=False)
    st.caption(_("No source of customer requests is imported, so none can be shown."))


def headline(name: str, found: Any) -> str:
    """The message: which rules it met, the gravest first, and what it is expected to cost."""
    if found.terms is None:
        return _("{object} met no rule of risk at this month-end").format(object=name)
    rows = found.findings.itertuples()
    said = listed(_("{rule} ({value})").format(rule=words.rule(one.rule), value=_of(one)) for one in rows)
    expected = found.terms["expected_min"]
    if expected is None:
        return _("{object}: {why}").format(object=name, why=said)
    text = _("{object}: {minutes} to be expected in the next 12 months; {why}")
    return text.format(object=name, minutes=fmt.customer_time(expected * 60), why=said)


def _of(finding: Any) -> str:
    return words.value(finding.rule, finding.value, finding.threshold)


def findings(found: Any) -> None:
    """Each rule that was met: value, threshold in words, level, since when, version, and its evidence."""
    st.subheader(_("Why it is listed"), anchor=False)
    rows = list(found.findings.itertuples())
    if not rows:
        st.info(_("No rule of risk is met at this month-end."), icon=":material/check:")
        return
    table = pd.DataFrame(
        {
            _("Rule"): [_rule(one) for one in rows],
            _("What was found"): [_of(one) for one in rows],
            _("Threshold met"): [words.limits(one.rule, one.threshold) for one in rows],
            _("Level of risk"): [words.level_marked(one.level) for one in rows],
            _("Evidence"): [_evidence(one) for one in rows],
        }
    )
    table_view.sentences(table, _("Rules that the object met"), "risk_findings")
    versions = listed(sorted({str(one.rule_version) for one in rows}))
    st.caption(_("judged by rule version {version}").format(version=versions))
    _links(rows)


def _rule(finding: Any) -> str:
    """The rule with its number; that it was not met at the month-end before."""
    text = words.numbered(finding.rule)
    return text + in_brackets(_("new")) if finding.has_entered else text


def _evidence(finding: Any) -> str:
    """What speaks for it: outages are in the list below, other things by their keys."""
    keys = finding.evidence
    if not keys:
        n = int(finding.evidence_count)
        return counted("{n} outage, below", "{n} outages, below", n).format(n=n)
    shown = [one for one in keys if one not in NO_RECORDS]
    more = finding.evidence_count - len(keys)
    text = listed(map(str, shown[:3])) or _("register of lines")
    hidden = len(shown) - 3 + max(0, more)
    return text + (" " + _("and {n} more").format(n=hidden) if hidden > 0 else "")


def _links(rows: list[Any]) -> None:
    """The records behind the findings, for who may open them."""
    if not session.viewer().may("edit_records"):
        return
    kinds = {RECORDS[one.rule][0]: one for one in rows if one.rule in RECORDS and one.evidence}
    with st.container(horizontal=True, key="risk_records"):
        for kind, finding in kinds.items():
            st.page_link(
                "pages/data/records.py",
                label=_("Records: {what}").format(what=words.rule(finding.rule)),
                icon=":material/edit_note:",
                query_params=filters.query(record=kind),
            )


def outages(found: Any, causes: Mapping[str, str], zone: ZoneInfo) -> None:
    """Every sustained outage of 24 months, the last first."""
    rows = found.outages
    if not len(rows):
        st.caption(_("No sustained outage in 24 months."))
        return

    def made() -> pd.DataFrame:
        return pd.DataFrame(
            {
                _("Began"): [fmt.moment(one, zone) for one in rows["started_at"]],
                _("Lasted"): [
                    _lasted(*pair) for pair in zip(rows["started_at"], rows["ended_at"], strict=True)
                ],
                _("Kind"): [rule_texts.kind_name(one) for one in rows["kind"]],
                _("Cause"): [causes.get(one, one) or _("not given") for one in rows["cause"]],
                _("LV customers"): rows["customers"].astype("Int64"),
                _("Remark"): [
                    _remark(*pair) for pair in zip(rows["is_external"], rows["is_passed"], strict=True)
                ],
                _("Outage"): rows["outage_key"],
            }
        )

    title = counted("{n} outage in 24 months", "{n} outages in 24 months", len(rows))
    folded = st.expander(title.format(n=len(rows)), icon=":material/list_alt:", key="risk_outages",
                         on_change="rerun")  # fmt: skip
    if folded.open:
        folded.dataframe(
            made(), hide_index=True, alt=_("Outages of the object, the last first"), placeholder="—"
        )


def _lasted(started: Any, ended: Any) -> str:
    return _("still going on") if fmt.is_missing(ended) else fmt.duration((ended - started).total_seconds())


def _remark(is_external: int, is_passed: int) -> str:
    said = [_("external damage")] if is_external else []
    return listed([*said, *([_("passed on by a customer")] if is_passed else [])])
