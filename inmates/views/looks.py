"""Who looked at identities: for the head of the institution and the administrator."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.forms.looks import LooksForm
from inmates.presenters.looks import look_rows
from inmates.selectors.looks import looks_at, numbers_of, overseen_institutions, person_overseen
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow

readers = role_holders(Role.HEAD, Role.ADMINISTRATOR)
USUAL_DAYS = 7
PAGE_SIZE = 50


@require_safe
@allow(readers)
def looks(request: HttpRequest) -> HttpResponse:
    """Looks of some days at the people of one's institutions, or at one person."""
    on = clock.today()
    form = LooksForm(_typed(request, on), on=on)
    institutions = list(overseen_institutions(request.user, on))
    context: dict[str, Any] = {"form": form, "institutions": institutions}
    if not form.is_valid():
        return render(request, "inmates/looks/looks.html", context, status=422)
    number = form.cleaned_data["person"]
    person = person_overseen(request.user, on, number) if number else None
    if number and person is None:
        form.add_error("person", _("There is no such person in your institutions."))
        return render(request, "inmates/looks/looks.html", context, status=422)
    found = looks_at(
        institutions, person=person,
        since=form.cleaned_data["since"], until=form.cleaned_data["until"],
    )  # fmt: skip
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {"page": page, "rows": look_rows(page.object_list, numbers_of(page.object_list))}
    return render(request, "inmates/looks/looks.html", context)


def _typed(request: HttpRequest, on: date) -> dict[str, str]:
    """What was asked, the last week where nothing was."""
    begin = on - timedelta(days=USUAL_DAYS - 1)
    usual = {"since": f"{begin:%d.%m.%Y}", "until": f"{on:%d.%m.%Y}", "person": ""}
    return usual | {name: request.GET[name] for name in usual if name in request.GET}
