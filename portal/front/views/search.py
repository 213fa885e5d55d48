"""One box for everything public: products, workshops, pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from portal.front.search import results_of
from portal.kernel import clock
from portal.kernel.access import public
from portal.kernel.matching import asked_of


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    """What was found for `?q=`, in groups; whatever was typed, a page."""
    asked = asked_of(request.GET.get("q", ""))
    # The language switch leads back to what was searched for, not to all that was typed.
    here = f"{reverse('front:search')}?{urlencode({'q': asked.typed})}"
    context = {"asked": asked, "results": results_of(asked, clock.today()), "here": here}
    return render(request, "front/search.html", context)
