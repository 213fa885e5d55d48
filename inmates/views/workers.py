"""What a private employer's accountant and head see of its workers: never why a day was missed."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.presenters.workers import worker_rows, workers_book
from inmates.selectors.people import identities_on_list
from inmates.selectors.workers import WORKERS_READERS, private_employers_of, workers_of
from portal.accounts.models import Organisation
from portal.accounts.rules import role_holders
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.periods import Month
from portal.kernel.text import month_name

readers = role_holders(*WORKERS_READERS)
MONTHS_OFFERED = 24
PAGE_SIZE = 100
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@allow(readers)
def workers(request: HttpRequest) -> HttpResponse:
    """The workers of one private employer in a month; reading their names is audited."""
    on, at = clock.today(), clock.now()
    employers = list(private_employers_of(request.user, on))
    months = [Month.of(on).plus(-back) for back in range(MONTHS_OFFERED)]
    context = {"employers": employers, "months": [(str(one), month_name(one)) for one in months]}
    if not employers:
        return render(request, "inmates/workers/workers.html", context)
    chosen = request.GET.get("employer", "")
    employer = next((one for one in employers if str(one.pk) == chosen), employers[0])
    month = _month(request, on)
    found = workers_of(request.user, on, employer, month)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    names = identities_on_list(
        actor=request.user, inmates=page.object_list, purpose="employer_workers", at=at,
        subject=employer,
    )  # fmt: skip
    context |= {
        "employer": employer,
        "chosen_month": str(month),
        "month": month,
        "page": page,
        "rows": worker_rows(page.object_list, names),
        "lead": _("%(employer)s, %(month)s")
        % {"employer": employer.name, "month": month_name(month)},
    }
    return render(request, "inmates/workers/workers.html", context)


@require_safe
@allow(readers)
def workers_xlsx(request: HttpRequest, employer_id: int) -> HttpResponse:
    """The same as a workbook; the export is audited."""
    on, at = clock.today(), clock.now()
    employers = private_employers_of(request.user, on)
    employer: Organisation = get_object_or_404(employers, pk=employer_id)
    month = _month(request, on)
    found = list(workers_of(request.user, on, employer, month))
    names = identities_on_list(
        actor=request.user, inmates=found, purpose="employer_workers_export", at=at,
        subject=employer,
    )  # fmt: skip
    audit.record(
        actor=request.user, action="workers_exported", at=at, subject=employer,
        month=str(month), people=len(found),
    )  # fmt: skip
    book = workers_book(employer.name, month, worker_rows(found, names))
    response = HttpResponse(book, content_type=BOOK)
    response["Content-Disposition"] = f'attachment; filename="workers-{month}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def _month(request: HttpRequest, on: date) -> Month:
    """The month asked for, or the present one where nothing readable is asked."""
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month.of(on)
