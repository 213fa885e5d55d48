"""Pages of the import: choose a file, look at what it would write, decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.forms.imports import ApplyForm, ImportForm
from inmates.models import PeopleImport
from inmates.presenters.imports import preview_rows, problem_rows, template_book
from inmates.rules import PEOPLE_ACTS
from inmates.selectors.imports import import_institutions, imports_visible_to, posts_of
from inmates.services.import_jobs import ImportPassesOthers
from inmates.services.imports import (
    apply_people_import,
    drop_people_import,
    plan_of_import,
    receive_people_sheet,
)
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST = 10
PAGE_SIZE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PEOPLE_ACTS)
def people_imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; the last ones and what came of them stand below."""
    on = clock.today()
    institutions = import_institutions(request.user, on)
    form = ImportForm(request.POST or None, request.FILES or None, institutions=institutions)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                row = receive_people_sheet(
                    actor=request.user,
                    institution_id=form.cleaned_data["institution"].pk,
                    file_name=form.cleaned_data["file"].name,
                    content=form.cleaned_data["file"].read(),
                    at=clock.now(),
                )
            except PortalError as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("inmates:people_import", import_id=row.pk)
        status = 422
    rows = imports_visible_to(request.user, on)[:LAST]
    context = {"form": form, "rows": rows, "is_wide": len(institutions) > 1}
    return render(request, "inmates/people/imports.html", context, status=status)


@require_safe
@allow(PEOPLE_ACTS)
def people_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """What the file would make true today; every problem by row and column comes first."""
    row = get_object_or_404(imports_visible_to(request.user, clock.today()), pk=import_id)
    return _page(request, row)


def _page(request: HttpRequest, row: PeopleImport, refused: str = "") -> HttpResponse:
    """The file and the form of the decision; a refusal stands in it with what was typed."""
    on = clock.today()
    plan = plan_of_import(row, on)
    form = ApplyForm(
        request.POST if refused else None,
        action=reverse("inmates:people_import_apply", args=[row.pk]),
        asks_reason=any(one.job.until is None or one.job.until > on for one in plan.jobs),
    )
    if refused:
        form.add_error(None, refused)
    # Names and IINs stand among what was typed: whoever sent the file has them, others have not.
    is_own = row.uploaded_by_id == request.user.pk
    context = {
        "row": row,
        "plan": plan,
        "problems": problem_rows(plan.problems, shows_identity=is_own),
        "page": Paginator(preview_rows(plan), PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
    }
    status = 422 if refused else 200
    response = render(request, "inmates/people/import.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow(PEOPLE_ACTS)
def people_import_apply(request: HttpRequest, import_id: int) -> HttpResponse:
    """Write everybody of the file."""
    seen = get_object_or_404(imports_visible_to(request.user, clock.today()), pk=import_id)
    reason = request.POST.get("reason", "").replace("\x00", "")[:300]
    try:
        row = apply_people_import(
            actor=request.user, import_id=import_id, at=clock.now(), reason=reason
        )
    except ImportPassesOthers as refused:
        return _page(request, seen, str(refused))
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        told = _("Written: %(people)s people, %(placements)s placements.")
        counts = {"people": row.people, "placements": row.placements}
        messages.success(request, told % counts)
    return redirect("inmates:people_import", import_id=import_id)


@require_POST
@allow(PEOPLE_ACTS)
def people_import_drop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Drop the file; what it held is forgotten."""
    get_object_or_404(imports_visible_to(request.user, clock.today()), pk=import_id)
    try:
        drop_people_import(actor=request.user, import_id=import_id, at=clock.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file is dropped. Nothing was written."))
    return redirect("inmates:people_imports")


@require_safe
@allow(PEOPLE_ACTS)
def people_import_template(request: HttpRequest) -> HttpResponse:
    """An empty table to fill in, with the workshops and posts of the reader's institutions."""
    posts = posts_of(import_institutions(request.user, clock.today()))
    response = HttpResponse(template_book(list(posts)), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return response
