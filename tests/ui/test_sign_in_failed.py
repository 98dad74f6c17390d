"""A sign-in that came to nothing leads to our own sign-in page, which is told why in a cookie."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from domain.errors import SignInNeeded
from ui import deep_link, sign_in_failed
from ui.deep_link import COMES_BACK_AT, LEAVES_AT, DeepLink
from ui.sign_in_failed import COOKIE, SaidOnOurPage

OURS = "dashboard.example.com"
WANTED = "/detail?kpi=saidi"
STREAMLIT = logging.getLogger(sign_in_failed.STREAMLITS_LOG)
SIGNED_IN = (b"set-cookie", b'_streamlit_user="abc"; HttpOnly; Path=/; SameSite=lax')
REMOVED = (b"set-cookie", b'_streamlit_user=""; expires=x; Max-Age=0; Path=/')
HOME = (b"location", b"/")


@pytest.fixture(autouse=True)
def _numbers():
    sign_in_failed.number_in_log()
    yield
    for one in [one for one in STREAMLIT.filters if one is sign_in_failed._numbered]:
        STREAMLIT.removeFilter(one)


def _asked(path, answer=(), status=302, query=b"", asked=(), does=lambda: None, is_https=False):
    """Status, headers and body of the answer as the browser gets it."""
    sent = []

    async def app(_scope, _receive, send):
        does()
        await send({"type": "http.response.start", "status": status, "headers": list(answer)})
        await send({"type": "http.response.body", "body": b"Authentication error"})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": list(asked), "method": "GET", "query_string": query}
    door = DeepLink(SaidOnOurPage(app, is_https), is_https)
    with ThreadPoolExecutor(1) as worker:
        worker.submit(asyncio.run, door(scope, None, send)).result()
    return (
        sent[0]["status"],
        [(name.decode(), one.decode()) for name, one in sent[0]["headers"]],
        sent[1]["body"],
    )


def _noted(headers):
    """What the cookie of a failure says; None where there is none."""
    found = [one for name, one in headers if name == "set-cookie" and one.startswith(f"{COOKIE}=")]
    return found[0].partition("=")[2].partition(";")[0] if found else None


def test_a_provider_that_does_not_answer_leads_back_to_the_page_with_a_number_that_the_log_has(caplog):
    def fails():
        try:
            raise ConnectionError("nobody there")
        except ConnectionError:
            STREAMLIT.warning("Error during OAuth authorization redirect.", exc_info=True)

    asked = [(b"host", OURS.encode()), (b"referer", f"https://{OURS}{WANTED}".encode())]
    STREAMLIT.addHandler(caplog.handler)

    status, headers, body = _asked(LEAVES_AT, status=400, asked=asked, does=fails)

    STREAMLIT.removeHandler(caplog.handler)
    assert (status, body, dict(headers)["location"]) == (302, b"", WANTED)
    code, number = _noted(headers).split(".")
    assert code == sign_in_failed.FAILED
    [line] = [one for one in caplog.records if one.exc_info]
    assert number in line.getMessage()


def test_an_error_of_streamlit_s_own_leads_back_too():
    def fails():
        raise KeyError("client")

    status, headers, _body = _asked(LEAVES_AT, does=fails)

    assert (status, dict(headers)["location"]) == (302, "/")
    assert _noted(headers).startswith(sign_in_failed.FAILED)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (b"error=access_denied", sign_in_failed.REFUSED),
        (b"error=server_error&error_description=x", sign_in_failed.FAILED),
        (b"state=old&code=1", sign_in_failed.BROKEN_OFF),
    ],
)
def test_who_comes_back_without_a_sign_in_learns_why(query, said):
    kept = [(b"cookie", f"{deep_link.COOKIE}=%2Fimports".encode())]

    _status, headers, _body = _asked(COMES_BACK_AT, [HOME, REMOVED], query=query, asked=kept)

    assert _noted(headers).partition(".")[0] == said
    assert dict(headers)["location"] == "/imports"


@pytest.mark.parametrize(
    "fails",
    [
        lambda: STREAMLIT.warning("token exchange failed", exc_info=ValueError("x")),
        lambda: STREAMLIT.error("Error, misconfigured origin for `redirect_uri` in secrets."),
        lambda: STREAMLIT.error("OAuth provider did not return user information during callback."),
    ],
    ids=["no token", "wrong address to come back to", "no user information"],
)
def test_a_mistake_of_the_provider_or_of_the_settings_has_a_number(fails):
    _status, headers, _body = _asked(COMES_BACK_AT, [HOME, REMOVED], query=b"state=1&code=2", does=fails)

    assert _noted(headers).startswith(f"{sign_in_failed.FAILED}.")


def test_a_sign_in_that_goes_on_or_worked_says_nothing_and_takes_away_what_an_earlier_one_said():
    to_provider = (b"location", b"https://login.example.com/authorize")
    for path, answer in ((LEAVES_AT, [to_provider]), (COMES_BACK_AT, [HOME, REMOVED, SIGNED_IN])):
        assert _noted(_asked(path, answer)[1]) is None
        earlier = [(b"cookie", f"{COOKIE}=sign_in_refused".encode())]
        assert _noted(_asked(path, answer, asked=earlier)[1]) == ""


def test_the_cookie_is_read_by_no_script_and_lasts_a_minute():
    headers = _asked(COMES_BACK_AT, [HOME], query=b"error=access_denied", is_https=True)[1]

    [cookie] = [one for name, one in headers if name == "set-cookie"]
    assert cookie.split("; ")[1:] == ["Max-Age=60", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"]


@pytest.mark.parametrize("kept", ["", "<b>x</b>", "sign_in_failed", "sign_in_failed.abc", "expired"])
def test_no_other_word_of_a_cookie_gets_onto_the_page(kept, monkeypatch):
    _cookies(monkeypatch, kept)

    assert sign_in_failed.last() is None


def test_the_page_reads_what_was_noted(monkeypatch):
    _cookies(monkeypatch, "sign_in_failed.ABC234")
    assert sign_in_failed.last().values == {"number": "ABC234"}

    _cookies(monkeypatch, "sign_in_refused")
    assert isinstance(sign_in_failed.last(), SignInNeeded)
    assert sign_in_failed.last().code == "sign_in_refused"


def _cookies(monkeypatch, kept):
    context = SimpleNamespace(cookies={COOKIE: kept})
    monkeypatch.setattr(sign_in_failed.st, "context", context)
