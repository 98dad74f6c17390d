"""One rectification's proof in a sentence, and behind a click how it was judged.

show(proved) is for any page: proved is what data_access.rectification_proof.of_item() gives.
"""

import streamlit as st

from domain.proof import Proof
from domain.proof_found import Pool, Proved
from ui import format as fmt
from ui import rule_texts
from ui.proof import words
from ui.texts import _, counted


def sentence(proof: Proof, kind: str, rules: dict) -> str:
    """What came, what was to be expected, the ratio with its interval, and the verdict in words.

    kind: line, area or '' for both. rules: body of rule set proof.
    """
    if proof.reason:
        return words.why_not(proof, rules)
    if proof.items > 1:
        text = _(
            "{items} items together, {n} months after the works in all: {after}; {expected} were to be "
            "expected of {objects} like them; ratio {ratio} ({level} interval "
            "{interval}): {verdict}"
        )
    else:
        text = _(
            "{n} months after the works: {after}; {expected} were to be expected of {objects} like "
            "it; ratio {ratio} ({level} interval {interval}): {verdict}"
        )
    return text.format(
        items=fmt.number(proof.items),
        n=fmt.number(proof.months_after),
        after=words.amount(proof.outcome, proof.after),
        objects=words.objects(kind),
        expected=words.expected(proof.outcome, proof.expected),
        ratio=words.ratio(proof.ratio),
        level=fmt.share(proof.level),
        interval=words.interval(proof),
        verdict=words.conclusion(proof),
    )


def show(proved: Proved, outcome: str = "outages") -> None:
    """The sentence with its sign, and the method behind a click."""
    proof = proved.proofs[outcome]
    st.markdown(f"{words.sign(proof)} {sentence(proof, proved.object_kind, proved.rules.body)}")
    before = _("Before: {first} to {last}, as kept when the item was made: {amount}").format(
        first=fmt.month(proved.before_from),
        last=fmt.month(proved.before_to),
        amount=words.amount(outcome, proof.before),
    )
    method(proof, proved, before, f"{proved.bureau_id}_{proved.item_id}")


def method(proof: Proof, of: Proved | Pool, before: str, key: str) -> None:
    """What was compared, with how many, in which months, by which version of the rules."""
    shown = st.popover(
        _("How this was judged"), icon=":material/balance:", type="tertiary", key=f"method_{key}"
    )
    lines = [before, *_windows(proof), *_compared(proof)]
    lines.append(_("Rule set proof, version {n}:").format(n=of.rules.version))
    lines += rule_texts.sentences(of.rules)
    shown.markdown("\n".join(f"- {one}" for one in lines))


def _windows(proof: Proof) -> list[str]:
    if proof.after_from is None:
        return []
    text = counted(
        "After: {first} to {last}, {n} whole month known and free of later works: {amount}; without major "
        "event days, and without the months of the works themselves",
        "After: {first} to {last}, {n} whole months known and free of later works: {amount}; without major "
        "event days, and without the months of the works themselves",
        proof.months_after,
    )
    return [
        text.format(
            first=fmt.month(proof.after_from),
            last=fmt.month(proof.after_to),
            n=fmt.number(proof.months_after),
            amount=words.amount(proof.outcome, proof.after),
        )
    ]


def _compared(proof: Proof) -> list[str]:
    """With whom, what became of them, and how sure the expectation is."""
    if proof.expected is None:
        return []
    texts = {
        "controls": _("Compared with {n} untreated objects that met the same rule at the same month-end"),
        "peers": _(
            "Compared with all {n} untreated objects of the same kind and city bureau; too few of them met "
            "the same rule at the same month-end"
        ),
        "both": _("Compared with untreated objects like each, {n} at least"),
    }
    change = _(
        "They had {ratio} times what their own months before let expect; so much is the change of weather, "
        "season and trend"
    )
    sure = _(
        "Expected: {expected} ± {sd}. A bad year is followed by a better one with nothing done, so the own "
        "months before alone say too much; the interval holds chance and how unsure the expectation is"
    )
    return [
        texts[proof.basis].format(n=fmt.number(proof.compared)),
        change.format(ratio=words.ratio(proof.change)),
        sure.format(
            expected=words.expected(proof.outcome, proof.expected),
            sd=words.expected(proof.outcome, proof.expected_sd),
        ),
    ]
