"""How commands read a month."""

import argparse
from datetime import date

from data_access import reasons
from domain import error_texts
from domain.periods import month_from_text


def month(text: str) -> date:
    """The month of 2024-01, as argparse's type; it says how a month is written."""
    try:
        return month_from_text(text)
    except ValueError as error:
        said = error_texts.say("month", reasons.language(), value=text)
        raise argparse.ArgumentTypeError(said) from error
