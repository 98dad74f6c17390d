"""axe finds nothing on a page but what is Streamlit's own."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# Rules that Streamlit 1.67 and its charts break themselves, with the part of their markup; anything else is
# ours. Captions and sparklines are known; a chart says what it shows in its own label, not in each mark; a
# table repeats its label on an inner part.
STREAMLITS_OWN = {
    "color-contrast": ("stCaptionContainer",),
    "role-img-alt": ("stMetricChart",),
    "svg-img-alt": ("stVegaLiteChart",),
    "landmark-unique": ("stDataFrame",),
}
INSIDE = "([at, part]) => !!document.querySelector(at)?.closest(`[data-testid=${part}]`)"


def _is_streamlits(page, rule, target):
    return any(page.evaluate(INSIDE, [target, part]) for part in STREAMLITS_OWN.get(rule, ()))


def barriers(page):
    """What axe finds on the page, less what is Streamlit's own."""
    return [
        (violation["id"], node["html"][:200])
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
        if not _is_streamlits(page, violation["id"], node["target"][0])
    ]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "detail?kpi=saidi",
            "reliability",
            "definitions",
            "what_works",
            "targets",
            "imports",
            "audit_log",
        ),
        *("people?as=3", "people?as=3&person=7"),
        *("today?as=8", "rectifications?as=8", "rectifications?as=8&view=time"),
        "rectifications?as=8&view=new&kind=line&code=06010101F01",
        *("risk_lines", "risk_lines?object=line:06010101F01&space=0601", "risk_rules?as=3"),
        *("customer_equipment", "customer_equipment?section=sites"),
        "customer_equipment?as=31&piece=0602040201Z01E1&space=0602",
    ],
)
def test_a_page_has_no_barrier_of_ours(visit, path):
    assert barriers(visit().open(path)) == []
