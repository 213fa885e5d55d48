"""Accidents and their notices: for the institution's pages, its desk and the department's head.

Circumstances are read by the institution's labour officer and head alone; the department sees
where, when, of which kind, and what is late with whom.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from inmates.models import Accident, AccidentNotice, AccidentPerson, Inmate
from inmates.selectors.desk import DESK_ROLES
from portal.accounts.selectors import organisation_ids
from portal.kernel.clock import ALMATY
from workshops.models import Institution

ONE_DAY = timedelta(days=1)


def accidents_visible_to(user: Any, on: date) -> "QuerySet[Accident]":
    """Of the institutions where the user is labour officer or head; the only door to one."""
    notices = AccidentNotice.objects.order_by("addressee", "id")
    involved = AccidentPerson.objects.select_related("inmate").order_by(
        "inmate__personnel_number", "id"
    )
    return (
        Accident.objects.filter(
            institution__organisation__in=organisation_ids(user, on, *DESK_ROLES)
        )
        .select_related("institution__organisation", "workshop", "recorded_by")
        .prefetch_related(Prefetch("notices", notices), Prefetch("involved", involved))
        .order_by("-happened_at", "-id")
    )


def accidents_of(inmate: Inmate) -> "QuerySet[Accident]":
    return inmate.accidents.select_related("workshop").order_by("-happened_at", "-id")


def _end_of_day(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ALMATY)


def is_late(notice: AccidentNotice, on: date) -> bool:
    """Sent after the day it was due, or not sent and that day is over."""
    if notice.sent_at is not None:
        return notice.sent_at >= _end_of_day(notice.due_on + ONE_DAY)
    return on > notice.due_on


@dataclass(frozen=True, slots=True)
class LateNotices:
    """Notices of one accident that nobody has sent though they were due, with who answers."""

    accident: Accident
    addressees: tuple[str, ...]
    due_on: date

    @property
    def owner(self) -> str:
        return str(self.accident.recorded_by.get_full_name())


def late_notices(institutions: Iterable[Institution], on: date) -> list[LateNotices]:
    """What was due before today and is not sent, the oldest first; one query."""
    rows = (
        AccidentNotice.objects.filter(
            sent_at=None, due_on__lt=on, accident__institution__in=institutions
        )
        .select_related("accident__institution__organisation", "accident__recorded_by")
        .order_by("due_on", "accident_id", "addressee")
    )
    by_accident: dict[int, list[AccidentNotice]] = {}
    for row in rows:
        by_accident.setdefault(row.accident_id, []).append(row)
    return [
        LateNotices(
            found[0].accident,
            tuple(one.get_addressee_display() for one in found),
            found[0].due_on,
        )
        for found in by_accident.values()
    ]


def unsent_first(rows: "QuerySet[Accident]", status: str) -> "QuerySet[Accident]":
    """The list of the page: one status or all, those with notices to be sent before the rest."""
    wanted = rows.filter(Q(status=status) if status else Q())
    return wanted.order_by(F("status").desc(), "-happened_at", "-id")
