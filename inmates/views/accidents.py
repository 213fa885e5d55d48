"""Accidents and collective disputes with the notices that are due next working day."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.forms.accidents import AccidentForm, CloseForm, NoticeForm
from inmates.models import Accident, AccidentNotice
from inmates.presenters.accidents import (
    accident_facts,
    accident_history,
    accident_row,
    late_rows,
    notice_document,
)
from inmates.rules import PEOPLE_ACTS, PEOPLE_PAGES
from inmates.selectors.accidents import accidents_visible_to, late_notices
from inmates.selectors.desk import desk_institutions
from inmates.services.accidents import close_accident, record_accident, send_notice
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role
from portal.documents.answers import pdf_answer, print_language
from portal.documents.render import render_pdf
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

METHODS = ["GET", "HEAD", "POST"]
SHOWN = 100


@require_safe
@allow(PEOPLE_PAGES)
def accidents(request: HttpRequest) -> HttpResponse:
    """The institution's accidents, the newest first; late notices at the head with their owner."""
    on = clock.today()
    rows = [accident_row(one, on) for one in accidents_visible_to(request.user, on)[:SHOWN]]
    context = {
        "rows": rows,
        "late": late_rows(late_notices(desk_institutions(request.user, on), on), linked=True),
        "may_enter": _is_officer(request, on),
    }
    return render(request, "inmates/safety/accidents.html", context)


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def accident_new(request: HttpRequest) -> HttpResponse:
    """What happened, where and to whom; two notices are due from then on."""
    on = clock.today()
    form = AccidentForm(
        request.POST or None,
        institutions=desk_institutions(request.user, on),
        initial={"day": on},
    )
    status = 200
    if request.method == "POST":
        found = _record(request, form) if form.is_valid() else None
        if found is not None:
            messages.success(request, _("Entered. Two notices are to be sent."))
            return redirect("inmates:accident", accident_id=found.pk)
        status = 422
    return render(request, "inmates/safety/accident_new.html", {"form": form}, status=status)


def _record(request: HttpRequest, form: AccidentForm) -> Accident | None:
    data = form.cleaned_data
    try:
        return record_accident(
            actor=request.user,
            institution_id=data["institution"].pk,
            workshop_id=data["workshop"].pk if data["workshop"] else None,
            kind=data["kind"],
            happened_at=form.moment(),
            inmate_ids=data["people"],
            circumstances=data["circumstances"],
            at=clock.now(),
        )
    except PortalError as refused:
        form.add_error(None, str(refused))
        return None


@require_safe
@allow(PEOPLE_PAGES)
def accident(request: HttpRequest, accident_id: int) -> HttpResponse:
    """One accident: facts, notices with what is to be done, history."""
    found = _accident(request, accident_id)
    return _page(request, found)


def _page(request: HttpRequest, found: Accident, status: int = 200, **sent: Any) -> HttpResponse:
    """The page with the form that was sent and refused, if one was."""
    on = clock.today()
    row = accident_row(found, on)
    may_act = _is_officer(request, on)
    for notice in row["notices"]:
        if may_act and not notice["is_sent"]:
            action = reverse("inmates:accident_notice_send", args=[notice["pk"]])
            moment = clock.now()
            initial = {"day": on, "clock": f"{moment:%H:%M}"}
            prefix = f"n{notice['pk']}"
            notice["form"] = sent.get(prefix) or NoticeForm(
                action=action, initial=initial, prefix=prefix
            )
    closing = None
    if may_act and found.status == "notified":
        action = reverse("inmates:accident_close", args=[found.pk])
        closing = sent.get("close") or CloseForm(action=action)
    context = {
        "row": row,
        "crumbs": [
            {"label": _("Accidents"), "url": reverse("inmates:accidents")},
            {"label": row["when"]},
        ],
        "facts": accident_facts(found, row),
        "rows": accident_history(found),
        "closing": closing,
    }
    return render(request, "inmates/safety/accident.html", context, status=status)


def _accident(request: HttpRequest, accident_id: int) -> Accident:
    seen = accidents_visible_to(request.user, clock.today())
    found: Accident = get_object_or_404(seen, pk=accident_id)
    return found


def _notice(request: HttpRequest, notice_id: int) -> AccidentNotice:
    seen = accidents_visible_to(request.user, clock.today())
    rows = AccidentNotice.objects.filter(accident__in=seen)
    found: AccidentNotice = get_object_or_404(rows, pk=notice_id)
    return found


def _is_officer(request: HttpRequest, on: date) -> bool:
    return has_role(request.user, on, Role.LABOUR_OFFICER)


@require_POST
@allow(PEOPLE_ACTS)
def accident_notice_send(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice went out in writing under a number."""
    notice = _notice(request, notice_id)
    prefix = f"n{notice.pk}"
    form = NoticeForm(request.POST, action=request.path, prefix=prefix)
    if form.is_valid():
        try:
            send_notice(
                actor=request.user,
                notice_id=notice.pk,
                document_number=form.cleaned_data["document_number"],
                sent_at=form.moment(),
                at=clock.now(),
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted as sent."))
            return redirect("inmates:accident", accident_id=notice.accident_id)
    found = _accident(request, notice.accident_id)
    return _page(request, found, 422, **{prefix: form})


@require_safe
@allow(PEOPLE_PAGES)
def accident_notice_pdf(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The notice to be signed, in one of the two languages."""
    notice = _notice(request, notice_id)
    notice.accident = _accident(request, notice.accident_id)
    language = print_language(request)
    with translation.override(language):
        data = notice_document(notice, language)
    pdf = render_pdf("accident_notice.typ", data, created_at=clock.now())
    return pdf_answer(pdf, f"notice-{notice.accident_id}-{notice.addressee}-{language}")


@require_POST
@allow(PEOPLE_ACTS)
def accident_close(request: HttpRequest, accident_id: int) -> HttpResponse:
    """It has been looked into."""
    found = _accident(request, accident_id)
    form = CloseForm(request.POST, action=request.path)
    if form.is_valid():
        try:
            close_accident(
                actor=request.user,
                accident_id=found.pk,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Closed."))
            return redirect("inmates:accident", accident_id=found.pk)
    return _page(request, found, 422, close=form)
