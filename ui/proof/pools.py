"""What each kind of measure did, all its items together: ratios around 1, and the same as a table."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from domain.proof_found import Pool
from ui import format as fmt
from ui import rows, shell
from ui.charts import ratio, table_view
from ui.charts.table_view import Keep
from ui.proof import sentence, words
from ui.texts import _, in_brackets, listed

TAGS = {"effective": "met", "worse": "notmet"}


def message(pools: Sequence[Pool], outcome: str, names: Mapping[str, str]) -> str:
    """The takeaway: which kinds worked, which did harm, or that nothing is shown yet."""
    by: dict[str, list[str]] = {}
    for one in pools:
        proof = one.proofs[outcome]
        by.setdefault("" if proof.reason else proof.verdict, []).append(_name(one, names))
    said = []
    if by.get("effective"):
        said.append(_("Effective: {names}").format(names=listed(by["effective"])))
    if by.get("worse"):
        said.append(_("Worse than expected: {names}").format(names=listed(by["worse"])))
    if said:
        return " · ".join(said)
    if by.get("no_evidence"):
        return _("No kind of measure is shown to work yet: more items or more months are needed")
    return _("Nothing can be judged yet")


def show(
    pools: Sequence[Pool], outcome: str, names: Mapping[str, str], theme: str, subtitle: str, keep: Keep
) -> None:
    """Chart, table, and the sentence of each kind. names: of kinds of measure."""
    said = message(pools, outcome, names)
    st.markdown(f"**{said}**")
    st.caption(subtitle)
    judged = [one for one in pools if one.proofs[outcome].ratio is not None]
    left, right = st.columns([5, 9], gap="medium")
    if judged:
        with left:
            words_of = (_("Ratio"), _("95% interval"), _("better than expected"), _("worse"))
            drawn = keep(f"ratios_{outcome}", lambda: table_view.rows(points(judged, outcome, names)))
            table_view.chart(drawn, ratio.spec(theme, *words_of), said, f"ratios_{outcome}")
            table_view.table(lambda: figures(judged, outcome, names), said, f"ratios_{outcome}")
    with right if judged else st.container():
        if shell.is_phone():
            _below_each_other(pools, outcome, names)
            return
        found = keep(f"pools_{outcome}", lambda: table_view.rows(counts(pools, outcome, names)))
        st.dataframe(
            found,
            hide_index=True,
            key=f"pools_{outcome}",
            alt=said,
            column_config=table_view.grouped(found),
        )


def _below_each_other(pools: Sequence[Pool], outcome: str, names: Mapping[str, str]) -> None:
    for one in pools:
        proof = one.proofs[outcome]
        tag = rows.tag(TAGS.get(proof.verdict, "none"), f"{words.sign(proof)} {words.verdict(proof)}")
        avoided = words.avoided_text(one.proofs["customer_s"])
        said = [f"{_('Customer time avoided')} {avoided}" if avoided else "", words.items(proof)]
        st.html(rows.body(f"<b>{escape(_name(one, names))}</b>{tag}", said))


def points(pools: Sequence[Pool], outcome: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Rows of ui.charts.ratio.spec()."""
    found = []
    for place, one in enumerate(pools):
        proof = one.proofs[outcome]
        found.append(
            {
                "label": f"{words.sign(proof)} {_name(one, names)}",
                "place": place,
                "one": 1.0,
                "ratio": ratio.held(proof.ratio),
                "low": ratio.held(proof.lower),
                "high": ratio.held(proof.upper),
                "judged": words.CLASSES[proof.verdict],
                "shown": words.ratio(proof.ratio),
                "interval": words.interval(proof),
                "verdict": f"{words.sign(proof)} {words.verdict(proof)}",
            }
        )
    return pd.DataFrame(found)


def figures(pools: Sequence[Pool], outcome: str, names: Mapping[str, str]) -> pd.DataFrame:
    """The figures behind the chart."""
    return pd.DataFrame(
        [
            {
                _("Measure"): _name(one, names),
                _("After the works"): words.amount(outcome, proof.after),
                _("Expected with nothing done"): words.expected(outcome, proof.expected),
                _("Ratio"): words.ratio(proof.ratio),
                _("95% interval"): words.interval(proof),
            }
            for one in pools
            for proof in [one.proofs[outcome]]
        ]
    )


def counts(pools: Sequence[Pool], outcome: str, names: Mapping[str, str]) -> pd.DataFrame:
    """A row per kind: verdict, customer time avoided, how many items are in it and how many are not."""
    avoided = _("Customer time avoided") + in_brackets(fmt.customer_time_unit())
    return pd.DataFrame(
        [
            {
                _("Measure"): _name(one, names),
                _("Verdict"): f"{words.sign(proof)} {words.verdict(proof)}",
                avoided: words.avoided_text(one.proofs["customer_s"], has_unit=False) or fmt.MISSING,
                _("Items"): words.items(proof),
            }
            for one in pools
            for proof in [one.proofs[outcome]]
        ]
    )


def sentences(pools: Sequence[Pool], outcome: str, names: Mapping[str, str]) -> None:
    """Each kind's sentence, with its method behind a click."""
    for one in pools:
        proof = one.proofs[outcome]
        text = sentence.sentence(proof, "", one.rules.body)
        st.markdown(f"{words.sign(proof)} **{_name(one, names)}** — {text}")
        before = _("Before, each item's own months: {amount}").format(
            amount=words.amount(outcome, proof.before)
        )
        sentence.method(proof, one, before, f"pool_{one.measure_kind}_{outcome}")


def _name(pool: Pool, names: Mapping[str, str]) -> str:
    return names.get(pool.measure_kind, pool.measure_kind) or _("No kind of measure named")
