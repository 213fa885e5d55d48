"""Applications for the basic deduction of income tax, which is given at one place of work.

Called by the page of applications. An application never reaches into an approved month.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.enums import CLOSED_RUNS, RunKind, RunStatus
from inmates.models import Inmate, PayrollRun, Placement, TaxApplication
from inmates.rate_refusals import (
    ApplicationElsewhere,
    ApplicationGone,
    ApplicationOfStranger,
    ApplicationReachesApprovedMonth,
)
from inmates.refusals import BeingCalculated
from inmates.rules import can_keep_applications
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month, Period, overlap_q
from portal.kernel.text import date_short, month_name


def enter_application(
    *, actor: Any, payer_id: int, number: str, on: date, at: datetime
) -> tuple[TaxApplication, bool]:
    """The person's application is in force at the payer from the day on; was it entered now.

    Refused: for whoever is not the payer's accountant, somebody who has no placement of the payer,
    an application at another payer in those days, a day in or before an approved month, a month
    that is being calculated. Audited. Twice: the second finds it there.
    """
    can_keep_applications(actor, payer_id, day_of(at)).require()
    inmate = Inmate.objects.filter(personnel_number=number, placements__payer=payer_id).first()
    if inmate is None:
        raise ApplicationOfStranger(number=number)
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, inmate.pk)
        rows = TaxApplication.objects.filter(inmate=inmate)
        known = rows.filter(overlap_q(Period(on)))
        own = known.filter(payer=payer_id).order_by("effective_from").first()
        if own is not None and own.effective_from <= on and own.effective_to is None:
            return own, False
        if known.exclude(payer=payer_id).exists():
            raise ApplicationElsewhere
        _require_open(payer_id, inmate.pk, on)
        row = _begin(known, inmate, payer_id, on, {"recorded_by": actor, "recorded_at": at})
        audit.record(
            actor=actor, action="tax_application_entered", at=at, subject=row, inmate=inmate.pk
        )
    return row, True


def end_application(*, actor: Any, application_id: int, on: date, at: datetime) -> None:
    """From the day on the application is in force no more; one that had not begun is gone.

    Refused as entering one is. Audited. Twice: the second is told that it is not in force.
    """
    row = TaxApplication.objects.filter(pk=application_id).first()
    if row is None:
        raise ApplicationGone
    can_keep_applications(actor, row.payer_id, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        lock_row(Inmate, row.inmate_id)
        row = TaxApplication.objects.filter(pk=application_id).first()
        if row is None or (row.effective_to is not None and row.effective_to <= on):
            raise ApplicationGone
        _require_open(row.payer_id, row.inmate_id, on)
        audit.record(
            actor=actor, action="tax_application_ended", at=at, subject=row, on=on.isoformat()
        )
        if row.effective_from >= on:
            row.delete()
            return
        row.effective_to, row.recorded_by, row.recorded_at = on, actor, at
        row.save(update_fields=["effective_to", "recorded_by", "recorded_at"])


def _begin(
    known: Any, inmate: Inmate, payer_id: int, on: date, signed: dict[str, Any]
) -> TaxApplication:
    """One row without an end; those of the payer that begin later or end are taken into it."""
    first = known.order_by("effective_from").first()
    begins = min(on, first.effective_from) if first else on
    known.delete()
    return TaxApplication.objects.create(
        inmate=inmate, payer_id=payer_id, effective_from=begins, **signed
    )


def _require_open(payer_id: int, inmate_id: int, on: date) -> None:
    """No month from that day on is approved or being calculated where the person works."""
    places = Placement.objects.filter(inmate=inmate_id, payer=payer_id)
    runs = lock_rows(
        PayrollRun.objects.filter(
            payer=payer_id,
            month__gte=Month.of(on).first_day,
            kind=RunKind.REGULAR,
            institution__in=places.values("post__workshop__institution"),
        )
    )
    for run in runs:
        if run.status == RunStatus.CALCULATING:
            raise BeingCalculated(month=month_name(run.month))
    closed = [run.month for run in runs if run.status in CLOSED_RUNS]
    if closed:
        last = Month.of(max(closed))
        raise ApplicationReachesApprovedMonth(
            month=month_name(last), day=date_short(last.next().first_day)
        )
