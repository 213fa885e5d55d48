"""The floor beside the output: downtime, defects and material of a shift, entered and withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inmates.forms.floor import DefectForm, DowntimeForm, EndForm, IssueForm, WithdrawForm
from inmates.presenters.floor import defect_table, downtime_table, issue_table
from inmates.presenters.shift import shift_head
from inmates.presenters.shift_output import order_chips
from inmates.rules import SHIFT_PAGES
from inmates.selectors.shift import work_orders_of_shift
from inmates.selectors.shift_day import ShiftDay
from inmates.views.sheets import not_stored
from inmates.views.shift_address import key_in, visible_shift
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.once import once
from workshops.models import Workshop
from workshops.selectors.floor import defects_on, downtimes_on, issues_on
from workshops.selectors.work_orders import order_of_operation
from workshops.services.defects import record_defect, withdraw_defect
from workshops.services.downtime import end_downtime, record_downtime, withdraw_downtime
from workshops.services.materials import issue_material, take_material_back

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def downtime(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What stood still on the day, and the form that enters another."""
    found = visible_shift(request, code, day)
    form = DowntimeForm(request.POST or None, shift=found)
    if _entered(request, form, record_downtime, found):
        return redirect(request.path)
    table = downtime_table(found, downtimes_on(found.workshop, found.day), clock.now())
    return _page(request, found, "downtime", form, table)


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def defects(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What failed on the day, by operation of a work order."""
    found = visible_shift(request, code, day)
    # The work order of what was sent is among them though it was closed meanwhile.
    asked = order_of_operation(key_in(request.POST.get("operation", "")))
    orders = work_orders_of_shift(found.workshop, found.day, asked)
    form = DefectForm(request.POST or None, shift=found, orders=orders) if orders else None
    if form is not None and _entered(request, form, record_defect, found):
        return redirect(request.path)
    table = defect_table(found, defects_on(found.workshop, found.day))
    return _page(request, found, "defects", form, table)


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def materials(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """What was given out for the work orders of the day, and what came back."""
    found = visible_shift(request, code, day)
    asked = key_in(request.GET.get("order", ""))
    orders = work_orders_of_shift(found.workshop, found.day, asked)
    chosen = next((one for one in orders if one.pk == asked), orders[0] if orders else None)
    if request.method == "POST" and chosen is not None and asked not in (None, chosen.pk):
        # What was given out for one work order is never booked on another.
        raise Http404
    form = IssueForm(request.POST or None, shift=found, order=chosen) if chosen else None
    if form is not None and _entered(request, form, issue_material, found):
        return redirect(request.get_full_path())
    table = issue_table(found, issues_on(found.workshop, found.day))
    chips = order_chips(orders, chosen, found.on)
    return _page(request, found, "materials", form, table, chips=chips)


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done with an entry: its heading, its rows, the field that names it."""

    title: str | Promise
    rows: Callable[[Workshop, date], "QuerySet[Any]"]
    service: Callable[..., Any]
    field: str


ACTS = {
    ("downtime", "end"): Act(
        gettext_lazy("It works again"), downtimes_on, end_downtime, "downtime_id"
    ),
    ("downtime", "withdraw"): Act(
        gettext_lazy("Withdraw the downtime"), downtimes_on, withdraw_downtime, "downtime_id"
    ),
    ("defects", "withdraw"): Act(
        gettext_lazy("Withdraw the defects"), defects_on, withdraw_defect, "defect_id"
    ),
    ("materials", "back"): Act(
        gettext_lazy("Take material back"), issues_on, take_material_back, "issue_id"
    ),
}


@require_http_methods(METHODS)
@allow(SHIFT_PAGES)
@once
def floor_act(
    request: HttpRequest, code: str, day: str, kind: str, entry_id: int, act: str
) -> HttpResponse:
    """One entry ended, withdrawn or taken back, with the reason in words."""
    known = ACTS.get((kind, act))
    if known is None:
        raise Http404
    found = visible_shift(request, code, day)
    row = get_object_or_404(known.rows(found.workshop, found.day), pk=entry_id)
    back = reverse(f"inmates:shift_{kind}", args=[code, day])
    form: Any
    if act == "end":
        form = EndForm(request.POST or None, back=back, now=clock.now())
    else:
        form = WithdrawForm(request.POST or None, back=back, issue=row if act == "back" else None)
    if form.is_valid():
        try:
            known.service(
                actor=request.user, at=clock.now(), **{known.field: row.pk},
                **_arguments(form, act, found),
            )  # fmt: skip
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    table = _single(kind, found, row)
    context = {"shift": found, "head": shift_head(found, kind), "form": form,
               "title": known.title, "table": table, "back": back}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "inmates/shift_floor_act.html", context, status=status)


def _arguments(form: Any, act: str, found: ShiftDay) -> dict[str, Any]:
    clean = form.cleaned_data
    if act == "end":
        return {"ended_at": form.ended_at}
    if act == "withdraw":
        return {"why": clean["why"]}
    days_open = found.rules.correction_days
    return {"quantity": clean["quantity"], "why": clean["why"], "on": found.on,
            "days_open": days_open}  # fmt: skip


def _single(kind: str, found: ShiftDay, row: Any) -> dict[str, Any]:
    """The entry itself above the form, without what can be done with it."""
    if kind == "downtime":
        table = downtime_table(found, [row], clock.now())
    else:
        table = (defect_table if kind == "defects" else issue_table)(found, [row])
    for one in table["rows"]:
        one["acts"] = []
    return table


def _entered(request: HttpRequest, form: Any, service: Callable[..., Any], found: ShiftDay) -> bool:
    """One order to the service; what it refuses stands above the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    days_open = found.rules.correction_days
    try:
        service(actor=request.user, at=clock.now(), days_open=days_open, **form.entry)
    except PortalError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Saved."))
    return True


def _page(
    request: HttpRequest, found: ShiftDay, part: str, form: Any, table: Any, **more: Any
) -> HttpResponse:
    context = {"shift": found, "head": shift_head(found, part), "form": form, "table": table}
    status = 422 if form is not None and form.errors else 200
    # Gone back to, the page is asked for again: its form is a new one, not the one sent already.
    return not_stored(render(request, "inmates/shift_floor.html", context | more, status=status))
