"""A business asks to see an area: who may, what becomes true, what is refused, twice, at once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from orders.models import SpaceApplication, SpaceApplicationOwner
from orders.services.spaces import NobodyAnswers, NotOffered, withdraw_space_application
from portal.accounts.models import RoleGrant, User
from portal.kernel.clock import ALMATY
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.locks import Gone
from portal.kernel.models import TaskRun
from portal.kernel.states import MoveRefused, history_of
from tests.orders.spaces import VISITOR, WANTED, a_colleague, a_space, an_application, fresh
from tests.orders.test_sending import _race
from tests.people import NOW, TODAY, Cast, a_cast
from workshops.models import ProductionSpace


def test_visitor_gets_an_owner_by_name_and_a_last_day(cast: Cast) -> None:
    application = an_application(cast, a_space(cast))
    assert application.status == "sent"
    assert application.owner == cast.labour_officer
    # Sent on a Sunday: Monday to Friday are the five working days.
    assert application.answer_due_on == date(2026, 11, 27)
    assert (application.placed_by, application.applicant) == (None, None)
    assert application.company == "ТОО «Тест-Тігін»"
    first = history_of(application).get()
    assert (first.action, first.to_status, first.actor) == ("send", "sent", None)
    owner = SpaceApplicationOwner.objects.get()
    assert (owner.owner, owner.role, owner.given_by) == (
        cast.labour_officer,
        "labour_officer",
        None,
    )


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        # A Monday, late in the evening of Almaty, which is still the day before in London.
        (datetime(2026, 11, 23, 0, 5, tzinfo=ALMATY), date(2026, 11, 30)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=ALMATY), date(2026, 11, 27)),
        (datetime(2026, 11, 27, 18, 0, tzinfo=ALMATY), date(2026, 12, 4)),
        # Independence Day, 16 December, is no working day.
        (datetime(2026, 12, 14, 9, 0, tzinfo=ALMATY), date(2026, 12, 22)),
    ],
)
def test_the_last_day_is_the_fifth_working_day(cast: Cast, sent: datetime, due: date) -> None:
    space = a_space(cast, confirmed_on=sent.date())
    assert an_application(cast, space, at=sent).answer_due_on == due


def test_numbers_follow_each_other_and_keys_do_not(cast: Cast) -> None:
    space = a_space(cast)
    first, second = an_application(cast, space), an_application(cast, space)
    assert [first.number, second.number] == ["2026-00001", "2026-00002"]
    assert first.key != second.key
    assert first.key.version == 4


def test_twice_with_the_same_submission_is_one_application(cast: Cast) -> None:
    space, submission = a_space(cast), uuid4()
    first = an_application(cast, space, submission=submission)
    again = an_application(cast, space, submission=submission)
    assert again == first
    assert SpaceApplication.objects.count() == 1
    assert history_of(first).count() == 1


def test_form_of_one_area_sent_for_another_asks_for_that_one(cast: Cast) -> None:
    """Nobody is told of an application that stands for another area."""
    submission = uuid4()
    first = an_application(cast, a_space(cast), submission=submission)
    other = an_application(cast, a_space(cast, "hall-2"), submission=submission)
    assert (first.space.code, other.space.code) == ("hall-1", "hall-2")
    assert SpaceApplication.objects.count() == 2


def test_form_sent_twice_stays_one_although_the_advert_ended_between(cast: Cast) -> None:
    space, submission = a_space(cast), uuid4()
    first = an_application(cast, space, submission=submission)
    ProductionSpace.objects.update(confirmed_on=None)
    assert an_application(cast, space, submission=submission) == first


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_application() -> None:
    cast = a_cast()
    space, submission = a_space(cast), uuid4()
    _race(
        lambda: an_application(cast, space, submission=submission),
        lambda: an_application(cast, space, submission=submission),
    )
    assert SpaceApplication.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_on": None},
        {"confirmed_on": TODAY - timedelta(days=30)},
        {"confirmed_on": TODAY + timedelta(days=1)},
    ],
)
def test_area_whose_advert_does_not_hold_is_not_offered(cast: Cast, changes: dict) -> None:
    space = a_space(cast, **changes)
    with pytest.raises(NotOffered):
        an_application(cast, space)
    assert SpaceApplication.objects.count() == 0


def test_last_day_of_an_advert_still_counts(cast: Cast) -> None:
    space = a_space(cast, confirmed_on=TODAY - timedelta(days=29))
    assert an_application(cast, space).status == "sent"


def test_unknown_area_is_not_offered(cast: Cast) -> None:
    space = a_space(cast)
    space.code = "nowhere"
    with pytest.raises(NotOffered):
        an_application(cast, space)


# --- who answers ------------------------------------------------------------------------------
def test_head_answers_where_there_is_no_labour_officer(cast: Cast) -> None:
    RoleGrant.objects.filter(role="labour_officer").delete()
    head = a_colleague(cast, "chief@example.kz", "head")
    application = an_application(cast, a_space(cast))
    assert application.owner == head
    assert application.owners.get().role == "head"


def test_labour_officer_comes_before_a_head_appointed_earlier(cast: Cast) -> None:
    RoleGrant.objects.filter(role="labour_officer").update(effective_from=TODAY)
    a_colleague(cast, "chief@example.kz", "head")
    assert an_application(cast, a_space(cast)).owner == cast.labour_officer


def test_the_officer_appointed_earlier_answers(cast: Cast) -> None:
    a_colleague(cast, "newer@example.kz")
    assert an_application(cast, a_space(cast)).owner == cast.labour_officer


@pytest.mark.parametrize("why", ["ended", "elsewhere", "left", "locked"])
def test_who_is_not_in_office_does_not_answer(cast: Cast, why: str) -> None:
    officers = RoleGrant.objects.filter(role="labour_officer")
    if why == "ended":
        officers.update(effective_to=TODAY)
    elif why == "elsewhere":
        officers.update(scope=cast.kindergarten)
    elif why == "left":
        cast.labour_officer.memberships.update(effective_to=TODAY)
    else:
        User.objects.filter(pk=cast.labour_officer.pk).update(is_active=False)
    with pytest.raises(NobodyAnswers):
        an_application(cast, a_space(cast))


# --- in whose name ----------------------------------------------------------------------------
def test_buyer_asks_in_the_name_of_the_organisation(cast: Cast) -> None:
    wanted = replace(WANTED, applicant_id=cast.kindergarten.pk, company="Другое", bin="")
    application = an_application(cast, a_space(cast), actor=cast.buyer, wanted=wanted)
    assert application.applicant == cast.kindergarten
    assert application.company == cast.kindergarten.name
    assert application.bin == cast.kindergarten.bin
    assert application.placed_by == cast.buyer


@pytest.mark.parametrize("who", ["stranger", "operator", "visitor"])
def test_nobody_else_asks_in_its_name(cast: Cast, who: str) -> None:
    actor = VISITOR if who == "visitor" else getattr(cast, who)
    wanted = replace(WANTED, applicant_id=cast.kindergarten.pk)
    with pytest.raises(Forbidden):
        an_application(cast, a_space(cast), actor=actor, wanted=wanted)
    assert SpaceApplication.objects.count() == 0


def test_person_without_an_organisation_asks_as_a_visitor_and_is_remembered(cast: Cast) -> None:
    application = an_application(cast, a_space(cast), actor=cast.stranger)
    assert application.placed_by == cast.stranger
    assert application.applicant is None


def test_no_jobs_are_refused_in_words(cast: Cast) -> None:
    with pytest.raises(ConstraintRefused, match="Сколько рабочих мест"):
        an_application(cast, a_space(cast), wanted=replace(WANTED, jobs=0))
    assert SpaceApplication.objects.count() == 0


def test_refused_application_takes_no_number(cast: Cast) -> None:
    space = a_space(cast)
    with pytest.raises(ConstraintRefused):
        an_application(cast, space, wanted=replace(WANTED, jobs=0))
    assert an_application(cast, space).number == "2026-00001"


def test_letters_to_applicant_and_owner_wait_in_the_outbox(cast: Cast) -> None:
    application = an_application(cast, a_space(cast))
    runs = TaskRun.objects.filter(name="orders.send_space_letter")
    assert {run.arguments["occasion"] for run in runs} == {"received", "came"}
    assert {run.arguments["application_id"] for run in runs} == {application.pk}


# --- withdrawing ------------------------------------------------------------------------------
def test_whoever_holds_the_key_withdraws(cast: Cast) -> None:
    application = an_application(cast, a_space(cast))
    withdraw_space_application(actor=VISITOR, key=application.key, at=NOW)
    assert fresh(application).status == "withdrawn"
    with pytest.raises(MoveRefused):
        withdraw_space_application(actor=VISITOR, key=application.key, at=NOW)


def test_unknown_key_opens_nothing(cast: Cast) -> None:
    an_application(cast, a_space(cast))
    with pytest.raises(Gone):
        withdraw_space_application(actor=VISITOR, key=UUID(int=0), at=NOW)


def test_signed_in_applicant_stands_in_the_history(cast: Cast) -> None:
    application = an_application(cast, a_space(cast), actor=cast.buyer)
    withdraw_space_application(actor=cast.buyer, key=application.key, at=NOW)
    assert history_of(application).last().actor == cast.buyer
