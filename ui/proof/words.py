"""Words of a proof: verdicts with their signs, why nothing is judged, what was compared, amounts."""

from collections.abc import Mapping
from typing import Any

from domain.proof import Proof
from domain.proof_found import avoided
from ui import format as fmt
from ui.texts import _, counted, in_brackets, language

VERDICTS = ("effective", "worse", "no_evidence", "too_early")
SIGNS = {"effective": "✓", "worse": "▲", "no_evidence": "○", "too_early": "…"}
CLASSES = {"effective": "better", "worse": "worse", "no_evidence": "none", "too_early": "none"}
OUTCOMES = ("outages", "customers", "customer_s")


def verdict(proof: Proof) -> str:
    """The verdict in a word; provisional before the window is full; why there is none."""
    if proof.reason and proof.reason != "few_months":
        return _("Cannot be judged")
    words = {
        "effective": _("Effective"),
        "worse": _("Worse than expected"),
        "no_evidence": _("No evidence yet"),
        "too_early": _("Too early"),
    }
    word = words[proof.verdict]
    return word + in_brackets(_("provisional")) if proof.stage == "provisional" else word


def sign(proof: Proof) -> str:
    """The sign that goes with the verdict."""
    return SIGNS["too_early" if proof.reason else proof.verdict]


def conclusion(proof: Proof) -> str:
    """The verdict at the end of a sentence, with what follows from it."""
    words = {
        "effective": _("effective"),
        "worse": _("worse than expected, look for the cause"),
        "no_evidence": _("no evidence yet, keep watching"),
    }
    word = words[proof.verdict]
    return word + in_brackets(_("provisional")) if proof.stage == "provisional" else word


def outcome(code: str) -> str:
    """What is counted."""
    return {
        "outages": _("Outages"),
        "customers": _("Customer interruptions"),
        "customer_s": _("Customer time interrupted"),
    }[code]


def objects(kind: str) -> str:
    """Untreated lines, areas; '' for both."""
    return {"line": _("untreated lines"), "area": _("untreated areas")}.get(
        kind, _("untreated lines and areas")
    )


def amount(code: str, value: float, is_count: bool = True) -> str:
    """So much of the outcome, with its unit. is_count: it was counted, else expected with a decimal."""
    if code == "customer_s":
        return fmt.customer_time(value)
    text = fmt.number(value, 0 if is_count or value >= 100 else 1)
    if code == "customers":
        return counted("{n} customer interruption", "{n} customer interruptions", value).format(n=text)
    return counted("{n} outage", "{n} outages", value).format(n=text)


def expected(code: str, value: float) -> str:
    """As amount(), with a decimal; in English without the unit, which the sentence has already."""
    if code == "customer_s" or language() == "zh":
        return amount(code, value, is_count=False)
    return fmt.number(value, 1 if value < 100 else 0)


def bare(code: str, value: float) -> str:
    """As expected(), a number only."""
    if code == "customer_s":
        return fmt.large(value / fmt.customer_time_divisor())
    return fmt.number(value, 1 if abs(value) < 100 else 0)


def ratio(value: float) -> str:
    """0.39, 1.4, 12: as many digits as say something."""
    return fmt.number(value, 2 if value < 1 else 1 if value < 10 else 0)


def interval(proof: Proof) -> str:
    """0.05–1.4."""
    return f"{ratio(proof.lower)}–{ratio(proof.upper)}"


def items(proof: Proof) -> str:
    """How many items are judged, and how many are not and why: 9 · 5 too early."""
    unjudged = proof.items_too_early + proof.items_without_expectation
    said = [_("{n} judged").format(n=fmt.number(proof.items))] if proof.items or not unjudged else []
    if proof.items_too_early:
        said.append(_("{n} too early").format(n=fmt.number(proof.items_too_early)))
    if proof.items_without_expectation:
        said.append(_("{n} without expectation").format(n=fmt.number(proof.items_without_expectation)))
    return " · ".join(said)


def avoided_text(proof: Proof, has_unit: bool = True) -> str:
    """How much less came than expected, with its limits; '' where nothing is judged."""
    limits = avoided(proof)
    if limits is None:
        return ""
    code, value = proof.outcome, proof.avoided
    said = amount(code, value, is_count=False) if has_unit else bare(code, value)
    low, high = (bare(proof.outcome, one) for one in limits)
    return said + in_brackets(_("{low} to {high}").format(low=low, high=high))


def why_not(proof: Proof, rules: Mapping[str, Any]) -> str:
    """Why nothing is judged, as a sentence. rules: body of rule set proof."""
    least = rules["windows"]["provisional_from"]
    if proof.reason == "few_months" and proof.items_too_early > 1:
        text = _("None of {n} items has {least} whole months known since the works: too early to judge")
        return text.format(n=fmt.number(proof.items_too_early), least=least)
    months = counted(
        "{n} whole month known since the works, {least} are needed: too early to judge",
        "{n} whole months known since the works, {least} are needed: too early to judge",
        proof.months_after,
    )
    texts = {
        "few_months": months.format(n=proof.months_after, least=least),
        "few_peers": _(
            "Fewer than {n} objects of the same kind in the city bureau: nothing to compare with"
        ).format(n=rules["comparison"]["peers_at_least"]),
        "few_outages": _("Too few outages of untreated objects of the same kind: nothing to be expected"),
        "equipment": _("Outages of a customer's equipment are not recorded one by one: it cannot be judged"),
        "no_object": _("The object is no longer in the register: it cannot be judged"),
    }
    return texts[proof.reason]
