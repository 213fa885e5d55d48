"""Applications to see an area, by who may see them: applicant, institution, department."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from orders.enums import SpaceApplicationStatus as Status
from orders.models import SpaceApplication, SpaceApplicationOwner
from portal.accounts.enums import Role
from portal.accounts.selectors import grants_of, organisation_ids
from portal.kernel.clock import day_of
from portal.kernel.money import round_tenge
from portal.kernel.workdays import workdays_between
from workshops.models import Institution
from workshops.selectors.spaces import institutions_answered_by

# The mean days to answer are those of the applications of so long.
MEASURED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Answering:
    """How an institution answers: what waits, what is over its day, how long answers took."""

    institution: Institution
    waiting: int
    overdue: int
    answered: int
    mean_days: Decimal | None


def applications_with_places() -> "QuerySet[SpaceApplication]":
    """Applications with area, institution, owner and applicant joined."""
    return SpaceApplication.objects.select_related(
        "space__institution__organisation", "owner", "applicant"
    )


def application_with_key(key: UUID) -> SpaceApplication | None:
    """The application whose address this is."""
    return applications_with_places().filter(key=key).first()


def applications_of(user: Any, on: date) -> "QuerySet[SpaceApplication]":
    """What the user has sent, or a colleague for the same organisation; newest first."""
    own = Q(placed_by=user) | Q(applicant__in=organisation_ids(user, on, Role.BUYER))
    return applications_with_places().filter(own).order_by("-sent_at", "-id")


def applications_answered_by(user: Any, on: date) -> "QuerySet[SpaceApplication]":
    """Applications to the user's institutions: what waits first, the sooner due the sooner."""
    places = institutions_answered_by(user, on)
    return _by_urgency(applications_with_places().filter(space__institution__in=places))


def applications_overseen_by(user: Any, on: date) -> "QuerySet[SpaceApplication]":
    """Applications to the institutions of the user's department: the longest overdue first."""
    places = institutions_overseen_by(user, on)
    return _by_urgency(applications_with_places().filter(space__institution__in=places))


def institutions_overseen_by(user: Any, on: date) -> "QuerySet[Institution]":
    """The institutions of the departments where the user is an analyst, by place if limited."""
    seen = Q(pk__in=[])
    for grant in grants_of(user, on):
        if grant.role == Role.ANALYST:
            place = Q() if grant.scope_id is None else Q(organisation=grant.scope_id)
            seen |= place & Q(department=grant.organisation_id)
    return Institution.objects.filter(seen)


def overdue_q(on: date) -> Q:
    """Waiting although the last day for the answer is over; that day itself still counts."""
    return Q(status=Status.SENT, answer_due_on__lt=on)


def overdue_count(user: Any, on: date) -> int:
    """How many applications the user's department sees unanswered after their day."""
    places = institutions_overseen_by(user, on)
    return SpaceApplication.objects.filter(overdue_q(on), space__institution__in=places).count()


def waiting_count(user: Any, on: date) -> int:
    """How many applications wait for this person's own answer."""
    places = institutions_answered_by(user, on)
    rows = SpaceApplication.objects.filter(status=Status.SENT, owner=user)
    return rows.filter(space__institution__in=places).count()


def answering_of(user: Any, on: date) -> list[Answering]:
    """How each institution of the department answers; two queries whatever their number."""
    waits = Q(spaces__applications__status=Status.SENT)
    is_over = Q(spaces__applications__answer_due_on__lt=on)
    places = list(
        institutions_overseen_by(user, on)
        .select_related("organisation")
        .annotate(
            waiting=Count("spaces__applications", filter=waits),
            overdue=Count("spaces__applications", filter=waits & is_over),
        )
        .order_by("sort_order", "number", "id")
    )
    days = _days_to_answer([place.pk for place in places], on)
    return [
        Answering(
            institution=place,
            waiting=place.waiting,
            overdue=place.overdue,
            answered=len(days.get(place.pk, ())),
            mean_days=_mean(days.get(place.pk, [])),
        )
        for place in places
    ]


def _days_to_answer(place_ids: Iterable[int], on: date) -> dict[int, list[int]]:
    """Working days from sending to answer, by institution; what waits is not in it."""
    rows = SpaceApplication.objects.filter(
        space__institution__in=place_ids,
        answered_at__date__gt=on - MEASURED,
        answered_at__date__lte=on,
    ).values_list("space__institution", "sent_at", "answered_at")
    found: dict[int, list[int]] = {}
    for place_id, sent_at, answered_at in rows:
        days = workdays_between(day_of(sent_at), day_of(answered_at))
        found.setdefault(place_id, []).append(days)
    return found


def _mean(days: list[int]) -> Decimal | None:
    """To one place; None where nothing was answered."""
    return round_tenge(Fraction(sum(days) * 10, len(days))) / 10 if days else None


def _by_urgency(rows: "QuerySet[SpaceApplication]") -> "QuerySet[SpaceApplication]":
    """What waits by its last day, then the rest, newest first."""
    closed = Case(
        When(status=Status.SENT, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    due = Case(When(status=Status.SENT, then=F("answer_due_on")))
    return rows.annotate(is_closed=closed, due=due).order_by(
        "is_closed", F("due").asc(nulls_last=True), "-sent_at", "-id"
    )


def owners_of(application: SpaceApplication) -> list[SpaceApplicationOwner]:
    """Who had to answer it, one after another."""
    return list(application.owners.select_related("owner", "given_by").order_by("at", "id"))


def overdue_unnoted(on: date) -> list[int]:
    """Applications over their day of which the timeline does not say so yet."""
    rows = SpaceApplication.objects.filter(overdue_q(on), ran_out_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))
