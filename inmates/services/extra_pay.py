"""One-off earnings of a month: entered by the payer's accountant, taken back by them.

Called by the page of extra pay. A payment is never edited: it is removed and entered again.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from inmates.extra_refusals import ExtraGone, ExtraMonthAhead, KindNotByHand, NotPlacedInMonth
from inmates.models import ExtraPay, Inmate, PayrollRun
from inmates.rules import can_record_extra_pay
from inmates.selectors.closed_months import gravest, runs_of_places
from inmates.selectors.extra_pay import kinds_by_hand, worker_in_month
from inmates.selectors.payroll_inputs import placed_in_month
from inmates.services.backdating import permit_backdated
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.text import month_name
from workshops.models import Institution


@dataclass(frozen=True, slots=True)
class NewExtraPay:
    """What the accountant says of a payment; `kind` is the code of a kind of earnings."""

    payer_id: int
    institution_id: int
    month: Month
    number: str
    kind: str
    amount: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The payment; whether its month has to be calculated again, or is approved and corrected."""

    row: ExtraPay
    is_calculated: bool
    is_closed: bool = False


def add_extra_pay(*, actor: Any, extra: NewExtraPay, at: datetime) -> Recorded:
    """The payment is a line of the person's payslip of the month; audited.

    Of a month whose wages are approved it is paid with the next ones: its document is the reason.
    Refused: for whoever is not the payer's accountant there, a month ahead, a month that is being
    calculated or posted, somebody without a placement of the payer there in the
    month, a kind that is not entered by hand in that month, a sum that is not above nought, no
    document. Twice: the second is a payment of its own, so the page takes a form once.
    """
    place = Institution.objects.get(pk=extra.institution_id)
    can_record_extra_pay(actor, extra.payer_id, place.organisation_id, day_of(at)).require()
    month = extra.month
    words = {"month": month_name(month)}
    if month > Month.of(day_of(at)):
        raise ExtraMonthAhead(**words)
    if not kinds_by_hand(month.last_day).filter(code=extra.kind).exists():
        raise KindNotByHand(**words)
    inmate = worker_in_month(extra.payer_id, extra.institution_id, month, extra.number)
    if inmate is None:
        raise NotPlacedInMonth(number=extra.number, **words)
    with readable_refusals(), transaction.atomic():
        run, is_closed = _hold_month(
            inmate.pk, extra.payer_id, extra.institution_id, month, actor=actor,
            document=extra.basis,
        )  # fmt: skip
        row = ExtraPay.objects.create(
            inmate=inmate,
            payer_id=extra.payer_id,
            institution_id=extra.institution_id,
            month=month.first_day,
            kind=extra.kind,
            amount=extra.amount,
            basis=extra.basis,
            recorded_by=actor,
            recorded_at=at,
        )
        audit.record(
            actor=actor, action="extra_pay_added", at=at, subject=row, kind=row.kind,
            month=str(month), inmate=inmate.pk,
        )  # fmt: skip
    return _recorded(row, run, is_closed)


def remove_extra_pay(*, actor: Any, extra_id: int, at: datetime, correction: str = "") -> Recorded:
    """The payment is gone from the month; audited.

    Refused: for whoever is not the payer's accountant there, a month whose wages are approved
    without a `correction` that says why, one that is being calculated or posted. Twice: the second
    is told that it is gone.
    """
    row = ExtraPay.objects.select_related("institution").filter(pk=extra_id).first()
    if row is None:
        raise ExtraGone
    can_record_extra_pay(actor, row.payer_id, row.institution.organisation_id, day_of(at)).require()
    month = Month.of(row.month)
    with readable_refusals(), transaction.atomic():
        run, is_closed = _hold_month(
            row.inmate_id, row.payer_id, row.institution_id, month, actor=actor, reason=correction
        )
        removed, _rows = ExtraPay.objects.filter(pk=extra_id).delete()
        if not removed:
            raise ExtraGone
        row.pk = extra_id
        audit.record(
            actor=actor, action="extra_pay_removed", at=at, subject=row, kind=row.kind,
            month=str(month), inmate=row.inmate_id,
        )  # fmt: skip
    return _recorded(row, run, is_closed)


def _recorded(row: ExtraPay, run: PayrollRun | None, is_closed: bool) -> Recorded:
    is_calculated = run is not None and run.calculated_at is not None
    return Recorded(row, is_calculated and not is_closed, is_closed)


def _hold_month(
    inmate_id: int, payer_id: int, institution_id: int, month: Month, **by: Any
) -> tuple[PayrollRun | None, bool]:
    """No run of the month begins, reads or is approved until this transaction ends.

    The person first, as a calculation does; then the placements, for which the first run of a
    month waits; then the run, where there is one.
    """
    lock_row(Inmate, inmate_id)
    placed = placed_in_month(payer_id, institution_id, month).filter(inmate=inmate_id)
    lock_rows(placed.values_list("pk"))
    runs = lock_rows(runs_of_places(month, [(payer_id, institution_id)]))
    is_closed = permit_backdated(runs, **by)
    return gravest(runs), is_closed
