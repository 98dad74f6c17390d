"""The lines and areas that cost customers most, side by side."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import format as fmt
from ui import messages, shown_names
from ui.charts import table_view
from ui.charts.table_view import Keep
from ui.plain import plain
from ui.texts import _

MOST, HALF = 0.8, 0.5


def message(lines: pd.DataFrame) -> str:
    """The takeaway: what the worst lines together cost."""
    if lines.empty:
        return _("No line cost its customers any time in this period")
    running, count = lines["share"].cumsum().to_numpy(), len(lines)
    for part in MOST, HALF:  # all of the lines make all of it: how few make most of it says something
        few = int((running < part).sum()) + 1
        if few < len(lines):
            count = few
            break
    text = _("{name} costs most; the {n} worst lines make {share} of the customer time interrupted")
    if count == 1:
        text = _("{name} costs most: {share} of the customer time interrupted")
    return text.format(name=lines["name"].iloc[0], n=count, share=fmt.share(running[count - 1]))


def show(
    lines: pd.DataFrame,
    areas: pd.DataFrame,
    lacking: Mapping[str, str],
    causes: Mapping[str, str],
    subtitle: str,
    keep: Keep,
) -> None:
    """Both lists, as worst.worst_lines and worst.worst_areas give them.

    lacking: of line and area, why the list cannot be made, or ''. Then nothing is known, which is not none.
    """
    said = keep("worst", lambda: message(lines))
    st.markdown("**" + (_("Worst lines and areas") if lacking["line"] else plain(said)) + "**")
    st.caption(plain(subtitle))
    _list(_("Worst lines"), lines, "line", lacking["line"], causes, keep)
    _list(_("Worst areas"), areas, "area", lacking["area"], causes, keep)


def _list(
    title: str, found: pd.DataFrame, kind: str, lacking: str, causes: Mapping[str, str], keep: Keep
) -> None:
    st.markdown(f"**{title}**")
    if lacking:
        st.info(_("This list cannot be made: {reason}.").format(reason=messages.missing(lacking)))
        return
    if found.empty:
        st.caption(_("None in this period."))
        return
    if kind == "area":
        masked = shown_names.masked_keys(shown_names.put(found, "area_code"), "area_code")
        shown_names.offer(lambda: masked, len(masked), "worst")
    code = f"{kind}_code"

    def made() -> pa.Table:  # plain names are put in here, where keep() has looked whether they may be kept
        named = shown_names.put(found, code) if kind == "area" else found
        return table_view.rows(_table(named, code, causes))

    key = f"worst_{kind}s"
    rows = keep(key, made)
    share = st.column_config.ProgressColumn(
        _("Share"), format="%.1f%%", min_value=0.0, max_value=100 * float(found["share"].max() or 1)
    )
    settings = table_view.grouped(rows) | {_("Share"): share}
    st.dataframe(rows, hide_index=True, key=key, alt=title, column_config=settings)
    st.caption(_("Share of all customer time interrupted; a full bar is the largest share of the list."))


def _table(found: pd.DataFrame, code: str, causes: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("No."): range(1, len(found) + 1),
            _("Name"): found["name"],
            _("Customer time interrupted"): [
                fmt.customer_time(one * 60) for one in found["customer_minutes"]
            ],
            _("Share"): found["share"] * 100,
            _("Outages"): found["outages"].astype("Int64"),
            _("Customers interrupted"): found["customers"].astype("Int64"),
            _("Main cause"): [
                causes.get(one, one) or _("not given") for one in found["main_cause"].fillna("")
            ],
            _("Code"): found[code],
        }
    )
