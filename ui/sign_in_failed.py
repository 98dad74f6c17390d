"""A sign-in that came to nothing: said on our own sign-in page, where Streamlit shows a bare one or nothing.

What went wrong stands in a cookie of this browser for a minute, so that no link can put words of its own on
the page. Where nobody at the screen can know why, there is a number by which the log has the rest.
"""

import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import SignInNeeded
from ui import failures
from ui.deep_link import COMES_BACK_AT, LEAVES_AT, wanted_by

COOKIE, SHOWN_S = "sign_in_failed", 60
SIGNED_IN = "_streamlit_user="  # begins the cookie of a sign-in that worked, and the one that removes it
STREAMLITS_LOG = "streamlit.web.server.starlette.starlette_auth_routes"
REFUSED, FAILED, BROKEN_OFF = "sign_in_refused", "sign_in_failed", "sign_in_broken_off"
KEPT = re.compile(rf"({REFUSED}|{BROKEN_OFF})|{FAILED}\.([{failures.SIGNS}]{{6}})")
log = logging.getLogger(__name__)


@dataclass
class _Attempt:
    number: str
    has_failed: bool = False


_attempt: ContextVar[_Attempt | None] = ContextVar("_attempt", default=None)


def last() -> SignInNeeded | None:
    """What the sign-in of this browser came to in the last minute; None where nothing went wrong."""
    found = KEPT.fullmatch(str(st.context.cookies.get(COOKIE, "")))
    if found is None:
        return None
    return SignInNeeded(found[1]) if found[1] else SignInNeeded(FAILED, number=found[2])


def number_in_log() -> None:
    """Let Streamlit's own lines about a sign-in begin with its number; once for each process."""
    logging.getLogger(STREAMLITS_LOG).addFilter(_numbered)


def _numbered(record: logging.LogRecord) -> bool:
    if (attempt := _attempt.get()) is not None and record.levelno >= logging.WARNING:
        attempt.has_failed |= record.levelno >= logging.ERROR or bool(record.exc_info)
        record.msg = f"Error {attempt.number} at the sign-in: {record.msg}"
    return True


class SaidOnOurPage:
    """Leads to the sign-in page wherever a sign-in came to nothing, and notes why. Inside DeepLink."""

    def __init__(self, app: ASGIApp, is_https: bool = False):
        self.app = app
        self.marks = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_https else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; only the answers to the two addresses of the sign-in are touched."""
        if scope["type"] != "http" or scope["path"] not in (LEAVES_AT, COMES_BACK_AT):
            await self.app(scope, receive, send)
            return
        attempt = _Attempt(failures.reference())
        _attempt.set(attempt)
        asked = Headers(scope=scope)
        is_bare = has_begun = False

        async def led(message: Message) -> None:
            nonlocal is_bare, has_begun
            has_begun = True
            if message["type"] == "http.response.start":
                is_bare = message["status"] >= 400
                answered = MutableHeaders(raw=[] if is_bare else list(message["headers"]))
                what = FAILED if is_bare else _outcome(scope, answered, attempt)
                if what or COOKIE in cookie_parser(asked.get("cookie", "")):
                    kept = f"{what}.{attempt.number}" if what == FAILED else what
                    seconds = SHOWN_S if what else 0
                    answered.append("set-cookie", f"{COOKIE}={kept}; Max-Age={seconds}{self.marks}")
                if is_bare:
                    log.error("Error %s at the sign-in: answered %s", attempt.number, message["status"])
                    wanted = wanted_by(asked.get("referer", ""), asked.get("host", ""))
                    answered["location"] = (wanted or "/") if scope["path"] == LEAVES_AT else "/"
                    answered["content-length"] = "0"
                status = 302 if is_bare else message["status"]
                message = {**message, "status": status, "headers": answered.raw}
            elif is_bare:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, led)
        except Exception:  # whatever it is, nobody is to stand before a bare page
            if has_begun:
                raise
            log.exception("Error %s at the sign-in", attempt.number)
            await led({"type": "http.response.start", "status": 500, "headers": []})
            await led({"type": "http.response.body", "body": b""})


def _outcome(scope: Scope, answered: Headers, attempt: _Attempt) -> str:
    """What the sign-in came to; '' where it goes on, or worked."""
    if scope["path"] == LEAVES_AT:
        return BROKEN_OFF if answered.get("location") == "/" else ""
    said = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if "error" in said:
        return REFUSED if said["error"][-1] == "access_denied" else FAILED
    cookies = [one for one in answered.getlist("set-cookie") if one.startswith(SIGNED_IN)]
    if any("max-age=0" not in one.lower() for one in cookies):
        return ""
    return FAILED if attempt.has_failed else BROKEN_OFF
