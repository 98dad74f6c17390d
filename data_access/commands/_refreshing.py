"""What a command says after it brought the figures up to date."""

from sqlalchemy import Engine

from data_access import kpi_refresh


def refreshed(engine: Engine) -> str:
    """The sentence to print once the figures follow what the command changed."""
    if kpi_refresh.refresh_or_leave(engine):
        return "The figures are up to date."
    return "Another process refreshes the figures; what this touched follows."
