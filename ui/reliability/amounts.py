"""Customer time as each language counts it: 时·户 (hours) in Chinese, customer-minutes in English."""

from ui import format as fmt
from ui.texts import _, language


def customer_time(seconds: float | None) -> str:
    """Customer-seconds as text with its unit: 1.25万 时·户, 750,000 customer-min."""
    if fmt.is_missing(seconds):
        return fmt.MISSING
    return f"{fmt.large(seconds / divisor())} {unit()}"


def divisor() -> int:
    """Seconds in one unit of the language."""
    return 3600 if language() == "zh" else 60


def unit() -> str:
    """The unit, short enough for an axis."""
    return _("customer-min")
