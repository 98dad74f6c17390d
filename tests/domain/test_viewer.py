"""A right belongs to the unit for which it was granted, not to everything that its holder may see."""

import pytest

from domain.errors import NotAllowed
from domain.viewer import MAY, ROLES, Scope, Viewer, import_act, undo_act

PROVINCE, COUNTY = 1, 5
BOTH = frozenset({("executive", PROVINCE), ("steward", COUNTY)})
LOOKS_WIDE = Viewer(7, "周七", frozenset({"executive", "steward"}), Scope((PROVINCE,)), BOTH)


def test_an_act_is_allowed_only_where_its_role_was_granted():
    """Steward of a county, executive of the province: sees the province, imports for the county."""
    assert LOOKS_WIDE.scope == Scope((PROVINCE,))
    assert LOOKS_WIDE.scope_for("import") == Scope((COUNTY,))


def test_who_acts_has_only_what_the_act_needs():
    acting = LOOKS_WIDE.acting("import")

    assert (acting.roles, acting.scope, acting.name) == ({"steward"}, Scope((COUNTY,)), "周七")
    assert not acting.may("edit_targets")


def test_what_no_role_allows_is_allowed_nowhere():
    with pytest.raises(NotAllowed):
        LOOKS_WIDE.scope_for("reset_baseline")


def test_without_single_grants_every_role_holds_in_the_whole_scope():
    """The local administrator, and whoever the process of a job acts for."""
    administrator = Viewer(None, "local", frozenset({"administrator"}), Scope((PROVINCE,)))

    acts = [act for act, roles in MAY.items() if "administrator" in roles]
    assert {administrator.scope_for(act) for act in acts} == {Scope((PROVINCE,))}
    assert set(MAY) - set(acts) == {"approve_extensions", "verify_rectifications"}  # a manager's, who answers


def test_who_only_looks_changes_nothing():
    assert [
        role for role in ROLES if not Viewer(1, "", frozenset({role}), Scope(())).may_change_something()
    ] == ["executive"]


def test_targets_are_the_manager_s_and_every_other_kind_the_steward_s():
    assert (import_act("targets"), undo_act("targets")) == ("edit_targets", "edit_targets")
    assert (import_act("outages"), undo_act("outages")) == ("import", "undo")
