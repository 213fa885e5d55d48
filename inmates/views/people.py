"""The labour officer's desk: the list of people and the page of one of them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.presenters.person_tabs import person_tabs
from inmates.rules import PEOPLE_PAGES
from inmates.selectors.desk import people_known_to, people_visible_to
from portal.kernel import clock
from portal.kernel.access import allow

PAGE_SIZE = 50


@require_safe
@allow(PEOPLE_PAGES)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody held in the reader's institutions, by number; never a name by itself."""
    found = people_visible_to(request.user, clock.today())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "inmates/people/people.html", {"page": page})


@require_safe
@allow(PEOPLE_PAGES)
def person(request: HttpRequest, number: str) -> HttpResponse:
    """One person by number."""
    on = clock.today()
    inmate = get_object_or_404(people_known_to(request.user, on), personnel_number=number)
    context = {
        "inmate": inmate,
        "title": _("№ %(number)s") % {"number": inmate.personnel_number},
        "crumbs": [{"label": _("People"), "url": reverse("inmates:people")}, {"label": number}],
        "tabs": person_tabs(request.user, on, number, "inmates:person"),
    }
    return render(request, "inmates/people/person.html", context)
