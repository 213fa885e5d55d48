"""`python -m tests.mutants [module …]`: run the tests against each change, name the survivors.

Exit code 1 where a change survives that is not in `engine.SAME`, 2 where the tests fail anyway.
"""

import argparse
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from tests.mutants.changes import Change, changes_of
from tests.mutants.engine import ENGINE, QUICK, SAME, THOROUGH
from tests.mutants.figures import MODULE as FIGURES
from tests.mutants.figures import changes_of_figures
from tests.mutants.nursery import Order, are_noticed, make_ready, seconds_of

ROOT = Path(__file__).resolve().parents[2]
# A change may make a loop endless: it gets some times the processor time the tests take without
# one. Processor time, so that a busy machine ends nobody early.
MOST_TIMES, LEAST_SECONDS = 5, 30


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    module: str
    change: Change

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.change.text, self.change.what

    def order(self, tests: Sequence[str]) -> Order:
        return Order(f"{self.module}:{self.change.number}", tuple(tests))

    def __str__(self) -> str:
        one = self.change
        return f"{self.module}:{one.line}  {one.what}\n    {one.text}"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def mutants_of(modules: Sequence[str]) -> list[Mutant]:
    """Every change of these modules; of the reader of figures those of the figures."""
    return [Mutant(name, change) for name in modules for change in _changes_of(name)]


def _changes_of(module: str) -> list[Change]:
    if module == FIGURES:
        return changes_of_figures()
    return changes_of((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


def survivors_of(
    orders: Sequence[tuple[Mutant, Order]], workers: int, limits: Mapping[Sequence[str], int]
) -> list[Mutant]:
    """Whom their tests pass."""
    limited = [(order, limits[order.tests]) for _mutant, order in orders]
    noticed = are_noticed(limited, workers, tell_of_some)
    return [one for (one, _order), is_seen in zip(orders, noticed, strict=True) if not is_seen]


def look_for_survivors(mutants: list[Mutant], further: Sequence[Sequence[str]], workers: int):
    """Whom nobody notices: the nearest tests first, then those of all modules, then the others.

    None where the tests fail without any change.
    """
    limits = limits_of({ENGINE[one.module] for one in mutants}.union(map(tuple, further)))
    if limits is None:
        return None
    left = mutants
    for tests in (None, *further):
        left = survivors_of(
            [(one, one.order(tests or ENGINE[one.module])) for one in left], workers, limits
        )
        say(f"{len(left)} not noticed so far")
    return left


def tell_of_some(left: int) -> None:
    if left % 50 == 0:
        say(f"  {left} to go")


def limits_of(sets: Collection[Sequence[str]]) -> dict[Sequence[str], int] | None:
    """Processor seconds each set of tests may take with a change; None where one fails anyway."""
    limits: dict[Sequence[str], int] = {}
    for tests in sorted(sets):
        seconds = seconds_of(Order("", tuple(tests)))
        if seconds is None:
            return None
        limits[tests] = max(LEAST_SECONDS, ceil(MOST_TIMES * seconds))
    return limits


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=tuple(ENGINE))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="without the golden slips")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    mutants = mutants_of(asked.modules)
    # The figures have told which codes the engine reads; the children import it anew.
    for name in [name for name in sys.modules if name.startswith("inmates")]:
        del sys.modules[name]
    make_ready(list(ENGINE))
    further = [QUICK] if asked.quick else [QUICK, THOROUGH]
    survivors = look_for_survivors(mutants, further, asked.workers)
    if survivors is None:
        say("The tests fail without any change: mend that first.")
        return 2
    surprising = [one for one in survivors if one.key not in SAME]
    for one in surprising:
        say(f"not noticed: {one}")
    stale = {one for one in SAME if one[0] in asked.modules} - {one.key for one in survivors}
    for module, text, what in sorted(stale):
        say(f"listed as the same, but it is noticed or gone: {module}  {what}\n    {text}")
    say(
        f"{len(mutants)} changes, {len(mutants) - len(survivors)} noticed, "
        f"{len(survivors) - len(surprising)} mean the same, {len(surprising)} not noticed; "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if surprising or stale else 0


if __name__ == "__main__":
    sys.exit(main())
