"""The check of a paper by its QR code or its number: does it hold, and who issued it.

Nothing here tells about whom or what sum a document is. Guessing is slowed by address.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.documents.selectors import document_of_code, document_of_number
from portal.front.forms import VerifyForm
from portal.front.presenters import checked_context
from portal.kernel.access import public
from portal.kernel.limits import client_address, failures_of, remember_failure

WHAT = "verify"
FAILURES = 20
FORGOTTEN_AFTER = 10 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@public
def verify(request: HttpRequest) -> HttpResponse:
    """Type number and check code; agreed, the document's own page answers."""
    if request.method != "POST":
        return render(request, "front/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST)
    if form.is_valid():
        if _is_guessing(request):
            return _too_many(request)
        found = document_of_number(form.cleaned_data["number"], form.cleaned_data["code"])
        if found is not None:
            return redirect("front:verify_document", code=found.document.code)
        _remember(request)
        form.add_error(
            None,
            _("There is no document with this number and this check code. Compare both with the "
              "paper, character by character."),
        )  # fmt: skip
    here = reverse("front:verify")
    return render(request, "front/verify.html", {"form": form, "here": here}, status=422)


@require_safe
@public
def verify_document(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code of a paper leads: kind, number, date, issuer, and whether it holds."""
    if _is_guessing(request):
        return _too_many(request)
    found = document_of_code(code)
    if found is None:
        _remember(request)
        return render(
            request, "front/verify.html", {"form": VerifyForm(), "is_unknown": True}, status=404
        )
    response = render(request, "front/verified.html", checked_context(found))
    response["Cache-Control"] = "no-store"
    return response


def _is_guessing(request: HttpRequest) -> bool:
    return failures_of(WHAT, client_address(request)) >= FAILURES


def _remember(request: HttpRequest) -> None:
    remember_failure(WHAT, client_address(request), seconds=FORGOTTEN_AFTER)


def _too_many(request: HttpRequest) -> HttpResponse:
    reason = _("Too many wrong codes came from your network. Try again in ten minutes.")
    context = {"form": VerifyForm(), "reason": reason, "here": reverse("front:verify")}
    response = render(request, "front/verify.html", context, status=429)
    response["Retry-After"] = str(FORGOTTEN_AFTER)
    return response
