"""The output of a team as a form: operation, pieces, and who took part; it never saves.

Its fields are drawn by the page, a line for each person; every refused line keeps what was typed.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.forms.shift import clean_minutes
from inmates.forms.shift_output import clean_pieces, plain_digits
from inmates.models import TeamEntry
from inmates.presenters.teams import MemberLine
from inmates.refusals import CorrectionNeeded
from inmates.services.team import TeamMember
from inmates.services.team_checks import LEAST, MOST
from portal.kernel.forms import ExactDecimalFormField
from portal.kernel.text import number
from workshops.models import WorkOrder

COEFFICIENT = ExactDecimalFormField(
    min_value=LEAST,
    max_value=MOST,
    max_digits=4,
    decimal_places=2,
    error_messages={"required": gettext_lazy("Enter the coefficient, 1 where there is none.")},
)


class TeamForm:
    """One team: `entry` is what stands, None for another one."""

    def __init__(
        self, order: WorkOrder, lines: list[MemberLine], entry: TeamEntry | None = None
    ) -> None:
        self.order = order
        self.lines = lines
        self.entry = entry
        self.operations = list(order.operations.all())
        self.operation = str(entry.work_order_operation_id) if entry else ""
        if not entry and len(self.operations) == 1:
            self.operation = str(self.operations[0].pk)
        self.quantity = number(entry.quantity) if entry else ""
        self.shown_at: datetime | None = entry.recorded_at if entry else None
        self.errors: dict[str, str] = {}
        self.problem = ""
        self.closed: CorrectionNeeded | None = None
        self.pieces = 0
        self.members: list[TeamMember] = []
        self._show(entry)

    def _show(self, entry: TeamEntry | None) -> None:
        stored = {one.placement_id: one for one in entry.shares.all()} if entry else {}
        for line in self.lines:
            share = stored.get(line.placement.pk)
            line.is_member = share is not None
            minutes = share.minutes if share else line.day_minutes
            line.minutes = number(minutes) if minutes else ""
            line.coefficient = number(share.coefficient if share else Decimal(1))

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The operations of the work order with what is left of each."""
        return [
            {
                "value": str(one.pk),
                "name": f"{one.operation.sequence}. {one.operation.name}",
                "left": _("%(left)s left") % {"left": number(one.quantity - one.done)},
                "is_chosen": str(one.pk) == self.operation,
            }
            for one in self.operations
            # What a team made stays with its operation: another one is another entry.
            if self.entry is None or one.pk == self.entry.work_order_operation_id
        ]

    @property
    def seen(self) -> str:
        """The hidden field: when what the page shows had been written."""
        return self.shown_at.isoformat() if self.shown_at else ""

    @property
    def wrong(self) -> list[MemberLine]:
        return [line for line in self.lines if line.error]

    def read(self, data: Mapping[str, str]) -> bool:
        """Take what was typed; False when something of it cannot be."""
        if self.entry is not None:
            self.shown_at = _moment(data.get("seen", "")) or self.shown_at
        self._read_pieces(data)
        for line in self.lines:
            self._read_line(line, data)
        known = {f"member-{line.key}" for line in self.lines if not line.absent}
        if any(name.startswith("member-") and name not in known for name in data):
            self.problem = _(
                "Nothing is saved: somebody you chose is no longer on this sheet. "
                "Look at the attendance, then save again."
            )
        elif not self.wrong and len(self.members) < 2:
            self.problem = _("Choose two members or more.")
        return not (self.wrong or self.errors or self.problem)

    def _read_pieces(self, data: Mapping[str, str]) -> None:
        self.operation = data.get("operation", self.operation)
        self.quantity = plain_digits(data.get("quantity", ""))
        if self.operation not in {one["value"] for one in self.choices}:
            self.errors["operation"] = _("Choose an operation of this work order.")
        try:
            self.pieces = clean_pieces(self.quantity)
        except forms.ValidationError as error:
            self.errors["quantity"] = " ".join(error.messages)
        else:
            if not self.pieces:
                self.errors["quantity"] = _("Enter how many pieces the team made.")

    def _read_line(self, line: MemberLine, data: Mapping[str, str]) -> None:
        if line.absent:
            return
        line.is_member = f"member-{line.key}" in data
        line.minutes = plain_digits(data.get(f"minutes-{line.key}", line.minutes))
        line.coefficient = data.get(f"coefficient-{line.key}", line.coefficient)
        if not line.is_member:
            return
        try:
            # Left empty, as the outbox leaves the form for the next team: what the field suggests.
            minutes = clean_minutes(line.minutes) if line.minutes.strip() else line.day_minutes
            if not minutes:
                raise forms.ValidationError(_("Enter the minutes in the team."))
            coefficient = COEFFICIENT.clean(line.coefficient.strip() or "1")
        except forms.ValidationError as error:
            line.error = " ".join(error.messages)
            return
        self.members.append(TeamMember(line.placement.pk, minutes, coefficient))

    @property
    def operation_id(self) -> int:
        return int(self.operation)

    def mark_problems(self, problems: Mapping[Any, Any]) -> None:
        """Sentences of the service at the members they are about, or at the quantity."""
        for key, sentence in problems.items():
            if key == "quantity":
                self.errors["quantity"] = str(sentence)
                continue
            placement_id = key[0] if isinstance(key, tuple) else key
            for line in self.lines:
                if line.placement.pk == placement_id:
                    line.error = str(sentence)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
