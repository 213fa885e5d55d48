"""Absences, leave at the end and one-off sums in a calculated month: stories with their numbers.

October 2026 has 21 working days; the cast's rate is 600,00 an hour, 4 800,00 a day.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import (
    CalendarDay,
    CustodyStay,
    EarningKind,
    ExtraPay,
    Inmate,
    PayParameter,
    PayRate,
    PayrollRun,
    PayslipLine,
    Placement,
)
from inmates.presenters.payroll import problem_sentence
from inmates.selectors.payroll_average import average_pay
from portal.kernel.periods import Month
from tests.inmates.histories import a_history, absent
from tests.inmates.months import OCTOBER, a_worker, attended, calculated, days_of
from tests.inmates.second_place import second_place
from tests.people import LONG_AGO, NOW, Cast, a_placement, an_inmate

LEFT_ON_16 = date(2026, 10, 16)


def money(amount: str) -> Decimal:
    return Decimal(amount)


def earned_by(inmate: Inmate, run: PayrollRun) -> dict[str, Decimal]:
    lines = PayslipLine.objects.filter(payslip__run=run, payslip__inmate=inmate, kind="earning")
    return {line.code: line.amount for line in lines}


def october(cast: Cast, inmate: Inmate) -> dict[str, Decimal]:
    """What October earned; both calculations agree to the tiyn."""
    run = calculated(cast)
    assert run.status == "calculated", list(run.problems.values_list("code", "arguments"))
    assert run.difference_count == 0, list(run.differences.values())
    return earned_by(inmate, run)


@pytest.fixture
def worker(pay: Cast) -> Inmate:
    """Ten days worked in October; the rest of the month is the story's."""
    return a_worker(pay, days=10)


def place_of(inmate: Inmate) -> Placement:
    return inmate.placements.get()


# --- absences by the average ------------------------------------------------------------------
def test_a_month_with_leave_sickness_an_examination_and_idle_time(
    pay: Cast, worker: Inmate
) -> None:
    """84 000,00 in 20 days are 4 200,00 a day: five days of leave 21 000,00, two of sickness
    8 400,00, one at the doctor's 4 200,00, three without material at half 6 300,00."""
    a_history(pay, worker)
    absent(place_of(worker), "leave", 15, 16, 19, 20, 21)
    absent(place_of(worker), "sick", 22, 23)
    absent(place_of(worker), "average_pay", 27)
    absent(place_of(worker), "idle", 28, 29, 30)
    assert october(pay, worker) == {
        "time": money("48000.00"),
        "leave": money("21000.00"),
        "sick": money("8400.00"),
        "average_pay": money("4200.00"),
        "idle": money("6300.00"),
    }


def test_the_lines_keep_their_days_and_explanations(pay: Cast, worker: Inmate) -> None:
    a_history(pay, worker)
    absent(place_of(worker), "idle", 28, 29, 30)
    calculated(pay)
    line = PayslipLine.objects.get(code="idle")
    assert (line.quantity, line.rate, line.subject, line.base) == (3, None, "", None)
    assert line.explanation == "average.history"
    assert line.arguments["earned"] == "84000.00"
    assert line.parameter == PayParameter.objects.get(code="idle_pay_share")


def test_a_whole_month_of_leave_is_a_payslip(pay: Cast) -> None:
    """Nothing worked and nothing topped up: leave is no worked time."""
    inmate = a_worker(pay, days=0)
    a_history(pay, inmate)
    absent(place_of(inmate), "leave", *(day.day for day in days_of(OCTOBER, 21)))
    assert october(pay, inmate) == {"leave": money("88200.00")}


def test_sick_pay_ends_at_25_mrp_in_the_month(pay: Cast, worker: Inmate) -> None:
    """300 000,00 in 20 days: eight days would be 120 000,00; 25 × 4 325 are 108 125,00."""
    a_history(pay, worker, "300000.00")
    absent(place_of(worker), "sick", 15, 16, 19, 20, 21, 22, 23, 27)
    assert october(pay, worker)["sick"] == money("108125.00")
    line = PayslipLine.objects.get(code="sick")
    assert line.parameter == PayParameter.objects.get(code="sick_pay_cap_mrp")


def test_the_months_of_a_year_are_added(pay: Cast, worker: Inmate) -> None:
    """October 2025 is the twelfth month before, September 2025 is one too many:
    (80 000,01 + 90 000,00) ÷ (19 + 21) is 4 250,00025 a day; three days 12 750,00."""
    a_history(pay, worker, "500000.00", 5, Month(2025, 9))
    a_history(pay, worker, "80000.01", 19, Month(2025, 10))
    a_history(pay, worker, "90000.00", 21, Month(2026, 9))
    absent(place_of(worker), "leave", 15, 16, 19)
    assert october(pay, worker)["leave"] == money("12750.00")


@pytest.mark.parametrize("status", ["calculated", "incomplete", "draft"])
def test_only_approved_months_are_history(pay: Cast, worker: Inmate, status: str) -> None:
    """September is calculated and no more: leave is paid by the rate, 600,00 × 8."""
    a_history(pay, worker, "10000.00", 1)
    PayrollRun.objects.update(status="calculated")
    PayrollRun.objects.update(status=status, approved_by=None, approved_at=None)
    absent(place_of(worker), "leave", 15)
    assert october(pay, worker)["leave"] == money("4800.00")


def test_what_another_payer_paid_is_no_history(pay: Cast, worker: Inmate) -> None:
    a_history(pay, worker, "10000.00", 1, payer=pay.entrepreneur)
    absent(place_of(worker), "leave", 15)
    assert october(pay, worker)["leave"] == money("4800.00")


def test_another_institution_of_the_payer_is_history(pay: Cast, worker: Inmate) -> None:
    """Moved from № 22 in September: 100 000,00 in 20 days there count here."""
    institution, _post = second_place(pay)
    a_history(pay, worker, "100000.00", 20, institution=institution)
    absent(place_of(worker), "leave", 15)
    assert october(pay, worker)["leave"] == money("5000.00")


def test_what_is_not_in_the_average_is_left_out_with_its_kind(pay: Cast, worker: Inmate) -> None:
    """August: 84 000,00 in 20 days of work. September: 40 000,00 of leave in no day worked.
    The average is that of August, 4 200,00."""
    a_history(pay, worker, month=Month(2026, 8))
    a_history(pay, worker, "40000.00", 0, code="leave")
    absent(place_of(worker), "leave", 15)
    assert october(pay, worker)["leave"] == money("4200.00")


def test_a_kind_counts_as_it_was_in_its_own_month(pay: Cast, worker: Inmate) -> None:
    """From October on bonuses are not in the average; that of September still is."""
    bonus = EarningKind.objects.get(code="bonus")
    EarningKind.objects.filter(pk=bonus.pk).update(effective_to=date(2026, 10, 1))
    bonus.pk, bonus.effective_from, bonus.in_average = None, date(2026, 10, 1), False
    bonus.save()
    a_history(pay, worker, "80000.00", 20, code="bonus")
    absent(place_of(worker), "leave", 15)
    assert october(pay, worker)["leave"] == money("4000.00")


def test_average_pay_counts_neither_in_the_top_up_nor_for_it(pay: Cast) -> None:
    """80 hours at 400,00 are topped up to the floor; leave beside them changes nothing."""
    inmate = a_worker(pay, days=10)
    PayRate.objects.update(amount=money("400.00"))
    a_history(pay, inmate)
    without = october(pay, inmate)
    absent(place_of(inmate), "leave", 20, 21)
    with_leave = october(pay, inmate)
    assert with_leave.pop("leave") == money("8400.00")
    assert with_leave == without
    assert without["minimum_top_up"] > 0


# --- by the rate ------------------------------------------------------------------------------
def test_a_day_by_the_rate_is_that_of_the_day(pay: Cast, worker: Inmate) -> None:
    """600,00 until Monday the 19th, 700,00 from Tuesday: 4 800,00 + 5 600,00."""
    PayRate.objects.update(effective_to=date(2026, 10, 20))
    PayRate.objects.create(
        payer=pay.enterprise, post=pay.joiners, amount=money("700.00"),
        effective_from=date(2026, 10, 20),
    )  # fmt: skip
    absent(place_of(worker), "leave", 19, 20)
    assert october(pay, worker)["leave"] == money("10400.00")


def test_a_salary_by_the_rate_is_a_part_of_its_month(pay: Cast, worker: Inmate) -> None:
    """150 000,00 ÷ 21 × 2 days = 14 285,714… → 14 285,71, half of it for idle time 7 142,86."""
    PayRate.objects.update(unit="month", amount=money("150000.00"))
    absent(place_of(worker), "leave", 19, 20)
    absent(place_of(worker), "idle", 21, 22)
    lines = october(pay, worker)
    assert (lines["leave"], lines["idle"]) == (money("14285.71"), money("7142.86"))


def test_the_shorter_week_has_shorter_days_by_the_rate(pay: Cast) -> None:
    """Group II: 600,00 × 7,2 = 4 320,00; of a history nothing is shortened."""
    inmate = a_worker(pay, days=10, disability_group=2)
    absent(place_of(inmate), "leave", 19)
    assert october(pay, inmate)["leave"] == money("4320.00")
    a_history(pay, inmate)
    assert october(pay, inmate)["leave"] == money("4200.00")


def test_piece_work_by_the_rate_is_the_minimum_wage(pay: Cast) -> None:
    """85 000 ÷ 21 = 4 047,619…; three days are 12 142,86."""
    inmate = an_inmate(pay)
    placement = a_placement(pay, inmate, pay_form="piece")
    absent(placement, "leave", 19, 20, 21)
    assert october(pay, inmate) == {"leave": money("12142.86")}


def test_a_missing_rate_refuses_the_person_and_a_history_needs_none(
    pay: Cast, worker: Inmate
) -> None:
    PayRate.objects.update(effective_to=date(2026, 10, 19))
    absent(place_of(worker), "leave", 19)
    # The month is started all the same: what stops it is tested with its board.
    pay_of_run = average_pay(_a_run(pay))
    assert pay_of_run.posts_without_rate() == {pay.joiners.pk}
    a_history(pay, worker)
    run = _a_run(pay)
    assert average_pay(run).people[worker.pk].history == (money("84000.00"), 20)


def _a_run(cast: Cast) -> PayrollRun:
    return PayrollRun.objects.get_or_create(
        payer=cast.enterprise, institution=cast.institution, month=OCTOBER.first_day,
        defaults={"started_by": cast.accountant, "created_at": NOW},
    )[0]  # fmt: skip


def test_two_part_time_places_are_absent_on_one_day(pay: Cast, worker: Inmate) -> None:
    """A day is paid once: by the average of all work for the payer."""
    first = place_of(worker)
    Placement.objects.filter(pk=first.pk).update(is_full_time=False)
    second = a_placement(pay, worker, is_full_time=False)
    a_history(pay, worker)
    absent(first, "leave", 19, 20)
    absent(second, "leave", 20, 21)
    assert october(pay, worker)["leave"] == money("12600.00")


# --- leave at the end of work -----------------------------------------------------------------
def left(placement: Placement, on: date = LEFT_ON_16, since: date | None = None) -> None:
    fields = {"effective_to": on} | ({"effective_from": since} if since else {})
    Placement.objects.filter(pk=placement.pk).update(**fields)


def test_leave_not_taken_is_paid_when_work_ends(pay: Cast, worker: Inmate) -> None:
    """1 January to 15 October 2026 are 288 days: 24 × 288 ÷ 365 = 18,93 → 18 calendar days, to
    2 November; 16, 19–23, 27–30 October and 2 November are 11 of them: × 4 200,00 = 46 200,00."""
    a_history(pay, worker)
    left(place_of(worker))
    assert october(pay, worker)["leave_compensation"] == money("46200.00")
    line = PayslipLine.objects.get(code="leave_compensation")
    assert line.quantity == 11
    assert line.arguments | {"then": 0} == {
        "annual": 24, "placed": 288, "taken": 0, "due": 18, "days": 11,
        "last_day": "2026-10-15", "then": 0,
    }  # fmt: skip


def test_leave_that_was_taken_is_taken_off(pay: Cast, worker: Inmate) -> None:
    """18,93 less 14 calendar days for ten working ones, in March: 4,93 → 4 days behind the 15th:
    16, 19 October are worked: 8 400,00."""
    march = (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)
    absent(place_of(worker), "leave", *march, month=Month(2026, 3))
    left(place_of(worker))
    a_history(pay, worker)
    assert october(pay, worker)["leave_compensation"] == money("8400.00")


def test_more_leave_than_earned_takes_nothing_back(pay: Cast, worker: Inmate) -> None:
    a_history(pay, worker)
    for month in (3, 4):
        absent(place_of(worker), "leave", *range(13, 25), month=Month(2026, month))
    left(place_of(worker))
    assert "leave_compensation" not in october(pay, worker)


def test_without_a_history_the_end_is_paid_by_the_rate(pay: Cast, worker: Inmate) -> None:
    """11 days × 4 800,00."""
    left(place_of(worker))
    assert october(pay, worker)["leave_compensation"] == money("52800.00")


@pytest.mark.parametrize(
    ("on", "is_paid"),
    [
        (date(2026, 10, 15), True),
        (date(2026, 10, 31), True),
        (date(2026, 11, 1), True),  # the last day is 31 October
        (date(2026, 11, 2), False),  # it is 1 November
    ],
)
def test_the_end_belongs_to_the_month_of_its_last_day(
    pay: Cast, worker: Inmate, on: date, *, is_paid: bool
) -> None:
    a_history(pay, worker)
    left(place_of(worker), on)
    assert ("leave_compensation" in october(pay, worker)) == is_paid


def test_who_goes_on_at_another_post_gets_nothing_yet(pay: Cast, worker: Inmate) -> None:
    left(place_of(worker))
    a_placement(pay, worker, effective_from=date(2026, 10, 19))
    assert "leave_compensation" not in october(pay, worker)


def test_who_goes_on_for_another_payer_is_paid_off_here(pay: Cast, worker: Inmate) -> None:
    left(place_of(worker))
    a_placement(pay, worker, effective_from=LEFT_ON_16, employer=pay.colony, payer=pay.colony)
    assert "leave_compensation" in october(pay, worker)


def test_a_release_ends_work_even_where_a_placement_was_left_open(
    pay: Cast, worker: Inmate
) -> None:
    """Out of custody from 16 October: the same 46 200,00."""
    a_history(pay, worker)
    CustodyStay.objects.update(effective_to=LEFT_ON_16)
    assert october(pay, worker)["leave_compensation"] == money("46200.00")


def test_a_transfer_is_no_release(pay: Cast, worker: Inmate) -> None:
    institution, _post = second_place(pay)
    CustodyStay.objects.update(effective_to=LEFT_ON_16)
    CustodyStay.objects.create(inmate=worker, institution=institution, effective_from=LEFT_ON_16)
    assert "leave_compensation" not in october(pay, worker)


def test_who_works_on_elsewhere_for_the_payer_is_not_paid_off(pay: Cast, worker: Inmate) -> None:
    """To № 22 in the middle of the month, and released there on the 26th: № 22 pays it off."""
    institution, post = second_place(pay)
    left(place_of(worker))
    a_placement(pay, worker, post=post, effective_from=LEFT_ON_16, effective_to=date(2026, 10, 26))
    assert "leave_compensation" not in october(pay, worker)
    there = PayrollRun(payer=pay.enterprise, institution=institution, month=OCTOBER.first_day, pk=0)
    leaving = average_pay(there).people[worker.pk].leaving
    # 1 January to 25 October, both posts: 298 days.
    assert (leaving.last_day, leaving.placed) == (date(2026, 10, 25), 298)


def test_part_time_days_at_two_posts_are_counted_once(pay: Cast, worker: Inmate) -> None:
    first = place_of(worker)
    Placement.objects.filter(pk=first.pk).update(is_full_time=False)
    second = a_placement(
        pay, worker, is_full_time=False, effective_from=date(2026, 9, 1), effective_to=LEFT_ON_16
    )
    left(first)
    assert second.effective_to == LEFT_ON_16
    assert october(pay, worker)["leave_compensation"] == money("52800.00")


def test_what_was_paid_off_is_not_paid_off_again(pay: Cast, worker: Inmate) -> None:
    """Paid off on 30 June, placed again on 1 August: 1 August to 15 October are 76 days,
    24 × 76 ÷ 365 = 4,99 → 4 calendar days, 16 and 19 October: 8 400,00."""
    left(place_of(worker), LEFT_ON_16, date(2026, 8, 1))
    a_placement(pay, worker, effective_from=date(2026, 1, 1), effective_to=date(2026, 7, 1))
    a_history(pay, worker)
    a_history(
        pay, worker, "30000.00", 0, Month(2026, 6), code="leave_compensation",
        arguments={"last_day": "2026-06-30"},
    )  # fmt: skip
    inmate_run = calculated(pay)
    assert inmate_run.difference_count == 0, list(inmate_run.differences.values())
    assert earned_by(worker, inmate_run)["leave_compensation"] == money("8400.00")


def test_who_was_paid_off_and_placed_again_in_one_month_earns_from_then_on(
    pay: Cast, worker: Inmate
) -> None:
    """Paid off on 10 June, placed again on the 22nd: 22 June to 15 October are 116 days,
    24 × 116 ÷ 365 = 7,62 → 7 calendar days, to the 22nd: five working ones, 21 000,00."""
    left(place_of(worker), LEFT_ON_16, date(2026, 6, 22))
    a_placement(pay, worker, effective_from=date(2026, 1, 1), effective_to=date(2026, 6, 11))
    a_history(pay, worker)
    a_history(
        pay, worker, "30000.00", 0, Month(2026, 6), code="leave_compensation",
        arguments={"last_day": "2026-06-10"},
    )  # fmt: skip
    run = calculated(pay)
    assert run.difference_count == 0, list(run.differences.values())
    assert earned_by(worker, run)["leave_compensation"] == money("21000.00")


def test_a_calendar_that_ends_too_early_refuses_the_person(pay: Cast, worker: Inmate) -> None:
    CalendarDay.objects.filter(day__gt=date(2026, 10, 31)).delete()
    left(place_of(worker))
    run = calculated(pay)
    assert run.status == "incomplete"
    problem = run.problems.get()
    assert (problem.code, problem.arguments) == ("calendar_ends_early", {"day": "2026-11-01"})
    assert "нет дня 01.11.2026" in problem_sentence(problem.code, problem.arguments)


# --- one-off sums -----------------------------------------------------------------------------
def an_extra(cast: Cast, inmate: Inmate, kind: str, amount: str) -> ExtraPay:
    return ExtraPay.objects.create(
        inmate=inmate, payer=cast.enterprise, institution=cast.institution,
        month=OCTOBER.first_day, kind=kind, amount=money(amount), basis="приказ № 9",
        recorded_by=cast.accountant, recorded_at=NOW,
    )  # fmt: skip


def test_each_sum_is_a_line_of_its_own(pay: Cast, worker: Inmate) -> None:
    first, second = (an_extra(pay, worker, "bonus", sum_) for sum_ in ("5000.00", "2500.50"))
    run = calculated(pay)
    assert run.difference_count == 0
    lines = PayslipLine.objects.filter(code="bonus").order_by("sequence")
    assert [(line.subject, line.amount) for line in lines] == [
        (f"extra:{first.pk}", money("5000.00")),
        (f"extra:{second.pk}", money("2500.50")),
    ]
    assert lines[0].title == {"ru": "Премия", "kk": "Сыйақы", "en": "Bonus"}
    assert lines[0].arguments == {"basis": "приказ № 9", "article": "penal_code_120"}
    assert run.payslips.get().gross == money("55500.50")


def test_a_sum_alone_is_a_payslip(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    an_extra(pay, inmate, "bonus", "5000.00")
    assert october(pay, inmate) == {"bonus": money("5000.00")}


def test_a_compensation_is_no_base_of_anything(pay: Cast, worker: Inmate) -> None:
    """48 000,00 of work: the pension is 10 % of that alone."""
    an_extra(pay, worker, "compensation", "7000.00")
    run = calculated(pay)
    slip = run.payslips.get()
    assert run.difference_count == 0
    assert (slip.gross, slip.opv) == (money("55000.00"), money("4800.00"))


def test_a_sum_of_another_month_payer_or_place_stays_there(pay: Cast, worker: Inmate) -> None:
    institution, _post = second_place(pay)
    for fields in (
        {"month": date(2026, 9, 1)},
        {"payer": pay.colony},
        {"institution": institution},
    ):
        row = an_extra(pay, worker, "bonus", "5000.00")
        ExtraPay.objects.filter(pk=row.pk).update(**fields)
    assert october(pay, worker) == {"time": money("48000.00")}


def test_a_kind_that_is_not_known_refuses_the_person(pay: Cast, worker: Inmate) -> None:
    an_extra(pay, worker, "gift", "5000.00")
    run = calculated(pay)
    assert run.status == "incomplete"
    assert run.problems.get().arguments == {"kind": "gift"}


# --- the number of reads ----------------------------------------------------------------------
def test_the_number_of_queries_does_not_grow_with_people(pay: Cast) -> None:
    counts = []
    for number in range(3):
        inmate = a_worker(pay, str(1700 + number), days=2)
        a_history(pay, inmate)
        absent(place_of(inmate), "leave", 15, 16)
        left(place_of(inmate), date(2026, 10, 31))
        an_extra(pay, inmate, "bonus", "100.00")
        run = _a_run(pay)
        with CaptureQueriesContext(connection) as captured:
            found = average_pay(run)
        assert len(found.people) == len(found.extra) == number + 1
        counts.append(len(captured))
    assert set(counts) == {5}


def test_a_month_without_any_of_it_reads_twice(pay: Cast, worker: Inmate) -> None:
    run = _a_run(pay)
    with CaptureQueriesContext(connection) as captured:
        found = average_pay(run)
    assert (found.people, found.extra) == ({}, {})
    assert len(captured) == 2


def test_work_long_ago_does_not_matter(pay: Cast, worker: Inmate) -> None:
    """Of a placement since 2020 all days count: 24 × 2 480 ÷ 365 = 163,06 calendar days."""
    left(place_of(worker), LEFT_ON_16, LONG_AGO)
    attended(place_of(worker), [])
    leaving = average_pay(_a_run(pay)).people[worker.pk].leaving
    assert leaving.placed == (LEFT_ON_16 - LONG_AGO).days
