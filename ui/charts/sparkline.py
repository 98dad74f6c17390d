"""The small line of a card, drawn as an SVG image on the server: eight Vega charts cost more than the page.

Grey is normal; only months that belong to a signal are marked. Incomplete months are hollow. Gaps stay gaps.
The colours are seen on light and on dark ground alike, since an image does not know where it lies.
"""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from domain.overview import Spark

WIDTH, HEIGHT, EDGE = 104, 28, 4
LINE = "#8A8F98"
MARKS = {"better": "#2B8CC9", "worse": "#E0651A", "neutral": "#E69F00"}


def image(line: Sequence[Spark], alt: str) -> str:
    """The line as an <img> element that carries its drawing; '' where no month has a value."""
    known = [one.value for one in line if one.value is not None]
    if not known:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1
    step = (WIDTH - 2 * EDGE) / max(len(line) - 1, 1)
    flat = min(known) == max(known)

    def place(number: int, value: float) -> tuple[float, float]:
        share = 0.5 if flat else (value - low) / span
        return round(EDGE + number * step, 1), round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)

    spots = [None if one.value is None else place(number, one.value) for number, one in enumerate(line)]
    path, is_open = "", False
    for spot in spots:
        path += "" if spot is None else f"{'L' if is_open else 'M'}{spot[0]} {spot[1]}"
        is_open = spot is not None
    dots = "".join(
        _dot(one, spot, number == len(line) - 1)
        for number, (one, spot) in enumerate(zip(line, spots, strict=True))
        if spot
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{path}" '
        f'fill="none" stroke="{LINE}" stroke-width="1.5"/>{dots}</svg>'
    )
    source = f"data:image/svg+xml,{quote(drawing)}"
    return f'<img width="{WIDTH}" height="{HEIGHT}" alt="{escape(alt)}" src="{source}"/>'


def _dot(one: Spark, spot: tuple[float, float], is_last: bool) -> str:
    if one.signal:
        return f'<circle cx="{spot[0]}" cy="{spot[1]}" r="2.6" fill="{MARKS[one.signal]}"/>'
    if not is_last:
        return ""
    fill = LINE if one.is_complete else "none"
    return f'<circle cx="{spot[0]}" cy="{spot[1]}" r="2.4" fill="{fill}" stroke="{LINE}"/>'
