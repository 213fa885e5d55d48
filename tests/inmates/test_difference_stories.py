"""Stories of corrections: a past month changes, the next run pays the difference line by line."""

import pytest

from inmates.enums import BackdatedCause, RunKind, RunStatus
from inmates.models import Inmate, Placement
from tests.inmates.books import first_signature
from tests.inmates.months import an_application
from tests.inmates.past_months import (
    OCTOBER,
    SEPTEMBER,
    another_day,
    closed,
    correction,
    kinds_of,
    money,
    open_changes,
    settlements,
    slip_of,
    sums,
    worked,
)
from tests.people import Cast, a_placement, an_inmate


@pytest.fixture
def months(pay: Cast) -> Cast:
    first_signature(pay)
    return pay


@pytest.fixture
def worker(months: Cast) -> Inmate:
    """By the hour at 600,00; with an application; nothing worked yet."""
    inmate = an_inmate(months, "1648")
    a_placement(months, inmate)
    an_application(months, inmate)
    return inmate


@pytest.fixture
def job(worker: Inmate) -> Placement:
    return worker.placements.get()


def test_a_day_too_few_is_paid_with_the_next_month(
    months: Cast, worker: Inmate, job: Placement
) -> None:
    """Ten days at 4 800,00 were paid as nine: the difference is 4 800,00 gross."""
    worked(job, SEPTEMBER, 9)
    worked(job, OCTOBER, 10)
    before = closed(months, SEPTEMBER)
    late = another_day(job, SEPTEMBER, recorded_by=months.master)
    change = open_changes().get()
    assert (change.inmate, change.cause, change.first_day) == (
        worker, BackdatedCause.ATTENDANCE, late.worked_on,
    )  # fmt: skip

    run = closed(months, OCTOBER)
    assert kinds_of(worker) == [
        ("regular", "2026-09"), ("correction", "2026-09"), ("regular", "2026-10"),
    ]  # fmt: skip
    more = slip_of(correction(run, SEPTEMBER), worker)
    assert more.is_difference
    assert more.corrects == slip_of(before, worker)
    assert (more.gross, more.days_worked, more.minutes_worked) == (money("4800.00"), 1, 480)
    line = more.lines.get(code="time")
    assert (line.amount, line.quantity) == (money("4800.00"), money("480.00"))
    assert line.corrects == slip_of(before, worker).lines.get(code="time")
    assert line.arguments["was"] == "43200.00"
    assert line.arguments["now"] == "48000.00"
    assert line.arguments["why"] == ["attendance"]
    assert sums(worker, SEPTEMBER, "gross", "days_worked") == [money("48000.00"), 10]
    change.refresh_from_db()
    assert change.settled_by == run
    assert correction(run, SEPTEMBER).status == RunStatus.PAID
    assert run.kind == RunKind.REGULAR
    assert settlements(worker) == 0
