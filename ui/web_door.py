"""What every request passes before the dashboard answers: the host's name, closed paths, the headers.

Nothing of the page may come from elsewhere, so the browser is told to load and send nothing elsewhere either;
whatever got into a text, it finds no script to run. Who may look is not decided here.
"""

import base64
import hashlib
import os
import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
HEALTH = "/healthz"
METRICS = "/_stcore/metrics"
PROGRAMS = "/_stcore/agent"  # Streamlit's way in for programs; it is off, and need not say so
WRONG_HOST = (
    "本看板不以这个主机名提供服务。如果应当如此，请由管理员把它写入 ALLOWED_HOSTS。\n"
    "This dashboard does not answer to this host name. If it should, whoever runs it adds it to "
    "ALLOWED_HOSTS.\n"
)
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    b"vary": b"accept-language",
}
HSTS = b"max-age=31536000"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@cache
def content_security_policy() -> bytes:
    """The policy of every answer: this server and nobody else, and no script that is not a file of it.

    Streamlit's page has one small script of its own, allowed by its hash. Its styles are made in the browser
    and as attributes, which only 'unsafe-inline' allows; a style runs nothing. Charts need no eval: Streamlit
    lets Vega interpret their expressions.
    """
    page = (Path(st.__file__).parent / "static" / "index.html").read_bytes()
    digests = (hashlib.sha256(one).digest() for one in INLINE_SCRIPT.findall(page))
    hashes = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    rules = (
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' {hashes}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
    return "; ".join(rules).encode()


class Headers:
    """Adds the headers of security to every answer, whoever gives it; HSTS where it goes out by https."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a header that the answer has already stays."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = {**HEADERS, b"content-security-policy": content_security_policy()}
        if scope.get("scheme") == "https":
            added[b"strict-transport-security"] = HSTS

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                known = {name.lower() for name, _value in given}
                given += [pair for pair in added.items() if pair[0] not in known]
                message = {**message, "headers": given}
            await send(message)

        await self.app(scope, receive, with_headers)


class PageLanguage:
    """Names the page's language in <html lang>, which Streamlit leaves at English."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; only whole HTML pages are touched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1").lower()
        # Compressed answers could not be edited; the page itself is 2 kB, a proxy compresses the rest.
        if not scope["path"].startswith(("/static", "/media", "/_stcore")):
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        language = b"en" if wanted.startswith("en") else b"zh-CN"
        is_page = False

        async def edited(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                is_page = headers.get(b"content-type", b"").startswith(b"text/html")
                if is_page:  # its length changes: let the server send it in chunks
                    kept = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                    message = {**message, "headers": kept}
            elif is_page and message["type"] == "http.response.body":
                named = b'<html lang="' + language + b'"'
                message = {**message, "body": message.get("body", b"").replace(b'<html lang="en"', named, 1)}
            await send(message)

        await self.app(scope, receive, edited)


class KnownHosts:
    """Answers only to names that this server has, so that a foreign name that leads here gets nothing.

    Otherwise a page elsewhere whose name is made to lead to this machine could read the dashboard from
    inside. The health answer says nothing worth that, and a proxy asks for it by address.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]):
        self.app = app
        self.names = tuple(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it: 400 with a sentence, for a socket before it opens."""
        if scope["type"] == "lifespan" or is_known(_host(scope), self.names):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "unknown host name"})
        elif scope["path"] == HEALTH:
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse(WRONG_HOST, status_code=400)(scope, receive, send)


def _host(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")


def is_known(host: str, names: Iterable[str]) -> bool:
    """Whether a Host header is one of the names; *.example.com stands for all below, * for any."""
    try:
        asked = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return bool(asked) and any(
        one == "*" or asked == one or (one.startswith("*.") and asked.endswith(one[1:])) for one in names
    )


def host_names() -> tuple[str, ...]:
    """Names that the server answers to: this machine's own, and those of ALLOWED_HOSTS."""
    named = (
        one.strip().lower().strip("[]").rstrip(".") for one in os.environ.get("ALLOWED_HOSTS", "").split(",")
    )
    return (*LOOPBACK_NAMES, *(one for one in named if one))


def lacks_host_name(bind: str, names: Collection[str]) -> bool:
    """Whether a server for others was started without saying the name that they call it by."""
    return bind not in LOOPBACK_NAMES and not set(names) - set(LOOPBACK_NAMES)


class ClosedPaths:
    """Answers 404 where Streamlit would tell a stranger how it is doing, or offers itself to programs."""

    def __init__(self, app: ASGIApp, paths: Iterable[str]):
        self.app = app
        self.paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say that there is nothing."""
        asked = scope.get("path", "").rstrip("/")
        if scope["type"] == "http" and any(asked == one or asked.startswith(f"{one}/") for one in self.paths):
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def closed_paths() -> tuple[str, ...]:
    """Paths that nobody is to have; METRICS=yes opens that of the figures for a monitoring system."""
    return (PROGRAMS,) if os.environ.get("METRICS", "").lower() == "yes" else (PROGRAMS, METRICS)


def around(*guards: Middleware, names: Iterable[str]) -> list[Middleware]:
    """The whole way in: headers for every answer, then the guards, then hosts, paths and the page itself."""
    return [
        Middleware(Headers),
        *guards,
        Middleware(KnownHosts, names=tuple(names)),
        Middleware(ClosedPaths, paths=closed_paths()),
        Middleware(PageLanguage),
    ]
