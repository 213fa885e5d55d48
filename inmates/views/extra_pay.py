"""The accountant's page of one-off earnings: the list of a month, adding, removing."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.closed_refusals import ReasonOfClosedMonth
from inmates.forms.closed_month import TakeBackForm
from inmates.forms.extra_pay import ExtraPayForm
from inmates.presenters.extra_pay import extra_rows, kind_choices
from inmates.presenters.month_board import month_chips
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES
from inmates.selectors.extra_pay import (
    extra_pay_of,
    extra_pay_visible_to,
    kinds_by_code,
    kinds_by_hand,
)
from inmates.selectors.payroll import payroll_places
from inmates.services.extra_pay import Recorded, add_extra_pay, remove_extra_pay
from portal.accounts.enums import Role
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.once import once
from portal.kernel.periods import Month

MONTHS_SHOWN = 6
METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(PAYROLL_PAGES)
def extra_pay(request: HttpRequest) -> HttpResponse:
    """The payments of a month at one's payers; those of a month at work stay."""
    on = clock.today()
    month = _month(request.GET.get("month", ""), Month.of(on))
    rows = extra_pay_of(extra_pay_visible_to(request.user, on), month)
    may_add = PAYROLL_ACTS(request.user, on)
    context = {
        "rows": extra_rows(rows, kinds_by_code(month.last_day)),
        "month": month,
        "months": month_chips(month, _months(on), _address),
        "may_add": may_add,
        "act_url": f"{reverse('inmates:extra_pay_add')}?month={month}" if may_add else "",
    }
    return render(request, "inmates/extra/list.html", context)


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
@once
def extra_pay_add(request: HttpRequest) -> HttpResponse:
    """A form for one payment; a refusal leaves what was typed."""
    on = clock.today()
    asked = _month(request.GET.get("month", ""), Month.of(on))
    form = ExtraPayForm(
        request.POST or None,
        places=payroll_places(request.user, on, Role.ACCOUNTANT),
        months=_months(on),
        kinds=kind_choices(kinds_by_hand(on)),
        cancel_url=_address(asked),
        initial={"month": str(asked)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = add_extra_pay(actor=request.user, extra=form.new_extra(), at=clock.now())
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            _tell(request, _("The payment is added."), done)
            return redirect(_address(Month.of(done.row.month)))
    context = {
        "form": form,
        "title": _("Add a payment"),
        "crumbs": [{"label": _("Extra pay"), "url": _address(asked)}, {"label": _("Add")}],
    }
    status = 422 if form.is_bound else 200
    return render(request, "inmates/extra/form.html", context, status=status)


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
def extra_pay_remove(request: HttpRequest, extra_id: int) -> HttpResponse:
    """Take one payment back; of an approved month with a reason, which this page asks for."""
    rows = extra_pay_visible_to(request.user, clock.today()).select_related("inmate")
    row = get_object_or_404(rows, pk=extra_id)
    back = _address(Month.of(row.month))
    # Of the list it is a button without a field.
    form = TakeBackForm(request.POST if request.method == "POST" else None, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        order = {"actor": request.user, "extra_id": row.pk, "at": clock.now()}
        try:
            done = remove_extra_pay(**order, correction=form.cleaned_data["correction"])
        except ReasonOfClosedMonth as refused:
            form.add_error("correction", str(refused))
        except Forbidden:
            raise
        except PortalError as refused:
            messages.error(request, str(refused))
            return redirect(back)
        else:
            _tell(request, _("The payment is removed."), done)
            return redirect(back)
    title = _("Take back the payment of № %(number)s") % {"number": row.inmate.personnel_number}
    context = {
        "form": form,
        "title": title,
        "crumbs": [{"label": _("Extra pay"), "url": back}, {"label": title}],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "inmates/extra/form.html", context, status=status)


def _tell(request: HttpRequest, sentence: str, done: Recorded) -> None:
    messages.success(request, sentence)
    if done.is_closed:
        messages.info(request, _("The difference is calculated with the next wages."))
    elif done.is_calculated:
        messages.warning(
            request, _("The wages of this month are calculated already: calculate them again.")
        )


def _address(month: Month) -> str:
    return f"{reverse('inmates:extra_pay')}?month={month}"


def _months(on: date) -> list[Month]:
    present = Month.of(on)
    return [present.plus(-back) for back in range(MONTHS_SHOWN)]


def _month(typed: str, present: Month) -> Month:
    """The month asked for; the one before the present, whose wages come next, where none is."""
    try:
        return Month.parse(typed)
    except ValueError:
        return present.previous()
