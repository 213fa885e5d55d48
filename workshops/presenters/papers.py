"""The work order and its batch cards as they are printed: plain data for the templates.

What stands on them is for the floor: what, how many, by when; no rates and no people.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.documents.codes import printed_code
from portal.documents.stamp import qr_svg
from portal.kernel.text import date_short, hours, number
from workshops.models import BatchCard, BillOfMaterialsLine, WorkOrder, WorkOrderOperation
from workshops.presenters.work import due_text

Address = Callable[[str], str]  # of a path, for paper


def batch_path(card: BatchCard) -> str:
    """Where the card leads: to the output of its batch, a page of the app above."""
    return reverse("inmates:batch", args=[card.code])


def sheet_document(
    order: WorkOrder,
    operations: Sequence[WorkOrderOperation],
    parts: Sequence[BillOfMaterialsLine],
    address: Address,
    on: date,
) -> dict[str, Any]:
    """The sheet of a work order in the present language."""
    return {
        "language": get_language(),
        "title": _("Work order"),
        "number": order.number,
        "product": order.title,
        "qr": qr_svg(address(reverse("workshops:work_order", args=[order.pk]))),
        "facts": [
            {"label": _("Quantity"), "value": number(order.quantity)},
            {"label": _("Due"), "value": due_text(order.due_on)},
            {"label": _("Workshop"), "value": order.workshop.name},
            {"label": _("Institution"), "value": order.workshop.institution.organisation.name},
            {"label": _("Planned"), "value": date_short(order.created_at)},
            {"label": _("Printed"), "value": date_short(on)},
        ],
        "operations": [_operation(one) for one in operations],
        "parts": [_part(one, order.quantity) for one in parts],
        "labels": {
            "operations": _("Operations"), "operation": _("Operation"), "trade": _("Trade"),
            "norm": _("Norm, min"), "total": _("By the norm, h"), "quantity": _("Quantity"),
            "made": _("Made"), "signature": _("Signature"),
            "parts": _("Parts and materials"), "part": _("Part"),
            "size": pgettext("of a part", "Size"), "each": _("For one"), "all": _("For all"),
            "issued": _("Issued: post, signature"), "accepted": _("Accepted: post, signature"),
        },
    }  # fmt: skip


def _operation(one: WorkOrderOperation) -> dict[str, str]:
    norm = one.operation.norm_minutes
    return {
        "name": f"{one.operation.sequence}. {one.operation.name}",
        "trade": one.operation.trade.name,
        # A part made once has no norm until it is measured.
        "norm": number(norm) if norm is not None else "—",
        "total": hours(int(norm * one.quantity)) if norm is not None else "—",
        "quantity": number(one.quantity),
    }


def _part(one: BillOfMaterialsLine, quantity: int) -> dict[str, str]:
    return {
        "name": one.name,
        "material": one.material,
        "size": one.size or "—",
        "each": number(Decimal(one.quantity)),
        "all": number(Decimal(one.quantity) * quantity),
    }


def cards_document(
    order: WorkOrder,
    cards: Sequence[BatchCard],
    operations: Sequence[WorkOrderOperation],
    address: Address,
) -> dict[str, Any]:
    """The cards of a work order, four on a sheet, in the present language."""
    return {
        "language": get_language(),
        "title": _("Batch cards"),
        "number": order.number,
        "product": order.title,
        "place": order.workshop.name,
        "operations": [f"{one.operation.sequence}. {one.operation.name}" for one in operations],
        "cards": [
            {
                "batch": _("Batch %(number)s") % {"number": number(card.number)},
                "quantity": number(card.quantity),
                "code": printed_code(card.code),
                "qr": qr_svg(address(batch_path(card))),
            }
            for card in cards
        ],
        "labels": {
            "order": _("Work order"), "quantity": _("Quantity"), "due": _("Due"),
            "operation": _("Operation"), "made": _("Made"), "who": _("№, date"),
            "how": _("Scan to enter the output"),
        },
        "due": due_text(order.due_on),
    }  # fmt: skip


def batch_rows(
    cards: Sequence[BatchCard],
    operations: Sequence[WorkOrderOperation],
    passed: dict[tuple[int, int], int],
) -> list[dict[str, Any]]:
    """The batches with how many of each passed every operation by its card."""
    return [
        {
            "number": number(card.number),
            "code": printed_code(card.code),
            "url": batch_path(card),
            "quantity": number(card.quantity),
            "passed": [
                {"label": one.operation.name,
                 "value": _("%(made)s of %(quantity)s") % {
                     "made": number(passed.get((card.pk, one.pk), 0)),
                     "quantity": number(card.quantity)}}
                for one in operations
            ],
        }
        for card in cards
    ]  # fmt: skip
