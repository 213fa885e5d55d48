"""A payroll run of many: what it asks the database, what it stores, and what a lost worker leaves.

The people are generated (`crowd`) and committed, as a worker finds them.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inmates.enums import RunStatus
from inmates.models import Inmate, PayrollProblem, PayrollRun, Payslip, PayslipLine
from inmates.selectors.payroll_inputs import RunInputs, run_inputs
from inmates.selectors.payroll_law import law_of_month
from inmates.selectors.payroll_shared import read_shared
from inmates.services import calculation
from inmates.services.calculation import calculate_payroll_run
from inmates.services.slip_store import RESULT_COLUMNS
from inmates.slip_lines import Rules, SlipLine
from inmates.slips import Slip, make_slip
from portal.kernel.models import TaskRun
from portal.kernel.queue import TaskSuperseded, claim_run, run_here
from tests.benchmarks.counting import CountingCursor
from tests.inmates.crowd import DAYS, a_crowd, ground_for, settle_crowd
from tests.inmates.months import make_pay, started
from tests.inmates.second_place import second_place
from tests.people import NOW, Cast, an_hourly_rate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payer(transactional_db: None, no_broker: list) -> Cast:
    return make_pay()


@pytest.fixture
def counted(transactional_db: None) -> Iterator[type[CountingCursor]]:
    """Every statement of the connection is counted, COPY too."""
    connection.ensure_connection()
    plain = connection.connection.cursor_factory
    connection.connection.cursor_factory = CountingCursor
    yield CountingCursor
    connection.connection.cursor_factory = plain


@dataclass
class Report:
    """A progress that remembers what it was told and may die at a given point."""

    dies_at: int | None = None
    told: list[tuple[int, int, int]] = field(default_factory=list)
    real: Any = None

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        self.told.append((done, total, failed))
        if self.real is not None:
            self.real.report(done=done, total=total, failed=failed)
        if done == self.dies_at:
            raise Killed

    def hold(self) -> None:
        if self.real is not None:
            self.real.hold()


class Killed(BaseException):
    pass


def work_off(run: PayrollRun) -> PayrollRun:
    run_here(
        run.task_run,
        lambda progress: calculate_payroll_run(run_id=run.pk, progress=progress, at=NOW),
    )
    run.refresh_from_db()
    return run


def inputs_of(run: PayrollRun) -> tuple[RunInputs, Rules]:
    """What the run is computed from, read once more."""
    run = PayrollRun.objects.select_related("institution").get(pk=run.pk)
    inputs = run_inputs(run)
    read_shared(inputs, run, [person.id for person in inputs.people])
    return inputs, law_of_month(inputs.month)


def test_the_crowd_has_everybody_and_is_the_same_again(payer: Cast) -> None:
    a_crowd(payer, 60)
    forms = dict(Inmate.objects.values_list("personnel_number", "placements__pay_form"))
    assert len(forms) == 60
    assert set(forms.values()) == {"time", "piece"}
    assert len(DAYS) == 22
    inmate = Inmate.objects.order_by("personnel_number").first()
    assert inmate is not None
    assert inmate.placements.get().attendance.count() == 22
    assert (inmate.personnel_number, str(inmate.born_on)) == ("100000", "1992-07-24")


def test_a_run_asks_the_same_of_few_and_of_many(payer: Cast, counted: type[CountingCursor]) -> None:
    """The third time both are calculated again: clearing what was stored costs no more either."""
    institution, post = second_place(payer)
    an_hourly_rate(payer, "600.00", post=post)
    ground = ground_for(payer, 150)
    settle_crowd(ground, 20, payer.joiners)
    settle_crowd(ground, 130, post, first_number=200_000)
    counts: dict[int, list[tuple[int, int]]] = {}
    for people, place in ((20, payer.institution), (130, institution)):
        for _time in range(3):
            counted.statements = 0
            run = started(payer, institution_id=place.pk)
            to_start = counted.statements
            work_off(run)
            # Less one: `work_off` reads the run back for the test.
            counts.setdefault(people, []).append((to_start, counted.statements - to_start - 1))
            assert run.payslips.count() == people
    assert counts[20][1:] == counts[130][1:]
    # The bar: 40, and 2 for each thousand people; both calculations together.
    assert max(to_calculate for _start, to_calculate in counts[130]) <= 40, counts


def test_what_is_stored_is_what_was_computed(payer: Cast) -> None:
    """Every sum, line, explanation and name of everybody, read back from the database."""
    a_crowd(payer, 80)
    run = work_off(started(payer))
    inputs, rules = inputs_of(run)
    stored = {slip.inmate_id: slip for slip in run.payslips.all()}
    assert len(stored) == len(inputs.people) == 80
    for person in inputs.people:
        slip = make_slip(person, inputs, rules)
        assert slip is not None
        _check_same(slip, stored[person.id])


def _check_same(slip: Slip, row: Payslip) -> None:
    worked = (slip.days_worked, slip.minutes_worked, slip.has_basic_deduction)
    assert worked == (row.days_worked, row.minutes_worked, row.has_basic_deduction)
    for name in RESULT_COLUMNS:
        assert getattr(slip.result, name) == getattr(row, name), name
    lines = list(row.lines.order_by("sequence"))
    assert [line.sequence for line in lines] == list(range(1, len(slip.lines) + 1))
    for computed, line in zip(slip.lines, lines, strict=True):
        assert computed == SlipLine(*(getattr(line, name) for name in SlipLine._fields))


def test_a_crowd_has_lines_of_every_kind(payer: Cast) -> None:
    """The comparison above is worth something only if there is something to compare."""
    a_crowd(payer, 80)
    run = work_off(started(payer))
    lines = PayslipLine.objects.filter(payslip__run=run)
    assert set(lines.values_list("kind", flat=True)) == {"earning", "withheld", "writ", "employer"}
    codes = set(lines.values_list("explanation", flat=True))
    assert {"earning.time", "earning.piece", "earning.piece_per"} <= codes
    assert {"ipn.no_application", "ipn.deduction", "not_due.disability"} <= codes
    assert set(lines.filter(kind="writ").values_list("code", flat=True)) == {"alimony", "claim"}


def test_a_worker_that_takes_over_leaves_the_stored_alone_and_counts_their_problems(
    payer: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_crowd(payer, 30)
    monkeypatch.setattr(calculation, "BATCH", 10)
    run = started(payer)
    bad = Inmate.objects.order_by("personnel_number")[3]
    _spoil(monkeypatch, bad.pk)
    first = claim_run(str(run.task_run_id))
    with pytest.raises(Killed):
        calculate_payroll_run(run_id=run.pk, progress=Report(dies_at=10, real=first), at=NOW)
    before = list(run.payslips.order_by("pk").values_list("pk", "inmate_id"))
    assert len(before) == 9

    TaskRun.objects.update(heartbeat_at=NOW - timedelta(days=1))
    second = Report(real=claim_run(str(run.task_run_id)))
    computed = _remember_computed(monkeypatch)
    calculate_payroll_run(run_id=run.pk, progress=second, at=NOW)
    assert second.told == [(10, 30, 1), (20, 30, 1), (30, 30, 1)]
    assert len(computed) == 20
    assert computed.isdisjoint(inmate_id for _pk, inmate_id in before)
    run.refresh_from_db()
    assert run.status == RunStatus.INCOMPLETE
    assert run.payslips.count() == 29
    assert list(run.payslips.order_by("pk").values_list("pk", "inmate_id")[:9]) == before
    assert PayrollProblem.objects.get(run=run).inmate == bad


def _spoil(monkeypatch: pytest.MonkeyPatch, inmate_id: int) -> None:
    real = calculation.make_slip

    def make(person: Any, inputs: Any, rules: Any) -> Slip | None:
        if person.id == inmate_id:
            raise ArithmeticError
        return real(person, inputs, rules)

    monkeypatch.setattr(calculation, "make_slip", make)


def _remember_computed(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    real, computed = calculation.make_slip, set()

    def make(person: Any, inputs: Any, rules: Any) -> Slip | None:
        computed.add(person.id)
        return real(person, inputs, rules)

    monkeypatch.setattr(calculation, "make_slip", make)
    return computed


def test_a_sum_that_cannot_be_stored_is_a_problem_of_one_person(
    payer: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of that person is stored, neither a slip nor some of its lines."""
    a_crowd(payer, 12)
    bad = Inmate.objects.order_by("personnel_number")[5]
    real = calculation.make_slip

    def make(person: Any, inputs: Any, rules: Any) -> Slip | None:
        slip = real(person, inputs, rules)
        if slip is None or person.id != bad.pk:
            return slip
        last = slip.lines[-1]._replace(amount=Decimal("1.005"))
        return Slip(
            slip.inmate_id, slip.days_worked, slip.minutes_worked, slip.result,
            slip.has_basic_deduction, (*slip.lines[:-1], last),
        )  # fmt: skip

    monkeypatch.setattr(calculation, "make_slip", make)
    run = work_off(started(payer))
    assert run.status == RunStatus.INCOMPLETE
    assert PayrollProblem.objects.get(run=run).inmate == bad
    assert run.payslips.count() == 11
    assert not PayslipLine.objects.filter(payslip__inmate=bad).exists()
    assert PayslipLine.objects.filter(code="social_tax").count() == 11


def test_people_are_locked_by_key_before_the_run_and_its_task(payer: Cast) -> None:
    a_crowd(payer, 15)
    run = started(payer)
    with CaptureQueriesContext(connection) as queries:
        work_off(run)
    locks = [one["sql"] for one in queries.captured_queries if "FOR UPDATE" in one["sql"]]
    tables = [sql.partition('FROM "')[2].partition('"')[0] for sql in locks]
    assert tables[:3] == ["inmates_inmate", "inmates_payrollrun", "kernel_taskrun"]
    assert 'SELECT "inmates_inmate"."id" AS "pk"' in locks[0]
    assert "ORDER BY 1 ASC FOR UPDATE" in locks[0]
    # Whoever is locked is locked by one statement: two runs never wait for each other.
    assert tables.count("inmates_inmate") == 1


def test_a_run_waits_for_whoever_holds_one_of_its_people(payer: Cast) -> None:
    """What the other transaction leaves behind is counted: the pay is not computed before."""
    a_crowd(payer, 8)
    run = started(payer)
    held = Inmate.objects.order_by("-pk").first()
    assert held is not None
    errors: list[BaseException] = []

    def calculate() -> None:
        try:
            work_off(run)
        except BaseException as error:  # noqa: BLE001 - told by the assertion below
            errors.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        Inmate.objects.select_for_update().get(pk=held.pk)
        thread = threading.Thread(target=calculate)
        thread.start()
        thread.join(1.0)
        assert thread.is_alive()
        assert not Payslip.objects.exists()
    thread.join(20)
    assert errors == []
    assert run.payslips.count() == 8


def test_a_worker_that_lost_its_claim_writes_nothing_of_the_next_batch(
    payer: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_crowd(payer, 20)
    monkeypatch.setattr(calculation, "BATCH", 10)
    run = started(payer)
    progress = claim_run(str(run.task_run_id))
    assert progress is not None
    real_hold, held = progress.hold, []

    def hold_and_lose() -> None:
        real_hold()
        held.append(True)

    def report(*, done: int, total: int, failed: int = 0) -> None:
        if done == 10:
            TaskRun.objects.update(heartbeat_at=NOW - timedelta(days=1))
            assert claim_run(str(run.task_run_id)) is not None

    monkeypatch.setattr(progress, "hold", hold_and_lose)
    monkeypatch.setattr(progress, "report", report)
    with pytest.raises(TaskSuperseded):
        calculate_payroll_run(run_id=run.pk, progress=progress, at=NOW)
    assert held == [True]
    assert run.payslips.count() == 10


def test_progress_is_told_after_each_commit(payer: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_crowd(payer, 25)
    monkeypatch.setattr(calculation, "BATCH", 10)
    run = started(payer)
    stored: list[int] = []

    class Watch(Report):
        def report(self, *, done: int, total: int, failed: int = 0) -> None:
            assert connection.in_atomic_block is False
            stored.append(Payslip.objects.filter(run=run).count())
            super().report(done=done, total=total, failed=failed)

    watch = Watch(real=claim_run(str(run.task_run_id)))
    calculate_payroll_run(run_id=run.pk, progress=watch, at=NOW)
    assert [done for done, _total, _failed in watch.told] == [0, 10, 20, 25]
    assert stored == [0, 10, 20, 25]


def test_a_batch_takes_a_small_part_of_the_time_that_counts_as_silence(
    payer: Cast, settings: Any
) -> None:
    """Else beat would hand a living worker's run to another one. The processor's time is taken."""
    a_crowd(payer, 200)
    run = started(payer)
    begun = time.process_time()
    work_off(run)
    seconds = (time.process_time() - begun) / 200 * calculation.BATCH
    assert seconds < settings.TASK_SILENCE_SECONDS / 6


def test_calculated_again_nothing_of_the_first_time_is_left(payer: Cast) -> None:
    a_crowd(payer, 20)
    first = set(work_off(started(payer)).payslips.values_list("pk", flat=True))
    lines = PayslipLine.objects.count()
    run = work_off(started(payer))
    assert first.isdisjoint(run.payslips.values_list("pk", flat=True))
    assert PayslipLine.objects.count() == lines
    assert PayslipLine.objects.filter(payslip__run=run).count() == lines
