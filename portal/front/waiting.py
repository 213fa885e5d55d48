"""What waits for a person, told on the overview: one sentence each, with the page to go to.

Each source asks one count, and only for those whose role it concerns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from inmates.questions.selectors import waiting_counts
from inmates.selectors.accidents import late_notices
from inmates.selectors.desk import desk_institutions
from orders.selectors.spaces import overdue_count, waiting_count
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role
from portal.kernel import text


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sentence with its tone and address."""

    words: str
    url: str
    tone: str


def visits_overdue(user: Any, on: date) -> Waiting | None:
    """For the department: businesses without an answer after the last day."""
    count = overdue_count(user, on) if has_role(user, on, Role.ANALYST) else 0
    words = ngettext(
        "%(count)s application for space is late: nobody answered in five working days",
        "%(count)s applications for space are late: nobody answered in five working days",
        count,
    )
    return _told(count, words, "orders:visits_overseen", "bad")


def visits_waiting(user: Any, on: date) -> Waiting | None:
    """For an official: applications that wait for their own answer."""
    keeps = has_role(user, on, Role.LABOUR_OFFICER, Role.HEAD)
    count = waiting_count(user, on) if keeps else 0
    words = ngettext(
        "%(count)s application for space waits for your answer",
        "%(count)s applications for space wait for your answer",
        count,
    )
    return _told(count, words, "orders:visits_received", "warn")


def _told(count: int, words: str, url_name: str, tone: str) -> Waiting | None:
    if not count:
        return None
    return Waiting(words % {"count": text.number(count)}, reverse(url_name), tone)


def notices_late(user: Any, on: date) -> Waiting | None:
    """For an official: notices of accidents that should have been sent."""
    keeps = has_role(user, on, Role.LABOUR_OFFICER, Role.HEAD)
    count = len(late_notices(desk_institutions(user, on), on)) if keeps else 0
    words = ngettext(
        "Late: notices of %(count)s accident are not sent",
        "Late: notices of %(count)s accidents are not sent",
        count,
    )
    return _told(count, words, "inmates:accidents", "bad")


def questions_late(user: Any, on: date) -> Waiting | None:
    """For an officer outside the institutions: questions about wages over their day."""
    words = ngettext(
        "%(count)s question about wages is late",
        "%(count)s questions about wages are late",
        late := waiting_counts(user, on)[1],
    )
    return _told(late, words, "inmates:questions", "bad")


def questions_waiting(user: Any, on: date) -> Waiting | None:
    """For the same: questions that wait for their office."""
    words = ngettext(
        "%(count)s question about wages waits for your office",
        "%(count)s questions about wages wait for your office",
        count := waiting_counts(user, on)[0],
    )
    return _told(count, words, "inmates:questions", "warn")


SOURCES: tuple[Callable[[Any, date], Waiting | None], ...] = (
    notices_late,
    visits_overdue,
    visits_waiting,
    questions_late,
    questions_waiting,
)


def waiting_for(user: Any, on: date) -> list[Waiting]:
    """Everything that waits for the person on a day, in the order of the sources."""
    return [waiting for source in SOURCES if (waiting := source(user, on))]
