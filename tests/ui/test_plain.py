"""plain() leaves nothing that Markdown, or what Streamlit looks for after it, would make something of."""

import re

import pytest

from ui.plain import APART, plain

# What is looked for in the text once the escapes are gone: icons, emoji, links, addresses, arrows.
AFTERWARDS = [
    re.compile(r":material[/_]\w+:|:[\w+-]+:"),
    re.compile(r"(https?://|www(?=\.))[-.\w]+", re.IGNORECASE),
    re.compile(r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+"),
    re.compile(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)"),
]
TRICKS = [
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    r"$\href{javascript:alert(1)}{x}$",
    "![x](http://example.invalid/x)",
    ":red[x]",
    ":blue-badge[x]",
    ":material/home:",
    ":streamlit:",
    ":+1: :tada:",
    "::note[x] :::x",
    "http://example.invalid/x",
    "HTTPS://EXAMPLE.INVALID",
    "www.example.invalid",
    "x@example.invalid",
    "<https://example.invalid>",
    "`x` **x** __x__ ~~x~~ *x*",
    "# x",
    "> x",
    "- x",
    "+ x",
    "1. x",
    "12) x",
    "---",
    "===",
    "| a | b |",
    "&lt;b&gt; &#60;",
    "[^1] [x] [x]: http://example.invalid",
    "a -> b <- c -- d",
    r"\[x](y)",
    "x\\",
]


def _unescaped(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


@pytest.mark.parametrize("text", TRICKS)
def test_the_text_is_shown_sign_by_sign(text):
    assert _unescaped(plain(text)).replace(APART, "") == text


@pytest.mark.parametrize("text", TRICKS)
def test_no_sign_that_begins_something_stands_without_its_escape(text):
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", plain(text))

    assert not re.search(r"[\\`*_\[\]<~$]|&[#\w]|:[\w+/-]", bare)
    assert not re.match(r"\s*([-+=#>]|\d+[.)](\s|$))", re.sub(r"\\(.)", r"\\", plain(text)))


@pytest.mark.parametrize("text", TRICKS)
def test_nothing_is_found_in_it_after_the_escapes_are_gone(text):
    shown = _unescaped(plain(text))

    assert not [one.pattern for one in AFTERWARDS if one.search(shown)]


def test_a_text_stays_on_its_line():
    assert plain("a\r\n\n# b\tc\u2028d ") == "a # b c d"


@pytest.mark.parametrize(
    "text",
    [
        "河口供电所",
        "10kV 城西线（一）",
        "Hekou station, No. 3",
        "12.5 %",
        "3 July",
        "Worst: Hekou!",
        "A & B > C",
    ],
)
def test_an_ordinary_name_stays_as_it_is(text):
    assert plain(text) == text
