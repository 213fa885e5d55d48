"""The accountant's pages of rates: the list with its history, entering a rate."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.enums import RateUnit
from inmates.forms.closed_month import field_of
from inmates.forms.pay_rates import PayRateForm
from inmates.presenters.pay_rates import OPERATION, POST, rate_groups, subject_choices
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES
from inmates.selectors.pay_rates import operations_of, payers_of, posts_of, rates_of
from inmates.selectors.payroll import payroll_places
from inmates.services.pay_rates import enter_pay_rate
from portal.accounts.enums import Role
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(PAYROLL_PAGES)
def pay_rates(request: HttpRequest) -> HttpResponse:
    """Every rate of one's payers, of one post or operation where the address names it."""
    on = clock.today()
    rates = rates_of(payers_of(request.user, on))
    asked = _asked(request)
    if asked:
        rates = rates.filter(**{f"{kind}_id": key for kind, key in asked.items()})
    may_enter = bool(PAYROLL_ACTS(request.user, on))
    here = reverse("inmates:pay_rates")
    context = {
        "groups": rate_groups(rates, on, may_enter=may_enter),
        "is_one": bool(asked),
        "all_url": here,
        "act_url": f"{here}enter/{_query(asked)}" if may_enter else "",
    }
    return render(request, "inmates/rates/list.html", context)


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
def pay_rate_enter(request: HttpRequest) -> HttpResponse:
    """A form for one rate; a refusal leaves what was typed."""
    on = clock.today()
    here = reverse("inmates:pay_rates")
    pairs = {place.key for place in payroll_places(request.user, on, Role.ACCOUNTANT)}
    payers = payers_of(request.user, on, Role.ACCOUNTANT)
    form = PayRateForm(
        request.POST or None,
        payers=[(one.pk, one.name) for one in payers],
        subjects=subject_choices(posts_of(pairs), operations_of(pairs)),
        cancel_url=here,
        initial=_initial(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = enter_pay_rate(
                actor=request.user,
                rate=form.new_rate(),
                correction=form.cleaned_data["correction"],
                at=clock.now(),
            )
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(field_of(refused), str(refused))
        else:
            _say_what_was_done(request, done)
            return redirect(here)
    context = {
        "form": form,
        "crumbs": [{"label": _("Rates of pay"), "url": here}, {"label": _("Enter a rate")}],
    }
    status = 422 if form.is_bound else 200
    return render(request, "inmates/rates/form.html", context, status=status)


def _say_what_was_done(request: HttpRequest, done: Any) -> None:
    messages.success(
        request, _("The rate is entered.") if done.is_new else _("Nothing has changed.")
    )
    if done.is_new and done.is_closed:
        messages.info(request, _("The difference is calculated with the next wages."))
    elif done.is_new and done.is_calculated:
        messages.warning(
            request, _("Wages since that day are calculated already: calculate them again.")
        )


def _asked(request: HttpRequest) -> dict[str, int]:
    """The post or the operation of the address."""
    for kind in (POST, OPERATION):
        key = request.GET.get(kind, "")
        if key.isascii() and key.isdigit() and len(key) < 10:
            return {kind: int(key)}
    return {}


def _query(asked: dict[str, int]) -> str:
    return "".join(f"?{kind}={key}" for kind, key in asked.items())


def _initial(request: HttpRequest) -> dict[str, Any]:
    initial: dict[str, Any] = {"payer": request.GET.get("payer", ""), "unit": RateUnit.HOUR}
    for kind, key in _asked(request).items():
        initial["subject"] = f"{kind}-{key}"
        initial["unit"] = RateUnit.HOUR if kind == POST else RateUnit.PIECE
    return initial
