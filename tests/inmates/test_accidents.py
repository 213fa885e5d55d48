"""Accidents and disputes: entered with two notices, told of, closed; late ones with their owner."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from inmates.enums import AccidentStatus
from inmates.models import Accident, AccidentNotice
from inmates.safety_refusals import (
    AccidentAhead,
    AccidentOfNobody,
    AccidentTooLongAgo,
    NotHeldHere,
    NoticeSent,
    NoticeTooEarly,
    ReasonTooShort,
    WorkshopElsewhere,
)
from inmates.selectors.accidents import accidents_of, accidents_visible_to, is_late, late_notices
from inmates.services.accidents import close_accident, send_notice
from inmates.states import ACCIDENT
from portal.accounts.enums import Role
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.models import AuditEvent
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.safety import an_accident
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_user, an_inmate

MONDAY = date(2026, 11, 23)


def sent(cast: Cast, notice: AccidentNotice, **fields: Any) -> AccidentNotice:
    values = {
        "actor": cast.labour_officer,
        "notice_id": notice.pk,
        "document_number": "12-п",
        "sent_at": NOW,
        "at": NOW,
    }
    return send_notice(**(values | fields))


def both_sent(cast: Cast, accident: Accident) -> Accident:
    for notice in accident.notices.all():
        sent(cast, notice)
    accident.refresh_from_db()
    return accident


# --- entered ----------------------------------------------------------------------------------
def test_an_accident_owes_two_notices_by_the_next_working_day(cast: Cast) -> None:
    """It happened on a Sunday: Monday is the next working day."""
    one, two = an_inmate(cast, "1648"), an_inmate(cast, "1650")
    accident = an_accident(cast, one, two)
    assert accident.status == AccidentStatus.REPORTED
    assert set(accident.people.all()) == {one, two}
    assert set(accident.notices.values_list("addressee", "due_on")) == {
        ("inspection", MONDAY), ("prosecutor", MONDAY),
    }  # fmt: skip
    event = AuditEvent.objects.get(action="accident_recorded")
    assert event.details["people"] == sorted([one.pk, two.pk])
    assert list(accidents_of(one)) == [accident]


@pytest.mark.parametrize(
    ("happened", "due"),
    [
        # Friday evening: Monday. Before the Day of the Republic, moved to Monday 26.10: Tuesday.
        (datetime(2026, 11, 20, 14, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 10, 23, 6, 0, tzinfo=UTC), date(2026, 10, 27)),
        # 16 December is a holiday: the 17th.
        (datetime(2025, 12, 15, 6, 0, tzinfo=UTC), date(2025, 12, 17)),
        # 23:30 in Almaty is still that day, though the day in Greenwich is the same one.
        (datetime(2026, 11, 18, 18, 30, tzinfo=UTC), date(2026, 11, 19)),
        # 00:30 in Almaty is the next day, though in Greenwich it is the day before.
        (datetime(2026, 11, 18, 19, 30, tzinfo=UTC), date(2026, 11, 20)),
    ],
)
def test_the_day_a_notice_is_due_is_a_working_day_of_almaty(
    cast: Cast, happened: datetime, due: date
) -> None:
    accident = an_accident(cast, an_inmate(cast), happened_at=happened)
    assert set(accident.notices.values_list("due_on", flat=True)) == {due}


def test_a_dispute_may_name_nobody_and_an_accident_may_not(cast: Cast) -> None:
    dispute = an_accident(cast, kind="dispute", workshop_id=None)
    assert (dispute.notices.count(), dispute.people.count()) == (2, 0)
    with pytest.raises(AccidentOfNobody):
        an_accident(cast)


def test_the_same_accident_twice_is_refused(cast: Cast) -> None:
    inmate = an_inmate(cast)
    an_accident(cast, inmate)
    with pytest.raises(ConstraintRefused):
        an_accident(cast, inmate)
    assert AccidentNotice.objects.count() == 2


def test_what_has_not_happened_or_elsewhere_is_refused(cast: Cast) -> None:
    inmate = an_inmate(cast)
    with pytest.raises(AccidentAhead):
        an_accident(cast, inmate, happened_at=NOW + timedelta(minutes=1))
    for years in (3, 1824):
        with pytest.raises(AccidentTooLongAgo, match="3"):
            an_accident(cast, inmate, happened_at=NOW.replace(year=NOW.year - years))
    _institution, post = second_place(cast)
    with pytest.raises(WorkshopElsewhere):
        an_accident(cast, inmate, workshop_id=post.workshop_id)
    inmate.stays.update(effective_to=TODAY)
    with pytest.raises(NotHeldHere, match="1648"):
        an_accident(cast, inmate)
    assert not Accident.objects.exists()


@pytest.mark.parametrize("who", ["master", "head", "accountant", "analyst", "stranger"])
def test_only_the_labour_officer_enters_one(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        an_accident(cast, an_inmate(cast), actor=getattr(cast, who))


def test_a_labour_officer_of_another_institution_enters_nothing_here(cast: Cast) -> None:
    institution, _post = second_place(cast)
    other = a_user("labour22@example.kz", institution.organisation, Role.LABOUR_OFFICER)
    with pytest.raises(Forbidden):
        an_accident(cast, an_inmate(cast), actor=other)
    accident = an_accident(cast, an_inmate(cast, "1650"))
    with pytest.raises(Forbidden):
        sent(cast, accident.notices.first(), actor=other)
    assert not accidents_visible_to(other, TODAY).exists()
    assert accidents_visible_to(cast.labour_officer, TODAY).exists()


# --- notices ----------------------------------------------------------------------------------
def test_the_second_notice_moves_it_on(cast: Cast) -> None:
    accident = an_accident(cast, an_inmate(cast))
    first, second = accident.notices.all()
    row = sent(cast, first)
    accident.refresh_from_db()
    assert (row.document_number, row.sent_by, accident.status) == (
        "12-п", cast.labour_officer, AccidentStatus.REPORTED,
    )  # fmt: skip
    sent(cast, second)
    accident.refresh_from_db()
    assert accident.status == AccidentStatus.NOTIFIED
    assert [change.action for change in history_of(accident)] == ["notify"]


def test_a_notice_is_sent_once_with_a_number_and_after_the_accident(cast: Cast) -> None:
    accident = an_accident(cast, an_inmate(cast))
    notice = accident.notices.first()
    with pytest.raises(ConstraintRefused):
        sent(cast, notice, document_number="  ")
    with pytest.raises(NoticeTooEarly):
        sent(cast, notice, sent_at=NOW - timedelta(hours=3))
    with pytest.raises(NoticeTooEarly):
        sent(cast, notice, sent_at=NOW + timedelta(hours=1))
    sent(cast, notice)
    with pytest.raises(NoticeSent, match="12-п"):
        sent(cast, notice, document_number="13-п")


@pytest.mark.parametrize(
    ("sent_at", "on", "late"),
    [
        (None, MONDAY, False),
        (None, MONDAY + timedelta(days=1), True),
        # The last minute of Monday in Almaty, and the first of Tuesday.
        (datetime(2026, 11, 23, 18, 59, tzinfo=UTC), date(2026, 12, 1), False),
        (datetime(2026, 11, 23, 19, 0, tzinfo=UTC), date(2026, 12, 1), True),
    ],
)
def test_late_is_after_the_end_of_the_day_it_was_due(
    cast: Cast, sent_at: datetime | None, on: date, late: bool
) -> None:
    notice = an_accident(cast, an_inmate(cast)).notices.first()
    notice.sent_at = sent_at
    assert is_late(notice, on) is late


def test_late_notices_are_named_with_their_owner_until_they_are_sent(cast: Cast) -> None:
    accident = an_accident(cast, an_inmate(cast))
    places, tuesday = [cast.institution], MONDAY + timedelta(days=1)
    assert late_notices(places, MONDAY) == []
    (late,) = late_notices(places, tuesday)
    assert (late.accident, len(late.addressees), late.owner) == (accident, 2, "Labour")
    sent(cast, accident.notices.get(addressee="prosecutor"))
    (late,) = late_notices(places, tuesday)
    assert len(late.addressees) == 1
    sent(cast, accident.notices.get(addressee="inspection"))
    assert late_notices(places, tuesday) == []
    institution, _post = second_place(cast)
    assert late_notices([institution], tuesday) == []


# --- closed -----------------------------------------------------------------------------------
def close(cast: Cast, accident: Accident, **fields: Any) -> Accident:
    values = {"actor": cast.labour_officer, "reason": "Акт № 4: ограждение поставлено"}
    return close_accident(accident_id=accident.pk, at=NOW, **(values | fields))


def test_what_was_told_of_is_closed_with_what_came_of_it(cast: Cast) -> None:
    accident = both_sent(cast, an_accident(cast, an_inmate(cast)))
    assert close(cast, accident).status == AccidentStatus.CLOSED
    last = history_of(accident).last()
    assert (last.action, last.reason) == ("close", "Акт № 4: ограждение поставлено")
    with pytest.raises(MoveRefused):
        close(cast, accident)


def test_nothing_is_closed_before_both_notices_or_without_words(cast: Cast) -> None:
    accident = an_accident(cast, an_inmate(cast))
    sent(cast, accident.notices.first())
    with pytest.raises(MoveRefused):
        close(cast, accident)
    both = both_sent(cast, an_accident(cast, an_inmate(cast, "1650"), kind="severe"))
    with pytest.raises(ReasonTooShort):
        close(cast, both, reason="… да")
    with pytest.raises(Forbidden):
        close(cast, both, actor=cast.master)


@pytest.mark.parametrize("status", AccidentStatus.values)
@pytest.mark.parametrize("action", ["notify", "close", "reopen"])
def test_the_table_of_an_accident(status: str, action: str) -> None:
    known = {("reported", "notify"): "notified", ("notified", "close"): "closed"}
    assert ACCIDENT.target(status, action) == known.get((status, action))
