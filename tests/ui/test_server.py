"""Where nobody signs in, nobody but this machine gets an answer, however the server is started."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from data_access import settings
from domain.errors import InvalidInput
from tests.postgres import database_of
from ui import server, web_door

HERE = ("127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1")
ELSEWHERE = ("10.1.2.3", "192.168.0.7", "::ffff:10.1.2.3", "fe80::1%eth0", "", "localhost.example.com")


def _asked(kind, client):
    """What a client is sent, and whether the dashboard itself was reached."""
    sent, reached = [], []

    async def app(_scope, _receive, send):
        reached.append(True)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "client": client, "headers": [], "path": "/", "method": "GET"}
    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as worker:
        worker.submit(asyncio.run, server.OnlyThisMachine(app)(scope, None, send)).result()
    return sent, bool(reached)


@pytest.mark.parametrize("host", HERE)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_this_machine_is_answered(kind, host):
    assert _asked(kind, (host, 5000))[1]


@pytest.mark.parametrize("client", [*((host, 5000) for host in ELSEWHERE), None])
def test_a_client_from_elsewhere_is_refused_with_a_sentence(client):
    sent, reached = _asked("http", client)

    assert not reached
    assert sent[0]["status"] == 403
    assert "No sign-in is set up" in sent[1]["body"].decode()
    assert "只能在服务器本机上打开" in sent[1]["body"].decode()


def test_a_socket_from_elsewhere_is_closed_before_it_opens():
    sent, reached = _asked("websocket", ("10.1.2.3", 5000))

    assert not reached
    assert sent[0]["type"] == "websocket.close"


def test_the_server_is_guarded_before_anything_else_answers():
    """Also as `uvicorn ui.server:app`, which never asks for BIND. Headers only go around what answers."""
    assert server.app._user_middleware[1].cls is server.OnlyThisMachine


@pytest.mark.parametrize("bind", ["0.0.0.0", "10.1.2.3", "::"])  # noqa: S104  refused is what is tested
def test_no_address_of_the_network_is_served_without_sign_in(bind, monkeypatch):
    monkeypatch.setenv("BIND", bind)

    with pytest.raises(InvalidInput, match="bind_without_sign_in"):
        server.address()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BIND", "0.0.0.0", "尚未设置登录"),  # noqa: S104  refused is what is tested
        ("PORT", "abc", "PORT 应是 1 到 65535 之间的整数，而不是“abc”。"),
    ],
)
def test_what_stops_the_start_is_said_in_the_language_of_the_terminal(name, value, said, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=said):
        server.main()


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "8501.5", "٨٥٠١", "001234567"])
def test_a_port_is_a_number_that_a_server_can_listen_at(port, monkeypatch):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(InvalidInput, match="port"):
        settings.port()


def test_a_database_that_is_not_there_stops_the_start_with_a_sentence(postgres_server, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_of(postgres_server, "nodb"))

    with pytest.raises(SystemExit, match="createdb"):
        server.main()


def test_with_sign_in_the_network_is_served_and_the_guard_is_off(with_auth, monkeypatch):
    monkeypatch.setenv("BIND", "0.0.0.0")  # noqa: S104  the person asked for it
    with_auth()

    assert server.address() == "0.0.0.0"  # noqa: S104
    assert server.OnlyThisMachine not in [one.cls for one in server.layers()]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_id": ""}, "client_id"),
        ({"cookie_secret": "short"}, "cookie_secret"),
        ({"redirect_uri": "https://dashboard.example.com/"}, "/oauth2callback"),
        (dict.fromkeys(settings.OF_SIGN_IN, ""), ", ".join(settings.OF_SIGN_IN)),
    ],
    ids=["no client", "guessed", "elsewhere", "nothing"],
)
def test_a_sign_in_that_would_not_work_or_is_not_safe_stops_the_start(with_auth, changed, said):
    """Falling back to no sign-in would show everything to whoever stands behind a proxy."""
    with_auth(**changed)

    with pytest.raises(SystemExit, match=said):
        server.layers()


def test_all_that_is_wrong_with_the_sign_in_is_said_at_once(with_auth, monkeypatch):
    """Otherwise each start finds the next mistake."""
    with_auth(client_id="", cookie_secret="x" * 8, redirect_uri="https://dashboard.example.com/")
    monkeypatch.setenv("SIGN_IN_HOURS", "eight")

    with pytest.raises(SystemExit) as stopped:
        server.layers()

    lines = str(stopped.value).splitlines()
    wrong = ("SIGN_IN_HOURS", "client_id", "cookie_secret", "redirect_uri")
    assert [name for name, line in zip(wrong, lines, strict=True) if name in line] == list(wrong)


def test_secrets_that_cannot_be_read_stop_the_start(monkeypatch, tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text("[auth\n")
    for name in (file, tmp_path / "absent.toml"):
        monkeypatch.setenv("SECRETS_FILE", str(name))
        with pytest.raises(SystemExit, match=name.name):
            server.layers()


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "inf", "eight", "1000"])
def test_a_sign_in_has_an_end(hours, monkeypatch):
    monkeypatch.setenv("SIGN_IN_HOURS", hours)

    with pytest.raises(SystemExit, match="SIGN_IN_HOURS"):
        server.layers()


def test_every_cookie_of_an_answer_arrives():
    """The sign-in sets several at once; headers kept by name alone would lose all but the last."""
    cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    sent = []

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 302, "headers": cookies})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "headers": [], "path": "/oauth2callback", "method": "GET"}
    with ThreadPoolExecutor(1) as worker:
        worker.submit(asyncio.run, web_door.PageLanguage(app)(scope, None, send)).result()

    assert [pair for pair in sent[0]["headers"] if pair[0] == b"set-cookie"] == cookies


@pytest.mark.parametrize(("bind", "served"), [("", "127.0.0.1"), ("::1", "::1"), ("localhost", "localhost")])
def test_this_machine_s_addresses_are_served(bind, served, monkeypatch):
    monkeypatch.setenv("BIND", bind)

    assert server.address() == served
