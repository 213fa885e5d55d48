"""Pages without a domain: the landing page, the overview after sign-in, a form that expired."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.front.selectors import first_goods, landing_figures, roles_held
from portal.front.waiting import waiting_for
from portal.kernel import clock
from portal.kernel.access import allow, public, signed_in


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """What is made, by whom, and the figures that are known today."""
    on = clock.today()
    context = {
        "figures": landing_figures(on),
        "products": first_goods(on),
        "catalogue_url": reverse("workshops:catalogue"),
    }
    return render(request, "front/home.html", context)


@require_safe
@allow(signed_in)
def start(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in: one's organisations, roles and the pages they open."""
    on = clock.today()
    context = {"roles": roles_held(request.user, on), "waiting": waiting_for(request.user, on)}
    return render(request, "front/start.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or cookies are off."""
    return render(request, "403_csrf.html", status=403)
