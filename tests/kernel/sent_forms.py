"""A view of the tests that takes named forms: what it does stands in the form itself."""

import uuid
from threading import Event
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from portal.kernel import audit, clock
from portal.kernel.access import allow, signed_in
from portal.kernel.errors import PortalError
from portal.kernel.models import AuditEvent
from portal.kernel.once import once

URL = "/sent/"
# A "slow" form is inside the view, and may go on; `cut` is the connection it works on.
INSIDE, GO_ON = Event(), Event()
cut: list[int] = []


@allow(signed_in)
@once
def take(request: HttpRequest) -> HttpResponse:
    """Writes one row, then ends as the form says."""
    if request.method != "POST":
        return HttpResponse("the form")
    act = request.POST["act"]
    audit.record(actor=request.user, action="test.sent", at=clock.now(), act=act)
    if act == "break":
        raise ZeroDivisionError
    if act == "refuse":
        return HttpResponse("not so", status=422)
    if act == "conflict":
        raise PortalError("Not now.")
    if act == "gone":
        raise Http404
    if act.startswith("slow"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            cut[:] = cursor.fetchone()
        INSIDE.set()
        GO_ON.wait(10)
        if act == "slow, then refuse":
            return HttpResponse("not so", status=422)
    messages.success(request, f"Saved: {request.POST.get('text', '')}")
    return redirect("/there/?page=2")


urlpatterns = [path("sent/", take, name="sent"), path("", include("portal.urls"))]


def form(key: Any = None, act: str = "save", **fields: str) -> dict[str, str]:
    return {"submission": str(key or uuid.uuid4()), "act": act, **fields}


def written() -> int:
    return AuditEvent.objects.filter(action="test.sent").count()
