"""The steps of a new import, top to bottom: what it is, the file, the mapping, the period, the start."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from domain import personal
from domain.import_kinds import Kind, kinds
from domain.mapping import FileMapping
from domain.org_units import OrgUnit
from domain.periods import local_today, whole_months
from ui import file_field, session, url_choice
from ui import format as fmt
from ui.charts import table_view
from ui.imports import mapping_form, names
from ui.plain import plain
from ui.texts import _, language, listed, name_of

PREVIEW_ROWS = 20


def step(number: int, text: str) -> None:
    """Heading of a step."""
    st.subheader(f"{number}. {text}", anchor=False)


def kind(known: Sequence[str]) -> Kind:
    """The kind of file to import, of those that the viewer may; in the URL."""
    step(1, _("What is in the file"))
    chosen = url_choice.picked(st.selectbox, "kind", _("Kind of file"), known, known[0], names.kind)
    found = kinds()[chosen]
    st.caption(found.about_zh if language() == "zh" else found.about_en)
    with st.expander(_("Columns of this kind"), icon=":material/view_column:", on_change="rerun") as folded:
        if folded.open:
            wide = st.column_config.TextColumn(width=250)
            st.dataframe(
                _columns(found),
                hide_index=True,
                row_height=table_view.LINES_PX,
                column_config=dict.fromkeys(
                    (_("Allowed values"), _("About"), _("Headers that are recognised")), wide
                ),
                alt=_("Columns of this kind"),
            )
    return found


def _columns(found: Kind) -> pd.DataFrame:
    zh = language() == "zh"
    return pd.DataFrame(
        {
            _("Column"): [mapping_form.name_of(one) for one in found.columns.values()],
            _("Needed"): [_("yes") if one.required else "" for one in found.columns.values()],
            _("Allowed values"): [one.choice_words(language()) for one in found.columns.values()],
            _("About"): [(one.about_zh if zh else one.about_en) for one in found.columns.values()],
            _("Headers that are recognised"): [
                listed(dict.fromkeys((one.zh, one.en, *one.alias))) for one in found.columns.values()
            ],
        }
    )


def file(chosen: Kind) -> UploadedFile | None:
    """The uploader, and the command for files that are larger than it takes."""
    step(2, _("The file"))
    about = _("CSV, CSV.gz or XLSX; UTF-8 or GB18030; up to 200 MB")
    found = file_field.show(about, ("csv", "csv.gz", "xlsx"), "file", max_upload_size=200)
    st.caption(_("Larger files on the command line:"))
    st.code(f"python -m data_access import {chosen.id} FILE.csv.gz --mapping MAPPING.toml", language=None)
    return found


def kept_file(name: str) -> bool:
    """The file that waits, with a button for another one; True once that is pressed."""
    step(2, _("The file"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/draft: **{plain(name)}**")
        return st.button(_("Another file"), icon=":material/close:", type="tertiary")


def place(file_name: str) -> tuple[int, str]:
    """(row of the headers, sheet) of the table in the file; '' for the first sheet or a text file."""
    if "place" in st.session_state:  # a saved mapping was chosen
        st.session_state["header_row"], st.session_state["sheet"] = st.session_state.pop("place")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.number_input(_("Row of the headers"), 1, 100, key="header_row", width=160)
        if not file_name.lower().endswith(".xlsx"):
            return int(row), ""
        sheet = st.text_input(_("Sheet"), key="sheet", placeholder=_("the first"), width=240)
    return int(row), sheet.strip()


def preview(samples: pd.DataFrame, mapping: FileMapping, found: Kind) -> None:
    """The first rows, the columns that are taken first and named as ours."""
    ours = {
        source.column: mapping_form.name_of(found.columns[name])
        for name, source in mapping.columns.items()
        if source.column
    }
    taken = [name for name in samples if name in ours]
    rest = [name for name in samples if name not in ours]
    known = personal.without_plain(samples.head(PREVIEW_ROWS), list(samples), found, mapping)
    shown = known[taken + rest]
    labels = {name: f"{ours[name]} ← {name}" for name in taken} | {name: f"({name})" for name in rest}
    st.dataframe(
        shown,
        hide_index=True,
        column_config={name: st.column_config.TextColumn(label) for name, label in labels.items()},
        key="preview",
        height=240,
        alt=_("First rows of the file"),
    )
    st.caption(_("First {n} rows; columns in brackets are not taken.").format(n=len(shown)))


def covered(
    found: Kind, spanned: tuple[date, date] | None, proposed: Sequence[str], seen: Mapping[int, OrgUnit]
) -> tuple[tuple[str, str] | bool | None, tuple[str, ...], bool]:
    """The period and the units that the file is complete for, as confirmed; whether rows it lacks go."""
    days = period(found, spanned)
    if not days:
        return days, (), False
    chosen = units(found, proposed, seen)
    goes = bool(found.period) and st.checkbox(
        _("The file replaces this period: earlier rows of this source that it lacks are withdrawn"),
        key=f"replaces_{found.id}",
    )
    return days, chosen, goes


def period(found: Kind, spanned: tuple[date, date] | None) -> tuple[str, str] | bool | None:
    """The days that the file covers completely, as confirmed; None: says nothing; False: not chosen yet."""
    if not found.states:
        return None
    step(4, _("The period that it covers"))
    st.caption(
        _(
            "Inside this period no row means zero; outside it figures are missing. "
            "Only you know whether the file is complete."
        )
    )
    if spanned is None:
        st.warning(_("The file's first and last day cannot be read with this mapping."))
    elif (months := whole_months(*spanned, local_today(session.zone()))) != spanned:
        text = _(
            "The days from its first to its last row are offered. Only months that are covered wholly have "
            "figures: widen to {first} – {last} if the file is complete for them."
        )
        st.caption(text.format(first=fmt.day(months[0]), last=fmt.day(months[1])))
    last = date(2100, 1, 1) if found.may_cover_days_to_come else local_today(session.zone())
    chosen = st.date_input(
        _("Covered from – to"),
        value=[min(day, last) for day in spanned or ()],
        min_value=date(1950, 1, 1),
        max_value=last,
        format="YYYY-MM-DD",
        key=f"covers_{found.id}_{spanned}",
    )
    nothing = st.checkbox(_("It is not complete for any period: corrections only"), key="covers_nothing")
    if nothing:
        return None
    if len(chosen) != 2:
        return False
    return fmt.day(chosen[0]), fmt.day(chosen[1])


def units(found: Kind, proposed: Sequence[str], seen: Mapping[int, OrgUnit]) -> tuple[str, ...]:
    """Codes of the units for which the file is complete, as confirmed; none: those that its rows speak of."""
    known = {one.code: name_of(one) for one in seen.values()}
    chosen = st.multiselect(
        _("Complete for these units, with all below"),
        list(known),
        default=[one for one in proposed if one in known],
        format_func=lambda one: f"{known[one]} ({one})",
        key=f"covers_units_{found.id}_{'_'.join(proposed)}",
        placeholder=_("the lowest unit that holds all rows"),
    )
    st.caption(
        _("Other units stay missing there. Choose a unit above only if the file is complete for all of it.")
    )
    return tuple(chosen)


def saved(known: Sequence[str]) -> tuple[str | None, str | None]:
    """(name of a mapping to load, name to save the present one under), None for neither."""
    step(3, _("Which column is what"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            _("Saved mapping"), known, index=None, key="saved_mapping", placeholder=_("by headers"), width=240
        )
        load = st.button(_("Use it"), disabled=name is None, icon=":material/download_done:")
        with st.popover(_("Save this mapping"), icon=":material/save:"):
            wanted = st.text_input(_("Name"), key="mapping_name", max_chars=80)
            save = st.button(_("Save"), key="save_mapping", type="primary")
    return (name if load else None), (wanted.strip() if save and wanted.strip() else None)


def start(is_ready: bool) -> bool:
    """The button that starts the check and the take-over."""
    pressed = st.button(
        _("Check and take over"),
        type="primary",
        icon=":material/fact_check:",
        disabled=not is_ready,
        key="start",
    )
    st.caption(
        _("Every row is checked first. One row that is wrong stops the whole file; then nothing changes.")
    )
    return pressed
