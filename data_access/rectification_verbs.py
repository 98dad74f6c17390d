"""What can be done to rectification items, by the names that forms have for it."""

from collections.abc import Callable, Mapping
from typing import Any

from data_access import (
    evidence_files,
    rectification_extensions,
    rectification_handover,
    rectification_import,
    rectification_making,
    rectification_notes,
)
from data_access import rectification_steps as steps

VERBS: Mapping[str, Callable[..., Any]] = {  # each takes engine and viewer first
    "create": rectification_making.create,
    "edit": steps.edit,
    "assign": steps.assign,
    "hand_over": steps.hand_over,
    "hand_over_all": rectification_handover.hand_over_all,
    "start": steps.start,
    "progress": steps.progress,
    "done": steps.mark_done,
    "return": steps.send_back,
    "verify": steps.verify,
    "cancel": steps.cancel,
    "extension_ask": rectification_extensions.ask,
    "extension_decide": rectification_extensions.decide,
    "note": rectification_notes.write,
    "file": evidence_files.add,
    "table": rectification_import.take_over,
}
