"""The functions of data_access that a screen could call, found in the source, with and without a lock."""

import ast
from collections.abc import Iterator

from tests.checks.files import python_files, tree

DOORS = {"engine", "connection"}
LOCKS = {"scope", "viewer"}


def functions(without: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    """(module.function, names of its parameters) of public functions; without: folders and files left out."""
    for path in python_files():
        if path.parts[0] != "data_access" or path.stem.startswith("__"):
            continue
        if path.parts[1] in without or path.stem in without:
            continue
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                taken = {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
                yield f"{'.'.join(path.with_suffix('').parts[1:])}.{node.name}", taken
