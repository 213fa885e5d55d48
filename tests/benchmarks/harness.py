"""The bench every benchmark works on: sides timed in turn, floors, lines and bars.

A benchmark is a module of this folder named in `BENCHMARKS` of `__main__`, with one function:

    @benchmark("payroll", "Payroll of generated people")
    def payroll(bench: Bench) -> None:
        people = bench.size(full=1_000, quick=20)
        ...                                     # fill the empty, migrated database
        times = bench.interleave(
            Side("COPY", copy_rows, before=empty_tables),
            Side("bulk_create", bulk_rows, before=empty_tables),
            Side("our run", run, before=empty_tables),
        )
        bench.floor("COPY of the same rows", times["COPY"], unit="slips")
        bench.line("payroll run, 1 000 people", times["our run"], unit="slips",
                   against=times["bulk_create"])
        bench.bar(Bar("rows written per second against bulk_create",
                      pace(times["our run"], times["bulk_create"]), at_least=1.0, goal=2.0))

It gets a database of its own, freshly copied from a migrated one and dropped afterwards; it may
commit. A side is called again and again: it returns how many rows (or pages) it has made, and
`before` puts the database back, untimed. `bench.size()` takes small numbers under --quick.
Statements count everything the connection sends, COPY and savepoints included, BEGIN and COMMIT
not. A bar without a value stands for what is not built yet.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.counting import Cost, backend_process, cost_of

ROUNDS = 5
FEWEST_ROUNDS = 3


@dataclass(frozen=True)
class Side:
    """One way of doing the work; `before` is not timed."""

    name: str
    work: Callable[[], int]
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Timing:
    """The counted runs of one side, in the order of the rounds."""

    runs: tuple[Cost, ...]

    def __post_init__(self) -> None:
        if len(self.runs) < FEWEST_ROUNDS:
            raise ValueError("A median of fewer than three runs is no median.")

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def server_cpu(self) -> float | None:
        known = [run.server_cpu for run in self.runs if run.server_cpu is not None]
        return median(known) if known else None

    @property
    def both_cpu(self) -> float:
        """Processor seconds of Python and PostgreSQL together."""
        return self.cpu + (self.server_cpu or 0.0)

    @property
    def rows(self) -> int:
        return self.runs[-1].rows

    @property
    def statements(self) -> int:
        return max(run.statements for run in self.runs)

    @property
    def per_second(self) -> float:
        return median(run.rows / run.wall for run in self.runs)


def pace(ours: Timing, theirs: Timing) -> float:
    """How many times as many rows per second: the median over the rounds, run against run."""
    return median(
        (a.rows / a.wall) / (b.rows / b.wall) for a, b in zip(ours.runs, theirs.runs, strict=True)
    )


def times_as_long(ours: Timing, theirs: Timing) -> float:
    """How many times as long: the median over the rounds, run against run."""
    return median(a.wall / b.wall for a, b in zip(ours.runs, theirs.runs, strict=True))


@dataclass(frozen=True)
class Bar:
    """A promise: a value that must be at least or at most something; None is not built yet."""

    name: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None
    goal: float | None = None
    unit: str = "×"
    note: str = ""

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("A bar is either at least or at most something.")

    def _reaches(self, limit: float | None) -> bool:
        if self.value is None or limit is None:
            return False
        return self.value >= limit if self.at_least is not None else self.value <= limit

    @property
    def holds(self) -> bool | None:
        if self.value is None:
            return None
        return self._reaches(self.at_least if self.at_least is not None else self.at_most)

    @property
    def reaches_goal(self) -> bool:
        return self._reaches(self.goal)


@dataclass(frozen=True)
class Line:
    """One measured thing; `ratio` is the pace against what it is held to, `each` tells one row."""

    what: str
    timing: Timing
    unit: str
    ratio: float | None = None
    each: bool = False

    @property
    def parts(self) -> int:
        """By how much the printed seconds and statements are divided."""
        return self.timing.rows if self.each else 1


@dataclass
class Bench:
    """What a benchmark reports to; printed by `tables`."""

    is_quick: bool = False
    is_full: bool = False
    floors: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def size(self, *, full: int, quick: int, real: int | None = None) -> int:
        """How many of something to make; `real` is the promised size where that takes long."""
        if self.is_full and real is not None:
            return real
        return quick if self.is_quick else full

    def interleave(self, *sides: Side, rounds: int | None = None) -> dict[str, Timing]:
        """Each side once to warm up, then in turn, every other round backwards."""
        count = rounds or (FEWEST_ROUNDS if self.is_quick else ROUNDS)
        process = backend_process()
        costs: dict[str, list[Cost]] = {side.name: [] for side in sides}
        for number in range(count + 1):
            for side in sides if number % 2 else reversed(sides):
                if side.before:
                    side.before()
                gc.collect()
                cost = cost_of(side.work, process=process)
                if number:
                    costs[side.name].append(cost)
        return {name: Timing(tuple(runs)) for name, runs in costs.items()}

    def floor(self, what: str, timing: Timing, *, unit: str, each: bool = False) -> None:
        """The least the work can cost: our own small code for the same rows."""
        self.floors.append(Line(what, timing, unit, each=each))

    def line(
        self,
        what: str,
        timing: Timing,
        *,
        unit: str,
        against: Timing | None = None,
        each: bool = False,
    ) -> None:
        """What the portal needs; `against` is timed in the same rounds.

        `each`: a run makes many alike (pages, orders), and the table tells what one costs.
        """
        ratio = pace(timing, against) if against else None
        self.lines.append(Line(what, timing, unit, ratio, each))

    def bar(self, bar: Bar) -> None:
        self.bars.append(bar)


@dataclass(frozen=True)
class Benchmark:
    name: str
    title: str
    run: Callable[[Bench], None]


REGISTRY: dict[str, Benchmark] = {}


def benchmark(
    name: str, title: str
) -> Callable[[Callable[[Bench], None]], Callable[[Bench], None]]:
    """Register a benchmark under the name `--only` takes."""

    def register(run: Callable[[Bench], None]) -> Callable[[Bench], None]:
        REGISTRY[name] = Benchmark(name, title, run)
        return run

    return register
