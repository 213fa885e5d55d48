"""Agree, decline, hand over, and the clock that runs out: who may, once, at once, told when."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from orders.enums import SpaceApplicationStatus as Status
from orders.models import SpaceApplication, SpaceApplicationOwner
from orders.selectors.spaces import overdue_count, overdue_unnoted
from orders.services.space_letters import send_space_letter
from orders.services.space_owners import (
    AlreadyAnswered,
    NotAColleague,
    OwnerAlready,
    hand_over_space_application,
    note_overdue_visits,
)
from orders.services.spaces import (
    NoVisitWithoutReason,
    VisitInThePast,
    VisitTooFar,
    agree_visit,
    decline_space_application,
    withdraw_space_application,
)
from orders.states import SPACE_APPLICATION
from orders.tasks import tell_overdue_visits
from portal.accounts.models import RoleGrant
from portal.kernel import states
from portal.kernel.clock import ALMATY
from portal.kernel.daily import enqueue_for_day
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.locks import Gone
from portal.kernel.models import TaskRun
from portal.kernel.states import MoveRefused, history_of
from tests.orders.spaces import VISITOR, a_colleague, a_space, an_application, fresh
from tests.orders.test_sending import _race
from tests.people import NOW, TODAY, Cast, a_cast, a_user, an_organisation
from tests.worker import own_messages  # noqa: F401 - a fixture

VISIT = date(2026, 11, 26)
# The last day of an application sent at NOW, and the first moment after it.
DUE = date(2026, 11, 27)
AFTER = datetime(2026, 11, 28, 0, 0, tzinfo=ALMATY)
ACTIONS = ("agree", "decline", "withdraw", "run_out")
ALLOWED = {
    (Status.SENT, "agree"): Status.AGREED,
    (Status.SENT, "decline"): Status.DECLINED,
    (Status.SENT, "withdraw"): Status.WITHDRAWN,
    (Status.AGREED, "withdraw"): Status.WITHDRAWN,
    (Status.SENT, "run_out"): Status.SENT,
}


def agree(cast: Cast, application: SpaceApplication, **changes):
    values = {
        "actor": cast.labour_officer,
        "application_id": application.pk,
        "visit_on": VISIT,
        "note": "К 10:00",
        "at": NOW,
    }
    return agree_visit(**(values | changes))


def decline(cast: Cast, application: SpaceApplication, **changes):
    values = {
        "actor": cast.labour_officer,
        "application_id": application.pk,
        "reason": "Идёт ремонт",
        "at": NOW,
    }
    return decline_space_application(**(values | changes))


@pytest.fixture
def application(cast: Cast) -> SpaceApplication:
    return an_application(cast, a_space(cast))


# --- the table --------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", Status.values)
def test_every_action_from_every_status(
    application: SpaceApplication, cast: Cast, status: str, action: str
) -> None:
    SpaceApplication.objects.update(status=status, visit_on=VISIT, answered_at=NOW)
    target = ALLOWED.get((Status(status), action))
    if target is None:
        with pytest.raises(MoveRefused):
            states.move(
                application, action, machine=SPACE_APPLICATION, actor=cast.labour_officer, at=NOW
            )
        assert fresh(application).status == status
    else:
        states.move(
            application, action, machine=SPACE_APPLICATION, actor=cast.labour_officer, at=NOW
        )
        assert fresh(application).status == target


def test_table_has_no_action_beside_these() -> None:
    assert {action for _status, action in SPACE_APPLICATION.transitions} == set(ACTIONS)


# --- answers ----------------------------------------------------------------------------------
def test_visit_is_agreed_for_a_day(application: SpaceApplication, cast: Cast) -> None:
    agree(cast, application)
    known = fresh(application)
    assert (known.status, known.visit_on, known.answered_at) == ("agreed", VISIT, NOW)
    assert history_of(application).last().reason == "К 10:00"


def test_decline_keeps_the_reason(application: SpaceApplication, cast: Cast) -> None:
    decline(cast, application, reason="  Идёт ремонт ")
    known = fresh(application)
    assert (known.status, known.visit_on, known.answered_at) == ("declined", None, NOW)
    assert history_of(application).last().reason == "Идёт ремонт"


@pytest.mark.parametrize("second", [agree, decline])
@pytest.mark.parametrize("first", [agree, decline])
def test_second_answer_is_refused_and_changes_nothing(
    application: SpaceApplication, cast: Cast, first, second
) -> None:
    first(cast, application)
    before = fresh(application)
    with pytest.raises(MoveRefused):
        second(cast, application, at=NOW + timedelta(hours=1))
    after = fresh(application)
    assert (after.status, after.visit_on, after.answered_at) == (
        before.status,
        before.visit_on,
        before.answered_at,
    )


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_decline_needs_a_reason(application: SpaceApplication, cast: Cast, reason: str) -> None:
    with pytest.raises(NoVisitWithoutReason):
        decline(cast, application, reason=reason)
    assert fresh(application).status == "sent"


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (TODAY - timedelta(days=1), VisitInThePast),
        (TODAY + timedelta(days=367), VisitTooFar),
        (date(9999, 12, 31), VisitTooFar),
    ],
)
def test_day_of_a_visit_is_near(
    application: SpaceApplication, cast: Cast, day: date, error: type[PortalError]
) -> None:
    with pytest.raises(error):
        agree(cast, application, visit_on=day)
    assert fresh(application).visit_on is None


def test_visit_today_is_possible(application: SpaceApplication, cast: Cast) -> None:
    assert agree(cast, application, visit_on=TODAY).visit_on == TODAY


@pytest.mark.parametrize("who", ["buyer", "operator", "master", "head", "analyst", "stranger"])
def test_nobody_but_the_owner_answers(application: SpaceApplication, cast: Cast, who: str) -> None:
    for act in (agree, decline):
        with pytest.raises(Forbidden):
            act(cast, application, actor=getattr(cast, who))
    known = fresh(application)
    assert (known.status, known.visit_on, known.answered_at) == ("sent", None, None)


def test_colleague_takes_over_before_answering(application: SpaceApplication, cast: Cast) -> None:
    colleague = a_colleague(cast)
    with pytest.raises(Forbidden, match="другой человек"):
        agree(cast, application, actor=colleague)
    hand_over(cast, application, to_id=colleague.pk, actor=colleague)
    assert agree(cast, application, actor=colleague).status == "agreed"


def test_owner_who_left_office_no_longer_answers(application: SpaceApplication, cast: Cast) -> None:
    RoleGrant.objects.filter(role="labour_officer").update(effective_to=TODAY)
    with pytest.raises(Forbidden):
        agree(cast, application)


def test_same_role_of_another_institution_is_refused(
    application: SpaceApplication, cast: Cast
) -> None:
    elsewhere = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    other = a_user("other@example.kz", elsewhere, "labour_officer")
    for act in (agree, decline):
        with pytest.raises(Forbidden):
            act(cast, application, actor=other)


def test_agreed_visit_can_be_called_off_by_the_applicant(
    application: SpaceApplication, cast: Cast
) -> None:
    agree(cast, application)
    withdraw_space_application(actor=VISITOR, key=application.key, at=NOW)
    assert fresh(application).status == "withdrawn"


def test_missing_application_is_gone(cast: Cast) -> None:
    missing = SpaceApplication(pk=10**9)
    with pytest.raises(Gone):
        agree(cast, missing)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one() -> None:
    cast = a_cast()
    application = an_application(cast, a_space(cast))
    results = _race(lambda: agree(cast, application), lambda: decline(cast, application))
    known = fresh(application)
    assert sorted(type(one).__name__ for one in results) == ["MoveRefused", "SpaceApplication"]
    assert known.status in ("agreed", "declined")
    assert (known.visit_on == VISIT) is (known.status == "agreed")
    assert history_of(application).count() == 2


@pytest.mark.django_db(transaction=True)
def test_answer_and_withdrawal_at_once_leave_a_true_history() -> None:
    cast = a_cast()
    application = an_application(cast, a_space(cast))
    _race(
        lambda: decline(cast, application),
        lambda: withdraw_space_application(actor=VISITOR, key=application.key, at=NOW),
    )
    known = fresh(application)
    assert known.status in ("declined", "withdrawn")
    assert (known.answered_at is not None) is (known.status == "declined")
    assert history_of(application).count() == 2


# --- handing over -----------------------------------------------------------------------------
def hand_over(cast: Cast, application: SpaceApplication, **changes):
    values = {
        "actor": cast.labour_officer,
        "application_id": application.pk,
        "reason": "Отпуск",
        "at": NOW,
    }
    return hand_over_space_application(**(values | changes))


def test_handing_over_keeps_who_was_before(application: SpaceApplication, cast: Cast) -> None:
    colleague = a_colleague(cast)
    hand_over(cast, application, to_id=colleague.pk)
    known = fresh(application)
    assert (known.owner, known.status, known.answer_due_on) == (colleague, "sent", DUE)
    rows = SpaceApplicationOwner.objects.order_by("id")
    assert [(row.owner, row.given_by, row.reason) for row in rows] == [
        (cast.labour_officer, None, ""),
        (colleague, cast.labour_officer, "Отпуск"),
    ]


def test_handing_over_to_the_owner_is_refused(application: SpaceApplication, cast: Cast) -> None:
    with pytest.raises(OwnerAlready):
        hand_over(cast, application, to_id=cast.labour_officer.pk)


@pytest.mark.parametrize("who", ["buyer", "master", "analyst", "stranger", "head"])
def test_handing_over_to_somebody_else_is_refused(
    application: SpaceApplication, cast: Cast, who: str
) -> None:
    with pytest.raises(NotAColleague):
        hand_over(cast, application, to_id=getattr(cast, who).pk)
    assert SpaceApplicationOwner.objects.count() == 1


@pytest.mark.parametrize("who", ["buyer", "master", "analyst", "stranger", "head"])
def test_only_officials_of_the_institution_hand_over(
    application: SpaceApplication, cast: Cast, who: str
) -> None:
    colleague = a_colleague(cast)
    with pytest.raises(Forbidden):
        hand_over(cast, application, to_id=colleague.pk, actor=getattr(cast, who))


def test_answered_application_is_not_handed_over(application: SpaceApplication, cast: Cast) -> None:
    colleague = a_colleague(cast)
    decline(cast, application)
    with pytest.raises(AlreadyAnswered):
        hand_over(cast, application, to_id=colleague.pk)


def test_history_of_owners_is_never_rewritten(application: SpaceApplication) -> None:
    with pytest.raises(Exception, match=r"append_only|Cannot"):
        SpaceApplicationOwner.objects.update(reason="другое")


# --- the clock --------------------------------------------------------------------------------
def test_last_day_counts_until_its_end(application: SpaceApplication, cast: Cast) -> None:
    assert overdue_count(cast.analyst, DUE) == 0
    assert overdue_unnoted(DUE) == []
    last_second = datetime(2026, 11, 27, 23, 59, 59, tzinfo=ALMATY)
    assert note_overdue_visits(on=last_second.date(), at=last_second) == 0
    assert agree(cast, application, at=last_second, visit_on=date(2026, 12, 1)).status == "agreed"


def test_first_moment_of_the_next_day_is_late(application: SpaceApplication, cast: Cast) -> None:
    assert overdue_count(cast.analyst, AFTER.date()) == 1
    assert note_overdue_visits(on=AFTER.date(), at=AFTER) == 1
    known = fresh(application)
    assert (known.status, known.ran_out_at) == ("sent", AFTER)
    last = history_of(application).last()
    assert (last.action, last.actor, last.at) == ("run_out", None, AFTER)


def test_late_application_is_still_answered(application: SpaceApplication, cast: Cast) -> None:
    note_overdue_visits(on=AFTER.date(), at=AFTER)
    later = AFTER + timedelta(days=2)
    assert agree(cast, application, at=later, visit_on=date(2026, 12, 3)).status == "agreed"
    assert overdue_count(cast.analyst, date(2026, 12, 1)) == 0


def test_what_was_answered_in_time_never_runs_out(
    application: SpaceApplication, cast: Cast
) -> None:
    decline(cast, application)
    assert note_overdue_visits(on=AFTER.date(), at=AFTER) == 0
    assert history_of(application).count() == 2


def test_every_late_application_says_so_once(cast: Cast) -> None:
    space = a_space(cast)
    late = [an_application(cast, space) for _time in range(3)]
    for _day in range(3):
        note_overdue_visits(on=AFTER.date(), at=AFTER)
    for application in late:
        assert history_of(application).filter(action="run_out").count() == 1


@pytest.mark.django_db(transaction=True)
def test_task_delivered_three_times_at_once_tells_once(own_messages: None) -> None:  # noqa: F811 - the fixture
    cast = a_cast()
    application = an_application(cast, a_space(cast))
    with time_machine.travel(AFTER + timedelta(hours=1)):
        run = enqueue_for_day("orders.tell_overdue_visits", at=AFTER + timedelta(hours=1))
        assert run is not None
        _race(*[lambda: tell_overdue_visits.run(str(run.pk))] * 3)
        # And the service itself, whatever the queue lets through.
        _race(*[lambda: note_overdue_visits(on=AFTER.date(), at=AFTER)] * 3)
    assert history_of(application).filter(action="run_out").count() == 1
    letters = TaskRun.objects.filter(name="orders.send_space_letter", key__endswith=":ran_out")
    assert letters.count() == 1
    assert TaskRun.objects.get(pk=run.pk).status == "done"


# --- letters ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("occasion", "readers"),
    [
        ("received", ["saule@example.kz"]),
        ("came", ["labour@example.kz"]),
        ("answered", ["saule@example.kz"]),
        ("withdrawn", ["labour@example.kz"]),
        ("ran_out", ["labour@example.kz", "analyst@example.kz"]),
    ],
)
def test_letter_has_a_link_and_nothing_personal(
    application: SpaceApplication, settings, occasion: str, readers: list[str]
) -> None:
    settings.PUBLIC_URL = "https://portal.example"
    assert send_space_letter(application_id=application.pk, occasion=occasion, on=TODAY) == len(
        readers
    )
    assert [letter.to for letter in mail.outbox] == [[one] for one in readers]
    for letter in mail.outbox:
        assert application.number in letter.subject
        assert "https://portal.example/" in letter.body
        for secret in ("Сауле", "Тігін", "701", "Пошив", "Корпус", "@example.kz"):
            assert secret not in letter.subject + letter.body


def test_only_the_applicant_gets_the_key(application: SpaceApplication) -> None:
    for occasion in ("received", "came", "ran_out"):
        send_space_letter(application_id=application.pk, occasion=occasion, on=TODAY)
    with_key = [one.to[0] for one in mail.outbox if str(application.key) in one.body]
    assert with_key == ["saule@example.kz"]


def test_letter_speaks_the_language_of_the_page(cast: Cast) -> None:
    application = an_application(cast, a_space(cast), language="kk")
    send_space_letter(application_id=application.pk, occasion="received", on=TODAY)
    assert "жіберілді" in mail.outbox[0].subject
    assert "27.11.2026" in mail.outbox[0].body
