"""The page wanted before the sign-in: kept as a path of ours, and never as another place."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui import deep_link
from ui.deep_link import DeepLink, target, wanted_by

OURS = "dashboard.example.com"
WANTED = "/detail?kpi=saidi&unit=060101&period=quarter"


@pytest.mark.parametrize("wanted", ["/", "/imports", WANTED, "/?lang=en", "/records?name=%E5%9F%8E%E4%B8%9C"])
def test_a_page_of_ours_is_led_back_to(wanted):
    assert target(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "detail",
        "//evil.example.com",
        "//evil.example.com/detail",
        "/\\evil.example.com",
        "\\\\evil.example.com",
        "/\t/evil.example.com",
        "/detail\r\nlocation: https://evil.example.com",
        "/detail\x00",
        "/detail\n",
        "https://evil.example.com/",
        "https:evil.example.com",
        "javascript:alert(1)",
        "/detail/../..//evil.example.com",
        "/%2F%2Fevil.example.com",
        "/detail?a=<script>",
        "/detail?a= b",
        "/详情",
        "/oauth2callback?code=x",
        "/detail?" + "a" * 2_000,
    ],
)
def test_everything_else_leads_nowhere(wanted):
    assert target(wanted) is None


def test_the_page_is_the_one_on_which_the_button_was_pressed():
    assert wanted_by(f"https://{OURS}{WANTED}", OURS) == WANTED
    assert wanted_by(f"https://{OURS}", OURS) == "/"


@pytest.mark.parametrize(
    "referer",
    ["", f"https://evil.example.com{WANTED}", f"https://{OURS}.evil.example.com/", f"https://x@{OURS}/detail",
     f"file://{OURS}/detail", "https://[/detail"],
)  # fmt: skip
def test_another_host_s_page_is_not_kept(referer):
    assert wanted_by(referer, OURS) is None


def _answered(path, asked, answer, is_https=False):
    """Headers of the answer to a request, as the browser gets them."""
    sent = []

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 302, "headers": answer})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": asked, "method": "GET"}
    with ThreadPoolExecutor(1) as worker:
        worker.submit(asyncio.run, DeepLink(app, is_https)(scope, None, send)).result()
    return sent[0]["headers"]


def test_it_is_kept_in_a_cookie_that_no_script_reads_and_led_back_to_once():
    asked = [(b"host", OURS.encode()), (b"referer", f"https://{OURS}{WANTED}".encode())]
    provider = [(b"location", b"https://login.example.com"), (b"set-cookie", b"session=1")]

    left = _answered(deep_link.LEAVES_AT, asked, provider, is_https=True)

    assert left[:2] == provider
    name, cookie = left[2]
    assert name == b"set-cookie"
    assert cookie.decode().split("; ")[1:] == ["Max-Age=600", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"]

    kept = [(b"cookie", cookie.split(b";")[0])]
    back = _answered(deep_link.COMES_BACK_AT, kept, [(b"location", b"/"), (b"set-cookie", b"user=1")])

    assert (b"location", WANTED.encode()) in back
    assert (b"set-cookie", b"user=1") in back
    assert back[-1][1].startswith(b"wanted_page=; Max-Age=0;")


def test_a_cookie_that_somebody_wrote_leads_to_no_other_host():
    kept = [(b"cookie", b"wanted_page=%2F%2Fevil.example.com")]

    assert (b"location", b"/") in _answered(deep_link.COMES_BACK_AT, kept, [(b"location", b"/")])


def test_only_the_way_back_to_the_first_page_is_changed():
    """A failed sign-out at the provider, for one, leads elsewhere."""
    kept, elsewhere = [(b"cookie", b"wanted_page=%2Fdetail")], [(b"location", b"https://login.example.com")]

    assert elsewhere[0] in _answered(deep_link.COMES_BACK_AT, kept, elsewhere)
    assert _answered("/detail", kept, elsewhere) == elsewhere
    assert _answered(deep_link.COMES_BACK_AT, [], [(b"location", b"/")]) == [(b"location", b"/")]
