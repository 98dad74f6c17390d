"""What a request passes before the dashboard answers: the host's name, closed paths, the headers."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.responses import PlainTextResponse

from data_access import database
from data_access.transactions import writing_all
from ui import server, web_door


async def page(scope, receive, send):
    """The dashboard itself."""
    if scope["type"] == "http":
        kind = "text/html" if scope["path"] == "/" else "text/plain"
        body = '<!DOCTYPE html><html lang="en"><p lang="en">'
        await PlainTextResponse(body, media_type=kind)(scope, receive, send)
    else:
        await send({"type": "websocket.accept"})


def asked(app, path="/", kind="http", host="localhost:8501", scheme="http", **headers):
    """(status or kind of message, headers, text) that a client is sent."""
    sent = []

    async def send(message):
        sent.append(message)

    given = {"host": host, **headers}
    scope = {
        "type": kind, "path": path, "scheme": scheme, "method": "GET", "client": ("127.0.0.1", 5000),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as worker:
        worker.submit(asyncio.run, app(scope, None, send)).result()
    answered = {name.decode(): value.decode() for name, value in sent[0].get("headers", ())}
    text = b"".join(one.get("body", b"") for one in sent[1:]).decode()
    return sent[0].get("status", sent[0]["type"]), answered, text


def door():
    """All of the way in, as the server builds it."""
    app = page
    for one in reversed(web_door.around(names=web_door.host_names())):
        app = one.cls(app, *one.args, **one.kwargs)
    return app


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in ("ALLOWED_HOSTS", "METRICS"):
        monkeypatch.delenv(name, raising=False)


def test_every_answer_carries_the_headers():
    """Also a refusal, and what is not there."""
    for path, host in (
        ("/", "localhost"),
        ("/x", "localhost"),
        ("/", "evil.example"),
        (web_door.METRICS, "localhost"),
    ):
        _status, headers, _text = asked(door(), path, host=host)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "camera=()" in headers["permissions-policy"]


def test_the_policy_names_no_other_host_and_no_script_without_its_hash():
    rules = dict(one.split(" ", 1) for one in web_door.content_security_policy().decode().split("; "))

    assert not [one for one in rules.values() if re.search(r"https?:|\*|\w\.\w", one)]
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert re.search(r"'sha256-[\w+/]{43}='", rules["script-src"])
    for name, value in {"object-src": "'none'", "base-uri": "'self'", "form-action": "'self'"}.items():
        assert rules[name] == value


def test_browsers_are_told_to_stay_with_https_only_where_they_came_by_it():
    assert "strict-transport-security" not in asked(door())[1]
    assert asked(door(), scheme="https")[1]["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(("wanted", "named"), [("en-US,en", "en"), ("zh-CN", "zh-CN"), ("", "zh-CN")])
def test_a_page_names_the_language_of_its_reader(wanted, named):
    assert f'<html lang="{named}"><p lang="en">' in asked(door(), accept_language=wanted)[2]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST."]
)
@pytest.mark.parametrize(("kind", "answer"), [("http", 200), ("websocket", "websocket.accept")])
def test_this_machine_s_own_names_are_always_answered(host, kind, answer):
    assert asked(door(), kind=kind, host=host)[0] == answer


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "",
        "localhost@evil.example",
        "[::1",
        "a/localhost",
    ],
)
def test_any_other_name_is_refused_with_a_sentence_and_a_socket_before_it_opens(host):
    """A page elsewhere may let its own name lead to this machine, and then read what the machine answers."""
    status, _headers, text = asked(door(), host=host)

    assert status == 400
    assert "ALLOWED_HOSTS" in text
    assert "主机名" in text
    assert asked(door(), kind="websocket", host=host)[0] == "websocket.close"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("board.example.com", 200),
        ("Board.Example.com:443", 200),
        ("a.below.example.com", 200),
        ("below.example.com", 400),
        ("example.com", 400),
        ("localhost", 200),
    ],
)
def test_names_that_the_server_was_given_are_answered(host, status, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " board.example.com, *.below.example.com,")

    assert asked(door(), host=host)[0] == status


def test_a_proxy_asks_for_the_health_by_address():
    assert asked(door(), web_door.HEALTH, host="10.0.0.1:8501")[0] == 200


@pytest.mark.parametrize(
    ("bind", "names", "is_lacking"),
    [
        ("127.0.0.1", "", False),
        ("::1", "", False),
        ("0.0.0.0", "", True),  # noqa: S104  a server for others is what is tested
        ("10.0.0.1", " , ", True),
        ("10.0.0.1", "board.example.com", False),
    ],
)
def test_a_server_for_others_must_say_its_name(bind, names, is_lacking, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", names)

    assert web_door.lacks_host_name(bind, web_door.host_names()) is is_lacking


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/openapi.json"])
def test_what_nobody_is_to_have_is_not_there(path):
    assert asked(door(), path)[0] == 404


def test_figures_for_a_monitoring_system_are_there_once_they_are_wanted(monkeypatch):
    monkeypatch.setenv("METRICS", "yes")

    assert asked(door(), "/_stcore/metrics")[0] == 200
    assert asked(door(), "/_stcore/agent/mcp")[0] == 404


def test_the_server_s_way_in_is_this_one():
    """Headers go around all, the guard comes before anything answers."""
    classes = [one.cls for one in server.app._user_middleware]

    assert classes == [
        web_door.Headers,
        server.OnlyThisMachine,
        web_door.KnownHosts,
        web_door.ClosedPaths,
        web_door.PageLanguage,
    ]


def _health(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    answer = server.health(None)
    return answer.status_code, answer.body


def test_the_health_answer_says_no_more_than_a_proxy_needs(sqlite_url, sqlite_engine, monkeypatch):
    assert _health(sqlite_url, monkeypatch) == (503, b"the database is not ready")
    with writing_all(sqlite_engine) as connection:
        database.settle(connection, "real")
    assert _health(sqlite_url, monkeypatch) == (200, b'{"status":"ok"}')


def test_a_database_that_is_away_is_said_without_its_address(monkeypatch, caplog):
    url = "postgresql+psycopg://somebody:secret@127.0.0.1:1/away?connect_timeout=2"

    assert _health(url, monkeypatch) == (503, b"the database does not answer")
    assert "secret" not in caplog.text
