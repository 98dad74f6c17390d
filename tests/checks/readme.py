"""The parts of README.md that are made from the code: `python -m tests.checks.readme` writes them anew."""

import ast
import importlib
import re
import sys
from pathlib import Path

from data_access.__main__ import names
from domain import import_kinds
from domain.people import ROLE_WORDS
from domain.viewer import MAY, ROLES
from tests.checks.files import PROJECT, tree
from ui import menu
from ui.texts import chinese

README = PROJECT / "README.md"


def commands() -> str:
    """Every command with its help."""
    modules = {
        name: importlib.import_module(f"data_access.commands.{name.replace('-', '_')}") for name in names()
    }
    return "\n".join(
        ["| command | |", "|---|---|", *(f"| `{name}` | {one.HELP} |" for name, one in modules.items())]
    )


ACTS = {  # what the README calls an act of domain.viewer.MAY
    "import": "import files of every kind but targets",
    "undo": "undo such an import, settle odd rows",
    "edit_records": "enter and correct single records",
    "edit_rules": "publish rules (whole company)",
    "reset_baseline": "set control limits and thresholds of major event days anew",
    "edit_targets": "set, import and undo targets",
    "edit_shared_views": "delete views that others shared with a unit",
    "edit_people": "add people, give and end roles",
    "edit_rectifications": "make, change, assign, hand over and cancel rectification items",
    "work_on_rectifications": "report on rectification items that are not their own",
    "approve_extensions": "decide on extensions of a due date",
    "verify_rectifications": "verify and close rectification items",
    "log_equipment": "log findings, advice and tests of customers' equipment",
    "see_audit": "look into the audit log",
    "unmask": "see personal fields in full",
}
YES = "●"


def pages() -> dict[str, str]:
    """Title of each page of the menu, by its name there: as dashboard.py calls page()."""
    return {
        call.args[0].value.split("/")[-1]: call.args[1].args[0].value
        for call in ast.walk(tree(Path("dashboard.py")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "page"
    }


def roles() -> str:
    """Which role may do what, and which pages it has: MAY and the menu."""

    def line(words: str, has: list[bool]) -> str:
        return f"| {words} | {' | '.join(YES if one else '' for one in has)} |"

    heads = " | ".join(f"{ROLE_WORDS[role][1]} {ROLE_WORDS[role][0]}" for role in ROLES)
    lines = [f"| | {heads} |", "|---" + "|:-:" * len(ROLES) + "|"]
    lines += [line(f"may {ACTS[act]}", [role in MAY[act] for role in ROLES]) for act in MAY]
    lines += [
        line(f"page *{title}* {chinese()[title]}", [menu.opens({role}, name) for role in ROLES])
        for name, title in pages().items()
    ]
    return "\n".join(lines)


MADE = {"commands": commands, "kinds": lambda: import_kinds.as_markdown("en"), "roles": roles}


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
