"""The guards of slips and postings are planned by the tables as they are, not as they once were.

A session keeps the plans of its triggers: one made for a table of a few rows compares each of
34 000 lines with each of 2 000 slips, which `kernel.copying.forget_plans` prevents.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.tasks import calculate_payroll_run
from tests.inmates.books import approved, first_signature, paid, worked_off
from tests.inmates.months import a_worker, calculated, started
from tests.people import Cast

FORGET = "DISCARD PLANS"


def asked(act: Callable[[], Any]) -> list[str]:
    """The statements of an act, in their order."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [one["sql"] for one in captured.captured_queries]


def place(statements: list[str], words: str) -> int:
    return next(number for number, sql in enumerate(statements) if words in sql)


@pytest.fixture
def ready(pay: Cast) -> Cast:
    first_signature(pay)
    a_worker(pay)
    return pay


def test_a_calculation_forgets_them_once_before_its_batches(ready: Cast) -> None:
    run = started(ready)
    statements = asked(lambda: calculate_payroll_run(task_run=str(run.task_run_id)))
    assert statements.count(FORGET) == 1
    assert place(statements, FORGET) < place(statements, "second_run")


def test_slips_are_removed_under_new_plans(ready: Cast) -> None:
    calculated(ready)
    statements = asked(lambda: started(ready))
    assert place(statements, FORGET) < place(statements, "DELETE FROM inmates_payslip")


def test_the_books_are_written_under_new_plans(ready: Cast) -> None:
    run = approved(ready, calculated(ready))
    for act in (lambda: worked_off(run), lambda: paid(ready, run)):
        statements = asked(act)
        assert place(statements, FORGET) < place(statements, "INSERT INTO inmates_posting")
