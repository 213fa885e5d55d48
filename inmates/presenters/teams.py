"""Teams of a shift as its pages show them: the list beside the output, the people of the form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.enums import PayForm
from inmates.models import Placement, TeamEntry
from inmates.presenters.shift import Line, told
from inmates.selectors.shift import Entered
from inmates.selectors.shift_day import ShiftDay
from portal.kernel.text import number
from workshops.models import WorkOrder


@dataclass(slots=True)
class MemberLine:
    """One person who may be in the team: what the page shows, what was typed."""

    placement: Placement
    name: str
    # Minutes attended or expected; those of who was absent are told by `absent`.
    day_minutes: int
    absent: str = ""
    is_member: bool = False
    minutes: str = ""
    coefficient: str = "1"
    error: str = ""

    @property
    def key(self) -> str:
        return str(self.placement.pk)

    @property
    def number(self) -> str:
        return self.placement.inmate.personnel_number

    @property
    def suggested(self) -> str:
        """What an empty field of minutes means."""
        return number(self.day_minutes) if self.day_minutes else ""

    @property
    def label(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def anchor(self) -> str:
        return f"member-{self.key}"

    @property
    def sentence(self) -> str:
        return self.error


def member_lines(
    lines: Iterable[Line], order: WorkOrder, entry: TeamEntry | None
) -> list[MemberLine]:
    """Whoever is paid by the piece: first those of the trades of the order, and the members."""
    trades = {one.operation.trade_id for one in order.operations.all()}
    shares = list(entry.shares.all()) if entry else []
    members = {one.placement_id for one in shares}
    shown = [line for line in lines if line.placement.pay_form == PayForm.PIECE]
    found = [_member(line) for line in shown]
    # A member whose place is in another workshop stands on no sheet of this one.
    known = {line.placement.pk for line in found}
    found += [
        MemberLine(one.placement, "", one.minutes)
        for one in shares
        if one.placement_id not in known
    ]
    return sorted(
        found,
        key=lambda line: (
            not (line.placement.pk in members or line.placement.post.trade_id in trades)
        ),
    )


def _member(line: Line) -> MemberLine:
    mark = line.entered.value if line.entered else line.shown
    absent = ""
    if line.entered and not line.entered.value.minutes and line.reason_shown is not None:
        absent = f"{line.reason_shown.letter} · {line.reason_shown.name}"
    return MemberLine(line.placement, line.name, mark.minutes if mark else 0, absent)


def team_rows(shift: ShiftDay, entries: Iterable[TeamEntry], query: str) -> list[dict[str, Any]]:
    """The teams of the day on one work order; people by their number alone."""
    return [
        {
            "operation": entry.work_order_operation.operation.name,
            "quantity": _("%(count)s pcs") % {"count": number(entry.quantity)},
            "members": ", ".join(_member_words(one) for one in entry.shares.all()),
            "told": told(
                Entered(None, _name(entry.recorded_by), entry.recorded_at),
                _("%(count)s pcs") % {"count": number(entry.quantity)},
            ),
            "url": reverse(
                "inmates:shift_team_entry",
                args=[shift.workshop.code, shift.day.isoformat(), entry.pk],
            )
            + query,
        }
        for entry in entries
    ]


def _member_words(one: Any) -> str:
    words = {"number": one.placement.inmate.personnel_number, "minutes": number(one.minutes)}
    if one.coefficient == 1:
        return _("№ %(number)s %(minutes)s min") % words
    return _("№ %(number)s %(minutes)s min × %(coefficient)s") % (
        words | {"coefficient": number(one.coefficient)}
    )


def _name(user: Any) -> str:
    return user.get_full_name() if user is not None else ""


def pieces_of_teams(entries: Iterable[TeamEntry]) -> dict[int, int]:
    """By operation of a work order, for the sum of the day below the sheet."""
    found: dict[int, int] = {}
    for entry in entries:
        key = entry.work_order_operation_id
        found[key] = found.get(key, 0) + entry.quantity
    return found
