"""Sentences for what went wrong and for why a value is missing, in the language of the page."""

from collections.abc import Callable

from domain import errors
from domain.errors import DashboardError
from ui import referrers
from ui.texts import N_, _, counted, in_brackets, listed

PLAIN = {
    errors.NotFound: N_("Not found, or outside the units that you may see."),
    errors.NotAllowed: N_("Your role does not allow this."),
    errors.StepNotAllowed: N_("The present state does not lead there."),
    errors.ChangedByOthers: N_("Somebody else changed this meanwhile. Look at it again."),
    errors.Busy: N_("Another process is at work on this. Try again in a moment."),
    errors.WrongDatabase: N_(
        "This database is not the right one for it: demo and real data are never mixed."
    ),
}

CANNOT_BE_UNDONE = {
    "referred": N_("Cannot be undone: later imports still refer to it, namely {rows}."),
    "counted_twice": N_(
        "Cannot be undone: customers of a month would be given for a unit and one above it, or by two "
        "sources, and count twice. In the way: {rows} of later imports; take those back or correct them "
        "first."
    ),
}

INVALID = {
    "covers_days_to_come": N_("The file cannot cover {day}: today is {today}."),
    "covers_unit_missing": N_("No row says which unit the file covers; name the unit."),
    "database_url": N_("The address of the database must be one of SQLite or PostgreSQL, not {url}."),
    "reason_missing": N_("Give a reason."),
    "baseline_too_few_months": N_("{n} complete months are too few for limits; {needed} are needed."),
    "batch_missing": N_("There is no such import."),
    "no_such_file": N_("There is no file {file}."),
    "no_such_mapping": N_("There is no mapping {mapping}. Shipped: {shipped}."),
    "decision": N_("Choose what becomes of the warning."),
    "mapping_column": N_("The mapping names the column {column}, which this kind of file does not have."),
    "mapping_field": N_("The mapping holds something unknown: {field}."),
    "mapping_kind": N_("The mapping does not say which kind of file it is for. Known kinds: {known}."),
    "mapping_make_units": N_("Units cannot be made from this kind of file."),
    "mapping_name": N_("Give the mapping a name of letters, digits, - and _."),
    "mapping_of_other_kind": N_("The mapping is for another kind of file."),
    "mapping_source": N_("The file has no column {column}. It has: {known}."),
    "mapping_source_key": N_("The source key of the mapping is not one of the file's columns: {value}."),
    "mapping_source_key_fixed": N_("The key of this kind of file is fixed: {key}."),
    "mapping_time_zone": N_("Unknown time zone: {value}."),
    "mapping_type": N_(
        "In the mapping, {field} cannot be {value}; see the examples in data_access/mappings."
    ),
    "mapping_unreadable": N_("The mapping cannot be read: {reason}."),
    "med_history": N_("There is not one full earlier year to judge major event days of {year} by."),
    "month": N_("A month is written like 2024-01, not {value}."),
    "no_causes": N_("This KPI is not broken down by cause."),
    "no_rows": N_("There are no rows to take over."),
    "not_a_backup": N_("{file} is not a backup of this program."),
    "not_a_bureau": N_("Major event days belong to a city bureau; this unit is none."),
    "period": N_("A period is written like {expected}, not {value}."),
    "period_backwards": N_("The period ends before it begins."),
    "replaces_without_period": N_("To withdraw rows, say for which period the file is complete."),
    "batch_beyond_scope": N_(
        "The import also touched rows of other units; somebody who may undo there must do it."
    ),
    "rule_field": N_("The rules do not fit their first version at {field}; expected: {expected}."),
    "rule_file": N_("The file of rules cannot be read: {reason}."),
    "rule_month": N_("Rules begin on the first of a month, not on {value}."),
    "rules_unchanged": N_("Version {version} of {name} says the same already."),
    "unknown_rule_set": N_("There are no rules named {name}. Known: {known}."),
    "unknown_bureau": N_("{bureau} is the key space of no unit for which you may do this."),
    "unknown_unit": N_("There is no unit {unit}, or you may not see it."),
    "year_missing": N_("Say for which year."),
}

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
    """Who did it: a person's name, or the words for the system and the local administrator."""
    return _(PEOPLE[name]) if name in PEOPLE else name or ""


def act_reason(reason: str | None) -> str:
    """Why something was set: a person's own words, or those for what the system did by itself."""
    return _(ACT_REASONS[reason]) if reason in ACT_REASONS else reason or ""


def sentence(error: DashboardError) -> str:
    """What went wrong and what to do, as one or a few sentences."""
    if isinstance(error, errors.InvalidInput):
        return _invalid(error)
    if isinstance(error, errors.CannotBeUndone):
        rows = referrers.summary(error.references)
        return _(CANNOT_BE_UNDONE[error.reason]).format(rows=rows)
    if isinstance(error, errors.FileRejected):
        count = sum(error.counts.values()) or len(error.problems)
        return counted(
            "The file was rejected because of {n} problem; nothing changed.",
            "The file was rejected because of {n} problems; nothing changed.",
            count,
        ).format(n=count)
    return _(next(text for kind, text in PLAIN.items() if isinstance(error, kind)))


def _invalid(error: errors.InvalidInput) -> str:
    if error.code in INVALID:
        return _(INVALID[error.code]).format_map(_Known(error.values))
    values = ", ".join(f"{name} = {value}" for name, value in error.values.items())
    return _("Not valid: {code}").format(code=error.code.replace("_", " ")) + (
        f" ({values})" if values else ""
    )


class _Known(dict):
    """Values of an error; one that was not given shows as a dash and breaks nothing."""

    def __missing__(self, key: str) -> str:
        return "—"


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
