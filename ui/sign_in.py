"""The page for whoever is no viewer: sign in, sign in again, or whom to ask."""

from html import escape

import streamlit as st

from domain.errors import SignInNeeded
from ui import messages, session, shell, sign_in_failed
from ui.texts import _, language, listed

MOST_NAMES = 8


def show(needed: SignInNeeded) -> None:
    """Why nobody looks, and one button that changes it; no menu and nothing of the data."""
    st.set_page_config(page_title=_("Sign in"))
    with st.container(key="sign_in", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**:material/electric_bolt: " + _("Service dashboard") + "**", width="content")
            st.space("stretch")
            shell.language_switch()
        if needed.code == "not_known":
            _not_known()
        elif needed.code == "not_verified":
            _not_verified()
        else:
            _sign_in(needed)


def _sign_in(needed: SignInNeeded) -> None:
    st.header(_("Sign in"))
    st.markdown(
        _(
            "How reliable the supply is, what changed, and the records behind every figure. Your role says "
            "which units you see."
        )
    )
    if failed := sign_in_failed.last():
        st.error(messages.sentence(failed), icon=":material/error:")
    elif needed.code != "not_signed_in":
        st.warning(messages.sentence(needed), icon=":material/schedule:")
    st.button(
        _("Sign in with the company account"), icon=":material/login:", type="primary", key="sign_in_button",
        on_click=st.login, width="stretch",
    )  # fmt: skip
    st.caption(_("The page that you opened is shown afterwards."))


def _who(title: str) -> None:
    st.header(title)
    said = _("You are signed in as {address}.").format(address=f"<b>{escape(session.signed_in_as())}</b>")
    st.html(f"<div>{said}</div>")


def _not_verified() -> None:
    """The same for an address that is known here and one that is not."""
    _who(_("Your address is not verified"))
    st.markdown(
        _(
            "The identity provider says that nobody has verified this address yet, so it stands for nobody "
            "here. Have it verified there, then sign in again."
        )
    )
    shell.sign_out_button(_("Sign out"))


def _not_known() -> None:
    _who(_("You have no access yet"))
    names = [zh if language() == "zh" or not en else en for zh, en in session.administrators()]
    if names:
        st.markdown(_("This account has no role here that holds today. Please ask an administrator for one:"))
        st.html(f"<b>{escape(listed(names[:MOST_NAMES]))}</b>")
    else:
        st.markdown(_("This account has no role here that holds today. Please ask who runs the dashboard."))
    shell.sign_out_button(_("Sign out, to use another account"))
