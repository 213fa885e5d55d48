"""Who edited an input of a month last: the person who then does not approve its wages."""

from typing import Any

from django.db.models import Q, QuerySet

from inmates.models import (
    Attendance,
    ExtraPay,
    PayRate,
    PayrollRun,
    ShiftChange,
    TaxApplication,
    TeamEntry,
    WorkEntry,
)
from portal.kernel.periods import Month, overlap_q, period_q


def last_editor(run: PayrollRun) -> int | None:
    """The user behind the newest day, output, team, correction, extra payment, rate or
    application of the month.

    Seven queries. A row that nobody signed (brought in with the first data) names nobody.
    """
    found = [row for row in map(_newest, _edits_of(run)) if row is not None]
    return max(found)[1] if found else None


def _edits_of(run: PayrollRun) -> list["QuerySet[Any]"]:
    month = Month.of(run.month)
    days = Q(worked_on__range=(month.first_day, month.last_day))
    here = {
        "placement__payer": run.payer_id,
        "placement__post__workshop__institution": run.institution_id,
    }
    shares = {f"shares__{name}": value for name, value in here.items()}
    extra = ExtraPay.objects.filter(
        payer=run.payer_id, institution=run.institution_id, month=run.month
    )
    return [
        _signed(Attendance.objects.filter(days, **here), "recorded"),
        _signed(WorkEntry.objects.filter(days, **here), "recorded"),
        _signed(TeamEntry.objects.filter(days, **shares), "recorded"),
        _signed(extra, "recorded"),
        _signed(PayRate.objects.filter(overlap_q(month.period), payer=run.payer_id), "recorded"),
        _signed(
            TaxApplication.objects.filter(period_q(month.last_day), payer=run.payer_id), "recorded"
        ),
        ShiftChange.objects.filter(days, **here).order_by("-at", "-id").values_list("at", "actor"),
    ]


def _signed(rows: "QuerySet[Any]", verb: str) -> "QuerySet[Any]":
    return (
        rows.filter(**{f"{verb}_by__isnull": False})
        .order_by(f"-{verb}_at", "-id")
        .values_list(f"{verb}_at", f"{verb}_by")
    )


def _newest(rows: "QuerySet[Any]") -> Any:
    return rows.first()
