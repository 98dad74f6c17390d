"""Nobody signs in yet, so nobody but this machine gets an answer, however the server is started."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui import server

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
    assert "Nobody can sign in" in sent[1]["body"].decode()
    assert "只能在服务器本机上打开" in sent[1]["body"].decode()


def test_a_socket_from_elsewhere_is_closed_before_it_opens():
    sent, reached = _asked("websocket", ("10.1.2.3", 5000))

    assert not reached
    assert sent[0]["type"] == "websocket.close"


def test_the_server_is_guarded_before_anything_else_answers():
    """Also as `uvicorn ui.server:app`, which never asks for BIND. Headers only go around what answers."""
    assert server.app._user_middleware[1].cls is server.OnlyThisMachine


@pytest.mark.parametrize("bind", ["0.0.0.0", "10.1.2.3", "::"])  # noqa: S104  refused is what is tested
def test_no_address_of_the_network_is_served_whatever_secrets_say(bind, monkeypatch, tmp_path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth]\nclient_id = 'x'\n")
    monkeypatch.setattr(server, "PROJECT", tmp_path)
    monkeypatch.setenv("BIND", bind)

    with pytest.raises(SystemExit, match="no sign-in yet"):
        server.address()


@pytest.mark.parametrize(("bind", "served"), [("", "127.0.0.1"), ("::1", "::1"), ("localhost", "localhost")])
def test_this_machine_s_addresses_are_served(bind, served, monkeypatch):
    monkeypatch.setenv("BIND", bind)

    assert server.address() == served
