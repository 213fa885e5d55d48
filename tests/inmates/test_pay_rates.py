"""Rates of pay and applications: what becomes true, what is refused, who sees which page."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmates.closed_refusals import ReasonOfClosedMonth
from inmates.enums import RunStatus
from inmates.models import (
    CalendarDay,
    EarningKind,
    PayRate,
    PayrollRun,
    PayslipLine,
    TaxApplication,
)
from inmates.rate_refusals import (
    ApplicationElsewhere,
    ApplicationGone,
    ApplicationOfStranger,
    RateOfStranger,
    RateSubjectWrong,
)
from inmates.refusals import BeingCalculated, CalendarMissing, KindsMissing
from inmates.selectors.last_edit import last_editor
from inmates.selectors.payroll_law import law_of_month
from inmates.services.directories import load_calendar, load_earning_kinds
from inmates.services.pay_rates import Entered, NewRate, enter_pay_rate
from inmates.services.tax_applications import end_application, enter_application
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.inmates.months import (
    OCTOBER,
    a_piece_rate,
    a_worker,
    attended,
    calculated,
    days_of,
    made,
)
from tests.inmates.second_place import second_place
from tests.people import (
    LONG_AGO,
    NOW,
    PASSWORD,
    Cast,
    a_placement,
    a_work_order,
    an_hourly_rate,
    an_inmate,
)
from workshops.models import Post

NOVEMBER = date(2026, 11, 1)


def entered(
    pay: Cast,
    amount: str,
    on: date = NOVEMBER,
    actor: Any = None,
    correction: str = "",
    **fields: Any,
) -> Entered:
    values = {"payer_id": pay.enterprise.pk, "unit": "hour", "post_id": pay.joiners.pk} | fields
    rate = NewRate(amount=Decimal(amount), on=on, **values)
    return enter_pay_rate(actor=actor or pay.accountant, rate=rate, at=NOW, correction=correction)


def steps(pay: Cast) -> list[tuple[str, date, date | None]]:
    rows = PayRate.objects.filter(post=pay.joiners).order_by("effective_from")
    return [(str(row.amount), row.effective_from, row.effective_to) for row in rows]


def a_closed_run(pay: Cast, status: str = RunStatus.CALCULATING) -> PayrollRun:
    return PayrollRun.objects.create(
        payer=pay.enterprise, institution=pay.institution, month=OCTOBER.first_day, status=status,
        started_by=pay.accountant, created_at=NOW,
    )  # fmt: skip


def approved(pay: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """October counts as approved: the gate of the services looks at the status of the run."""
    run = a_closed_run(pay, RunStatus.CALCULATED)
    monkeypatch.setattr("inmates.selectors.closed_months.FINAL_RUNS", (RunStatus.CALCULATED,))
    assert run.status == RunStatus.CALCULATED


# --- rates ------------------------------------------------------------------------------------
def test_a_rate_closes_the_one_before_it(pay: Cast) -> None:
    done = entered(pay, "640.00")
    assert (done.is_new, done.is_calculated) == (True, False)
    assert steps(pay) == [("600.00", LONG_AGO, NOVEMBER), ("640.00", NOVEMBER, None)]
    assert (done.row.recorded_by, done.row.recorded_at) == (pay.accountant, NOW)
    assert AuditEvent.objects.get(action="pay_rate_entered").subject_id == done.row.pk


def test_a_rate_between_two_ends_where_the_next_begins(pay: Cast) -> None:
    entered(pay, "640.00", date(2026, 12, 1))
    entered(pay, "620.00")
    assert steps(pay) == [
        ("600.00", LONG_AGO, NOVEMBER),
        ("620.00", NOVEMBER, date(2026, 12, 1)),
        ("640.00", date(2026, 12, 1), None),
    ]


def test_the_same_again_changes_nothing_and_the_same_day_is_written_over(pay: Cast) -> None:
    assert not entered(pay, "600.00").is_new
    entered(pay, "640.00")
    entered(pay, "650.00", unit="hour")
    assert steps(pay)[-1] == ("650.00", NOVEMBER, None)
    assert PayRate.objects.count() == 2


def test_a_first_rate_ends_before_a_later_one(pay: Cast) -> None:
    PayRate.objects.all().delete()
    an_hourly_rate(pay, effective_from=date(2026, 12, 1))
    entered(pay, "500.00")
    assert steps(pay)[0] == ("500.00", NOVEMBER, date(2026, 12, 1))


def test_a_salary_follows_an_hourly_rate(pay: Cast) -> None:
    done = entered(pay, "120000.00", unit="month")
    assert (done.row.unit, done.row.amount) == ("month", Decimal("120000.00"))


def test_an_operation_is_paid_for_pieces(pay: Cast) -> None:
    done = entered(
        pay, "650.00", unit="piece", post_id=None, operation_id=pay.cutting.pk, per_pieces=10
    )
    assert (done.row.operation, done.row.per_pieces) == (pay.cutting, 10)


@pytest.mark.parametrize(
    "fields", [{"unit": "piece"}, {"post_id": None, "operation_id": 1}], ids=["post", "operation"]
)
def test_a_unit_that_does_not_fit_is_refused(pay: Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(RateSubjectWrong):
        entered(pay, "640.00", **fields)


@pytest.mark.parametrize("who", ["head", "operator", "master", "stranger"])
def test_only_the_payer_s_accountant_enters_rates(pay: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        entered(pay, "640.00", actor=pay.users[who])
    assert steps(pay) == [("600.00", LONG_AGO, None)]


def a_strange_post(pay: Cast) -> Post:
    """At another institution, in a workshop of the same name that the enterprise does not run."""
    _institution, post = second_place(pay)
    return post


def test_a_post_where_the_payer_has_nobody_is_refused(pay: Cast) -> None:
    strange = a_strange_post(pay)
    with pytest.raises(RateOfStranger, match="не ведёт"), translation.override("ru"):
        entered(pay, "640.00", post_id=strange.pk)
    with pytest.raises(RateOfStranger):
        entered(pay, "640.00", post_id=strange.pk + 1000)
    assert not PayRate.objects.filter(post=strange).exists()
    a_placement(pay, an_inmate(pay, "1700"), post=strange, effective_to=date(2026, 10, 1))
    assert entered(pay, "640.00", post_id=strange.pk).is_new, "it had people there"


def test_an_operation_of_nobody_s_workshop_is_refused(pay: Cast) -> None:
    pay.offer.delete()
    values = {"unit": "piece", "post_id": None, "operation_id": pay.cutting.pk}
    with pytest.raises(RateOfStranger):
        entered(pay, "650.00", **values)
    a_work_order(pay)
    assert entered(pay, "650.00", **values).is_new, "it is ordered in a workshop of the payer"


def test_a_rate_reaches_into_an_approved_month_with_a_reason(
    pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(pay, monkeypatch)
    for day in (date(2026, 10, 31), date(2026, 9, 1)):
        with pytest.raises(ReasonOfClosedMonth, match="октябрь 2026"):
            entered(pay, "640.00", day)
    with pytest.raises(ReasonOfClosedMonth):
        entered(pay, "640.00", date(2026, 10, 31), correction="--- 12")
    assert not entered(pay, "640.00").is_closed
    done = entered(pay, "650.00", date(2026, 10, 15), correction="Приказ подписан позже")
    assert (done.is_new, done.is_closed) == (True, True)


def test_a_rate_of_another_institution_s_post_is_not_held_up(
    pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(pay, monkeypatch)
    _institution, post = second_place(pay)
    a_placement(pay, an_inmate(pay, "1700"), post=post)
    assert entered(pay, "640.00", date(2026, 10, 1), post_id=post.pk).is_new


def test_a_month_that_is_being_calculated_waits(pay: Cast) -> None:
    a_closed_run(pay)
    with pytest.raises(BeingCalculated):
        entered(pay, "640.00", date(2026, 10, 15))


def test_whoever_changes_a_rate_was_the_last_to_edit_the_month(pay: Cast) -> None:
    a_worker(pay, days=2)
    run = calculated(pay)
    assert last_editor(run) is None
    done = entered(pay, "640.00", date(2026, 10, 15))
    assert done.is_calculated
    assert last_editor(run) == pay.accountant.pk


# --- applications -----------------------------------------------------------------------------
def applied(pay: Cast, number: str = "1648", on: date = NOVEMBER, **fields: Any):
    values = {"actor": pay.accountant, "payer_id": pay.enterprise.pk, "at": NOW} | fields
    return enter_application(number=number, on=on, **values)


def test_an_application_is_in_force_from_its_day(pay: Cast) -> None:
    inmate = an_inmate(pay)
    a_placement(pay, inmate)
    row, is_new = applied(pay)
    assert is_new
    assert (row.inmate, row.effective_from, row.effective_to) == (inmate, NOVEMBER, None)
    again, is_new = applied(pay, on=date(2026, 12, 1))
    assert (again.pk, is_new) == (row.pk, False)


def test_an_earlier_start_takes_the_later_row_into_it(pay: Cast) -> None:
    a_placement(pay, an_inmate(pay))
    applied(pay)
    row, is_new = applied(pay, on=date(2026, 10, 1))
    assert is_new
    assert TaxApplication.objects.get() == row
    assert row.effective_from == date(2026, 10, 1)


def test_an_application_is_given_at_one_place(pay: Cast) -> None:
    inmate = an_inmate(pay)
    a_placement(pay, inmate)
    TaxApplication.objects.create(inmate=inmate, payer=pay.entrepreneur, effective_from=LONG_AGO)
    with pytest.raises(ApplicationElsewhere):
        applied(pay)


def test_nobody_applies_where_they_do_not_work(pay: Cast) -> None:
    an_inmate(pay)
    with pytest.raises(ApplicationOfStranger):
        applied(pay)


def test_only_the_payer_s_accountant_keeps_applications(pay: Cast) -> None:
    a_placement(pay, an_inmate(pay))
    with pytest.raises(Forbidden):
        applied(pay, actor=pay.head)
    row, _new = applied(pay)
    with pytest.raises(Forbidden):
        end_application(actor=pay.head, application_id=row.pk, on=NOVEMBER, at=NOW)


def test_an_application_ends_or_is_taken_back(pay: Cast) -> None:
    a_placement(pay, an_inmate(pay))
    row, _new = applied(pay)
    december = date(2026, 12, 1)
    end_application(actor=pay.accountant, application_id=row.pk, on=december, at=NOW)
    assert TaxApplication.objects.get().effective_to == december
    with pytest.raises(ApplicationGone):
        end_application(actor=pay.accountant, application_id=row.pk, on=december, at=NOW)
    end_application(actor=pay.accountant, application_id=row.pk, on=NOVEMBER, at=NOW)
    assert not TaxApplication.objects.exists()
    with pytest.raises(ApplicationGone):
        end_application(actor=pay.accountant, application_id=row.pk, on=NOVEMBER, at=NOW)


def test_an_application_reaches_into_an_approved_month_with_a_reason(
    pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_placement(pay, an_inmate(pay))
    approved(pay, monkeypatch)
    with pytest.raises(ReasonOfClosedMonth):
        applied(pay, on=date(2026, 10, 31))
    row, _new = applied(pay)
    order = {"actor": pay.accountant, "application_id": row.pk, "on": LONG_AGO, "at": NOW}
    with pytest.raises(ReasonOfClosedMonth):
        end_application(**order)
    end_application(**order, correction="Заявление отозвано")
    assert not TaxApplication.objects.exists()
    assert applied(pay, on=date(2026, 10, 31), correction="Заявление найдено")[1]


# --- the law of a month -----------------------------------------------------------------------
def test_the_calendar_and_the_kinds_are_loaded_once_and_never_overwritten(pay: Cast) -> None:
    assert law_of_month(OCTOBER).workdays == 21
    CalendarDay.objects.filter(day=date(2026, 10, 30)).update(is_workday=False, source="приказ")
    EarningKind.objects.filter(code="bonus").update(in_average=False)
    assert (load_earning_kinds(), load_calendar((2026,))) == (0, 0)
    law = law_of_month(OCTOBER)
    assert law.workdays == 20
    assert not law.kinds["bonus"].in_average


def test_a_calendar_with_a_hole_is_refused(pay: Cast) -> None:
    CalendarDay.objects.filter(day=date(2026, 10, 30)).delete()
    with pytest.raises(CalendarMissing):
        law_of_month(OCTOBER)


def test_a_month_without_kinds_is_refused(pay: Cast) -> None:
    EarningKind.objects.all().delete()
    with pytest.raises(KindsMissing):
        law_of_month(OCTOBER)


# --- stories in a run -------------------------------------------------------------------------
def earned(run: PayrollRun) -> list[tuple[str, str, Decimal]]:
    lines = PayslipLine.objects.filter(payslip__run=run, kind="earning").order_by("sequence")
    return [(line.code, line.subject, line.amount) for line in lines]


def test_nights_overtime_and_a_day_off_by_the_hour(pay: Cast) -> None:
    """168 h at 600,00; 10 h at night, 2 h of overtime; and Sunday 25 October, 6 h of it."""
    inmate = a_worker(pay, days=21)
    placement = inmate.placements.get()
    attended(placement, [date(2026, 10, 25)], minutes=360)
    rows = placement.attendance
    rows.filter(worked_on=date(2026, 10, 1)).update(night_minutes=480)
    rows.filter(worked_on=date(2026, 10, 2)).update(overtime_minutes=120)
    # Overtime of a day off is no overtime, its night is night.
    rows.filter(worked_on=date(2026, 10, 25)).update(night_minutes=120, overtime_minutes=60)
    post = f"post:{pay.joiners.pk}"
    run = calculated(pay)
    assert earned(run) == [
        ("time", post, Decimal("104400.00")),
        ("night", post, Decimal("3000.00")),
        ("overtime", post, Decimal("600.00")),
        ("holiday", post, Decimal("1800.00")),
    ]
    assert run.difference_count == 0


def test_a_salary_s_month_with_a_day_off(pay: Cast) -> None:
    """20 of 21 days of 126 000,00, and 8 h of a Sunday: 126 000 × 168 ÷ 168, and 3 000,00."""
    PayRate.objects.update(unit="month", amount=Decimal("126000.00"))
    inmate = a_worker(pay, days=20)
    attended(inmate.placements.get(), [date(2026, 10, 25)])
    run = calculated(pay)
    post = f"post:{pay.joiners.pk}"
    assert earned(run) == [
        ("salary", post, Decimal("126000.00")), ("holiday", post, Decimal("3000.00")),
    ]  # fmt: skip
    assert run.difference_count == 0


def test_piece_work_at_night_is_half_of_what_was_made_then(pay: Cast) -> None:
    """10 pieces of 650,00 on a day with 6 of 8 h at night: 6 500 × 6 ÷ 8 ÷ 2 = 2 437,50."""
    a_piece_rate(pay)
    placement = a_placement(pay, an_inmate(pay), pay_form="piece")
    attended(placement, days_of(OCTOBER, 2))
    order = a_work_order(pay, 300)
    cutting = order.operations.get(operation=pay.cutting)
    made(placement, cutting, date(2026, 10, 1), 10)
    made(placement, cutting, date(2026, 10, 2), 20)
    placement.attendance.filter(worked_on=date(2026, 10, 1)).update(night_minutes=360)
    run = calculated(pay)
    assert earned(run) == [
        ("piece", f"operation:{pay.cutting.pk}", Decimal("19500.00")),
        ("night", "", Decimal("2437.50")),
    ]
    assert run.difference_count == 0


def test_a_full_month_at_a_low_piece_rate_comes_to_the_minimum_wage(pay: Cast) -> None:
    a_piece_rate(pay, "10.00")
    placement = a_placement(pay, an_inmate(pay), pay_form="piece")
    attended(placement, days_of(OCTOBER, 21))
    order = a_work_order(pay, 500)
    made(placement, order.operations.get(operation=pay.cutting), date(2026, 10, 1), 300)
    run = calculated(pay)
    assert earned(run) == [
        ("piece", f"operation:{pay.cutting.pk}", Decimal("3000.00")),
        ("minimum_top_up", "", Decimal("82000.00")),
    ]
    assert run.payslips.get().gross == Decimal("85000.00")
    assert run.difference_count == 0


def test_a_kind_that_is_missing_is_that_person_s_problem(pay: Cast) -> None:
    EarningKind.objects.filter(code="salary").delete()
    a_worker(pay)
    PayRate.objects.update(unit="month", amount=Decimal("126000.00"))
    problem = calculated(pay).problems.get()
    assert (problem.code, problem.arguments) == ("earning_kind_missing", {"kind": "salary"})


# --- pages ------------------------------------------------------------------------------------
def get(client: Client, who: str, name: str, *args: Any, **query: Any):
    client.login(username=f"{who}@example.kz", password=PASSWORD)
    return client.get(reverse(f"inmates:{name}", args=args), query)
