"""Wages whose workers are killed, or get the same task two and three times at once.

One worker with two processes serves all tests here; each is told by files when to die or wait.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from inmates.enums import RunStatus
from inmates.models import CalendarDay, PayRate, PayrollRun, Placement
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.directories import load_calendar
from inmates.services.payroll import recalculate_person
from portal.kernel import clock
from portal.kernel.models import TaskStatus
from portal.kernel.states import history_of
from tests.inmates.books import approved, check_books
from tests.inmates.months import OCTOBER, a_worker, days_of, started
from tests.inmates.survivors import (
    BATCH,
    CALCULATE,
    POST,
    a_payer,
    assert_calculated_as,
    assert_posted_as,
    falls_silent,
    is_done,
    moments,
    slips_of,
    survive,
    task_of,
    undisturbed_books,
)
from tests.people import LONG_AGO, Cast
from tests.worker import Worker, resend, wait_until
from tests.worker_faults import Faults
from workshops.models import Post

pytestmark = pytest.mark.django_db(transaction=True)
TWO_AT_ONCE = ("--pool", "prefork", "--concurrency", "2")
SEEDS = (1, 2)
# The statement at which an attempt has read that there is something to do, and has reported nothing
# yet. Later ones may hold the row of the task, and whoever asks for it then would wait as well.
BEFORE_ANY_LOCK = 4


class Crew:
    """The worker and what befalls it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.faults = folder, Faults(folder)
        self.worker = self._start()

    def _start(self) -> Worker:
        orders = {"FAULTS": str(self.folder), "PAYROLL_BATCH": str(BATCH)}
        return Worker(self.folder / "worker.log", *TWO_AT_ONCE, **orders)

    def be_two(self) -> None:
        """A pool that lost a process may still hand work to it; one that lost none is kept."""
        if self.told(b"exited prematurely"):
            self.worker.stop()
            self.worker = self._start()
        self.worker.wait_until_ready()

    def told(self, words: bytes) -> int:
        return self.worker.log.read_bytes().count(words)


@pytest.fixture(scope="module")
def only_crew(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    crew = Crew(tmp_path_factory.mktemp("crew"))
    try:
        yield crew
    finally:
        crew.worker.stop()


@pytest.fixture
def crew(only_crew: Crew, own_messages: None) -> Crew:
    only_crew.faults.forget(CALCULATE, POST)
    only_crew.be_two()
    return only_crew


@pytest.fixture
def payer(transactional_db: None, crew: Crew) -> Cast:
    return a_payer()


def calculated_by_a_worker(cast: Cast) -> PayrollRun:
    """Without any fault: what all others are held against."""
    run = started(cast)
    wait_until(lambda: is_done(run))
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED
    return run


# --- killed at random moments -----------------------------------------------------------------
@pytest.mark.parametrize("seed", SEEDS)
def test_a_calculation_survives_the_death_of_its_workers(
    payer: Cast, crew: Crew, seed: int
) -> None:
    run = calculated_by_a_worker(payer)
    expected, statements = slips_of(run), crew.faults.statements(CALCULATE)
    assert len(expected[0]) > BATCH * 2
    deaths = moments(seed, statements)
    crew.faults.order(CALCULATE, "die", *next(deaths))
    run = started(payer)
    died = survive(crew.faults, run, CALCULATE, deaths)
    assert died > 1
    assert task_of(run).attempts == died + 1
    assert_calculated_as(run, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_posting_survives_the_death_of_its_workers(payer: Cast, crew: Crew, seed: int) -> None:
    run = calculated_by_a_worker(payer)
    slips, books = slips_of(run), undisturbed_books(payer, run)
    assert books
    # Of a posting in one piece; about as many statements as its check takes, and some.
    deaths = moments(seed, crew.faults.statements(CALCULATE))
    crew.faults.order(POST, "die", *next(deaths))
    run = approved(payer, run)
    died = survive(crew.faults, run, POST, deaths)
    assert died > 1
    assert_posted_as(run, books)
    assert slips_of(run) == slips


# --- delivered two and three times at once ----------------------------------------------------
@pytest.mark.parametrize("times", [2, 3])
def test_a_calculation_delivered_at_once_to_two_workers_is_made_once(
    payer: Cast, crew: Crew, times: int
) -> None:
    run = calculated_by_a_worker(payer)
    expected = slips_of(run)
    crew.faults.order(CALCULATE, "wait", BEFORE_ANY_LOCK)
    run = started(payer)
    deliver_again(crew, run, CALCULATE, times - 1)
    assert_calculated_as(run, expected)


@pytest.mark.parametrize("times", [2, 3])
def test_a_posting_delivered_at_once_to_two_workers_is_made_once(
    payer: Cast, crew: Crew, times: int
) -> None:
    run = calculated_by_a_worker(payer)
    books = undisturbed_books(payer, run)
    crew.faults.order(POST, "wait", BEFORE_ANY_LOCK)
    run = approved(payer, run)
    deliver_again(crew, run, POST, times - 1)
    assert_posted_as(run, books)


def deliver_again(crew: Crew, run: PayrollRun, task: str, times: int) -> None:
    """While one process is in the middle of it, the other gets the same message so often."""
    from celery import current_app

    wait_until(lambda: crew.faults.happened(task))
    before = crew.told(b"left alone")
    for _time in range(times):
        current_app.send_task(task, kwargs={"task_run": str(run.task_run_id)})
    wait_until(lambda: crew.told(b"left alone") == before + times)
    crew.faults.go_on(task)
    wait_until(lambda: is_done(run))
    assert task_of(run).attempts == 1


@pytest.mark.parametrize("task", [CALCULATE, POST])
def test_a_worker_taken_for_dead_writes_nothing_beside_its_successor(
    payer: Cast, crew: Crew, task: str
) -> None:
    """It was only slow: the other process has done everything when it goes on."""
    run = calculated_by_a_worker(payer)
    slips, books = slips_of(run), undisturbed_books(payer, run)
    before = crew.told(b"taken over")
    crew.faults.order(task, "wait", BEFORE_ANY_LOCK)
    run = started(payer) if task == CALCULATE else approved(payer, run)
    wait_until(lambda: crew.faults.happened(task))
    falls_silent(run)
    wait_until(lambda: is_done(run))
    assert task_of(run).attempts == 2
    crew.faults.go_on(task)
    wait_until(lambda: crew.told(b"taken over") == before + 1)
    if task == CALCULATE:
        assert_calculated_as(run, slips)
    else:
        assert_posted_as(run, books)


# --- one person's failure ---------------------------------------------------------------------
def test_one_persons_failure_is_listed_and_made_good_alone_by_workers_that_die(
    payer: Cast, crew: Crew, client: Client
) -> None:
    post = Post.objects.create(workshop=payer.workshop, name_ru="Маляр", trade=payer.trade, seats=1)
    rate = PayRate.objects.create(
        payer=payer.enterprise, post=post, amount=Decimal("650.00"), effective_from=LONG_AGO
    )
    painter = a_worker(payer, "4711")
    Placement.objects.filter(inmate=painter).update(post=post)
    expected = slips_of(calculated_by_a_worker(payer))

    crew.faults.order(CALCULATE, "wait", 1)
    run = started(payer)
    wait_until(lambda: crew.faults.happened(CALCULATE))
    PayRate.objects.filter(pk=rate.pk).delete()
    crew.faults.go_on(CALCULATE)
    wait_until(lambda: is_done(run))
    run.refresh_from_db()
    assert run.status == RunStatus.INCOMPLETE
    assert run.problems.get().inmate == painter
    assert [row for row in expected[0] if row[0] != "4711"] == slips_of(run)[0]
    client.force_login(payer.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert "Маляр" in page
    assert "people/4711/start/" in page

    rate.save(force_insert=True)
    kept = set(run.payslips.values_list("pk", flat=True))
    deaths = moments(3, crew.faults.statements(CALCULATE) // 2)
    crew.faults.order(CALCULATE, "die", *next(deaths))
    recalculate_person(actor=payer.accountant, run_id=run.pk, inmate_id=painter.pk, at=clock.now())
    assert survive(crew.faults, run, CALCULATE, deaths)
    assert_calculated_as(run, expected)
    assert kept < set(run.payslips.values_list("pk", flat=True)), "the others' slips stay"


# --- what nobody can be calculated without ----------------------------------------------------
def test_a_calendar_that_goes_missing_stops_the_run_with_its_sentence(
    payer: Cast, crew: Crew, client: Client
) -> None:
    expected = slips_of(calculated_by_a_worker(payer))
    crew.faults.order(CALCULATE, "wait", 1)
    run = started(payer)
    wait_until(lambda: crew.faults.happened(CALCULATE))
    CalendarDay.objects.filter(day=OCTOBER.last_day).delete()
    crew.faults.go_on(CALCULATE)
    wait_until(lambda: task_of(run).status == TaskStatus.FAILED)
    run.refresh_from_db()
    assert run.status == RunStatus.INCOMPLETE
    reason = list(history_of(run))[-1].reason
    assert reason == task_of(run).error != ""
    client.force_login(payer.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert reason in page

    # The month is not held by a calculation that is no more.
    someone = Placement.objects.filter(pay_form="time").order_by("pk").first()
    assert someone is not None
    day = AttendedDay(someone.pk, days_of(OCTOBER, 1)[0], 480)
    record_attendance(
        actor=payer.master, days=[day], at=clock.now(), correction="как было в табеле"
    )

    load_calendar((OCTOBER.year,))
    run = started(payer)
    wait_until(lambda: is_done(run))
    assert [row[0] for row in slips_of(run)[0]] == [row[0] for row in expected[0]]
    assert check_books() == []


def test_a_run_lost_too_often_says_so_and_starts_again(
    payer: Cast, crew: Crew, client: Client
) -> None:
    """Five workers died of it: nobody tries any more until a person looks at it."""
    expected = slips_of(calculated_by_a_worker(payer))
    crew.faults.order(CALCULATE, "die", 30)
    run = started(payer)
    wait_until(lambda: crew.faults.happened(CALCULATE))
    task = task_of(run)
    type(task).objects.filter(pk=task.pk).update(attempts=5)
    crew.faults.forget(CALCULATE)
    falls_silent(run)
    assert task_of(run).status == TaskStatus.FAILED
    client.force_login(payer.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert task_of(run).error in page
    assert reverse("inmates:payroll_restart", args=[run.pk]) in page
    assert resend() == 0
    run = started(payer)
    wait_until(lambda: is_done(run))
    assert_calculated_as(run, expected)
