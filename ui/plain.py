"""Text from the database, a file or the address, for the places where Streamlit reads Markdown.

There a name could otherwise be a link, an image, a formula or a colour. plain() belongs around every such
text in st.markdown, st.caption, headers, messages and toasts, in labels and help of widgets, in the options
of pills and segmented controls, in st.metric, st.badge and st.table. It does not belong where Streamlit shows
text as it is: cells and headings of st.dataframe, options of st.selectbox and st.multiselect, values of
fields, placeholders, charts and their alt. In st.html it is html.escape().
"""

import re

SPECIAL = re.compile(r"[\\`*_\[\]<~$]|&(?=[#\w])")
AT_THE_START = re.compile(r"^(\s*)([-+=#>]|\d+(?=[.)](?:\s|$)))")
BREAKS = re.compile(r"\s+")
# Icons, pictures, links and addresses are looked for again after the escapes are gone; a sign that is not
# seen and has no width keeps their parts apart. So no name stands behind a colon, and no colour either.
APART = "\u2060"
MADE_AFTERWARDS = re.compile(r"(?<=:)(?=[\w+/-])|(?<=www)(?=\.)|(?<=[-.\w+])(?=@[-\w])", re.IGNORECASE)
ARROWS = re.compile(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)")


def plain(text: object) -> str:
    """The text on one line, so that Markdown shows it sign by sign and makes nothing of it."""
    one_line = BREAKS.sub(" ", str(text)).strip()
    kept = ARROWS.sub(lambda found: found[0][0] + APART + found[0][1:], MADE_AFTERWARDS.sub(APART, one_line))
    escaped = SPECIAL.sub(lambda found: f"\\{found[0]}", kept)
    return AT_THE_START.sub(_at_the_start, escaped)


def _at_the_start(found: re.Match) -> str:
    """Escaped: the sign of a list, heading, quotation or rule, or the stop behind a number."""
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"
