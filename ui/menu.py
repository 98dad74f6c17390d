"""Which pages somebody has: those in the menu are those that open, also by their address."""

from collections.abc import Collection

from domain.errors import NotAllowed
from domain.viewer import MAY

NEEDS = {  # acts of which a role must allow one; all other pages are everybody's
    "imports": ("import", "edit_targets"),
    "records": ("edit_records",),
    "people": ("edit_people",),
    "audit_log": ("see_audit",),
    "risk_rules": ("edit_rules",),
}


def opens(roles: Collection[str], page: str) -> bool:
    """Whether one of the roles has the page."""
    return page not in NEEDS or any(MAY[act] & set(roles) for act in NEEDS[page])


def check(roles: Collection[str], page: str) -> None:
    """Raises NotAllowed where none of the roles has the page."""
    if not opens(roles, page):
        raise NotAllowed(NEEDS[page][0])
