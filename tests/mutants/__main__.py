"""`python -m tests.mutants [module …]`: run the tests against each change, name the survivors.

Exit code 1 where a change survives that is not in `engine.SAME`.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.changes import Change, changes_of
from tests.mutants.engine import ENGINE, QUICK, SAME, THOROUGH
from tests.mutants.figures import MODULE as FIGURES
from tests.mutants.figures import changes_of_figures

ROOT = Path(__file__).resolve().parents[2]
# A change may make a loop endless: it gets some times as long as the tests take without one.
MOST_TIMES, LEAST_SECONDS = 5, 60
PASSED, FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    module: str
    change: Change

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.change.text, self.change.what

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


def is_noticed(
    mutant: Mutant | None, tests: Sequence[str], most_seconds: float | None = None
) -> bool:
    """Whether a test fails; one that hangs has noticed. RuntimeError where pytest cannot run."""
    environment = os.environ | {"MUTANT": ""}
    if mutant is not None:
        environment["MUTANT"] = f"{mutant.module}:{mutant.change.number}"
    order = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.mutants.plugin",
        "-q",
        "-x",
        "-n0",
        *tests,
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and tests
            order, cwd=ROOT, env=environment, capture_output=True, timeout=most_seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    # A change that breaks the import ends as an error of collection (2), which is noticed too.
    if done.returncode not in (PASSED, FAILED, 2):
        raise RuntimeError(done.stdout.decode()[-2_000:])
    return done.returncode != PASSED


@dataclass(frozen=True, slots=True)
class Guards:
    """Tests in the order in which a change meets them, and how long each may take."""

    nearest: Mapping[str, Sequence[str]]
    further: Sequence[Sequence[str]] = ()
    most_seconds: float | None = None

    def notice(self, mutant: Mutant) -> bool:
        """Whether any of them fails; the further ones are asked only where the nearest pass."""
        rounds = (self.nearest[mutant.module], *self.further)
        return any(is_noticed(mutant, tests, self.most_seconds) for tests in rounds)


def survivors_of(mutants: Sequence[Mutant], guards: Guards, workers: int) -> list[Mutant]:
    """Whom all the tests pass."""
    with ThreadPoolExecutor(workers) as pool:
        noticed = list(pool.map(guards.notice, mutants))
    return [one for one, is_seen in zip(mutants, noticed, strict=True) if not is_seen]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", default=tuple(ENGINE))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="without the golden slips")
    asked = parser.parse_args(arguments)
    further = [QUICK] if asked.quick else [QUICK, THOROUGH]
    began = time.monotonic()
    if any(is_noticed(None, tests) for tests in further):
        say("The tests fail without any change: mend that first.")
        return 2
    mutants = mutants_of(asked.modules)
    longest = max(LEAST_SECONDS, MOST_TIMES * (time.monotonic() - began))
    survivors = survivors_of(mutants, Guards(ENGINE, further, longest), asked.workers)
    surprising = [one for one in survivors if one.key not in SAME]
    for one in surprising:
        say(f"not noticed: {one}")
    stale = set(SAME) - {one.key for one in survivors}
    for module, text, what in sorted(one for one in stale if one[0] in asked.modules):
        say(f"listed as the same, but it is noticed or gone: {module}  {what}\n    {text}")
    seconds = time.monotonic() - began
    say(
        f"{len(mutants)} changes, {len(mutants) - len(survivors)} noticed, "
        f"{len(survivors) - len(surprising)} mean the same, {len(surprising)} not noticed; "
        f"{seconds:.0f} s"
    )
    return 1 if surprising or any(one[0] in asked.modules for one in stale) else 0


if __name__ == "__main__":
    sys.exit(main())
