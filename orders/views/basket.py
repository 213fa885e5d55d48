"""The basket: no account needed, works without a script, htmx swaps only the part."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.forms.orders import AddToBasketForm, QuantityForm
from orders.selectors.baskets import basket_on
from orders.services.baskets import add_to_basket, change_quantity, remove_line
from orders.views.session import basket_key, remember_basket
from portal.kernel import clock
from portal.kernel.access import public
from portal.kernel.errors import PortalError
from portal.kernel.htmx import asks_for_part, part_or_page
from workshops.presenters import product_context
from workshops.selectors.offers import offers_with_places

REFUSED = 422


@require_safe
@public
def basket(request: HttpRequest) -> HttpResponse:
    """What was chosen, by seller, with sums."""
    return _show(request)


@require_POST
@public
def add(request: HttpRequest) -> HttpResponse:
    """Put a quantity of an offer into the basket; refused, the product page says why."""
    form = AddToBasketForm(request.POST)
    errors = form.sentences()
    if not errors:
        try:
            kept = add_to_basket(
                actor=request.user,
                basket_key=basket_key(request),
                offer_id=form.cleaned_data["offer"],
                quantity=form.cleaned_data["quantity"],
                at=clock.now(),
            )
        except PortalError as refusal:
            errors = [str(refusal)]
        else:
            remember_basket(request, kept.key)
            messages.success(request, _("Added to the basket."))
            return redirect("orders:basket")
    return _product_again(request, errors)


def _product_again(request: HttpRequest, errors: list[str]) -> HttpResponse:
    """The product page with what was typed and the reasons."""
    typed_offer = request.POST.get("offer", "")
    known = typed_offer.isdecimal() and len(typed_offer) < 19
    offer = offers_with_places().filter(pk=typed_offer).first() if known else None
    if offer is None:
        raise Http404
    typed = request.POST.get("quantity", "")
    code = offer.version.product.code
    context = product_context(code, clock.today(), quantity=typed, offer_id=offer.id, errors=errors)
    if context is None:
        raise Http404
    here = reverse("workshops:product", args=[code])
    return render(request, "workshops/product.html", context | {"here": here}, status=REFUSED)


@require_POST
@public
def change(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set the quantity of a line; refused, the line keeps what was typed and says why."""
    form = QuantityForm(request.POST)
    errors = [str(error) for error in form.errors.get("quantity", [])]
    if not errors:
        try:
            change_quantity(
                actor=request.user,
                basket_key=basket_key(request),
                line_id=line_id,
                quantity=form.cleaned_data["quantity"],
                at=clock.now(),
            )
        except PortalError as refusal:
            errors = [str(refusal)]
    if errors:
        wrong = {"line_id": line_id, "typed": request.POST.get("quantity", ""), "errors": errors}
        return _show(request, wrong)
    return _done(request)


@require_POST
@public
def remove(request: HttpRequest, line_id: int) -> HttpResponse:
    """Take a line out."""
    remove_line(actor=request.user, basket_key=basket_key(request), line_id=line_id, at=clock.now())
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    remember_basket(request, basket_key(request))
    return _show(request) if asks_for_part(request) else redirect("orders:basket")


def _show(request: HttpRequest, wrong: dict[str, Any] | None = None) -> HttpResponse:
    key = basket_key(request)
    shown = basket_on(str(key) if key else None, clock.today())
    # htmx swaps nothing for an error status, and the reader must see the sentence.
    status = REFUSED if wrong and not asks_for_part(request) else 200
    here = reverse("orders:basket")
    context = {
        "basket": shown, "wrong": wrong, "is_part": asks_for_part(request), "here": here
    }  # fmt: skip
    if wrong and wrong["line_id"] not in {row.line_id for row in shown.rows}:
        # Taken out in another tab: the sentence has no line to stand at.
        context["lost"] = wrong["errors"]
    return part_or_page(
        request, "orders/basket.html", "orders/_basket.html", context, status=status
    )
