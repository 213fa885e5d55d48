"""Teams written over two real connections at once: one wins, the other has a sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from inmates.models import Attendance, ShiftChange, TeamEntry, TeamShare
from inmates.refusals import SheetRefused
from inmates.services.attendance import AttendedDay
from inmates.services.output import Output
from inmates.team_refusals import TeamChanged, TeamGone
from tests.inmates.shifts import FRIDAY, NOON, Floor
from tests.inmates.team_floor import a_piece_floor, change, done, enter, take_back
from tests.inmates.test_shift_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def floor(transactional_db: None) -> Floor:
    return a_piece_floor(4, quantity=10)


def refusals(results: list[Any]) -> list[Any]:
    return [one for one in results if isinstance(one, Exception)]


def test_two_teams_never_exceed_the_work_order(floor: Floor) -> None:
    results = at_once(
        lambda: enter(floor, 7, {0: 480, 1: 480}),
        lambda: enter(floor, 7, {2: 480, 3: 480}, actor=floor.cast.labour_officer),
    )
    assert [type(one) for one in refusals(results)] == [SheetRefused]
    assert done(floor) == 7


def test_a_team_and_a_single_person_never_exceed_it_either(floor: Floor) -> None:
    one = Output(floor.placements[2].pk, floor.cutting.pk, FRIDAY, 7)
    results = at_once(lambda: enter(floor, 7), lambda: floor.make(one))
    assert len(refusals(results)) == 1
    assert done(floor) == 7


def test_two_changes_of_one_entry(floor: Floor) -> None:
    entry = enter(floor, 5)

    def act(quantity: int) -> Callable[[], Any]:
        return lambda: change(floor, entry, quantity, {0: 480, 1: 480}, at=LATER)

    results = at_once(act(6), act(7))
    assert [type(one) for one in refusals(results)] == [TeamChanged]
    assert done(floor) == TeamEntry.objects.get().quantity
    assert ShiftChange.objects.count() == 2


def test_a_change_and_a_taking_back(floor: Floor) -> None:
    entry = enter(floor, 5)
    results = at_once(
        lambda: change(floor, entry, 6, {0: 480, 2: 480}, at=LATER),
        lambda: take_back(floor, TeamEntry.objects.get(pk=entry.pk), at=LATER),
    )
    assert len(refusals(results)) == 1
    assert isinstance(refusals(results)[0], TeamChanged | TeamGone)
    assert done(floor) in (0, 6)
    assert bool(TeamShare.objects.exists()) == (done(floor) == 6)


def test_a_team_and_the_absence_of_a_member_never_stand_together(floor: Floor) -> None:
    sick = AttendedDay(floor.placements[1].pk, FRIDAY, 0, floor.sick.pk)
    results = at_once(lambda: enter(floor, 5), lambda: floor.attend(sick))
    assert [type(one) for one in refusals(results)] == [SheetRefused]
    assert TeamEntry.objects.exists() != Attendance.objects.filter(minutes=0).exists()


def test_teams_with_the_same_people_in_another_order_do_not_wait_for_ever(floor: Floor) -> None:
    results = at_once(
        lambda: enter(floor, 2, {0: 480, 1: 480, 2: 480}),
        lambda: enter(floor, 2, {2: 480, 1: 480, 0: 480}, operation=floor.painting),
    )
    assert not refusals(results)
    assert TeamEntry.objects.count() == 2
