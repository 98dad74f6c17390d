"""What people log of a customer's equipment on the road: findings, advice and its acceptance, tests done.

The row goes the way of a file: checked alike, a batch that can be undone, an audit row, and a later file
holds over it. What a steward keeps (whose it is, where it hangs, what it is made of) stays as stored.
"""

from sqlalchemy import Engine

from data_access import entry, entry_saving
from data_access.entry import Record, Texts
from data_access.entry_saving import Saved
from domain.errors import NotAllowed, NotFound
from domain.viewer import Scope, Viewer

ACT = "log_equipment"
KIND = "customer_equipment"
FIELDS = (  # in the order of a form with two columns: tests and findings beside what became of advice
    "last_test_on", "advised_on", "last_maintenance_on", "accepted_on", "findings", "done_on", "advice",
)  # fmt: skip


def stored(engine: Engine, scope: Scope, bureau_id: str, equipment_key: str) -> Record:
    """The piece as texts, to be shown in a form and given back to log(). Raises NotFound."""
    found = entry.record(engine, scope, KIND, equipment_key=equipment_key)
    if found is None or found.bureau_id != bureau_id:
        raise NotFound(equipment_key)
    return found


def log(engine: Engine, viewer: Viewer, texts: Texts, before: Record) -> Saved:
    """Store the FIELDS of texts over the piece; others of texts are left as they are in `before`.

    Raises NotAllowed, also where the viewer may only look at the piece's unit; FileRejected with what is
    wrong, e.g. advice accepted before it was given; ChangedByOthers where it is no longer `before`.
    """
    key = {"equipment_key": before.texts["equipment_key"]}
    is_seen, is_mine = (
        entry.record(engine, scope, KIND, **key) is not None
        for scope in (viewer.scope, viewer.scope_for(ACT))
    )
    if is_seen and not is_mine:
        raise NotAllowed(ACT)
    changed = {name: texts[name] for name in FIELDS if name in texts}
    return entry_saving.save(engine, viewer, KIND, before.texts | changed, before, ACT)
