"""Says whether the database is sound."""

import argparse

from sqlalchemy import Engine

from data_access import integrity

HELP = "say whether the database is sound and up to date; exit status 1 if not"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_args: argparse.Namespace, engine: Engine) -> int:
    """One line per check."""
    results = list(integrity.findings(engine))
    for is_sound, sentence in results:
        print(f"{'ok  ' if is_sound else 'BAD '} {sentence}")
    return 0 if all(is_sound for is_sound, _ in results) else 1
