"""Colours and the few style rules that Streamlit's own settings cannot give.

Colour means judgement only and never stands alone: a word and an icon go with it. Okabe-Ito, safe for
red-green blindness; lighter on dark ground. light-dark() follows Streamlit's own switch.
"""

import streamlit as st

MET, WATCH, NOT_MET, NEUTRAL = "#0072B2", "#E69F00", "#D55E00", "#8A8F98"
ACTUAL = {"light": "#3A4653", "dark": "#C4CCD4"}
GROUND = {"light": "#FFFFFF", "dark": "#14181D"}  # as in .streamlit/config.toml
LIGHTER = {"light": "#B9C0C8", "dark": "#5F6A75"}
JUDGED = {"better": MET, "worse": NOT_MET, "neutral": WATCH, "": NEUTRAL}

STYLE = """
<style>
:root { --met:#0072B2; --watch:#8A5A00; --notmet:#B34700; --quiet:#5F6670; --edge:#E1E5EA; --soft:#F4F6F8;
  --mark-met:#0072B2; --mark-notmet:#D55E00; --mark-watch:#E69F00; --mark:#8A8F98; }
.stApp { --met:light-dark(#0072B2,#6CC3F5); --watch:light-dark(#8A5A00,#F2B632);
  --notmet:light-dark(#B34700,#FF9150); --quiet:light-dark(#5F6670,#A3ABB5);
  --edge:light-dark(#E1E5EA,#323B45); --soft:light-dark(#F4F6F8,#1F252C);
  --mark-met:light-dark(#0072B2,#56B4E9); --mark-notmet:light-dark(#D55E00,#F0763A); }
.stMainBlockContainer { padding:2.4rem 1.5rem 1rem; max-width:1500px; }
.stAppHeader { height:2.4rem; min-height:2.4rem; background:transparent; }
.cs-banner { background:var(--soft); border-left:3px solid var(--mark-watch); padding:.1rem .6rem;
  font-size:.8rem; line-height:1.5rem; border-radius:4px; }
[data-testid="stSidebarHeader"] { height:2.6rem; min-height:2.6rem; padding-top:0;
  padding-bottom:0; margin-bottom:0; }
[class*="st-key-row_"] > :last-child { flex:1 1 320px; min-width:0; }
.st-key-path { row-gap:0; column-gap:.15rem; }
.st-key-path button { padding:0 .1rem; min-height:1.6rem; }
[class*="st-key-card_"] { position:relative; padding:.55rem .75rem .5rem; min-height:8.4rem; }
[class*="st-key-card_"] a, [class*="st-key-row_"] a { padding:0; min-height:1.4rem; background:none; }
[class*="st-key-card_"] a p, [class*="st-key-row_"] a p { font-weight:600; font-size:.88rem; }
[class*="st-key-card_"] a p { overflow:hidden; text-overflow:ellipsis; white-space:nowrap; }
[class*="st-key-row_"] a p { white-space:normal; overflow:visible; line-height:1.3; }
[class*="st-key-card_"] a::after, [class*="st-key-row_"] a::after { content:""; position:absolute; inset:0;
  border-radius:6px; }
[class*="st-key-card_"] > .stElementContainer,
[class*="st-key-row_"] > .stElementContainer { position:static; }
[class*="st-key-card_"]:has(a:hover), [class*="st-key-row_"]:has(a:hover) { background:var(--soft); }
[data-testid="InputInstructions"] { display:none; }
[class*="st-key-row_"] { position:relative; padding:.15rem .4rem; border-bottom:1px solid var(--edge); }
.cs-line { display:flex; align-items:baseline; gap:.4rem; white-space:nowrap; }
.cs-value { font-size:1.6rem; line-height:2rem; font-weight:600; font-variant-numeric:tabular-nums; }
.cs-unit, .cs-quiet { color:var(--quiet); font-size:.78rem; line-height:1.25rem; }
.cs-chip { font-size:.78rem; font-weight:600; border:1px solid currentColor; border-radius:9px;
  padding:0 .45rem; line-height:1.2rem; white-space:nowrap; margin-left:auto; }
.cs-met, .cs-better { color:var(--met); } .cs-watch, .cs-neutral { color:var(--watch); }
.cs-notmet, .cs-worse { color:var(--notmet); } .cs-none { color:var(--quiet); }
.cs-one { white-space:nowrap; overflow:hidden; text-overflow:ellipsis; min-height:1.25rem; }
.cs-foot { display:flex; align-items:center; gap:.5rem; font-size:.78rem; line-height:1.1rem;
  min-height:34px; }
.cs-why { font-weight:600; font-size:.82rem; }
.cs-row { display:flex; flex-wrap:wrap; gap:0 .9rem; font-size:.82rem; line-height:1.4rem; }
.cs-tag { display:inline-block; min-width:5.2em; font-weight:600; }
.cs-point, .cs-entry { padding:.2rem 0; border-bottom:1px solid var(--edge); font-size:.86rem;
  line-height:1.35rem; overflow-wrap:anywhere; }
.cs-point { display:grid; grid-template-columns:minmax(6.5em,30%) 1fr; gap:.6rem; }
.cs-point b { font-weight:600; } .cs-entry span { display:block; }
[class*="st-key-item_row_"] { position:relative; padding:.4rem .3rem; border-bottom:1px solid var(--edge); }
[class*="st-key-item_row_"]:has(:is(a,button):hover) { background:var(--soft); }
[class*="st-key-item_row_"] > .stElementContainer { position:static; }
[class*="st-key-item_row_"] :is(a,button) { padding:0; min-height:1.5rem; background:none; text-align:left; }
[class*="st-key-item_row_"] :is(a,button) p { font-weight:600; font-size:.88rem; white-space:normal;
  overflow:visible; line-height:1.3; overflow-wrap:anywhere; }
[class*="st-key-item_row_"] :is(a,button)::after { content:""; position:absolute; inset:0; }
[class*="st-key-board_"] [class*="st-key-item_row_"] p { display:-webkit-box; -webkit-line-clamp:3;
  -webkit-box-orient:vertical; overflow:hidden; }
.st-key-item_pickers, .st-key-item_steps [data-testid="stButtonGroup"] { row-gap:.4rem; }
.cs-flat { margin-left:0; }
.cs-key { display:inline-block; width:18px; height:0; margin-right:.3rem; vertical-align:middle;
  border-top:2px solid var(--mark); }
.cs-key.dark { border-color:light-dark(#3A4653,#C4CCD4); }
.cs-key.light { border-color:light-dark(#B9C0C8,#5F6A75); }
.cs-key.thin { border-top-width:1px; border-color:light-dark(#3A4653,#C4CCD4); }
.cs-key.dashed { border-top-style:dashed; border-top-width:1px; } .cs-key.dotted { border-top-style:dotted; }
.cs-key.band { height:10px; border:0; background:var(--mark); opacity:.3; }
.cs-cell { display:inline-block; width:12px; height:12px; border-radius:2px; margin-right:.3rem;
  vertical-align:-1px; border:1px solid var(--edge); }
.cs-key.dot, .cs-key.ring { width:9px; height:9px; border-radius:50%; border:1.5px solid var(--mark); }
.cs-key.dot.worse { background:var(--mark-notmet); border-color:var(--mark-notmet); }
.cs-key.dot.better { background:var(--mark-met); border-color:var(--mark-met); }
[class*="st-key-definition_"] { padding:.35rem .9rem; }
.st-key-filtered { margin:-.5rem 0; row-gap:0; }
.st-key-filtered button { padding:0; min-height:1.5rem; }
.st-key-filtered p { font-size:.8rem; }
.st-key-sign_in { max-width:34rem; margin:12vh auto 0; padding:1.2rem 1.4rem 1.4rem; }
.stApp:has(.st-key-sign_in) :is(.stSidebar, [data-testid="stExpandSidebarButton"]) { display:none; }
[data-testid^="stBaseButton-primary"] { color:light-dark(#FFFFFF,#14181D); }
h2.cs-headline { margin:0; padding:0; overflow-wrap:anywhere; }
.cs-headline { font-size:1.15rem; font-weight:600; line-height:1.6rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding:2.6rem .8rem 1rem; }
  [class*="st-key-row_"] { padding:.5rem .4rem; row-gap:.1rem; }
  .st-key-sign_in { margin-top:1rem; padding:1rem; }
  .st-key-overview > :has(> .st-key-exceptions) { order:-1; } }
[data-testid="stElementToolbarButton"]:has([aria-label^="Download as CSV"]) { display:none; }
@media print { .stSidebar, .stAppHeader { display:none; } }
</style>
"""


def show() -> None:
    """Put the rules on the page; once a run."""
    st.html(STYLE)


def uploader(word: str) -> None:
    """Put our word on the uploader's button: Streamlit's own is always English, and so are its limits."""
    zone = '[data-testid="stFileUploaderDropzone"]'
    st.html(
        f"<style>{zone} button p {{ font-size:0; }} "
        f'{zone} button p::after {{ content:"{word}"; font-size:1rem; }} '
        '[data-testid="stFileUploaderDropzoneInstructions"] { display:none; }</style>'
    )


def no_file(word: str) -> None:
    """Put our words where Streamlit says, always in English, that a file was not made."""
    place = '[data-testid="stDownloadButtonError"]'
    st.html(
        f"<style>{place}, {place} * {{ font-size:0; }} "
        f'{place}::after {{ content:"{word}"; font-size:.85rem; }}</style>'
    )


def page_not_found(title: str, text: str) -> None:
    """Our words in the dialog that Streamlit shows for an unknown page: its own are always English."""
    dialog = '[role="dialog"] h2[slot="title"]'
    st.html(
        f"<style>{dialog}, {dialog} + div > div {{ font-size:0; }} "
        f'{dialog}::after {{ content:"{title}"; font-size:1.4rem; }} '
        f'{dialog} + div > div::after {{ content:"{text}"; font-size:1rem; }}</style>'
    )


def no_files_of_tables() -> None:
    """Hide the button by which the browser makes a file of a table that it shows."""
    button = '[data-testid="stElementToolbar"] button[aria-label^="Download as CSV"]'
    st.html(f"<style>{button} {{ display:none; }}</style>")


def theme() -> str:
    """light or dark, as the browser shows the page now."""
    return st.context.theme.type or "light"
