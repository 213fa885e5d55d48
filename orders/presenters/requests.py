"""What the pages of production requests show: facts, whose turn it is, the one timeline."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.enums import BidStatus, RequestStatus
from orders.models import Bid, Drawing, ProductionRequest
from orders.presenters.bids import amount
from orders.selectors.requests import Step, award_of, trades_of
from portal.kernel import text
from portal.kernel.uploads import MEGABYTE, FileKind
from workshops.enums import WorkOrderStatus
from workshops.models import WorkOrder
from workshops.presenters import due_text, made_of
from workshops.presenters.work import NEWS as WORK_NEWS

Rows = list[dict[str, Any]]
REQUEST_NEWS = {
    "draft": gettext_lazy("Draft begun"),
    "publish": gettext_lazy("The request is published"),
    "withdraw": gettext_lazy("The customer withdrew the request"),
    "award": gettext_lazy("The customer has chosen a bid"),
}
BID_NEWS = {
    "submit": gettext_lazy("Bid given"),
    "supersede": gettext_lazy("Bid replaced by a new one"),
    "withdraw": gettext_lazy("Bid taken back"),
    "win": gettext_lazy("Bid chosen"),
    "lose": gettext_lazy("Bid not chosen"),
}
MAKING = {
    WorkOrderStatus.PLANNED: gettext_lazy("The workshop's turn: it will begin the work."),
    WorkOrderStatus.IN_PROGRESS: gettext_lazy("The workshop is making it."),
    WorkOrderStatus.COMPLETED: gettext_lazy("Everything is made."),
    WorkOrderStatus.CANCELLED: gettext_lazy("The work order is cancelled."),
}


def with_customer_turns(requests: Iterable[Any], on: date) -> list[tuple[Any, str]]:
    """Requests of the customer's list with the words of whose turn it is."""
    return [(row, customer_turn(row, row.bid_count, on)) for row in requests]


def customer_turn(request: ProductionRequest, bid_count: int, on: date) -> str:
    """Whose turn it is, said to the customer; `bid_count` are the bids that can be chosen."""
    day = text.date_short(request.answers_by)
    if request.status == RequestStatus.DRAFT:
        return _("Your turn: add drawings, choose workshops and publish.")
    if request.status == RequestStatus.WITHDRAWN:
        return _("Withdrawn. Nothing more will happen.")
    if request.status == RequestStatus.AWARDED:
        return _making(request)
    is_over = request.answers_by < on
    if bid_count:
        bids = ngettext("%(count)s bid", "%(count)s bids", bid_count) % {"count": bid_count}
        told = {"bids": bids, "day": day}
        if is_over:
            return _("Your turn: %(bids)s. Choose one.") % told
        return _("Your turn: %(bids)s. Workshops may answer until %(day)s.") % told
    if not is_over:
        return _("The workshops' turn: they answer until %(day)s.") % {"day": day}
    return _(
        "Your turn: there is no bid to choose, answers were taken until %(day)s. "
        "Withdraw the request and ask other workshops."
    ) % {"day": day}


def with_operator_turns(requests: Iterable[Any], on: date) -> list[tuple[Any, str]]:
    """Requests of the operator's list with the words of whose turn it is."""
    return [(row, operator_turn(row, on, has_answer=row.has_answer)) for row in requests]


def operator_turn(request: ProductionRequest, on: date, *, has_answer: bool) -> str:
    """Whose turn it is, said to an operator; `has_answer`: its bid waits or is chosen."""
    day = text.date_short(request.answers_by)
    if request.status == RequestStatus.WITHDRAWN:
        return _("The customer has withdrawn it. Nothing more will happen.")
    if request.status == RequestStatus.AWARDED:
        return _making(request) if has_answer else _("The customer has chosen another bid.")
    if has_answer:
        return _("The customer's turn: it compares the bids.")
    if request.answers_by >= on:
        return _("Your turn: answer until %(day)s.") % {"day": day}
    return _("The time for answers was over on %(day)s.") % {"day": day}


def waits_for_bids(request: ProductionRequest, on: date) -> bool:
    """Whether an invited workshop may still give, or replace, its bid."""
    return request.status == RequestStatus.PUBLISHED and request.answers_by >= on


def _making(request: ProductionRequest) -> str:
    award = award_of(request)
    return str(MAKING[WorkOrderStatus(award.work_order.status)]) if award else ""


def request_facts(request: ProductionRequest, *, for_operator: bool) -> Rows:
    """What is wanted, as both sides read it."""
    trades = ", ".join(trade.name for trade in trades_of(request))
    facts = [
        {"label": _("Quantity"), "value": amount(request.quantity, request)},
        {"label": _("Needed by"), "value": text.date_short(request.wanted_by)},
        {"label": _("Answers until"), "value": text.date_short(request.answers_by)},
        {"label": _("Material"), "value": request.own_material or _("The workshop brings all"),
         "note": _("of the customer") if request.has_own_material else ""},
    ]  # fmt: skip
    if trades:
        facts.append({"label": _("Trades needed"), "value": trades})
    customer = request.customer
    note = _("BIN or IIN %(number)s") % {"number": customer.bin}
    facts.append({"label": _("Customer"), "value": customer.name, "note": note})
    if for_operator and customer.phone:
        facts.append({"label": _("Phone"), "value": customer.phone})
    return facts


def drawing_rows(drawings: Iterable[Drawing]) -> Rows:
    """Each drawing: name, what it is, how large; the address gives the file."""
    return [
        {
            "id": drawing.pk,
            "name": drawing.original_name,
            "url": reverse("orders:drawing", args=[drawing.pk]),
            "what": _drawing_words(drawing),
        }
        for drawing in drawings
    ]


def _drawing_words(drawing: Drawing) -> str:
    if drawing.kind == FileKind.PDF:
        pages = drawing.pages or 0
        size = ngettext("%(count)s page", "%(count)s pages", pages) % {"count": pages}
    else:
        size = f"{text.number(drawing.width)} × {text.number(drawing.height)}"
    return f"{drawing.get_kind_display()}, {size}, {file_size(drawing.size)}"


def file_size(size: int) -> str:
    """Kilobytes up to a megabyte, then megabytes; a small file has one kilobyte."""
    if size < MEGABYTE:
        return _("%(size)s KB") % {"size": text.number(max(size // 1024, 1))}
    return _("%(size)s MB") % {"size": text.number(size // MEGABYTE)}


def production_row(work_order: WorkOrder) -> dict[str, Any]:
    """The progress of the work order, as the table of production shows it."""
    return {
        "work_order": work_order,
        "made": made_of(work_order),
        "due": due_text(work_order.due_on),
    }


def timeline_rows(steps: Iterable[Step], maker: str = "") -> Rows:
    """The steps in words; who is an organisation, never a person. `maker` runs the workshop."""
    return [_timeline_row(step, maker) for step in steps]


def _timeline_row(step: Step, maker: str) -> dict[str, Any]:
    row, change = step.row, step.change
    if isinstance(row, ProductionRequest):
        words, who = REQUEST_NEWS, row.customer.name
    elif isinstance(row, Bid):
        # The customer chooses; everything else about a bid is its operator's act.
        words, who = BID_NEWS, "" if change.action in ("win", "lose") else row.bidder.name
    else:
        words, who = WORK_NEWS, maker
    return {
        "at": change.at,
        "text": words.get(change.action, change.action),
        "status": change.to_status,
        "who": who,
        "reason": change.reason,
    }


def missing_for_publishing(request: ProductionRequest, invited: int, on: date) -> list[str]:
    """What has to be mended before the draft can be published, as sentences."""
    missing = []
    if not invited:
        missing.append(_("Choose at least one workshop that shall see the request."))
    if request.answers_by < on:
        missing.append(_("The day for answers has passed. Give the workshops a later one."))
    return missing


def is_answered(bids: Iterable[Bid]) -> bool:
    """Whether one of the bids waits or is chosen."""
    return any(bid.status in (BidStatus.SUBMITTED, BidStatus.WON) for bid in bids)
