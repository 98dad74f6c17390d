"""Which steps of an item somebody may take now: what a page offers. Each act asks again by itself.

acts: those of domain.viewer.MAY that the person's roles allow for the unit of the item.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from domain import rectification_extensions, rectifications
from domain.errors import StepNotAllowed
from domain.rectification_extensions import Extension
from domain.rectifications import Rectification
from domain.viewer import Viewer

EDIT, WORK, VERIFY, APPROVE = (
    "edit_rectifications",
    "work_on_rectifications",
    "verify_rectifications",
    "approve_extensions",
)
ALLOWED_BY: Mapping[str, tuple[str, ...]] = {  # any of these acts will do
    "verify": (VERIFY,),
    "return": (VERIFY, EDIT),
    "extension_decide": (APPROVE,),
    "assign": (EDIT,),
    "start": (WORK,),
    "progress": (WORK,),
    "done": (WORK,),
    "extension_ask": (EDIT, WORK),
    "edit": (EDIT,),
    "hand_over": (EDIT,),
    "note": (),
    "file": (WORK, EDIT, VERIFY),
    "cancel": (EDIT,),
}
FOR_WORKERS = ("start", "progress", "done", "extension_ask", "file")
BY_ANYBODY = ("note",)
AT_ANY_TIME = ("note", "file")


def steps(
    item: Rectification,
    person_id: int | None,
    acts: Collection[str],
    extensions: Sequence[Extension],
    day: date,
) -> tuple[str, ...]:
    """The steps that the state leads to and this person may take, what presses most first.

    Verification by somebody who had a hand in the item is not among them, see is_kept_from().
    """
    return tuple(
        step
        for step in ALLOWED_BY
        if may(step, item, person_id, acts)
        and (step in AT_ANY_TIME or step in rectifications.allowed_steps(item))
        and not is_kept_from(step, item, person_id, extensions)
        and (step != "extension_ask" or _may_be_asked_for(item, extensions, day))
    )


def acts_of(viewer: Viewer, path: Collection[int]) -> frozenset[str]:
    """What the viewer may do for a unit. path: ids of the unit and of those above it."""
    acts = (EDIT, WORK, VERIFY, APPROVE)
    return frozenset(
        act for act in acts if viewer.may(act) and not set(path).isdisjoint(viewer.scope_for(act).roots)
    )


def may(step: str, item: Rectification, person_id: int | None, acts: Collection[str]) -> bool:
    """Whether the person's roles, or being responsible, allow the step in whatever state."""
    is_theirs = step in FOR_WORKERS and item.is_worker(person_id)
    return step in BY_ANYBODY or is_theirs or bool(set(ALLOWED_BY[step]) & set(acts))


def is_kept_from(
    step: str, item: Rectification, person_id: int | None, extensions: Sequence[Extension]
) -> bool:
    """Whether somebody else has to do it, since this person had a hand in the item; or there is nothing to
    decide on."""
    if step == "verify":
        return not is_independent(item, person_id)
    if step == "cancel":
        return item.status != "draft" and not is_independent(item, person_id)
    if step == "extension_decide":
        asked = waiting(extensions)
        return asked is None or not may_decide(item, asked, person_id)
    return False


def is_independent(item: Rectification, person_id: int | None) -> bool:
    """Whether the person had no hand in the item."""
    try:
        rectifications.check_independent(item, person_id, "rectification_own")
    except StepNotAllowed:
        return False
    return True


def may_decide(item: Rectification, asked: Extension, person_id: int | None) -> bool:
    """Whether this person may decide on the extension, as far as that is a question of the item."""
    try:
        rectification_extensions.check_decide(item, asked, person_id, True, "")
    except StepNotAllowed:
        return False
    return True


def waiting(extensions: Sequence[Extension]) -> Extension | None:
    """The extension that waits for a decision."""
    return next((one for one in extensions if one.state == "asked"), None)


def _may_be_asked_for(item: Rectification, extensions: Sequence[Extension], day: date) -> bool:
    return waiting(extensions) is None and item.current_due is not None and day <= item.current_due
