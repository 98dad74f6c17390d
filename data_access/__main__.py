"""The command line: `python -m data_access COMMAND ...`; each command is a file in data_access/commands.

What a person can put right comes back as a sentence and exit status 1; everything else is our bug and
shows its traceback.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from sqlalchemy import Engine, inspect

from data_access import commands, company_zone, reasons, server_refusals, settings
from data_access.commands import _problems
from data_access.engine import engine_for, is_absent
from data_access.sentences import sentence
from data_access.tables.org import database_info
from data_access.transactions import reading
from domain.errors import DashboardError, FileRejected, WrongDatabase

FILLING = ("demo", "init", "restore")


def names() -> list[str]:
    """Every command; a file's underscores are hyphens on the command line."""
    found = pkgutil.iter_modules(commands.__path__)
    return sorted(module.name.replace("_", "-") for module in found if not module.name.startswith("_"))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"data_access.commands.{name.replace('-', '_')}")


def parser(wanted: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the wanted commands; only theirs are imported, so that each starts fast."""
    result = argparse.ArgumentParser(
        prog="python -m data_access",
        description="Works on the database that DATABASE_URL names, else on var/dashboard.db.",
    )
    choices = result.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in wanted:
        module = _module(name)
        module.add_arguments(choices.add_parser(name, help=module.HELP, description=module.HELP))
    return result


def main(arguments: Sequence[str]) -> int:
    """Exit status of the command: 0 done, 1 refused with a sentence, 2 misspelt."""
    if not arguments:
        parser(names()).print_help()
        return 0
    known = names()
    args = parser([arguments[0]] if arguments[0] in known else known).parse_args(arguments)
    try:
        status = _run(args)
        sys.stdout.flush()  # whoever closed it is met here, not while Python ends
        return status
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(args: argparse.Namespace) -> int:
    spoken = getattr(args, "language", None) or reasons.language()
    try:
        with server_refusals.understood():
            return _module(args.command).run(args, _database(args.command))
    except FileRejected as error:
        _problems.show(error, False, spoken)
    except DashboardError as error:
        print(sentence(error, spoken), file=sys.stderr)
    return 1


def _database(command: str) -> Engine:
    """The engine of a database that the command can work on; no command but those that fill one makes it."""
    url = settings.database_url()
    if command not in FILLING and is_absent(url):
        raise WrongDatabase("no_tables")
    engine = engine_for(url)
    with reading(engine) as connection:
        if command not in FILLING and not inspect(connection).has_table(database_info.name):
            raise WrongDatabase("no_tables")
    company_zone.check(engine)
    return engine


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
