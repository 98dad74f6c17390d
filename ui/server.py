"""The server: what `make run` starts, and the ASGI app for a process manager of one's own.

Before it answers, it brings the database up to date, imports everything that a page needs and moves that
heap out of the garbage collector's way, which otherwise takes longer than the page itself.
"""

import gc
import ipaddress
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from data_access import company_zone, database, following, server_refusals, settings
from data_access.engine import engine_for
from data_access.sentences import sentence
from domain.errors import DashboardError, InvalidInput
from domain.kpis import catalogue
from ui import failures, sign_in_failed, web_door
from ui.deep_link import DeepLink
from ui.sign_in_failed import SaidOnOurPage

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
REFUSED = (
    "本看板尚未设置登录,只能在服务器本机上打开。\n"
    "No sign-in is set up for this dashboard, so it opens on the server's own machine only.\n"
)


class OnlyThisMachine:
    """Answers clients of this machine only: where nobody signs in, a name would stand for nobody.

    Holds however the server is started; a proxy's client counts, not the proxy.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it: 403 with a sentence, for a socket before it opens."""
        if scope["type"] == "lifespan" or is_loopback((scope.get("client") or ("",))[0]):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "only from the server's machine"})
        else:
            await PlainTextResponse(REFUSED, status_code=403)(scope, receive, send)


def is_loopback(address: str) -> bool:
    """Whether an address of a client is this machine's own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def health(_request: Request) -> JSONResponse | PlainTextResponse:
    """Whether the process can answer from its database; for a proxy, and nothing that it need not know.

    Not async: while a database does not answer, only a thread of its own waits, not every visitor.
    """
    try:
        found = database.state(engine_for(settings.database_url()))
    except Exception:  # whatever it is, the proxy must learn that this process is of no use
        logging.getLogger(__name__).exception("the database does not answer")
        return PlainTextResponse("the database does not answer", status_code=503)
    if found.kind not in ("demo", "real") or not found.is_current:
        return PlainTextResponse("the database is not ready", status_code=503)
    return JSONResponse({"status": "ok"})


def warm_up() -> None:
    """Import what pages need, so that the first visitor does not wait for it."""
    # Only dashboard.py knows the pages. Until it ran once, Streamlit looks for files in pages/ instead and
    # tells the first visitor with a deep link that there is no such page, over the page itself.
    PagesManager.uses_pages_directory = False
    catalogue()
    for name in ("pandas", "altair", "babel.dates", "xlsxwriter"):
        import_module(name)
    for folder in ("ui", "ui/charts", "data_access", "domain"):
        for path in sorted((PROJECT / folder).glob("*.py")):
            if not path.stem.startswith("__") and path.stem != "server":
                import_module(f"{folder.replace('/', '.')}.{path.stem}")
    company_zone.check(engine_for(settings.database_url()))
    database.state(engine_for(settings.database_url()))


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Warm up, then freeze: a full collection after every run would hold all sessions 35 to 75 ms.

    While it serves, figures follow by themselves.
    """
    warm_up()
    failures.log_once()
    sign_in_failed.number_in_log()
    gc.collect()
    gc.freeze()
    _say(f"\n  The dashboard is at {os.environ.get('SHOWN_AT', LOOPBACK[0])}  (stop with Ctrl+C)\n")
    with following.while_serving(engine_for(settings.database_url())):
        yield


def layers() -> list[Middleware]:
    """What every request passes first: without sign-in, who is not on this machine comes no further.

    Exits with the reason where [auth] is there but would not work, however the server is started.
    """
    if problems := settings.sign_in_problems():
        sys.exit("\n".join(map(sentence, problems)))
    if not settings.has_sign_in():
        return web_door.around(Middleware(OnlyThisMachine), names=names())
    is_https = settings.sign_in_address().startswith("https:")
    return web_door.around(Middleware(DeepLink, is_https), Middleware(SaidOnOurPage, is_https), names=names())


def names() -> tuple[str, ...]:
    """Host names that the server answers to: this machine's, those of ALLOWED_HOSTS, that of the sign-in."""
    signed_in_at = urlsplit(settings.sign_in_address()).hostname if settings.has_sign_in() else None
    return (*web_door.host_names(), *([signed_in_at] if signed_in_at else ()))


app = st.App(
    PROJECT / "dashboard.py",
    lifespan=lifespan,
    routes=[Route(web_door.HEALTH, health)],
    middleware=layers(),
    on_script_error=failures.shown,
)
SECRETS = [str(settings.secrets_file())]  # one place, for Streamlit and for us
if __name__ != "__main__":  # main() tells it with the other options
    config.set_option("secrets.files", SECRETS)


def address() -> str:
    """BIND, else 127.0.0.1. Raises InvalidInput where others could reach the server without
    signing in, or by no name that it knows."""
    bind = os.environ.get("BIND") or LOOPBACK[0]
    if bind not in LOOPBACK and not settings.has_sign_in():
        raise InvalidInput("bind_without_sign_in", bind=bind, file=settings.secrets_file())
    if web_door.lacks_host_name(bind, names()):
        raise InvalidInput("bind_without_name", bind=bind)
    return bind


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Bring the database up to date, then serve until stopped."""
    try:
        bind, port = address(), settings.port()
    except DashboardError as error:
        sys.exit(sentence(error))
    with_demo = not os.environ.get("DATABASE_URL")
    if with_demo and not settings.DEFAULT_DATABASE.exists():
        _say("First start: making the demo company; this takes about half a minute ...")
    try:
        with server_refusals.understood():
            done = database.prepare_for_start(engine_for(settings.database_url()), with_demo)
    except DashboardError as error:
        sys.exit(sentence(error))
    if done:
        _say(done)
    os.environ["SHOWN_AT"] = (
        settings.sign_in_address(port) if settings.has_sign_in() else f"http://{LOOPBACK[0]}:{port}"
    )
    listening = {"server.port": port, "server.address": bind, "secrets.files": SECRETS}
    app.run(config=listening | {"logger.hideWelcomeMessage": True})


if __name__ == "__main__":
    main()
