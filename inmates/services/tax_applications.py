"""Applications for the basic deduction of income tax, which is given at one place of work.

Called by the page of applications. Into an approved month an application reaches with a reason.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.models import Inmate, PayrollRun, Placement, TaxApplication
from inmates.rate_refusals import (
    ApplicationElsewhere,
    ApplicationGone,
    ApplicationOfStranger,
)
from inmates.rules import can_keep_applications
from inmates.selectors.closed_months import OF_MONTH
from inmates.services.backdating import permit_backdated
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month, Period, overlap_q


def enter_application(
    *, actor: Any, payer_id: int, number: str, on: date, at: datetime, correction: str = ""
) -> tuple[TaxApplication, bool]:
    """The person's application is in force at the payer from the day on; was it entered now.

    Refused: for whoever is not the payer's accountant, somebody who has no placement of the payer,
    an application at another payer in those days, a day in or before an approved month without a
    `correction` that says why, a month that is being calculated or posted. Audited. Twice: the
    second finds it there.
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
        _permit(actor, payer_id, inmate.pk, on, correction)
        row = _begin(known, inmate, payer_id, on, {"recorded_by": actor, "recorded_at": at})
        audit.record(
            actor=actor, action="tax_application_entered", at=at, subject=row, inmate=inmate.pk
        )
    return row, True


def end_application(
    *, actor: Any, application_id: int, on: date, at: datetime, correction: str = ""
) -> None:
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
        _permit(actor, row.payer_id, row.inmate_id, on, correction)
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


def _permit(actor: Any, payer_id: int, inmate_id: int, on: date, correction: str) -> None:
    """No month from that day on is being calculated or posted where the person works."""
    places = Placement.objects.filter(inmate=inmate_id, payer=payer_id)
    runs = lock_rows(
        PayrollRun.objects.filter(
            payer=payer_id,
            month__gte=Month.of(on).first_day,
            kind__in=OF_MONTH,
            institution__in=places.values("post__workshop__institution"),
        )
    )
    permit_backdated(runs, actor=actor, reason=correction)
