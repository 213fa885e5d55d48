"""Geometry of the line chart of twelve months: shares in, coordinates of an SVG out. Pure.

Drawn by `reports/_line_chart.html`. The axis runs from 0 to 100 %; a month without data is a gap
in its line, never a zero; each line carries its own label, and no legend is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

SUBJECT = "subject"  # wood: what the chart is about
COMPARE = "compare"  # sky, dotted: what it is compared with

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 196, 16, 48
BASE = HEIGHT - BOTTOM
LABEL_GAP = 18
STEPS = 4


@dataclass(frozen=True, slots=True)
class LineSeries:
    """One line; None stands for a month without data."""

    name: str
    values: Sequence[Fraction | None]
    tone: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A month on a line; `title` says it in words."""

    x: str
    y: str
    title: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A hairline with its value on the axis; coordinates are text, so no locale puts a comma."""

    x1: str
    x2: str
    y: str
    label_x: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line: its path with gaps, its marks, its label at the right end."""

    tone: str
    path: str
    marks: tuple[Mark, ...]
    label: str
    label_x: str
    label_y: str


@dataclass(frozen=True, slots=True)
class MonthTick:
    """A month under the axis; the year stands under the first month and each January."""

    x: str
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """What the template draws; coordinates are text, so that no locale puts a comma into them."""

    id: str
    title: str
    width: str
    height: str
    left: str
    right: str
    base: str
    grid: tuple[GridLine, ...]
    ticks: tuple[MonthTick, ...]
    lines: tuple[Line, ...]


def _text(value: Fraction | int) -> str:
    return f"{Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator):.1f}"


def _x(index: int, count: int) -> Fraction:
    """The middle of the month's slot."""
    return LEFT + Fraction(WIDTH - LEFT - RIGHT, max(count, 1)) * (index + Fraction(1, 2))


def _y(value: Fraction) -> Fraction:
    return BASE - value * (BASE - TOP)


def line_chart(
    *,
    chart_id: str,
    title: str,
    months: Sequence[tuple[str, str]],
    series: Sequence[LineSeries],
    percent: Callable[[Fraction | None], str],
) -> LineChart:
    """The chart of `series` over `months`, each a short name and its year."""
    grid = tuple(
        GridLine(
            x1=_text(LEFT),
            x2=_text(WIDTH - RIGHT),
            y=_text(_y(Fraction(part, STEPS))),
            label_x=_text(LEFT - 8),
            label=f"{100 * part // STEPS}",
        )
        for part in range(STEPS + 1)
    )
    ticks = tuple(
        MonthTick(_text(_x(index, len(months))), name, _year_under(months, index))
        for index, (name, _year) in enumerate(months)
    )
    return LineChart(
        id=chart_id,
        title=title,
        width=_text(WIDTH),
        height=_text(HEIGHT),
        left=_text(LEFT),
        right=_text(WIDTH - RIGHT),
        base=_text(BASE),
        grid=grid,
        ticks=ticks,
        lines=_lines(series, months, percent),
    )


def _year_under(months: Sequence[tuple[str, str]], index: int) -> str:
    year = months[index][1]
    return year if index == 0 or months[index - 1][1] != year else ""


def _lines(
    series: Sequence[LineSeries],
    months: Sequence[tuple[str, str]],
    percent: Callable[[Fraction | None], str],
) -> tuple[Line, ...]:
    """The lines that have a point, with labels pushed apart where the lines end close."""
    drawn = [one for one in series if any(value is not None for value in one.values)]
    heights = _label_heights([_y(_last(one)[1]) for one in drawn])
    lines = []
    for one, height in zip(drawn, heights, strict=True):
        index, value = _last(one)
        marks = tuple(
            Mark(
                _text(_x(place, len(months))),
                _text(_y(share)),
                f"{one.name}, {' '.join(months[place])}: {percent(share)}",
            )
            for place, share in enumerate(one.values)
            if share is not None
        )
        lines.append(
            Line(
                tone=one.tone,
                path=_path(one.values),
                marks=marks,
                label=f"{one.name} {percent(value)}",
                label_x=_text(_x(index, len(months)) + 12),
                label_y=_text(height),
            )
        )
    return tuple(lines)


def _last(one: LineSeries) -> tuple[int, Fraction]:
    """The last month with data."""
    return max((index, value) for index, value in enumerate(one.values) if value is not None)


def _label_heights(wanted: Sequence[Fraction]) -> list[Fraction]:
    """The wanted heights, moved down just as far as keeps labels `LABEL_GAP` apart."""
    heights = list(wanted)
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for above, below in pairwise(order):
        heights[below] = max(heights[below], heights[above] + LABEL_GAP)
    return heights


def _path(values: Sequence[Fraction | None]) -> str:
    """M and L commands; the pen is lifted over a month without data."""
    commands = []
    is_down = False
    for index, value in enumerate(values):
        if value is not None:
            command = "L" if is_down else "M"
            commands.append(f"{command}{_text(_x(index, len(values)))} {_text(_y(value))}")
        is_down = value is not None
    return " ".join(commands)
