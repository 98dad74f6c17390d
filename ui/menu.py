"""Which pages somebody has: those in the menu are those that open, also by their address."""

import copy
from collections.abc import Collection
from functools import cache

import streamlit as st

from domain.errors import NotAllowed
from domain.viewer import MAY

NEEDS = {  # acts of which a role must allow one; all other pages are everybody's
    "imports": ("import", "edit_targets"),
    "records": ("edit_records",),
    "people": ("edit_people",),
    "audit_log": ("see_audit",),
    "risk_rules": ("edit_rules",),
}


def page(path: str, title: str, icon: str, default: bool = False) -> st.Page:
    """A page of the menu, for one run; its path in the URL is the file's name.

    A copy of one that is made once: Streamlit looks up the file of each page on disk, a fifth of a run.
    """
    return copy.copy(_page(path, title, icon, default))


@cache
def _page(path: str, title: str, icon: str, default: bool) -> st.Page:
    return st.Page(f"pages/{path}.py", title=title, icon=f":material/{icon}:", default=default)


def opens(roles: Collection[str], page: str) -> bool:
    """Whether one of the roles has the page."""
    return page not in NEEDS or any(MAY[act] & set(roles) for act in NEEDS[page])


def check(roles: Collection[str], page: str) -> None:
    """Raises NotAllowed where none of the roles has the page."""
    if not opens(roles, page):
        raise NotAllowed(NEEDS[page][0])
