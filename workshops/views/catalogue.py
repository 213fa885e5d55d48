"""The catalogue and the page of a product; nobody needs an account for them."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.kernel import clock
from portal.kernel.access import public
from portal.kernel.kept import edition_of, kept_page, kept_part
from workshops.presenters import (
    audience_filters,
    known_audience,
    product_context,
    shelves_context,
)
from workshops.selectors.catalogue import catalogue_on
from workshops.selectors.stamp import catalogue_stamp


@require_safe
@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything that is made, by audience; `?audience=` leaves one shelf."""
    audience, on = known_audience(request.GET.get("audience", "")), clock.today()
    edition = edition_of(catalogue_stamp, on)

    def page() -> HttpResponse:
        filters = audience_filters(audience)
        goods = kept_part(edition, f"goods-{audience}", lambda: _goods(audience, on))
        return render(request, "workshops/catalogue.html", {"filters": filters, "goods": goods})

    here = reverse("workshops:catalogue") + (f"?audience={audience}" if audience else "")
    return kept_page(request, edition, here, page)


def _goods(audience: str, on: date) -> str:
    """The shelves, which nobody's account or basket changes."""
    return render_to_string(
        "workshops/_shelves.html", shelves_context(catalogue_on(on, audience), audience)
    )


@require_safe
@public
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product: parts, papers, price, who makes and sells it."""
    on = clock.today()

    def page() -> HttpResponse:
        context = product_context(code, on)
        if context is None:
            raise Http404
        return render(request, "workshops/product.html", context)

    here = reverse("workshops:product", args=[code])
    return kept_page(request, edition_of(catalogue_stamp, on), here, page)
