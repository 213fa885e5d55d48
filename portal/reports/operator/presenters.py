"""The operator's page in words: places, goods and money that are due. Called by the view."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from inmates.enums import RunStatus
from inmates.models import PayrollRun
from orders.enums import OrderStatus
from portal.kernel import text
from portal.kernel.money import ZERO
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from portal.reports.operator.due import COLUMNS, CONTRIBUTIONS, WAGES, due_day, payments
from portal.reports.operator.selectors import Place
from workshops.models import WorkOrder

Rows = list[dict[str, Any]]
# Paid by the employer on top of what was earned.
EMPLOYER = ("so", "oosms", "opvr", "social_tax")
# What is paid where the people are; the rest goes to one account for the whole employer.
AT_THE_PLACE = {"account", "writs"}


def place_rows(places: Iterable[Place], runs: Sequence[PayrollRun], on: date) -> Rows:
    """One line per operator and institution; figures that nobody entered stay words, never 0."""
    funds = {(run.payer_id, run.institution_id): run for run in runs}
    return [
        {
            "number": place.institution.number,
            "name": place.institution.organisation.name,
            "operator": place.operator.name,
            "workshops": ", ".join(workshop.name for workshop in place.workshops),
            "waiting": place.orders[OrderStatus.SENT],
            "requests": len(place.requests),
            "ready": place.orders[OrderStatus.READY],
            "open_work": place.open_work,
            "late_work": place.late_work,
            "expected": place.expected,
            "present": place.present if place.entered_on == on else None,
            "people_note": _people_note(place, on),
            "fund": fund_of(funds.get((place.operator.pk, place.institution.pk))),
        }
        for place in places
    ]


def _people_note(place: Place, on: date) -> str:
    if place.entered_on is None:
        return _("no timesheet in the last month") if place.expected else ""
    if place.entered_on == on:
        if place.sheets >= place.expected:
            return ""
        return _("%(entered)s of %(expected)s entered so far") % {
            "entered": place.sheets,
            "expected": place.expected,
        }
    return _("not entered yet; on %(day)s %(present)s were present") % {
        "day": text.date_short(place.entered_on),
        "present": text.number(place.present),
    }


def fund_of(run: Any) -> dict[str, Any]:
    """What the people earned, and what the employer pays on top; a word while not calculated."""
    if run is None or not run.people:
        return {"gross": None, "note": _("not calculated")}
    on_top = sum((getattr(run, f"sum_{name}") for name in EMPLOYER), ZERO)
    note = _("+ %(sum)s of contributions") % {"sum": text.sum_text(on_top)}
    if run.status != RunStatus.CALCULATED:
        note = f"{note}; {run.get_status_display()}"
    return {"gross": run.sum_gross, "on_top": on_top, "people": run.people, "note": note}


def totals(rows: Rows) -> dict[str, Any]:
    """The last line: sums of the printed lines; people and wages only where they are known."""
    known = [row["fund"]["gross"] for row in rows if row["fund"]["gross"] is not None]
    present = [row["present"] for row in rows if row["present"] is not None]
    return {
        "open_work": sum(row["open_work"] for row in rows),
        "late_work": sum(row["late_work"] for row in rows),
        "expected": sum(row["expected"] for row in rows),
        "present": sum(present) if present else None,
        "gross": sum(known, ZERO) if known else None,
        "is_partial": bool(known) and len(known) < len(rows),
    }


def goods_rows(work_orders: Iterable[WorkOrder], on: date) -> Rows:
    """What is promised to whom and by when, and how far it is."""
    return [
        {
            "due": text.date_short(work.due_on) if work.due_on else _("no date"),
            "late": _days_late(work.due_on, on),
            "to_whom": _customer(work),
            "what": work.title,
            "number": work.number,
            "url": reverse("workshops:work_order", args=[work.pk]),
            "place": work.workshop.institution.number,
            "workshop": work.workshop.name,
            "made": _("%(made)s of %(quantity)s")
            % {
                "made": text.number(work.made or 0),
                "quantity": text.number(work.quantity),
            },
        }
        for work in work_orders
    ]


def _customer(work: WorkOrder) -> str:
    line_work, award = getattr(work, "order_line_work", None), getattr(work, "award", None)
    if line_work:
        return str(line_work.line.order.buyer.name)
    return str(award.request.customer.name) if award else _("For stock")


def _days_late(due_on: date | None, on: date) -> str:
    if due_on is None or due_on >= on:
        return ""
    days = (on - due_on).days
    late = ngettext("%(days)s day late", "%(days)s days late", days)
    return late % {"days": text.number(days)}


def money_rows(runs: Iterable[PayrollRun], month: Month, on: date) -> Rows:
    """What the calculated wages of the month make due: by day, wages of each place first.

    A run that is not finished makes nothing due yet: a part of its sums would be taken for all.
    """
    rows: Rows = []
    by_payer: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(COLUMNS, ZERO))
    for run in runs:
        if run.status != RunStatus.CALCULATED:
            continue
        sums = {column: getattr(run, f"sum_{column}") for column in COLUMNS}
        place = run.institution.organisation.name
        rows += _rows_of(sums, month, on, run.payer.name, place, is_here=True)
        for column, amount in sums.items():
            by_payer[run.payer.name][column] += amount
    for payer, sums in by_payer.items():
        rows += _rows_of(sums, month, on, payer, "", is_here=False)
    return sorted(rows, key=lambda row: row["due_on"])


def _rows_of(
    sums: dict[str, Decimal], month: Month, on: date, payer: str, place: str, *, is_here: bool
) -> Rows:
    return [
        {
            "due_on": payment.due_on,
            "is_past": payment.due_on < on,
            "to_whom": payment.to_whom,
            "what": payment.what,
            "place": place,
            "payer": payer,
            "amount": payment.amount,
        }
        for payment in payments(sums, month, is_workday)
        if (payment.code in AT_THE_PLACE) == is_here
    ]


def due_sources(month: Month) -> Rows:
    """By which law each day stands, and whether it was read there."""
    language = get_language() or "ru"
    return [
        {"text": row.sources.get(language, row.sources["ru"]), "is_read": row.is_read}
        for row in (due_day(code, month) for code in (WAGES, CONTRIBUTIONS))
    ]
