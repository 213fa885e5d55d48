"""Material given out for a work order and taken back. Called by the page of the shift."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from workshops.enums import MaterialUnit
from workshops.models import BillOfMaterialsLine, MaterialIssue, WorkOrder
from workshops.refusals import NotInWorkshop
from workshops.services.floor_gate import (
    late_text,
    require_floor,
    require_not_cancelled,
    require_words,
)


def issue_material(
    *,
    actor: Any,
    work_order_id: int,
    material: str,
    quantity: Decimal,
    unit: MaterialUnit,
    issued_on: date,
    at: datetime,
    days_open: int,
    part_id: int | None = None,
    late_why: str = "",
) -> MaterialIssue:
    """So much was given out; with `part_id` by the bill of materials, whose words are kept.

    Refused: neither master nor labour officer of the institution, a day ahead, past the window
    without words, a cancelled work order, a part of another product. Twice makes two.
    """
    with readable_refusals(), transaction.atomic():
        order = WorkOrder.objects.select_related("workshop__institution").get(pk=work_order_id)
        require_floor(actor, order.workshop, at)
        late = late_text(issued_on, at=at, days_open=days_open, late_why=late_why)
        require_not_cancelled(order)
        part = _part_of(order, part_id)
        return MaterialIssue.objects.create(
            work_order=order,
            part=part,
            material=words_of(part) if part else material.strip(),
            quantity=quantity,
            unit=unit,
            issued_on=issued_on,
            late_why=late,
            recorded_by=actor,
            recorded_at=at,
        )


def take_material_back(
    *,
    actor: Any,
    issue_id: int,
    quantity: Decimal,
    why: str,
    on: date,
    at: datetime,
    days_open: int,
    late_why: str = "",
) -> MaterialIssue:
    """So much of an issue came back, or was never given: a negative row with its reason.

    Refused: neither master nor labour officer, no reason, more than is still out, a day ahead.
    Twice takes back twice, as long as it is there.
    """
    with readable_refusals(), transaction.atomic():
        issue = lock_row(MaterialIssue, issue_id)
        order = WorkOrder.objects.select_related("workshop__institution").get(
            pk=issue.work_order_id
        )
        require_floor(actor, order.workshop, at)
        return MaterialIssue.objects.create(
            work_order=order,
            part_id=issue.part_id,
            material=issue.material,
            quantity=-quantity,
            unit=issue.unit,
            issued_on=on,
            returns=issue,
            why=require_words(why),
            late_why=late_text(on, at=at, days_open=days_open, late_why=late_why),
            recorded_by=actor,
            recorded_at=at,
        )


def words_of(part: BillOfMaterialsLine) -> str:
    """The material with what it is for: Birch plywood 15 mm (Ring)."""
    text = f"{part.material}, {part.name}" + (f", {part.size}" if part.size else "")
    return text[:160]


def _part_of(order: WorkOrder, part_id: int | None) -> BillOfMaterialsLine | None:
    if part_id is None:
        return None
    part = BillOfMaterialsLine.objects.filter(pk=part_id, version=order.version_id).first()
    if part is None:
        raise NotInWorkshop
    return part
