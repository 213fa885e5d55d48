"""Pages without a domain: landing, overview, contacts, statements, a form that expired."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.front.contacts import contacts_on
from portal.front.landing import pay_example, ways_in
from portal.front.menu import address
from portal.front.selectors import first_goods, landing_figures, roles_held
from portal.front.waiting import waiting_for
from portal.kernel import clock
from portal.kernel.access import allow, public, signed_in

# The day on which the statement was last held against the tests it speaks of.
ACCESSIBILITY_STATED_ON = date(2026, 11, 22)


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """What is made, by whom, and the figures that are known today."""
    on = clock.today()
    context = {
        "figures": landing_figures(on),
        "products": first_goods(on),
        "ways": ways_in(),
        "pay": pay_example(on),
        "catalogue_url": reverse("workshops:catalogue"),
        "request_url": address("orders:request_new"),
    }
    return render(request, "front/home.html", context)


@require_safe
@public
def contacts(request: HttpRequest) -> HttpResponse:
    """Who answers for what, and where to write."""
    return render(request, "front/contacts.html", {"contacts": contacts_on(clock.today())})


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested and how, what is known to fall short, how to complain."""
    context = {"email": settings.PORTAL_EMAIL, "stated_on": ACCESSIBILITY_STATED_ON}
    return render(request, "front/accessibility.html", context)


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps about its visitors."""
    return render(request, "front/privacy.html", {"email": settings.PORTAL_EMAIL})


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
