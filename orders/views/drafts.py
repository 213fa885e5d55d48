"""The small forms of a draft: a drawing added or removed, workshops chosen. Drawings handed out."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.forms.requests import DrawingForm, InviteForm
from orders.selectors.requests import drawings_visible_to
from orders.services.drawings import add_drawing, export_drawing, remove_drawing
from orders.services.requests import invite_workshops
from orders.views.requests import buyers, posted, show_request
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.uploads import CONTENT_TYPES, FileKind

both_sides = role_holders(Role.BUYER, Role.OPERATOR)


@require_POST
@allow(buyers)
def drawing_add(request: HttpRequest, request_id: int) -> HttpResponse:
    """Attach one file; a refused one is told by its name and nothing else is lost."""
    row = posted(request, request_id)
    form = DrawingForm(
        request.POST, request.FILES, action=reverse("orders:drawing_add", args=[row.pk])
    )
    if form.is_valid():
        try:
            drawing = add_drawing(
                actor=request.user,
                request_id=row.pk,
                file=form.cleaned_data["file"],
                at=clock.now(),
            )
        except Forbidden:
            raise
        except PortalError as refusal:
            form.add_error("file", str(refusal))
        else:
            told = _("Added: %(name)s.") % {"name": drawing.original_name}
            messages.success(request, told)
            return redirect(f"{reverse('orders:request', args=[row.pk])}#drawings")
    return show_request(request, row, drawing_form=form)


@require_POST
@allow(buyers)
def drawing_remove(request: HttpRequest, request_id: int, drawing_id: int) -> HttpResponse:
    """Take a drawing out of a draft."""
    row = posted(request, request_id)
    try:
        remove_drawing(actor=request.user, request_id=row.pk, drawing_id=drawing_id, at=clock.now())
    except Forbidden:
        raise
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('orders:request', args=[row.pk])}#drawings")


@require_safe
@allow(both_sides)
def drawing(request: HttpRequest, drawing_id: int) -> HttpResponse | FileResponse:
    """The file itself, to be saved and never to be run; who took it is recorded."""
    row = get_object_or_404(drawings_visible_to(request.user, clock.today()), pk=drawing_id)
    opened = export_drawing(actor=request.user, drawing=row, at=clock.now())
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=row.original_name,
        content_type=CONTENT_TYPES[FileKind(row.kind)],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@allow(buyers)
def request_invite(request: HttpRequest, request_id: int) -> HttpResponse:
    """Choose the workshops that shall see the request."""
    row = posted(request, request_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return show_request(request, row, invite_form=form)
    try:
        invite_workshops(
            actor=request.user,
            request_id=row.pk,
            workshop_ids=form.workshop_ids(),
            at=clock.now(),
        )
    except Forbidden:
        raise
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return show_request(request, row, invite_form=form)
    messages.success(request, _("The choice of workshops is saved."))
    return redirect(f"{reverse('orders:request', args=[row.pk])}#workshops")
