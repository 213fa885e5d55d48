"""Pages of accounts beside those of the sign-in library: an organisation registers itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.registration import RegistrationForm
from portal.accounts.services import AlreadyRegistered, WrongIdentifier, register_customer
from portal.kernel import clock
from portal.kernel.access import allow, signed_in
from portal.kernel.errors import PortalError


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
