"""Random histories of bonuses, errors, reversals and payments of one month: after each act the
books agree, the payslips add up to what is expected, and nobody owes less than nothing.
"""

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from inmates.enums import FINAL_RUNS, OFF_CYCLE_RUNS, RunKind, RunStatus
from inmates.models import Attendance, ExtraPay, PayrollRun
from inmates.off_cycle_refusals import LaterRunStands
from inmates.presenters.run_kinds import is_payable
from inmates.selectors.off_cycle import candidates
from inmates.selectors.payroll import runs_with_totals
from portal.kernel import clock
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import calculated
from tests.inmates.off_cycle import (
    an_extra,
    made_run,
    month_sums,
    october,
    owed,
    posted_run,
    reversed_and_posted,
    shortened,
    two_workers,
)
from tests.people import Cast

PEOPLE = ("1648", "1649")
ACTS = 7
A_MINUTE = Decimal("10.00")
DAY = date(2026, 10, 1)


class History:
    """One month with what it should come to: by person, and what each run has told of it."""

    def __init__(self, pay: Cast, seed: int) -> None:
        self.pay = pay
        self.rng = random.Random(seed)  # noqa: S311 - invents tests, keeps no secrets
        self.expected: Counter[str] = Counter()
        self.told: dict[int, Counter[str]] = {}
        self.took: list[str] = []

    def keep(self, run: PayrollRun) -> None:
        """What a posted run says is expected from now on."""
        gross = {slip.inmate.personnel_number: slip.gross for slip in run.payslips.all()}
        self.told[run.pk] = Counter(gross)  # type: ignore[arg-type]  # sums of money
        for number, amount in gross.items():
            self.expected[number] += amount  # type: ignore[assignment]  # a sum of money

    def act(self) -> None:
        """One of the acts that are possible now."""
        acts = [self.change, self.reward, self.mend, self.take_back, self.pay_out, self.anew]
        while not (took := self.rng.choice(acts)()):
            continue
        self.took.append(took)

    def change(self) -> str:
        number = self.rng.choice(PEOPLE)
        minutes = self.rng.choice([120, 240, 300, 540, 600])
        shortened(number, DAY, minutes)
        return f"{number}: {minutes} minutes"

    def reward(self) -> str:
        number = self.rng.choice(PEOPLE)
        an_extra(self.pay, number, f"{self.rng.randint(1, 90)}00.00")
        return f"{number}: extra"

    def mend(self) -> str:
        kind = self.rng.choice([RunKind.BONUS, RunKind.ERROR])
        found = candidates(kind, october(self.pay), clock.today())
        if not found or not self.regular():
            return ""
        number = self.rng.choice(found).number
        run = made_run(self.pay, kind, [number], reason="случайная история")
        if not run.payslips.exists():
            return f"{kind}: nothing to tell of {number}"
        assert run.difference_count == 0
        self.keep(posted_run(self.pay, run))
        return f"{kind}: {number}"

    def take_back(self) -> str:
        standing = self.standing()
        if not standing:
            return ""
        run = self.rng.choice(standing)
        try:
            mirror = reversed_and_posted(self.pay, run)
        except LaterRunStands:
            return ""
        assert mirror.status == RunStatus.APPROVED, self.took
        for number, amount in self.told[run.pk].items():
            self.expected[number] -= amount
        return f"reversed {run.kind} {run.number}"

    def pay_out(self) -> str:
        waiting = [run for run in self.standing() if run.status == RunStatus.APPROVED]
        payable = [run for run in waiting if is_payable(run)]
        if not payable:
            return ""
        run = self.rng.choice(payable)
        paid(self.pay, run)
        return f"paid {run.kind} {run.number}"

    def anew(self) -> str:
        """A month whose wages were reversed gets its regular run again."""
        if self.regular():
            return ""
        run = calculated(self.pay)
        if not run.payslips.exists():
            return ""
        self.keep(posted_run(self.pay, run))
        return "regular again"

    def regular(self) -> bool:
        return any(run.kind == RunKind.REGULAR for run in self.standing())

    def standing(self) -> list[PayrollRun]:
        runs = runs_with_totals(PayrollRun.objects.select_related("reverses", "payer"))
        kinds = (RunKind.REGULAR, *OFF_CYCLE_RUNS)
        return list(runs.filter(kind__in=kinds, status__in=FINAL_RUNS, is_reversed=False))

    def now(self, number: str) -> Decimal:
        """What a whole calculation of the month would say: minutes and one-off payments."""
        days = Attendance.objects.filter(placement__inmate__personnel_number=number)
        extra = ExtraPay.objects.filter(inmate__personnel_number=number)
        minutes = sum(days.values_list("minutes", flat=True))
        return minutes * A_MINUTE + sum(extra.values_list("amount", flat=True), Decimal("0.00"))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_paid_and_taken_back_adds_up(pay: Cast, seed: int) -> None:
    first_signature(pay)
    two_workers(pay)
    history = History(pay, seed)
    history.keep(posted(pay))
    for _act in range(ACTS):
        history.act()
        assert check_books() == [], history.took
        for number in PEOPLE:
            assert month_sums(number)["gross"] == history.expected[number], history.took
            assert owed(number) >= 0, history.took
    # Whatever still waits is paid: then each person's month is what the inputs say.
    history.anew()
    for kind in (RunKind.BONUS, RunKind.ERROR):
        waiting = [one.number for one in candidates(kind, october(pay), clock.today())]
        if waiting:
            run = made_run(pay, kind, waiting, reason="всё, что ждёт")
            if run.payslips.exists():
                history.keep(posted_run(pay, run))
    for number in PEOPLE:
        assert month_sums(number)["gross"] == history.now(number), history.took
    assert check_books() == []
