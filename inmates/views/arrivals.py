"""Arrivals: somebody new, somebody known who comes again, somebody taken over."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inmates.desk_refusals import LooksLikeKnown
from inmates.forms.people import ArrivalForm, KnownArrivalForm
from inmates.models import CustodyStay, Inmate
from inmates.refusals import InmateKnown
from inmates.rules import PEOPLE_ACTS
from inmates.selectors.desk import last_stay, officer_institutions
from inmates.selectors.people import inmate_by_iin
from inmates.services.custody import arrive_again, transfer_inmate
from inmates.services.registration import register_inmate
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError

SALT = "inmates.namesake"
# An offer stands as long as somebody may look into it before answering.
OFFERED_FOR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PEOPLE_ACTS)
def arrival(request: HttpRequest) -> HttpResponse:
    """A new person; whoever is known by the IIN, or by name and birth, is offered as such."""
    choices = _choices(request)
    form = ArrivalForm(request.POST or None, institutions=choices, initial={"on": clock.today()})
    if request.method != "POST":
        return render(request, "inmates/people/arrival.html", {"form": form})
    if form.is_valid():
        try:
            inmate = _register(request, form.cleaned_data)
        except InmateKnown as known:
            form.add_error("iin", str(known))
            iin = form.data.get("iin", "")
            found = inmate_by_iin(actor=request.user, iin=iin, at=clock.now())
            return _known(request, form, found, iin=iin)
        except LooksLikeKnown as alike:
            form.ask_if_another()
            form.add_error(None, str(alike))
            found = Inmate.objects.get(pk=alike.inmate_id)
            return _known(request, form, found, namesake=signing.dumps(found.pk, salt=SALT))
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The arrival is entered."))
            return redirect("inmates:person", number=inmate.personnel_number)
    return render(request, "inmates/people/arrival.html", {"form": form}, status=422)


def _choices(request: HttpRequest) -> list[tuple[int, str]]:
    rows = officer_institutions(request.user, clock.today())
    return [(one.pk, one.organisation.name) for one in rows]


def _register(request: HttpRequest, clean: dict[str, Any]) -> Inmate:
    return register_inmate(
        actor=request.user,
        institution_id=clean["institution"],
        personnel_number=clean["personnel_number"],
        full_name=clean["full_name"],
        iin=clean["iin"],
        born_on=clean["born_on"],
        is_another=clean["is_another"],
        on=clean["on"],
        at=clock.now(),
    )


def _known(
    request: HttpRequest, form: ArrivalForm, found: Inmate | None, **by: str
) -> HttpResponse:
    """The form again, with what is known of the person and the act that fits it."""
    clean = form.cleaned_data
    context: dict[str, Any] = {"form": form}
    if found is not None:
        stay = last_stay(found.pk)
        context |= {
            "known": found,
            "known_stay": stay,
            "is_held": _is_held(stay, clock.today()),
            "is_here": stay is not None
            and stay.institution_id == clean["institution"]
            and _is_held(stay, clock.today()),
            "is_alike": "namesake" in by,
            "known_form": KnownArrivalForm(
                institutions=_choices(request),
                initial={"institution": clean["institution"], "on": clean["on"], **by},
            ),
        }
    return render(request, "inmates/people/arrival.html", context, status=422)


def _is_held(stay: CustodyStay | None, on: date) -> bool:
    return stay is not None and (stay.effective_to is None or on < stay.effective_to)


def _offered(request: HttpRequest, clean: dict[str, Any]) -> Inmate | None:
    """Whom the page offered: by a namesake's signed id, or by the IIN."""
    if clean["iin"]:
        return inmate_by_iin(actor=request.user, iin=clean["iin"], at=clock.now())
    try:
        pk = signing.loads(clean["namesake"], salt=SALT, max_age=OFFERED_FOR)
    except signing.BadSignature:
        return None
    return Inmate.objects.filter(pk=pk).first()


@require_POST
@allow(PEOPLE_ACTS)
def known_arrival(request: HttpRequest) -> HttpResponse:
    """Whoever is known arrives again, or is taken over from where they are still entered."""
    form = KnownArrivalForm(request.POST, institutions=_choices(request))
    if not form.is_valid():
        messages.error(request, _("Something was missing. Please enter the arrival anew."))
        return redirect("inmates:arrival")
    clean, at = form.cleaned_data, clock.now()
    inmate = _offered(request, clean)
    if inmate is None:
        messages.error(request, _("Nobody with this IIN is known. Please enter the arrival anew."))
        return redirect("inmates:arrival")
    movement = {
        "actor": request.user,
        "inmate_id": inmate.pk,
        "institution_id": clean["institution"],
        "on": clean["on"],
        "at": at,
    }
    if _is_held(last_stay(inmate.pk), clock.today()):
        # The person is here: that is why the months behind it change.
        transfer_inmate(**movement, correction=_("The arrival was entered by the new institution."))
    else:
        arrive_again(**movement)
    messages.success(request, _("The arrival is entered."))
    return redirect("inmates:person", number=inmate.personnel_number)
