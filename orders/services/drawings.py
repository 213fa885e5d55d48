"""Drawings of a request: attached after a check of their content, removed, handed out."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import RequestStatus
from orders.models import Drawing
from orders.models.requests import MOST_DRAWINGS
from orders.services.requests import NotADraft, locked_request
from portal.kernel.audit import record
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.uploads import CheckedFile, check_upload


class DrawingsFull(PortalError):
    message = _("There are ten drawings already. Remove one first.")


class DrawingAttached(PortalError):
    message = _("“%(name)s” is attached already.")


class DrawingLost(PortalError):
    """The row is there, the file is not: somebody has to look at the storage."""

    status = 404
    message = _("This file cannot be read now. Tell the administrator of the portal its name.")


def add_drawing(*, actor: Any, request_id: int, file: Any, at: datetime) -> Drawing:
    """The file is a drawing of the draft, under a name nobody can guess.

    Refused: what `check_upload` refuses, the eleventh, the same file twice, a published request.
    The check runs before any lock is taken: it may need seconds.
    """
    checked = check_upload(file)
    with transaction.atomic():
        request = locked_request(actor, request_id, at)
        if request.status != RequestStatus.DRAFT:
            raise NotADraft
        present = list(request.drawings.values_list("sequence", "sha256"))
        free = set(range(1, MOST_DRAWINGS + 1)) - {place for place, _sum in present}
        if checked.sha256 in {known for _place, known in present}:
            raise DrawingAttached(name=checked.name)
        if not free:
            raise DrawingsFull
        drawing = _row(checked, min(free), at)
        drawing.request, drawing.uploaded_by = request, actor
        return _store(drawing, checked)


def _row(checked: CheckedFile, place: int, at: datetime) -> Drawing:
    return Drawing(
        sequence=place,
        kind=checked.kind,
        original_name=checked.name,
        sha256=checked.sha256,
        size=checked.size,
        pages=checked.pages,
        width=checked.width,
        height=checked.height,
        uploaded_at=at,
    )


def _store(drawing: Drawing, checked: CheckedFile) -> Drawing:
    """File and row, or neither: a refused row leaves no file behind."""
    drawing.file.save("", checked.as_file(), save=False)
    try:
        with readable_refusals(), transaction.atomic():
            drawing.save()
    except Exception:
        default_storage.delete(drawing.file.name)
        raise
    return drawing


@transaction.atomic
def remove_drawing(*, actor: Any, request_id: int, drawing_id: int, at: datetime) -> None:
    """The drawing is gone, its file after the commit. Refused once published. Harmless twice."""
    request = locked_request(actor, request_id, at)
    if request.status != RequestStatus.DRAFT:
        raise NotADraft
    drawing = request.drawings.filter(pk=drawing_id).first()
    if drawing is not None:
        # A storage that is away is logged: the drawing is gone for everybody all the same.
        transaction.on_commit(partial(default_storage.delete, drawing.file.name), robust=True)
        drawing.delete()


def export_drawing(*, actor: Any, drawing: Drawing, at: datetime) -> Any:
    """The open file, and a row in the audit trail that says who took it."""
    try:
        opened = drawing.file.open("rb")
    except OSError as error:
        raise DrawingLost from error
    record(
        actor=actor,
        action="drawing_exported",
        at=at,
        subject=drawing,
        request=drawing.request_id,
    )
    return opened
