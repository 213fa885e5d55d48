"""The page of changes of approved months: what waits for the next wages, what is settled."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.presenters.backdated import change_rows
from inmates.rules import PAYROLL_PAGES
from inmates.selectors.backdated import changes_visible_to, grouped, with_names
from inmates.selectors.payroll import payroll_runs_visible_to
from portal.kernel import clock
from portal.kernel.access import allow

PAGE_SIZE = 30
SETTLED = "settled"


@require_safe
@allow(PAYROLL_PAGES)
def changes(request: HttpRequest) -> HttpResponse:
    """Each act once, with the people it concerns by number; never a name."""
    on = clock.today()
    is_open = request.GET.get("show") != SETTLED
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:12]
    found = grouped(
        changes_visible_to(request.user, on),
        is_open=is_open,
        number=typed,
        place=_place(request.GET.get("place", "")),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = with_names(list(page.object_list))
    runs = {one.run.pk for one in shown if one.run}
    own = set(
        payroll_runs_visible_to(request.user, on).filter(pk__in=runs).values_list("pk", flat=True)
    )
    here = reverse("inmates:backdated_changes")
    context = {
        "rows": change_rows(shown, own=own),
        "page": page,
        "is_open": is_open,
        "typed": typed,
        "place": request.GET.get("place", ""),
        "tabs": [
            _tab(_("Waiting for the next wages"), here, is_open),
            _tab(_("Settled with wages"), f"{here}?show={SETTLED}", not is_open),
        ],
        "crumbs": [
            {"label": _("Payroll"), "url": reverse("inmates:payroll_runs")},
            {"label": _("Changes of approved months")},
        ],
    }
    return render(request, "inmates/payroll/changes.html", context)


def _tab(label: str, url: str, is_here: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "is_here": is_here}


def _place(typed: str) -> tuple[int, int] | None:
    """Payer and institution of the address; nonsense limits nothing."""
    payer, _dash, place = typed.partition("-")
    if all(key.isascii() and key.isdigit() and len(key) < 10 for key in (payer, place)):
        return int(payer), int(place)
    return None
