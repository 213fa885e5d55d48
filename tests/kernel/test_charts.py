"""Bars: they start at zero, never hide a gap, and fit the paper."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from portal.kernel.charts import COMPARE, CONTEXT, Series, bar_chart, nice_top


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def chart(*series: Series, labels: int = 3, **more: object):
    names = [f"m{i}" for i in range(labels)]
    return bar_chart(chart_id="c", title="Доля", labels=names, series=series, number=plain, **more)


@pytest.mark.parametrize(
    ("highest", "top"),
    [
        ("0", "4"),
        ("1", "1"),
        ("3", "3"),
        ("7", "8"),
        ("62", "80"),
        ("1243", "1500"),
        ("9999", "10000"),
    ],
)
def test_nice_top_is_round_and_holds_the_highest(highest: str, top: str) -> None:
    assert nice_top(Decimal(highest)) == Decimal(top)


@pytest.mark.parametrize("highest", ["0.3", "5", "99", "101", "2005", "85000", "26540310"])
def test_nice_top_never_cuts_a_bar_and_wastes_less_than_half(highest: str) -> None:
    value = Decimal(highest)
    assert value <= nice_top(value) <= 2 * value


def test_bars_stand_on_the_axis_and_keep_proportion() -> None:
    drawn = chart(Series("a", [10, 20, 40]), top=Decimal(40))
    heights = [Decimal(bar.height) for bar in drawn.bars]
    assert heights[2] == 4 * heights[0] == 2 * heights[1]
    for bar in drawn.bars:
        assert Decimal(bar.y) + Decimal(bar.height) == Decimal(drawn.base)


def test_no_data_is_not_a_bar_of_zero() -> None:
    drawn = chart(Series("a", [1, None, 0]))
    assert len(drawn.bars) == 2
    assert drawn.bars[1].height == "0"
    assert len(drawn.ticks) == 3


def test_a_series_without_any_data_draws_only_the_axis() -> None:
    drawn = chart(Series("a", [None, None, None]))
    assert drawn.bars == ()
    assert drawn.grid[0].label == "0"


def test_bars_of_two_series_do_not_overlap() -> None:
    drawn = chart(Series("a", [1, 2, 3]), Series("b", [3, 2, 1], COMPARE))
    for first, second in zip(drawn.bars[:3], drawn.bars[3:], strict=True):
        assert Decimal(first.x) + Decimal(first.width) <= Decimal(second.x)
        assert second.tone == COMPARE


def test_everything_stays_on_the_paper() -> None:
    drawn = chart(*(Series(str(i), [1] * 12) for i in range(3)), labels=12)
    for bar in drawn.bars:
        assert Decimal(bar.x) >= Decimal(drawn.left)
        assert Decimal(bar.x) + Decimal(bar.width) <= Decimal(drawn.width)
        assert Decimal(bar.y) >= 0


def test_values_are_left_off_where_they_would_collide() -> None:
    wide = chart(Series("a", [1, 2, 3]))
    narrow = chart(Series("a", [123456] * 24), labels=24)
    assert all(bar.value for bar in wide.bars)
    assert not any(bar.value for bar in narrow.bars)
    assert "123456" in narrow.bars[0].title


def test_coordinates_carry_no_comma_in_any_language() -> None:
    drawn = chart(Series("a", [Decimal("0.55"), 1, 2]), Series("b", [1, 1, 1], CONTEXT))
    for language in ("ru", "kk", "en"):
        with translation.override(language):
            html = render_to_string("components/_bar_chart.html", {"chart": drawn})
        for attribute in ("x=", "y=", "width=", "height="):
            values = [piece.split('"')[1] for piece in html.split(attribute)[1:]]
            assert not [value for value in values if "," in value]


def test_the_drawn_chart_has_name_patterns_and_titles() -> None:
    drawn = chart(Series("Занято", [1, 2, 3]), Series("Всего", [3, 3, 3], CONTEXT))
    html = render_to_string("components/_bar_chart.html", {"chart": drawn})
    assert 'role="img"' in html
    assert "<title>Занято, m0: 1</title>" in html
    assert "url(#c-context)" in html
    assert "style=" not in html
