"""The page of jobs: what the queue has to do, does, did and failed to do."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.front.jobs import job_row, known, name_choices, status_choices
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.htmx import part_or_page
from portal.kernel.jobs import retry_task_run, runs_counted, send_task_run_again, task_runs
from portal.kernel.models import TaskRun, TaskStatus

PAGE_SIZE = 25
administrators = role_holders(Role.ADMINISTRATOR)


@require_safe
@allow(administrators)
def jobs(request: HttpRequest) -> HttpResponse:
    """The runs by state and work, the newest first; htmx asks for the table alone."""
    at = clock.now()
    counts = runs_counted()
    names = name_choices(counts)
    status = known(request.GET.get("status", ""), TaskStatus.values)
    name = known(request.GET.get("name", ""), (code for code, _label in names))
    found = task_runs(status=status, name=name)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [job_row(run, at) for run in page],
        "statuses": status_choices(counts, status, name),
        "names": names,
        "status": status,
        "name": name,
        "is_filtered": bool(status or name),
        "is_under_way": any(not run.is_finished for run in page),
        "query": request.GET.urlencode(),
    }
    return part_or_page(request, "front/jobs.html", "front/_jobs_table.html", context)


@require_POST
@allow(administrators)
def retry(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Let a failed run begin anew."""
    return _order(request, run_id, retry_task_run, _("The job waits again and begins at once."))


@require_POST
@allow(administrators)
def send_again(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Send a waiting run now."""
    return _order(request, run_id, send_task_run_again, _("The job is sent to the workers."))


def _order(
    request: HttpRequest, run_id: uuid.UUID, service: Callable[..., Any], done: str
) -> HttpResponse:
    """Give the order and come back to the list as it was filtered."""
    get_object_or_404(TaskRun, pk=run_id)
    try:
        service(actor=request.user, run_id=run_id, at=clock.now(), rule=administrators)
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    query = request.GET.urlencode()
    return redirect(reverse("front:jobs") + (f"?{query}" if query else ""))
