"""Runs tests in children of one process that has Django ready: seconds become tenths of seconds.

The parent has not imported the engine, so each child imports it with its own change.
"""

import os
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PASSED, FAILED, BROKEN, NOT_BEGUN = 0, 1, 2, 4


@dataclass(frozen=True, slots=True)
class Order:
    """Which change to make (as the plugin reads it; none if empty), and the tests to run."""

    mutant: str
    tests: tuple[str, ...]


def make_ready(engine: Sequence[str]) -> None:
    """Everything but the engine is imported. RuntimeError where the engine is already."""
    from portal import embedded

    # Before the settings are read, as in tests/conftest.py.
    embedded.hold_for_process()
    import django
    import hypothesis  # noqa: F401 - slow to import, the same in every child
    import pytest  # noqa: F401 - the same

    django.setup()
    early = [name for name in engine if name in sys.modules]
    if early:
        raise RuntimeError(f"imported before it could be changed: {', '.join(early)}")


def are_noticed(
    orders: Sequence[tuple[Order, int | None]], workers: int, tell: Callable[[int], None] = id
) -> list[bool]:
    """For each order whether a test failed in its processor seconds; one without end has noticed.

    `tell` hears how many are left.
    """
    waiting = list(range(len(orders)))[::-1]
    running: dict[int, tuple[int, int]] = {}
    hands = list(range(workers))
    noticed = [False] * len(orders)
    while waiting or running:
        while waiting and hands:
            number, hand = waiting.pop(), hands.pop()
            running[_begin(*orders[number], hand)] = number, hand
        child, status = os.waitpid(-1, 0)
        if child in running:
            number, hand = running.pop(child)
            hands.append(hand)
            noticed[number] = _is_failure(status)
            tell(len(waiting) + len(running))
    return noticed


def seconds_of(order: Order) -> float | None:
    """How much processor time the tests of an order take; None where they fail."""
    _child, status, used = os.wait4(_begin(order, None, 0), 0)
    return None if _is_failure(status) else used.ru_utime + used.ru_stime


def _begin(order: Order, most_seconds: int | None, hand: int) -> int:
    child = os.fork()
    if child:
        return child
    # From here on another process, which never returns to the caller.
    code = FAILED
    try:
        if most_seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
        code = _run(order, hand)
    finally:
        os._exit(code)


def _run(order: Order, hand: int) -> int:
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.environ["MUTANT"] = order.mutant
    import pytest
    from django.db import connection

    # Those who run at the same time have a database each.
    connection.settings_dict["TEST"]["NAME"] += f"_{hand}"

    # Imported before pytest could rewrite its assertions, which nobody here will read.
    known = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    # Pytest leaves an iterator of its own open, and would tell of it as a failure after the tests;
    # as it would of folders of other runs that it meets while cleaning up.
    folder = Path(tempfile.gettempdir()) / f"mutants-{os.getppid()}-{hand}"
    known += ["-p", "no:unraisableexception", f"--basetemp={folder}"]
    return int(pytest.main(["-p", "tests.mutants.plugin", "-qx", "-n0", *known, *order.tests]))


def _is_failure(status: int) -> bool:
    """A change that breaks the import ends as an error of collection (2), or of the first conftest
    that imports it (4): both are noticed.

    RuntimeError where pytest could not run at all.
    """
    if os.WIFSIGNALED(status):
        return True
    code = os.waitstatus_to_exitcode(status)
    if code not in (PASSED, FAILED, BROKEN, NOT_BEGUN):
        raise RuntimeError(f"pytest ended with {code}")
    return code != PASSED
