"""Whom a run outside the month's order may be for, and what stops it for exactly these people.

Asked by the page that makes such a run and by its service (`services.off_cycle`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from inmates.enums import FINAL_RUNS, OFF_CYCLE_RUNS, RunKind, RunStatus
from inmates.models import (
    BackdatedChange,
    ExtraPay,
    Inmate,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
)
from inmates.selectors.leavers import unconfirmed
from inmates.selectors.pay_blockers import (
    Blocker,
    contract_blockers,
    law_blockers,
    rate_blockers,
    sheet_blockers,
    sheets_of,
)
from inmates.selectors.payroll_inputs import placed_in_month
from portal.kernel.periods import Month

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """One payer in one institution in one month: what all runs of it add up to."""

    payer_id: int
    institution_id: int
    month: Month

    @property
    def placed(self) -> Any:
        return placed_in_month(self.payer_id, self.institution_id, self.month)

    @property
    def runs(self) -> "QuerySet[PayrollRun]":
        return PayrollRun.objects.filter(
            payer=self.payer_id, institution=self.institution_id, month=self.month.first_day
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody for whom a run of a kind would have something to pay: since when."""

    inmate_id: int
    number: str
    day: date


def scope_of(run: PayrollRun) -> Scope:
    """The payer, place and month of a run."""
    return Scope(run.payer_id, run.institution_id, Month.of(run.month))


def candidates(kind: str, scope: Scope, on: date) -> list[Candidate]:
    """Whom such a run is for; one query for each kind."""
    rows = {
        RunKind.RELEASE: _released,
        RunKind.BONUS: _with_late_extra,
        RunKind.ERROR: _changed,
    }[RunKind(kind)](scope, on)
    return [Candidate(*row) for row in rows]


def _released(scope: Scope, on: date) -> Any:
    """Whose work with the payer ended in the month, up to today, and who has no pay of it yet."""
    beside = Placement.objects.filter(inmate=OuterRef("inmate"), payer=scope.payer_id).filter(
        Q(effective_to=None) | Q(effective_to__gt=OuterRef("effective_to"))
    )
    have = Payslip.objects.filter(inmate=OuterRef("inmate"), run__in=_standing(scope))
    ended = scope.placed.filter(effective_to__lte=min(on, scope.month.last_day) + ONE_DAY)
    rows = (
        ended.exclude(Exists(beside))
        .exclude(Exists(have))
        .order_by("inmate__personnel_number", "inmate")
        .values_list("inmate", "inmate__personnel_number", "effective_to")
    )
    return [(pk, number, ends - ONE_DAY) for pk, number, ends in rows]


def _with_late_extra(scope: Scope, _on: date) -> Any:
    """Who has a payment of the month that no approved payslip of it knows."""
    known = PayslipLine.objects.filter(
        payslip__run__in=_standing(scope),
        payslip__inmate=OuterRef("inmate"),
        subject=Concat(Value("extra:"), Cast(OuterRef("pk"), CharField())),
    )
    return (
        ExtraPay.objects.filter(
            payer=scope.payer_id,
            institution=scope.institution_id,
            month=scope.month.first_day,
        )
        .exclude(Exists(known))
        .values("inmate", "inmate__personnel_number")
        .annotate(first=Min("recorded_at__date"))
        .order_by("inmate__personnel_number", "inmate")
        .values_list("inmate", "inmate__personnel_number", "first")
    )


def _changed(scope: Scope, _on: date) -> Any:
    """Who has a change of the month, or of an earlier one, that no posted run has answered."""
    return (
        BackdatedChange.objects.filter(
            payer=scope.payer_id,
            institution=scope.institution_id,
            settled_by=None,
            first_day__lte=scope.month.last_day,
        )
        .values("inmate", "inmate__personnel_number")
        .annotate(first=Min("first_day"))
        .order_by("inmate__personnel_number", "inmate")
        .values_list("inmate", "inmate__personnel_number", "first")
    )


def _standing(scope: Scope) -> "QuerySet[PayrollRun]":
    """Runs of the month that are posted and hold."""
    return scope.runs.filter(status__in=FINAL_RUNS, is_reversed=False).exclude(
        kind=RunKind.REVERSAL
    )


def is_approved(scope: Scope) -> bool:
    """Whether the regular wages of the month are approved, posted and hold."""
    return _standing(scope).filter(kind=RunKind.REGULAR).exists()


def people_by_number(scope: Scope, numbers: Collection[str]) -> dict[str, int]:
    """The people of the scope under these personnel numbers; anybody else is not found.

    Whoever was not placed there after all, and has wages of the month, is of it.
    """
    placed = scope.placed.values("inmate")
    paid = Payslip.objects.filter(run__in=_standing(scope)).values("inmate")
    rows = Inmate.objects.filter(
        Q(pk__in=placed) | Q(pk__in=paid), personnel_number__in=set(numbers)
    )
    return dict(rows.values_list("personnel_number", "pk"))


def in_unfinished_runs(scope: Scope, people: Collection[int], besides: int | None) -> list[str]:
    """Of these people, the numbers of those who wait in another off-cycle run of the month; one
    that came out without payslips waits for nothing."""
    empty = ~Exists(Payslip.objects.filter(run=OuterRef("pk")))
    waiting = (
        scope.runs.filter(kind__in=OFF_CYCLE_RUNS)
        .exclude(status__in=FINAL_RUNS)
        .exclude(empty, status=RunStatus.CALCULATED)
    )
    rows = Inmate.objects.filter(
        pk__in=waiting.exclude(pk=besides).values("chosen__inmate")
    ).filter(pk__in=list(people))
    return list(rows.order_by("personnel_number").values_list("personnel_number", flat=True))


def in_waiting_reversals(scope: Scope, people: Collection[int]) -> list[str]:
    """Of these people, the numbers of those whose wages of the month are about to be taken back."""
    waiting = scope.runs.filter(kind=RunKind.REVERSAL).exclude(status__in=FINAL_RUNS)
    rows = Inmate.objects.filter(pk__in=waiting.values("payslips__inmate")).filter(
        pk__in=list(people)
    )
    return list(rows.order_by("personnel_number").values_list("personnel_number", flat=True))


def run_blockers(run: PayrollRun) -> list[Blocker]:
    """What stops the calculation of an off-cycle run: of its own people and their workshops."""
    people = list(run.chosen.values_list("inmate_id", flat=True))
    return people_blockers(run.kind, scope_of(run), people)


def people_blockers(kind: str, scope: Scope, people: Collection[int]) -> list[Blocker]:
    """What is missing for these people; a fixed number of queries."""
    key = (scope.payer_id, scope.institution_id, scope.month)
    if kind == RunKind.RELEASE:
        days = [
            Blocker(
                one.cause,
                title=one.workshop,
                people=1,
                day=one.last_day,
                key=one.number,
            )
            for one in unconfirmed(scope.placed.filter(inmate__in=people), scope.month)
        ]
    else:
        days = sheet_blockers(sheets_of(*key, people=people))
    return [
        *days,
        *rate_blockers(*key, people=people),
        *contract_blockers(*key, people=people),
        *law_blockers(scope.payer_id, scope.month),
    ]


def later_runs(run: PayrollRun) -> "QuerySet[PayrollRun]":
    """Posted runs of the same month computed as differences to this one, and still standing."""
    return (
        _standing(scope_of(run))
        .filter(posted_at__gt=run.posted_at)
        .filter(payslips__is_difference=True)
        .filter(payslips__inmate__in=run.payslips.values("inmate"))
        .distinct()
        .order_by("posted_at", "pk")
    )
