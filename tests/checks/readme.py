"""The parts of README.md that are made from the code: `python -m tests.checks.readme` writes them anew."""

import importlib
import re
import sys

from data_access.__main__ import names
from domain import import_kinds
from tests.checks.files import PROJECT

README = PROJECT / "README.md"


def commands() -> str:
    """Every command with its help."""
    modules = {
        name: importlib.import_module(f"data_access.commands.{name.replace('-', '_')}") for name in names()
    }
    return "\n".join(
        ["| command | |", "|---|---|", *(f"| `{name}` | {one.HELP} |" for name, one in modules.items())]
    )


MADE = {"commands": commands, "kinds": lambda: import_kinds.as_markdown("en")}


def made(text: str) -> str:
    """The text with every made part as it should be."""
    for name, make in MADE.items():
        body = f"<!-- {name} -->\n{make().strip()}\n<!-- /{name} -->"
        text = re.sub(
            rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, body=body: body, text, flags=re.DOTALL
        )
    return text


def main() -> int:
    """Write them."""
    README.write_text(made(README.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
