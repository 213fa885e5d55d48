"""Pieces that failed: entered beside the output, never in it. Called by the page of the shift."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from workshops.enums import DefectOutcome, FloorReasonGroup
from workshops.models import Defect, WorkOrderOperation, Workshop
from workshops.services.floor_gate import (
    late_text,
    require_floor,
    require_not_cancelled,
    require_words,
    usable_reason,
)


def record_defect(
    *,
    actor: Any,
    operation_id: int,
    found_on: date,
    quantity: int,
    outcome: DefectOutcome,
    reason_id: int,
    at: datetime,
    days_open: int,
    note: str = "",
    late_why: str = "",
) -> Defect:
    """So many pieces failed at this operation of a work order; they are not output.

    Refused: neither master nor labour officer of the institution, a day ahead, past the window
    without words, a cancelled work order, a reason that is not offered or lacks its text. Twice
    makes two: pieces fail more than once a day.
    """
    with readable_refusals(), transaction.atomic():
        row = WorkOrderOperation.objects.select_related("work_order__workshop__institution")
        operation = row.get(pk=operation_id)
        require_floor(actor, operation.work_order.workshop, at)
        late = late_text(found_on, at=at, days_open=days_open, late_why=late_why)
        require_not_cancelled(operation.work_order)
        return Defect.objects.create(
            work_order_operation=operation,
            found_on=found_on,
            quantity=quantity,
            outcome=outcome,
            reason=usable_reason(reason_id, FloorReasonGroup.DEFECT, note),
            note=note.strip(),
            late_why=late,
            recorded_by=actor,
            recorded_at=at,
        )


def withdraw_defect(*, actor: Any, defect_id: int, why: str, at: datetime) -> Defect:
    """The entry is withdrawn, with the reason; what was right is entered anew.

    Refused: neither master nor labour officer, a reason of fewer than five letters, twice.
    """
    with readable_refusals(), transaction.atomic():
        row = lock_row(Defect, defect_id)
        workshop = Workshop.objects.select_related("institution").get(
            work_orders__operations__defects=row
        )
        require_floor(actor, workshop, at)
        row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = actor, at, require_words(why)
        row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
    return row
