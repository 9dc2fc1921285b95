"""Charts drawn on the server: gaps stay gaps, nothing becomes markup, all is drawn within the picture."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dispatch.plugins import ChartData, Series, svg_line_chart
from dispatch.plugins.site.charts import HEIGHT, WIDTH

Amounts = st.lists(
    st.one_of(st.none(), st.integers(-(10**12), 10**12), st.decimals(-(10**6), 10**6, places=2)), max_size=50
)


def chart(values: tuple[Decimal | int | None, ...], kind: str = "line") -> str:
    labels = tuple(f"{n}" for n in range(len(values)))
    return str(svg_line_chart(ChartData(labels=labels, series=(Series("x", values),), kind=kind)))  # type: ignore[arg-type]


def test_an_unknown_value_is_a_gap_and_not_a_zero() -> None:
    drawn = chart((1, 2, None, 3, 4))
    assert [len(points.split()) for points in re.findall(r'points="([^"]*)"', drawn)] == [2, 2]
    assert '<td class="num">–</td>' in drawn


def test_texts_are_escaped_everywhere() -> None:
    hostile = '"><script>'
    data = ChartData(labels=(hostile,), series=(Series(hostile, (1,)), Series("y", (2,))), title=hostile, unit=hostile)
    assert "<script" not in str(svg_line_chart(data))


def test_bars_stand_on_zero() -> None:
    bars = re.findall(r'<rect class="chart-bar[^>]* y="([\d.]+)" [^>]*height="([\d.]+)"', chart((100, 50), "bar"))
    (top, height), (lower, shorter) = [(float(y), float(size)) for y, size in bars]
    assert abs((top + height) - (lower + shorter)) < 0.2
    assert abs(height - 2 * shorter) < 0.2


def test_numbers_are_in_the_visitor_s_language() -> None:
    data = ChartData(labels=("a",), series=(Series("x", (Decimal("1234.50"),)),))
    assert "1.234,50" in svg_line_chart(data, "id")
    assert "1,234.50" in svg_line_chart(data, "en")


@given(Amounts, st.sampled_from(["line", "bar"]))
def test_whatever_the_values_all_is_drawn_within_the_picture(values: list[Decimal | int | None], kind: str) -> None:
    drawn = chart(tuple(values), kind)
    picture = drawn[drawn.index("<svg") : drawn.index("</svg>")]
    assert "nan" not in picture
    for point in " ".join(re.findall(r'points="([^"]*)"', picture)).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    for y, height in re.findall(r'<rect[^>]* y="([\d.-]+)"[^>]*height="([\d.-]+)"', picture):
        assert float(y) >= 0
        assert float(y) + float(height) <= HEIGHT
