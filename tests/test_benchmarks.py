"""The bench itself: its arithmetic, its tables, and one run of everything with tiny sizes.

Nothing here asserts a time: on a busy machine that would fail for no fault of ours.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.benchmarks.__main__ import BENCHMARKS, arguments
from tests.benchmarks.counting import Cost, CountingCursor, backend_process, processor_seconds
from tests.benchmarks.databases import FAMILY, is_alive
from tests.benchmarks.harness import (
    REGISTRY,
    Bar,
    Bench,
    Line,
    Side,
    Timing,
    benchmark,
    pace,
    times_as_long,
)
from tests.benchmarks.served import percentile
from tests.benchmarks.tables import BAR_COLUMNS, COLUMNS, number, report, seconds, table

# The bars of the notes on speed, by a word of each; a run must tell all of them.
PROMISED = (
    "rows a second against bulk_create",
    "payslips per processor second against SQL",
    "payroll wall time",
    "differences of a month against the month",
    "statements of a run",
    "catalogue list of 20 against the reference page",
    "anonymous catalogue with our caching",
    "p99 against p50",
    "statements of a list page",
    "100 rows than at 20",
    "account statement of ten years against the reference page",
    "account statement of ten years against one year",
    "statements of ten years of an account",
    "service against the ORM floor",
    "statements of placing an order",
    "8 clients ordering",
    "promised date",
    "from the rollup",
    "without rollup against day-first SQL",
    "nightly facts of one day",
    "rebuild of five years beside plain SQL",
    "statements of the larger sheet",
    "saving a month",
    "payslip PDFs",
    "payslips on paper",
    "memory of the job",
    "register in three formats",
)
NOT_BUILT = ("8 clients ordering", "promised date", "from the rollup")


def a_timing(
    *walls: float, rows: int = 10, cpu: float = 0.5, server: float | None = 0.25
) -> Timing:
    return Timing(tuple(Cost(rows, wall, cpu, server, statements=4) for wall in walls))


# --- Arithmetic -----------------------------------------------------------------------------


def test_median_of_the_runs_counts_not_their_mean() -> None:
    timing = a_timing(1.0, 2.0, 60.0)
    assert timing.wall == 2.0
    assert timing.per_second == 5.0
    assert (timing.rows, timing.statements) == (10, 4)
    assert (timing.cpu, timing.server_cpu, timing.both_cpu) == (0.5, 0.25, 0.75)


def test_fewer_than_three_runs_are_no_measurement() -> None:
    with pytest.raises(ValueError, match="three"):
        a_timing(1.0, 2.0)


def test_server_that_tells_nothing_is_not_counted_as_idle() -> None:
    timing = a_timing(1.0, 1.0, 1.0, server=None)
    assert timing.server_cpu is None
    assert timing.both_cpu == timing.cpu


def test_ratios_are_taken_round_by_round() -> None:
    # The machine was three times slower in the second round, for both.
    ours, theirs = a_timing(1.0, 3.0, 1.0), a_timing(2.0, 6.0, 2.0)
    assert times_as_long(ours, theirs) == 0.5
    assert pace(ours, theirs) == 2.0


def test_pace_counts_rows_and_not_only_seconds() -> None:
    ours, theirs = a_timing(1.0, 1.0, 1.0, rows=30), a_timing(1.0, 1.0, 1.0, rows=10)
    assert pace(ours, theirs) == 3.0
    assert times_as_long(ours, theirs) == 1.0


def test_sides_of_other_rounds_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        pace(a_timing(1.0, 1.0, 1.0), a_timing(1.0, 1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 5.0), (0.99, 10.0), (0.9, 9.0), (0.01, 1.0), (1.0, 10.0)]
)
def test_percentile_of_ordered_values(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(1, 11)], share) == value


# --- Bars -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bar", "holds", "reaches_goal"),
    [
        (Bar("", 0.5, at_least=0.5, goal=1.0), True, False),
        (Bar("", 0.49, at_least=0.5, goal=1.0), False, False),
        (Bar("", 1.2, at_least=0.5, goal=1.0), True, True),
        (Bar("", 6.0, at_most=6, goal=4), True, False),
        (Bar("", 7.0, at_most=6, goal=4), False, False),
        (Bar("", 4.0, at_most=6, goal=4), True, True),
        (Bar("", 0.0, at_most=0), True, False),
        (Bar("", None, at_least=1.2, goal=1.7), None, False),
    ],
)
def test_bar(bar: Bar, holds: bool | None, reaches_goal: bool) -> None:
    assert bar.holds is holds
    assert bar.reaches_goal is reaches_goal


@pytest.mark.parametrize("limits", [{}, {"at_least": 1.0, "at_most": 2.0}])
def test_bar_has_one_limit(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="either"):
        Bar("", 1.0, **limits)


# --- The bench ------------------------------------------------------------------------------


def test_sides_take_turns_and_the_first_round_is_not_counted(db: None) -> None:
    order: list[str] = []

    def side(name: str) -> Side:
        return Side(name, lambda: order.append(name) or 1, before=lambda: order.append(f"({name}"))

    times = Bench(is_quick=True).interleave(side("a"), side("b"))
    assert "".join(order) == "(bb(aa" + "(aa(bb" + "(bb(aa" + "(aa(bb"
    assert [len(timing.runs) for timing in times.values()] == [3, 3]


def test_what_comes_before_is_not_counted(db: None) -> None:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 2")

    counted = CountingCursor.statements
    Bench(is_quick=True).interleave(Side("a", lambda: 1, before=ask))
    # The tests' own connection has no counting cursor: only the benchmarks' settings bring it.
    assert CountingCursor.statements == counted


def test_quick_takes_the_small_size() -> None:
    assert Bench(is_quick=True).size(full=1000, quick=3) == 3
    assert Bench().size(full=1000, quick=3) == 1000


def test_benchmark_is_known_by_its_name() -> None:
    @benchmark("of the test", "Of the test")
    def one(bench: Bench) -> None:
        bench.bar(Bar("", 1.0, at_least=1.0))

    try:
        assert REGISTRY["of the test"].run is one
    finally:
        del REGISTRY["of the test"]


def test_backend_of_this_machine_tells_its_seconds(db: None) -> None:
    process = backend_process()
    before = processor_seconds(process)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 200000)")
    after = processor_seconds(process)
    if before is not None and after is not None:
        assert after > before


def test_process_that_is_gone_tells_nothing() -> None:
    assert processor_seconds(None) is None
    assert processor_seconds(2**22 + 1) is None


@pytest.mark.parametrize(
    ("name", "alive"),
    [
        (f"{FAMILY}{os.getpid()}_pages", True),
        (f"{FAMILY}{2**22 + 1}_pages", False),
        (f"{FAMILY}pages", False),
    ],
    # The processes of one test run must call the same test by the same name.
    ids=["alive", "gone", "nameless"],
)
def test_database_of_a_killed_benchmark_is_recognised(name: str, alive: bool) -> None:
    assert is_alive(name) is alive


# --- Tables ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (2.0, "2.00 s"), (0.0154, "15.4 ms"), (0.000154, "154 µs"), (0.0, "0 µs")],
)
def test_seconds(value: float | None, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (23900.4, "23 900"), (38.84, "38.8"), (0, "0"), (-250, "-250")]
)
def test_number(value: float | None, text: str) -> None:
    assert number(value) == text


def test_table_is_straight_markdown() -> None:
    lines = table(("what", "n"), [("a", "1"), ("longer", "10")]).splitlines()
    assert lines == ["| what   | n  |", "|--------|----|", "| a      | 1  |", "| longer | 10 |"]


def test_line_of_many_alike_tells_what_one_costs() -> None:
    timing = a_timing(1.0, 1.0, 1.0, rows=10)
    assert Line("pages", timing, "pages", each=True).parts == 10
    assert Line("run", timing, "slips").parts == 1


def test_report_tells_the_floors_first_and_every_state_of_a_bar(db: None) -> None:
    bench = Bench()
    bench.line("ours", a_timing(2.0, 2.0, 2.0), unit="rows", against=a_timing(1.0, 1.0, 1.0))
    bench.floor("floor", a_timing(1.0, 1.0, 1.0), unit="rows")
    bench.bar(Bar("fast enough", 0.6, at_least=0.5, goal=1.0))
    bench.bar(Bar("too slow", 3.5, at_most=3, goal=2))
    bench.bar(Bar("better than hoped", 1.5, at_most=3, goal=2))
    bench.bar(Bar("of the future", None, at_most=1, note="no ledger yet"))
    text = report({"A thing": bench})
    assert text.index("Floors: A thing") < text.index("Measured: A thing") < text.index("**Bars**")
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("|")}
    assert "0.50 ×" in rows["ours"]
    assert rows["fast enough"].rstrip(" |").endswith("yes")
    assert rows["too slow"].rstrip(" |").endswith("NO")
    assert rows["better than hoped"].rstrip(" |").endswith("yes, the goal too")
    assert rows["of the future (no ledger yet)"].rstrip(" |").endswith("not built yet")
    assert "PostgreSQL" in text.splitlines()[0]


# --- The command ----------------------------------------------------------------------------


def test_command_takes_known_names_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert arguments(["--only", "pages", "--only", "papers"]).only == ["pages", "papers"]
    with pytest.raises(SystemExit):
        arguments(["--only", "nonsense"])
    assert "nonsense" in capsys.readouterr().err


def test_every_module_that_registers_is_run() -> None:
    folder = Path(__file__).parent / "benchmarks"
    registering = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^@benchmark\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert registering == set(BENCHMARKS)


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def test_quick_run_tells_every_bar_and_leaves_nothing(db: None, tmp_path: Path) -> None:
    before = databases()
    written = tmp_path / "bench.md"
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.benchmarks", "--quick", "--markdown", str(written)],
        cwd=settings.BASE_DIR,
        env={name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert written.read_text(encoding="utf-8") == run.stdout
    bars = run.stdout.partition("**Bars**")[2]
    for name in PROMISED:
        assert name in bars, name
    for name in NOT_BUILT:
        (row,) = [line for line in bars.splitlines() if name in line]
        assert row.rstrip(" |").endswith("not built yet")
    assert f"| {COLUMNS[0]} " in run.stdout
    assert BAR_COLUMNS[0] in bars
    made = {name for name in databases() - before if name.startswith(FAMILY)}
    assert {name for name in made if not is_alive(name)} == set()
