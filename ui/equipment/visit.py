"""What somebody logs of a piece on the road: with one tap what happened today, or the whole form."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from domain.import_kinds import kinds
from ui import conflict, opened
from ui.records import fields, forms
from ui.records.fields import Offers
from ui.texts import _

KIND = "customer_equipment"
NO_OFFERS = Offers({}, {})


def show(
    key: tuple[str, str],
    piece: Mapping[str, Any],
    names: tuple[str, ...],
    stored: Callable[[], Any],
    log: Callable[..., Any],
    today: date,
    zone: ZoneInfo,
) -> bool:
    """The acts and the form; True once something was stored.

    key: key space and number; names: the columns that may be logged; stored(): the record as texts;
    log(texts, before) stores them.
    """
    form = opened.begun(forms.FORM, (KIND, *key), stored)
    before = form.stored
    if conflict.kept(forms.FORM):
        hidden = tuple(one for one in kinds()[KIND].columns if one not in names)
        settled = forms.settled(KIND, hidden, NO_OFFERS, zone, before)
        return bool(settled) and forms.save(lambda: log(settled[0], *settled[1]), KIND, *settled)
    forms.refused_before(KIND)
    texts = _today(piece, today)
    folded = st.expander(_("Log a visit"), icon=":material/edit_note:", key="visit", on_change="rerun")
    if folded.open:
        with folded:
            columns = [kinds()[KIND].columns[one] for one in names]
            prefix = f"visit_{'_'.join(key)}_{hash(str(form))}"
            values = form.typed[0] if form.typed else before.texts
            with st.form(f"form_{prefix}", border=False):
                typed = fields.show(columns, values, NO_OFFERS, prefix)
                if st.form_submit_button(_("Check and save"), type="primary", icon=":material/save:"):
                    texts = typed
    if not texts:
        return False
    return forms.save(lambda: log(texts, before), KIND, before.texts | texts)


def _today(piece: Mapping[str, Any], today: date) -> dict[str, str]:
    """What happened today, where one tap says it: a test, advice accepted or done."""
    acts = {"last_test_on": (_("Tested today"), ":material/science:", piece["last_test_on"] != today)}
    acts["accepted_on"] = (
        _("Customer accepted today"), ":material/handshake:", piece["advice_state"] == "open",
    )  # fmt: skip
    acts["done_on"] = (
        _("Done today"), ":material/task_alt:", piece["advice_state"] in ("open", "accepted"),
    )  # fmt: skip
    found = {}
    with st.container(horizontal=True):
        for name, (label, icon, is_offered) in acts.items():
            if is_offered and st.button(label, icon=icon, key=f"visit_{name}"):
                found[name] = today.isoformat()
    return found
