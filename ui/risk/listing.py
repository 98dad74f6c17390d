"""The list of risk objects: those without a measure first, then page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import format as fmt
from ui import pager, shell
from ui.charts import table_view
from ui.charts.table_view import Keep
from ui.rectifications import words as item_words
from ui.risk import cards, filters, items, words
from ui.texts import _, counted, language

LEVEL_COLOURS = {1: "#FBD0BA", 2: "#F6CF7A", 3: "#D5DADF"}  # under dark text
Key = tuple[str, str, str]


def opened(key: Key) -> None:
    """Show one object; in the URL. key: key space, kind, code."""
    st.query_params["object"] = f"{key[1]}:{key[2]}"
    st.query_params["space"] = key[0]


def without(found: Any, may_create: bool, keep: Keep) -> None:
    """The worst of those about which nothing is done; a chosen line opens the object."""
    text = _("At risk, without a measure ({n})").format(n=fmt.number(found.count))
    st.subheader(text, anchor=False)
    if not found.count:
        st.success(_("Every object at risk has a rectification item."), icon=":material/check_circle:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_action(may_create), width="content")
        if found.count > len(found.objects):
            st.button(
                _("Show all {n}").format(n=fmt.number(found.count)), type="tertiary",
                icon=":material/filter_list:", key="all_without", on_click=_only_without,
            )  # fmt: skip
    alt = _("Objects at risk without a measure, the most costly first")
    _table(found, "without", _short, alt, keep)


def _action(may_create: bool) -> str:
    if shell.is_phone():
        return _("Open one to create its item.") if may_create else _("Open one to see why it is listed.")
    if may_create:
        return _("Choose a line, then create the item.")
    return _("Choose a line to see why it is listed.")


def _only_without() -> None:
    st.query_params["items"] = "without"
    st.query_params.pop(filters.PAGE, None)


def every(found: Any, size: int, keep: Keep) -> None:
    """A page of the list; a chosen line opens the object."""
    if not found.count:
        st.info(_("Nothing at risk is like that. Take a filter away, or choose another unit or month."))
        return
    text = counted("{n} object", "{n} objects", found.count).format(n=fmt.number(found.count))
    said = [text, _("the most expected customer time first")]
    if not shell.is_phone():
        said.append(_("choose a line to open it"))
    st.caption(" · ".join(said))
    key = f"all_{pager.asked(filters.PAGE)}"
    _table(found, key, _whole, _("Risk lines and areas, the most costly first"), keep)
    pager.show(filters.PAGE, found.count, size)


@dataclass(frozen=True)
class Ready:
    """The rows as they are kept between runs, and the lights among them: (text, colour)."""

    rows: pa.Table
    lights: tuple[tuple[str, str], ...]


def _ready(found: Any, made: Callable[[Any], pd.DataFrame]) -> Ready:
    lights = {
        item_words.light_of(one): item_words.LIGHT_COLOURS[one.light]
        for several in found.items.values()
        for one in several
        if item_words.light_of(one)
    }
    return Ready(table_view.rows(made(found)), tuple(lights.items()))


def _table(found: Any, key: str, made: Callable[[Any], pd.DataFrame], alt: str, keep: Keep) -> None:
    keys = keys_of(found)
    if shell.is_phone():
        cards.show(found, keys, key, opened)
        return
    levels = {words.level_marked(one): LEVEL_COLOURS[one] for one in words.ICONS}
    ready = keep(f"risk_{key}", lambda: _ready(found, made))
    wide = language() != "zh"  # English words are longer
    columns = {
        _("Line or area"): st.column_config.TextColumn(width=124, pinned=True),
        expected(): st.column_config.NumberColumn(
            width=160 if wide else 104, format="localized", help=_help()
        ),
        _("13 months"): st.column_config.AreaChartColumn(width=84 if wide else 72, y_min=0, color="#8A8F98"),
        _("Why it is listed"): st.column_config.TextColumn(width=240, help=_help_of_counts()),
        _("Level of risk"): _chips(levels, 104 if wide else 78),
        _("Against last month"): st.column_config.TextColumn(width=130 if wide else 74),
        _("Measure"): st.column_config.TextColumn(width=124),
        _("Light"): _chips(dict(ready.lights), 122 if wide else 100),
        _("Responsible"): st.column_config.TextColumn(width=100 if wide else 64),
        _("Due date"): st.column_config.TextColumn(width=92),
        _("Unit"): st.column_config.TextColumn(width=110),
    }
    settings = {name: one for name, one in columns.items() if name in ready.rows.column_names}
    table_view.opens(ready.rows, f"risk_{key}", alt, lambda row: opened(keys[row]), settings, "content")


def _chips(options: Mapping[str, str], width: int) -> Any:
    return st.column_config.MultiselectColumn(
        options=list(options), color=list(options.values()), width=width
    )


def keys_of(found: Any) -> list[Key]:
    """Key space, kind and code of each row."""
    o = found.objects
    return list(zip(o["bureau_id"], o["object_kind"], o["object_code"], strict=True))


def expected() -> str:
    """Heading of the expected customer time, with its unit."""
    return _("Expected {unit}").format(unit=fmt.customer_time_unit())


def _help() -> str:
    return _(
        "In the next 12 months: faults to be expected × customer time of one; open an object for the terms."
    )


def _help_of_counts() -> str:
    return _("Counts are of the 12 months to the month-end; open an object for value and threshold.")


def _short(found: Any) -> pd.DataFrame:
    """As few columns as will do; why comes first, so that a phone shows it too."""
    o, keys = found.objects, keys_of(found)
    return pd.DataFrame(
        {
            _("Line or area"): o["name"].tolist(),
            _("Why it is listed"): [words.whys(found.findings.get(key, ())) for key in keys],
            _("Level of risk"): [[words.level_marked(one)] for one in o["level"]],
            expected(): _amounts(o["expected_min"]),
            _("Unit"): unit_names(o),
        }
    )


def _whole(found: Any) -> pd.DataFrame:
    o, keys = found.objects, keys_of(found)
    several = [found.items.get(key, ()) for key in keys]
    return pd.DataFrame(
        {
            _("Line or area"): o["name"].tolist(),
            expected(): _amounts(o["expected_min"]),
            _("13 months"): [[one or 0 for one in found.course[key]] for key in keys],
            _("Why it is listed"): [words.whys(found.findings.get(key, ())) for key in keys],
            _("Level of risk"): [[words.level_marked(one)] for one in o["level"]],
            _("Against last month"): [moved(one) for one in o.to_dict("records")],
            _("Measure"): [items.measure(one) for one in several],
            _("Light"): [_light(one) for one in several],
            _("Responsible"): [items.responsible(one) for one in several],
            _("Due date"): [item_words.due(one[0].item) if one else "" for one in several],
            _("Unit"): unit_names(o),
        }
    )


def _light(several: Sequence[Any]) -> list[str]:
    """The light of the most urgent item, as a chip; none of a draft in time."""
    text = item_words.light_of(several[0]) if several else ""
    return [text] if text else []


def _amounts(minutes: pd.Series) -> pd.Series:
    """Customer-minutes in the unit of the language, whole; missing where unknown."""
    return (pd.to_numeric(minutes) * 60 / fmt.customer_time_divisor()).round().astype("Int64")


def unit_names(objects: pd.DataFrame) -> list[str]:
    """Names of the units of the rows, in the language of the screen."""
    pairs = zip(objects["unit_name"], objects["unit_name_en"], strict=True)
    return [zh if language() == "zh" or not en else en for zh, en in pairs]


def moved(row: Mapping[str, Any]) -> str:
    """What changed since the month-end before: new, graver, milder, or the expected customer time."""
    if fmt.is_missing(row["level_before"]):
        return "＋ " + _("new")
    if row["level"] != row["level_before"]:
        sign, word = ("▲", _("graver")) if row["level"] < row["level_before"] else ("▽", _("milder"))
        return f"{sign} {word}"
    if fmt.is_missing(row["expected_min"]) or fmt.is_missing(row["expected_min_before"]):
        return fmt.MISSING
    change = round((row["expected_min"] - row["expected_min_before"]) * 60 / fmt.customer_time_divisor())
    return f"{'+' if change > 0 else ''}{fmt.number(change)}"


def back() -> None:
    """The way from one object back to the list."""
    st.button(
        _("All risk lines and areas"), icon=":material/arrow_back:", type="tertiary", key="all_risks",
        on_click=closed,
    )  # fmt: skip


def closed() -> None:
    """The list again; in the URL."""
    for name in ("object", "space"):
        st.query_params.pop(name, None)


def asked() -> Key | None:
    """Key space, kind and code of the object that the URL asks for."""
    kind, _colon, code = st.query_params.get("object", "").partition(":")
    return (st.query_params.get("space", ""), kind, code) if code else None
