"""Rectification items in words: states, types of measures."""

from ui.texts import _


def state(code: str) -> str:
    """The state of a rectification item in words."""
    names = {
        "draft": _("Draft"),
        "assigned": _("Assigned"),
        "working": _("Being worked on"),
        "done": _("Waiting for verification"),
        "closed": _("Closed"),
        "cancelled": _("Cancelled"),
    }
    return names.get(code, code)


def measure_type(code: str) -> str:
    """The type of a measure in words."""
    names = {
        "operation": _("Operation"),
        "works": _("Works"),
        "customer": _("Customer's side"),
        "management": _("Management"),
    }
    return names.get(code, code)
