"""The frame around every page: menu, viewer, language, banner, breadcrumb and how fresh the data are."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from domain.org_units import OrgUnit
from domain.saved_views import WHO_LOOKS
from domain.viewer import ROLES
from ui import filters, session, style
from ui import format as fmt
from ui.plain import plain
from ui.texts import LANGUAGES, _, language, listed, name_of

ON_THE_ROAD = ("lead", "area_manager")
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def title() -> None:
    """What this is, above the menu."""
    with st.sidebar:
        st.markdown("**:material/electric_bolt: " + _("Service dashboard") + "**")


def menu(sections: Mapping[str, Sequence[st.Page]]) -> None:
    """Links to the pages, keeping unit and period."""
    with st.sidebar:
        for section, pages in sections.items():
            if pages:
                st.caption(section)
            for page in pages:
                st.page_link(page, query_params=filters.query(), width="stretch")


def who_looks() -> None:
    """Below the menu: the viewer and the language."""
    with st.sidebar:
        if session.has_sign_in():
            _signed_in()
        else:
            _viewer_picker()
        language_switch()


def _signed_in() -> None:
    viewer = session.viewer()
    roles = listed(role_name(role) for role in ROLES if role in viewer.roles)
    with st.container(key="signed_in", gap="small"):
        st.caption(_("Signed in"))
        st.html(f"<b>{escape(name_of(viewer))}</b><br><span class='cs-quiet'>{escape(roles)}</span>")
        sign_out_button(_("Sign out"))


def sign_out_button(label: str) -> None:
    """The button that ends the sign-in."""
    st.button(label, icon=":material/logout:", key="sign_out", on_click=session.sign_out)


def _viewer_picker() -> None:
    people = {one.id: one for one in session.people_to_choose()}
    if not people:
        st.caption(_("No sign-in is set up: you are the local administrator, on this machine only."))
        return

    def place(person_id: int) -> str:
        one = people[person_id]
        unit = one.unit_name if language() == "zh" or not one.unit_name_en else one.unit_name_en
        return f"{role_name(one.role)} · {unit}"

    def label(person_id: int) -> str:  # the name first: people are told apart and found by it
        return f"{name_of(people[person_id])} · {place(person_id)}"

    def chosen() -> None:
        session.choose_viewer(st.session_state["pick_viewer"])
        st.query_params.pop("unit", None)  # the other person may not see it

    st.session_state["pick_viewer"] = session.viewer().person_id
    st.selectbox(_("View as"), list(people), format_func=label, key="pick_viewer", on_change=chosen)
    st.caption(plain(place(st.session_state["pick_viewer"])))  # the picker is too narrow for all of it


def language_switch() -> None:
    """Chinese or English, from the next run on."""

    def chosen() -> None:
        st.query_params["lang"] = st.session_state["pick_language"]

    st.session_state["pick_language"] = language()
    st.segmented_control(
        _("Language"), LANGUAGES, format_func=LANGUAGE_NAMES.get, key="pick_language", required=True,
        label_visibility="collapsed", on_change=chosen,
    )  # fmt: skip


def is_phone() -> bool:
    """Whether the browser says that it is one of a phone: what is shown there lies below each other."""
    return "Mobile" in (st.context.headers.get("User-Agent") or "")


def lands_on_today(roles: Collection[str], page: str) -> bool:
    """Whether to open the list of what is due today: once a visit, on the phone of who is on the road.

    Only where the address asks for nothing: a link or a view leads where it says.
    """
    if st.session_state.get("has_landed"):
        return False
    st.session_state["has_landed"] = True
    asked = set(st.query_params) - set(WHO_LOOKS)
    return page == "overview" and not asked and is_phone() and not set(ON_THE_ROAD).isdisjoint(roles)


def role_name(role: str) -> str:
    """A role in words."""
    return {
        "executive": _("executive"),
        "manager": _("manager"),
        "lead": _("rectification lead"),
        "area_manager": _("area manager"),
        "steward": _("data steward"),
        "administrator": _("administrator"),
    }[role]


def unknown_page(known: Collection[str]) -> bool:
    """Whether the address names a page that there is not; Streamlit's dialog then says so in our words.

    known: the paths of all pages.
    """
    asked = urlsplit(st.context.url or "").path.strip("/")
    is_unknown = bool(asked) and asked not in known
    if is_unknown:
        style.page_not_found(_("There is no such page"), _("The overview is shown instead."))
    return is_unknown


def shown_instead() -> None:
    """The same on the page itself: the dialog's words are read by no screen reader, and gone once closed."""
    said = f"**{_('There is no such page')}** · {_('The overview is shown instead.')}"
    st.warning(said, icon=":material/wrong_location:")


def banner() -> None:
    """One slim line that says that the figures are invented; nothing with real data."""
    if session.is_demo():
        text = _("Demo data: an invented company. Nothing here is real; real files are not taken in.")
        st.html(f'<div class="cs-banner">{escape(text)}</div>')


def breadcrumb(unit_id: int, units: Mapping[int, OrgUnit]) -> None:
    """The units above, each a way up on the same page, and how fresh the data are.

    Buttons, not links: a link to the page that is shown already would leave the URL as it was.
    """
    path = filters.path_of(unit_id, units)
    with st.container(horizontal=True, vertical_alignment="center", key="path"):
        for unit in path[:-1]:
            st.button(
                plain(name_of(unit)),
                type="tertiary",
                key=f"climb_{unit.id}",
                on_click=_climb,
                args=(unit.code,),
            )
            st.markdown("›", width="content")
        st.markdown(f"**{plain(name_of(path[-1]))}**", width="content")
        st.space("stretch")
        st.html(freshness(), width="content")


def _climb(code: str) -> None:
    st.query_params["unit"] = code


def freshness() -> str:
    """The as-of line as HTML: up to which day the data go, and whether figures are being refreshed."""
    state = session.data_state()
    if state.as_of_day is None:
        kind, text = "none", _("no data yet")
    else:
        kind, text = "met", _("Data to {day}").format(day=fmt.day(state.as_of_day))
        if state.as_of_at:
            text += " · " + _("figures of {time}").format(time=fmt.moment(state.as_of_at, session.zone()))
    if state.is_refreshing:
        kind, text = "watch", text + " · " + _("being refreshed")
    elif state.is_stale:
        kind, text = "watch", text + " · " + _("newer records wait for a refresh")
    return f'<span class="cs-quiet">{escape(text)} <span class="cs-{kind}">●</span></span>'


def not_ready(kind: str) -> None:
    """What to do when the database cannot be shown at all."""
    st.header(_("The database is not ready"))
    if kind == "foreign":
        st.error(_("It holds tables that this program did not make. Choose another one with DATABASE_URL."))
    elif kind == "filling":
        st.info(_("The demo company is being made, or its making was cut off. This completes it:"))
        st.code("python -m data_access demo", language=None)
    else:
        st.info(_("Its tables are missing or older than this program. Run this, then load the page again:"))
        st.code("python -m data_access init", language=None)


def start_here(imports: st.Page) -> None:
    """The first page of an empty real database: what to bring in, in which order."""
    st.header(_("Nothing has been brought in yet"))
    st.markdown(_("This database is for real data and still empty. Three steps lead to the first figures:"))
    st.markdown(
        "1. "
        + _("**Units**: the tree from the province down to the stations, as a CSV or XLSX file.")
        + "\n2. "
        + _("**Customers served** per unit and month: the denominator of SAIDI and SAIFI.")
        + "\n3. "
        + _("**Outages**: one row per group of customers restored together. Figures follow by themselves.")
    )
    st.page_link(
        imports,
        label=_("Go to the imports page"),
        query_params=filters.query(),
        icon=":material/upload_file:",
    )
    st.markdown(_("Or on the command line:"))
    st.code(
        "python -m data_access import units units.csv\n"
        "python -m data_access import customers_served customers.csv\n"
        "python -m data_access import outages outages.csv",
        language=None,
    )
