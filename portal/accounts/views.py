"""Pages of accounts beside the sign-in library: registering, the first signature and its deputy."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.deputies import ONE_DAY, appoint_deputy, end_deputy
from portal.accounts.models import FirstSignature, Organisation
from portal.accounts.registration import RegistrationForm
from portal.accounts.rules import SIGNATURE_PAGES
from portal.accounts.selectors import headed_organisations, members_on, signatures_of
from portal.accounts.services import AlreadyRegistered, WrongIdentifier, register_customer
from portal.accounts.signature_forms import DeputyForm, EndDeputyForm
from portal.accounts.signature_page import (
    days_of,
    organisation_chips,
    page_address,
    signature_facts,
    signature_rows,
)
from portal.kernel import clock
from portal.kernel.access import allow, signed_in
from portal.kernel.errors import PortalError

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(signed_in)
def register_organisation(request: HttpRequest) -> HttpResponse:
    """Register the organisation one orders for; `next` leads back to where one came from."""
    form = RegistrationForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        try:
            organisation = register_customer(actor=request.user, at=clock.now(), **form.facts())
        except (AlreadyRegistered, WrongIdentifier) as refusal:
            form.add_error("identifier", str(refusal))
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Registered: %(name)s.") % {"name": organisation.name})
            return redirect(_safe(form.cleaned_data["next"], request) or "front:start")
    status = 422 if form.errors else 200
    return render(request, "accounts/register_organisation.html", {"form": form}, status=status)


def _safe(address: str, request: HttpRequest) -> str:
    """The address if it is one of ours."""
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""


@require_http_methods(METHODS)
@allow(SIGNATURE_PAGES)
def signature(request: HttpRequest) -> HttpResponse:
    """Who signs first in an organisation one heads; the form hands it to a deputy."""
    on = clock.today()
    headed = list(headed_organisations(request.user, on))
    one = _chosen(headed, request.GET.get("organisation", ""))
    people = members_on(one.pk, on).exclude(pk=request.user.pk)
    form = DeputyForm(request.POST or None, people=people, today=on)
    if request.method == "POST" and form.is_valid():
        try:
            appoint_deputy(
                actor=request.user, organisation_id=one.pk, at=clock.now(), **form.facts()
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The first signature is handed over for these days."))
            return redirect(page_address(one.pk))
    rows = list(signatures_of(one.pk))
    context = {
        "form": form,
        "organisation": one,
        "chips": organisation_chips(headed, one),
        "facts": signature_facts(rows, on),
        "rows": signature_rows(rows, on),
        "has_people": len(form.fields["holder"].choices) > 1,  # type: ignore[attr-defined]  # its own
    }
    return render(request, "accounts/signature.html", context, status=422 if form.errors else 200)


@require_http_methods(METHODS)
@allow(SIGNATURE_PAGES)
def signature_end(request: HttpRequest, signature_id: int) -> HttpResponse:
    """From which day the head signs again; a refusal leaves what was typed."""
    on = clock.today()
    given = FirstSignature.objects.filter(
        given_by__isnull=False, organisation__in=headed_organisations(request.user, on)
    ).select_related("holder")
    row = get_object_or_404(given, pk=signature_id)
    back = page_address(row.organisation_id)
    initial = {"on": max(row.effective_from, on + ONE_DAY)}
    form = EndDeputyForm(request.POST or None, cancel_url=back, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            end_deputy(actor=request.user, signature_id=row.pk, at=clock.now(), **form.cleaned_data)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The head signs again from this day."))
            return redirect(back)
    title = _("End the order of %(name)s") % {"name": row.holder.get_full_name()}
    crumbs = [{"label": _("First signature"), "url": back}, {"label": title}]
    context = {"form": form, "title": title, "lead": f"{row.basis}, {days_of(row)}"}
    status = 422 if form.errors else 200
    return render(
        request, "accounts/signature_end.html", context | {"crumbs": crumbs}, status=status
    )


def _chosen(headed: list[Organisation], typed: str) -> Organisation:
    """The organisation of the address, the first one without it; another's is not found."""
    found = [one for one in headed if not typed or str(one.pk) == typed]
    if not found:
        raise Http404
    return found[0]
