"""What the database itself refuses of teams, whoever writes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from inmates.enums import ClearanceKind
from inmates.models import ClearanceRequirement, Placement, TeamEntry, TeamShare
from portal.kernel.errors import ConstraintRefused, readable_refusals
from tests.inmates.shifts import FRIDAY, MONDAY, NOON, Floor
from tests.inmates.team_floor import a_piece_floor, done, enter
from tests.people import an_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(db: None) -> Floor:
    return a_piece_floor()


def refused(act: Any, name: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert name in str(error.value)


def an_entry(floor: Floor, **fields: Any) -> TeamEntry:
    values = {"work_order_operation": floor.cutting, "worked_on": FRIDAY, "quantity": 5}
    return TeamEntry.objects.create(**(values | fields), recorded_at=NOON)


def a_team(floor: Floor, *places: int, **fields: Any) -> TeamEntry:
    entry = an_entry(floor, **fields)
    for place in places:
        TeamShare.objects.create(team_entry=entry, placement=floor.placements[place], minutes=480)
    return entry


def test_a_team_of_one_is_refused_at_the_commit(floor: Floor) -> None:
    refused(lambda: a_team(floor, 0), "team_has_members")
    refused(lambda: an_entry(floor), "team_has_members")


def test_the_last_but_one_member_stays(floor: Floor) -> None:
    entry = enter(floor)
    refused(entry.shares.first().delete, "team_has_members")


def test_minutes_and_coefficient_are_above_nought(floor: Floor) -> None:
    entry = enter(floor)
    share = entry.shares.first()
    for values, name in (
        ({"minutes": 0}, "teamshare_minutes_of_a_day"),
        ({"minutes": 1441}, "teamshare_minutes_of_a_day"),
        ({"coefficient": Decimal(0)}, "teamshare_coefficient_positive"),
    ):
        refused(lambda v=values: TeamShare.objects.filter(pk=share.pk).update(**v), name)


def test_no_pieces_no_team(floor: Floor) -> None:
    refused(lambda: a_team(floor, 0, 1, quantity=0), "teamentry_positive")


def test_a_member_twice(floor: Floor) -> None:
    refused(lambda: a_team(floor, 0, 0), "teamshare_once_in_a_team")


def test_a_day_outside_a_placement(floor: Floor) -> None:
    Placement.objects.filter(pk=floor.placements[1].pk).update(effective_to=FRIDAY)
    refused(lambda: a_team(floor, 0, 1), "team_outside_placement")


def test_a_moved_day_is_held_to_the_placements_too(floor: Floor) -> None:
    Placement.objects.filter(pk=floor.placements[1].pk).update(effective_to=MONDAY)
    entry = enter(floor)
    refused(
        lambda: TeamEntry.objects.filter(pk=entry.pk).update(worked_on=MONDAY),
        "team_outside_placement",
    )


def test_another_payer_or_form_of_pay(floor: Floor) -> None:
    other = an_organisation("state_enterprise", "РГП «Другое»", 77)
    Placement.objects.filter(pk=floor.placements[1].pk).update(payer=other)
    Placement.objects.filter(pk=floor.placements[2].pk).update(pay_form="time")
    refused(lambda: a_team(floor, 0, 1), "team_of_one_payer")
    refused(lambda: a_team(floor, 0, 2), "team_of_one_payer")
    entry = enter(floor, 5, {0: 480, 3: 480})
    share = entry.shares.get(placement=floor.placements[3])
    refused(
        lambda: TeamShare.objects.filter(pk=share.pk).update(placement=floor.placements[1]),
        "team_of_one_payer",
    )


def test_a_placement_in_a_team_keeps_who_pays_and_how(floor: Floor) -> None:
    enter(floor)
    placement = Placement.objects.get(pk=floor.placements[0].pk)
    placement.pay_form = "time"
    with pytest.raises(ConstraintRefused), readable_refusals(), transaction.atomic():
        placement.save()
    placement.pay_form = "piece"
    placement.save()
    Placement.objects.filter(pk=floor.placements[3].pk).update(pay_form="time")


def test_a_member_lacks_what_the_trade_asks_for(floor: Floor) -> None:
    ClearanceRequirement.objects.create(
        kind=ClearanceKind.values[0], trade=None, effective_from=FRIDAY
    )
    refused(lambda: a_team(floor, 0, 1), "team_not_cleared")


def test_the_work_order_counts_however_the_rows_come(floor: Floor) -> None:
    first = enter(floor, 5)
    second = enter(floor, 7, {2: 480, 3: 480})
    assert done(floor) == 12
    TeamEntry.objects.filter(pk=first.pk).update(quantity=9)
    assert done(floor) == 16
    TeamEntry.objects.filter(pk=second.pk).update(work_order_operation=floor.painting)
    assert done(floor) == 9
    floor.painting.refresh_from_db()
    assert floor.painting.done == 7
    refused(
        lambda: TeamEntry.objects.filter(pk=first.pk).update(quantity=51),
        "output_within_work_order",
    )
    first.delete()
    assert done(floor) == 0
