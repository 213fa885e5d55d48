"""The second calculation against the first, of 2 000 and 20 000 people by the piece.

Each has 22 days, 66 entries of output in the month and none to three writs. The first is the
portal's run without the check at its end; the second is that check, over what the run has stored.
"""

from dataclasses import dataclass, field

from celery import current_app
from django.db import connection, transaction

from inmates.enums import RunStatus
from inmates.models import PayrollDifference, PayrollRun, Payslip, PayslipLine
from inmates.services import calculation
from inmates.services.second_check import check_payroll_run
from tests.benchmarks.harness import Bar, Bench, Side, Timing, benchmark, times_as_long
from tests.benchmarks.payroll import OCTOBER, _a_place
from tests.inmates.crowd import Ground, ground_for, settle_crowd
from tests.inmates.months import make_pay
from tests.people import NOW
from workshops.models import Institution

FIRST, SECOND = "first calculation", "second calculation"
ENTRIES_A_DAY = 3
ROUNDS = 3


class Quiet:
    """Nobody watches this worker."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        pass

    def hold(self) -> None:
        pass


@dataclass
class Wages:
    """One crowd at a place of its own, and its run."""

    people: int
    ground: Ground
    institution: Institution
    run: PayrollRun = field(init=False)

    def order(self) -> None:
        """Nobody is paid, and the run waits for a worker."""
        tables = ", ".join(
            model._meta.db_table for model in (Payslip, PayslipLine, PayrollDifference)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables} CASCADE")
        PayrollRun.objects.all().delete()
        cast = self.ground.cast
        self.run = PayrollRun.objects.create(
            payer=cast.enterprise,
            institution=self.institution,
            month=OCTOBER.first_day,
            status=RunStatus.CALCULATING,
            started_by=cast.accountant,
            created_at=NOW,
        )

    def first(self) -> int:
        """The run as a worker makes it, but for the check, which is the other side."""
        real = calculation.check_payroll_run
        calculation.check_payroll_run = lambda *, run_id, at: 0
        try:
            calculation.calculate_payroll_run(run_id=self.run.pk, progress=Quiet(), at=NOW)
        finally:
            calculation.check_payroll_run = real
        return self.people

    def calculated(self) -> None:
        """Before a check is timed: its run has been made."""
        if not Payslip.objects.filter(run__institution=self.institution).exists():
            self.order()
            self.first()

    def second(self) -> int:
        with transaction.atomic():
            found = check_payroll_run(run_id=self.run.pk, at=NOW)
        if found or Payslip.objects.count() != self.people:
            raise AssertionError(f"{found} differences in {self.people} payslips")
        return self.people


def _crowds(sizes: tuple[int, ...]) -> list[Wages]:
    # No worker of anybody's may hear of these runs.
    current_app.conf.broker_url = "memory://"
    ground = ground_for(make_pay(), sum(sizes))
    crowds = []
    for number, people in enumerate(sizes, start=80):
        institution, post = _a_place(ground, str(number))
        settle_crowd(
            ground, people, post, first_number=number * 100_000, entries_a_day=ENTRIES_A_DAY
        )
        crowds.append(Wages(people, ground, institution))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return crowds


def _sides(wages: Wages) -> list[Side]:
    return [
        Side(FIRST, wages.first, before=wages.order),
        Side(SECOND, wages.second, before=wages.calculated),
    ]


@benchmark("second", "Second calculation")
def second(bench: Bench) -> None:
    sizes = (bench.size(full=2_000, quick=20), bench.size(full=20_000, quick=40))
    counts = []
    for wages in _crowds(sizes):
        times = bench.interleave(*_sides(wages), rounds=ROUNDS)
        counts.append(times[SECOND].statements)
        _report(bench, wages.people, times)
    bench.bar(
        Bar(
            f"statements of the second calculation, {sizes[1]} people more than {sizes[0]}",
            counts[1] - counts[0],
            at_most=0,
            unit="",
        )
    )


def _report(bench: Bench, people: int, times: dict[str, Timing]) -> None:
    bench.line(f"{FIRST}, {people} people", times[FIRST], unit="slips")
    bench.line(f"{SECOND}, {people} people", times[SECOND], unit="slips", against=times[FIRST])
    bench.bar(
        Bar(
            f"second calculation against the first, {people} people",
            times_as_long(times[SECOND], times[FIRST]),
            at_most=1.0,
            goal=0.5,
        )
    )
