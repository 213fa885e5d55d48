"""Payment registers: what waits to be transferred, what is issued, one register with its orders."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.enums import RegisterCode
from inmates.forms.registers import ReasonForm, TransferForm
from inmates.models import PaymentRegister, Transfer
from inmates.presenters.month_board import month_chips
from inmates.presenters.registers import (
    CodeRow,
    code_rows,
    control_totals,
    listed_registers,
    order_rows,
    orders_warning,
    register_facts,
    register_title,
    row_rows,
    transfer_state,
    transfer_text,
)
from inmates.register_refusals import AlreadyTransferred, NothingToRegister, TransferTakenBack
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES, PAYROLL_READERS, can_issue_register
from inmates.selectors.payroll import Place, payroll_places
from inmates.selectors.registers import (
    apart_of,
    codes_in_force,
    has_unpaid_runs,
    orders_of,
    register_rows,
    registers_visible_to,
    waiting_by_code,
    with_transfers,
)
from inmates.services.registers import issue_register
from inmates.services.transfers import record_transfer, reverse_transfer
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month

PAGE_SIZE = 50
LISTED = 50
MONTHS_SHOWN = 6


@require_safe
@allow(PAYROLL_PAGES)
def payment_registers(request: HttpRequest) -> HttpResponse:
    """A place and a month: what of each payment waits, and the registers of the place."""
    on = clock.today()
    places = payroll_places(request.user, on, *PAYROLL_READERS)
    context: dict[str, Any] = {"places": [_option(one) for one in places]}
    if not places:
        return render(request, "inmates/registers/registers.html", context)
    asked = request.GET.get("place", "")
    place = next((one for one in places if _key(one) == asked), places[0])
    present = Month.of(on)
    month = _month(request.GET.get("month", "")) or present.previous()
    months = [present.plus(-back) for back in range(MONTHS_SHOWN)]
    registers = with_transfers(registers_visible_to(request.user, on)).filter(
        payer=place.payer, institution=place.institution
    )
    page = Paginator(registers.order_by("-made_at", "-id"), LISTED).get_page(
        request.GET.get("page")
    )
    address = reverse("inmates:payment_registers")
    rows = _waiting_rows(place, month, on)
    context |= {
        "place": place,
        "chosen": _key(place),
        "month": month,
        "months": month_chips(
            month, months, lambda one: f"{address}?place={_key(place)}&month={one}"
        ),
        "rows": rows,
        "has_something": any(row.can_issue for row in rows),
        "page": page,
        "registers": listed_registers(page.object_list),
        "may_issue": _may_issue(request, place.payer.pk, place.institution.organisation_id),
    }
    return render(request, "inmates/registers/registers.html", context)


def _waiting_rows(place: Place, month: Month, on: date) -> list[CodeRow]:
    return code_rows(
        codes_in_force(on, place.payer.pk),
        waiting_by_code(place.payer.pk, place.institution.pk, month),
        place.institution.organisation.iban,
        is_unpaid=has_unpaid_runs(place.payer.pk, place.institution.pk, month),
    )


def _key(place: Place) -> str:
    return f"{place.payer.pk}-{place.institution.pk}"


def _option(place: Place) -> dict[str, str]:
    label = f"{place.payer.name}, {place.institution.organisation.name}"
    return {"key": _key(place), "label": label}


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _may_issue(request: HttpRequest, payer_id: int, place_id: int) -> Any:
    return can_issue_register(request.user, payer_id, place_id, clock.today())


@require_POST
@allow(PAYROLL_ACTS)
def register_issue(
    request: HttpRequest, payer_id: int, institution_id: int, month: str
) -> HttpResponse:
    """One register, or with no payment named every one of which something waits."""
    on, when = clock.today(), _month(month)
    places = payroll_places(request.user, on, *PAYROLL_READERS)
    place = next((one for one in places if one.key == (payer_id, institution_id)), None)
    if place is None or when is None or when > Month.of(on):
        raise Http404
    asked = request.POST.get("code", "")
    codes = [asked] if asked in RegisterCode.values else list(codes_in_force(on))
    issued = [one for code in codes if (one := _issue(request, place, when, code, asked))]
    if len(issued) == 1:
        messages.success(request, _("The register is issued."))
        return redirect("inmates:payment_register", register_id=issued[0].pk)
    if issued:
        messages.success(request, _("Registers issued: %(count)s.") % {"count": len(issued)})
    elif not asked:
        messages.info(request, str(NothingToRegister()))
    back = reverse("inmates:payment_registers")
    return redirect(f"{back}?place={_key(place)}&month={when}")


def _issue(
    request: HttpRequest, place: Place, month: Month, code: str, asked: str
) -> PaymentRegister | None:
    """None where it is refused; of many, nothing is said of those of which nothing waits."""
    try:
        return issue_register(
            actor=request.user, payer_id=place.payer.pk, institution_id=place.institution.pk,
            month=month, code=code, at=clock.now(),
        )  # fmt: skip
    except NothingToRegister as refused:
        if asked:
            messages.error(request, str(refused))
    except PortalError as refused:
        messages.error(request, f"{RegisterCode(code).label}: {refused}")
    return None


@require_safe
@allow(PAYROLL_PAGES)
def payment_register(request: HttpRequest, register_id: int) -> HttpResponse:
    """Its control totals, payment orders and rows by number; no name stands here."""
    register = visible_register(request, register_id)
    verdict = _may_issue(request, register.payer_id, register.institution.organisation_id)
    page = Paginator(register_rows(register), PAGE_SIZE).get_page(request.GET.get("page"))
    orders = Paginator(orders_of(register), PAGE_SIZE).get_page(request.GET.get("orders"))
    status, label = transfer_state(register)
    context = {
        "register": register,
        "title": register_title(register),
        "status": status,
        "label": label,
        "crumbs": _crumbs(register),
        "facts": register_facts(register),
        "controls": control_totals(register, apart_of(register)),
        "orders": orders,
        "warning": orders_warning(register.orders.filter(payee_account="").count()),
        "order_rows": order_rows(orders.object_list, is_named=bool(verdict)),
        "page": page,
        "rows": row_rows(page.object_list, is_named=bool(verdict)),
        "verdict": verdict,
    }
    return render(request, "inmates/registers/register.html", context)


def visible_register(request: HttpRequest, register_id: int) -> PaymentRegister:
    """The register if it is of a payer of the user, with its transfers counted."""
    rows = with_transfers(registers_visible_to(request.user, clock.today())).select_related(
        "payer", "institution__organisation", "payment_code", "made_by"
    )
    return get_object_or_404(rows, pk=register_id)


def _crumbs(register: PaymentRegister) -> list[dict[str, str]]:
    address = reverse("inmates:payment_registers")
    place = f"{register.payer_id}-{register.institution_id}"
    return [
        {"label": _("Registers of payments"),
         "url": f"{address}?place={place}&month={Month.of(register.month)}"},
        {"label": register.institution.organisation.name},
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PAYROLL_ACTS)
def register_transfer(request: HttpRequest, register_id: int, order_id: int) -> HttpResponse:
    """The transfer of one payment order, entered from the bank's paper."""
    register = visible_register(request, register_id)
    place_id = register.institution.organisation_id
    _may_issue(request, register.payer_id, place_id).require()
    order = get_object_or_404(orders_of(register), pk=order_id)
    back = reverse("inmates:payment_register", args=[register.pk])
    if any(not hasattr(one, "reversal") for one in order.transfers.all()):
        messages.error(request, str(AlreadyTransferred()))
        return redirect(back)
    form = TransferForm(request.POST or None, today=clock.today(), cancel_url=back)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                record_transfer(
                    actor=request.user, order_id=order.pk, at=clock.now(), **form.cleaned_data
                )
            except PortalError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The transfer is entered."))
                return redirect(back)
        status = 422
    context = {"form": form, "order": order, "title": _("Transfer of a payment order")}
    return _transfer_page(request, register, context, status)


def _transfer_page(
    request: HttpRequest, register: PaymentRegister, context: dict[str, Any], status: int
) -> HttpResponse:
    """The form of a transfer, under its register."""
    back = reverse("inmates:payment_register", args=[register.pk])
    crumbs = [*_crumbs(register)[:1], {"label": register_title(register), "url": back}]
    context |= {"register": register, "crumbs": crumbs}
    return render(request, "inmates/registers/transfer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PAYROLL_ACTS)
def transfer_take_back(request: HttpRequest, register_id: int, transfer_id: int) -> HttpResponse:
    """A transfer that was entered wrongly is taken back, with a reason."""
    register = visible_register(request, register_id)
    place_id = register.institution.organisation_id
    _may_issue(request, register.payer_id, place_id).require()
    transfer = get_object_or_404(
        Transfer.objects.select_related("order", "reversal"),
        pk=transfer_id,
        order__register=register,
    )
    back = reverse("inmates:payment_register", args=[register.pk])
    if hasattr(transfer, "reversal"):
        messages.error(request, str(TransferTakenBack()))
        return redirect(back)
    form = ReasonForm(request.POST or None, cancel_url=back)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            reverse_transfer(
                actor=request.user, transfer_id=transfer.pk, at=clock.now(),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except TransferTakenBack as refused:
            messages.error(request, str(refused))
            return redirect(back)
        except PortalError as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("The transfer is taken back: the order is open again."))
            return redirect(back)
    context = {
        "form": form, "order": transfer.order, "told": transfer_text(transfer),
        "title": _("Take the transfer back"),
    }  # fmt: skip
    return _transfer_page(request, register, context, status)
