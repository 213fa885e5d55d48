"""The output of a team before it is written: what it is, and whether it can be.

Called by `services.team` under its locks; each refuses the team as a whole, with the sentence at
the member it is about.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.enums import PayForm
from inmates.models import Attendance, Placement
from inmates.refusals import SheetRefused
from inmates.services.clearances import require_cleared
from inmates.services.output_checks import require_present, room_refusals
from inmates.team_refusals import (
    CoefficientWrong,
    MemberTwice,
    TeamOfSeveral,
    TeamTooSmall,
    TeamWithoutPieces,
)
from portal.kernel.text import number

ONE = Decimal("1.00")
LEAST, MOST = Decimal("0.01"), Decimal("99.99")


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Who took part: minutes of the day that count, and the coefficient beside them."""

    placement_id: int
    minutes: int
    coefficient: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Team:
    """What is written, or stands, of one team: its operation, day, pieces and members."""

    operation_id: int
    day: date
    quantity: int
    members: tuple[TeamMember, ...]

    @property
    def people(self) -> set[int]:
        return {one.placement_id for one in self.members}


def require_team(team: Team) -> None:
    if team.quantity < 1:
        raise TeamWithoutPieces
    if len(team.people) != len(team.members):
        raise MemberTwice
    if len(team.members) < 2:
        raise TeamTooSmall
    if any(not LEAST <= one.coefficient <= MOST for one in team.members):
        raise CoefficientWrong


def require_possible(team: Team, before: Team | None, orders: list[Any]) -> None:
    """Under the locks: one payer, everybody there and cleared, the order has room."""
    _require_one_payer(team)
    known = before.people if before else set()
    more = team.quantity - (before.quantity if before else 0)
    # Whoever is no longer cleared stays in a team that made no more than it had.
    asked = team.people if more > 0 else team.people - known
    entries = {(pk, team.operation_id, team.day): team.quantity for pk in sorted(asked)}
    require_present({(pk, team.operation_id, team.day): 1 for pk in sorted(team.people)})
    _require_minutes(team)
    require_cleared(entries, {})
    require_team_room(team, more, orders)


def _require_one_payer(team: Team) -> None:
    rows = Placement.objects.filter(pk__in=team.people).values_list(
        "payer_id", "post__workshop__institution_id", "pay_form"
    )
    kinds = set(rows)
    if len(kinds) != 1 or any(form != PayForm.PIECE for _payer, _place, form in kinds):
        raise TeamOfSeveral


def _require_minutes(team: Team) -> None:
    """Nobody worked longer in a team than on the whole day, as far as the day is entered."""
    rows = Attendance.objects.filter(placement__in=team.people, worked_on=team.day)
    attended = {
        pk: (minutes, personnel_number)
        for pk, minutes, personnel_number in rows.values_list(
            "placement_id", "minutes", "placement__inmate__personnel_number"
        )
    }
    problems: dict[Any, str | Promise] = {}
    for one in team.members:
        minutes, personnel_number = attended.get(one.placement_id, (None, ""))
        if minutes is not None and one.minutes > minutes:
            problems[one.placement_id, team.operation_id] = _(
                "№ %(number)s attended %(minutes)s min on this day: no more are entered in a team."
            ) % {"number": personnel_number, "minutes": number(minutes)}
    if problems:
        raise SheetRefused(problems)


def require_team_room(team: Team, more: int, orders: list[Any]) -> None:
    found = room_refusals({team.operation_id: more}, orders)
    if found:
        raise SheetRefused({"quantity": found[team.operation_id]})
