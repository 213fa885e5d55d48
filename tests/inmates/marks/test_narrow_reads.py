"""A run of a few people reads nobody else, and no more of the past than their debts ask for."""

from inmates.enums import RunKind
from inmates.models import PayrollRun, RunPerson
from inmates.selectors.payroll_earlier import slips_after
from inmates.selectors.payroll_inputs import run_inputs
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.histories import a_history
from tests.inmates.marks.world import BY_PIECE, BY_TIME, IN_TEAM, a_closed_month, place_of
from tests.inmates.months import OCTOBER, a_writ
from tests.people import Cast

NOVEMBER = Month(2026, 11)


def an_error(pay: Cast, *numbers: str) -> PayrollRun:
    run = PayrollRun.objects.create(
        payer=pay.enterprise, institution=pay.institution, month=OCTOBER.first_day,
        kind=RunKind.ERROR, reason="проверка", started_by=pay.accountant, created_at=clock.now(),
    )  # fmt: skip
    for number in numbers:
        RunPerson.objects.create(run=run, inmate=place_of(number).inmate)
    return run


def test_of_a_run_of_one_person_nobody_else_is_read(pay: Cast) -> None:
    october = a_closed_month(pay)
    whole = run_inputs(october)
    person = place_of(IN_TEAM).inmate_id
    inputs = run_inputs(an_error(pay, IN_TEAM))
    assert [one.id for one in inputs.people] == [person]
    assert (inputs.time, inputs.pieces) == ({}, {})
    assert (inputs.worked.keys() | inputs.teams.keys()) == {person}
    # The split of the team is that of all its members.
    assert inputs.teams[person] == whole.teams[person]
    by_time = run_inputs(an_error_of(pay, BY_TIME))
    assert by_time.time == whole.time
    assert (by_time.pieces, by_time.teams) == ({}, {})


def an_error_of(pay: Cast, number: str) -> PayrollRun:
    PayrollRun.objects.filter(kind=RunKind.ERROR).delete()
    return an_error(pay, number)


def test_of_other_months_only_payslips_of_debtors_are_asked(pay: Cast) -> None:
    october = a_closed_month(pay)
    people = [place_of(number).inmate for number in (BY_TIME, BY_PIECE)]
    slips = [a_history(pay, inmate, month=NOVEMBER) for inmate in people]
    run, keys = an_error(pay, BY_TIME, BY_PIECE), [inmate.pk for inmate in people]
    assert slips_after(run, [october.pk], keys) == []
    a_writ(people[0], "1", share_numerator=1, share_denominator=4)
    assert slips_after(run, [october.pk], keys) == []
    later = slips[0].run
    PayrollRun.objects.filter(pk=later.pk).update(ordered_at=clock.now())
    assert slips_after(run, [october.pk], keys) == [slips[0].pk]
