"""Who looked at a person's record, and when their PIN was used: what they may know of it.

Roles and organisations of that day, never a name.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from inmates.models import Inmate, TerminalVisit
from inmates.selectors.looks import LOOKS, PERSON
from portal.accounts.models import FirstSignature, Membership, RoleGrant
from portal.kernel.clock import day_of
from portal.kernel.models import AuditEvent

# Beside the looks at name and IIN: at a payslip without its name, and what was done about the
# person's own way to this page.
SLIP_SEEN = "payslip_seen"
OF_PINS = ("pin_letter_printed", "pin_locked")
MOST_LOOKS = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A role or a first signature of somebody in an organisation, from day to day."""

    role: str
    organisation_id: int
    organisation: str
    spans: tuple[tuple[date, date | None], ...]

    def covers(self, on: date) -> bool:
        return all(begin <= on and (end is None or on < end) for begin, end in self.spans)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody read the person's name or IIN on a day: what for, and as whom; never who by name.

    What one reader did on a day for one purpose is one look, made so many `times`.
    """

    # The last of the day.
    at: datetime
    times: int
    action: str
    purpose: str
    is_list: bool
    as_whom: list[tuple[str, str]]
    # False: the portal did it by itself.
    is_by_somebody: bool = True


def looks_at_person(
    inmate: Inmate, since: date, until: date, *, of_payer: int | None = None
) -> list[Look]:
    """The newest hundred of these days, with the roles and organisations of that day; 3 queries.

    `of_payer`: only the looks of that organisation's own people, for a paper that it prints.
    """
    events = AuditEvent.objects.filter(
        Q(subject_type=PERSON, subject_id=inmate.pk)
        | Q(details__has_key="inmates", details__contains={"inmates": [inmate.pk]}),
        action__in=(*LOOKS, SLIP_SEEN, *OF_PINS),
        at__date__gte=since,
        at__date__lte=until,
    )
    if of_payer is not None:
        events = events.filter(_by_people_of(of_payer))
    rows = list(_by_day_and_reader(events)[:MOST_LOOKS])
    held = _held_by({row["actor"] for row in rows if row["actor"] is not None})
    return [
        Look(
            row["last"],
            row["times"],
            row["action"],
            row["purpose"] or "",
            row["is_list"],
            _roles_on(held.get(row["actor"] or 0, []), day_of(row["last"])),
            is_by_somebody=row["actor"] is not None,
        )
        for row in rows
    ]


def _by_people_of(payer_id: int) -> Q:
    """Whoever holds, or held, a role or the first signature there."""
    roles = RoleGrant.objects.filter(membership__organisation=payer_id)
    signatures = FirstSignature.objects.filter(organisation=payer_id)
    return Q(actor__in=roles.values("membership__user")) | Q(actor__in=signatures.values("holder"))


def _by_day_and_reader(events: "QuerySet[AuditEvent]") -> Any:
    """One row for each day, reader and purpose, the newest first; a list of one is no list."""
    is_list = ExpressionWrapper(Q(details__inmates__1__isnull=False), output_field=BooleanField())
    return (
        events.order_by()
        .annotate(day=TruncDate("at"), purpose=KT("details__purpose"), is_list=is_list)
        .values("day", "actor", "action", "purpose", "is_list")
        .annotate(times=Count("pk"), last=Max("at"), newest=Max("pk"))
        .order_by("-last", "-newest")
    )


def _held_by(users: Collection[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    grants = RoleGrant.objects.filter(membership__user__in=users)
    for grant in grants.select_related("membership__organisation").order_by("id"):
        member = grant.membership
        place = member.organisation
        role = Held(str(grant.get_role_display()), place.pk, place.name, _spans(grant, member))
        found.setdefault(member.user_id, []).append(role)
    signatures = FirstSignature.objects.filter(holder__in=users).select_related("organisation")
    for row in signatures.order_by("id"):
        place = row.organisation
        role = Held(_("First signature"), place.pk, place.name, _spans(row))
        found.setdefault(row.holder_id, []).append(role)
    return found


def _spans(*rows: RoleGrant | Membership | FirstSignature) -> tuple[tuple[date, date | None], ...]:
    return tuple((row.effective_from, row.effective_to) for row in rows)


def _roles_on(roles: Iterable[Held], on: date) -> list[tuple[str, str]]:
    """Role and organisation, each once; those of another day are not told."""
    return list(dict.fromkeys((one.role, one.organisation) for one in roles if one.covers(on)))


def own_visits(inmate_id: int, most: int = 10) -> "QuerySet[TerminalVisit]":
    """When the person's PIN was used, and where."""
    rows = TerminalVisit.objects.filter(inmate=inmate_id).select_related("terminal")
    return rows.order_by("-began_at")[:most]
