"""What the charts draw: sums that end where they must, months that are not over, nothing coloured in vain."""

from datetime import date

import pandas as pd
import pytest

from domain.overview import Spark
from domain.periods import add_months
from ui.charts import pareto, ranking, sparkline, trend, waterfall

NAN = float("nan")


def test_a_waterfall_ends_exactly_at_the_change():
    """Parts beyond the first bars are pooled, so nothing is lost."""
    parts = [("A", 4.1), ("B", 2.2), ("C", -1.0), ("D", 0.3)]
    rows = waterfall.rows(parts, 5.6, "lower", 2, "others", "all")

    assert list(rows["label"]) == ["A", "B", "others", "all"]
    assert rows["end"].iloc[-2] == pytest.approx(5.6)
    assert (rows["start"].iloc[-1], rows["end"].iloc[-1]) == (0.0, 5.6)


def test_a_part_is_coloured_by_what_it_means_not_by_its_sign():
    """Fewer minutes are better, fewer kept promises are worse."""
    assert waterfall.rows([("A", -1.0)], -1.0, "lower", 8, "", "")["kind"].iloc[0] == "better"
    assert waterfall.rows([("A", -1.0)], -1.0, "higher", 8, "", "")["kind"].iloc[0] == "worse"
    assert waterfall.rows([("A", -1.0)], -1.0, "neutral", 8, "", "")["kind"].iloc[0] == "neutral"


def _trend(**columns: list) -> pd.DataFrame:
    count = len(columns["value"])
    frame = pd.DataFrame({"month": [add_months(date(2026, 8, 1), number) for number in range(count)]})
    for name in ("judged", "last_year", "centre", "lower", "upper"):
        frame[name] = columns.get(name, [NAN] * count)
    frame["value"] = columns["value"]
    frame["is_complete"] = columns.get("is_complete", [True] * count)
    frame["signal"] = columns.get("signal", [""] * count)
    frame["direction"] = columns.get("direction", [""] * count)
    return frame


def test_a_month_that_is_not_over_is_no_part_of_the_line():
    """It is dashed, joined to the last complete month."""
    rows = trend.rows(_trend(value=[10.0, 12.0, 3.0], is_complete=[True, True, False]), 1, None, "")

    assert rows["value"].tolist()[:2] == [10.0, 12.0]
    assert pd.isna(rows["value"].iloc[2])
    assert rows["open"].tolist()[1:] == [12.0, 3.0]
    assert pd.isna(rows["open"].iloc[0])


def test_a_typhoon_month_does_not_flatten_the_others():
    """The ring of the month with major event days stays at the edge; its words say the true figure."""
    rows = trend.rows(_trend(value=[10.0, 300.0, 12.0], judged=[10.0, 11.0, 12.0]), 1, None, "")

    assert rows["value"].tolist() == [10.0, 11.0, 12.0]
    assert rows["all_days"].max() < 20
    assert rows["all_days_shown"].iloc[1] == "300.0"


def test_an_extreme_month_stays_at_the_edge_and_says_its_value():
    """300,000 among tens; the words say the true figure, and the others can still be read."""
    values = [30.0, 32.0, 28.0, 31.0, 29.0, 33.0, 27.0, 30.0, 300_000.0, 31.0]
    rows = trend.rows(_trend(value=values, last_year=[30.0] * 10), 0, None, "")

    assert rows["value"].max() < 50
    assert rows["value_shown"].iloc[8] == "300,000"
    assert [one for one in rows["beyond_text"] if one] == ["↑ 300,000"]
    assert "beyond" in trend.drawn(rows)


def test_on_a_cut_scale_a_month_may_lie_below_it():
    """Where the scale begins at zero there is room for it."""
    values = [99.95, 99.96, 99.97, 99.95, 99.96, 99.97, 99.95, 99.96, 60.0]

    assert trend.rows(_trend(value=values), 2, None, "", False)["beyond_text"].iloc[8] == "↓ 60.00"
    assert trend.rows(_trend(value=values), 2, None, "", False)["value"].min() > 99
    assert trend.rows(_trend(value=values), 2, None, "", True)["value"].min() == 60


def test_words_at_the_edge_do_not_cover_each_other():
    """Of typhoon months beside each other the largest is told; the other has an arrow, not silence."""
    judged = [10.0, 11.0, 12.0, 11.0, 10.0, 11.0, 12.0, 11.0, 10.0]
    values = [*judged[:3], 300.0, 400.0, *judged[5:]]
    rows = trend.rows(_trend(value=values, judged=judged), 0, None, "")

    assert [one for one in rows["beyond_text"] if one] == ["↑", "↑ 400"]
    assert rows["all_days"].max() < 20


def test_a_usual_series_is_drawn_as_it_is():
    values = [12.0, 28.0, 15.0, 20.0, 14.0, 25.0, 18.0, 16.0, 27.0, 13.0]
    rows = trend.rows(_trend(value=values), 1, 14.4, "")

    assert rows["value"].tolist() == values
    assert set(rows["beyond_text"]) == {""}


def test_only_what_is_there_is_drawn():
    plain = trend.rows(_trend(value=[10.0, 12.0]), 1, None, "")
    judged = trend.rows(
        _trend(value=[10.0, 12.0], lower=[1.0, 1.0], upper=[11.0, 11.0], centre=[6.0, 6.0],
               signal=["", "outside"], direction=["", "worse"]), 1, 9.0, "target 9",
    )  # fmt: skip

    assert trend.drawn(plain) == ()
    assert trend.drawn(judged) == ("upper", "lower", "centre", "target", "signals")


def test_a_normal_point_carries_no_colour():
    """direction is known for every point outside a rule too; only a signal may colour."""
    rows = trend.rows(_trend(value=[10.0, 12.0], signal=["", ""], direction=["worse", "better"]), 1, None, "")

    assert rows["direction"].tolist() == ["", ""]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_specs_are_made_once_and_hold_no_data(theme):
    words = ("Month", "Actual", "Last year", "Limits", "With")
    layers = ("upper", "lower", "centre", "last_year", "open", "all_days", "target", "signals")
    made = trend.spec(theme, True, 1, words, layers)

    assert made is trend.spec(theme, True, 1, words, layers)
    assert "data" not in made
    assert "datasets" not in made
    assert "data" not in ranking.spec(theme, "Value", "Interval", True, True)
    assert "data" not in waterfall.spec(theme, "Part")


def test_bars_begin_at_zero():
    body = str(ranking.spec("light", "Value", "Interval", False, False))

    assert "'zero': True" in body


def test_shares_close_to_all_are_points_on_a_cut_scale():
    """Bars from zero would all look equal, and cut bars would lie."""
    close = pd.DataFrame({"value": [99.95, 99.97], "low": [NAN, NAN]})

    assert ranking.is_cut(close, "%")
    assert not ranking.is_cut(close, "min")
    assert not ranking.is_cut(close.assign(value=[60.0, 99.0]), "%")
    assert not ranking.is_cut(close.assign(low=[50.0, 99.0]), "%")
    body = str(ranking.spec("light", "Value", "Interval", True, True, is_cut=True))
    assert "'zero': False" in body
    assert "'type': 'bar'" not in body


def _line(*values: float | None, signal: str = "") -> list[Spark]:
    return [Spark(date(2026, 1, 1), value, True, signal) for value in values]


def test_a_sparkline_is_grey_unless_a_month_belongs_to_a_signal():
    assert "E0651A" not in sparkline.image(_line(1, 2, 3), "SAIDI")
    assert "E0651A" in sparkline.image(_line(1, 2, 3, signal="worse"), "SAIDI")


def test_a_sparkline_leaves_gaps_open():
    """A month without a value is neither zero nor bridged."""
    assert sparkline.image(_line(1, None, 3, 4), "SAIDI").count("M") == 2
    assert sparkline.image(_line(None, None), "SAIDI") == ""


def test_a_flat_sparkline_is_a_line_in_the_middle():
    assert "14.0" in sparkline.image(_line(5, 5, 5), "SAIDI")


BARS = {
    "ranking": lambda: ranking.spec("light", "", "", True, True),
    "ranking of shares": lambda: ranking.spec("light", "", "", True, True, True),
    "members": lambda: ranking.spec("light", "", " ", False, False),
    "causes": lambda: pareto.spec("light", "o", "m", ""),
    "parts of a change": lambda: waterfall.spec("light", ""),
}


@pytest.mark.parametrize("name", BARS)
def test_bars_stand_in_the_order_of_their_place(name):
    """Vega-Lite sorts by name where layers share the axis and see different rows, or sort without an op."""
    layers = [one for one in BARS[name]()["layer"] if "y" in one["encoding"]]

    sorts = [one["encoding"]["y"]["sort"] for one in layers]
    assert sorts == [{"field": "place", "op": "min", "order": "ascending"}] * len(layers)
    assert [one for one in layers if "transform" in one or "data" in one] == []
