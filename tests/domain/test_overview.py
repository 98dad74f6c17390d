"""What a card says together: whether anything judges it at all."""

from types import SimpleNamespace

from domain.overview import not_judged


def card(value=1.0, missing="", chip="no_target", reason="", too_few=""):
    return SimpleNamespace(
        reading=SimpleNamespace(value=value, missing=missing),
        target_state=SimpleNamespace(chip=chip, reason=reason),
        judgement=SimpleNamespace(too_few=too_few),
    )


def test_a_card_is_judged_by_its_target_or_by_its_limits():
    assert not_judged(card(chip="met", too_few="few_months")) == ()
    assert not_judged(card(chip="no_target")) == ()


def test_without_target_and_with_too_few_months_nothing_judges_it():
    assert not_judged(card(too_few="few_months")) == ("no_target", "few_months")
    assert not_judged(card(chip="no_value", reason="not_over", too_few="zero_range")) == (
        "not_over",
        "zero_range",
    )


def test_what_is_missing_is_the_reason():
    assert not_judged(card(value=None, missing="not_covered:areas")) == ("not_covered:areas",)
