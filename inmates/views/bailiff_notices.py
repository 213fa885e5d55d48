"""Notices to bailiffs: what is to be sent by when, one of them, its paper, sent or not needed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.forms.wage_papers import CancelNoticeForm, SendNoticeForm
from inmates.models import BailiffNotice
from inmates.papers.enums import NoticeStatus
from inmates.papers.refusals import NoticeSettled
from inmates.presenters.bailiff_notices import (
    notice_document,
    notice_facts,
    notice_row,
    notice_rows,
    tabs,
)
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES, can_tell_bailiff
from inmates.selectors.bailiff_notices import late_notices, notices_listed, notices_visible_to
from inmates.selectors.people import identities
from inmates.selectors.writs import balances, months_of_writs
from inmates.services.bailiff_notices import cancel_notice, send_notice
from inmates.services.work_papers import issue_notice
from portal.accounts.enums import Role
from portal.accounts.selectors import people_in_role
from portal.documents.answers import pdf_answer, print_language
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

PAGE_SIZE = 50


@require_safe
@allow(PAYROLL_PAGES)
def bailiff_notices(request: HttpRequest) -> HttpResponse:
    """What is to be sent, the first due first, late ones counted; or what is settled."""
    on = clock.today()
    state = "settled" if request.GET.get("state") == "settled" else "waiting"
    page = Paginator(notices_listed(request.user, on, state=state), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    audit.record(
        actor=request.user, action="bailiff_notices_listed", at=clock.now(),
        notices=[one.pk for one in shown],
    )  # fmt: skip
    context = {
        "rows": notice_rows(shown, on),
        "page": page,
        "tabs": tabs(state),
        "late": late_notices(request.user, on).count(),
    }
    return render(request, "inmates/notices/notices.html", context)


def _visible(request: HttpRequest, notice_id: int) -> BailiffNotice:
    return get_object_or_404(notices_visible_to(request.user, clock.today()), pk=notice_id)


@require_safe
@allow(PAYROLL_PAGES)
def bailiff_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice: what happened, until when it is due, and what is to be done."""
    return _page(request, _visible(request, notice_id))


def _page(request: HttpRequest, notice: BailiffNotice, status: int = 200, **sent: Any) -> Any:
    on = clock.today()
    row = notice_row(notice, on)
    may = _may(request, notice, on)
    is_waiting = notice.status == NoticeStatus.WAITING
    context: dict[str, Any] = {
        "notice": notice,
        "row": row,
        "title": _("Notice to the bailiff, № %(number)s") % {"number": row["person"]},
        "crumbs": [
            {"label": _("Notices to bailiffs"), "url": reverse("inmates:bailiff_notices")},
            {"label": f"№ {row['person']}"},
        ],
        "facts": notice_facts(notice, row, _owners(notice, on)),
        "may": may,
    }
    if may and is_waiting:
        initial = {"sent_on": on}
        send = reverse("inmates:bailiff_notice_send", args=[notice.pk])
        cancel = reverse("inmates:bailiff_notice_cancel", args=[notice.pk])
        context |= {
            "sending": sent.get("send") or SendNoticeForm(action=send, initial=initial),
            "cancelling": sent.get("cancel") or CancelNoticeForm(action=cancel),
        }
    return render(request, "inmates/notices/notice.html", context, status=status)


def _owners(notice: BailiffNotice, on: date) -> list[str]:
    """The payer's accountants at the place."""
    place_id = notice.institution.organisation_id
    people = people_in_role(Role.ACCOUNTANT, notice.payer_id, on, place_ids=[place_id])
    return [person.get_full_name() for person in people]


def _may(request: HttpRequest, notice: BailiffNotice, on: date) -> Any:
    place_id = notice.institution.organisation_id
    return can_tell_bailiff(request.user, notice.payer_id, place_id, on)


@require_POST
@allow(PAYROLL_ACTS)
def bailiff_notice_send(request: HttpRequest, notice_id: int) -> HttpResponse:
    """It went out on a day under a number."""
    notice = _visible(request, notice_id)
    form = SendNoticeForm(request.POST, action=request.path)
    if form.is_valid():
        try:
            send_notice(
                actor=request.user, notice_id=notice.pk, at=clock.now(), **form.cleaned_data
            )
        except NoticeSettled as refused:
            messages.error(request, str(refused))
            return redirect("inmates:bailiff_notice", notice_id=notice.pk)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted as sent."))
            return redirect("inmates:bailiff_notices")
    return _page(request, _visible(request, notice_id), 422, send=form)


@require_POST
@allow(PAYROLL_ACTS)
def bailiff_notice_cancel(request: HttpRequest, notice_id: int) -> HttpResponse:
    """It is not needed, and why."""
    notice = _visible(request, notice_id)
    form = CancelNoticeForm(request.POST, action=request.path)
    if form.is_valid():
        try:
            cancel_notice(
                actor=request.user, notice_id=notice.pk, at=clock.now(), **form.cleaned_data
            )
        except NoticeSettled as refused:
            messages.error(request, str(refused))
            return redirect("inmates:bailiff_notice", notice_id=notice.pk)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted as not needed."))
            return redirect("inmates:bailiff_notices")
    return _page(request, _visible(request, notice_id), 422, cancel=form)


@require_safe
@allow(PAYROLL_ACTS)
def bailiff_notice_pdf(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The letter to sign and send, in ru or kk; the name on it is on record."""
    notice = _visible(request, notice_id)
    at = clock.now()
    issued = issue_notice(actor=request.user, notice_id=notice.pk, at=at)
    found = identities(actor=request.user, inmates=[notice.inmate], purpose="bailiff_notice", at=at)
    months = months_of_writs([notice.writ_id])
    standing = balances([notice.writ], months)[notice.writ_id]
    own = [month for month in months if month.payer_id == notice.payer_id]
    by_us = balances([notice.writ], own)[notice.writ_id].withheld
    language = print_language(request)
    with translation.override(language):
        data = notice_document(
            notice, standing, found.get(notice.inmate_id), by_us=by_us, on=clock.today(),
            stamp=stamp_of(issued, check_address(request, issued)),
        )  # fmt: skip
    pdf = render_pdf("bailiff_notice.typ", data, created_at=issued.issued_at)
    audit.record(
        actor=request.user, action="bailiff_notice_printed", at=at, subject=notice,
        language=language,
    )  # fmt: skip
    return pdf_answer(pdf, f"bailiff-notice-{issued.number}-{language}")
