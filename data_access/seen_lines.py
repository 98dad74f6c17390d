"""Which lines a viewer sees: those of the own units, and those that areas of the own units hang on.

The policies of PostgreSQL say the same (row_security.py); SQLite has none.
"""

from sqlalchemy import ColumnElement, and_, exists, or_

from data_access.scope import within
from data_access.tables.grid import areas, lines
from domain.viewer import Scope


def seen_line(
    bureau_id: ColumnElement[str], line_code: ColumnElement[str], scope: Scope
) -> ColumnElement[bool]:
    """Condition to join lines by: the line with that key, as far as the viewer sees it."""
    hangs_on_it = exists().where(
        areas.c.bureau_id == lines.c.bureau_id,
        areas.c.line_code == lines.c.line_code,
        within(areas.c.org_unit_id, scope),
    )
    return and_(
        lines.c.bureau_id == bureau_id,
        lines.c.line_code == line_code,
        or_(within(lines.c.org_unit_id, scope), hangs_on_it.correlate(lines)),
    )
