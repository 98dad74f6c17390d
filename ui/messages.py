"""Sentences for what went wrong and for why a value is missing, in the language of the page."""

from collections.abc import Callable

from domain import error_texts, former
from domain.errors import DashboardError
from ui.texts import N_, _, in_brackets, language, listed

SOURCES = {
    "outages": N_("outage records"),
    "outages.customers": N_("customers of each outage"),
    "outages.mv_users": N_("areas of each outage"),
    "outages.area_code": N_("the transformer area of each outage"),
    "outages.line_code": N_("the line of each outage"),
    "outages.trip": N_("trips of lines"),
    "outages.has_automation": N_("automation of lines"),
    "outages.is_fast_restored": N_("fast restorations"),
    "outages.detected_at": N_("times of detection"),
    "promises": N_("restoration promises"),
    "promises.revisions": N_("every restoration time told of an outage"),
    "notices": N_("outage notices"),
    "notices.area_codes": N_("areas of the notices"),
    "major_event_dates": N_("dates of major events"),
    "major_events": N_("major event days"),
    "customers_served.LV": N_("customers served (LV)"),
    "customers_served.MV": N_("customers served (MV)"),
    "lines": N_("line data"),
    "lines.length_m": N_("lengths of lines"),
    "areas": N_("transformer areas"),
    "rectifications": N_("rectification items"),
}


PEOPLE = {  # who acts without being a person of the company
    "refresh": N_("the system"),
    "system": N_("the system"),
    "local administrator": N_("local administrator"),
    "demo": N_("demo company"),
}
ACT_REASONS = {
    "first complete months": N_("from the first complete months"),
    "first determined": N_("determined for the first time"),
}


def person(name: str | None) -> str:
    """Who did it: a person's name, or the words for the system, the local administrator and who left."""
    if name in PEOPLE:
        return _(PEOPLE[name])
    return former.in_english(name or "") if language() == "en" else name or ""


def act_reason(reason: str | None) -> str:
    """Why something was set: a person's own words, or those for what the system did by itself."""
    return _(ACT_REASONS[reason]) if reason in ACT_REASONS else reason or ""


def sentence(error: DashboardError) -> str:
    """What went wrong and what to do, as one or a few sentences."""
    return error_texts.sentence(error, language())


def source(name: str) -> str:
    """A source of data in words."""
    return _(SOURCES[name]) if name in SOURCES else name


def missing(reason: str) -> str:
    """Why a value is missing: what stands beside the dash."""
    code, what, months = [*reason.split(":"), "", ""][:3]
    texts: dict[str, Callable[[], str]] = {
        "not_covered": lambda: _not_covered(what, months),
        "zero_denominator": lambda: _("nothing to count in this period"),
        "no_complete_month": lambda: _("no complete month yet"),
        "missing": lambda: _("nothing to compare with"),
        "partial": lambda: _("not comparable: data incomplete"),
        "no_break_down": lambda: _("not recorded by this"),
        "not_over": lambda: _("the period is not over"),
    }
    return texts[code]() if code in texts else reason


def _not_covered(what: str, months: str) -> str:
    if what == "major_events":  # made here and not brought in, so "no data" would send people looking for it
        text = _("major event days unknown: no threshold and no list yet")
    else:
        text = _("no data: {source}").format(source=source(what))
    return text + (in_brackets(listed(months.split(","))) if months else "")
