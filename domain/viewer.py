"""Who looks, and which units they may see. Every read takes a Scope, every write a Viewer."""

from dataclasses import dataclass

ROLES = ("executive", "manager", "lead", "area_manager", "steward", "administrator")

# What a role may do beyond reading inside its scope (decisions: people and rights).
MAY = {
    "import": {"steward", "administrator"},
    "undo": {"steward", "administrator"},
    "edit_records": {"steward", "administrator"},
    "edit_rules": {"administrator"},
    "reset_baseline": {"manager", "administrator"},
    "edit_targets": {"manager", "administrator"},
}


@dataclass(frozen=True)
class Scope:
    """The units at the top of what somebody may see; everything below each belongs to it."""

    roots: tuple[int, ...]


@dataclass(frozen=True)
class Viewer:
    """A person with the grants that hold now. person_id is None for the local administrator."""

    person_id: int | None
    name: str
    roles: frozenset[str]
    scope: Scope

    def may(self, act: str) -> bool:
        """Whether one of the viewer's roles allows the act."""
        return bool(MAY[act] & self.roles)
