"""Reversals beside other wages: writs, the year, other places, overpayments, private payers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmates.enums import FINAL_RUNS, RunKind
from inmates.models import Inmate, PayrollRun, Payslip, Placement, RunPerson
from inmates.presenters.payslip import shown_slip
from inmates.selectors.payroll import slip_lines, year_to_date
from inmates.services.off_cycle import drop_run
from inmates.services.payroll import recalculate_person
from inmates.tasks import calculate_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    an_application,
    attended,
    calculated,
    days_of,
    lock_sheets,
    started,
)
from tests.inmates.off_cycle import (
    a_leaver,
    an_extra,
    confirmed,
    made_run,
    month_sums,
    november,
    owed,
    posted_run,
    reversal_of,
    reversed_and_posted,
    shortened,
)
from tests.inmates.second_place import second_place
from tests.people import Cast, a_placement, an_hourly_rate, an_inmate

ZERO = Decimal("0.00")
NOVEMBER = OCTOBER.next()


@pytest.fixture
def signed(pay: Cast) -> Cast:
    first_signature(pay)
    return pay


def a_november(pay: Cast, hours: int = 8) -> PayrollRun:
    """November of everybody, three days each, calculated a month from now."""
    for placement in Placement.objects.all():
        attended(placement, days_of(NOVEMBER, 3), hours * 60)
    lock_sheets(pay, NOVEMBER)
    run = started(pay, NOVEMBER, at=clock.now() + timedelta(days=30))
    calculate_payroll_run(task_run=str(run.task_run_id))
    run.refresh_from_db()
    return run


# --- writs and the year -----------------------------------------------------------------------
def test_the_debt_of_a_writ_is_what_it_was_before(signed: Cast) -> None:
    inmate = a_worker(signed)
    a_writ(inmate, "И-1", kind="claim", queue=4, debt=Decimal("60000.00"))
    run = posted(signed)
    taken = run.payslips.get().withheld_by_writs
    assert taken > 0
    reversed_and_posted(signed, run)
    again = posted_run(signed, calculated(signed))
    line = again.payslips.get().lines.get(kind="writ")
    assert (line.amount, line.base) == (taken, Decimal("60000.00"))
    assert check_books() == []


def test_the_year_of_a_person_forgets_reversed_wages(signed: Cast) -> None:
    a_worker(signed)
    run = posted(signed)
    slip = run.payslips.select_related("run").get()
    assert year_to_date(slip)["gross"] == Decimal("96000.00")
    mirror = reversed_and_posted(signed, run)
    sums = year_to_date(mirror.payslips.select_related("run").get())
    assert set(sums.values()) == {ZERO}


def test_the_relief_of_the_month_is_given_again(signed: Cast) -> None:
    a_worker(signed)
    run = posted(signed)
    before = run.payslips.get()
    reversed_and_posted(signed, run)
    after = posted_run(signed, calculated(signed)).payslips.get()
    for name in ("gross", "opv", "ipn", "deduction_used", "to_account", "taxable"):
        assert getattr(after, name) == getattr(before, name), name


# --- other places and people ------------------------------------------------------------------
def test_wages_of_another_place_stay(signed: Cast) -> None:
    institution, post = second_place(signed)
    a_worker(signed)
    other = an_inmate(signed, "1800")
    an_application(signed, other)
    attended(a_placement(signed, other, post=post), days_of(OCTOBER, 5))
    an_hourly_rate(signed, post=post)
    lock_sheets(signed, post__workshop__institution=institution.pk)
    here = posted(signed)
    there = posted_run(signed, calculated(signed, institution_id=institution.pk))
    reversed_and_posted(signed, here)
    there.refresh_from_db()
    assert not there.is_reversed
    assert month_sums("1800")["gross"] == Decimal("24000.00")
    assert month_sums("1648")["gross"] == ZERO
    assert check_books() == []


def test_a_reversed_release_is_paid_anew(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    scope = november(signed)
    run = posted_run(signed, made_run(signed, RunKind.RELEASE, scope=scope))
    gross = run.payslips.get().gross
    reversed_and_posted(signed, run)
    again = posted_run(signed, made_run(signed, RunKind.RELEASE, scope=scope))
    assert (again.sequence, again.payslips.get().gross) == (2, gross)
    assert month_sums("1648", Month(2026, 11))["gross"] == gross
    assert check_books() == []


def test_one_person_of_an_off_cycle_run_is_calculated_anew(signed: Cast) -> None:
    for number in ("1648", "1650"):
        a_leaver(signed, number)
        confirmed(signed, number)
    run = made_run(signed, RunKind.RELEASE, ["1648", "1650"], november(signed))
    person = Inmate.objects.get(personnel_number="1650")
    kept = run.payslips.get(inmate__personnel_number="1648").pk
    again = recalculate_person(
        actor=signed.accountant, run_id=run.pk, inmate_id=person.pk, at=clock.now()
    )
    calculate_payroll_run(task_run=str(again.task_run_id))
    run.refresh_from_db()
    assert (run.payslips.count(), run.difference_count) == (2, 0)
    assert run.payslips.filter(pk=kept).exists()
    assert RunPerson.objects.filter(run=run).count() == 2


# --- overpayments -----------------------------------------------------------------------------
def with_a_debt(pay: Cast) -> PayrollRun:
    """October paid, then found much too high: November carries it and withholds a part."""
    a_worker(pay)
    paid(pay, posted(pay))
    for day in days_of(OCTOBER, 20):
        shortened("1648", day, 300)
    return posted_run(pay, a_november(pay))


def test_a_debt_is_withheld_in_part_and_the_rest_stays(signed: Cast) -> None:
    run = with_a_debt(signed)
    own = run.payslips.get()
    correction = Payslip.objects.get(run__settled_with=run)
    assert own.settlement < 0 < correction.settlement
    assert owed("1648") == own.settlement + correction.settlement > 0
    assert check_books() == []


def test_unpaid_wages_reversed_leave_neither_debt_nor_payment(signed: Cast) -> None:
    """The part that was withheld comes back with them, and the whole difference too."""
    run = with_a_debt(signed)
    reversed_and_posted(signed, run)
    assert owed("1648") == ZERO
    assert month_sums("1648")["gross"] == Decimal("96000.00")
    assert month_sums("1648", NOVEMBER)["gross"] == ZERO
    assert check_books() == []


def test_paid_wages_reversed_are_owed_to_the_tenge_that_was_paid(signed: Cast) -> None:
    run = with_a_debt(signed)
    paid(signed, run)
    slips = Payslip.objects.filter(run__in=[run, *run.corrections.all()])
    was_paid = sum((slip.to_account + slip.settlement for slip in slips), ZERO)
    assert was_paid > 0
    reversed_and_posted(signed, run)
    assert owed("1648") == was_paid
    assert check_books() == []


def test_what_is_owed_is_withheld_from_the_wages_that_come_anew(signed: Cast) -> None:
    a_worker(signed)
    run = paid(signed, posted(signed))
    debt = run.payslips.get().to_account
    reversed_and_posted(signed, run)
    again = posted_run(signed, calculated(signed))
    slip = again.payslips.get()
    line = slip.lines.get(kind="settlement")
    assert line.amount == -slip.settlement > 0
    assert owed("1648") == debt - line.amount
    assert check_books() == []


# --- words ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_line_of_a_mirror_is_told_in_every_language(signed: Cast, language: str) -> None:
    a_writ(a_worker(signed), "A-1", share_numerator=1, share_denominator=4)
    mirror = reversal_of(signed, posted(signed))
    slip = mirror.payslips.select_related("run__payer", "run__reverses").get()
    with translation.override(language):
        shown = shown_slip(slip, slip_lines(slip))
    # The last one says that nothing was paid, and so nothing is owed.
    lines = [*shown.earned, *shown.withheld[:-1], *shown.employer]
    assert len(lines) == slip.lines.count()
    starts = {"ru": "снято: было", "kk": "қайтарылды:", "en": "taken back: was"}[language]
    assert all(line.why.startswith(starts) for line in lines)
    assert {line.amount[0] for line in shown.earned} == {"\N{MINUS SIGN}"}
    assert "+" in {line.amount[0] for line in shown.withheld}


def test_a_bonus_tells_its_differences_and_keeps_quiet_about_the_rest(
    signed: Cast, client: Client
) -> None:
    a_worker(signed)
    posted(signed)
    an_extra(signed, "1648")
    run = made_run(signed, RunKind.BONUS, reason="премия за квартал")
    client.force_login(signed.head)
    text = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert "премия за квартал" in text
    assert "Утвердить" in text
    slip = run.payslips.get()
    codes = set(slip.lines.values_list("code", flat=True))
    assert "time" not in codes
    assert {"bonus", "opv"} <= codes


def test_what_was_dropped_leaves_no_trace_in_the_wages(signed: Cast) -> None:
    a_worker(signed)
    run = posted(signed)
    an_extra(signed, "1648")
    bonus = made_run(signed, RunKind.BONUS, reason="премия")
    drop_run(actor=signed.accountant, run_id=bonus.pk, at=clock.now())
    assert Payslip.objects.filter(run__status__in=FINAL_RUNS).count() == run.payslips.count()
    again = made_run(signed, RunKind.BONUS, reason="премия снова")
    assert again.difference_count == 0
    assert posted_run(signed, again).status == "approved"
