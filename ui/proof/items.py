"""The single items whose works are done, each with its sentence and a link to it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from domain import paging
from domain.proof_found import Proved, judged_first
from ui import filters, pager
from ui import format as fmt
from ui.plain import plain
from ui.proof import sentence
from ui.texts import _

ITEM_PAGE = "pages/work/rectifications.py"
PAGE, PAGE_SIZE = "page", 10


def show(items: Sequence[Proved], outcome: str, names: Mapping[str, str]) -> None:
    """A page of them: judged ones first, each part with the last done first. names: of kinds of measure."""
    st.subheader(_("Single items"), anchor=False)
    st.caption(
        _(
            "One line or area has few outages, so a single item is hardly ever proven: what counts are the "
            "kinds of measures above."
        )
    )
    begin = paging.before(pager.asked(PAGE), len(items), PAGE_SIZE)
    for one in judged_first(items, outcome)[begin : begin + PAGE_SIZE]:
        _item(one, outcome, names)
    pager.show(PAGE, len(items), PAGE_SIZE)


def _item(one: Proved, outcome: str, names: Mapping[str, str]) -> None:
    with st.container(border=True, key=f"proof_{one.bureau_id}_{one.item_id}", gap="small"):
        kind = names.get(one.measure_kind, one.measure_kind)
        said = [one.title, one.object_code, kind, _("done {day}").format(day=fmt.day(one.done_on))]
        label = plain(f"{one.item_id} · {' · '.join(part for part in said if part)}")
        query = filters.query(item=one.item_id, space=one.bureau_id)
        st.page_link(ITEM_PAGE, label=label, query_params=query)
        sentence.show(one, outcome)
