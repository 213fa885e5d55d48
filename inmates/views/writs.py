"""The register of writs: the list, one document with its months, entered, changed, ended."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.forms.closed_month import field_of
from inmates.forms.writs import (
    AddWritForm,
    ChangeWritForm,
    EndForm,
    ResumeForm,
    SuspendForm,
    terms_as_typed,
)
from inmates.models import WritOfExecution
from inmates.presenters.writs import (
    STATES,
    month_rows,
    register_rows,
    suspension_rows,
    tabs,
    term_rows,
    writ_facts,
    writ_state,
)
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES, can_keep_writs
from inmates.selectors.payroll import payroll_runs_visible_to
from inmates.selectors.people import identities
from inmates.selectors.writs import (
    arrears_by_number,
    balances,
    months_of_writs,
    payers_of,
    payers_of_user,
    register,
    rows_of_document,
    suspensions_of,
    terms_of_numbers,
    writs_visible_to,
)
from inmates.services.writs import add_writ, change_writ, end_writ, resume_writ, suspend_writ
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.periods import Period

METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50


@require_safe
@allow(PAYROLL_PAGES)
def writs(request: HttpRequest) -> HttpResponse:
    """Whose wage is attached by what, what is left of it; by number, never by name."""
    on = clock.today()
    asked = request.GET.get("state", "open")
    payers = list(payers_of_user(request.user, on))
    payer = next((one for one in payers if str(one.pk) == request.GET.get("payer")), None)
    typed = request.GET.get("q", "").replace("\x00", "").strip()
    found = register(
        request.user, on, state=asked, payer_id=payer.pk if payer else None, typed=typed
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    terms = list(terms_of_numbers(writ.number for writ in shown))
    standing = balances(terms, months_of_writs([writ.pk for writ in terms]))
    audit.record(
        actor=request.user, action="writs_listed", at=clock.now(), writs=[one.pk for one in shown]
    )
    context = {
        "rows": register_rows(shown, standing, arrears_by_number(terms, standing), on),
        "page": page,
        "tabs": tabs(asked),
        "payers": payers,
        "payer": payer,
        "typed": typed,
        "state": asked,
        "may_add": PAYROLL_ACTS(request.user, on),
    }
    return render(request, "inmates/writs/register.html", context)


def _visible_writ(request: HttpRequest, writ_id: int) -> WritOfExecution:
    rows = writs_visible_to(request.user, clock.today()).select_related("inmate")
    return get_object_or_404(rows, pk=writ_id)


@require_safe
@allow(PAYROLL_PAGES)
def writ(request: HttpRequest, writ_id: int) -> HttpResponse:
    """One document: what it says, what each month withheld, its terms and suspensions."""
    return _page(request, _visible_writ(request, writ_id))


def _page(
    request: HttpRequest, row: WritOfExecution, status: int = 200, **sent: Any
) -> HttpResponse:
    """The document's page with the form that was refused, if one was."""
    on = clock.today()
    terms = list(rows_of_document(request.user, on, row))
    shown = next(one for one in terms if one.pk == row.pk)
    months = months_of_writs([one.pk for one in terms])
    standing = balances(terms, months)
    verdict = can_keep_writs(request.user, payers_of(row.inmate_id, Period(on)), on)
    state = writ_state(shown, on)
    context: dict[str, Any] = {
        "writ": row,
        "title": _("Writ № %(number)s") % {"number": row.number},
        "crumbs": _crumbs(row.number),
        "state": state,
        "state_label": STATES[state],
        "facts": writ_facts(
            row,
            standing[row.pk],
            arrears_by_number(terms, standing).get(row.number),
            _name(request, row) if verdict else "",
        ),
        "months": month_rows(
            months,
            own=_visible_runs(request, {one.run_id for one in months}),
            shares={one.pk for one in terms if one.share_numerator is not None},
        ),
        "terms": term_rows(terms, on),
        "suspensions": suspension_rows(suspensions_of([one.pk for one in terms])),
    }
    if verdict and state != "ended":
        context |= _acts(row, on, state, sent)
    audit.record(actor=request.user, action="writ_read", at=clock.now(), subject=row)
    return render(request, "inmates/writs/writ.html", context, status=status)


def _visible_runs(request: HttpRequest, runs: set[int]) -> set[int]:
    rows = payroll_runs_visible_to(request.user, clock.today()).filter(pk__in=runs)
    return set(rows.values_list("pk", flat=True))


def _crumbs(number: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"label": _("Payroll"), "url": reverse("inmates:payroll_runs")},
        {"label": _("Writs of execution"), "url": reverse("inmates:writs")},
    ]
    return [*crumbs, {"label": number}] if number else crumbs


def _name(request: HttpRequest, row: WritOfExecution) -> str:
    found = identities(actor=request.user, inmates=[row.inmate], purpose="writ", at=clock.now())
    identity = found.get(row.inmate_id)
    return identity.full_name if identity else ""


def _acts(row: WritOfExecution, on: date, state: str, sent: dict[str, Any]) -> dict[str, Any]:
    """The forms of what can be done with the writ as it stands."""

    def form(name: str, kind: Any) -> Any:
        action = reverse("inmates:writ_act", args=[row.pk, name])
        return sent.get(name) or kind(action=action, initial={"on": on})

    acts: dict[str, Any] = {
        "change_url": reverse("inmates:writ_change", args=[row.pk]),
        "ending": form("end", EndForm),
    }
    if state == "suspended":
        return acts | {"resuming": form("resume", ResumeForm)}
    return acts | {"suspending": form("suspend", SuspendForm)}


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
def writ_add(request: HttpRequest) -> HttpResponse:
    """A writ that came; a refusal leaves what was typed."""
    back = reverse("inmates:writs")
    initial = {"on": clock.today(), "queue": 5}
    form = AddWritForm(request.POST or None, initial=initial, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = add_writ(
                actor=request.user,
                personnel_number=data["personnel_number"],
                number=data["number"],
                terms=form.terms(),
                on=data["on"],
                correction=data["correction"],
                at=clock.now(),
            )
        except PortalError as refused:
            form.add_error(field_of(refused), str(refused))
        else:
            messages.success(request, _("The writ is entered."))
            return redirect("inmates:writ", writ_id=row.pk)
    context = {"form": form, "title": _("Enter a writ"), "crumbs": _crumbs()}
    status = 422 if request.method == "POST" else 200
    return render(request, "inmates/writs/form.html", context, status=status)


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
def writ_change(request: HttpRequest, writ_id: int) -> HttpResponse:
    """Other terms from a day on; the form begins with what is left of a debt."""
    row, on = _visible_writ(request, writ_id), clock.today()
    standing = balances([row], months_of_writs([row.pk]))[row.pk]
    initial = terms_as_typed(row, debt_left=standing.debt_left, fee_left=standing.fee_left, on=on)
    back = reverse("inmates:writ", args=[row.pk])
    form = ChangeWritForm(request.POST or None, initial=initial, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_writ(
                actor=request.user,
                writ_id=row.pk,
                terms=form.terms(),
                on=form.cleaned_data["on"],
                correction=form.cleaned_data["correction"],
                at=clock.now(),
            )
        except PortalError as refused:
            form.add_error(field_of(refused), str(refused))
        else:
            messages.success(request, _("The writ is changed."))
            return redirect("inmates:writ", writ_id=changed.pk)
    context = {
        "form": form,
        "title": _("Change writ № %(number)s") % {"number": row.number},
        "crumbs": _crumbs(row.number),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "inmates/writs/form.html", context, status=status)


ACTS: dict[str, tuple[Any, Any]] = {
    "suspend": (SuspendForm, suspend_writ),
    "resume": (ResumeForm, resume_writ),
    "end": (EndForm, end_writ),
}


@require_POST
@allow(PAYROLL_ACTS)
def writ_act(request: HttpRequest, writ_id: int, act: str) -> HttpResponse:
    """Suspended, resumed or ended; a refusal is told on the writ's page."""
    row = _visible_writ(request, writ_id)
    if act not in ACTS:
        raise Http404
    kind, service = ACTS[act]
    form = kind(request.POST, action=request.path)
    if form.is_valid():
        try:
            service(actor=request.user, writ_id=row.pk, at=clock.now(), **form.cleaned_data)
        except PortalError as refused:
            form.add_error(field_of(refused), str(refused))
        else:
            messages.success(request, _("The writ is changed."))
            return redirect("inmates:writ", writ_id=row.pk)
    return _page(request, row, 422, **{act: form})
