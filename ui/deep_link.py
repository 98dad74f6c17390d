"""The page that was wanted before the sign-in, shown after it: Streamlit itself lands on the first page.

When somebody leaves for the identity provider, the address of the page goes into a cookie of this browser;
when they come back, it replaces the first page. Only a path of ours with its query is kept, never a host.
"""

import re
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAVES_AT, COMES_BACK_AT = "/auth/login", "/oauth2callback"
COOKIE = "wanted_page"
KEPT_S = 600  # as long as somebody may take to type a password
# A page of the menu and its query: one name, no further slash or backslash, nothing that is not printed.
PAGE = re.compile(r"/[A-Za-z0-9_-]*(\?[A-Za-z0-9_.~!$&'()*+,;=:@/?%-]*)?")
LONGEST = 2_000


def target(wanted: str) -> str | None:
    """The path and query to go to after the sign-in; None unless they are those of a page of ours."""
    is_page = len(wanted) <= LONGEST and PAGE.fullmatch(wanted) is not None
    return wanted if is_page and wanted.partition("?")[0] != COMES_BACK_AT else None


def wanted_by(referer: str, host: str) -> str | None:
    """The same, of the address of the page on which somebody pressed the button; host: ours."""
    try:
        came_from = urlsplit(referer)
    except ValueError:
        return None
    if came_from.scheme not in ("http", "https") or came_from.netloc != host:
        return None
    return target((came_from.path or "/") + (f"?{came_from.query}" if came_from.query else ""))


class DeepLink:
    """Keeps the wanted page while somebody is at the identity provider, and leads back to it."""

    def __init__(self, app: ASGIApp, is_https: bool = False):
        self.app = app
        self.marks = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_https else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; only the answers to the two addresses of the sign-in are touched."""
        if scope["type"] != "http" or scope["path"] not in (LEAVES_AT, COMES_BACK_AT):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        kept = cookie_parser(asked.get("cookie", "")).get(COOKIE, "")

        async def led(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(raw=list(message["headers"]))
                if scope["path"] == LEAVES_AT:
                    wanted = wanted_by(asked.get("referer", ""), asked.get("host", ""))
                    answered.append("set-cookie", self._cookie(quote(wanted or "", safe=""), KEPT_S))
                elif kept:
                    if answered.get("location") == "/":
                        answered["location"] = target(unquote(kept)) or "/"
                    answered.append("set-cookie", self._cookie("", 0))
                message = {**message, "headers": answered.raw}
            await send(message)

        await self.app(scope, receive, led)

    def _cookie(self, value: str, seconds: int) -> str:
        return f"{COOKIE}={value}; Max-Age={seconds}{self.marks}"
