"""Who leaves custody within three months: the list, one file, its steps and papers."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.forms.wage_papers import StepForm
from inmates.papers.enums import LeavingStepCode
from inmates.presenters.leaving import (
    file_facts,
    forecast_facts,
    leaving_rows,
    refusal_words,
    step_hints,
    step_rows,
    writ_rows,
)
from inmates.presenters.leaving_papers import (
    settlement_document,
    skill_passport_document,
    work_certificate_document,
)
from inmates.rules import LEAVING_ACTS, LEAVING_PAGES, can_place_inmate
from inmates.selectors.leaving import leaving, open_writs, payers_of_accountant, steps_of
from inmates.selectors.leaving_forecast import forecast
from inmates.selectors.payroll_inputs import operation_titles
from inmates.selectors.people import Identity, identities
from inmates.selectors.work_history import grades, skills, stretches, trainings
from inmates.selectors.writs import balances, months_of_writs
from inmates.services.leaving_file import may_settle, settle_step
from inmates.services.work_papers import issue_skill_passport, issue_work_certificate
from portal.documents.answers import pdf_answer, print_language
from portal.documents.models import IssuedDocument
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError

PAGE_SIZE = 100
ACTS = ("finish", "leave_out", "reopen")
Paper = Callable[[HttpRequest, Any, str, datetime], bytes]


@require_safe
@allow(LEAVING_PAGES)
def leaving_list(request: HttpRequest) -> HttpResponse:
    """Those expected to leave, the nearest first, with how far each file is."""
    on = clock.today()
    page = Paginator(leaving(request.user, on), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": leaving_rows(page.object_list, on)}
    return render(request, "inmates/leaving/list.html", context)


def _stay(request: HttpRequest, number: str) -> Any:
    rows = leaving(request.user, clock.today())
    return get_object_or_404(rows, inmate__personnel_number=number)


@require_safe
@allow(LEAVING_PAGES)
def leaving_file(request: HttpRequest, number: str) -> HttpResponse:
    """Steps with who answers for each; the settlement for the payer's accountant alone."""
    return _page(request, _stay(request, number))


def _page(
    request: HttpRequest, stay: Any, status: int = 200, problem: str = "", typed: str = ""
) -> HttpResponse:
    """`typed`: the step that was refused; what was typed there stays."""
    on, at = clock.today(), clock.now()
    payers = payers_of_accountant(request.user, stay, on)
    person = stay.inmate.personnel_number
    hints = step_hints(stay, writs=stay.writ_count, untold=stay.untold_count)
    steps = steps_of(stay.leaving_steps.select_related("changed_by"))
    context: dict[str, Any] = {
        "stay": stay,
        "title": _("Leaving file, № %(number)s") % {"number": person},
        "crumbs": [
            {"label": _("Leaving soon"), "url": reverse("inmates:leaving")},
            {"label": f"№ {person}"},
        ],
        "facts": file_facts(stay, on),
        "steps": step_rows(
            steps,
            person,
            lambda code: may_settle(request.user, stay, code, at),
            hints,
            {typed: request.POST.get("note", "")},
        ),
        "papers": _papers_of(request, stay),
        "problem": problem,
        "forecasts": [],
    }
    if payers:
        context |= _settlement_of(stay, payers, on)
        audit.record(actor=request.user, action="settlement_forecast", at=at, subject=stay.inmate)
    return render(request, "inmates/leaving/file.html", context, status=status)


def _settlement_of(stay: Any, payers: Any, on: date) -> dict[str, Any]:
    """The forecasts of these payers, and the writs to be handed over."""
    found = [forecast(payer, stay.inmate, stay.release_on, on) for payer in payers]
    writs = list(open_writs(stay, on))
    standing = balances(writs, months_of_writs([writ.pk for writ in writs]))
    return {
        "forecasts": [
            {"payer": one.payer.name, "why": refusal_words(one), "facts": forecast_facts(one)}
            for one in found
        ],
        "writs": writ_rows(writs, standing),
    }


def _is_officer(request: HttpRequest, stay: Any) -> bool:
    place_id = stay.institution.organisation_id
    return bool(can_place_inmate(request.user, place_id, clock.today()))


def _papers_of(request: HttpRequest, stay: Any) -> list[dict[str, str]]:
    """The papers this reader may print."""
    names = {
        "work-certificate": _("Certificate of work"),
        "skill-passport": _("Skill passport"),
        "settlement": _("Settlement at release: forecast"),
    }
    person = stay.inmate.personnel_number
    return [
        {"label": str(names[code]), "url": reverse("inmates:leaving_paper", args=[person, code])}
        for code in _allowed(request, stay)
    ]


def _allowed(request: HttpRequest, stay: Any) -> list[str]:
    codes = ["work-certificate", "skill-passport"] if _is_officer(request, stay) else []
    if payers_of_accountant(request.user, stay, clock.today()):
        codes.append("settlement")
    return codes


@require_POST
@allow(LEAVING_ACTS)
def leaving_step(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A step is done, not needed or to be done again."""
    stay = _stay(request, number)
    act = request.POST.get("act", "")
    if code not in LeavingStepCode.values or act not in ACTS:
        raise Http404
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, stay, 422, _("The note is too long."), code)
    try:
        settle_step(
            actor=request.user, stay_id=stay.pk, code=code, act=act,
            note=form.cleaned_data["note"], at=clock.now(),
        )  # fmt: skip
    except Forbidden:
        raise
    except PortalError as refused:
        return _page(request, _stay(request, number), 422, str(refused), code)
    messages.success(request, _("Noted."))
    return redirect("inmates:leaving_file", number=number)


@require_safe
@allow(LEAVING_ACTS)
def leaving_paper(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    """One paper of the file in ru or kk; the name on it is on record."""
    stay = _stay(request, number)
    if paper not in PAPERS or paper not in _allowed(request, stay):
        raise Http404
    language = print_language(request)
    pdf = PAPERS[paper](request, stay, language, clock.now())
    _note(request, stay, [paper], language)
    return pdf_answer(pdf, f"{paper}-{number}-{language}")


@require_safe
@allow(LEAVING_ACTS)
def leaving_papers_zip(request: HttpRequest, number: str) -> HttpResponse:
    """Every paper this reader may print, in one archive."""
    stay = _stay(request, number)
    allowed, language = _allowed(request, stay), print_language(request)
    if not allowed:
        raise Http404
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for code in allowed:
            pdf = PAPERS[code](request, stay, language, clock.now())
            archive.writestr(f"{code}-{number}-{language}.pdf", pdf)
    _note(request, stay, allowed, language)
    headers = {
        "Content-Disposition": f'attachment; filename="leaving-{number}-{language}.zip"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(stream.getvalue(), content_type="application/zip", headers=headers)


def _note(request: HttpRequest, stay: Any, papers: list[str], language: str) -> None:
    audit.record(
        actor=request.user, action="leaving_papers_printed", at=clock.now(), subject=stay.inmate,
        papers=papers, language=language,
    )  # fmt: skip


def _who(request: HttpRequest, stay: Any, at: datetime) -> Identity | None:
    found = identities(actor=request.user, inmates=[stay.inmate], purpose="leaving_file", at=at)
    return found.get(stay.inmate_id)


def _stamp(request: HttpRequest, issued: IssuedDocument) -> dict[str, Any]:
    return stamp_of(issued, check_address(request, issued))


def _work_certificate(request: HttpRequest, stay: Any, language: str, at: datetime) -> bytes:
    issued = issue_work_certificate(actor=request.user, stay_id=stay.pk, at=at)
    who, worked = _who(request, stay, at), stretches(stay.inmate)
    with translation.override(language):
        data = work_certificate_document(stay, worked, who, stamp=_stamp(request, issued))
    return render_pdf("record.typ", data, created_at=issued.issued_at)


def _skill_passport(request: HttpRequest, stay: Any, language: str, at: datetime) -> bytes:
    issued = issue_skill_passport(actor=request.user, stay_id=stay.pk, at=at)
    done = skills(stay.inmate)
    titles = operation_titles([one.operation.pk for one in done])
    who = _who(request, stay, at)
    with translation.override(language):
        data = skill_passport_document(
            stay, grades(stay.inmate), trainings(stay.inmate), done, titles, who,
            stamp=_stamp(request, issued),
        )  # fmt: skip
    return render_pdf("record.typ", data, created_at=issued.issued_at)


def _settlement(request: HttpRequest, stay: Any, language: str, at: datetime) -> bytes:
    on = clock.today()
    payers = payers_of_accountant(request.user, stay, on)
    found = [forecast(payer, stay.inmate, stay.release_on, on) for payer in payers]
    writs = list(open_writs(stay, on))
    standing = balances(writs, months_of_writs([writ.pk for writ in writs]))
    who = _who(request, stay, at)
    with translation.override(language):
        data = settlement_document(stay, found, writs, standing, who, printed_on=on)
    return render_pdf("record.typ", data, created_at=at)


PAPERS: dict[str, Paper] = {
    "work-certificate": _work_certificate,
    "skill-passport": _skill_passport,
    "settlement": _settlement,
}
