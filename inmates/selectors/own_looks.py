"""Who looked at a person's record, and when their PIN was used: what they may know of it.

Roles and organisations of that day, never a name.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from inmates.models import Inmate, TerminalVisit
from inmates.selectors.looks import LOOKS, PERSON
from portal.accounts.models import RoleGrant
from portal.kernel.clock import day_of
from portal.kernel.models import AuditEvent

# Beside the looks at name and IIN: at a payslip without its name, and what was done about the
# person's own way to this page.
SLIP_SEEN = "payslip_seen"
OF_PINS = ("pin_letter_printed", "pin_locked")
MOST_LOOKS = 100


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody read the person's name or IIN: what for, and as whom; never who by name."""

    at: datetime
    action: str
    purpose: str
    people: int
    as_whom: list[tuple[str, str]]


def looks_at_person(
    inmate: Inmate, since: date, until: date, *, of_payer: int | None = None
) -> list[Look]:
    """The newest hundred of these days, with the roles and organisations of that day; 2 queries.

    `of_payer`: only the looks of that organisation's own people, for a paper that it prints.
    """
    events = list(
        AuditEvent.objects.filter(
            Q(subject_type=PERSON, subject_id=inmate.pk)
            | Q(details__has_key="inmates", details__contains={"inmates": [inmate.pk]}),
            action__in=(*LOOKS, SLIP_SEEN, *OF_PINS),
            at__date__gte=since,
            at__date__lte=until,
        ).order_by("-at", "-id")[:MOST_LOOKS]
    )
    grants = _grants_of({event.actor_id for event in events if event.actor_id is not None})
    if of_payer is not None:
        own = {
            user
            for user, held in grants.items()
            if any(grant.membership.organisation_id == of_payer for grant in held)
        }
        events = [event for event in events if event.actor_id in own]
    return [
        Look(
            event.at,
            event.action,
            str(event.details.get("purpose", "")),
            _people(event),
            _roles_on(grants.get(event.actor_id or 0, []), day_of(event.at)),
        )
        for event in events
    ]


def _people(event: AuditEvent) -> int:
    listed = event.details.get("inmates")
    return len(listed) if isinstance(listed, list) else 1


def _grants_of(users: Collection[int]) -> dict[int, list[RoleGrant]]:
    found: dict[int, list[RoleGrant]] = {}
    rows = RoleGrant.objects.filter(membership__user__in=users)
    for grant in rows.select_related("membership__organisation").order_by("id"):
        found.setdefault(grant.membership.user_id, []).append(grant)
    return found


def _roles_on(grants: Iterable[RoleGrant], on: date) -> list[tuple[str, str]]:
    """Role and organisation, each once; those of another day are not told."""
    held = [
        (str(grant.get_role_display()), grant.membership.organisation.name)
        for grant in grants
        if _covers(grant, on) and _covers(grant.membership, on)
    ]
    return list(dict.fromkeys(held))


def _covers(row: object, on: date) -> bool:
    begin, end = row.effective_from, row.effective_to  # type: ignore[attr-defined]  # a DatedRow
    return bool(begin <= on and (end is None or on < end))


def own_visits(inmate_id: int, most: int = 10) -> "QuerySet[TerminalVisit]":
    """When the person's PIN was used, and where."""
    rows = TerminalVisit.objects.filter(inmate=inmate_id).select_related("terminal")
    return rows.order_by("-began_at")[:most]
