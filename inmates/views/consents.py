"""A person's consents: what is signed, printed, scanned, withdrawn; the labour officer's pages."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.enums import ConsentKind
from inmates.forms.consents import PersonalDataForm, PrivateWorkForm, ScanForm, WithdrawForm
from inmates.models import Consent, Inmate
from inmates.presenters.consents import (
    clock_words,
    consent_groups,
    consent_paper,
    consent_row,
    offer_row,
    usual_terms,
)
from inmates.presenters.person_tabs import person_tabs
from inmates.selectors.consents import (
    consents_of,
    consents_visible_to,
    data_operators,
    owed_places,
    private_employers,
    scans_visible_to,
    text_in_force,
)
from inmates.selectors.desk import stay_on
from inmates.selectors.people import identities
from inmates.services.consents import DataTerms, give_consent, withdraw_consent
from inmates.services.scans import add_scan, export_scan
from inmates.views.people import person_here
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.documents.render import render_pdf
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.uploads import CONTENT_TYPES, FileKind

officer = role_holders(Role.LABOUR_OFFICER)
# How a kind is written in an address.
KINDS = {"work": ConsentKind.PRIVATE_WORK, "data": ConsentKind.PERSONAL_DATA}
TERMS = (
    *("operator", "valid_until", "data_list", "third_parties", "cross_border", "published_in"),
    "other",
)


@require_safe
@allow(officer)
def person_consents(request: HttpRequest, number: str) -> HttpResponse:
    """Both kinds of consents of one person, apart; another place where one is owed."""
    on = clock.today()
    inmate = visible_person(request, number, on)
    institution = place_of(inmate, on)
    owed = owed_places([institution], on).filter(inmate=inmate).first()
    offers = inmate.place_offers.select_related("post__workshop").order_by("-offered_on", "-id")
    context = page_of(request, inmate, on) | {
        "groups": consent_groups(consents_of(inmate), on),
        "employers": private_employers(institution, on),
        "owed": owed and clock_words(owed.place_due_by, on),
        "offers": [offer_row(offer) for offer in offers],
        "languages": (("ru", _("Russian")), ("kk", _("Kazakh"))),
    }
    return render(request, "inmates/consents/consents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(officer)
def consent_new(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Enter a signed consent, perhaps with its scan; a refusal leaves what was typed."""
    on = clock.today()
    inmate = visible_person(request, number, on)
    back = reverse("inmates:person_consents", args=[number])
    form = _consent_form(request, inmate, kind, on, back)
    if request.method == "POST" and form.is_valid():
        try:
            consent = give_consent(
                actor=request.user, inmate_id=inmate.pk, kind=KINDS[kind], at=clock.now(),
                **_given(form.cleaned_data, kind),
            )  # fmt: skip
        except Forbidden:
            raise
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The consent is entered."))
            return _scanned(request, consent, form.cleaned_data["scan"]) or redirect(back)
    titles = {
        "work": _("Consent to work for a private employer"),
        "data": _("Consent to the processing of personal data"),
    }
    context = page_of(request, inmate, on, titles[kind]) | {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "inmates/consents/form.html", context, status=status)


def _consent_form(
    request: HttpRequest, inmate: Inmate, kind: str, on: date, back: str
) -> PrivateWorkForm | PersonalDataForm:
    if kind not in KINDS:
        raise Http404
    institution = place_of(inmate, on)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    if kind == "work":
        return PrivateWorkForm(
            *typed, on=on, cancel_url=back, employers=private_employers(institution, on)
        )
    return PersonalDataForm(
        *typed, on=on, cancel_url=back, operators=data_operators(institution, on),
        initial=usual_terms(on),
    )  # fmt: skip


def _given(data: dict[str, Any], kind: str) -> dict[str, Any]:
    """What the service takes of what was typed."""
    given = {name: data[name] for name in ("document_number", "given_on", "language")}
    if kind == "work":
        return given | {"employer": data["employer"]}
    return given | {"terms": DataTerms(**{name: data[name] for name in TERMS})}


def _scanned(request: HttpRequest, consent: Consent, scan: Any) -> HttpResponse | None:
    """Keep the scan; a refused one is told where it can be chosen again: the consent stands."""
    if not scan:
        return None
    try:
        add_scan(actor=request.user, consent_id=consent.pk, file=scan, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect("inmates:consent_scan_add", consent.inmate.personnel_number, consent.pk)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@allow(officer)
def consent_scan_add(request: HttpRequest, number: str, consent_id: int) -> HttpResponse:
    """A further version of the scan."""
    on = clock.today()
    inmate = visible_person(request, number, on)
    consent = get_object_or_404(inmate.consents, pk=consent_id)
    back = reverse("inmates:person_consents", args=[number])
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ScanForm(*typed, cancel_url=back)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["scan"]
        try:
            add_scan(actor=request.user, consent_id=consent.pk, file=file, at=clock.now())
        except Forbidden:
            raise
        except PortalError as refusal:
            form.add_error("scan", str(refusal))
        else:
            messages.success(request, _("The scan is kept."))
            return redirect(back)
    title = _("Scan of the consent No. %(number)s") % {"number": consent.document_number}
    context = page_of(request, inmate, on, title) | {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "inmates/consents/form.html", context, status=status)


@require_safe
@allow(officer)
def consent_scan(request: HttpRequest, scan_id: int) -> HttpResponse | FileResponse:
    """The file itself, to be saved and never to be run; who took it is recorded."""
    scan = get_object_or_404(scans_visible_to(request.user, clock.today()), pk=scan_id)
    opened = export_scan(actor=request.user, scan=scan, at=clock.now())
    return FileResponse(
        opened,
        as_attachment=True,
        filename=scan.original_name,
        content_type=CONTENT_TYPES[FileKind(scan.kind)],
        headers={"Cache-Control": "private, no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(officer)
def consent_withdraw(request: HttpRequest, number: str, consent_id: int) -> HttpResponse:
    """Enter a withdrawal: its day, and nothing about why."""
    on = clock.today()
    inmate = visible_person(request, number, on)
    rows = consents_visible_to(request.user, on).filter(inmate=inmate)
    consent = get_object_or_404(rows.select_related("employer", "text", "terms"), pk=consent_id)
    back = reverse("inmates:person_consents", args=[number])
    form = WithdrawForm(request.POST if request.method == "POST" else None, on=on, cancel_url=back)
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["withdrawn_on"]
        try:
            withdraw_consent(actor=request.user, consent_id=consent.pk, on=day, at=clock.now())
        except Forbidden:
            raise
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The withdrawal is entered. Nothing else is recorded."))
            return redirect(back)
    title = _("Withdrawal of the consent No. %(number)s") % {"number": consent.document_number}
    context = page_of(request, inmate, on, title) | {
        "form": form,
        "row": consent_row(consent, on),
        "is_work": consent.kind == ConsentKind.PRIVATE_WORK,
    }
    status = 422 if form.is_bound else 200
    return render(request, "inmates/consents/withdraw.html", context, status=status)


@require_safe
@allow(officer)
def consent_paper_pdf(request: HttpRequest, number: str, kind: str, language: str) -> HttpResponse:
    """The form to be signed on paper; the name is printed, which is audited."""
    on, at = clock.today(), clock.now()
    inmate = visible_person(request, number, on)
    if kind not in KINDS or language not in ("ru", "kk"):
        raise Http404
    institution = place_of(inmate, on)
    parties: dict[str, Any] = {"operator": institution.organisation}
    if kind == "work":
        chosen = request.GET.get("employer", "")
        rows = private_employers(institution, on).filter(bin=chosen)
        parties = {"employer": get_object_or_404(rows)}
    text = text_in_force(KINDS[kind], on)
    found = identities(actor=request.user, inmates=[inmate], purpose="consent_paper", at=at)
    data = consent_paper(
        text=text, language=language, inmate=inmate, identity=found.get(inmate.pk), on=on,
        **parties,
    )  # fmt: skip
    response = HttpResponse(
        render_pdf("consent.typ", data, created_at=at), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="consent-{kind}-{number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def visible_person(request: HttpRequest, number: str, on: date) -> Inmate:
    """The person; who has left is told of, and whoever is held elsewhere is not found."""
    return person_here(request, number)


def place_of(inmate: Inmate, on: date) -> Any:
    """The institution where the person is held; a visible person is held somewhere."""
    stay = stay_on(inmate, on)
    if stay is None:
        raise Http404
    return stay.institution


def page_of(request: HttpRequest, inmate: Inmate, on: date, part: str = "") -> dict[str, Any]:
    """Head and tabs of a page about the person."""
    number = inmate.personnel_number
    here = _("Consents")
    crumbs = [
        {"label": _("People"), "url": reverse("inmates:people")},
        {"label": _("№ %(number)s") % {"number": number},
         "url": reverse("inmates:person", args=[number])},
        {"label": here, "url": reverse("inmates:person_consents", args=[number])},
    ]  # fmt: skip
    return {
        "inmate": inmate,
        "title": part or _("№ %(number)s: consents") % {"number": number},
        "crumbs": [*crumbs, {"label": part}] if part else [*crumbs[:2], {"label": here}],
        "tabs": person_tabs(request.user, on, number, "inmates:person_consents"),
    }
