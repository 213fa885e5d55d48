"""The officers' pages of the reading terminals: devices, their codes, letters with a PIN."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inmates.forms.terminals import TerminalForm
from inmates.models import Inmate, Terminal
from inmates.presenters.person import person_head
from inmates.presenters.person_tabs import person_tabs
from inmates.presenters.terminals import (
    letter_document,
    person_pin_crumbs,
    pin_words,
    spaced_code,
    terminal_rows,
)
from inmates.rules import PEOPLE_ACTS, TERMINAL_PAGES
from inmates.selectors.people import identities
from inmates.selectors.terminals import (
    pin_in_force,
    terminal_institutions,
    terminals_visible_to,
)
from inmates.services.terminal_pins import make_letter_pin
from inmates.services.terminals import add_terminal, give_code, revoke_terminal
from inmates.views.person_acts import held_person
from inmates.views.terminal_gate import NO_STORE
from portal.accounts.models import Organisation
from portal.documents.render import render_pdf
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@allow(TERMINAL_PAGES)
def terminals(request: HttpRequest) -> HttpResponse:
    """The devices one answers for, and a form for one more."""
    on, at = clock.today(), clock.now()
    places = [(one.pk, one.organisation.name) for one in terminal_institutions(request.user, on)]
    form = TerminalForm(request.POST or None, institutions=places)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                add_terminal(
                    actor=request.user, institution_id=int(form.cleaned_data["institution"]),
                    place=form.cleaned_data["place"], at=at,
                )  # fmt: skip
            except Forbidden:
                raise
            except PortalError as refused:
                form.add_error("place", str(refused))
            else:
                messages.success(request, _("Entered. Show its code and type it on the device."))
                return redirect("inmates:terminals")
    rows = terminal_rows(terminals_visible_to(request.user, on), at)
    context = {"form": form, "rows": rows, "title": _("Reading terminals")}
    return render(request, "inmates/terminals/terminals.html", context, status=status)


def _terminal(request: HttpRequest, terminal_id: int) -> Terminal:
    return get_object_or_404(terminals_visible_to(request.user, clock.today()), pk=terminal_id)


@require_POST
@allow(TERMINAL_PAGES)
def terminal_code(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """The code, shown on this page alone: sent again it is another one."""
    terminal = _terminal(request, terminal_id)
    try:
        code = give_code(actor=request.user, terminal_id=terminal.pk, at=clock.now())
    except Forbidden:
        raise
    except PortalError as refused:
        messages.error(request, str(refused))
        return redirect("inmates:terminals")
    context = {
        "terminal": terminal,
        "code": spaced_code(code),
        "address": request.build_absolute_uri(reverse("inmates:terminal_activate")),
        "title": _("Code of the terminal"),
        "crumbs": [
            {"label": _("Reading terminals"), "url": reverse("inmates:terminals")},
            {"label": terminal.place},
        ],
    }
    response = render(request, "inmates/terminals/code.html", context)
    response["Cache-Control"] = NO_STORE
    return response


@require_POST
@allow(TERMINAL_PAGES)
def terminal_revoke(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """The device shows nothing any more."""
    terminal = _terminal(request, terminal_id)
    revoke_terminal(actor=request.user, terminal_id=terminal.pk, at=clock.now())
    messages.success(request, _("The terminal is closed: it shows nothing any more."))
    return redirect("inmates:terminals")


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def person_pin(request: HttpRequest, number: str) -> HttpResponse:
    """Whether the person has a PIN; on POST a letter with a new one, to print at once."""
    record = held_person(request, number)
    inmate = record.inmate
    if request.method == "POST":
        return _letter(request, inmate, record.stay.institution.organisation)
    head = person_head(record)
    context = {
        "head": head,
        "crumbs": person_pin_crumbs(head, inmate),
        "title": _("Reading terminal, № %(number)s") % {"number": inmate.personnel_number},
        "tabs": person_tabs(request.user, record.on, inmate.personnel_number, "inmates:person_pin"),
        "facts": pin_words(pin_in_force(inmate.pk).first()),
        "inmate": inmate,
    }
    return render(request, "inmates/terminals/pin.html", context)


def _letter(request: Any, inmate: Inmate, institution: Organisation) -> HttpResponse:
    at = clock.now()
    pin = make_letter_pin(actor=request.user, inmate_id=inmate.pk, at=at)
    found = identities(actor=request.user, inmates=[inmate], purpose="pin_letter", at=at)
    identity = found.get(inmate.pk)
    data = letter_document(
        inmate, pin=pin, full_name=identity.full_name if identity else "",
        institution=institution, at=at,
    )  # fmt: skip
    return HttpResponse(
        render_pdf("pin_letter.typ", data, created_at=at),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="pin-{inmate.personnel_number}.pdf"',
            "Cache-Control": NO_STORE,
        },
    )
