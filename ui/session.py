"""Who looks, in which language, at which database: the only reader of the server's settings and of st.user.

Every page and every fragment calls viewer() first, since a fragment's rerun does not run dashboard.py. What
is kept here between runs is small and short-lived, so that grants and new data are seen within a minute.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy import Engine

from data_access import audit, database, kpi_facts, org_units, people, settings, unmasking
from data_access.engine import engine_for
from domain import sign_in
from domain.errors import NotFound, SignInNeeded
from domain.org_units import OrgUnit
from domain.periods import local_today, utc_now
from domain.sign_in import SignIn
from domain.viewer import Scope, Viewer
from ui import remembered, texts

SECONDS_KEPT = 60  # grants: at most this old
SECONDS_FRESH = 5  # new figures appear after this at the latest
SECONDS_HELD = 2 * SECONDS_KEPT  # data_access refuses a viewer whose grants were read before that
_ended: set[SignIn] = set()  # signed out: other tabs of the browser still carry the sign-in


def engine() -> Engine:
    """The process's Engine for DATABASE_URL."""
    return engine_for(settings.database_url())


def zone() -> ZoneInfo:
    """The company's time zone."""
    return settings.company_timezone()


def language() -> str:
    """zh or en: the URL's `lang`, else the browser's language. Texts of this run speak it from here on."""
    wanted = st.query_params.get("lang", "")
    if wanted not in texts.LANGUAGES:
        wanted = "zh" if (st.context.locale or "zh").lower().startswith("zh") else "en"
    texts.use(wanted)
    return wanted


def database_state() -> database.State:
    """What the database is: demo, real, or not ready to be shown."""
    return _database_state(settings.database_url())


def is_demo() -> bool:
    """Whether the figures are the invented company's."""
    return database_state().kind == "demo"


def has_sign_in() -> bool:
    """Whether people sign in; else only this machine is served."""
    return settings.has_sign_in()


def people_to_choose() -> tuple[people.Choosable, ...]:
    """The demo's people, one of whom may be chosen to look; nobody with real data or a sign-in."""
    return () if has_sign_in() else _people_to_choose(settings.database_url(), local_today(zone()))


def viewer() -> Viewer:
    """Who looks now, with the grants that hold now. Sets the language too. Raises SignInNeeded.

    With sign-in: the person whose address the provider gave. Without, on demo data: the person that the URL's
    `as` names, else the one chosen in the menu, else the first. Without, on real data: one local
    administrator who sees everything, whatever the URL says.
    """
    language()
    return asker()()


def asker() -> Callable[[], Viewer]:
    """Gives the viewer anew, or raises SignInNeeded, also outside a run, where nobody knows whose it was.

    For files that are made when a button is pressed, which may be hours after the page was shown.
    """
    url = settings.database_url()
    if has_sign_in():
        return partial(_signed_in, url, _sign_in())
    return partial(_chosen, url, _person_of_url() or st.session_state.get("viewer_id"))


def _sign_in() -> SignIn:
    return sign_in.of_claims(st.user.to_dict(), settings.sign_in_hours())


def _signed_in(url: str, signed: SignIn) -> Viewer:
    signed.check(utc_now())
    if signed in _ended:
        raise SignInNeeded("not_signed_in")
    try:
        return _known(url, signed, local_today(zone()))
    except NotFound as error:
        _refused(url, signed)
        raise SignInNeeded("not_known" if signed.is_verified else "not_verified") from error


def _chosen(url: str, person_id: int | None) -> Viewer:
    today = local_today(zone())
    try:
        return _viewer(url, person_id, today)
    except NotFound:  # the person chosen earlier has no grant any more
        return _viewer(url, None, today)


def signed_in_as() -> str:
    """As whom the identity provider knows who looks: an address, else a name; '' when nobody is signed in."""
    try:
        return _sign_in().shown_as
    except SignInNeeded:
        return ""


def sign_out() -> None:
    """End the sign-in in every tab of the browser, here and, where it can, at the identity provider."""
    with suppress(SignInNeeded):
        who = viewer()
        _ended.add(_sign_in())
        people.note_sign_out(engine(), who)  # goes on where it cannot be written: nobody is kept signed in
    for one in [one for one in _ended if one.ends_at < utc_now()]:
        _ended.discard(one)
    st.logout()


def administrators() -> list[tuple[str, str]]:
    """Names, Chinese and English, of whom somebody without a grant may ask for one."""
    return people.administrators(engine(), local_today(zone()))


def _person_of_url() -> int | None:
    """The demo's person that the URL names; None for a foreign or unknown one, and always on real data."""
    wanted = st.query_params.get("as", "")
    if not wanted or not is_demo():
        return None
    return next((one.id for one in people_to_choose() if str(one.id) == wanted), None)


def choose_viewer(person_id: int) -> None:
    """Look as another of the demo's people from the next run on."""
    st.session_state["viewer_id"] = person_id
    st.query_params["as"] = str(person_id)  # a reload, or a link to a colleague, keeps it


def units() -> Mapping[int, OrgUnit]:
    """Units that the viewer may see by id, each after the unit above it."""
    return _units(settings.database_url(), viewer().scope)


def data_state(unit_id: int | None = None) -> kpi_facts.DataState:
    """How far the data of the unit, else all that the viewer sees, reach and whether a refresh runs."""
    return _data_state(settings.database_url(), viewer().scope, unit_id)


def unmasked(
    table: str, keys: Sequence[tuple[str, ...]], reason: str
) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """Plain values of masked columns for who looks, with a row in the audit log; never to be shared or kept.

    Here, because parts of several pages ask for it. Raises as unmasking.show() does.
    """
    return unmasking.show(engine(), viewer(), table, keys, reason)


def exported(
    engine: Engine, viewer: Viewer, subject: str, said: Mapping[str, Any], unit_id: int | None
) -> None:
    """Write down that a file left: of the unit, else of all that the viewer sees.

    Raises where that is not possible: then it must not leave.
    """
    audit.note(engine, viewer, "export", subject, said, unit_id=unit_id, is_at_home=True)


def refused(viewer: Viewer, subject: str, said: Mapping[str, Any]) -> None:
    """Write down what was refused, at the unit of who asked; the page goes on where that is not possible."""
    audit.note_if_possible(engine(), viewer, "refused", subject, said, is_at_home=True)


def forget() -> None:
    """Read units, people and the state of the data anew; after a write."""
    for kept in (_database_state, _people_to_choose, _viewer, _known, _units, _data_state):
        kept.clear()


@remembered.for_seconds(SECONDS_KEPT)
def _database_state(url: str) -> database.State:
    return database.state(engine_for(url))


@remembered.for_seconds(SECONDS_KEPT)
def _people_to_choose(url: str, day: date) -> tuple[people.Choosable, ...]:
    return tuple(people.choosable(engine_for(url), day))


@remembered.for_seconds(SECONDS_KEPT)
def _viewer(url: str, person_id: int | None, day: date) -> Viewer:
    return people.viewer_for(engine_for(url), person_id, day, utc_now() + timedelta(seconds=SECONDS_HELD))


@remembered.for_seconds(SECONDS_KEPT)
def _known(url: str, signed: SignIn, day: date) -> Viewer:
    until = min(utc_now() + timedelta(seconds=SECONDS_HELD), signed.ends_at)
    found = people.viewer_of_email(engine_for(url), signed.email, day, until)
    people.note_sign_in(engine_for(url), found, signed.at)
    return found


@remembered.for_seconds(24 * 3600)
def _refused(url: str, signed: SignIn) -> None:
    people.note_refusal(engine_for(url), signed.shown_as)  # once for each sign-in, not for each load


@remembered.for_seconds(SECONDS_KEPT)
def _units(url: str, scope: Scope) -> Mapping[int, OrgUnit]:
    return MappingProxyType(_in_tree_order(org_units.visible(engine_for(url), scope)))


@remembered.for_seconds(SECONDS_FRESH)
def _data_state(url: str, scope: Scope, unit_id: int | None) -> kpi_facts.DataState:
    return kpi_facts.data_state(engine_for(url), scope, unit_id)


def _in_tree_order(found: Mapping[int, OrgUnit]) -> dict[int, OrgUnit]:
    below: dict[int | None, list[OrgUnit]] = {}
    for one in sorted(found.values(), key=lambda unit: unit.code):
        below.setdefault(one.parent_id if one.parent_id in found else None, []).append(one)
    ordered: dict[int, OrgUnit] = {}
    waiting = below.get(None, [])[::-1]
    while waiting:
        one = waiting.pop()
        ordered[one.id] = one
        waiting.extend(below.get(one.id, [])[::-1])
    return ordered
