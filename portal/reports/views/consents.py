"""The department's page of withdrawals and of placings out of the order of the queue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inmates.presenters.places import override_rows
from inmates.selectors.queue import overrides_of
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.reports.consents.presenters import withdrawal_rows
from portal.reports.consents.selectors import withdrawals
from portal.reports.selectors import analyst_department, institutions_visible_to

OVERRIDES_SHOWN = 100


@require_safe
@allow(role_holders(Role.ANALYST))
def consents(request: HttpRequest) -> HttpResponse:
    """Withdrawals first, the open ones above; then who was placed out of order and why."""
    on = clock.today()
    department = analyst_department(request.user, on)
    institutions = list(institutions_visible_to(request.user, on, department))
    context = {
        "withdrawals": withdrawal_rows(withdrawals(institutions, on), on),
        "overrides": override_rows(overrides_of(institutions)[:OVERRIDES_SHOWN]),
    }
    return render(request, "reports/consents.html", context)
