"""Who looks, and which units they may see. Every read takes a Scope, every write a Viewer.

Rights belong to a unit: somebody who may import for a county and look at the province imports for the county.
So a write asks for scope_for(act); the scope alone says what may be read.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.errors import NotAllowed

ROLES = ("executive", "manager", "lead", "area_manager", "steward", "administrator")

# What a role may do beyond reading inside its scope (decisions: people and rights).
MAY = {
    "import": {"steward", "administrator"},
    "undo": {"steward", "administrator"},
    "edit_records": {"steward", "administrator"},
    "edit_rules": {"administrator"},
    "reset_baseline": {"manager", "administrator"},
    "edit_targets": {"manager", "administrator"},
    "edit_people": {"administrator"},
    "edit_shared_views": {"administrator"},
    "edit_rectifications": {"lead", "manager", "administrator"},
    # Besides who is responsible, whatever the role; a lead enters what somebody without sign-in did.
    "work_on_rectifications": {"lead", "area_manager", "administrator"},
    "approve_extensions": {"manager"},
    "verify_rectifications": {"manager"},
    # Findings, advice and tests of a customer's equipment, on the road; all else of it is the steward's.
    "log_equipment": {"lead", "area_manager", "steward", "administrator"},
    "see_audit": {"manager", "administrator"},
    "unmask": {"lead", "area_manager", "administrator"},
}
ONLY_LOOKS = ("see_audit", "unmask")


def import_act(kind: str) -> str:
    """The act that bringing in a kind of file is: targets are the manager's, all others the steward's."""
    return "edit_targets" if kind == "targets" else "import"


def undo_act(kind: str) -> str:
    """The act that taking back an import of the kind is."""
    return "edit_targets" if kind == "targets" else "undo"


@dataclass(frozen=True)
class Scope:
    """The units at the top of what somebody may see; everything below each belongs to it.

    until: when the rights have to be asked anew (naive UTC); None for commands, which end by themselves. It
    is no part of what the scope is, so answers kept for it are found again.
    """

    roots: tuple[int, ...]
    until: datetime | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Viewer:
    """A person with the grants that hold now. person_id is None for the local administrator.

    grants: pairs of role and unit; None: every role holds in all of the scope.
    """

    person_id: int | None
    name: str
    roles: frozenset[str]
    scope: Scope
    grants: frozenset[tuple[str, int]] | None = None
    name_en: str = field(default="", compare=False)

    def may(self, act: str) -> bool:
        """Whether one of the viewer's roles allows the act somewhere; for menus and buttons."""
        return bool(MAY[act] & self.roles)

    def may_change_something(self) -> bool:
        """Whether any act beyond reading is allowed somewhere."""
        return any(self.may(act) for act in MAY if act not in ONLY_LOOKS)

    def scope_for(self, act: str) -> Scope:
        """The units for which the act is allowed; a root may lie below another. Raises NotAllowed."""
        if not self.may(act):
            raise NotAllowed(act)
        if self.grants is None:
            return self.scope
        roots = {root for role, root in self.grants if role in MAY[act]}
        return Scope(tuple(sorted(roots)), self.scope.until)

    def acting(self, act: str) -> "Viewer":
        """The same person, with only the roles and units that the act is allowed by. Raises NotAllowed."""
        scope = self.scope_for(act)
        return replace(self, roles=self.roles & MAY[act], scope=scope, grants=None)
