"""Runs that decide what may still be written into a month: read by the gates of the services."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from inmates.enums import FINAL_RUNS, RunKind, RunStatus
from inmates.models import PayrollRun, Placement, RunPerson
from portal.kernel.periods import Month, Period, overlap_q

# A month is calculated by its regular run, and anew by those that correct it.
OF_MONTH = (RunKind.REGULAR, RunKind.CORRECTION)
_GRAVITY = {
    RunStatus.CALCULATING: 4,
    RunStatus.POSTING: 3,
    RunStatus.APPROVED: 2,
    RunStatus.PAID: 2,
    RunStatus.CALCULATED: 1,
}


def runs_of_places(month: Month, places: Iterable[tuple[int, int]]) -> "QuerySet[PayrollRun]":
    """The runs of the month at these (payer, institution), corrections among them."""
    pairs = Q(pk__in=[])
    for payer_id, institution_id in sorted(set(places)):
        pairs |= Q(payer=payer_id, institution=institution_id)
    return PayrollRun.objects.filter(pairs, month=month.first_day, kind__in=OF_MONTH)


def runs_of_places_since(payer_id: int, place_id: int, since: date) -> "QuerySet[PayrollRun]":
    """The runs of a payer in an institution from the month of the day on."""
    return PayrollRun.objects.filter(
        payer=payer_id,
        institution=place_id,
        month__gte=Month.of(since).first_day,
        kind__in=OF_MONTH,
    )


def gravest(runs: Iterable[PayrollRun]) -> PayrollRun | None:
    """Of several runs of a month the one that decides: at work, being posted, approved, made."""
    return max(runs, key=lambda run: _GRAVITY.get(RunStatus(run.status), 0), default=None)


def runs_with_slips(inmate_id: int, since: date) -> "QuerySet[PayrollRun]":
    """The closed and calculated runs from the month of the day on that paid the person."""
    paid = PayrollRun.objects.filter(
        month__gte=Month.of(since).first_day, payslips__inmate=inmate_id
    )
    return PayrollRun.objects.filter(pk__in=paid.values("pk"))


def runs_of_work(
    inmate_id: int, since: date, *, payer_id: int | None = None
) -> "QuerySet[PayrollRun]":
    """The runs, from the month of the day on, of the payers and places of the person's work since;
    of one payer alone where it is named. Of those outside the order only the person's own."""
    first = Month.of(since).first_day
    work = Placement.objects.filter(overlap_q(Period(first)), inmate=inmate_id)
    if payer_id is not None:
        work = work.filter(payer=payer_id)
    pairs = Q(pk__in=[])
    for payer, place in work.values_list("payer", "post__workshop__institution").distinct():
        pairs |= Q(payer=payer, institution=place)
    named = RunPerson.objects.filter(inmate=inmate_id).values("run")
    mine = Q(kind__in=OF_MONTH) | Q(pk__in=named)
    return PayrollRun.objects.filter(pairs, mine, month__gte=first)


def is_final(run: PayrollRun) -> bool:
    """Approved or paid: what it was made from is changed with a reason only."""
    return run.status in FINAL_RUNS
