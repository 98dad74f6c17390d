"""What a figure says, in words: its signal, its change, its target. No number is computed here."""

from collections.abc import Mapping

from domain.kpis import Kpi, Measure
from domain.periods import last_day
from domain.readings import Change, Reading
from domain.signals import Judgement
from domain.target_state import Target, TargetState
from ui import format as fmt
from ui import messages
from ui.texts import _

CHIPS = {"met": "✓", "watch": "!", "not_met": "✕", "no_target": "·", "no_value": "·"}
CLASSES = {"met": "met", "watch": "watch", "not_met": "notmet", "no_target": "none", "no_value": "none"}
ICONS = {"none": "≈", "better": "★", "worse": "⚠", "neutral": "◆"}


def icon(judgement: Judgement) -> str:
    """The sign beside the words of signal(); an open ring where nothing can be judged."""
    return "○" if judgement.too_few else ICONS[judgement.icon]


def variation(reading: Reading, judgement: Judgement) -> str:
    """The sign with its words; nothing beside a missing figure, of which no variation can be said."""
    return "" if reading.value is None else f"{icon(judgement)} {signal(judgement)}"


def chip(state: TargetState) -> str:
    """The target chip in words."""
    return {
        "met": _("met"),
        "watch": _("watch"),
        "not_met": _("not met"),
        "no_target": _("no target"),
        "no_value": _("not judged"),
    }[state.chip]


def target_kind(target: Target) -> str:
    """The kind of a target in words."""
    return {
        "legal": _("legal limit"),
        "promise": _("promise to customers"),
        "base": _("base target"),
        "full": _("full target"),
        "challenge": _("challenge target"),
    }[target.kind]


def signal(judgement: Judgement) -> str:
    """What the variation says: normal, or which signal, or why it cannot be judged."""
    values = judgement.values or {}
    above = judgement.side == "above"
    if judgement.message == "run":
        texts = {
            (True, True): _("{length} months in a row above last year's level"),
            (True, False): _("{length} months in a row below last year's level"),
            (False, True): _("{length} months in a row above the mean"),
            (False, False): _("{length} months in a row below the mean"),
        }
        return texts[judgement.is_difference, above].format(**values)
    if judgement.message == "outside":
        return _("above the upper control limit") if above else _("below the lower control limit")
    if judgement.message == "near_limit":
        text = (
            _("{count} of {of} months near the upper limit")
            if above
            else _("{count} of {of} months near the lower limit")
        )
        return text.format(**values)
    if judgement.is_flow and judgement.message == "few_events":
        return _("too few new ones a month to judge")  # the count itself, beside it, may be large
    return _too_few().get(judgement.message, _("normal variation"))


def _too_few() -> dict[str, str]:
    return {
        "few_months": _("too few months to judge"),
        "zero_range": _("too few changes to judge"),
        "few_events": _("too few events to judge"),
    }


def not_judged(reason: str) -> str:
    """Why a card says neither met nor missed, normal nor not: domain.overview.not_judged()."""
    texts = _too_few() | {
        "no_target": _("no target for this period"),
        "partial": _("data incomplete"),
        "not_over": _("the period is not over"),
    }
    return texts[reason] if reason in texts else messages.missing(reason)


def comparison(compare: str) -> str:
    """The short word before a change."""
    return _("vs previous") if compare == "previous" else _("YoY")


def change(kpi: Kpi, value: Change, compare: str) -> str:
    """The change with the words of what it is compared with, or why there is none."""
    if value.absolute is None:
        return f"{comparison(compare)} {fmt.MISSING} ({messages.missing(value.missing)})"
    return f"{comparison(compare)} {fmt.difference(kpi, value.absolute)}"


def decimals(kpi: Kpi, value: float | None, state: TargetState) -> int:
    """The KPI's decimals, and as many more as tell the figure from a target that it does not equal.

    "0.130, target 0.130, not met" would be a riddle; 0.1304 beside 0.1300 is none.
    """
    others = [one.value for one in (state.judged, state.targets.legal) if one and one.value != value]
    for count in range(kpi.decimals, kpi.decimals + 3):
        if all(fmt.number(one, count) != fmt.number(value, count) for one in others):
            return count
    return kpi.decimals + 3


def target(kpi: Kpi, value: float | None, state: TargetState) -> str:
    """The target that is judged, and how far the figure is from it where it is missed."""
    held = state.judged
    if held is None:
        return _("no target for this period")
    return _with_gap(kpi, held, state.gap, decimals(kpi, value, state))


def missed(kpi: Kpi, value: float | None, held: Target, state: TargetState) -> str:
    """A target that was missed and by how much."""
    gap = state.legal_gap if held.kind == "legal" else state.gap
    return _with_gap(kpi, held, gap, decimals(kpi, value, state))


def _with_gap(kpi: Kpi, held: Target, gap: float | None, count: int) -> str:
    text = f"{target_kind(held)} {fmt.figure(kpi, held.value, count)}"
    return text + " · " + _("gap {gap}").format(gap=fmt.figure(kpi, gap, count)) if gap else text


def against_target(kpi: Kpi, value: float | None, state: TargetState) -> str:
    """How far the figure is from the target that is judged, on whichever side; or why it is not judged."""
    held = state.judged
    if held is None or value is None:
        return _("no target for this period") if held is None else fmt.MISSING
    count = decimals(kpi, value, state)
    text = _("{difference} against {target}")
    said = f"{target_kind(held)} {fmt.figure(kpi, held.value, count)}"
    if state.chip == "no_value":  # a month's minutes are no distance from a quarter's target
        return f"{said} · {not_judged(state.reason)}"
    return text.format(difference=fmt.difference(kpi, value - held.value, count), target=said)


def compared(kpi: Kpi, reading: Reading, state: TargetState, value: Change, compare: str) -> str:
    """The figure beside what it is compared with: the target, or an earlier period."""
    if compare == "target":
        return against_target(kpi, reading.value, state)
    return change(kpi, value, compare)


def window(kpi: Kpi, reading: Reading, measures: Mapping[str, Measure]) -> str:
    """For as-of KPIs the window and the date it ends at; else ''."""
    if reading.as_of is None:
        return ""
    end = fmt.day(last_day(reading.as_of))
    kind = measures[kpi.numerator[0][1]].window
    if kind == "0":
        return _("as at {day}").format(day=end)
    if kind == "12m":
        return _("12 months to {day}").format(day=end)
    if kind == "year":
        return _("this year to {day}").format(day=end)
    return _("{days} days to {day}").format(days=reading.window_days, day=end)


def sample(n: int | None) -> str:
    """How much the figure rests on: n=220."""
    return "" if n is None else f"n={fmt.large(n)}"


def beside(kpi: Kpi, reading: Reading, measures: Mapping[str, Measure]) -> str:
    """What is still open beside the figure, and whether its months are incomplete; '' for neither."""
    parts = []
    if reading.is_partial:
        parts.append(_("data incomplete"))
    if reading.undecided:
        amount = fmt.amount(measures[kpi.undecided], reading.undecided, is_short=True)
        parts.append(_("open: {amount}").format(amount=amount))
    return " · ".join(parts)
