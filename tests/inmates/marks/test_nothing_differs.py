"""Changes of the past that come to nothing: a calculation that finds no difference answers them."""

from dataclasses import dataclass
from typing import Any

import pytest

from inmates.enums import RunKind, RunStatus
from inmates.models import Attendance, BackdatedChange, Inmate, PayRate, PayrollRun, Placement
from inmates.off_cycle_refusals import NoChangeWaiting
from inmates.services.off_cycle import drop_run, restart_run
from inmates.tasks import calculate_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import approved, check_books, first_signature, worked_off
from tests.inmates.corrected import worked
from tests.inmates.months import OCTOBER, attended, calculated, days_of
from tests.inmates.off_cycle import Scope, made_run, owed, posted_run
from tests.people import Cast, a_placement, an_inmate

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)


@dataclass
class Story:
    """Two people whose past is changed."""

    cast: Cast
    one: Inmate
    two: Inmate


@pytest.fixture
def story(pay: Cast) -> Story:
    """August is approved; nobody has earned anything in September."""
    first_signature(pay)
    found = Story(pay, an_inmate(pay, "1648"), an_inmate(pay, "1649"))
    for inmate in (found.one, found.two):
        attended(a_placement(pay, inmate), days_of(AUGUST, 15))
    closed(found, AUGUST)
    assert marks() == []
    return found


def month_of(story: Story, month: Month) -> PayrollRun:
    return calculated(story.cast, month, at=clock.now())


def closed(story: Story, month: Month) -> PayrollRun:
    return posted_run(story.cast, month_of(story, month))


def to_and_fro(inmate: Inmate, month: Month = AUGUST) -> None:
    """A day was entered otherwise, and then as it had been."""
    worked(inmate, month, 1, 60)
    worked(inmate, month, 1, 480)


def marks(**fields: Any) -> list[tuple[str, Any, Any]]:
    """Whose past was changed, since when, and the run that answered it."""
    rows = BackdatedChange.objects.filter(**fields).order_by("inmate__personnel_number", "pk")
    return list(rows.values_list("inmate__personnel_number", "first_day", "settled_by"))


def an_error(story: Story, *people: Inmate, month: Month = AUGUST) -> PayrollRun:
    """A run outside the order, calculated."""
    scope = Scope(story.cast.enterprise.pk, story.cast.institution.pk, month)
    numbers = [one.personnel_number for one in people]
    return made_run(story.cast, RunKind.ERROR, numbers, scope, reason="табель исправлен")


def first_of(month: Month = AUGUST) -> Any:
    return days_of(month, 1)[0]


def test_wages_of_a_month_answer_what_comes_to_nothing(story: Story) -> None:
    """Nobody approves a month in which nobody earned: its calculation is the answer."""
    to_and_fro(story.one)
    run = month_of(story, SEPTEMBER)
    assert (run.status, run.payslips.count(), run.corrections.count()) == ("calculated", 0, 0)
    assert marks() == [("1648", first_of(), run.pk)]
    again = month_of(story, SEPTEMBER)
    assert (again.pk, marks(settled_by=None)) == (run.pk, [])
    worked(story.one, AUGUST, 1, 60)
    assert [one.month for one in month_of(story, SEPTEMBER).corrections.all()] == [AUGUST.first_day]
    assert len(marks(settled_by=None)) == 1, "a later change was answered by who had not seen it"


def test_where_somebody_earns_the_posting_answers(story: Story) -> None:
    attended(story.two.placements.get(), days_of(SEPTEMBER, 5))
    to_and_fro(story.one)
    run = month_of(story, SEPTEMBER)
    assert len(marks(settled_by=None)) == 1
    posted_run(story.cast, run)
    assert marks() == [("1648", first_of(), run.pk)]


def test_somebody_who_cannot_be_calculated_leaves_all_open(story: Story) -> None:
    to_and_fro(story.one)
    placement = a_placement(story.cast, an_inmate(story.cast, "1651"))
    day = days_of(SEPTEMBER, 1)

    def a_day_without_a_rate() -> None:
        attended(placement, day)
        PayRate.objects.filter(post=placement.post).update(effective_to=day[0])

    run = calculated(story.cast, SEPTEMBER, meanwhile=a_day_without_a_rate, at=clock.now())
    assert (run.status, run.problems.count()) == (RunStatus.INCOMPLETE, 1)
    assert marks(settled_by=None) == marks() != []


def test_a_month_before_approved_ones_answers_only_its_own(story: Story) -> None:
    """September is calculated late: what reaches into October waits."""
    attended(story.one.placements.get(), days_of(OCTOBER, 10))
    closed(story, OCTOBER)
    to_and_fro(story.one)
    month_of(story, SEPTEMBER)
    assert marks(settled_by=None) == [("1648", first_of(), None)]


def test_whoever_has_a_payslip_that_waits_is_not_answered(story: Story) -> None:
    """That one may be taken back, and then what was found is not so any more."""
    for inmate in (story.one, story.two):
        to_and_fro(inmate)
    attended(story.one.placements.get(), days_of(OCTOBER, 10))
    october = month_of(story, OCTOBER)
    assert october.payslips.get().inmate == story.one
    run = month_of(story, SEPTEMBER)
    assert marks() == [("1648", first_of(), None), ("1649", first_of(), run.pk)]


def test_a_run_of_its_own_answers_what_comes_to_nothing(story: Story) -> None:
    for inmate in (story.one, story.two):
        to_and_fro(inmate)
    run = an_error(story, story.one)
    assert not run.payslips.exists()
    assert marks() == [("1648", first_of(), run.pk), ("1649", first_of(), None)]
    with pytest.raises(NoChangeWaiting):
        an_error(story, story.one)


def test_an_answer_goes_with_its_run(story: Story) -> None:
    """Taken back, it has answered nothing; and as a new change, which a later run has not seen."""
    to_and_fro(story.one)
    run = an_error(story, story.one)
    known = BackdatedChange.objects.get()
    drop_run(actor=story.cast.accountant, run_id=run.pk, at=clock.now())
    opened = BackdatedChange.objects.get()
    assert marks() == [("1648", first_of(), None)]
    assert opened.pk > known.pk
    assert (opened.cause, opened.subject, opened.changed_at) == (
        known.cause, known.subject, known.changed_at,
    )  # fmt: skip
    again = an_error(story, story.one)
    assert marks() == [("1648", first_of(), again.pk)]


def test_an_empty_run_stands_in_nobodys_way(story: Story) -> None:
    """It waits for no approval; a later change goes by a new run, or by this one made anew."""
    to_and_fro(story.one)
    empty = an_error(story, story.one)
    worked(story.one, AUGUST, 1, 420)
    run = an_error(story, story.one)
    assert run.payslips.count() == 1
    posted_run(story.cast, run)
    assert marks(settled_by=None) == []
    worked(story.one, AUGUST, 1, 480)
    empty = restart_run(actor=story.cast.accountant, run_id=empty.pk, at=clock.now())
    calculate_payroll_run(task_run=str(empty.task_run_id))
    assert posted_run(story.cast, empty).payslips.get().gross > 0
    assert owed("1648") == 0
    assert check_books() == []


def test_what_was_counted_while_it_was_approved_is_marked_when_it_is_taken_back(
    story: Story,
) -> None:
    """The mending is approved and not posted yet: the wages find nothing left to differ. Then it
    is refused, for the sake of somebody else, and taken back: the wages have not answered it."""
    worked(story.one, AUGUST, 1, 60)
    worked(story.two, AUGUST, 1, 60)
    attended(a_placement(story.cast, an_inmate(story.cast, "1650")), days_of(SEPTEMBER, 5))
    mending = approved(story.cast, an_error(story, story.one, story.two))
    september = month_of(story, SEPTEMBER)
    assert not september.corrections.exists()
    a_lasting_change(story.two)
    assert worked_off(mending).status == RunStatus.CALCULATED
    drop_run(actor=story.cast.accountant, run_id=mending.pk, at=clock.now())
    posted_run(story.cast, september)
    run = an_error(story, story.one, story.two)
    assert {slip.inmate for slip in run.payslips.all()} == {story.one, story.two}


# --- changes that reach into several months ----------------------------------------------------
@pytest.fixture
def two_months(story: Story) -> Story:
    """August and September are approved."""
    for inmate in (story.one, story.two):
        attended(inmate.placements.get(), days_of(SEPTEMBER, 15))
    closed(story, SEPTEMBER)
    assert marks() == []
    return story


def a_change_of_all(inmate: Inmate) -> None:
    """Since August for ever: a pension that was not one."""
    for pension in ("age", "none"):
        Inmate.objects.filter(pk=inmate.pk).update(pension=pension)


def a_lasting_change(inmate: Inmate) -> None:
    Inmate.objects.filter(pk=inmate.pk).update(pension="age")


@pytest.mark.parametrize("change", [a_change_of_all, a_lasting_change])
def test_month_by_month_runs_of_their_own_answer_all_of_it(two_months: Story, change: Any) -> None:
    """Nobody is placed there any more: no wages will ever be calculated to answer it."""
    story = two_months
    change(story.one)
    opened = marks(settled_by=None)
    assert {first for _number, first, _run in opened} == {AUGUST.first_day}
    september = finished(an_error(story, story.one), story)
    rest = marks(settled_by=None)
    assert {first for _number, first, _run in rest} == {SEPTEMBER.first_day}
    assert len(marks(settled_by=september)) == len(opened)
    causes = BackdatedChange.objects.filter(settled_by=None).values_list("cause", flat=True)
    assert "person" in causes
    finished(an_error(story, story.one, month=SEPTEMBER), story)
    # A posted difference may mark the one before it once more; that comes to nothing.
    for month in (AUGUST, SEPTEMBER) if marks(settled_by=None) else ():
        assert not an_error(story, story.one, month=month).payslips.exists()
    assert marks(settled_by=None) == []
    assert check_books() == []


def finished(run: PayrollRun, story: Story) -> PayrollRun:
    return posted_run(story.cast, run) if run.payslips.exists() else run


def test_a_later_month_alone_does_not_answer(two_months: Story) -> None:
    a_change_of_all(two_months.one)
    opened = marks(settled_by=None)
    run = an_error(two_months, two_months.one, month=SEPTEMBER)
    assert not run.payslips.exists()
    assert marks(settled_by=None) == opened == marks()


def test_what_goes_on_is_answered_by_the_next_wages_too(two_months: Story) -> None:
    """Only September is calculated anew then: August was."""
    story = two_months
    a_lasting_change(story.one)
    finished(an_error(story, story.one), story)
    attended(story.two.placements.get(), days_of(OCTOBER, 5))
    run = closed(story, OCTOBER)
    assert [one.month for one in run.corrections.all()] == [SEPTEMBER.first_day]
    assert not BackdatedChange.objects.filter(settled_by=None, cause="person").exists()
    assert check_books() == []


def test_whoever_was_not_there_after_all_is_mended_too(story: Story) -> None:
    """The work turns out to have ended before a month that is paid: it is all paid back."""
    Attendance.objects.filter(placement__inmate=story.one).delete()
    Placement.objects.filter(inmate=story.one).update(effective_to=AUGUST.first_day)
    run = an_error(story, story.one)
    slip = run.payslips.get()
    assert slip.gross == -story.one.payslips.exclude(run=run).get().gross
    posted_run(story.cast, run)
    assert owed("1648") == -slip.to_account > 0
    assert marks(settled_by=None) == []
    assert check_books() == []
