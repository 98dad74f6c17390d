"""With [auth] nobody looks without signing in, and who signed in sees what the grants of today say."""

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data_access.engine import engine_for
from data_access.tables.audit import audit_log
from data_access.tables.org import grants, org_units
from data_access.tables.org import people as people_table
from data_access.transactions import reading_all, writing_all
from domain.errors import SignInNeeded
from domain.periods import utc_now
from tests.pages.conftest import PAGES, shown
from ui import downloads, fragments, session, sign_in_failed


@pytest.fixture
def known(demo_url, with_auth):
    """Address of a demo company whose people have addresses, with sign-in on."""
    with_auth()
    with writing_all(engine_for(demo_url)) as connection:
        everybody = connection.execute(select(people_table.c.id)).scalars().all()
        for one in everybody:
            values = {"email": f"p{one}@example.com"}
            connection.execute(update(people_table).where(people_table.c.id == one).values(**values))
    return demo_url


def _person(url, role, level="county"):
    """Number of one of the demo's people, and the unit of the grant."""
    statement = (
        select(grants.c.person_id, org_units.c.id, org_units.c.name)
        .join(org_units, org_units.c.id == grants.c.org_unit_id)
        .where(grants.c.role == role, org_units.c.level == level)
        .order_by(grants.c.person_id)
    )
    with reading_all(engine_for(url)) as connection:
        return connection.execute(statement).first()


def _claims(person_id, hours_ago=0.0):
    claims = {"is_logged_in": True, "iat": int(time.time() - hours_ago * 3600), "sub": str(person_id)}
    return claims | {"email": f"P{person_id}@example.com"}


def _menu(page):
    return [one.proto.label for one in page.get("page_link")]


@pytest.mark.parametrize("name", PAGES)
def test_without_a_sign_in_there_is_a_button_and_nothing_else(opened, known, name):
    """Also on demo data, and whatever person the URL asks for."""
    page = opened(known, lang="en", **{"as": "1"})
    if name != "overview":
        page.switch_page(PAGES[name]).run()

    assert [one.key for one in page.button] == ["sign_in_button"]
    assert _menu(page) == []
    assert page.get("dataframe") == []
    assert list(page.exception) == []
    assert "No sign-in is set up" not in shown(page)


def test_who_signed_in_looks_with_their_own_grants(opened, known):
    person_id, unit_id, unit_name = _person(known, "lead")

    page = opened(known, user=_claims(person_id), **{"as": "1"})

    assert list(page.exception) == []
    assert [one.key for one in page.button if one.key == "sign_out"] == ["sign_out"]
    assert "整改负责人" in shown(page)
    assert f"**{unit_name}**" in shown(page)  # the way to the unit begins here: nothing above is theirs
    assert session._viewer(known, person_id, session.local_today(session.zone())).scope.roots == (unit_id,)


def test_a_sign_in_that_is_over_says_so(opened, known):
    page = opened(known, user=_claims(_person(known, "lead").person_id, hours_ago=8.01))

    assert [one.value for one in page.warning] == ["登录已超过 8 小时，请重新登录。"]
    assert [one.key for one in page.button] == ["sign_in_button"]


def test_a_sign_in_lasts_as_long_as_is_set(opened, known, monkeypatch):
    monkeypatch.setenv("SIGN_IN_HOURS", "0.5")

    page = opened(known, lang="en", user=_claims(_person(known, "lead").person_id, hours_ago=0.6))

    assert "lasted 0.5 h" in page.warning[0].value


@pytest.mark.parametrize("why", ["unknown", "left", "no grant"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_somebody_unknown_learns_whom_to_ask_and_nothing_else(opened, known, why, lang):
    person_id = _person(known, "lead").person_id
    with writing_all(engine_for(known)) as connection:
        mine = people_table.c.id == person_id
        if why == "unknown":
            connection.execute(update(people_table).where(mine).values(email="somebody.else@example.com"))
        if why == "left":
            connection.execute(update(people_table).where(mine).values(is_active=False))
        if why == "no grant":
            connection.execute(grants.delete().where(grants.c.person_id == person_id))

    page = opened(known, lang=lang, user=_claims(person_id))

    text = shown(page)
    assert ("钱庚" if lang == "zh" else "Qian Geng") in text
    assert f"<b>P{person_id}@example.com</b>" in text
    assert len(re.findall(r"\w@\w", text)) == 1  # nobody else's address
    assert [one.key for one in page.button] == ["sign_out"]
    assert _menu(page) == []
    with reading_all(engine_for(known)) as connection:
        found = connection.execute(select(audit_log.c.action, audit_log.c.by_name)).all()
    assert [tuple(row) for row in found if row.action.startswith("sign")] == [
        ("sign_in.refused", "P***@example.com")
    ]


@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_that_nobody_verified_is_said_to_be_that_whether_it_is_known_or_not(
    opened, known, is_known
):
    person_id = _person(known, "lead").person_id
    address = f"p{person_id}@example.com" if is_known else "nobody@example.com"
    user = _claims(person_id) | {"email": address, "email_verified": False}

    page = opened(known, user=user)

    text = shown(page)
    assert "尚未经过核实" in text
    assert "有效的角色" not in text
    assert "钱庚" not in text
    assert len(re.findall(r"\w@\w", text)) == 1
    assert [one.key for one in page.button] == ["sign_out"]
    assert _menu(page) == []
    with reading_all(engine_for(known)) as connection:
        found = connection.execute(select(audit_log.c.action)).scalars()
        assert [one for one in found if one.startswith("sign")] == ["sign_in.refused"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_sign_in_came_to_is_said_on_the_sign_in_page(opened, known, lang, monkeypatch):
    failed = SignInNeeded(sign_in_failed.FAILED, number="ABC234")
    monkeypatch.setattr(sign_in_failed, "last", lambda: failed)

    page = opened(known, lang=lang)

    [said] = [one.value for one in page.error]
    assert "ABC234" in said
    assert ("登录服务" if lang == "zh" else "identity provider") in said
    assert [one.key for one in page.button] == ["sign_in_button"]


def test_what_the_provider_calls_somebody_is_text_and_no_markup(opened, known):
    user = _claims(1) | {"email": None, "name": "<img src=x onerror=alert(1)>"}

    text = shown(opened(known, user=user))

    assert "&lt;img" in text
    assert "<img" not in text


def test_a_sign_in_is_written_down_once_and_a_sign_out_ends_it_everywhere(opened, known):
    user = _claims(_person(known, "lead").person_id)
    opened(known, user=user)
    page = opened(known, user=user)

    page.button(key="sign_out").click().run()

    assert [one.key for one in page.button] == ["sign_in_button"]
    another_tab = opened(known, user=user)
    assert [one.key for one in another_tab.button] == ["sign_in_button"]
    with reading_all(engine_for(known)) as connection:
        found = connection.execute(select(audit_log.c.action).order_by(audit_log.c.at, audit_log.c.no))
        assert [one for one in found.scalars() if one.startswith("sign")] == ["sign_in", "sign_out"]


def test_a_viewer_is_asked_anew_within_a_minute_and_refused_after_two():
    """A grant that is taken away ends there at the latest, also where something kept the viewer."""
    assert session.SECONDS_KEPT == 60
    assert session.SECONDS_HELD == 120


def test_no_viewer_outlives_the_sign_in(opened, known, monkeypatch):
    found = []
    monkeypatch.setattr(
        session.people, "note_sign_in", lambda _engine, viewer, at: found.append((viewer, at))
    )
    monkeypatch.setenv("SIGN_IN_HOURS", "0.01")  # 36 seconds, less than a viewer is held otherwise

    opened(known, user=_claims(_person(known, "lead").person_id))

    viewer, at = found[0]
    assert viewer.scope.until == at + timedelta(hours=0.01)


def test_without_sign_in_a_person_is_held_for_two_minutes_and_the_administrator_for_good(opened, demo, empty):
    opened(demo)
    until = session._viewer(demo, 1, session.local_today(session.zone())).scope.until
    assert timedelta(seconds=110) < until - utc_now() <= timedelta(seconds=120)

    assert session._viewer(empty, None, session.local_today(session.zone())).scope.until is None


@pytest.fixture
def ended(monkeypatch):
    """Whoever is asked from here on is told that the sign-in is over."""

    def over():
        raise SignInNeeded("expired", hours="8")

    monkeypatch.setattr(session, "asker", lambda: over)


@pytest.mark.usefixtures("ended")
def test_a_fragment_that_runs_after_the_sign_in_gives_way_to_the_whole_page(monkeypatch):
    ran = []
    monkeypatch.setattr(fragments.st, "fragment", lambda **_how: lambda function: function)
    monkeypatch.setattr(fragments.st, "rerun", lambda: ran.append("the whole page") or _stop())

    def _stop():
        raise StopIteration

    @fragments.fragment(run_every="2s")
    def watch():
        ran.append("the fragment")

    with pytest.raises(StopIteration):
        watch()

    assert ran == ["the whole page"]


@pytest.mark.usefixtures("ended")
def test_a_file_is_not_made_for_somebody_who_may_not_look_any_more(monkeypatch):
    """The button was shown in time; it is pressed when the sign-in is over."""
    offered, made = [], []
    monkeypatch.setattr(
        downloads.st, "download_button", lambda _label, make, *_rest, **_named: offered.append(make)
    )

    downloads.button("All", lambda viewer: made.append(viewer) or "rows", "all.csv", "text/csv", "all")
    with pytest.raises(SignInNeeded):
        offered[0]()

    assert made == []
