"""Random histories of bonuses, errors, reversals and payments of two months: after each act the
books agree, the payslips add up to what is expected, and nobody owes less than nothing. Runs are
taken back before anybody approves them, and mirrors wait while other wages are made.
"""

import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db.models import Sum

from inmates.enums import FINAL_RUNS, OFF_CYCLE_RUNS, RunKind, RunStatus
from inmates.models import Attendance, ExtraPay, Inmate, PayrollRun, Payslip
from inmates.off_cycle_refusals import AlreadyReversed, LaterRunStands, ReversalWaits
from inmates.presenters.run_kinds import is_payable
from inmates.selectors.off_cycle import Scope, candidates
from inmates.selectors.payroll import runs_with_totals
from inmates.services.corrections import family_of
from inmates.services.off_cycle import drop_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import OCTOBER, a_writ, attended, calculated, days_of
from tests.inmates.off_cycle import (
    an_extra,
    made_run,
    month_sums,
    owed,
    posted_run,
    reversal_of,
    shortened,
    two_workers,
)
from tests.inmates.test_debts_and_reversals import credited, earned, withheld
from tests.people import Cast

Sums = defaultdict[tuple[str, Month], Decimal]
PEOPLE = ("1648", "1649")
SEPTEMBER = Month(2026, 9)
MONTHS = (SEPTEMBER, OCTOBER)
ACTS = 9
A_MINUTE = Decimal("10.00")
CLAIM = Decimal("70000.00")
WHY = "случайная история"


class History:
    """Two months with what they should come to: by person, and what each run has told of it."""

    def __init__(self, pay: Cast, seed: int) -> None:
        self.pay = pay
        self.rng = random.Random(seed)  # noqa: S311 - invents tests, keeps no secrets
        self.expected: Sums = defaultdict(Decimal)
        self.told: dict[int, Sums] = {}
        self.took: list[str] = []

    def keep(self, run: PayrollRun) -> None:
        """What a posted run and its corrections say is expected from now on."""
        told: Sums = defaultdict(Decimal)
        for one in family_of(PayrollRun.objects.get(pk=run.pk)):
            for slip in one.payslips.select_related("inmate"):
                told[slip.inmate.personnel_number, Month.of(one.month)] += slip.gross
        self.nothing_paid_twice(run)
        self.told[run.pk] = told
        for key, amount in told.items():
            self.expected[key] += amount

    def take_off(self, run_id: int) -> None:
        """What a run has told is expected no more."""
        for key, amount in self.told[run_id].items():
            self.expected[key] -= amount

    def nothing_paid_twice(self, run: PayrollRun) -> None:
        """Whoever still owes of what the month has paid is paid no more for that month."""
        for slip in run.payslips.filter(is_difference=True, to_account__gt=0):
            of_month = Payslip.objects.filter(
                inmate=slip.inmate, run__month=run.month, run__status__in=FINAL_RUNS
            ).aggregate(sum=Sum("settlement"))["sum"]
            still = min(of_month, owed(slip.inmate.personnel_number))
            assert still <= 0 or slip.to_account + slip.settlement == 0, self.took

    def act(self) -> None:
        """One of the acts that are possible now."""
        acts = [
            self.change, self.change, self.reward, self.mend, self.take_back, self.take_back,
            self.mirror, self.finish, self.give_up, self.pay_out, self.pay_out, self.anew,
            self.redo,
        ]  # fmt: skip
        while not (took := self.rng.choice(acts)()):
            continue
        self.took.append(took)

    def scope(self, month: Month) -> Scope:
        return Scope(self.pay.enterprise.pk, self.pay.institution.pk, month)

    def change(self) -> str:
        number, month = self.rng.choice(PEOPLE), self.rng.choice(MONTHS)
        minutes = self.rng.choice([60, 120, 300, 540, 600])
        days = days_of(month, 10)[: self.rng.choice([1, 1, 8])]
        for day in days:
            shortened(number, day, minutes)
        return f"{number} {month}: {len(days)} days of {minutes} minutes"

    def reward(self) -> str:
        number = self.rng.choice(PEOPLE)
        an_extra(self.pay, number, f"{self.rng.randint(1, 90)}00.00")
        return f"{number}: extra"

    def made(self) -> PayrollRun | None:
        """A run outside the order for somebody whom it has something to tell."""
        kind, month = self.rng.choice([RunKind.BONUS, RunKind.ERROR]), self.rng.choice(MONTHS)
        found = candidates(kind, self.scope(month), clock.today())
        if not found or not self.regular(month):
            return None
        number = self.rng.choice(found).number
        try:
            return made_run(self.pay, kind, [number], self.scope(month), reason=WHY)
        except ReversalWaits:
            assert self.waiting()
            return None

    def mend(self) -> str:
        run = self.made()
        if run is None:
            return ""
        assert run.difference_count == 0, self.took
        if not run.payslips.exists():
            drop_run(actor=self.pay.accountant, run_id=run.pk, at=clock.now())
            return f"{run.kind}: nothing to tell"
        self.keep(self.approved(run))
        return f"{run.kind} {run.month}"

    def give_up(self) -> str:
        """A run is made, and taken back before anybody has approved it."""
        run = self.made()
        if run is None:
            return ""
        drop_run(actor=self.pay.accountant, run_id=run.pk, at=clock.now())
        return f"dropped {run.kind} {run.month}"

    def approved(self, run: PayrollRun) -> PayrollRun:
        run = posted_run(self.pay, run)
        assert run.status == RunStatus.APPROVED, self.took
        return run

    def mirror(self) -> str:
        """A reversal that waits for its approval."""
        standing = self.standing()
        if not standing:
            return ""
        run = self.rng.choice(standing)
        try:
            reversal_of(self.pay, run)
        except (AlreadyReversed, LaterRunStands):
            return ""
        return f"mirror of {run.kind} {run.number}"

    def finish(self) -> str:
        """A mirror that waits is approved; or taken back, where it does not hold any longer."""
        waiting = self.waiting()
        if not waiting:
            return ""
        mirror = self.rng.choice(waiting)
        reversed_id = mirror.reverses_id
        assert reversed_id is not None
        if self.rng.random() < 0.7:
            mirror = posted_run(self.pay, mirror)
        if mirror.status != RunStatus.APPROVED:
            drop_run(actor=self.pay.accountant, run_id=mirror.pk, at=clock.now())
            return f"mirror of {reversed_id} dropped"
        self.take_off(reversed_id)
        return f"reversed {reversed_id}"

    def take_back(self) -> str:
        """At once, where nothing else waits."""
        if self.waiting() or not self.mirror():
            return ""
        mirror = self.waiting()[0]
        assert mirror.reverses_id is not None
        self.approved(mirror)
        self.take_off(mirror.reverses_id)
        return f"reversed {mirror.reverses_id} at once"

    def waiting(self) -> list[PayrollRun]:
        mirrors = PayrollRun.objects.filter(kind=RunKind.REVERSAL, settled_with=None)
        return list(mirrors.exclude(status__in=FINAL_RUNS).order_by("pk"))

    def payable(self) -> list[PayrollRun]:
        runs = runs_with_totals(PayrollRun.objects.select_related("reverses", "payer"))
        approved = runs.filter(status=RunStatus.APPROVED).order_by("pk")
        return [run for run in approved if is_payable(run)]

    def pay_out(self) -> str:
        payable = self.payable()
        if not payable:
            return ""
        run = self.rng.choice(payable)
        paid(self.pay, run)
        return f"paid {run.kind} {run.number}"

    def anew(self) -> str:
        """A month without wages, or whose wages were reversed, gets its regular run."""
        open_months = [month for month in MONTHS if not self.regular(month)]
        return self.regular_of(self.rng.choice(open_months)) if open_months else ""

    def redo(self) -> str:
        """Wages that were paid are taken back, and their month is calculated anew."""
        paid_ones = [run for run in self.standing() if run.status == RunStatus.PAID]
        found = [run for run in paid_ones if run.kind == RunKind.REGULAR]
        if self.waiting() or not found:
            return ""
        try:
            mirror = reversal_of(self.pay, self.rng.choice(found))
        except (AlreadyReversed, LaterRunStands):
            return ""
        assert mirror.reverses_id is not None
        self.approved(mirror)
        self.take_off(mirror.reverses_id)
        return f"{self.regular_of(Month.of(mirror.month))} anew after it was paid"

    def regular_of(self, month: Month) -> str:
        """Nothing where differences that were paid with the other month have said it all."""
        run = calculated(self.pay, month)
        assert run.difference_count == 0, self.took
        if not run.payslips.exists():
            return ""
        self.keep(self.approved(run))
        return f"regular {run.month}"

    def regular(self, month: Month) -> bool:
        return any(
            run.kind == RunKind.REGULAR and run.month == month.first_day for run in self.standing()
        )

    def standing(self) -> list[PayrollRun]:
        kinds = (RunKind.REGULAR, *OFF_CYCLE_RUNS)
        runs = PayrollRun.objects.filter(kind__in=kinds, status__in=FINAL_RUNS, is_reversed=False)
        return list(runs.order_by("pk"))

    def now(self, number: str, month: Month) -> Decimal:
        """What a whole calculation of the month would say: minutes and one-off payments."""
        days = Attendance.objects.filter(
            placement__inmate__personnel_number=number,
            worked_on__range=(month.first_day, month.last_day),
        )
        extra = ExtraPay.objects.filter(inmate__personnel_number=number, month=month.first_day)
        minutes = sum(days.values_list("minutes", flat=True))
        return minutes * A_MINUTE + sum(extra.values_list("amount", flat=True), Decimal("0.00"))

    def come_to_an_end(self) -> None:
        """Nothing waits any more, every change is answered, and everything is paid."""
        for mirror in self.waiting():
            drop_run(actor=self.pay.accountant, run_id=mirror.pk, at=clock.now())
        for _round in range(3):  # an answer in one month may ask for one in the other
            for month in MONTHS:
                if not self.regular(month):
                    self.regular_of(month)
                for kind in (RunKind.BONUS, RunKind.ERROR):
                    self.answer(kind, month)
        while self.pay_out():
            continue

    def answer(self, kind: RunKind, month: Month) -> None:
        waiting = [one.number for one in candidates(kind, self.scope(month), clock.today())]
        if not waiting or not self.regular(month):
            return
        run = made_run(self.pay, kind, waiting, self.scope(month), reason="всё, что ждёт")
        if run.payslips.exists():
            self.keep(self.approved(run))
        else:
            drop_run(actor=self.pay.accountant, run_id=run.pk, at=clock.now())


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_paid_and_taken_back_adds_up(pay: Cast, seed: int) -> None:
    first_signature(pay)
    two_workers(pay)
    people = {number: Inmate.objects.get(personnel_number=number) for number in PEOPLE}
    for inmate in people.values():
        attended(inmate.placements.get(), days_of(SEPTEMBER, 10))
    a_writ(people["1648"], "И-1", kind="claim", queue=1, debt=CLAIM)
    history = History(pay, seed)
    history.keep(posted(pay, SEPTEMBER))
    for _act in range(ACTS):
        history.act()
        assert check_books() == [], history.took
        for number in PEOPLE:
            for month in MONTHS:
                found = month_sums(number, month)["gross"] or 0
                assert found == history.expected[number, month], history.took
            assert owed(number) >= 0, history.took
    history.come_to_an_end()
    for number, inmate in people.items():
        for month in MONTHS:
            assert month_sums(number, month)["gross"] == history.now(number, month), history.took
        # To the tenge: what was earned is paid, but for what was paid too much.
        assert credited(inmate) == earned(inmate) + owed(number), history.took
        assert withheld(inmate) <= CLAIM, history.took
    assert check_books() == []
