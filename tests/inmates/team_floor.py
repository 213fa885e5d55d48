"""A team for the tests: a workshop of people paid by the piece, and what they made together."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from inmates.models import TeamEntry
from inmates.services.team import (
    TeamMember,
    change_team_output,
    record_team_output,
    take_back_team_output,
)
from tests.inmates.shifts import FRIDAY, NOON, Floor, a_floor

# Places of the floor with the minutes of each.
Minutes = dict[int, int]


def a_piece_floor(people: int = 4, quantity: int = 50, **fields: Any) -> Floor:
    return a_floor(people, quantity, **({"pay_form": "piece"} | fields))


def members(
    floor: Floor, minutes: Minutes, coefficients: dict[int, str] | None = None
) -> list[TeamMember]:
    by_place = coefficients or {}
    return [
        TeamMember(floor.placements[place].pk, worked, Decimal(by_place.get(place, "1.00")))
        for place, worked in minutes.items()
    ]


def enter(
    floor: Floor,
    quantity: int = 12,
    minutes: Minutes | None = None,
    *,
    coefficients: dict[int, str] | None = None,
    day: date = FRIDAY,
    at: datetime = NOON,
    actor: Any = None,
    **more: Any,
) -> TeamEntry:
    return record_team_output(
        actor=actor or floor.cast.master,
        work_order_operation_id=more.pop("operation", floor.cutting).pk,
        worked_on=day,
        quantity=quantity,
        members=members(floor, minutes or {0: 480, 1: 480}, coefficients),
        at=at,
        **more,
    )


def change(
    floor: Floor,
    entry: TeamEntry,
    quantity: int,
    minutes: Minutes,
    *,
    at: datetime = NOON,
    shown_at: datetime | None = None,
    actor: Any = None,
    **more: Any,
) -> TeamEntry:
    return change_team_output(
        actor=actor or floor.cast.master,
        entry_id=entry.pk,
        shown_at=shown_at or entry.recorded_at,
        quantity=quantity,
        members=members(floor, minutes),
        at=at,
        **more,
    )


def take_back(floor: Floor, entry: TeamEntry, *, at: datetime = NOON, **more: Any) -> None:
    take_back_team_output(
        actor=more.pop("actor", floor.cast.master),
        entry_id=entry.pk,
        shown_at=more.pop("shown_at", entry.recorded_at),
        at=at,
        **more,
    )


def done(floor: Floor) -> int:
    floor.cutting.refresh_from_db()
    return int(floor.cutting.done)


def shares(entry: TeamEntry) -> dict[int, tuple[int, Decimal]]:
    return {one.placement_id: (one.minutes, one.coefficient) for one in entry.shares.all()}
