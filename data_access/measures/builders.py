"""The builders: every file of this folder that says which MEASURES it delivers."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from data_access import measures
from domain.kpis import CatalogueError, catalogue


@cache
def builders() -> tuple[ModuleType, ...]:
    """All builders, those that read what others store after them.

    Raises CatalogueError unless they deliver each measure of the catalogue once.
    """
    names = sorted(found.name for found in pkgutil.iter_modules(measures.__path__))
    modules = [importlib.import_module(f"{measures.__name__}.{name}") for name in names if name != __name__]
    found = tuple(module for module in modules if hasattr(module, "MEASURES"))
    found = tuple(sorted(found, key=stage))
    check(found)
    return found


def stage(builder: ModuleType) -> int:
    """Its turn: those of a later stage read what earlier ones store."""
    return getattr(builder, "STAGE", 0)


def check(found: tuple[ModuleType, ...]) -> None:
    """Raises CatalogueError for a measure without a builder, with two, or that the catalogue lacks."""
    by: dict[str, list[str]] = {}
    for module in found:
        for measure in module.MEASURES:
            by.setdefault(measure, []).append(module.__name__.rpartition(".")[2])
    for measure in catalogue().measures.keys() | by.keys():
        if measure not in catalogue().measures:
            raise CatalogueError(f"measure.{measure}: delivered by {by[measure]}, not in the catalogue")
        if len(by.get(measure, ())) != 1:
            raise CatalogueError(f"measure.{measure}: delivered by {by.get(measure, 'no builder')}")
