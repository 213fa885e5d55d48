"""A training: begun with a mentor, completed with a grade, discontinued with a reason."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from inmates.enums import ApprenticeshipStatus
from inmates.models import (
    Apprenticeship,
    Attendance,
    BackdatedChange,
    Inmate,
    PayrollRun,
    Qualification,
)
from inmates.refusals import BeingCalculated
from inmates.safety_refusals import (
    HoursNotDone,
    MentorWithoutGrade,
    NotHeldHere,
    ReasonTooShort,
    TrainingEndsAhead,
    TrainingEndsTooEarly,
    TrainingMonthCalculated,
)
from inmates.selectors.apprenticeship import (
    apprenticeships_of,
    apprenticeships_visible_to,
    calculated_month_since,
    mentors_of,
    minutes_learnt,
    runs_since,
)
from inmates.services.apprenticeship import (
    begin_apprenticeship,
    complete_apprenticeship,
    discontinue_apprenticeship,
)
from inmates.states import APPRENTICESHIP
from portal.accounts.enums import Role
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.books import first_signature, posted
from tests.inmates.months import FIRST, OCTOBER, a_worker, attended, calculated, days_of, started
from tests.inmates.safety import a_grade, an_apprenticeship
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_placement, a_reason, a_user, an_inmate
from workshops.models import Post, Trade

OCTOBER_12 = date(2026, 10, 12)


def begin(cast: Cast, inmate: Inmate, **fields: Any) -> Apprenticeship:
    values = {
        "actor": cast.labour_officer,
        "trade_id": cast.trade.pk,
        "planned_hours": 160,
        "norm_coefficient": Decimal("0.6"),
        "basis": "приказ № 3",
        "effective_from": OCTOBER_12,
        "at": NOW,
        "free_mentor": "мастер Тестов",
    }
    return begin_apprenticeship(inmate_id=inmate.pk, **(values | fields))


def by_mentor(cast: Cast, inmate: Inmate, mentor: Inmate, **fields: Any) -> Apprenticeship:
    return begin(cast, inmate, mentor_id=mentor.pk, **({"free_mentor": ""} | fields))


# --- begun ------------------------------------------------------------------------------------
def test_a_training_with_a_person_who_has_the_grade(cast: Cast) -> None:
    inmate, mentor = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    a_grade(cast, mentor)
    row = by_mentor(cast, inmate, mentor)
    assert (row.status, row.mentor, row.norm_coefficient) == (
        ApprenticeshipStatus.IN_TRAINING, mentor, Decimal("0.6"),
    )  # fmt: skip
    assert list(apprenticeships_of(inmate)) == [row]
    assert list(mentors_of(cast.trade.pk, cast.labour_officer, TODAY)) == [mentor]


def test_a_mentor_without_a_grade_in_this_trade_is_refused(cast: Cast) -> None:
    inmate, mentor = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    a_grade(cast, mentor, Trade.objects.create(code="painter", name_ru="Маляр"))
    with pytest.raises(MentorWithoutGrade, match="1650"):
        by_mentor(cast, inmate, mentor)
    later = a_grade(cast, mentor)
    Qualification.objects.filter(pk=later.pk).update(awarded_on=TODAY)
    with pytest.raises(MentorWithoutGrade):
        by_mentor(cast, inmate, mentor)
    assert by_mentor(cast, inmate, mentor, effective_from=TODAY)


def test_a_mentor_held_elsewhere_is_refused(cast: Cast) -> None:
    inmate, mentor = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    a_grade(cast, mentor)
    mentor.stays.update(effective_to=OCTOBER_12)
    with pytest.raises(NotHeldHere, match="1650"):
        by_mentor(cast, inmate, mentor)


def test_one_mentor_and_not_oneself(cast: Cast) -> None:
    inmate, mentor = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    for person in (inmate, mentor):
        a_grade(cast, person)
    with pytest.raises(ConstraintRefused):
        begin(cast, inmate, free_mentor="")
    with pytest.raises(ConstraintRefused):
        by_mentor(cast, inmate, mentor, free_mentor="мастер Тестов")
    with pytest.raises(ConstraintRefused):
        by_mentor(cast, inmate, inmate)


@pytest.mark.parametrize("coefficient", ["0", "1.0001", "-0.5"])
def test_a_coefficient_outside_its_bounds_is_refused(cast: Cast, coefficient: str) -> None:
    with pytest.raises(ConstraintRefused):
        begin(cast, an_inmate(cast), norm_coefficient=Decimal(coefficient))
    assert not Apprenticeship.objects.exists()


def test_a_second_training_in_the_same_days_is_refused(cast: Cast) -> None:
    inmate = an_inmate(cast)
    begin(cast, inmate)
    with pytest.raises(ConstraintRefused):
        begin(cast, inmate, effective_from=TODAY)


@pytest.mark.parametrize("who", ["master", "head", "accountant", "analyst", "stranger"])
def test_only_the_labour_officer_arranges_one(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        begin(cast, an_inmate(cast), actor=getattr(cast, who))


def test_a_labour_officer_of_another_institution_sees_and_does_nothing(cast: Cast) -> None:
    institution, _post = second_place(cast)
    other = a_user("labour22@example.kz", institution.organisation, Role.LABOUR_OFFICER)
    row = begin(cast, an_inmate(cast))
    with pytest.raises(Forbidden):
        discontinue(cast, row, actor=other)
    assert not apprenticeships_visible_to(other, TODAY).exists()
    assert list(apprenticeships_visible_to(cast.labour_officer, TODAY)) == [row]


def test_somebody_who_left_is_not_trained(cast: Cast) -> None:
    inmate = an_inmate(cast)
    inmate.stays.update(effective_to=OCTOBER_12)
    with pytest.raises(NotHeldHere, match="1648"):
        begin(cast, inmate)


# --- hours ------------------------------------------------------------------------------------
def test_hours_are_those_of_attendance_at_posts_of_the_trade_in_the_period(cast: Cast) -> None:
    inmate = an_inmate(cast)
    joiner = a_placement(cast, inmate)
    painter = Trade.objects.create(code="painter", name_ru="Маляр")
    post = Post.objects.create(workshop=cast.workshop, name_ru="Маляр", trade=painter, seats=2)
    other = a_placement(cast, inmate, post=post, is_full_time=False)
    row = an_apprenticeship(
        cast, inmate, effective_from=OCTOBER_12, effective_to=date(2026, 10, 16)
    )
    none = an_apprenticeship(cast, an_inmate(cast, "1650"))
    attended(joiner, [date(2026, 10, 9), OCTOBER_12, date(2026, 10, 15), date(2026, 10, 16)])
    attended(other, [OCTOBER_12], minutes=60)
    sick, short = a_reason("sick"), a_reason("short", is_worked=True, letter="Н")
    for day, reason, minutes in ((13, sick, 0), (14, short, 200)):
        Attendance.objects.create(
            placement=joiner, worked_on=date(2026, 10, day), minutes=minutes, reason=reason,
            recorded_at=NOW,
        )  # fmt: skip
    assert minutes_learnt([row, none]) == {row.pk: 2 * 480 + 200, none.pk: 0}


# --- completed --------------------------------------------------------------------------------
def complete(cast: Cast, row: Apprenticeship, **fields: Any) -> Apprenticeship:
    values = {
        "actor": cast.labour_officer, "grade": 2, "document": "протокол № 5", "on": TODAY,
        "at": NOW,
    }  # fmt: skip
    return complete_apprenticeship(apprenticeship_id=row.pk, **(values | fields))


def learnt(cast: Cast, hours: int = 160) -> Apprenticeship:
    inmate = an_inmate(cast)
    attended(a_placement(cast, inmate), days_of(OCTOBER, hours // 8))
    return an_apprenticeship(cast, inmate)


def test_done_hours_give_the_grade_and_a_qualification(cast: Cast) -> None:
    row = complete(cast, learnt(cast))
    assert (row.status, row.grade_awarded, row.effective_to) == (
        ApprenticeshipStatus.COMPLETED, 2, TODAY,
    )  # fmt: skip
    grade = Qualification.objects.get(inmate=row.inmate)
    assert (grade.trade, grade.grade, grade.document, grade.awarded_on) == (
        cast.trade, 2, "протокол № 5", TODAY,
    )  # fmt: skip
    assert [change.action for change in history_of(row)] == ["complete"]
    with pytest.raises((MoveRefused, ConstraintRefused, TrainingEndsTooEarly)):
        complete(cast, row)


def test_a_grade_waits_for_the_planned_hours(cast: Cast) -> None:
    row = learnt(cast, hours=152)
    with pytest.raises(HoursNotDone, match=r"152.*160"):
        complete(cast, row)
    row.refresh_from_db()
    assert (row.status, row.effective_to) == (ApprenticeshipStatus.IN_TRAINING, None)


def test_a_grade_the_person_has_already_takes_everything_back(cast: Cast) -> None:
    row = learnt(cast)
    a_grade(cast, row.inmate, grade=2)
    with pytest.raises(ConstraintRefused):
        complete(cast, row)
    row.refresh_from_db()
    assert (row.status, row.grade_awarded) == (ApprenticeshipStatus.IN_TRAINING, None)


def test_a_grade_without_a_document_or_beyond_eight_is_refused(cast: Cast) -> None:
    row = learnt(cast)
    for wrong in ({"document": " "}, {"grade": 9}):
        with pytest.raises(ConstraintRefused), transaction.atomic():
            complete(cast, row, **wrong)


# --- discontinued -----------------------------------------------------------------------------
def discontinue(cast: Cast, row: Apprenticeship, **fields: Any) -> Apprenticeship:
    values = {
        "actor": cast.labour_officer, "reason": "переведён на другой участок", "on": TODAY,
        "at": NOW,
    }  # fmt: skip
    return discontinue_apprenticeship(apprenticeship_id=row.pk, **(values | fields))


def test_a_training_ends_without_a_grade_and_another_may_begin(cast: Cast) -> None:
    row = discontinue(cast, begin(cast, an_inmate(cast)))
    assert (row.status, row.grade_awarded, row.effective_to) == (
        ApprenticeshipStatus.DISCONTINUED, None, TODAY,
    )  # fmt: skip
    assert history_of(row).get().reason == "переведён на другой участок"
    begin(cast, row.inmate, effective_from=TODAY)
    with pytest.raises(MoveRefused):
        discontinue(cast, row, on=OCTOBER_12 + timedelta(days=1))


def test_an_end_has_its_reason_and_its_day(cast: Cast) -> None:
    row = begin(cast, an_inmate(cast))
    with pytest.raises(ReasonTooShort):
        discontinue(cast, row, reason="-- нет")
    with pytest.raises(TrainingEndsTooEarly):
        discontinue(cast, row, on=OCTOBER_12)
    with pytest.raises(TrainingEndsAhead, match=r"23\.11\.2026"):
        discontinue(cast, row, on=TODAY + timedelta(days=1))


# --- wages ------------------------------------------------------------------------------------
def test_a_month_that_is_paid_is_not_changed_by_a_training(pay: Cast) -> None:
    worker = a_worker(pay)
    row = an_apprenticeship(pay, worker)
    calculated(pay)
    assert calculated_month_since(worker.pk, FIRST) == FIRST
    assert calculated_month_since(worker.pk, date(2026, 11, 1)) is None
    with pytest.raises(TrainingMonthCalculated, match="октябрь"):
        discontinue(pay, row, on=OCTOBER_12)
    assert discontinue(pay, row, on=date(2026, 11, 2)).effective_to == date(2026, 11, 2)
    with pytest.raises(TrainingMonthCalculated):
        begin(pay, a_neighbour_of(pay, worker), effective_from=OCTOBER_12)


def test_a_month_that_is_approved_is_changed_by_a_document(pay: Cast) -> None:
    first_signature(pay)
    worker = a_worker(pay)
    row = an_apprenticeship(pay, worker)
    posted(pay)
    assert calculated_month_since(worker.pk, FIRST) is None
    assert discontinue(pay, row, on=date(2026, 10, 20)).effective_to == date(2026, 10, 20)
    mark = BackdatedChange.objects.get()
    assert (mark.cause, mark.first_day) == ("apprenticeship", date(2026, 10, 20))
    assert mark.changed_by == pay.labour_officer


def test_a_month_being_calculated_is_not_changed_by_a_training(pay: Cast) -> None:
    """Its run has read the trainings already, and no slip of it is stored yet."""
    worker = a_worker(pay)
    run = started(pay)
    assert not worker.payslips.exists()
    with pytest.raises(BeingCalculated, match="октябрь"):
        begin(pay, worker)
    assert list(runs_since(worker.pk, FIRST)) == [run]
    assert not runs_since(worker.pk, TODAY).exists()
    # The run of another payer does not concern the person.
    PayrollRun.objects.filter(pk=run.pk).update(payer=pay.entrepreneur)
    assert begin(pay, worker).effective_from == OCTOBER_12


def test_a_later_end_than_planned_does_not_reach_into_paid_months(pay: Cast) -> None:
    worker = a_worker(pay)
    row = an_apprenticeship(
        pay, worker, effective_from=date(2026, 9, 1), effective_to=date(2026, 10, 10)
    )
    calculated(pay)
    with pytest.raises(TrainingMonthCalculated, match="октябрь"):
        discontinue(pay, row, on=date(2026, 11, 2))
    row.refresh_from_db()
    assert row.effective_to == date(2026, 10, 10)


def a_neighbour_of(pay: Cast, worker: Inmate) -> Inmate:
    """Somebody else whose October is paid as well."""
    neighbour = a_worker(pay, "1650")
    worker.payslips.all().delete()
    PayrollRun.objects.all().delete()
    calculated(pay)
    return neighbour


# --- the database -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"status": "completed"},
        {"status": "completed", "grade_awarded": 3},
        {"status": "discontinued", "grade_awarded": 3},
        {"grade_awarded": 9},
        {"planned_hours": 0},
        {"status": "paused"},
        {"free_mentor": ""},
    ],
)
def test_the_database_refuses_nonsense(cast: Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        an_apprenticeship(cast, an_inmate(cast), **fields)


@pytest.mark.parametrize("status", ApprenticeshipStatus.values)
@pytest.mark.parametrize("action", ["complete", "discontinue", "begin"])
def test_the_table_of_a_training(status: str, action: str) -> None:
    known = {
        ("in_training", "complete"): "completed",
        ("in_training", "discontinue"): "discontinued",
    }
    assert APPRENTICESHIP.target(status, action) == known.get((status, action))
