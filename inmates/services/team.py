"""The output of a team as the master enters it: pieces made together, and who took part.

Called by the team's page of a shift and the seed; the sister of `services.output`, with the same
gate of open days. The wage is split when it is calculated (`team_split`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.models import Placement, ShiftChange, TeamEntry, TeamShare
from inmates.services.open_days import Trace, lock_open_days, require_right
from inmates.services.output import book_more, lock_orders
from inmates.services.team_checks import (
    Team,
    TeamMember,
    require_possible,
    require_team,
    require_team_room,
)
from inmates.team_refusals import TeamChanged, TeamGone
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from workshops.services import report_output


def record_team_output(
    *,
    actor: Any,
    work_order_operation_id: int,
    worked_on: date,
    quantity: int,
    members: Sequence[TeamMember],
    at: datetime,
    correction: str = "",
    card_id: int | None = None,
) -> TeamEntry:
    """So many accepted pieces of the operation were made by these people together on the day.

    The work order counts them once and reports what has become of it. Refused as a whole: for
    whoever is neither master nor labour officer of each institution, a day ahead, a closed day
    without words, a month being calculated, a day outside a placement, fewer than two members,
    one of them twice, of another payer, institution or form of pay, absent, with more minutes
    than were attended, not cleared; more than the work order or the batch of `card_id` asks for.
    Twice enters a second one: the page names its submission (`@once`).
    """
    team = Team(work_order_operation_id, worked_on, quantity, tuple(members))
    require_team(team)
    with _written(actor, team.people, {work_order_operation_id}, at):
        orders = lock_orders({work_order_operation_id})
        closed = _lock_days(actor, team.people, worked_on, at, correction)
        require_possible(team, None, orders)
        entry = TeamEntry.objects.create(
            work_order_operation_id=work_order_operation_id,
            worked_on=worked_on,
            quantity=quantity,
            recorded_by=actor,
            recorded_at=at,
        )
        TeamShare.objects.bulk_create(_share(entry.pk, one) for one in team.members)
        _keep_trace(Trace(actor, at, correction, closed), entry.pk, None, team)
        _book(actor, team, quantity, card_id, orders, at)
    return entry


def change_team_output(
    *,
    actor: Any,
    entry_id: int,
    shown_at: datetime,
    quantity: int,
    members: Sequence[TeamMember],
    at: datetime,
    correction: str = "",
    card_id: int | None = None,
) -> TeamEntry:
    """The entry has these pieces and members; what stood is kept for each person it concerns.

    Refused like `record_team_output`; where it was changed since the page was opened (`shown_at`
    is when it had been written) or is gone; fewer pieces on a completed work order. Twice with the
    same content is harmless.
    """
    # Whose days are locked is known before the entry is: looked at again under the lock.
    first = _stored(_found(entry_id))
    team = Team(first.operation_id, first.day, quantity, tuple(members))
    require_team(team)
    people = first.people | team.people
    with _written(actor, people, {team.operation_id}, at):
        orders = lock_orders({team.operation_id})
        closed = _lock_days(actor, people, team.day, at, correction)
        entry = _locked(entry_id)
        before = _stored(entry)
        if _same(before, team):
            return entry
        if entry.recorded_at != shown_at or before.people - people:
            raise TeamChanged
        require_possible(team, before, orders)
        entry.quantity, entry.recorded_by, entry.recorded_at = quantity, actor, at
        entry.save(update_fields=["quantity", "recorded_by", "recorded_at"])
        _write_shares(entry.pk, before, team)
        _keep_trace(Trace(actor, at, correction, closed), entry.pk, before, team)
        _book(actor, team, quantity - before.quantity, card_id, orders, at)
    return entry


def take_back_team_output(
    *,
    actor: Any,
    entry_id: int,
    shown_at: datetime,
    at: datetime,
    correction: str = "",
    card_id: int | None = None,
) -> None:
    """The entry is gone, and kept in the trace of each of its members.

    Refused for whoever may not enter it, on a closed day without words, where it was changed since
    the page was opened, where the work order is completed or a batch card holds the pieces. Twice:
    the second is told that it is gone.
    """
    first = _stored(_found(entry_id))
    with _written(actor, first.people, {first.operation_id}, at):
        orders = lock_orders({first.operation_id})
        closed = _lock_days(actor, first.people, first.day, at, correction)
        entry = _locked(entry_id)
        before = _stored(entry)
        if entry.recorded_at != shown_at or before.people != first.people:
            raise TeamChanged
        require_team_room(before, -before.quantity, orders)
        _keep_trace(Trace(actor, at, correction, closed), entry.pk, before, None)
        entry.delete()
        _book(actor, before, -before.quantity, card_id, orders, at)


@contextmanager
def _written(actor: Any, people: set[int], operations: set[int], at: datetime) -> Iterator[None]:
    require_right(actor, people, at, operations)
    with readable_refusals(), transaction.atomic():
        yield


def _lock_days(
    actor: Any, people: set[int], day: date, at: datetime, correction: str
) -> set[tuple[int, date]]:
    return lock_open_days({(pk, day) for pk in people}, at=at, correction=correction, actor=actor)


def _found(entry_id: int) -> TeamEntry:
    entry = TeamEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise TeamGone
    return entry


def _locked(entry_id: int) -> TeamEntry:
    rows: list[TeamEntry] = lock_rows(TeamEntry.objects.filter(pk=entry_id))
    if not rows:
        raise TeamGone
    return rows[0]


def _stored(entry: TeamEntry) -> Team:
    members = tuple(
        TeamMember(one.placement_id, one.minutes, one.coefficient)
        for one in entry.shares.order_by("placement_id")
    )
    return Team(entry.work_order_operation_id, entry.worked_on, entry.quantity, members)


def _same(one: Team, other: Team) -> bool:
    return one.quantity == other.quantity and set(one.members) == set(other.members)


def _share(entry_id: int, one: TeamMember) -> TeamShare:
    return TeamShare(
        team_entry_id=entry_id,
        placement_id=one.placement_id,
        minutes=one.minutes,
        coefficient=one.coefficient,
    )


def _write_shares(entry_id: int, before: Team, team: Team) -> None:
    """Those who stay are changed, so that only who joins meets the guard of clearances."""
    stored = {one.placement_id: one for one in before.members}
    fresh = [one for one in team.members if one.placement_id not in stored]
    TeamShare.objects.bulk_create(_share(entry_id, one) for one in fresh)
    rows = TeamShare.objects.filter(team_entry=entry_id)
    rows.exclude(placement__in=team.people).delete()
    for one in team.members:
        if one.placement_id in stored and stored[one.placement_id] != one:
            rows.filter(placement=one.placement_id).update(
                minutes=one.minutes, coefficient=one.coefficient
            )


def _keep_trace(trace: Trace, entry_id: int, before: Team | None, after: Team | None) -> None:
    """For each person of the team, before and after: the share of all moves with one of them."""
    concerned = (before.people if before else set()) | (after.people if after else set())
    day, operation_id = (after or before).day, (after or before).operation_id  # type: ignore[union-attr] # one of them is
    numbers = dict(
        Placement.objects.filter(pk__in=concerned).values_list("pk", "inmate__personnel_number")
    )
    sides = {
        "before": _side(before, entry_id, numbers),
        "after": _side(after, entry_id, numbers),
    }
    ShiftChange.objects.bulk_create(
        trace.change((pk, day), work_order_operation_id=operation_id, **sides)
        for pk in sorted(concerned)
        if before is not None or (pk, day) in trace.closed
    )


def _side(team: Team | None, entry_id: int, numbers: dict[int, str]) -> dict[str, Any]:
    if team is None:
        return {}
    return {
        "team": entry_id,
        "quantity": team.quantity,
        "members": [
            [numbers.get(one.placement_id, ""), one.minutes, str(one.coefficient)]
            for one in sorted(team.members, key=lambda one: one.placement_id)
        ],
    }


def _book(
    actor: Any, team: Team, more: int, card_id: int | None, orders: Iterable[Any], at: datetime
) -> None:
    book_more(actor, {team.day: {team.operation_id: more}}, card_id, at)
    for order in orders:
        report_output(work_order_id=order.pk, actor=actor, at=at)
