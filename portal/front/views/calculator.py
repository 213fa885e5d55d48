"""The pay calculator for anyone: everything stands in the address, nothing is kept."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inmates.payroll import calculate
from portal.front.calculator.forms import DEFAULTS, PayCalculatorForm, with_defaults
from portal.front.calculator.law import law_of, months_with_law
from portal.front.calculator.presenters import Calculated, ShownPay
from portal.kernel import clock
from portal.kernel.access import public
from portal.kernel.errors import PortalError
from portal.kernel.htmx import part_or_page
from portal.kernel.periods import Month
from portal.kernel.text import month_name


@require_safe
@public
def pay_calculator(request: HttpRequest) -> HttpResponse:
    """What is withheld from a wage, what is paid out, and what the employer pays on top."""
    today = clock.today()
    months = months_with_law(today)
    asked = bool(request.GET.keys() & set(PayCalculatorForm.base_fields))
    present = str(Month.of(today))
    start = {"month": present, "has_application": True, **DEFAULTS}
    given = with_defaults(request.GET, present) if asked else None
    form = PayCalculatorForm(_choices(months), given, initial=start)
    pay = _calculated(form) if asked and form.is_valid() else None
    context = {"form": form, "pay": pay, "has_law": bool(months)}
    page, part = "front/calculator/calculator.html", "front/calculator/_calculation.html"
    return part_or_page(request, page, part, context)


def _choices(months: list[Month]) -> list[Any]:
    """Months under their years."""
    return [
        (year, [(str(one), month_name(one)) for one in found])
        for year, found in groupby(months, key=lambda month: month.year)
    ]


def _calculated(form: PayCalculatorForm) -> ShownPay | None:
    """A figure of the law that is missing is told beside what was typed."""
    try:
        law = law_of(form.paid_month)
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return None
    case = form.case()
    rate = form.cleaned_data["rate"]
    is_low = rate is not None and rate < law.hour_floor
    result = calculate(case, law.parameters)
    shown = Calculated(case, result, law)
    return shown.shown(law.hour_floor if is_low else None, form.by_hours)
