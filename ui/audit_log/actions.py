"""What every act in the audit log is called, and how acts are grouped; a check holds the code to it."""

from ui.texts import N_, _

GROUPS = {
    "imports": N_("Imports and records"),
    "rules": N_("Rules, limits and thresholds"),
    "targets": N_("Targets"),
    "rectifications": N_("Rectification"),
    "people": N_("People and rights"),
    "views": N_("Saved views"),
    "system": N_("Key and retention"),
    "access": N_("Downloads, personal data, refusals"),
    "sign_in": N_("Sign-ins"),
}
LOOKED = ("access", "sign_in")  # groups of what changes nothing
ACTIONS = {
    "import.file": ("imports", N_("File imported")),
    "import.form": ("imports", N_("Record entered or corrected")),
    "import.demo": ("imports", N_("Demo company made")),
    "import.undo": ("imports", N_("Import undone")),
    "warnings.accepted": ("imports", N_("Odd rows accepted as right")),
    "warnings.corrected": ("imports", N_("Odd rows marked as corrected")),
    "rules.publish": ("rules", N_("Rules published")),
    "reset_baseline": ("rules", N_("Control limits set anew")),
    "set_med_threshold": ("rules", N_("Threshold of major event days set")),
    "targets.set": ("targets", N_("Target set")),
    "targets.set_many": ("targets", N_("Several targets set")),
    "targets.remove": ("targets", N_("Target removed")),
    "rectifications.create": ("rectifications", N_("Rectification item made")),
    "rectifications.edit": ("rectifications", N_("Rectification item changed")),
    "rectifications.assign": ("rectifications", N_("Rectification item assigned")),
    "rectifications.hand_over": ("rectifications", N_("Rectification item handed over")),
    "rectifications.hand_over_all": ("rectifications", N_("All items of a person handed over")),
    "rectifications.start": ("rectifications", N_("Work on an item begun")),
    "rectifications.progress": ("rectifications", N_("Progress of an item reported")),
    "rectifications.note": ("rectifications", N_("Note on an item")),
    "rectifications.comment": ("rectifications", N_("Comment on an item")),
    "rectifications.file": ("rectifications", N_("Evidence of an item added")),
    "rectifications.done": ("rectifications", N_("Item reported as done")),
    "rectifications.return": ("rectifications", N_("Item returned")),
    "rectifications.verify": ("rectifications", N_("Item verified and closed")),
    "rectifications.cancel": ("rectifications", N_("Item cancelled")),
    "rectifications.extension_ask": ("rectifications", N_("Extension asked for")),
    "rectifications.extension_decide": ("rectifications", N_("Extension decided on")),
    "rectifications.move": ("rectifications", N_("Item moved with its object to another unit")),
    "rectifications.relapse": ("rectifications", N_("Relapse of an item marked")),
    "rectifications.import": ("rectifications", N_("Items brought back in a table")),
    "people.add": ("people", N_("Person added")),
    "people.change": ("people", N_("Person changed")),
    "people.administrator": ("people", N_("Administrator named by command")),
    "people.give": ("people", N_("Role given")),
    "people.end": ("people", N_("Role ended")),
    "people.remove": ("people", N_("Role taken back")),
    "people.import": ("people", N_("People brought in as a table")),
    "views.save": ("views", N_("View saved")),
    "views.delete": ("views", N_("View deleted")),
    "purge": ("system", N_("Removed after its time")),
    "audit_key.renew": ("system", N_("Key of the audit log renewed")),
    "export": ("access", N_("File downloaded")),
    "unmask": ("access", N_("Personal data shown in full")),
    "refused": ("access", N_("Refused")),
    "sign_in": ("sign_in", N_("Sign-in")),
    "sign_out": ("sign_in", N_("Sign-out")),
    "sign_in.refused": ("sign_in", N_("Sign-in refused")),
}


def action(code: str) -> str:
    """An act in words; a code of a later or earlier version as it is."""
    return _(ACTIONS[code][1]) if code in ACTIONS else code


def group_name(group: str) -> str:
    """A group of acts in words; '' is all of them."""
    return _(GROUPS[group]) if group else _("Everything")


def of_group(group: str) -> tuple[str, ...]:
    """Codes of the group's acts; none for ''."""
    return tuple(code for code, (of, _name) in ACTIONS.items() if of == group)
