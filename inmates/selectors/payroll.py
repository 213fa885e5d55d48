"""Payroll runs and payslips somebody may see, for the accountant's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import get_language

from inmates.enums import RunKind
from inmates.models import (
    PayParameter,
    PayrollProblem,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
)
from inmates.rules import APPROVAL_READERS
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from portal.kernel.periods import Month, overlap_q
from workshops.models import Institution

NOTHING = Q(pk__in=[])


def runs_of_payers(month: Month, payers: Iterable[tuple[int, int]]) -> "QuerySet[PayrollRun]":
    """The regular runs of the month of any of these payers at these institutions.

    A payer is (payer, institution): who pays at two places has a run for each.
    """
    pairs = NOTHING
    for payer_id, institution_id in sorted(payers):
        pairs |= Q(payer_id=payer_id, institution_id=institution_id)
    return PayrollRun.objects.filter(
        pairs, month=month.first_day, kind=RunKind.REGULAR, is_reversed=False
    )


def granted_q(user: Any, on: date, roles: Iterable[str], *, payer: str, institution: str) -> Q:
    """Rows whose payer, and institution where a grant is limited to one, the user acts for."""
    wanted = set(roles)
    allowed = NOTHING
    for grant in grants_of(user, on):
        if grant.role in wanted:
            row = Q(**{f"{payer}_id": grant.organisation_id})
            if grant.scope_id is not None:
                row &= Q(**{f"{institution}__organisation_id": grant.scope_id})
            allowed |= row
    return allowed


def payroll_runs_visible_to(user: Any, on: date) -> "QuerySet[PayrollRun]":
    """The runs of payers in which the user is accountant, head or signs first, at their places."""
    granted = granted_q(user, on, APPROVAL_READERS, payer="payer", institution="institution")
    return PayrollRun.objects.filter(granted)


def payslips_visible_to(user: Any, on: date) -> "QuerySet[Payslip]":
    """The payslips of those runs."""
    granted = granted_q(
        user, on, APPROVAL_READERS, payer="run__payer", institution="run__institution"
    )
    return Payslip.objects.filter(granted)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a payer has or had people."""

    payer: Organisation
    institution: Institution

    @property
    def key(self) -> tuple[int, int]:
        return self.payer.pk, self.institution.pk


def payroll_places(user: Any, on: date, *roles: str) -> list[Place]:
    """Payers with the institutions in which they have or had people; three queries."""
    granted = granted_q(
        user,
        on,
        roles or APPROVAL_READERS,
        payer="payer",
        institution="post__workshop__institution",
    )
    pairs = set(
        Placement.objects.filter(granted)
        .values_list("payer_id", "post__workshop__institution_id")
        .distinct()
    )
    payers = Organisation.objects.in_bulk({payer_id for payer_id, _place in pairs})
    institutions = (
        Institution.objects.filter(id__in={place_id for _payer, place_id in pairs})
        .select_related("organisation")
        .order_by("sort_order", "number", "id")
    )
    key = "sort_kk" if get_language() == "kk" else "sort_ru"
    in_order = sorted(payers.values(), key=lambda payer: (getattr(payer, key), payer.pk))
    return [
        Place(payer, institution)
        for payer in in_order
        for institution in institutions
        if (payer.pk, institution.pk) in pairs
    ]


def paid_of(path: str = "") -> Greatest:
    """What of a payslip goes to the account: its sum with what is settled, never below nought. The
    mirror of wages that nobody was paid takes the payment back, and moves no money either."""
    return Greatest(F(f"{path}to_account") + F(f"{path}settlement"), Decimal("0.00"))


def pays_anybody(run: PayrollRun) -> bool:
    """Whether a payslip of the run, or of those that are paid with it, has something to pay."""
    slips = Payslip.objects.filter(Q(run=run) | Q(run__settled_with=run))
    return slips.filter(to_account__gt=-F("settlement")).exists()


def runs_with_totals(runs: "QuerySet[PayrollRun]") -> "QuerySet[PayrollRun]":
    """Each run with the number of its people and problems and the sums of its payslips."""
    zero = Decimal("0.00")
    problems = (
        PayrollProblem.objects.filter(run=OuterRef("pk"))
        .order_by()
        .values("run")
        .annotate(count=Count("inmate", distinct=True))
        .values("count")
    )
    sums = {
        name: Coalesce(Sum(f"payslips__{name}"), zero)
        for name in ("gross", "net", "withheld_by_writs", "to_account", "settlement")
    }
    employer = sum(
        (F(f"payslips__{name}") for name in ("oosms", "opvr", "social_tax")), F("payslips__so")
    )
    return runs.annotate(
        people=Count("payslips"),
        employer_pays=Coalesce(Sum(employer), zero),
        without_deduction=Count("payslips", filter=Q(payslips__has_basic_deduction=False)),
        problem_count=Coalesce(Subquery(problems), 0),
        **sums,
    ).annotate(taxes=F("gross") - F("net"), to_pay=Coalesce(Sum(paid_of("payslips__")), zero))


def runs_of_months(
    user: Any, on: date, months: Iterable[Month]
) -> dict[tuple[int, int, Month], PayrollRun]:
    """The visible regular runs of some months, by payer, institution and month; one query."""
    runs = runs_with_totals(payroll_runs_visible_to(user, on)).filter(
        month__in=[month.first_day for month in months], kind=RunKind.REGULAR, is_reversed=False
    )
    return {(run.payer_id, run.institution_id, Month.of(run.month)): run for run in runs}


def run_payslips(run: PayrollRun) -> "QuerySet[Payslip]":
    """The payslips of a run by personnel number."""
    return (
        run.payslips.select_related("inmate")
        .annotate(taxes=F("gross") - F("net"), paid=paid_of())
        .order_by("inmate__personnel_number", "id")
    )


def run_problems(run: PayrollRun) -> "QuerySet[PayrollProblem]":
    """Who has no payslip yet and why."""
    return run.problems.select_related("inmate").order_by("inmate__personnel_number", "id")


def slip_lines(slip: Payslip) -> "QuerySet[PayslipLine]":
    """The lines in their order with the writ and the parameter behind them."""
    return slip.lines.select_related("writ", "parameter").order_by("sequence")


def year_to_date(slip: Payslip) -> dict[str, Decimal]:
    """Sums of the person's payslips at this payer from January to this month, this one included."""
    sums: dict[str, Decimal] = Payslip.objects.filter(
        inmate_id=slip.inmate_id,
        run__payer_id=slip.run.payer_id,
        run__month__gte=slip.run.month.replace(month=1),
        run__month__lte=slip.run.month,
    ).aggregate(**{name: Sum(name) for name in ("gross", "opv", "net", "to_account")})
    return sums


def workplaces(slip: Payslip) -> list[str]:
    """Workshop and post of the person at this payer in the month, in the reader's language."""
    placements = (
        Placement.objects.filter(
            overlap_q(Month.of(slip.run.month).period),
            inmate_id=slip.inmate_id,
            payer_id=slip.run.payer_id,
            post__workshop__institution_id=slip.run.institution_id,
        )
        .select_related("post__workshop")
        .order_by("effective_from", "id")
    )
    names = (f"{one.post.workshop.name}, {one.post.name}" for one in placements)
    return list(dict.fromkeys(names))


def parameters_by_code() -> "QuerySet[PayParameter]":
    """Every parameter of the law, the newest period of each first."""
    return PayParameter.objects.order_by("code", "-effective_from", "id")
