"""Placements by hours, seats and succession: the limits of the law and of the post."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from inmates.desk_refusals import (
    HoursOverLimit,
    LongerThanShift,
    MinutesNeeded,
    NotHeldThere,
    NothingOfItLeft,
    PlacedTooFar,
    PostFull,
)
from inmates.models import Placement
from inmates.refusals import ParameterMissing
from inmates.selectors.placements import busiest_day
from inmates.services.placements import change_placement
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.periods import Period
from tests.inmates.desk import (
    ARRIVED,
    NOVEMBER,
    SHIFT_SOURCE,
    a_full_shift,
    a_post_there,
    a_second_colony,
    placed,
    released,
    somebody,
    transferred,
    why_released,
)
from tests.inmates.months import attended
from tests.people import NOW, TODAY, Cast, a_consent, a_placement, an_inmate


def part_time(cast: Cast, inmate: Any, minutes: int | None = 240, **fields: Any) -> Placement:
    return placed(cast, inmate, is_full_time=False, daily_minutes=minutes, **fields)


def changed(cast: Cast, placement: Placement, on: date = TODAY, **changes: Any) -> Placement:
    values = {"actor": cast.labour_officer, "placement_id": placement.pk, "at": NOW}
    return change_placement(on=on, **(values | changes))


# --- where the person is -------------------------------------------------------------------------


def test_who_is_held_elsewhere_or_nowhere_is_not_placed(cast: Cast) -> None:
    there = a_second_colony(cast)
    post = a_post_there(cast, there)
    moved, left = somebody(cast, "1"), somebody(cast, "2")
    transferred(cast, moved, there, on=NOVEMBER)
    released(cast, left, why_released(), on=NOVEMBER)
    for one in (moved, left):
        with pytest.raises(NotHeldThere, match=r"01\.11\.2026"):
            placed(cast, one)
    assert placed(cast, moved, actor=cast.other_officer, post_id=post.pk).post == post


def test_a_placement_does_not_begin_before_the_arrival(cast: Cast) -> None:
    with pytest.raises(NotHeldThere, match=r"04\.10\.2026"):
        placed(cast, somebody(cast), effective_from=ARRIVED - timedelta(days=1))


def test_a_placement_begins_within_a_year(cast: Cast) -> None:
    inmate = somebody(cast)
    with pytest.raises(PlacedTooFar):
        placed(cast, inmate, effective_from=date(2206, 11, 1))
    assert placed(cast, inmate, effective_from=date(2027, 11, 22)).pk


# --- hours ---------------------------------------------------------------------------------------


def test_part_time_needs_its_hours_and_full_time_has_none(cast: Cast) -> None:
    inmate = somebody(cast)
    a_full_shift()
    with pytest.raises(MinutesNeeded):
        part_time(cast, inmate, None)
    assert part_time(cast, inmate, 300).daily_minutes == 300
    other = placed(cast, somebody(cast, "1701"), daily_minutes=300)
    assert (other.is_full_time, other.daily_minutes) == (True, None)


@pytest.mark.parametrize("minutes", [0, 24 * 60 + 1])
def test_the_database_keeps_minutes_that_can_be(cast: Cast, minutes: int) -> None:
    placement = a_placement(cast, an_inmate(cast), is_full_time=False)
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(daily_minutes=minutes)
    assert refused.value.constraint == "placement_minutes_of_part_time"


def test_the_database_keeps_no_minutes_of_full_time(cast: Cast) -> None:
    a_placement(cast, an_inmate(cast))
    with pytest.raises(ConstraintRefused), readable_refusals(), transaction.atomic():
        Placement.objects.update(daily_minutes=480)


@pytest.mark.parametrize(
    ("group", "minutes", "is_lawful"),
    [(None, 480, True), (None, 481, False), (3, 480, True), (2, 432, True), (1, 433, False)],
)
def test_a_day_is_no_longer_than_the_law_allows_this_person(
    cast: Cast, group: int | None, minutes: int, is_lawful: bool
) -> None:
    a_full_shift()
    inmate = somebody(cast, disability_group=group)
    if is_lawful:
        assert part_time(cast, inmate, minutes).daily_minutes == minutes
        return
    with pytest.raises(LongerThanShift, match=SHIFT_SOURCE):
        part_time(cast, inmate, minutes)
    assert not Placement.objects.exists()


def test_two_places_at_a_time_are_added_up(cast: Cast) -> None:
    a_full_shift()
    inmate = somebody(cast)
    part_time(cast, inmate, 240)
    # One place by itself is told as such, whatever is beside it.
    with pytest.raises(LongerThanShift, match="16"):
        part_time(cast, inmate, 960)
    with pytest.raises(HoursOverLimit, match="8,5"):
        part_time(cast, inmate, 270)
    assert part_time(cast, inmate, 240).pk
    assert part_time(cast, somebody(cast, "2"), 480).pk


def test_full_time_beside_part_time_is_over_the_limit_in_either_order(cast: Cast) -> None:
    a_full_shift()
    first, second = somebody(cast, "1"), somebody(cast, "2")
    placed(cast, first)
    with pytest.raises(HoursOverLimit):
        part_time(cast, first, 60)
    part_time(cast, second, 60)
    with pytest.raises(HoursOverLimit):
        placed(cast, second)


def test_one_after_the_other_is_not_added_up(cast: Cast) -> None:
    a_full_shift()
    inmate = somebody(cast)
    part_time(cast, inmate, 300, effective_to=TODAY)
    assert part_time(cast, inmate, 300, effective_from=TODAY).pk


def test_without_the_parameter_part_time_is_not_guessed(cast: Cast) -> None:
    with pytest.raises(ParameterMissing, match="full_shift_minutes"):
        part_time(cast, somebody(cast))


# --- seats ---------------------------------------------------------------------------------------


def full_post(cast: Cast, **fields: Any) -> None:
    """The post of the cast with two seats, both taken."""
    type(cast.joiners).objects.filter(pk=cast.joiners.pk).update(seats=2)
    for number in ("21", "22"):
        placed(cast, somebody(cast, number), **fields)


def test_a_post_takes_as_many_as_it_has_seats(cast: Cast) -> None:
    full_post(cast)
    with pytest.raises(PostFull, match=r"2 .* 2") as refused:
        placed(cast, somebody(cast))
    assert "01.11.2026" in str(refused.value)
    assert Placement.objects.count() == 2


def test_one_more_needs_a_reason_which_is_kept(cast: Cast) -> None:
    full_post(cast)
    inmate = somebody(cast)
    for short in ("", "    ", "смен"):
        with pytest.raises(PostFull):
            placed(cast, inmate, overfill_reason=short)
    assert placed(cast, inmate, overfill_reason=" вторая смена ").overfill_reason == "вторая смена"


def test_a_reason_that_was_not_needed_is_not_kept(cast: Cast) -> None:
    assert placed(cast, somebody(cast), overfill_reason="вторая смена").overfill_reason == ""


def test_a_seat_that_is_left_is_free_from_that_day(cast: Cast) -> None:
    full_post(cast, effective_to=TODAY)
    assert placed(cast, somebody(cast, "1"), effective_from=TODAY).pk
    with pytest.raises(PostFull, match=r"01\.11\.2026"):
        placed(cast, somebody(cast, "2"), effective_to=TODAY)


def test_the_busiest_day_is_the_first_of_those_with_most_people(cast: Cast) -> None:
    for number, (begin, end) in enumerate(
        [(1, 10), (5, 20), (8, 12), (15, None)],
    ):
        placed(
            cast, somebody(cast, str(number)), effective_from=date(2026, 11, begin),
            effective_to=end and date(2026, 11, end),
        )  # fmt: skip
    period = Period(NOVEMBER, date(2026, 12, 1))
    assert busiest_day(cast.joiners, period) == (date(2026, 11, 8), 3)
    late = Period(date(2026, 11, 20))
    assert busiest_day(cast.joiners, late) == (date(2026, 11, 20), 1)


# --- change by succession ------------------------------------------------------------------------


def test_a_change_closes_the_old_terms_and_opens_the_new_ones(cast: Cast) -> None:
    a_full_shift()
    old = placed(cast, somebody(cast), effective_to=date(2027, 5, 1))
    new = changed(cast, old, is_full_time=False, daily_minutes=240, basis="приказ № 8")
    old.refresh_from_db()
    assert (old.effective_to, new.effective_from, new.effective_to) == (
        TODAY, TODAY, date(2027, 5, 1),
    )  # fmt: skip
    assert (new.daily_minutes, new.basis, new.pay_form) == (240, "приказ № 8", "time")
    assert (old.basis, old.daily_minutes) == ("приказ № 7", None)


def test_a_change_to_a_private_employer_needs_consent_and_otherwise_changes_nothing(
    cast: Cast,
) -> None:
    inmate = somebody(cast)
    old = placed(cast, inmate)
    terms = {"employer": cast.entrepreneur, "payer": cast.entrepreneur, "basis": "договор № 2"}
    with pytest.raises(ConstraintRefused) as refused:
        changed(cast, old, **terms)
    assert refused.value.constraint == "private_placement_needs_consent"
    old.refresh_from_db()
    assert old.effective_to is None
    a_consent(inmate, cast.entrepreneur)
    assert changed(cast, old, **terms).payer == cast.entrepreneur


def test_a_change_on_the_first_day_would_leave_nothing(cast: Cast) -> None:
    old = placed(cast, somebody(cast))
    with pytest.raises(NothingOfItLeft):
        changed(cast, old, NOVEMBER, basis="приказ № 8")


def test_a_change_refuses_to_leave_work_behind(cast: Cast) -> None:
    old = placed(cast, somebody(cast))
    attended(old, [TODAY])
    with pytest.raises(ConstraintRefused) as refused:
        changed(cast, old, basis="приказ № 8")
    assert refused.value.constraint == "placement_covers_work"
    assert Placement.objects.count() == 1


def test_a_change_is_for_the_labour_officer(cast: Cast) -> None:
    old = placed(cast, somebody(cast))
    for who in ("master", "head", "stranger"):
        with pytest.raises(Forbidden):
            changed(cast, old, actor=cast.users[who], basis="приказ № 8")


def test_a_full_post_does_not_hinder_a_change_of_who_sits_there(cast: Cast) -> None:
    full_post(cast)
    old = Placement.objects.order_by("id")[0]
    assert changed(cast, old, basis="приказ № 8").overfill_reason == ""
