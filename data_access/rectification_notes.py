"""Notes on a rectification item. They need no version: nobody's note is too late.

A note is news of the work, by who works on it or keeps the items. Anybody else who sees the item leaves a
comment, which makes no item less stuck.
"""

from sqlalchemy import Engine

from data_access import rectification_acts as acts
from data_access.rectification_acts import At
from data_access.transactions import writing
from domain import rectifications
from domain.rectification_rights import EDIT, WORK
from domain.viewer import Viewer


def write(engine: Engine, viewer: Viewer, bureau_id: str, item_id: str, text: str) -> str:
    """What became of it: note or comment. Raises NotFound, InvalidInput("rectification_text")."""
    rectifications.check_text(text)
    with writing(engine, viewer.scope) as connection:
        at = At(connection, viewer, acts.held(connection, viewer.scope, bureau_id, item_id))
        kind = "note" if is_news(at) else "comment"
        acts.say(at, kind, text)
    return kind


def is_news(at: At) -> bool:
    """Whether what the viewer says of the item is news of the work."""
    is_theirs = at.item.is_worker(at.viewer.person_id)
    return is_theirs or any(at.viewer.may(act) and acts.may(at, act) for act in (WORK, EDIT))
