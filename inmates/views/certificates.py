"""Certificates of wages: the list, a new one, and its paper in ru or kk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.forms.wage_papers import CertificateForm
from inmates.models import WageCertificate
from inmates.papers.enums import CertificateAsker
from inmates.presenters.certificates import certificate_document, certificate_rows
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES, can_certify_wages
from inmates.selectors.certificates import certificates_visible_to, certified_months, posts_in
from inmates.selectors.people import identities
from inmates.selectors.wage_totals import certifying_payers, final_slips, person_of_payer
from inmates.services.certificates import issue_certificate, make_certificate
from portal.accounts.enums import Role
from portal.documents.answers import pdf_answer, print_language
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

PAGE_SIZE = 50
# No payer has this key.
NOBODY = 0


@require_safe
@allow(PAYROLL_PAGES)
def wage_certificates(request: HttpRequest) -> HttpResponse:
    """Certificates given, the newest first; by number, never by name."""
    on = clock.today()
    page = Paginator(certificates_visible_to(request.user, on), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    may_make = certifying_payers(request.user, on).exists()
    context = {
        "page": page,
        "rows": certificate_rows(page.object_list, may_print=may_make),
        "may_make": may_make,
    }
    return render(request, "inmates/totals/certificates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PAYROLL_ACTS)
def wage_certificate_new(request: HttpRequest) -> HttpResponse:
    """At the request of the person or of an authority."""
    on = clock.today()
    payers = list(certifying_payers(request.user, on))
    can_certify_wages(request.user, payers[0].pk if payers else NOBODY, on).require()
    initial = {name: request.GET[name] for name in ("number", "payer") if name in request.GET}
    form = CertificateForm(
        request.POST or None,
        payers=payers,
        back=reverse("inmates:wage_certificates"),
        initial={"asked_by": CertificateAsker.PERSON} | initial,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _make(request, form) is not None:
            messages.success(request, _("The certificate is made: print it from the list."))
            return redirect("inmates:wage_certificates")
    context = {
        "form": form,
        "title": _("Certificate of wages"),
        "crumbs": [
            {"label": _("Certificates of wages"), "url": reverse("inmates:wage_certificates")},
            {"label": _("New")},
        ],
    }
    return render(request, "inmates/totals/certificate_new.html", context, status=status)


def _make(request: HttpRequest, form: CertificateForm) -> WageCertificate | None:
    """The certificate; what is refused stands on the form."""
    data: dict[str, Any] = form.cleaned_data
    on = clock.today()
    slips = final_slips(
        request.user, on, data["payer"], [data["first"], data["last"]], Role.ACCOUNTANT
    )
    inmate = person_of_payer(slips, data["number"].strip())
    if inmate is None:
        form.add_error(
            "number", _("Nobody with this number has approved wages of the payer in these months.")
        )
        return None
    try:
        return make_certificate(
            actor=request.user, payer_id=data["payer"], inmate_id=inmate.pk,
            first=data["first"], last=data["last"], at=clock.now(),
            authority=data["authority"], letter=data["letter"],
        )  # fmt: skip
    except PortalError as refused:
        form.add_error(None, str(refused))
        return None


@require_safe
@allow(PAYROLL_ACTS)
def wage_certificate_pdf(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The certificate with its number and QR code; the name on it is on record."""
    seen = certificates_visible_to(request.user, clock.today())
    row = get_object_or_404(seen, pk=certificate_id)
    at = clock.now()
    issued = issue_certificate(actor=request.user, certificate_id=row.pk, at=at)
    found = identities(actor=request.user, inmates=[row.inmate], purpose="wage_certificate", at=at)
    language = print_language(request)
    with translation.override(language):
        data = certificate_document(
            row, certified_months(row), posts_in(row), found.get(row.inmate_id),
            stamp=stamp_of(issued, check_address(request, issued)),
        )  # fmt: skip
    pdf = render_pdf("record.typ", data, created_at=issued.issued_at)
    audit.record(
        actor=request.user, action="wage_certificate_printed", at=at, subject=row,
        language=language,
    )  # fmt: skip
    return pdf_answer(pdf, f"wage-certificate-{issued.number}-{language}")
