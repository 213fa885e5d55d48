"""A past that is being changed while wages are calculated, over real connections."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from inmates.backdated_marks import CHANGES_LOCK
from inmates.enums import BackdatedCause, RunStatus
from inmates.models import Attendance, BackdatedChange, PayrollRun
from inmates.services.backdated_answers import answer_changes, reopen_changes
from inmates.services.calculation import calculate_payroll_run
from inmates.services.change_reading import hold_changes
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.marks.world import BY_TIME, a_closed_month, place_of
from tests.inmates.months import FIRST, OCTOBER
from tests.inmates.second_worlds import Quiet
from tests.inmates.test_correction_races import in_thread
from tests.people import Cast

NOVEMBER = Month(2026, 11)


def other_minutes(minutes: int = 60) -> None:
    Attendance.objects.filter(worked_on=FIRST, placement=place_of(BY_TIME)).update(minutes=minutes)


def november(pay: Cast) -> PayrollRun:
    return PayrollRun.objects.create(
        payer=pay.enterprise, institution=pay.institution, month=NOVEMBER.first_day,
        status=RunStatus.CALCULATING, started_by=pay.accountant, created_at=clock.now(),
    )  # fmt: skip


def calculated(run: PayrollRun, watch: Any = None) -> PayrollRun:
    calculate_payroll_run(run_id=run.pk, progress=watch or Quiet(), at=clock.now())
    run.refresh_from_db()
    return run


def last_mark() -> int:
    return BackdatedChange.objects.latest("pk").pk


def settle(run: PayrollRun) -> None:
    """What the posting does with the marks when the family of the run is approved."""
    with transaction.atomic():
        answer_changes([run])


def corrected(run: PayrollRun) -> set[tuple[Any, str]]:
    return set(
        PayrollRun.objects.filter(settled_with=run).values_list(
            "month", "payslips__inmate__personnel_number"
        )
    )


class During(Quiet):
    """Something happens elsewhere as soon as the calculation reports for the first time."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.is_done = act, Event()

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        if not self.is_done.is_set():
            self.is_done.set()
            results: list[Any] = []
            thread = in_thread(self.act, results)
            thread.join(10)
            assert results == [None]


def started(run: PayrollRun) -> tuple[Thread, list[Any]]:
    results: list[Any] = []
    thread = in_thread(lambda: calculated(run), results)
    thread.join(0.5)
    return thread, results


@pytest.mark.django_db(transaction=True)
def test_a_calculation_waits_for_a_change_and_reads_it(pay: Cast) -> None:
    """Written before the calculation began, committed after: it is not settled unseen."""
    a_closed_month(pay)
    run = november(pay)
    with transaction.atomic():
        other_minutes()
        thread, results = started(run)
        assert thread.is_alive(), "the calculation did not wait for the change"
    thread.join(20)
    assert [one.status for one in results] == [RunStatus.CALCULATED]
    assert corrected(run) == {(OCTOBER.first_day, BY_TIME)}
    mark = BackdatedChange.objects.get()
    assert results[0].changes_read == mark.pk == last_mark()
    settle(results[0])
    mark.refresh_from_db()
    assert mark.settled_by == run


@pytest.mark.django_db(transaction=True)
def test_a_change_within_a_calculation_waits_for_the_next_one(pay: Cast) -> None:
    a_closed_month(pay)
    run = calculated(november(pay), During(other_minutes))
    assert corrected(run) == set()
    settle(run)
    assert BackdatedChange.objects.get().settled_by is None


@pytest.mark.django_db(transaction=True)
def test_the_same_again_within_a_calculation_is_another_mark(pay: Cast) -> None:
    """The open mark says it already, and is settled by who has not seen the second change."""
    a_closed_month(pay)
    other_minutes()
    first = BackdatedChange.objects.get()
    run = calculated(november(pay), During(lambda: other_minutes(120)))
    second = BackdatedChange.objects.exclude(pk=first.pk).get()
    assert (second.cause, second.first_day) == (first.cause, first.first_day)
    settle(run)
    assert list(BackdatedChange.objects.filter(settled_by=None)) == [second]


@pytest.mark.django_db(transaction=True)
def test_a_calculation_waits_for_whoever_marks_other_wages(pay: Cast) -> None:
    a_closed_month(pay)
    run = november(pay)
    with transaction.atomic():
        hold_changes([pay.entrepreneur.pk])
        thread, results = started(run)
        thread.join(20)
        assert len(results) == 1, "it waited for the changes of another payer"
    PayrollRun.objects.filter(pk=run.pk).update(status=RunStatus.CALCULATING)
    with transaction.atomic():
        hold_changes([pay.enterprise.pk])
        thread, results = started(run)
        assert thread.is_alive(), "the calculation did not wait for the posting"
    thread.join(20)
    assert len(results) == 1


def held() -> list[int]:
    """The payers whose changes this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND pid = pg_backend_pid() AND mode = 'ShareLock' ORDER BY 1",
            [CHANGES_LOCK],
        )
        return [payer_id for (payer_id,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_only_who_reaches_a_closed_month_holds_the_changes_of_its_payer(pay: Cast) -> None:
    a_closed_month(pay)
    placement = place_of(BY_TIME)
    with transaction.atomic():
        Attendance.objects.create(
            placement=placement, worked_on=NOVEMBER.first_day, minutes=480, recorded_at=clock.now()
        )
        placement.inmate.placements.update(basis="договор № 2")
        assert held() == []
        other_minutes()
        assert held() == [pay.enterprise.pk]


@pytest.mark.django_db
def test_a_change_opened_again_comes_after_what_was_calculated(pay: Cast) -> None:
    """A later run that stands calculated does not settle what a reversal has opened again."""
    october = a_closed_month(pay)
    other_minutes()
    first = BackdatedChange.objects.get()
    BackdatedChange.objects.update(settled_by=october)
    run = calculated(november(pay))
    reopen_changes(october)
    again = BackdatedChange.objects.exclude(pk=first.pk).get()
    same = ("inmate_id", "payer_id", "first_day", "cause", "subject", "changed_at", "changed_by_id")
    assert [getattr(again, name) for name in same] == [getattr(first, name) for name in same]
    settle(run)
    again.refresh_from_db()
    assert again.settled_by is None
    assert BackdatedCause(again.cause) == BackdatedCause.ATTENDANCE


@pytest.mark.django_db(transaction=True)
def test_an_empty_run_waits_for_nobody_who_answers_the_same_change(pay: Cast) -> None:
    """Whoever holds the mark just now is answering it: the calculation leaves it and ends."""
    a_closed_month(pay)
    other_minutes()
    other_minutes(480)
    run = november(pay)
    with transaction.atomic():
        mark = BackdatedChange.objects.select_for_update().get()
        thread, results = started(run)
        thread.join(20)
        assert [one.status for one in results] == [RunStatus.CALCULATED]
    mark.refresh_from_db()
    assert mark.settled_by is None
    PayrollRun.objects.filter(pk=run.pk).update(status=RunStatus.CALCULATING)
    run = calculated(run)
    mark.refresh_from_db()
    assert mark.settled_by == run


@pytest.mark.django_db(transaction=True)
def test_an_empty_run_leaves_a_change_within_its_calculation(pay: Cast) -> None:
    """What it has read is answered; what came while it was reading is another mark."""
    a_closed_month(pay)
    other_minutes()
    other_minutes(480)
    first = BackdatedChange.objects.get()
    run = calculated(november(pay), During(lambda: other_minutes(120)))
    assert corrected(run) == set()
    second = BackdatedChange.objects.get(settled_by=None)
    first.refresh_from_db()
    assert (first.settled_by, second.pk > first.pk) == (run, True)
