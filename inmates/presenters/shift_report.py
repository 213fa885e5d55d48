"""The report of a shift as it is printed: people by their numbers alone, never a name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.presenters.floor import minutes_of, span_of, thing_of
from inmates.selectors.floor import OperationOutput
from inmates.selectors.shift_day import ShiftDay
from portal.kernel.text import date_long, hours, number
from workshops.models import Defect, Downtime, MaterialIssue

Rows = list[dict[str, Any]]
SEPARATOR = ", "


def report_document(
    shift: ShiftDay,
    output: Iterable[OperationOutput],
    defects: Iterable[Defect],
    downtimes: Iterable[Downtime],
    issues: Iterable[MaterialIssue],
    now: datetime,
) -> dict[str, Any]:
    """Everything of the day in the present language; what was withdrawn is left out."""
    present, absent = _people(shift)
    minutes = sum(one.value.minutes for one in shift.entered.values())
    return {
        "language": get_language(),
        "title": _("Shift report"),
        "day": date_long(shift.day),
        "workshop": shift.workshop.name,
        "institution": shift.workshop.institution.organisation.name,
        "facts": [
            {"label": _("Expected"), "value": number(len(shift.placements))},
            {"label": _("Present"), "value": number(shift.present) if shift.entered else "—"},
            {"label": _("Absent"), "value": number(shift.absent) if shift.entered else "—"},
            {"label": _("Hours worked"), "value": hours(minutes)},
        ],
        "present": SEPARATOR.join(present),
        "absent": [
            {"reason": reason, "numbers": SEPARATOR.join(numbers)}
            for reason, numbers in absent.items()
        ],
        "parts": [
            _output(output),
            _defects(one for one in defects if one.withdrawn_at is None),
            _downtimes((one for one in downtimes if one.withdrawn_at is None), now),
            _issues(issues),
        ],
        "signs": [_("Master: signature"), _("Labour officer: signature"), _("Checked: signature")],
        "labels": {"present": _("Present, personnel numbers"), "nobody": _("nothing entered")},
    }


def _people(shift: ShiftDay) -> tuple[list[str], dict[str, list[str]]]:
    """The numbers of who was there, and of who was not by reason."""
    reasons = {reason.pk: reason.name for reason in shift.reasons}
    present: list[str] = []
    absent: dict[str, list[str]] = {}
    for placement in shift.placements:
        entered = shift.entered.get(placement.pk)
        if entered is None:
            continue
        personnel_number = placement.inmate.personnel_number
        if entered.value.minutes:
            present.append(personnel_number)
        else:
            reason = reasons.get(entered.value.reason_id, _("absent"))
            absent.setdefault(reason, []).append(personnel_number)
    return present, absent


def _part(title: str, heads: list[str], rows: Rows, empty: str) -> dict[str, Any]:
    return {"title": title, "heads": heads, "rows": rows, "empty": empty}


def _output(found: Iterable[OperationOutput]) -> dict[str, Any]:
    rows = [
        {
            "text": one.operation.operation.name,
            "why": _order(one.operation.work_order),
            "cells": [number(one.people), number(one.pieces)],
        }
        for one in found
    ]
    heads = [_("Operation"), _("People"), _("Quantity")]
    return _part(_("Output"), heads, rows, _("No output is entered."))


def _order(order: Any) -> str:
    return f"{order.title}, {order.number}"


def _defects(found: Iterable[Defect]) -> dict[str, Any]:
    rows = [
        {
            "text": one.work_order_operation.operation.name,
            "why": SEPARATOR.join(filter(None, [
                _order(one.work_order_operation.work_order), one.reason.name, one.note,
            ])),
            "cells": [str(one.get_outcome_display()), number(one.quantity)],
        }
        for one in found
    ]  # fmt: skip
    heads = [_("Operation"), _("What becomes of them"), _("Quantity")]
    return _part(_("Defects"), heads, rows, _("No piece failed on this day."))


def _downtimes(found: Iterable[Downtime], now: datetime) -> dict[str, Any]:
    rows = [
        {
            "text": thing_of(one),
            "why": SEPARATOR.join(filter(None, [one.reason.name, one.note])),
            "cells": [span_of(one), number(minutes_of(one, now))],
        }
        for one in found
    ]
    heads = [_("What"), _("When"), _("Minutes")]
    return _part(_("Downtime"), heads, rows, _("Nothing stood still on this day."))


def _issues(found: Iterable[MaterialIssue]) -> dict[str, Any]:
    rows = [
        {
            "text": one.material,
            "why": SEPARATOR.join(filter(None, [_order(one.work_order), one.why])),
            "cells": [number(one.quantity), str(one.get_unit_display())],
        }
        for one in found
    ]
    heads = [_("Material"), _("Quantity"), _("Unit")]
    return _part(_("Materials"), heads, rows, _("No material was issued on this day."))
