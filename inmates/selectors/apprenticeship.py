"""Apprenticeships: of a person, of an institution, with the hours done by attendance."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import (
    Apprenticeship,
    Inmate,
    PayrollRun,
    Payslip,
    Placement,
    Qualification,
)
from inmates.selectors.desk import people_visible_to
from portal.kernel.clock import day_of
from portal.kernel.periods import Month, Period, overlap_q

_DAYS = "inmate__placements__attendance__"
# A day counts where it was worked at a post of the trade, while the training was in force.
_LEARNT = (
    Q(inmate__placements__post__trade=F("trade"))
    & Q(**{f"{_DAYS}worked_on__gte": F("effective_from")})
    & (Q(effective_to__isnull=True) | Q(**{f"{_DAYS}worked_on__lt": F("effective_to")}))
    & (Q(**{f"{_DAYS}reason": None}) | Q(**{f"{_DAYS}reason__is_worked": True}))
)


def minutes_learnt(rows: Iterable[Apprenticeship]) -> dict[int, int]:
    """Minutes of attendance at posts of the trade in the period, by apprenticeship; one query."""
    found = (
        Apprenticeship.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(minutes=Sum(f"{_DAYS}minutes", filter=_LEARNT))
        .values_list("pk", "minutes")
    )
    return {pk: minutes or 0 for pk, minutes in found}


def _with_names(rows: "QuerySet[Apprenticeship]") -> "QuerySet[Apprenticeship]":
    return rows.select_related("inmate", "trade", "mentor", "recorded_by")


def apprenticeships_of(inmate: Inmate) -> "QuerySet[Apprenticeship]":
    """All of a person's, the newest first."""
    rows = Apprenticeship.objects.filter(inmate=inmate)
    return _with_names(rows).order_by("-effective_from", "-id")


def apprenticeships_visible_to(user: Any, on: date) -> "QuerySet[Apprenticeship]":
    """Of the people the reader looks after: those in training first, then the newest."""
    rows = Apprenticeship.objects.filter(inmate__in=people_visible_to(user, on).values("pk"))
    return _with_names(rows).order_by(F("status").desc(), "-effective_from", "-id")


def mentors_of(trade_id: int, user: Any, on: date) -> "QuerySet[Inmate]":
    """The people the reader looks after who have a grade in the trade."""
    skilled = Qualification.objects.filter(trade=trade_id, awarded_on__lte=on)
    return people_visible_to(user, on).filter(pk__in=skilled.values("inmate"))


def runs_since(inmate_id: int, day: date) -> "QuerySet[PayrollRun]":
    """The runs of the person's payers from the month of the day on, with slips or still without."""
    first = Month.of(day).first_day
    places = Placement.objects.filter(overlap_q(Period(first)), inmate=inmate_id)
    paid = places.values_list("payer", "post__workshop__institution").distinct()
    where = [Q(payer=payer_id, institution=place_id) for payer_id, place_id in paid]
    runs = PayrollRun.objects.filter(month__gte=first)
    return runs.filter(reduce(or_, where)) if where else runs.none()


def calculated_month_since(inmate_id: int, day: date) -> date | None:
    """The first month from that of the day on that is calculated and waits for approval, or None.

    A run of a month that was not over is a preview and is calculated again; what is approved is
    changed with a document, and its difference goes with the next wages.
    """
    waiting = Payslip.objects.filter(
        inmate=inmate_id, run__month__gte=Month.of(day).first_day
    ).exclude(run__status__in=FINAL_RUNS)
    slips = waiting.values_list("run__month", "run__status", "run__calculated_at")
    for month, status, calculated_at in slips.order_by("run__month"):
        after = Month.of(month).next().first_day
        is_final = calculated_at is not None and day_of(calculated_at) >= after
        if status == RunStatus.CALCULATING or is_final:
            return month
    return None
