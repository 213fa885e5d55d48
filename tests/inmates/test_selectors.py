"""Who sees which runs and slips, what a run's totals are, and what a run is computed from."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from inmates.models import PayRate, PayrollProblem, PayrollRun, Payslip
from inmates.selectors.payroll import (
    parameters_by_code,
    payroll_places,
    payroll_runs_visible_to,
    payslips_visible_to,
    run_payslips,
    run_problems,
    runs_of_months,
    runs_with_totals,
)
from inmates.selectors.payroll_inputs import (
    operation_titles,
    placed_in_month,
    post_titles,
    run_inputs,
)
from inmates.selectors.payroll_shared import read_shared
from portal.accounts.models import RoleGrant, User
from portal.kernel.periods import Month
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    an_application,
    attended,
    calculated,
    days_of,
    made,
    started,
)
from tests.inmates.second_place import second_place
from tests.people import (
    NOW,
    TODAY,
    Cast,
    a_placement,
    a_reason,
    a_user,
    a_work_order,
    an_hourly_rate,
    an_inmate,
)

ROLES = (
    "buyer", "operator", "accountant", "head", "analyst", "master", "labour_officer",
    "administrator", "stranger",
)  # fmt: skip


def money(amount: str) -> Decimal:
    return Decimal(amount)


def limited_to(cast: Cast, place: object) -> User:
    """An accountant of the enterprise whose right ends at one institution."""
    user = a_user(f"limited{place.pk}@example.kz", cast.enterprise)
    RoleGrant.objects.create(
        membership=user.memberships.get(), role="accountant", scope=place, effective_from=FIRST
    )
    return user


# --- who sees what ----------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES)
def test_runs_and_slips_are_seen_by_the_payers_accountant_and_head(pay: Cast, role: str) -> None:
    a_worker(pay)
    calculated(pay)
    seen = 1 if role in ("accountant", "head") else 0
    assert payroll_runs_visible_to(pay.users[role], TODAY).count() == seen
    assert payslips_visible_to(pay.users[role], TODAY).count() == seen


def test_a_right_limited_to_a_place_sees_that_place(pay: Cast) -> None:
    institution, post = second_place(pay)
    an_hourly_rate(pay, post=post)
    a_worker(pay, "1001")
    inmate = an_inmate(pay, "1002")
    attended(a_placement(pay, inmate, post=post), days_of(OCTOBER, 3))
    calculated(pay)
    started(pay, institution_id=institution.pk)
    here, there = limited_to(pay, pay.colony), limited_to(pay, institution.organisation)
    assert [run.institution for run in payroll_runs_visible_to(here, TODAY)] == [pay.institution]
    assert [run.institution for run in payroll_runs_visible_to(there, TODAY)] == [institution]
    assert payslips_visible_to(here, TODAY).count() == 1
    assert payslips_visible_to(there, TODAY).count() == 0


def test_a_right_that_has_ended_sees_nothing(pay: Cast) -> None:
    a_worker(pay)
    calculated(pay)
    RoleGrant.objects.filter(membership__user=pay.accountant).update(effective_to=TODAY)
    user = User.objects.get(pk=pay.accountant.pk)  # the grants are kept on the user of a request
    assert not payroll_runs_visible_to(user, TODAY).exists()


def test_a_membership_that_has_ended_sees_nothing(pay: Cast) -> None:
    a_worker(pay)
    calculated(pay)
    pay.accountant.memberships.update(effective_to=TODAY)
    user = User.objects.get(pk=pay.accountant.pk)
    assert not payslips_visible_to(user, TODAY).exists()


# --- where a payer has people -----------------------------------------------------------------
def test_places_are_those_where_the_payer_has_or_had_people(pay: Cast) -> None:
    institution, post = second_place(pay)
    assert payroll_places(pay.accountant, TODAY) == []
    a_placement(pay, an_inmate(pay, "1"), effective_to=date(2026, 2, 1))
    assert [one.key for one in payroll_places(pay.accountant, TODAY)] == [
        (pay.enterprise.pk, pay.institution.pk)
    ]
    a_placement(pay, an_inmate(pay, "2"), post=post)
    keys = [one.institution for one in payroll_places(pay.accountant, TODAY)]
    assert keys == [pay.institution, institution]


def test_places_follow_the_order_of_institutions(pay: Cast) -> None:
    institution, post = second_place(pay)
    pay.institution.sort_order = 9
    pay.institution.save()
    a_placement(pay, an_inmate(pay, "1"))
    a_placement(pay, an_inmate(pay, "2"), post=post)
    found = [one.institution for one in payroll_places(pay.accountant, TODAY)]
    assert found == [institution, pay.institution]


def test_places_are_asked_for_in_three_questions(pay: Cast, django_assert_num_queries) -> None:
    _institution, post = second_place(pay)
    a_placement(pay, an_inmate(pay, "1"))
    a_placement(pay, an_inmate(pay, "2"), post=post)
    payroll_places(pay.accountant, TODAY)  # the grants are kept on the user
    with django_assert_num_queries(3):
        payroll_places(pay.accountant, TODAY)


def test_the_role_asked_for_decides(pay: Cast) -> None:
    a_placement(pay, an_inmate(pay))
    assert payroll_places(pay.head, TODAY)
    assert payroll_places(pay.head, TODAY, "accountant") == []


# --- totals -----------------------------------------------------------------------------------
def test_totals_are_the_sums_of_the_slips(pay: Cast) -> None:
    a_worker(pay, "1001", days=20)
    second = a_worker(pay, "1002", days=10)
    a_writ(second, "ИСК-1", queue=1, kind="claim", debt=money("3000.00"))
    run = runs_with_totals(PayrollRun.objects.filter(pk=calculated(pay).pk)).get()
    slips = list(run.payslips.all())
    assert (run.people, run.problem_count, run.without_deduction) == (2, 0, 0)
    assert run.gross == money("144000.00")
    assert run.withheld_by_writs == money("3000.00")
    assert run.taxes == sum(slip.opv + slip.vosms + slip.ipn for slip in slips)
    assert run.to_account == run.gross - run.taxes - run.withheld_by_writs
    pays = sum(slip.so + slip.oosms + slip.opvr + slip.social_tax for slip in slips)
    assert run.employer_pays == pays


def test_problems_do_not_multiply_the_totals(pay: Cast) -> None:
    """A join over two tables of many would count each slip once for each problem."""
    inmate = a_worker(pay)
    run = calculated(pay)
    for code in ("one", "two", "three"):
        PayrollProblem.objects.create(run=run, inmate=inmate, code=code)
    PayrollProblem.objects.create(run=run, inmate=an_inmate(pay, "1002"), code="one")
    found = runs_with_totals(PayrollRun.objects.all()).get()
    assert (found.people, found.gross) == (1, money("96000.00"))
    assert found.problem_count == 2, "people, not sentences"


def test_a_run_without_slips_has_zeros(pay: Cast) -> None:
    a_worker(pay)
    started(pay)
    run = runs_with_totals(PayrollRun.objects.all()).get()
    assert (run.people, run.gross, run.employer_pays) == (0, money("0.00"), money("0.00"))


def test_runs_of_months_are_found_by_payer_place_and_month(pay: Cast) -> None:
    a_worker(pay)
    run = calculated(pay)
    key = (pay.enterprise.pk, pay.institution.pk, OCTOBER)
    assert runs_of_months(pay.accountant, TODAY, [OCTOBER, Month(2026, 9)]) == {key: run}
    assert runs_of_months(pay.accountant, TODAY, [Month(2026, 9)]) == {}
    assert runs_of_months(pay.operator, TODAY, [OCTOBER]) == {}


def test_people_and_problems_come_by_personnel_number(pay: Cast) -> None:
    for number in ("1003", "1001", "1002"):
        a_worker(pay, number)
    run = calculated(pay)
    assert [slip.inmate.personnel_number for slip in run_payslips(run)] == ["1001", "1002", "1003"]
    for slip in Payslip.objects.order_by("-id"):
        PayrollProblem.objects.create(run=run, inmate=slip.inmate, code="x")
    numbers = [one.inmate.personnel_number for one in run_problems(run)]
    assert numbers == ["1001", "1002", "1003"]


def test_parameters_come_by_code_the_newest_first(pay: Cast) -> None:
    rows = [(row.code, row.effective_from) for row in parameters_by_code()]
    assert rows == sorted(rows, key=lambda row: (row[0], -row[1].toordinal()))
    assert len({code for code, _begin in rows}) > 30


# --- what a run is computed from --------------------------------------------------------------
def inputs_of(cast: Cast):
    run = started(cast)
    return run_inputs(PayrollRun.objects.select_related("institution").get(pk=run.pk))


def test_time_is_added_by_post_and_rate(pay: Cast) -> None:
    PayRate.objects.update(effective_to=date(2026, 10, 3))
    an_hourly_rate(pay, "700.00", effective_from=date(2026, 10, 3))
    inmate = a_worker(pay, days=4)
    work = inputs_of(pay).time[inmate.pk]
    assert [(one.quantity, one.rate, one.first_day) for one in work] == [
        (960, money("600.00"), FIRST),
        # The third is a Saturday.
        (960, money("700.00"), date(2026, 10, 5)),
    ]


def test_work_of_other_months_is_left_out(pay: Cast) -> None:
    inmate = a_worker(pay, days=1)
    attended(inmate.placements.get(), [date(2026, 9, 30), date(2026, 11, 1)])
    assert [one.quantity for one in inputs_of(pay).time[inmate.pk]] == [480]


def test_a_short_day_is_worked_and_a_sick_one_is_not(pay: Cast) -> None:
    inmate = a_worker(pay, days=1)
    days = inmate.placements.get().attendance
    short = a_reason("short-day", is_worked=True, letter="НД")
    sick = a_reason("sick")
    days.create(worked_on=date(2026, 10, 5), minutes=300, reason=short, recorded_at=NOW)
    days.create(worked_on=date(2026, 10, 6), minutes=0, reason=sick, recorded_at=NOW)
    inputs = inputs_of(pay)
    assert [one.quantity for one in inputs.time[inmate.pk]] == [780]
    assert inputs.worked[inmate.pk] == (2, 780)


def test_pieces_are_added_by_operation_over_work_orders(pay: Cast) -> None:
    a_piece_rate(pay, "650.00", per_pieces=10)
    inmate = an_inmate(pay)
    placement = a_placement(pay, inmate, pay_form="piece")
    for day in (1, 2):
        cutting = a_work_order(pay).operations.get(operation=pay.cutting)
        made(placement, cutting, date(2026, 10, day), 4)
    (work,) = inputs_of(pay).pieces[inmate.pk]
    assert (work.quantity, work.per_pieces, work.rate) == (8, 10, money("650.00"))


def test_pieces_of_somebody_paid_by_time_are_not_paid_twice(pay: Cast) -> None:
    a_piece_rate(pay)
    inmate = a_worker(pay, days=1)
    cutting = a_work_order(pay).operations.get(operation=pay.cutting)
    made(inmate.placements.get(), cutting, FIRST, 4)
    inputs = inputs_of(pay)
    assert inputs.pieces == {}
    assert len(inputs.time[inmate.pk]) == 1


@pytest.mark.parametrize(
    ("begin", "end", "is_change"),
    [
        (date(2026, 9, 30), None, False),
        (date(2026, 10, 1), None, True),
        (date(2026, 10, 20), None, True),
        (date(2026, 9, 1), date(2026, 11, 1), True),
        (date(2026, 9, 1), date(2026, 10, 20), True),
        (date(2026, 9, 1), date(2026, 11, 2), False),
    ],
)
def test_the_month_of_hire_or_dismissal(
    pay: Cast, begin: date, end: date | None, is_change: bool
) -> None:
    inmate = an_inmate(pay)
    a_placement(pay, inmate, effective_from=begin, effective_to=end)
    assert (inmate.pk in inputs_of(pay).changed_employment) is is_change


def test_whoever_was_placed_on_one_day_of_the_month_belongs_to_it(pay: Cast) -> None:
    last = a_placement(pay, an_inmate(pay, "1"), effective_from=date(2026, 10, 31))
    first = a_placement(pay, an_inmate(pay, "2"), effective_to=date(2026, 10, 2))
    a_placement(pay, an_inmate(pay, "3"), effective_to=FIRST)
    a_placement(pay, an_inmate(pay, "4"), effective_from=date(2026, 11, 1))
    found = placed_in_month(pay.enterprise.pk, pay.institution.pk, OCTOBER)
    assert set(found) == {first, last}
    assert {one.id for one in inputs_of(pay).people} == {first.inmate_id, last.inmate_id}


def test_an_application_must_hold_on_the_last_day(pay: Cast) -> None:
    early, late = an_inmate(pay, "1"), an_inmate(pay, "2")
    for inmate in (early, late):
        a_placement(pay, inmate)
    an_application(pay, early, effective_to=date(2026, 10, 31))
    an_application(pay, late, effective_from=date(2026, 10, 31))
    inputs, run = inputs_of(pay), PayrollRun.objects.get()
    read_shared(inputs, run, [early.pk, late.pk])
    assert inputs.applications == {late.pk}


def test_writs_come_by_queue_and_only_those_in_force(pay: Cast) -> None:
    inmate = a_worker(pay)
    later = a_writ(inmate, "И-1", queue=5, kind="claim", debt=money("10.00"))
    first = a_writ(inmate, "И-2", share_numerator=1, share_denominator=3)
    a_writ(inmate, "И-3", amount=money("10.00"), effective_to=date(2026, 10, 31))
    a_writ(inmate, "И-4", amount=money("10.00"), effective_from=date(2026, 11, 1))
    inputs, run = inputs_of(pay), PayrollRun.objects.get()
    read_shared(inputs, run, [inmate.pk])
    found = inputs.writs[inmate.pk]
    assert [one.id for one in found] == [first.pk, later.pk]
    assert [one.share for one in found] == [(1, 3), None]
    read_shared(inputs, run, [])
    assert inputs.writs == {}


def test_titles_of_work_are_in_three_languages(pay: Cast) -> None:
    with translation.override("kk"):
        posts, operations = post_titles([pay.joiners.pk]), operation_titles([pay.cutting.pk])
    assert posts[pay.joiners.pk] == {"ru": "Столяр", "kk": "Столяр", "en": "Столяр"}
    assert operations[pay.cutting.pk] == {
        "ru": "Игровой уголок «Юрта»: раскрой",
        "kk": "«Киіз үй» ойын бұрышы: раскрой",
        "en": "Play corner “Yurt”: раскрой",
    }


def test_an_abbreviation_keeps_its_capitals_inside_a_title(pay: Cast) -> None:
    pay.cutting.name_ru = "ЧПУ: раскрой"
    pay.cutting.save()
    assert operation_titles([pay.cutting.pk])[pay.cutting.pk]["ru"].endswith(": ЧПУ: раскрой")
