"""Devices, visits and PINs: what the gate of the terminals and the officers' pages ask."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from inmates.models import CustodyStay, Inmate, Terminal, TerminalPin, TerminalVisit
from inmates.terminal.limits import IDLE
from inmates.terminal.secrets import digest
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role, organisation_ids
from portal.kernel.clock import day_of
from portal.kernel.periods import period_q
from workshops.models import Institution


def terminal_of_secret(secret: str) -> Terminal | None:
    """The device whose cookie this is, closed ones too."""
    return Terminal.objects.filter(secret_hash=digest(secret)).first()


def open_visit(terminal: Terminal, token: str, at: datetime) -> TerminalVisit | None:
    """The visit of this cookie while it lasts and the person is held where the terminal stands.

    `must_choose`: they signed in with the PIN of a letter and have no own yet.
    """
    temporary = TerminalPin.objects.filter(
        inmate=OuterRef("inmate"), replaced_at=None, is_temporary=True
    )
    return (
        TerminalVisit.objects.filter(
            _held_at(terminal.institution_id, day_of(at), OuterRef("inmate")),
            terminal=terminal,
            token_hash=digest(token),
            ended_at=None,
            seen_at__gt=at - IDLE,
        )
        .annotate(must_choose=Exists(temporary))
        .select_related("inmate")
        .first()
    )


def _held_at(institution_id: int, on: date, inmate: Any) -> Exists:
    return Exists(
        CustodyStay.objects.filter(period_q(on), inmate=inmate, institution=institution_id)
    )


def person_at(institution_id: int, number: str, on: date) -> Inmate | None:
    """Who of this personnel number is held in the institution on the day."""
    held = _held_at(institution_id, on, OuterRef("pk"))
    return Inmate.objects.filter(held, personnel_number=number).first()


def pin_in_force(inmate_id: int) -> "QuerySet[TerminalPin]":
    """The newest PIN of the person, none or one row."""
    return TerminalPin.objects.filter(inmate=inmate_id, replaced_at=None)


def terminals_visible_to(user: Any, on: date) -> "QuerySet[Terminal]":
    """An administrator sees all, a labour officer those of the institution; open ones first."""
    rows = (
        Terminal.objects.select_related("institution__organisation", "added_by", "revoked_by")
        .annotate(
            week_visits=Count("visits", filter=Q(visits__began_at__date__gt=_week_before(on)))
        )
        .order_by("revoked_at", "institution__sort_order", "place", "id")
    )
    if has_role(user, on, Role.ADMINISTRATOR):
        return rows
    mine = organisation_ids(user, on, Role.LABOUR_OFFICER)
    return rows.filter(institution__organisation__in=mine)


def _week_before(on: date) -> date:
    return date.fromordinal(on.toordinal() - 7)


def terminal_institutions(user: Any, on: date) -> "QuerySet[Institution]":
    """Where the user may put a terminal."""
    rows = Institution.objects.select_related("organisation").order_by("sort_order", "id")
    if has_role(user, on, Role.ADMINISTRATOR):
        return rows
    return rows.filter(organisation__in=organisation_ids(user, on, Role.LABOUR_OFFICER))
