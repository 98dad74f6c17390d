"""All that lies with one person goes to another, when somebody leaves or moves."""

from collections import Counter
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from domain.rectification_counts import Load
from domain.rectifications import LONGEST, Rectification
from ui import format as fmt
from ui import messages, rectification_words
from ui.charts import table_view
from ui.rectifications import words
from ui.rectifications.form import Act
from ui.texts import _, counted, language

People = Sequence[tuple[int, str, str]]


def whose(load: Sequence[Load]) -> int | None:
    """The person whose items are to go elsewhere."""
    names = {one.person_id: one for one in load if one.person_id is not None}
    if not names:
        st.info(_("Nothing lies with anybody."))
        return None

    def label(number: int) -> str:
        one = names[number]
        return f"{messages.person(one.name)} · " + _("on the books {n}").format(n=fmt.number(one.open))

    return st.selectbox(
        _("From whom"), list(names), index=None, format_func=label, key="hand_from", placeholder=_("Choose"),
        width=330,
    )  # fmt: skip


def form(
    items: Sequence[Rectification], unit_id: int, person_id: int, able: Callable[[int], People], act: Act
) -> None:
    """What would go, and to whom. able(unit): who can be given work there."""
    if not items:
        st.info(_("Nothing of this person's is yours to hand over."))
        return
    text = counted("{n} item goes to the other person", "{n} items go to the other person", len(items))
    st.markdown(f"**{text.format(n=fmt.number(len(items)))}**")
    title = _("What is to be put right")
    st.dataframe(
        pd.DataFrame(
            {
                title: [one.title for one in items],
                _("State"): [rectification_words.state(one.status) for one in items],
                _("Due date"): [words.due(one) for one in items],
                _("Number"): [one.item_id for one in items],
            }
        ),
        hide_index=True, key="hand_over_items", alt=_("Items to be handed over"),
        column_config={title: st.column_config.TextColumn(width=table_view.SENTENCE_PX)},
    )  # fmt: skip
    names = {number: name for number, name in everywhere(items, able).items() if number != person_id}
    if not names:
        st.warning(_("Nobody else can be given work in all of these units. Hand them over one by one."))
        return

    def asked() -> None:
        said = st.session_state
        act("hand_over_all", unit_id, person_id, said["hand_to"], said["hand_why"])

    with st.form("hand_over_all", border=False):
        st.selectbox(_("To"), list(names), format_func=names.get, key="hand_to", width=330)
        st.text_area(_("Reason"), key="hand_why", height=80, max_chars=LONGEST["measure"])
        st.form_submit_button(
            _("Hand all of them over"), type="primary", icon=":material/swap_horiz:", on_click=asked,
            key="do_hand_over_all",
        )  # fmt: skip


def everywhere(items: Sequence[Rectification], able: Callable[[int], People]) -> dict[int, str]:
    """Names by number of those who can be given work in the units of all the items."""
    several = [able(unit) for unit in sorted({one.org_unit_id for one in items})]
    kept = set.intersection(*({one[0] for one in some} for some in several))
    return {number: name for number, name in labels(several[0]).items() if number in kept}


def labels(people: People) -> dict[int, str]:
    """Names by number; namesakes are told apart by their numbers."""
    names = {number: en if en and language() == "en" else name for number, name, en in people}
    shared = Counter(names.values())
    return {
        number: name if shared[name] == 1 else _("{name} (no. {n})").format(name=name, n=number)
        for number, name in names.items()
    }
