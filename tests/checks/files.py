"""The project's own Python files, parsed once for the checks of this folder."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("domain", "data_access", "ui", "pages", "tests")


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file, as paths from the project's folder; migrations, once written, are history."""
    found = [path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py")]
    found += list(PROJECT.glob("*.py"))
    return tuple(sorted(path.relative_to(PROJECT) for path in found if "versions" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse((PROJECT / path).read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
