"""The catalogue and the page of a product; nobody needs an account for them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel import clock
from portal.kernel.access import public
from workshops.presenters import catalogue_context, known_audience, product_context
from workshops.selectors.catalogue import catalogue_on


@require_safe
@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything that is made, by audience; `?audience=` leaves one shelf."""
    audience = known_audience(request.GET.get("audience", ""))
    shelves = catalogue_on(clock.today(), audience)
    return render(request, "workshops/catalogue.html", catalogue_context(shelves, audience))


@require_safe
@public
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product: parts, papers, price, who makes and sells it."""
    context = product_context(code, clock.today())
    if context is None:
        raise Http404
    return render(request, "workshops/product.html", context)
