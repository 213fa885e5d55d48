"""Clearances in words: what is missing and since when, what ends soon, a cell that is blocked."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmates.clearances import Ending, Lack
from inmates.enums import ClearanceKind
from inmates.models import Clearance, ClearanceRequirement
from inmates.presenters.parameter_words import CONFIDENCES
from inmates.selectors.clearances import Standing
from portal.kernel.text import date_short

Missing = Mapping[tuple[int, int, date], tuple[Lack, ...]]


def lack_words(lack: Lack) -> str:
    """One kind that is missing, with its day."""
    words = {"kind": ClearanceKind(lack.kind).label, "day": date_short(lack.since)}
    if lack.has_run_out:
        return _("%(kind)s: has run out, missing since %(day)s") % words
    return _("%(kind)s: never entered, needed since %(day)s") % words


def lacks_words(lacks: Iterable[Lack]) -> str:
    return "; ".join(lack_words(lack) for lack in lacks)


def ending_words(one: Ending) -> str:
    words = {"kind": ClearanceKind(one.kind).label, "day": date_short(one.ends_on)}
    return _("%(kind)s: missing from %(day)s on") % words


def refusal_of_output(personnel_number: str, operation: str, lacks: Iterable[Lack]) -> str:
    """Why output is not taken: the person, the operation, what is missing and since when."""
    return _("№ %(number)s may not do “%(operation)s”. %(lacks)s.") % {
        "number": personnel_number,
        "operation": operation,
        "lacks": lacks_words(lacks),
    }


def sheet_questions(sheet: Any, day: date) -> set[tuple[int, int, date]]:
    """What the sheet of a work order asks of its people: person, trade of the operation, day."""
    return {question for _cell, question in _questions(sheet, day)}


def _questions(sheet: Any, day: date) -> list[tuple[Any, tuple[int, int, date]]]:
    trades = {one.pk: one.operation.trade_id for one in sheet.order.operations.all()}
    return [
        (cell, (row.line.placement.inmate_id, trades[cell.operation_id], day))
        for row in sheet.rows
        for cell in row.cells
    ]


def block_cells(sheet: Any, lacks: Missing, day: date) -> None:
    """Say in each cell whose person is not cleared why nothing is typed there."""
    for cell, question in _questions(sheet, day):
        if question in lacks:
            cell.blocked = lacks_words(lacks[question])


def post_questions(lines: Iterable[Any], day: date) -> set[tuple[int, int, date]]:
    """What the attendance asks of its people: for the trade of the post."""
    return {(line.placement.inmate_id, line.placement.post.trade_id, day) for line in lines}


def uncleared_people(lines: Iterable[Any], lacks: Missing, day: date) -> list[dict[str, str]]:
    """The people of an attendance sheet who lack what the trade of their post asks for."""
    return [
        {"number": line.number, "name": line.name, "lacks": lacks_words(found)}
        for line in lines
        if (found := lacks.get((line.placement.inmate_id, line.placement.post.trade_id, day)))
    ]


def standing_rows(standings: Iterable[Standing], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Lines of the list: who is not cleared first, then what ends first."""

    def order(one: Standing) -> tuple[Any, ...]:
        first = min((end.ends_on for end in one.endings), default=date.max)
        return not one.lacks, first, one.placement.inmate.personnel_number, one.placement.pk

    return [
        {
            "number": one.placement.inmate.personnel_number,
            "name": names.get(one.placement.inmate_id, ""),
            "post": one.placement.post.name,
            "workshop": one.placement.post.workshop.name,
            "lacks": [lack_words(lack) for lack in one.lacks],
            "endings": [ending_words(end) for end in one.endings],
        }
        for one in sorted(standings, key=order)
    ]


def clearance_row(row: Clearance, on: date) -> dict[str, Any]:
    """One line of a person's page."""
    is_over = row.effective_to is not None and row.effective_to <= on
    return {
        "pk": row.pk,
        "kind": row.get_kind_display(),
        "trade": row.trade.name if row.trade else _("all trades"),
        "document": row.document,
        "begins": date_short(row.effective_from),
        "ends": date_short(row.effective_to) if row.effective_to else _("without end"),
        "is_over": is_over,
        "status": "expired" if is_over else "valid",
        "state": _("not in force") if is_over else _("in force"),
        "by": row.recorded_by.get_full_name(),
    }


def requirement_rows(rows: Iterable[ClearanceRequirement]) -> list[dict[str, Any]]:
    """What the trades ask for, with its source and how sure we are."""
    return [
        {
            "trade": row.trade.name if row.trade else _("every trade"),
            "kind": row.get_kind_display(),
            "holds": _("%(days)s days") % {"days": row.valid_days}
            if row.valid_days
            else _("without end"),
            "since": date_short(row.effective_from),
            "source": row.source,
            "confidence": CONFIDENCES.get(row.confidence, row.confidence),
        }
        for row in rows
    ]
