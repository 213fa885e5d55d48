"""The public list of idle areas, and the institution's own page that keeps their adverts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import clock
from portal.kernel.access import allow, public
from portal.kernel.errors import PortalError
from workshops.forms.spaces import SpaceFilterForm
from workshops.models import ProductionSpace
from workshops.presenters.spaces import advert_card, advert_context, kept_rows
from workshops.rules import KEEPERS
from workshops.selectors.spaces import (
    adverts_of,
    spaces_advertised,
    spaces_kept_by,
    spaces_wanted,
)
from workshops.services.spaces import confirm_advert, take_advert_off

PAGE_SIZE = 12


@require_safe
@public
def spaces(request: HttpRequest) -> HttpResponse:
    """Idle areas on offer; the address keeps what is looked for."""
    on = clock.today()
    form = SpaceFilterForm(request.GET, on=on)
    found = Paginator(spaces_wanted(form.wish(), on), PAGE_SIZE)
    page = found.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cards": [advert_card(advert) for advert in adverts_of(page, on)],
        "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
    }
    return render(request, "workshops/spaces.html", context, status=400 if form.errors else 200)


@require_safe
@public
def space(request: HttpRequest, code: str) -> HttpResponse:
    """One area: measures, people by trade, who answers; an advert that ran out says so."""
    on = clock.today()
    row = spaces_advertised(on).filter(code=code).first()
    if row is None:
        get_object_or_404(ProductionSpace, code=code)
        return render(request, "workshops/space_gone.html", status=404)
    (advert,) = adverts_of([row], on)
    return render(request, "workshops/space.html", advert_context(advert))


@require_safe
@allow(KEEPERS)
def kept_spaces(request: HttpRequest) -> HttpResponse:
    """The idle areas of one's institution and until when each is on the public list."""
    on = clock.today()
    rows = kept_rows(list(spaces_kept_by(request.user, on)), on)
    return render(request, "workshops/kept_spaces.html", {"rows": rows})


@require_POST
@allow(KEEPERS)
def confirm(request: HttpRequest, space_id: int) -> HttpResponse:
    """The area is still idle and as described: thirty days more on the list."""
    row = get_object_or_404(spaces_kept_by(request.user, clock.today()), pk=space_id)
    try:
        confirm_advert(actor=request.user, space_id=row.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed: the area is on the public list for 30 days."))
    return redirect("workshops:kept_spaces")


@require_POST
@allow(KEEPERS)
def take_off(request: HttpRequest, space_id: int) -> HttpResponse:
    """The area leaves the public list."""
    row = get_object_or_404(spaces_kept_by(request.user, clock.today()), pk=space_id)
    take_advert_off(actor=request.user, space_id=row.pk, at=clock.now())
    messages.success(request, _("The area is off the public list."))
    return redirect("workshops:kept_spaces")
