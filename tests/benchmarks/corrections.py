"""Differences of a closed month for everybody in it, against the month itself, of 20 000 people.

The rate of the pension contribution came out higher, back-dated: every payslip of October differs.
Both sides are what a worker does, the check of the second calculation with it; the differences are
made by the run of November, in which nobody of them worked.
"""

from dataclasses import dataclass, field

from celery import current_app
from django.db import connection, transaction

from inmates.enums import RunKind, RunStatus
from inmates.models import BackdatedChange, PayParameter, PayrollRun, Payslip, RunPerson
from inmates.services.calculation import calculate_payroll_run
from inmates.services.corrections import corrections_of
from inmates.services.slip_store import remove_slips
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.benchmarks.harness import Bar, Bench, Side, benchmark, times_as_long
from tests.benchmarks.payroll import _a_place
from tests.benchmarks.second import Quiet
from tests.inmates.crowd import Ground, ground_for, settle_crowd
from tests.inmates.months import make_pay
from tests.people import NOW
from workshops.models import Institution

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
MONTH, DIFFERENCES = "a month", "differences of a month"
ENTRIES_A_DAY = 3
ROUNDS = 3


@dataclass
class Place:
    """A crowd at a place of its own, and the run that is worked off there."""

    people: int
    ground: Ground
    institution: Institution
    run: PayrollRun = field(init=False)

    def opens(self, month: Month) -> None:
        """A run that waits for a worker; those of the month that were not approved are gone."""
        for one in PayrollRun.objects.filter(
            institution=self.institution, kind=RunKind.REGULAR, month=month.first_day
        ):
            for member in (*corrections_of(one), one):
                remove_slips(member.pk)
                RunPerson.objects.filter(run=member).delete()
                member.delete()
        cast = self.ground.cast
        self.run = PayrollRun.objects.create(
            payer=cast.enterprise,
            institution=self.institution,
            month=month.first_day,
            status=RunStatus.CALCULATING,
            started_by=cast.accountant,
            created_at=NOW,
        )

    def calculates(self) -> int:
        calculate_payroll_run(run_id=self.run.pk, progress=Quiet(), at=clock.now())
        self.run.refresh_from_db()
        if self.run.status != RunStatus.CALCULATED or self.run.difference_count:
            raise AssertionError(f"{self.run.status}, {self.run.difference_count} differences")
        return self.people

    def closes(self) -> None:
        """October is approved, past the books, which are no part of this."""
        with transaction.atomic():
            rows = PayrollRun.objects.filter(pk=self.run.pk)
            rows.update(
                status=RunStatus.POSTING,
                approved_by=self.ground.cast.head,
                approved_at=NOW,
                checked_at=NOW,
                difference_count=0,
            )
            rows.update(status=RunStatus.APPROVED, posted_at=NOW, number=f"О-{self.run.pk}")

    def differs(self) -> int:
        """The differences of October, made by the run of November."""
        done = self.calculates()
        (correction,) = corrections_of(self.run)
        slips = Payslip.objects.filter(run=correction, is_difference=True).count()
        if correction.difference_count or slips != self.people:
            raise AssertionError(f"{slips} differences of {self.people}")
        return done


def _places(people: int) -> list[Place]:
    # No worker of anybody's may hear of these runs.
    current_app.conf.broker_url = "memory://"
    ground = ground_for(make_pay(), 2 * people)
    places = []
    for number in (90, 91):
        institution, post = _a_place(ground, str(number))
        settle_crowd(
            ground, people, post, first_number=number * 100_000, entries_a_day=ENTRIES_A_DAY
        )
        places.append(Place(people, ground, institution))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return places


def _changed_law() -> None:
    """The pension contribution of everybody, and the payments that only some have none of."""
    PayParameter.objects.filter(code="opv_rate").update(value="0.11")
    PayParameter.objects.filter(code="oosms_rate").update(value="0.04")
    PayParameter.objects.filter(code="so_rate").update(value="0.06")
    PayParameter.objects.filter(code="social_tax_rate").update(value="0.12")


@benchmark("corrections", "Differences of a closed month")
def corrections(bench: Bench) -> None:
    people = bench.size(full=20_000, quick=40)
    ordinary, corrected = _places(people)
    corrected.opens(OCTOBER)
    corrected.calculates()
    corrected.closes()
    _changed_law()
    if not BackdatedChange.objects.filter(institution=corrected.institution).exists():
        raise AssertionError("a back-dated parameter marks nobody")
    times = bench.interleave(
        Side(MONTH, ordinary.calculates, before=lambda: ordinary.opens(OCTOBER)),
        Side(DIFFERENCES, corrected.differs, before=lambda: corrected.opens(NOVEMBER)),
        rounds=ROUNDS,
    )
    bench.line(f"{MONTH}, {people} people", times[MONTH], unit="slips")
    bench.line(
        f"{DIFFERENCES}, {people} people", times[DIFFERENCES], unit="slips", against=times[MONTH]
    )
    bench.bar(
        Bar(
            f"differences of a month against the month, {people} people",
            times_as_long(times[DIFFERENCES], times[MONTH]),
            at_most=2.0,
        )
    )
