"""What a private employer knows of its workers in a month: hours, pay, days paid or unpaid.

Never why somebody was absent: reasons, their letters and notes are not read here, only the flag
whether the day is paid.
"""

from datetime import date
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inmates.models import Attendance, Inmate, Payslip, Placement
from portal.accounts.enums import PRIVATE_KINDS, Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from portal.kernel.periods import Month, overlap_q

WORKERS_READERS = (Role.ACCOUNTANT, Role.HEAD)
SUMS = ("gross", "withheld_by_writs", "to_account")


def private_employers_of(user: Any, on: date) -> "QuerySet[Organisation]":
    """The private organisations whose accountant or head the user is."""
    ids = {grant.organisation_id for grant in _grants(user, on)}
    return Organisation.objects.filter(pk__in=ids, kind__in=PRIVATE_KINDS).order_by("sort_ru", "id")


def _grants(user: Any, on: date) -> list[Any]:
    return [grant for grant in grants_of(user, on) if grant.role in WORKERS_READERS]


def own_placements(
    user: Any, on: date, employer: Organisation, month: Month
) -> "QuerySet[Placement]":
    """Placements of the month at this employer, in the institutions the user acts for."""
    seen = Q(pk__in=[])
    for grant in _grants(user, on):
        if grant.organisation_id == employer.pk:
            row = Q(employer=employer) | Q(payer=employer)
            if grant.scope_id is not None:
                row &= Q(post__workshop__institution__organisation=grant.scope_id)
            seen |= row
    return Placement.objects.filter(seen, overlap_q(month.period))


def workers_of(user: Any, on: date, employer: Organisation, month: Month) -> "QuerySet[Any]":
    """The people of those placements, each with the sums of the month; one query."""
    placements = own_placements(user, on, employer, month)
    days = Attendance.objects.filter(
        placement__in=placements,
        placement__inmate=OuterRef("pk"),
        worked_on__gte=month.first_day,
        worked_on__lte=month.last_day,
    ).order_by()
    slips = Payslip.objects.filter(
        inmate=OuterRef("pk"), run__payer=employer, run__month=month.first_day
    ).filter(run__institution__in=placements.values("post__workshop__institution"))
    absent = Q(reason__isnull=False, reason__is_worked=False)
    return (
        Inmate.objects.filter(placements__in=placements)
        .annotate(
            since=Min("placements__effective_from", filter=Q(placements__in=placements)),
            minutes=_of(days, Sum("minutes")),
            days_worked=_of(days, Count("pk", filter=~absent)),
            days_paid=_of(days, Count("pk", filter=absent & Q(reason__is_paid=True))),
            days_unpaid=_of(days, Count("pk", filter=absent & Q(reason__is_paid=False))),
            slip_id=Subquery(slips.order_by("-id").values("id")[:1]),
            **{
                name: Subquery(
                    slips.order_by().values("inmate").annotate(all=Sum(name)).values("all")
                )
                for name in SUMS
            },
        )
        .order_by("personnel_number", "id")
    )


def _of(days: "QuerySet[Attendance]", aggregate: Any) -> Coalesce:
    rows = days.values("placement__inmate").annotate(all=aggregate).values("all")
    return Coalesce(Subquery(rows), 0)
