"""What runs and payslips point at: the database refuses what the proof of the books would name."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from inmates.enums import RunKind, RunStatus
from inmates.models import PayrollRun, Payslip
from inmates.services.corrections import next_sequence
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, readable_refusals
from portal.kernel.periods import Month
from tests.inmates.marks.world import BY_PIECE, BY_TIME, a_closed_month
from tests.inmates.months import OCTOBER
from tests.inmates.second_place import second_place
from tests.people import Cast

SEPTEMBER, NOVEMBER = Month(2026, 9), Month(2026, 11)


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return a_closed_month(pay)


def a_run(pay: Cast, month: Month, kind: str, **fields: Any) -> PayrollRun:
    values = {"payer": pay.enterprise, "institution": pay.institution, "reason": "проверка"}
    scope = (pay.enterprise.pk, pay.institution.pk, month.first_day, kind)
    values |= {"sequence": next_sequence(*scope)} | fields
    return PayrollRun.objects.create(
        month=month.first_day, kind=kind, started_by=pay.accountant, created_at=clock.now(),
        **values,
    )  # fmt: skip


def refused(act: Any) -> str:
    with pytest.raises(ConstraintRefused) as refusal, readable_refusals(), transaction.atomic():
        act()
    return str(refusal.value.constraint)


def test_differences_go_with_a_regular_run_of_a_later_month(pay: Cast, october: PayrollRun) -> None:
    november = a_run(pay, NOVEMBER, RunKind.REGULAR)
    kind = RunKind.CORRECTION
    other = {"institution": second_place(pay)[0]}
    payer = {"payer": pay.entrepreneur}
    wrong = "run_goes_with_later"
    assert refused(lambda: a_run(pay, NOVEMBER, kind, settled_with=november)) == wrong
    assert refused(lambda: a_run(pay, NOVEMBER, kind, settled_with=october)) == wrong
    assert refused(lambda: a_run(pay, OCTOBER, kind, settled_with=november, **other)) == wrong
    assert refused(lambda: a_run(pay, OCTOBER, kind, settled_with=november, **payer)) == wrong
    bonus = a_run(pay, NOVEMBER, RunKind.BONUS)
    assert refused(lambda: a_run(pay, OCTOBER, kind, settled_with=bonus)) == wrong
    one = a_run(pay, OCTOBER, kind, settled_with=november)
    later = PayrollRun.objects.filter(pk=one.pk)
    assert refused(lambda: later.update(month=Month(2026, 12).first_day)) == wrong


def test_a_month_is_corrected_once_with_a_run(pay: Cast, october: PayrollRun) -> None:
    november = a_run(pay, NOVEMBER, RunKind.REGULAR)
    a_run(pay, OCTOBER, RunKind.CORRECTION, settled_with=november)
    a_run(pay, SEPTEMBER, RunKind.CORRECTION, settled_with=november)
    with pytest.raises(IntegrityError, match="payrollrun_one_correction"), transaction.atomic():
        a_run(pay, OCTOBER, RunKind.CORRECTION, settled_with=november)


def test_a_mirror_is_of_approved_wages_of_its_scope(pay: Cast, october: PayrollRun) -> None:
    kind, wrong = RunKind.REVERSAL, "run_mirrors_its_scope"
    other = {"institution": second_place(pay)[0]}
    assert refused(lambda: a_run(pay, NOVEMBER, kind, reverses=october)) == wrong
    assert refused(lambda: a_run(pay, OCTOBER, kind, reverses=october, **other)) == wrong
    waiting = a_run(pay, NOVEMBER, RunKind.REGULAR)
    assert refused(lambda: a_run(pay, NOVEMBER, kind, reverses=waiting)) == wrong
    mirror = a_run(pay, OCTOBER, kind, reverses=october)
    assert refused(lambda: a_run(pay, OCTOBER, kind, reverses=mirror)) == wrong


def test_wages_are_reversed_by_a_posted_mirror_alone(pay: Cast, october: PayrollRun) -> None:
    row = PayrollRun.objects.filter(pk=october.pk)
    wrong = "run_reversed_by_mirror"
    assert refused(lambda: row.update(is_reversed=True)) == wrong
    a_run(pay, OCTOBER, RunKind.REVERSAL, reverses=october)
    assert refused(lambda: row.update(is_reversed=True)) == wrong
    assert refused(lambda: a_run(pay, NOVEMBER, RunKind.REGULAR, is_reversed=True)) == wrong


def a_difference(pay: Cast, october: PayrollRun, month: Month, number: str) -> PayrollRun:
    """A run with a payslip that is a difference of the October one of the person BY_TIME."""
    run = a_run(pay, month, RunKind.ERROR)
    slip = Payslip.objects.get(run=october, inmate__personnel_number=BY_TIME)
    whose = Payslip.objects.get(run=october, inmate__personnel_number=number).inmate
    first = slip.pk
    slip.pk, slip.run, slip.number, slip.inmate = None, run, "", whose
    slip.is_difference, slip.corrects_id = True, first
    slip.save()
    PayrollRun.objects.filter(pk=run.pk).update(
        status=RunStatus.CALCULATED, calculated_at=clock.now(), checked_at=clock.now(),
        difference_count=0,
    )  # fmt: skip
    return run


@pytest.mark.parametrize(
    ("month", "number", "is_right"),
    [(OCTOBER, BY_TIME, True), (OCTOBER, BY_PIECE, False), (SEPTEMBER, BY_TIME, False)],
)
def test_a_difference_points_at_its_own_person_and_month(
    pay: Cast, october: PayrollRun, month: Month, number: str, is_right: bool
) -> None:
    run = a_difference(pay, october, month, number)

    def close() -> None:
        PayrollRun.objects.filter(pk=run.pk).update(
            status=RunStatus.POSTING, approved_by=pay.head, approved_at=clock.now()
        )

    if is_right:
        close()
    else:
        assert refused(close) == "slip_corrects_its_own"


def test_a_refusal_has_its_words(pay: Cast, october: PayrollRun) -> None:
    row = PayrollRun.objects.filter(pk=october.pk)
    with pytest.raises(ConstraintRefused, match="сторно"), readable_refusals():
        row.update(is_reversed=True)
