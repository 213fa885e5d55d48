"""The output of a team: one entered, another changed or taken away."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inmates.forms.team import TeamForm
from inmates.models import TeamEntry
from inmates.presenters.shift import shift_head
from inmates.presenters.teams import member_lines
from inmates.refusals import CorrectionNeeded, SheetRefused
from inmates.rules import SHIFT_PAGES
from inmates.selectors.shift import work_orders_of_shift
from inmates.selectors.shift_day import ShiftDay
from inmates.selectors.teams import team_on
from inmates.services.team import change_team_output, record_team_output, take_back_team_output
from inmates.views.sheets import explanation, gate_of, not_stored, sheet_lines
from inmates.views.shift_address import key_in, visible_shift
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.once import once
from workshops.models import BatchCard, WorkOrder
from workshops.selectors.batches import card_of

METHODS = ["GET", "HEAD", "POST"]
TAKE_AWAY = "take_away"


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def shift_team(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """Pieces made together on one operation of a work order: who took part, and how long."""
    found = visible_shift(request, code, day)
    order = _order(found, key_in(request.POST.get("order") or request.GET.get("order", "")))
    card = _card(request, order)
    form = TeamForm(order, member_lines(sheet_lines(request, found), order, None))
    if request.method == "POST" and form.read(request.POST):
        record = partial(
            record_team_output,
            work_order_operation_id=form.operation_id,
            worked_on=found.day,
            quantity=form.pieces,
            members=form.members,
        )
        if _done(request, form, record, card):
            messages.success(request, _("Saved: the output of the team."))
            return redirect(_back(found, order, card))
    return _page(request, found, form, card)


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def shift_team_entry(request: HttpRequest, code: str, day: str, entry_id: int) -> HttpResponse:
    """One entry of a team: its pieces and members as they stand, to be changed or taken away."""
    found = visible_shift(request, code, day)
    entry = team_on(found.workshop, found.day, entry_id)
    if entry is None:
        raise Http404
    order = _order(found, entry.work_order_operation.work_order_id)
    card = _card(request, order)
    form = TeamForm(order, member_lines(sheet_lines(request, found), order, entry), entry)
    if request.method == "POST" and (_is_taken(request) or form.read(request.POST)):
        act = _take_away(request, entry) if _is_taken(request) else _change(form, entry)
        if _done(request, form, act, card):
            messages.success(request, _("Saved: the output of the team."))
            return redirect(_back(found, order, card))
    return _page(request, found, form, card)


def _is_taken(request: HttpRequest) -> bool:
    return request.POST.get("act") == TAKE_AWAY


def _take_away(request: HttpRequest, entry: TeamEntry) -> Any:
    form = TeamForm(entry.work_order_operation.work_order, [], entry)
    form.read({"seen": request.POST.get("seen", "")})
    return partial(take_back_team_output, entry_id=entry.pk, shown_at=form.shown_at)


def _change(form: TeamForm, entry: TeamEntry) -> Any:
    return partial(
        change_team_output,
        entry_id=entry.pk,
        shown_at=form.shown_at,
        quantity=form.pieces,
        members=form.members,
    )


def _order(found: ShiftDay, asked: int | None) -> WorkOrder:
    """The work order asked for, else the first of the shift."""
    orders = work_orders_of_shift(found.workshop, found.day, asked)
    chosen = next((one for one in orders if asked in (None, one.pk)), None)
    if chosen is None:
        raise Http404
    return chosen


def _card(request: HttpRequest, order: WorkOrder) -> BatchCard | None:
    """The batch that was scanned; a card of another work order is not followed."""
    card = card_of(request.POST.get("batch") or request.GET.get("batch", ""))
    return card if card is not None and card.work_order_id == order.pk else None


def _back(found: ShiftDay, order: WorkOrder, card: BatchCard | None) -> str:
    url = reverse("inmates:shift_output", args=[found.workshop.code, found.day.isoformat()])
    return f"{url}?order={order.pk}" + (f"&batch={card.code}" if card else "")


def _done(request: HttpRequest, form: TeamForm, act: Any, card: BatchCard | None) -> bool:
    """One order to the service; what it refuses stands at the fields it is about."""
    order = {"actor": request.user, "at": clock.now(), "correction": explanation(request)}
    try:
        act(**order, card_id=card.pk if card else None)
    except SheetRefused as refused:
        form.mark_problems(refused.problems)
        form.problem = str(SheetRefused.message)
    except CorrectionNeeded as refused:
        form.closed, form.problem = refused, str(refused)
    except PortalError as refused:
        form.problem = str(refused)
    else:
        return True
    return False


def _page(
    request: HttpRequest, found: ShiftDay, form: TeamForm, card: BatchCard | None
) -> HttpResponse:
    context = {
        "shift": found,
        "head": shift_head(found, "output"),
        "form": form,
        "card": card,
        "back": _back(found, form.order, card),
        "take_away": TAKE_AWAY,
        **gate_of(request, found, form),
    }
    status = 422 if request.method == "POST" else 200
    return not_stored(render(request, "inmates/shift_team.html", context, status=status))
