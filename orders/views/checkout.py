"""From the basket to orders: sign in, register the organisation, look once more, send."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from orders.forms.orders import CheckoutForm
from orders.models import Order
from orders.selectors.baskets import basket_on
from orders.services.sending import send_order
from orders.views.session import basket_key, remember_basket
from portal.accounts.models import Organisation
from portal.accounts.selectors import buyer_organisations_of
from portal.kernel import clock
from portal.kernel.access import allow, signed_in
from portal.kernel.errors import PortalError


@require_http_methods(["GET", "HEAD", "POST"])
@allow(signed_in)
def send(request: HttpRequest) -> HttpResponse:
    """Look at the lines and the total once more, say where to deliver, send."""
    buyers = buyer_organisations_of(request.user, clock.today())
    first = buyers.first()
    if first is None:
        back = urlencode({"next": reverse("orders:send")})
        return redirect(f"{reverse('accounts:register_organisation')}?{back}")
    key = basket_key(request)
    basket = basket_on(str(key) if key else None, clock.today())
    form = CheckoutForm(
        request.POST or None, buyers=buyers, basket=basket, initial=_initial(request, first)
    )
    if request.method == "POST" and form.is_valid():
        try:
            orders = send_order(
                actor=request.user,
                basket_key=key,
                buyer_id=form.cleaned_data["buyer"].pk,
                submission=form.cleaned_data["submission"],
                seen=form.cleaned_data["seen"],
                contact=form.contact(),
                at=clock.now(),
            )
        except PortalError as refusal:
            form.add_error(None, str(refusal))
            form.show_again()
        else:
            return _sent(request, orders)
    context = {"form": form, "basket": basket, "buyers": buyers, "buyer": first}
    return render(request, "orders/send.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, buyer: Organisation) -> dict[str, object]:
    """What the portal knows already need not be typed."""
    return {
        "buyer": buyer.pk,
        "contact_name": request.user.full_name,
        "contact_phone": buyer.phone,
        "delivery_address": buyer.address,
    }


def _sent(request: HttpRequest, orders: list[Order]) -> HttpResponse:
    remember_basket(request, basket_key(request))
    # Two sellers count their orders apart, so the number alone would not tell them from each other.
    numbers = ", ".join(f"{order.number} ({order.seller.name})" for order in orders)
    told = ngettext(
        "Order %(numbers)s is sent. The seller will answer here.",
        "Orders %(numbers)s are sent. The sellers will answer here.",
        len(orders),
    )
    messages.success(request, told % {"numbers": numbers})
    if len(orders) == 1:
        return redirect("orders:order", order_id=orders[0].pk)
    return redirect("orders:order_list")
