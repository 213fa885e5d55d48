"""Geometry of server-drawn bar charts: numbers in, coordinates of an SVG out.

Reports call `bar_chart` and hand the answer to `components/_bar_chart.html`. Nothing here
translates or formats: the labels come ready.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

SUBJECT = "subject"  # wood: what the chart is about
COMPARE = "compare"  # sky, striped: what it is compared with
CONTEXT = "context"  # muted, dotted: what is only there for scale

LEFT, RIGHT, TOP, BOTTOM = 64, 8, 28, 32
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bars; None stands for "no data", which is never drawn as zero."""

    name: str
    values: Sequence[Decimal | int | None]
    tone: str = SUBJECT


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn bar; coordinates are text, so that no locale puts a comma into them."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    tone: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class GridLine:
    """A hairline with its value on the axis."""

    x1: str
    x2: str
    y: str
    label_x: str
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under a group of bars."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    id: str
    title: str
    width: str
    height: str
    left: str
    base: str
    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    ticks: tuple[Tick, ...]


def nice_top(highest: Decimal, lines: int = 4) -> Decimal:
    """The end of an axis from zero: `lines` round steps that hold the highest value."""
    if highest <= 0:
        return Decimal(lines)
    rough = highest / lines
    power = Decimal(10) ** rough.adjusted()
    step = next(s * power for s in STEPS if s * power >= rough)
    return step * (highest / step).to_integral_value(ROUND_CEILING)


def _text(value: Decimal | int) -> str:
    """A coordinate with one place at the most."""
    return f"{Decimal(value):.1f}".removesuffix(".0")


def bar_chart(
    *,
    chart_id: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    number: Callable[[Decimal], str],
    width: int = 680,
    height: int = 260,
    top: Decimal | None = None,
) -> Chart:
    """Bars from zero in groups of one per series; `number` prints the values.

    `top` fixes the end of the axis (1 for shares); otherwise a round number is found.
    """
    known = [Decimal(v) for one in series for v in one.values if v is not None]
    end = top if top is not None else nice_top(max(known, default=Decimal(0)))
    base = Decimal(height - BOTTOM)
    scale = (base - TOP) / end
    slot = Decimal(width - LEFT - RIGHT) / max(len(labels), 1)
    bars = [
        bar
        for place, one in enumerate(series)
        for bar in _bars(one, labels, place, len(series), slot, base, scale, number)
    ]
    return Chart(
        id=chart_id,
        title=title,
        width=_text(width),
        height=_text(height),
        left=_text(LEFT),
        base=_text(base),
        bars=tuple(bars),
        grid=_grid(end, base, scale, width, number),
        ticks=tuple(
            Tick(_text(LEFT + slot * i + slot / 2), label) for i, label in enumerate(labels)
        ),
    )


def _bars(
    one: Series,
    labels: Sequence[str],
    place: int,
    count: int,
    slot: Decimal,
    base: Decimal,
    scale: Decimal,
    number: Callable[[Decimal], str],
) -> list[Bar]:
    """The bars of one series; values stand above them only where they cannot collide."""
    thick = slot * Decimal("0.7") / count
    drawn = []
    for i, value in enumerate(one.values):
        if value is None:
            continue
        x = LEFT + slot * i + slot * Decimal("0.15") + thick * place
        tall = Decimal(value) * scale
        text = number(Decimal(value))
        drawn.append(
            Bar(
                x=_text(x),
                y=_text(base - tall),
                width=_text(thick * Decimal("0.92")),
                height=_text(tall),
                middle=_text(x + thick * Decimal("0.46")),
                tone=one.tone,
                title=f"{one.name}, {labels[i]}: {text}",
                value=text if thick >= 8 * len(text) * Decimal("0.8") else "",
            )
        )
    return drawn


def _grid(
    end: Decimal, base: Decimal, scale: Decimal, width: int, number: Callable[[Decimal], str]
) -> tuple[GridLine, ...]:
    """Four hairlines above the axis and the zero on it."""
    return tuple(
        GridLine(
            x1=_text(LEFT),
            x2=_text(width),
            y=_text(base - end * part / 4 * scale),
            label_x=_text(LEFT - 8),
            label=number(end * part / 4),
        )
        for part in range(5)
    )
