"""Who changed what, when and why: a row in the same transaction as the change, so that both stand or fall."""

from typing import Any

from sqlalchemy import Connection, insert

from data_access.tables.rules import audit_log
from domain.periods import utc_now
from domain.viewer import Viewer


def record(
    connection: Connection,
    viewer: Viewer,
    action: str,
    subject: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str = "",
) -> None:
    """One audit row. before and after hold only what the act changed, as JSON values.

    A subject that is too long, e.g. with the name of a file, is cut at its end.
    """
    longest = audit_log.c.subject.type.length
    if len(subject) > longest:
        subject = subject[: longest - 1] + "…"
    connection.execute(
        insert(audit_log).values(
            at=utc_now(),
            person_id=viewer.person_id,
            by_name=viewer.name,
            action=action,
            subject=subject,
            before=before,
            after=after,
            reason=reason,
        )
    )
