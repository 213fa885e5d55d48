"""The register of writs as a payer's accountant or head may see it, and what months withheld.

Called by the pages and the service of the register.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from inmates.enums import LineKind, RunStatus
from inmates.models import (
    Inmate,
    PayrollRun,
    PayslipLine,
    Placement,
    WritOfExecution,
    WritSuspension,
)
from inmates.pay_values import ALIMONY, BAILIFF_FEE, ZERO
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import granted_q
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from portal.kernel.periods import Month, Period, overlap_q, period_q

# What is booked: a run that is still being posted has not taken anything yet.
POSTED = (RunStatus.APPROVED, RunStatus.PAID)
FAR = date.max


def writs_visible_to(user: Any, on: date) -> "QuerySet[WritOfExecution]":
    """Writs of people who worked for the user's payers while the writ was in force."""
    granted = granted_q(
        user, on, PAYROLL_READERS, payer="payer", institution="post__workshop__institution"
    )
    ends = OuterRef("effective_to")
    placements = Placement.objects.filter(
        granted,
        Q(effective_to=None) | Q(effective_to__gt=OuterRef("effective_from")),
        inmate=OuterRef("inmate"),
    )
    begun = placements.filter(effective_from__lt=ends)
    return WritOfExecution.objects.filter(
        Q(Exists(placements), effective_to=None) | Q(Exists(begun))
    )


def register(
    user: Any, on: date, *, state: str = "open", payer_id: int | None = None, typed: str = ""
) -> "QuerySet[WritOfExecution]":
    """One row for each document: the newest terms of it. `state`: open, suspended or ended."""
    later = WritOfExecution.objects.filter(
        number=OuterRef("number"), effective_from__gte=OuterRef("effective_to")
    )
    rows = (
        writs_visible_to(user, on)
        .filter(~Exists(later))
        .annotate(is_suspended=Exists(_suspension_on(on)))
        .select_related("inmate")
    )
    is_open = Q(effective_to=None) | Q(effective_to__gt=on)
    rows = rows.filter(~is_open) if state == "ended" else rows.filter(is_open)
    if state == "suspended":
        rows = rows.filter(is_suspended=True)
    if payer_id is not None:
        rows = rows.filter(inmate__placements__payer=payer_id).distinct()
    if typed:
        rows = rows.filter(Q(number__icontains=typed) | Q(inmate__personnel_number=typed))
    return rows.order_by("inmate__personnel_number", "queue", "id")


def _suspension_on(on: date) -> "QuerySet[WritSuspension]":
    return WritSuspension.objects.filter(period_q(on), writ=OuterRef("pk"))


def terms_of_numbers(numbers: Iterable[str]) -> "QuerySet[WritOfExecution]":
    """All terms of these documents, whoever sees them: arrears are of a document as a whole."""
    return WritOfExecution.objects.filter(number__in=list(numbers)).order_by("id")


def rows_of_document(user: Any, on: date, writ: WritOfExecution) -> "QuerySet[WritOfExecution]":
    """The terms of one document one after another, the newest first."""
    seen = writs_visible_to(user, on).filter(number=writ.number)
    return seen.annotate(is_suspended=Exists(_suspension_on(on))).order_by("-effective_from", "-id")


@dataclass(frozen=True, slots=True)
class MonthOfWrit:
    """What one run withheld for a writ; `is_posted`: it is in the books."""

    writ_id: int
    month: date
    run_id: int
    payer_id: int
    payer: Any
    is_posted: bool
    is_fee: bool
    demanded: Decimal
    withheld: Decimal


def months_of_writs(writs: Collection[int]) -> list[MonthOfWrit]:
    """What every run withheld for these writs, the newest month first; two queries."""
    rows = (
        PayslipLine.objects.filter(kind=LineKind.WRIT, writ__in=writs)
        .values("writ_id", "code", "payslip__run")
        .annotate(asked=Sum("demanded"), taken=Sum("amount"))
        .order_by()
    )
    found = list(rows)
    runs = PayrollRun.objects.select_related("payer").in_bulk(
        {row["payslip__run"] for row in found}
    )
    months = []
    for row in found:
        run = runs[row["payslip__run"]]
        months.append(
            MonthOfWrit(
                row["writ_id"], run.month, run.pk, run.payer_id, run.payer, run.status in POSTED,
                row["code"] == BAILIFF_FEE, row["asked"] or ZERO, row["taken"],
            )
        )  # fmt: skip
    return sorted(months, key=lambda one: (one.month, one.run_id, one.is_fee), reverse=True)


@dataclass(frozen=True, slots=True)
class Balance:
    """Where a writ stands: booked, calculated but not booked, left, and alimony in arrears."""

    withheld: Decimal = ZERO
    waiting: Decimal = ZERO
    debt_left: Decimal | None = None
    fee_left: Decimal | None = None
    arrears: Decimal = ZERO


def balances(writs: Iterable[WritOfExecution], months: Iterable[MonthOfWrit]) -> dict[int, Balance]:
    """The balance of each writ from what its months withheld; nothing is ever below zero."""
    of_writ: dict[int, list[MonthOfWrit]] = {}
    for month in months:
        of_writ.setdefault(month.writ_id, []).append(month)
    return {writ.pk: _balance(writ, of_writ.get(writ.pk, [])) for writ in writs}


def _balance(writ: WritOfExecution, months: list[MonthOfWrit]) -> Balance:
    own = [one for one in months if not one.is_fee]
    posted = [one for one in own if one.is_posted]
    withheld = _sum(posted)
    fees = _sum(one for one in months if one.is_fee and one.is_posted)
    return Balance(
        withheld=withheld,
        waiting=_sum(own) - withheld,
        debt_left=None if writ.debt is None else max(ZERO, writ.debt - withheld),
        fee_left=None if writ.fee is None else max(ZERO, writ.fee - fees),
        arrears=arrears(writ, posted) if writ.kind == ALIMONY else ZERO,
    )


def arrears(writ: WritOfExecution, posted: Iterable[MonthOfWrit]) -> Decimal:
    """Alimony that booked months left unmet: of a share what was asked, of a sum the month's.

    Several payslips of one month meet a fixed sum together; a month in which nothing was asked
    (the writ was suspended) leaves nothing unmet.
    """
    by_month: dict[date, list[MonthOfWrit]] = {}
    for one in posted:
        by_month.setdefault(one.month, []).append(one)
    unmet = ZERO
    for found in by_month.values():
        asked = sum((one.demanded for one in found), ZERO)
        due = writ.amount if writ.amount is not None and asked > 0 else asked
        unmet += max(ZERO, due - _sum(found))
    return unmet


def _sum(months: Iterable[MonthOfWrit]) -> Decimal:
    return sum((one.withheld for one in months), ZERO)


def arrears_by_number(
    terms: Iterable[WritOfExecution], found: Mapping[int, Balance]
) -> dict[str, Decimal]:
    """Alimony in arrears of each document, over all its terms."""
    owed: dict[str, Decimal] = {}
    for writ in terms:
        owed[writ.number] = owed.get(writ.number, ZERO) + found[writ.pk].arrears
    return owed


def suspensions_of(writs: Collection[int]) -> "QuerySet[WritSuspension]":
    """All suspensions of these writs, the newest first."""
    return WritSuspension.objects.filter(writ__in=writs).order_by("-effective_from", "-id")


def payers_of_user(user: Any, on: date) -> "QuerySet[Organisation]":
    """The organisations whose wages the user sees, by name."""
    ids = {one.organisation_id for one in grants_of(user, on) if one.role in PAYROLL_READERS}
    return Organisation.objects.filter(pk__in=ids).order_by("sort_ru", "id")


def payers_of(inmate_id: int, period: Period) -> list[tuple[int, int]]:
    """Who pays the person in these days, and the organisation of the institution where."""
    rows = Placement.objects.filter(overlap_q(period), inmate=inmate_id)
    return list(
        rows.values_list("payer_id", "post__workshop__institution__organisation_id").distinct()
    )


def worker_numbered(user: Any, on: date, number: str, period: Period) -> Inmate | None:
    """Whom the user's payers pay in these days under this personnel number."""
    granted = granted_q(
        user, on, PAYROLL_READERS, payer="payer", institution="post__workshop__institution"
    )
    paid = Placement.objects.filter(granted, overlap_q(period)).values("inmate")
    return Inmate.objects.filter(personnel_number=number, pk__in=paid).first()


def month_being_calculated(inmate_id: int, since: date) -> Month | None:
    """A month from `since` on whose run is at work on the person's payers just now."""
    run = (
        PayrollRun.objects.filter(
            status=RunStatus.CALCULATING,
            month__gte=Month.of(since).first_day,
            payer__in=Placement.objects.filter(inmate=inmate_id).values("payer"),
        )
        .order_by("month", "id")
        .first()
    )
    return Month.of(run.month) if run else None
