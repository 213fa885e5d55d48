"""One-off earnings somebody may see, the kinds that are entered by hand, who may get them."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import EarningKind, ExtraPay, Inmate, PayrollRun
from inmates.rules import PAYROLL_READERS
from inmates.selectors.closed_months import OF_MONTH
from inmates.selectors.payroll import granted_q
from inmates.selectors.payroll_inputs import placed_in_month
from portal.kernel.periods import Month, period_q

# While the figures are read or posted nothing of the month is changed.
HELD_RUNS = (RunStatus.CALCULATING, RunStatus.POSTING)


def extra_pay_visible_to(user: Any, on: date) -> "QuerySet[ExtraPay]":
    """The rows of payers in which the user is accountant or head, at their places."""
    granted = granted_q(user, on, PAYROLL_READERS, payer="payer", institution="institution")
    return ExtraPay.objects.filter(granted)


def extra_pay_of(rows: "QuerySet[ExtraPay]", month: Month) -> "QuerySet[ExtraPay]":
    """Those of a month by payer, place and number; whether it is held or approved."""
    runs = PayrollRun.objects.filter(
        payer=OuterRef("payer"), institution=OuterRef("institution"), month=OuterRef("month"),
        kind__in=OF_MONTH,
    )  # fmt: skip
    return (
        rows.filter(month=month.first_day)
        .annotate(
            is_held=Exists(runs.filter(status__in=HELD_RUNS)),
            is_closed=Exists(runs.filter(status__in=FINAL_RUNS)),
        )
        .select_related("inmate", "payer", "institution__organisation", "recorded_by")
        .order_by("payer_id", "institution_id", "inmate__personnel_number", "id")
    )


def kinds_by_hand(on: date) -> "QuerySet[EarningKind]":
    """Kinds of earnings an accountant may enter, in force on the day."""
    return EarningKind.objects.filter(period_q(on), is_manual=True).order_by("sort_order", "code")


def kinds_by_code(on: date) -> dict[str, EarningKind]:
    """Every kind in force on the day, for the names of what was entered with it."""
    return {kind.code: kind for kind in EarningKind.objects.filter(period_q(on))}


def worker_in_month(payer_id: int, institution_id: int, month: Month, number: str) -> Inmate | None:
    """Who has the number and a placement of the payer there in the month."""
    here = placed_in_month(payer_id, institution_id, month).values("inmate")
    return Inmate.objects.filter(personnel_number=number, pk__in=here).first()
