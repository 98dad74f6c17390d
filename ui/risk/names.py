"""Names of dedicated accounts among the risk objects, shown for a while to who may see them and says why."""

from dataclasses import replace
from typing import Any

import pandas as pd

from domain import personal
from ui import shown_names


def shown(found: Any) -> Any:
    """The page of the list with the plain names that are shown now. Lines have none that is masked."""
    objects = found.objects
    is_area = objects["object_kind"] == "area"
    plain = shown_names.put(objects[is_area], "object_code")
    return replace(found, objects=objects.assign(name=plain["name"].combine_first(objects["name"])))


def offer(*several: Any) -> None:
    """The offer to show the names that are masked on these pages of lists, once for all of them."""
    objects = pd.concat([one.objects for one in several], ignore_index=True)
    keys = sorted(set(shown_names.masked_keys(objects[objects["object_kind"] == "area"], "object_code")))
    shown_names.offer(lambda: keys, len(keys), "risks")


def of_object(found: Any, space: str, kind: str, code: str) -> Any:
    """The object with its plain name where that is shown now, and the offer to show it where it is masked."""
    register = found.register
    if kind != "area" or not personal.is_masked(register["name"]):
        return found
    named = shown_names.of_record(shown_names.AREAS, (space, code), {"name": register["name"]}, "risk")
    return replace(found, register={**register, **named})
