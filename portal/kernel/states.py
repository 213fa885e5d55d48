"""The state mover: the only code that writes a status. Machines are tables in states.py files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel.access import Verdict
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.models import StateChange


class MoveRefused(PortalError):
    """The table has no such move from the present status."""

    message = _("This is no longer possible: the state is now “%(status)s”.")


@dataclass(frozen=True)
class Machine:
    """A table (status, action) → status for one model and one of its columns."""

    transitions: Mapping[tuple[str, str], str]
    field: str = "status"

    def target(self, status: str, action: str) -> str | None:
        """Where the action leads from a status, or None."""
        return self.transitions.get((status, action))

    def actions_from(self, status: str) -> list[str]:
        """The actions possible from a status, as listed."""
        return [action for source, action in self.transitions if source == status]

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram for the documentation."""
        rows = [
            f"    {source} --> {target}: {action}"
            for (source, action), target in self.transitions.items()
        ]
        return "\n".join(["stateDiagram-v2", *rows])


def subject_type(row: models.Model) -> str:
    """How history and audit name the kind of an object: `orders.order`."""
    return row._meta.label_lower


def move(
    row: models.Model,
    action: str,
    *,
    machine: Machine,
    actor: Any,
    at: datetime,
    rule: Callable[[Any, Any], Verdict] | None = None,
    reason: str = "",
    is_held: bool = False,
) -> None:
    """Lock `row`, check the table and the rule, write the new status and a history row.

    Refused (`MoveRefused`, `Forbidden`) without a trace otherwise; so a second call of the same
    action is refused unless the table leads it on. `row` has the new status afterwards. `is_held`:
    the caller has read `row` under its lock in this very transaction.
    """
    with transaction.atomic():
        fresh = row if is_held else lock_row(type(row), row.pk)
        status = getattr(fresh, machine.field)
        target = machine.target(status, action)
        if target is None:
            label = getattr(fresh, f"get_{machine.field}_display")()
            raise MoveRefused(status=label)
        if rule is not None:
            rule(actor, fresh).require()
        type(row)._base_manager.filter(pk=row.pk).update(**{machine.field: target})
        StateChange.objects.create(
            subject_type=subject_type(row),
            subject_id=row.pk,
            action=action,
            from_status=status,
            to_status=target,
            actor=actor,
            at=at,
            reason=reason,
        )
    setattr(row, machine.field, target)


def move_all(
    rows: "models.QuerySet[Any]",
    action: str,
    *,
    machine: Machine,
    actor: Any,
    at: datetime,
    reason: str = "",
) -> int:
    """Move every row of the queryset, or none: three statements whatever their number.

    `MoveRefused` names the rows for which the table has no such move, and nothing is moved. No
    row, nothing happens. Returns how many were moved.
    """
    with transaction.atomic():
        found = lock_rows(rows)
        if not found:
            return 0
        statuses = {getattr(row, machine.field) for row in found}
        targets = {status: machine.target(status, action) for status in statuses}
        stuck = [row for row in found if targets[getattr(row, machine.field)] is None]
        if stuck:
            label = getattr(stuck[0], f"get_{machine.field}_display")()
            raise MoveRefused(status=label, rows=[row.pk for row in stuck])
        for status, target in targets.items():
            same = [row.pk for row in found if getattr(row, machine.field) == status]
            rows.model._base_manager.filter(pk__in=same).update(**{machine.field: target})
        StateChange.objects.bulk_create(
            StateChange(
                subject_type=subject_type(row),
                subject_id=row.pk,
                action=action,
                from_status=getattr(row, machine.field),
                to_status=targets[getattr(row, machine.field)] or "",
                actor=actor,
                at=at,
                reason=reason,
            )
            for row in found
        )
    return len(found)


def begin(row: models.Model, action: str, *, machine: Machine, actor: Any, at: datetime) -> None:
    """Write the first history row of an object just created: how it came to its first status.

    Called once, in the transaction that creates the object.
    """
    StateChange.objects.create(
        subject_type=subject_type(row),
        subject_id=row.pk,
        action=action,
        from_status="",
        to_status=getattr(row, machine.field),
        actor=actor,
        at=at,
    )


def history_of(row: models.Model) -> "models.QuerySet[StateChange]":
    """The moves of one object, oldest first, with their actors."""
    return (
        StateChange.objects.filter(subject_type=subject_type(row), subject_id=row.pk)
        .select_related("actor")
        .order_by("at", "id")
    )
