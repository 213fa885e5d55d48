"""The tables of a run, for the terminal and for the docs; Markdown reads well in both."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.harness import Bar, Bench, Line

COLUMNS = (
    "what",
    "median",
    "a second",
    "ratio",
    "statements",
    "rows",
    "CPU Python",
    "CPU PostgreSQL",
)
BAR_COLUMNS = ("bar", "measured", "at least / at most", "goal", "holds")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with its columns set straight."""
    every = [list(columns), *[list(row) for row in rows]]
    widths = [max(len(row[index]) for row in every) for index in range(len(columns))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in every]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def seconds(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1000:.1f} ms" if value >= 0.001 else f"{value * 1_000_000:.0f} µs"


def number(value: float | None) -> str:
    """Three figures are all a noisy machine can tell."""
    if value is None:
        return "–"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.3g}"


def _row(line: Line) -> tuple[str, ...]:
    timing, parts = line.timing, line.parts
    server = None if timing.server_cpu is None else timing.server_cpu / parts
    return (
        line.what,
        seconds(timing.wall / parts),
        f"{number(timing.per_second)} {line.unit}",
        "–" if line.ratio is None else f"{line.ratio:.2f} ×",
        number(timing.statements / parts),
        number(timing.rows / parts),
        seconds(timing.cpu / parts),
        seconds(server),
    )


def _bar(bar: Bar) -> tuple[str, ...]:
    sign = "≥" if bar.at_least is not None else "≤"
    limit = bar.at_least if bar.at_least is not None else bar.at_most
    if bar.holds is None:
        holds = "not built yet"
    else:
        holds = ("yes, the goal too" if bar.reaches_goal else "yes") if bar.holds else "NO"
    return (
        bar.name + (f" ({bar.note})" if bar.note else ""),
        "–" if bar.value is None else f"{number(bar.value)} {bar.unit}".strip(),
        f"{sign} {limit:g} {bar.unit}".strip(),
        "–" if bar.goal is None else f"{sign} {bar.goal:g} {bar.unit}".strip(),
        holds,
    )


def report(benches: dict[str, Bench]) -> str:
    """Everything measured, the floors first; `benches` by the title of the benchmark."""
    parts = [machine()]
    for heading, rows in (
        ("Floors", {title: bench.floors for title, bench in benches.items()}),
        ("Measured", {title: bench.lines for title, bench in benches.items()}),
    ):
        for title, lines in rows.items():
            if lines:
                parts.append(f"**{heading}: {title}**\n\n{table(COLUMNS, map(_row, lines))}")
    bars = [bar for bench in benches.values() for bar in bench.bars]
    if bars:
        parts.append(f"**Bars**\n\n{table(BAR_COLUMNS, map(_bar, bars))}")
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """On what the figures were taken."""
    from django.db import connection

    connection.ensure_connection()
    version = connection.pg_version
    return (
        f"{os.cpu_count()} processors ({_processor()}), {platform.system()}, "
        f"Python {platform.python_version()}, PostgreSQL {version // 10000}.{version % 10000}."
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()
