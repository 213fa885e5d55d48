"""Certificates of wages somebody sees, and the months one of them certifies."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from inmates.enums import FINAL_RUNS
from inmates.models import Payslip, Placement, WageCertificate
from inmates.rules import PAYROLL_READERS
from inmates.selectors.wage_totals import Totals, by_month
from portal.accounts.selectors import organisations_as_a_whole
from portal.kernel.periods import Month, Period, overlap_q


def certificates_visible_to(user: Any, on: date) -> "QuerySet[WageCertificate]":
    """Of payers in which the user is accountant or head for all places; the newest first."""
    payers = organisations_as_a_whole(user, on, *PAYROLL_READERS)
    return (
        WageCertificate.objects.filter(payer__in=payers)
        .select_related("inmate", "payer", "made_by")
        .order_by("-made_at", "-pk")
    )


def months_between(first: date, last: date) -> list[Month]:
    """Every month of the certificate; none where they are in the wrong order."""
    months, month = [], Month.of(first)
    while month.first_day <= last:
        months.append(month)
        month = month.next()
    return months


def certified_months(row: WageCertificate) -> list[tuple[Month, Totals]]:
    """What the person earned at the payer month by month, at all its places; one query.

    A month without payslips is left out: nothing is certified of it.
    """
    months = months_between(row.first_month, row.last_month)
    if not months:
        return []
    slips = Payslip.objects.filter(
        inmate=row.inmate_id,
        run__payer=row.payer_id,
        run__status__in=FINAL_RUNS,
        run__month__range=(months[0].first_day, months[-1].first_day),
    )
    there = set(slips.values_list("run__month", flat=True))
    return [(month, sums) for month, sums in by_month(slips, months) if month.first_day in there]


def posts_in(row: WageCertificate) -> list[Placement]:
    """The placements at the payer in these months, in their order."""
    months = months_between(row.first_month, row.last_month)
    period = Period(months[0].first_day, months[-1].next().first_day)
    return list(
        Placement.objects.filter(overlap_q(period), inmate=row.inmate_id, payer=row.payer_id)
        .select_related("post__workshop__institution__organisation", "post__trade")
        .order_by("effective_from", "pk")
    )
