"""The first pages of a reading terminal: activation, signing in, one's own PIN, language, leaving.

What a person reads after that is in terminal_record.py.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from inmates.forms.terminals import ActivateForm, ChoosePinForm, SignInForm
from inmates.services.terminal_pins import choose_pin
from inmates.services.terminal_visits import choose_language, leave_terminal, sign_in
from inmates.services.terminals import activate_terminal
from inmates.terminal.refusals import EasyPin, SamePin
from inmates.views.terminal_gate import (
    NO_STORE,
    forget_visit,
    keep_device,
    keep_visit,
    terminal_only,
    terminal_visitor,
)
from portal.kernel import clock
from portal.kernel.access import public
from portal.kernel.errors import PortalError
from portal.kernel.limits import client_address

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@public
def activate(request: HttpRequest) -> HttpResponse:
    """Any browser, with the code that an officer got for it, becomes a terminal."""
    form = ActivateForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _terminal, secret = activate_terminal(
                    code=form.cleaned_data["code"], caller=client_address(request), at=clock.now()
                )
            except PortalError as refused:
                form.add_error("code", str(refused))
            else:
                # Whoever was signed in on this browser is not any more.
                request.session.flush()
                response = redirect("inmates:terminal")
                keep_device(response, secret)
                return response
    page = render(request, "inmates/terminal/activate.html", {"form": form}, status=status)
    page["Cache-Control"] = NO_STORE
    return page


@require_http_methods(METHODS)
@terminal_only
def terminal(request: Any) -> HttpResponse:
    """Sign in with number and PIN; who is signed in already goes on to the wages."""
    if request.method != "POST" and request.terminal_person is not None:
        return redirect("inmates:terminal_pay")
    form = SignInForm(request.POST or None, initial={"language": get_language()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                signed = sign_in(
                    terminal_id=request.terminal.pk,
                    number=form.cleaned_data["number"].strip(),
                    pin=form.cleaned_data["pin"],
                    language=form.cleaned_data["language"],
                    at=clock.now(),
                )
            except PortalError as refused:
                form.add_error(None, str(refused))
            else:
                response = redirect("inmates:terminal_pay")
                keep_visit(response, signed.token)
                keep_device(response, request.COOKIES["terminal"])
                return response
    context = {"form": form, "was_idle": "idle" in request.GET}
    return render(request, "inmates/terminal/sign_in.html", context, status=status)


@require_http_methods(METHODS)
@terminal_visitor
def own_pin(request: Any) -> HttpResponse:
    """After the letter: a PIN that nobody else knows."""
    visit = request.terminal_visit
    if not visit.must_choose:
        return redirect("inmates:terminal_pay")
    form = ChoosePinForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                choose_pin(visit=visit, pin=form.cleaned_data["pin"], at=clock.now())
            except (EasyPin, SamePin) as refused:
                form.add_error("pin", str(refused))
            else:
                return redirect("inmates:terminal_pay")
    return render(request, "inmates/terminal/pin.html", {"form": form}, status=status)


@require_POST
@terminal_visitor
def language(request: Any) -> HttpResponse:
    """Russian or Kazakh for the rest of the visit; back to the page one reads."""
    choose_language(visit=request.terminal_visit, language=request.POST.get("language", ""))
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/terminal/") else "inmates:terminal_pay")


@require_POST
@terminal_visitor
def here(request: HttpRequest) -> HttpResponse:
    """A sign of the person: the gate has counted it before this is asked."""
    return HttpResponse(status=204)


@require_POST
@terminal_only
def leave(request: Any) -> HttpResponse:
    """Out, by one's own will or by the page's clock."""
    if request.terminal_visit is not None:
        leave_terminal(visit=request.terminal_visit, at=clock.now())
    was_idle = "idle" in request.POST
    address = reverse("inmates:terminal")
    response = redirect(f"{address}?idle=1" if was_idle else address)
    forget_visit(response, request.terminal_visit)
    return response
