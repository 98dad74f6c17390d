"""A later due date for an item: asked for with a reason before the due date, decided by somebody else.

Until it is approved the old date holds. The original due date stays whatever is approved: by it is judged
whether an item was done in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain import rectifications
from domain.errors import InvalidInput, StepNotAllowed
from domain.rectifications import Rectification

STATES = ("asked", "approved", "refused")


@dataclass(frozen=True)
class Extension:
    """One request. no: 1, 2, 3 ... of the item."""

    no: int
    asked_at: datetime
    asked_by_id: int | None
    asked_by: str
    from_due: date
    to_due: date
    reason: str
    state: str = "asked"
    decided_at: datetime | None = None
    decided_by_id: int | None = None
    decided_by: str = ""
    decision_reason: str = ""


def check_ask(
    item: Rectification, earlier: Iterable[Extension], to_due: date, reason: str, today: date
) -> None:
    """Raises StepNotAllowed("rectification_extension_ask" | "extension_too_late" | "extension_waits"),
    InvalidInput("extension_not_later" | "reason_missing" | "too_long").

    On the due day itself it may still be asked for.
    """
    rectifications.check_step(item, "extension_ask")
    if today > item.current_due:
        raise StepNotAllowed("extension_too_late", due=item.current_due, original=item.original_due)
    if any(one.state == "asked" for one in earlier):
        raise StepNotAllowed("extension_waits")
    if to_due <= item.current_due:
        raise InvalidInput("extension_not_later", due=item.current_due)
    rectifications.check_reason(reason)


def check_decide(
    item: Rectification, extension: Extension, by_id: int | None, is_approved: bool, reason: str
) -> None:
    """Raises StepNotAllowed("rectification_extension_decide" | "extension_decided" | "extension_own"),
    InvalidInput("reason_missing" | "too_long"): a refusal says why.
    """
    rectifications.check_step(item, "extension_decide")
    if extension.state != "asked":
        raise StepNotAllowed("extension_decided")
    if by_id == extension.asked_by_id:
        raise StepNotAllowed("extension_own")
    rectifications.check_independent(item, by_id, "extension_own")
    if not is_approved or reason.strip():
        rectifications.check_reason(reason)
