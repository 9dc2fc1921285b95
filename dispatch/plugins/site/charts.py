"""Charts as SVG drawn on the server: they work without script, print, and are read aloud through their table."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil, floor, log10

from markupsafe import Markup, escape

from dispatch.plugins.contract import ChartData, Series
from dispatch.plugins.fields import Lang

WIDTH, HEIGHT = 560, 260
RIGHT, TOP, BOTTOM = 14, 12, 34
LETTER = 11.0
"""Width of a letter where it is drawn largest, on a phone; the axis and its labels keep room for that."""
MOST_MARKS = 40
"""Points of a series up to which each gets a mark."""
WAYS = 6
"""Series that have a look of their own (colour, dash and mark together); more repeat."""


def svg_line_chart(data: ChartData, lang: Lang = "id") -> Markup:
    """A figure with the drawing, a legend that tells series by dash and mark, and the numbers as a table.

    A missing value is a gap. Bars stand from zero; lines keep the axis near the values.
    """
    scale = _Scale(data, lang)
    parts = [_axis(data, scale)]
    draw = _bars if data.kind == "bar" else _line
    parts += [draw(data, series, way, scale) for way, series in enumerate(data.series)]
    title = escape(data.title or ", ".join(series.name for series in data.series))
    picture = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}" class="chart-picture">'
        f"{''.join(parts)}</svg>"
    )
    heading = f"<figcaption>{escape(data.title)}{_unit(data)}</figcaption>" if data.title or data.unit else ""
    return Markup(f'<figure class="chart">{heading}{_legend(data)}{picture}{_table(data, lang)}</figure>')


class _Scale:
    """From values to places on the picture."""

    def __init__(self, data: ChartData, lang: Lang) -> None:
        known = [float(value) for series in data.series for value in series.values if value is not None]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if data.kind == "bar" or low < 0 < high:
            low, high = min(low, 0.0), max(high, 0.0)
        if low == high:
            low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
        step = _nice((high - low) / 4)
        self.low = floor(low / step) * step
        self.high = ceil(high / step) * step
        places = max(0, -floor(log10(step))) if step < 1 else 0
        ticks = [self.low + step * n for n in range(round((self.high - self.low) / step) + 1)]
        self.ticks = [(tick, _say(tick, places, lang)) for tick in ticks]
        self.left = 14 + LETTER * max(len(said) for _, said in self.ticks)
        self.width = WIDTH - RIGHT - self.left
        self.count = max(1, len(data.labels))
        self.banded = data.kind == "bar"

    def x(self, index: float) -> float:
        if self.banded:
            return self.left + self.width * (index + 0.5) / self.count
        return self.left + (self.width / 2 if self.count == 1 else self.width * index / (self.count - 1))

    def y(self, value: Decimal | int | float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (float(value) - self.low) / (self.high - self.low))


def _nice(rough: float) -> float:
    """The next of 1, 2, 5 times a power of ten that is not below `rough`."""
    power: float = 10.0 ** floor(log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def _say(value: Decimal | int | float, places: int, lang: Lang) -> str:
    text = f"{value:,.{places}f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def _axis(data: ChartData, scale: _Scale) -> str:
    parts = []
    for tick, said in scale.ticks:
        y = scale.y(tick)
        parts.append(f'<line class="chart-grid" x1="{scale.left:.1f}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text class="chart-tick" x="{scale.left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{said}</text>'
        )
    longest = max((len(label) for label in data.labels), default=1)
    room = max(1, int(scale.width / (LETTER * (longest + 1.5))))
    every = ceil(len(data.labels) / room) or 1
    for index, label in enumerate(data.labels):
        if index % every == 0:
            x, anchor = _under(index, len(data.labels), scale)
            parts.append(
                f'<text class="chart-tick" x="{x:.1f}" y="{HEIGHT - 10}" text-anchor="{anchor}">{escape(label)}</text>'
            )
    return "".join(parts)


def _under(index: int, count: int, scale: _Scale) -> tuple[float, str]:
    """Where a label stands: the last of a line keeps within the picture."""
    last = index == count - 1 and count > 1 and not scale.banded
    return (scale.x(index) + RIGHT - 2, "end") if last else (scale.x(index), "middle")


def _runs(values: Sequence[Decimal | int | None]) -> list[list[tuple[int, Decimal | int]]]:
    """Neighbouring known values; a gap ends a run."""
    runs: list[list[tuple[int, Decimal | int]]] = []
    joined = False
    for index, value in enumerate(values):
        if value is None:
            joined = False
            continue
        if not joined:
            runs.append([])
        runs[-1].append((index, value))
        joined = True
    return runs


def _line(data: ChartData, series: Series, way: int, scale: _Scale) -> str:
    look = way % WAYS
    parts = []
    for run in _runs(series.values):
        points = " ".join(f"{scale.x(index):.1f},{scale.y(value):.1f}" for index, value in run)
        parts.append(f'<polyline class="chart-line way-{look}" points="{points}"/>')
        if len(series.values) <= MOST_MARKS or len(run) == 1:
            parts += [_mark(scale.x(index), scale.y(value), look) for index, value in run]
    return "".join(parts)


def _bars(data: ChartData, series: Series, way: int, scale: _Scale) -> str:
    band = scale.width / scale.count * 0.72
    width = band / max(1, len(data.series))
    parts = []
    for index, value in enumerate(series.values):
        if value is None:
            continue
        x = scale.x(index) - band / 2 + width * way
        top, bottom = sorted((scale.y(value), scale.y(0)))
        parts.append(
            f'<rect class="chart-bar way-{way % WAYS}" x="{x:.1f}" y="{top:.1f}" '
            f'width="{max(1.0, width - 2):.1f}" height="{max(0.5, bottom - top):.1f}"/>'
        )
    return "".join(parts)


def _mark(x: float, y: float, look: int) -> str:
    """Circle, square, triangle, diamond, in turns: a series is known without its colour."""
    shapes = (
        f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
        f"M{x - 3.2:.1f} {y - 3.2:.1f}h6.4v6.4h-6.4Z",
        f"M{x:.1f} {y - 4.2:.1f}l4.2 7.4h-8.4Z",
        f"M{x:.1f} {y - 4.6:.1f}l4.6 4.6l-4.6 4.6l-4.6 -4.6Z",
    )
    return f'<path class="chart-mark way-{look}" d="{shapes[look % len(shapes)]}"/>'


def _legend(data: ChartData) -> str:
    if len(data.series) < 2:
        return ""
    items = []
    for way, series in enumerate(data.series):
        look = way % WAYS
        line = f'<line class="chart-line way-{look}" x1="1" x2="31" y1="7" y2="7"/>{_mark(16, 7, look)}'
        key = (
            line if data.kind == "line" else f'<rect class="chart-bar way-{look}" x="8" y="1" width="14" height="12"/>'
        )
        items.append(f'<li><svg width="32" height="14" aria-hidden="true">{key}</svg>{escape(series.name)}</li>')
    return f'<ul class="chart-legend">{"".join(items)}</ul>'


def _unit(data: ChartData) -> str:
    return f' <span class="dim">({escape(data.unit)})</span>' if data.unit else ""


def _table(data: ChartData, lang: Lang) -> str:
    head = "".join(f'<th scope="col" class="num">{escape(series.name)}</th>' for series in data.series)
    rows = []
    for index, label in enumerate(data.labels):
        cells = "".join(f'<td class="num">{_cell(series, index, lang)}</td>' for series in data.series)
        rows.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    name = "Show the numbers" if lang == "en" else "Lihat angkanya"
    return (
        f'<details class="chart-table"><summary>{name}</summary><div class="wide"><table>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def _cell(series: Series, index: int, lang: Lang) -> str:
    value = series.values[index] if index < len(series.values) else None
    if value is None:
        return "–"
    places = max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0
    return _say(value, places, lang)
