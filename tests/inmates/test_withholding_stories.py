"""Months of people with writs of several queues, and months on both sides of a change of the law.

Each story is computed by hand in its comments; the run goes the whole way through the database.
"""

from datetime import date
from decimal import Decimal

import pytest

from inmates.models import PayParameter, PayrollRun, Payslip, WritOfExecution
from inmates.services.directories import load_calendar
from inmates.tasks import calculate_payroll_run
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel.periods import Month
from tests.inmates.months import a_worker, a_writ, attended, calculated, days_of
from tests.people import Cast, a_placement, an_inmate

OCTOBER = Month(2026, 10)


def money(amount: str) -> Decimal:
    return Decimal(amount)


def slip_of(run: PayrollRun) -> Payslip:
    return Payslip.objects.get(run=run)


def taken(slip: Payslip) -> dict[str, Decimal]:
    return {line.writ.number: line.amount for line in slip.lines.filter(kind="writ")}


def worked_in(cast: Cast, month: Month, days: int = 20, **person: object) -> Payslip:
    """The slip of somebody placed since 2024, by time at 600,00, in any month."""
    load_calendar((month.year,))
    inmate = an_inmate(cast, **person)
    placement = a_placement(cast, inmate, effective_from=date(2024, 1, 1))
    attended(placement, days_of(month, days))
    return slip_of(calculated(cast, month))


# --- several queues: gross 96 000, ОПВ 9 600, net 86 400, half of it 43 200 --------------------
def test_a_quarter_for_a_child_then_a_victim_then_a_creditor(pay: Cast) -> None:
    inmate = a_worker(pay)
    a_writ(inmate, "ИСК-5", queue=5, kind="claim", debt=money("1000000.00"))
    a_writ(inmate, "ИСК-2", queue=2, kind="claim", debt=money("10000.50"))
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    slip = slip_of(calculated(pay))
    # 21 600 to the child; floor: 86 400 − 21 600 − 50 851 = 13 949 for all later queues;
    # the victim's 10 000,50 fit; 3 948,50 are left, cut down to whole tenge for the creditor.
    assert taken(slip) == {
        "АЛ-1": money("21600.00"), "ИСК-2": money("10000.50"), "ИСК-5": money("3948.00"),
    }  # fmt: skip
    assert slip.to_account == money("50851.50")


def test_children_of_two_families_share_the_half(pay: Cast) -> None:
    inmate = a_worker(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=3)
    a_writ(inmate, "АЛ-2", share_numerator=1, share_denominator=4)
    slip = slip_of(calculated(pay))
    # 28 800 + 21 600 = 50 400 > 43 200: split 4 to 3, 24 685,71 and 18 514,29, the rest to the 1st.
    assert taken(slip) == {"АЛ-1": money("24686.00"), "АЛ-2": money("18514.00")}
    assert slip.withheld_by_writs == slip.net / 2


def test_damage_to_health_waits_behind_alimony_but_not_behind_the_floor(pay: Cast) -> None:
    inmate = a_worker(pay)
    a_writ(inmate, "ВРЕД", kind="claim", debt=money("900000.00"))
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=3)
    slip = slip_of(calculated(pay))
    assert taken(slip) == {"АЛ-1": money("28800.00"), "ВРЕД": money("14400.00")}
    assert slip.to_account == money("43200.00") < money("50851.00")


def test_a_budget_claim_gets_nothing_under_the_living_minimum(pay: Cast) -> None:
    inmate = a_worker(pay, days=10)
    a_writ(inmate, "БЮДЖЕТ", queue=4, kind="claim", debt=money("5000.00"))
    slip = slip_of(calculated(pay))
    assert slip.net == money("43200.00")
    assert taken(slip) == {"БЮДЖЕТ": money("0.00")}
    line = slip.lines.get(kind="writ")
    assert line.arguments["then"][0][0] == "writ.none_left_floor"
    assert line.parameter.code == "living_minimum"


def test_with_the_floor_switched_off_the_same_claim_is_taken(pay: Cast) -> None:
    rows = PayParameter.objects.filter(code="convict_living_minimum_floor")
    for row in rows:
        row.value = row.value | {"applies": False}
        row.save()
    assert rows
    inmate = a_worker(pay, days=10)
    a_writ(inmate, "БЮДЖЕТ", queue=4, kind="claim", debt=money("5000.00"))
    assert taken(slip_of(calculated(pay))) == {"БЮДЖЕТ": money("5000.00")}


def test_the_last_instalment_keeps_its_tiyn_and_then_the_line_is_gone(pay: Cast) -> None:
    inmate = a_worker(pay)
    placement = inmate.placements.get()
    for month in (8, 9):
        attended(placement, days_of(Month(2026, month), 20))
    a_writ(inmate, "ИСК-1", kind="claim", debt=money("50000.37"))
    slips = [slip_of(calculated(pay, Month(2026, month))) for month in (8, 9, 10)]
    assert [taken(slip) for slip in slips] == [
        {"ИСК-1": money("43200.00")}, {"ИСК-1": money("6800.37")}, {},
    ]  # fmt: skip
    bases = [line.base for slip in slips for line in slip.lines.filter(kind="writ")]
    assert bases == [money("50000.37"), money("6800.37")]


def test_a_month_calculated_again_does_not_pay_the_debt_of_later_months_again(pay: Cast) -> None:
    inmate = a_worker(pay)
    attended(inmate.placements.get(), days_of(Month(2026, 9), 20))
    writ = a_writ(inmate, "ИСК-1", kind="claim", debt=money("50000.00"))
    calculated(pay, Month(2026, 9))
    calculated(pay)
    attended(inmate.placements.get(), [date(2026, 9, 30)])
    again = slip_of(calculated(pay, Month(2026, 9)))
    assert again.gross == money("100800.00")
    lines = WritOfExecution.objects.get(pk=writ.pk)
    all_taken = sum(
        line.amount for slip in Payslip.objects.all() for line in slip.lines.filter(writ=lines)
    )
    assert all_taken <= money("50000.00")


def test_a_writ_that_ended_before_the_last_day_is_not_served(pay: Cast) -> None:
    inmate = a_worker(pay)
    a_writ(inmate, "АЛ-1", amount=money("1000.00"), effective_to=date(2026, 10, 31))
    assert taken(slip_of(calculated(pay))) == {}


def test_the_cap_of_half_is_a_dated_parameter(pay: Cast) -> None:
    row = PayParameter.objects.filter(code="writ_cap_share_of_net").latest("effective_from")
    row.value = "0.25"
    row.save()
    inmate = a_worker(pay)
    a_writ(inmate, "ИСК-1", kind="claim", debt=money("900000.00"))
    assert taken(slip_of(calculated(pay))) == {"ИСК-1": money("21600.00")}


# --- the law changes --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("month", "opvr", "so", "oosms", "social_tax"),
    [
        # 96 000: ОПВР 1,5 %; СО 3,5 % of 86 400; ООСМС 3 %; social tax 9,5 % of 86 400 less СО.
        (Month(2024, 12), "1440", "3024", "2880", "5184"),
        # 2,5 %; 5 % of 86 400; 3 %; 11 % of 86 400 less СО.
        (Month(2025, 12), "2400", "4320", "2880", "5184"),
        # 3,5 %; 5 %; 3 %; 6 % of 86 400, without СО. January has no twenty working days.
        (Month(2026, 2), "3360", "4320", "2880", "5184"),
    ],
)
def test_each_month_is_paid_by_the_law_of_its_last_day(
    pay: Cast, month: Month, opvr: str, so: str, oosms: str, social_tax: str
) -> None:
    slip = worked_in(pay, month)
    assert slip.gross == money("96000.00")
    found = {"opvr": slip.opvr, "so": slip.so, "oosms": slip.oosms, "social_tax": slip.social_tax}
    expected = {"opvr": opvr, "so": so, "oosms": oosms, "social_tax": social_tax}
    assert found == {name: money(value) for name, value in expected.items()}


@pytest.mark.parametrize(
    ("month", "ipn"),
    # 2024 and 2025: above 25 МРП in 2024 (92 300) but not in 2025 (98 300); 2026: no relief.
    [(Month(2024, 12), "8640"), (Month(2025, 12), "864"), (Month(2026, 2), "8640")],
)
def test_without_an_application_the_whole_income_is_taxed(
    pay: Cast, month: Month, ipn: str
) -> None:
    assert worked_in(pay, month).ipn == money(ipn)


def test_a_line_points_at_the_row_of_the_law_it_used(pay: Cast) -> None:
    december = worked_in(pay, Month(2025, 12))
    line = december.lines.get(code="opvr")
    assert (line.rate, line.base) == (money("0.0250"), money("96000.00"))
    assert line.parameter.effective_from <= date(2025, 12, 31)
    assert line.parameter.effective_to == date(2026, 1, 1)


def test_a_regime_that_changes_with_the_year_changes_the_social_tax(pay: Cast) -> None:
    OrganisationTaxStatus.objects.filter(organisation=pay.enterprise).update(
        effective_to=date(2026, 10, 31)
    )
    OrganisationTaxStatus.objects.create(
        organisation=pay.enterprise, is_vat_payer=False, regime="simplified",
        effective_from=date(2026, 10, 31),
    )  # fmt: skip
    a_worker(pay)
    slip = slip_of(calculated(pay))
    assert slip.social_tax == 0
    assert slip.lines.get(code="social_tax").explanation == "social_tax.simplified"


@pytest.mark.parametrize(
    ("person", "zeros"),
    [
        ({"pension": "age"}, {"opv", "vosms", "opvr", "oosms", "so"}),
        ({"pension": "service"}, {"opv", "vosms", "opvr", "oosms"}),
        ({"disability_group": 1}, {"opv", "vosms", "opvr", "oosms"}),
        ({"disability_group": 2}, {"opv", "vosms", "opvr", "oosms"}),
        ({"disability_group": 3}, {"vosms", "oosms"}),
        ({"born_on": date(1974, 12, 31)}, {"vosms", "opvr"}),
        ({"born_on": date(1975, 1, 1)}, {"vosms"}),
    ],
)
def test_who_pays_what(pay: Cast, person: dict, zeros: set[str]) -> None:
    slip = worked_in(pay, OCTOBER, **person)
    found = {name for name in ("opv", "vosms", "opvr", "oosms", "so") if not getattr(slip, name)}
    assert found == zeros


def test_a_parameter_that_disappears_while_it_waits_fails_the_run_with_a_sentence(
    pay: Cast,
) -> None:
    from tests.inmates.months import started

    a_worker(pay)
    run = started(pay)
    PayParameter.objects.filter(code="opv_rate").delete()
    calculate_payroll_run(task_run=str(run.task_run_id))
    run.task_run.refresh_from_db()
    assert run.task_run.status == "failed"
    assert "opv_rate" in run.task_run.error
    assert not Payslip.objects.exists()


def test_the_end_of_the_workers_time_is_no_problem_of_a_person(
    pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is raised wherever the code happens to be; the run fails and may start again."""
    from celery.exceptions import SoftTimeLimitExceeded

    from tests.inmates.months import started

    def out_of_time(*_arguments: object) -> None:
        raise SoftTimeLimitExceeded

    a_worker(pay)
    run = started(pay)
    monkeypatch.setattr("inmates.services.calculation.make_slip", out_of_time)
    calculate_payroll_run(task_run=str(run.task_run_id))
    run.task_run.refresh_from_db()
    assert run.task_run.status == "failed"
    assert not run.problems.exists()
    monkeypatch.undo()
    assert slip_of(calculated(pay)).gross == money("96000.00")
