"""Saved views in the menu: open one, save the page as it is now, delete.

A view is a stored address and nothing else: opening it sets the address, which says what is shown as always.
The list is read at most once a minute and person, and what the menu folds away costs nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from domain.errors import DashboardError, NotFound
from domain.saved_views import WHO_LOOKS, SavedView
from domain.viewer import Viewer
from ui import filters, messages, refusals, remembered, session
from ui.plain import plain
from ui.texts import _, name_of

MINE, SHARED = "mine", "shared"
MOST_IN_SIGHT, LIST_PX = 6, 260  # a longer list scrolls, so that the form below it is in sight


@dataclass(frozen=True)
class Store:
    """Where views are kept: each is asked with the engine and the viewer first."""

    listed: Callable[..., Sequence[SavedView]]
    save: Callable[..., object]
    remove: Callable[..., object]


@remembered.for_seconds(session.SECONDS_KEPT)
def _listed(store: Store, _url: str, viewer: Viewer) -> tuple[SavedView, ...]:
    return tuple(store.listed(session.engine(), viewer))  # by its address: an engine is not kept alive


def menu(page: str, pages: Mapping[str, st.Page], store: Store) -> None:
    """The views above the menu, folded. page: name of the one that is shown; pages: those of the viewer."""
    with st.sidebar:
        folded = st.popover(
            _("Views"), icon=":material/bookmark:", key="views", width="stretch", on_change="rerun"
        )
    if folded.open:
        with folded:
            _list(pages, store)
            _save(page, store)


def _list(pages: Mapping[str, st.Page], store: Store) -> None:
    """The views, each a way to its page; a page that is not in the viewer's menu has none."""
    found = [one for one in _listed(store, str(session.engine().url), session.viewer()) if one.page in pages]
    if not found:
        st.caption(_("No view is saved yet. A view keeps a page with its filters, never figures."))
    with st.container(
        gap="xsmall", height=LIST_PX if len(found) > MOST_IN_SIGHT else "content", border=False
    ):
        for is_shared in (False, True):
            part = [one for one in found if (one.org_unit_id is not None) is is_shared]
            if part:
                st.caption(_("Shared by units") if is_shared else _("Mine"))
            for one in part:
                _row(one, pages, store)


def _row(one: SavedView, pages: Mapping[str, st.Page], store: Store) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"view_{one.id}"):
        opened = st.button(
            plain(one.name), type="tertiary", key=f"open_view_{one.id}", help=_about(one, pages)
        )
        st.space("stretch")
        if one.may_delete:
            st.button(
                "", icon=":material/delete:", type="tertiary", key=f"delete_view_{one.id}",
                help=_("Delete this view"), on_click=_delete, args=(one.id, store),
            )  # fmt: skip
    if opened:
        st.switch_page(pages[one.page], query_params=address(one, st.query_params.to_dict()))


def _about(one: SavedView, pages: Mapping[str, st.Page]) -> str:
    """Page, unit and who saved it."""
    words = [pages[one.page].title]
    if one.org_unit_id is not None:
        unit = session.units().get(one.org_unit_id)
        words += [name_of(unit)] if unit else []
        words.append(messages.person(one.by_name))
    return plain(" · ".join(words))


def address(one: SavedView, now: Mapping[str, str]) -> dict[str, str]:
    """The parameters that open the view; who looks, and in which language, stays as it is now."""
    return one.parameters() | {name: now[name] for name in WHO_LOOKS if name in now}


def _delete(number: int, store: Store) -> None:
    try:
        store.remove(session.engine(), session.viewer(), number)
    except DashboardError as error:
        st.session_state["views_refused"] = messages.sentence(error)
        refusals.note(error)
    _listed.clear()


def _save(page: str, store: Store) -> None:
    """The form for the page as it is now, and what was refused."""
    unit_id = _chosen_unit()
    saved = st.session_state.get("views_saved", 0)
    refused = st.empty()  # above the form, where it is seen
    with st.form("save_view", border=False):
        name = st.text_input(_("Save this page with its filters as"), key=f"view_name_{saved}", max_chars=80)
        words = {MINE: _("only for me")}
        if unit_id is not None:
            unit = plain(name_of(session.units()[unit_id]))
            words[SHARED] = _("for {unit} and all below").format(unit=unit)
        whose = st.segmented_control(
            _("For whom"), list(words), format_func=words.get, default=MINE, required=True,
            key=f"view_for_{saved}_{unit_id}", label_visibility="collapsed", wrap=True,
        )  # fmt: skip
        asked = st.form_submit_button(_("Save view"), icon=":material/bookmark_add:")
    if asked:
        said = st.query_params.to_dict()
        try:
            given = (name, page, said, unit_id if whose == SHARED else None)
            store.save(session.engine(), session.viewer(), *given)
        except DashboardError as error:
            st.session_state["views_refused"] = messages.sentence(error)
            refusals.note(error)
        else:
            st.session_state["views_saved"] = saved + 1  # the next form begins empty
            _listed.clear()
            st.rerun()
    if text := st.session_state.pop("views_refused", ""):
        refused.error(plain(text), icon=":material/block:")


def _chosen_unit() -> int | None:
    """The unit that the address names, else the first; None where there is none."""
    try:
        return filters.unit_of(st.query_params.to_dict(), session.units())
    except NotFound:
        return None
