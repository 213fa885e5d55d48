"""The output of a team: counted once, held to its people, corrected with a trace."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, Placement, ShiftChange, TeamEntry, TeamShare
from inmates.refusals import CorrectionOver, DayAhead, SheetRefused
from inmates.selectors.floor import output_by_operation
from inmates.selectors.month import output_of_month
from inmates.selectors.shift import work_orders_of_shift
from inmates.selectors.teams import team_norm_minutes, teams_on
from inmates.services.attendance import AttendedDay
from inmates.services.output import Output
from inmates.team_refusals import (
    CoefficientWrong,
    MemberTwice,
    TeamChanged,
    TeamGone,
    TeamOfSeveral,
    TeamTooSmall,
    TeamWithoutPieces,
)
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.periods import Month
from tests.inmates.shifts import FRIDAY, MONDAY, NOON, THURSDAY, Floor
from tests.inmates.team_floor import (
    a_piece_floor,
    change,
    done,
    enter,
    members,
    shares,
    take_back,
)
from tests.people import an_organisation
from workshops.models import WorkOrder

LATER = NOON + timedelta(minutes=5)
LATE = NOON + timedelta(days=20)


@pytest.fixture
def floor(db: None) -> Floor:
    return a_piece_floor()


def present(floor: Floor, *places: int, minutes: int = 480) -> None:
    floor.attend(*(AttendedDay(floor.placements[one].pk, FRIDAY, minutes) for one in places))


# --- what becomes true ------------------------------------------------------------------------
def test_the_pieces_are_counted_once_and_begin_the_work_order(floor: Floor) -> None:
    entry = enter(floor, 12, {0: 480, 1: 480, 2: 240}, coefficients={0: "1.20"})
    floor.order.refresh_from_db()
    assert (done(floor), floor.order.status) == (12, "in_progress")
    first, second, third = (one.pk for one in floor.placements[:3])
    assert shares(entry) == {
        first: (480, Decimal("1.20")),
        second: (480, Decimal("1.00")),
        third: (240, Decimal("1.00")),
    }
    assert not ShiftChange.objects.exists()


def test_two_teams_and_single_people_add_up(floor: Floor) -> None:
    enter(floor, 12)
    enter(floor, 5, {2: 480, 3: 480})
    floor.make(Output(floor.placements[0].pk, floor.cutting.pk, FRIDAY, 3))
    assert done(floor) == 20


def test_a_team_completes_the_work_order(floor: Floor) -> None:
    WorkOrder.objects.filter(pk=floor.order.pk).update(quantity=50)
    enter(floor, 50)
    enter(floor, 50, operation=floor.painting)
    floor.order.refresh_from_db()
    assert floor.order.status == "completed"


def test_a_change_replaces_pieces_and_members(floor: Floor) -> None:
    entry = enter(floor, 12)
    change(floor, entry, 9, {1: 300, 2: 480}, at=LATER)
    entry.refresh_from_db()
    assert (entry.quantity, done(floor), entry.recorded_at) == (9, 9, LATER)
    assert set(shares(entry)) == {floor.placements[1].pk, floor.placements[2].pk}
    assert shares(entry)[floor.placements[1].pk][0] == 300


def test_a_change_leaves_its_trace_with_everybody_it_concerns(floor: Floor) -> None:
    entry = enter(floor, 12)
    change(floor, entry, 9, {1: 480, 2: 480}, at=LATER)
    traced = ShiftChange.objects.order_by("placement_id")
    assert [one.placement_id for one in traced] == [one.pk for one in floor.placements[:3]]
    one = traced[0]
    assert one.before == {
        "team": entry.pk, "quantity": 12,
        "members": [["1601", 480, "1.00"], ["1602", 480, "1.00"]],
    }  # fmt: skip
    assert one.after["quantity"] == 9
    assert [row[0] for row in one.after["members"]] == ["1602", "1603"]


def test_what_is_taken_back_is_gone_and_traced(floor: Floor) -> None:
    entry = enter(floor, 12)
    take_back(floor, entry, at=LATER)
    assert not TeamEntry.objects.exists()
    assert not TeamShare.objects.exists()
    assert done(floor) == 0
    assert [one.after for one in ShiftChange.objects.all()] == [{}, {}]


def test_the_same_change_twice_is_harmless(floor: Floor) -> None:
    entry = enter(floor, 12)
    shown = entry.recorded_at
    for _time in range(2):
        change(floor, entry, 9, {0: 480, 1: 480}, at=LATER, shown_at=shown)
    assert ShiftChange.objects.count() == 2
    assert done(floor) == 9


# --- what is refused --------------------------------------------------------------------------
def test_a_team_is_two_people_or_more(floor: Floor) -> None:
    with pytest.raises(TeamTooSmall):
        enter(floor, 12, {0: 480})
    with pytest.raises(TeamWithoutPieces):
        enter(floor, 0)
    assert not TeamEntry.objects.exists()


def test_a_member_stands_once(floor: Floor) -> None:
    entry = enter(floor)
    twice = members(floor, {0: 480}) * 2
    from inmates.services.team import change_team_output

    with pytest.raises(MemberTwice):
        change_team_output(
            actor=floor.cast.master, entry_id=entry.pk, shown_at=entry.recorded_at, quantity=1,
            members=twice, at=LATER,
        )  # fmt: skip


@pytest.mark.parametrize("coefficient", ["0", "-1", "100"])
def test_a_coefficient_is_above_nought_and_fits(floor: Floor, coefficient: str) -> None:
    with pytest.raises(CoefficientWrong):
        enter(floor, coefficients={0: coefficient})


def test_all_are_of_one_payer(floor: Floor) -> None:
    other = an_organisation("state_enterprise", "РГП «Другое»", 77)
    Placement.objects.filter(pk=floor.placements[1].pk).update(payer=other)
    with pytest.raises(TeamOfSeveral):
        enter(floor)


def test_nobody_in_a_team_is_paid_by_time(floor: Floor) -> None:
    Placement.objects.filter(pk=floor.placements[1].pk).update(pay_form="time")
    with pytest.raises(TeamOfSeveral):
        enter(floor)


def test_who_was_absent_made_nothing(floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[1].pk, FRIDAY, 0, floor.sick.pk))
    with pytest.raises(SheetRefused) as refused:
        enter(floor)
    assert list(refused.value.problems) == [(floor.placements[1].pk, floor.cutting.pk)]


def test_nobody_has_more_minutes_in_a_team_than_on_the_day(floor: Floor) -> None:
    present(floor, 0, 1, minutes=400)
    with pytest.raises(SheetRefused, match="400"):
        enter(floor, 12, {0: 400, 1: 401})
    enter(floor, 12, {0: 400, 1: 400})


def test_no_more_than_the_order_asks_for(floor: Floor) -> None:
    enter(floor, 40)
    with pytest.raises(SheetRefused) as refused:
        enter(floor, 11, {2: 480, 3: 480})
    assert list(refused.value.problems) == ["quantity"]
    assert done(floor) == 40


def test_a_day_ahead_and_a_closed_day(floor: Floor) -> None:
    with pytest.raises(DayAhead):
        enter(floor, day=MONDAY)
    with pytest.raises(CorrectionOver):
        enter(floor, at=LATE)
    entry = enter(floor, at=LATE, correction="Наряд нашли позже")
    assert {one.explanation for one in ShiftChange.objects.all()} == {"Наряд нашли позже"}
    with pytest.raises(CorrectionOver):
        take_back(floor, entry, at=LATE)
    take_back(floor, entry, at=LATE, correction="Внесено дважды")
    assert ShiftChange.objects.count() == 4


@pytest.mark.parametrize("who", ["accountant", "customer", "operator_boss"])
def test_only_a_master_or_labour_officer_enters(floor: Floor, who: str) -> None:
    actor = getattr(floor.cast, who, None) or floor.cast.accountant
    with pytest.raises(Forbidden):
        enter(floor, actor=actor)


def test_what_somebody_changed_meanwhile_is_not_written_over(floor: Floor) -> None:
    entry = enter(floor, 12)
    shown = entry.recorded_at
    change(floor, entry, 9, {0: 480, 1: 480}, at=LATER, actor=floor.cast.labour_officer)
    with pytest.raises(TeamChanged):
        change(floor, entry, 20, {0: 480, 1: 480}, shown_at=shown)
    with pytest.raises(TeamChanged):
        take_back(floor, entry, shown_at=shown)
    assert done(floor) == 9


def test_what_is_gone_is_said_to_be_gone(floor: Floor) -> None:
    entry = enter(floor)
    pk, shown = entry.pk, entry.recorded_at
    take_back(floor, entry)
    entry.pk = pk
    with pytest.raises(TeamGone):
        take_back(floor, entry, shown_at=shown)
    with pytest.raises(TeamGone):
        change(floor, entry, 1, {0: 480, 1: 480}, shown_at=shown)


# --- what attendance and the rest of the world ask ----------------------------------------------
def test_a_member_is_not_marked_absent_afterwards(floor: Floor) -> None:
    enter(floor)
    with pytest.raises(SheetRefused):
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk))
    with pytest.raises(SheetRefused, match="480"):
        present(floor, 0, minutes=300)
    present(floor, 0, 1)
    assert Attendance.objects.count() == 2


def test_a_placement_does_not_end_before_the_team_worked(floor: Floor) -> None:
    enter(floor)
    placement = floor.placements[0]
    placement.effective_to = FRIDAY
    with pytest.raises(ConstraintRefused), readable_refusals(), transaction.atomic():
        placement.save(update_fields=["effective_to"])


def test_the_output_of_the_day_and_month_counts_teams(floor: Floor) -> None:
    enter(floor, 12)
    floor.make(Output(floor.placements[0].pk, floor.cutting.pk, FRIDAY, 3))
    found = output_by_operation(floor.cast.workshop, FRIDAY)
    assert [(one.pieces, one.people) for one in found] == [(15, 2)]
    made = output_of_month([one.pk for one in floor.placements], Month.of(FRIDAY))
    assert made == {
        (floor.placements[0].pk, FRIDAY): 15,
        (floor.placements[1].pk, FRIDAY): 12,
    }


def test_a_completed_order_of_a_team_stays_on_the_shift(floor: Floor) -> None:
    enter(floor, 50)
    enter(floor, 50, operation=floor.painting)
    assert floor.order in work_orders_of_shift(floor.cast.workshop, FRIDAY)
    assert floor.order not in work_orders_of_shift(floor.cast.workshop, THURSDAY)


def test_each_has_a_part_of_the_norm_of_what_the_team_made(floor: Floor) -> None:
    norm = floor.cast.cutting.norm_minutes
    enter(floor, 12, {0: 480, 1: 240})
    found = team_norm_minutes([one.pk for one in floor.placements], FRIDAY)
    assert found[floor.placements[0].pk] == pytest.approx(norm * 8)
    assert found[floor.placements[1].pk] == pytest.approx(norm * 4)


def test_the_list_of_teams_costs_the_same_for_one_and_for_three(floor: Floor) -> None:
    counts = []
    for _round in range(2):
        enter(floor, 2)
        with CaptureQueriesContext(connection) as captured:
            for entry in teams_on(floor.cast.workshop, FRIDAY):
                assert [one.placement.inmate.personnel_number for one in entry.shares.all()]
        counts.append(len(captured))
        enter(floor, 2, {2: 480, 3: 480})
    assert counts == [2, 2]
