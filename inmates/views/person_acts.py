"""What the labour officer enters about one person: movements, ability, grades."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inmates.enums import Ability, ReasonGroup
from inmates.forms.closed_month import field_of
from inmates.forms.people import (
    AbilityForm,
    ExpectedReleaseForm,
    GradeForm,
    LanguageForm,
    ReleaseForm,
    TransferForm,
)
from inmates.models import Inmate
from inmates.presenters.person import person_head
from inmates.rules import PEOPLE_ACTS, can_place_inmate
from inmates.selectors.desk_choices import other_institutions, reasons_offered, trades
from inmates.selectors.person import PersonRecord, person_record
from inmates.services.custody import plan_release, release_inmate, transfer_inmate
from inmates.services.people import (
    choose_paper_language,
    record_labour_state,
    record_qualification,
)
from inmates.views.people import person_here
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError

METHODS = ["GET", "HEAD", "POST"]
Act = Callable[[dict[str, Any]], Any]


def held_person(request: HttpRequest, number: str) -> PersonRecord:
    """Somebody held where the reader is the labour officer; others are refused."""
    on = clock.today()
    record = person_record(person_here(request, number), on)
    can_place_inmate(request.user, record.stay.institution.organisation_id, on).require()
    return record


def page_of(inmate: Inmate) -> str:
    return reverse("inmates:person", args=[inmate.personnel_number])


def act_page(
    request: HttpRequest,
    record: PersonRecord,
    form: Any,
    *,
    title: str | Promise,
    act: Act,
    done: str | Promise,
    back: str = "",
    **context: Any,
) -> HttpResponse:
    """One form about one person; what the service refuses stands above it with what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except Forbidden:
                raise
            except PortalError as refused:
                field = field_of(refused)
                form.add_error(field if field in form.fields else None, str(refused))
            else:
                messages.success(request, str(done))
                return redirect(back or page_of(record.inmate))
    head = person_head(record)
    crumbs = [*head["crumbs"][:-1], {"label": head["title"], "url": page_of(record.inmate)}]
    page = {"form": form, "title": title, "crumbs": [*crumbs, {"label": title}], **context}
    return render(request, "inmates/people/act.html", page, status=status)


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """To another institution; it stands at once, the other side finds the person there."""
    record = held_person(request, number)
    form = TransferForm(
        request.POST or None,
        back=page_of(record.inmate),
        institutions=other_institutions(record.stay.institution_id),
        initial={"on": record.on},
    )

    def act(clean: dict[str, Any]) -> None:
        transfer_inmate(
            actor=request.user, inmate_id=record.inmate.pk,
            institution_id=clean["institution"], on=clean["on"], at=clock.now(),
            correction=clean["correction"],
        )  # fmt: skip

    return act_page(
        request, record, form, act=act,
        title=_("Transfer to another institution"),
        lead=_("Tax applications and writs go along with the person; placements here end."),
        done=_("The transfer is entered; the other institution sees the person from that day."),
        back=reverse("inmates:people"),
    )  # fmt: skip


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Out of custody, with the reason of the directory."""
    record = held_person(request, number)
    form = ReleaseForm(
        request.POST or None,
        back=page_of(record.inmate),
        reasons=reasons_offered(ReasonGroup.RELEASE, record.on),
        initial={"on": record.on},
    )

    def act(clean: dict[str, Any]) -> None:
        release_inmate(
            actor=request.user, inmate_id=record.inmate.pk, reason_id=clean["reason"],
            on=clean["on"], at=clock.now(), correction=clean["correction"],
        )  # fmt: skip

    return act_page(
        request, record, form, act=act,
        title=_("Release"),
        lead=_("Placements end by this day; work of later days can no longer be entered."),
        done=_("The release is entered."),
    )  # fmt: skip


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def expected_release(request: HttpRequest, number: str) -> HttpResponse:
    """When the person is expected to leave, by which document."""
    record = held_person(request, number)
    now = record.expected_now
    initial = {"release_on": now.release_on, "basis": now.basis} if now else {}
    form = ExpectedReleaseForm(request.POST or None, back=page_of(record.inmate), initial=initial)

    def act(clean: dict[str, Any]) -> None:
        plan_release(actor=request.user, inmate_id=record.inmate.pk, at=clock.now(), **clean)

    return act_page(
        request, record, form, act=act,
        title=_("Expected release"),
        lead=_("What was expected before stays in the history."),
        done=_("The expected release is entered."),
    )  # fmt: skip


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def ability(request: HttpRequest, number: str) -> HttpResponse:
    """Able-bodied, or the category of inability, or not known; by dates."""
    record = held_person(request, number)
    state = record.state
    reason_id = state.reason_id if state else None
    is_unable = state is not None and state.ability == Ability.UNABLE
    form = AbilityForm(
        request.POST or None,
        back=page_of(record.inmate),
        categories=reasons_offered(ReasonGroup.UNABLE, record.on),
        reasons=reasons_offered(ReasonGroup.NOT_WORKING, record.on),
        initial={
            "ability": state.ability if state else Ability.ABLE,
            "category": reason_id if is_unable else None,
            "reason": None if is_unable else reason_id,
            "is_subject_to_labour": state.is_subject_to_labour if state else True,
            "effective_from": record.on,
        },
    )

    def act(clean: dict[str, Any]) -> None:
        names = (
            "ability", "is_subject_to_labour", "effective_from", "effective_to", "reason_id"
        )  # fmt: skip
        record_labour_state(
            actor=request.user, inmate_id=record.inmate.pk, at=clock.now(),
            **{name: clean[name] for name in names},
        )  # fmt: skip

    return act_page(
        request, record, form, act=act,
        title=_("Ability to work"),
        lead=_("A category and its dates. Nothing else about health is kept here."),
        done=_("The state is entered."),
    )  # fmt: skip


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def grade(request: HttpRequest, number: str) -> HttpResponse:
    """A grade of a trade by its document."""
    record = held_person(request, number)
    form = GradeForm(
        request.POST or None, back=page_of(record.inmate), trades=trades(),
        initial={"awarded_on": record.on},
    )  # fmt: skip

    def act(clean: dict[str, Any]) -> None:
        record_qualification(
            actor=request.user, inmate_id=record.inmate.pk, trade_id=clean["trade"],
            grade=clean["grade"], document=clean["document"], awarded_on=clean["awarded_on"],
            at=clock.now(),
        )  # fmt: skip

    return act_page(
        request, record, form, act=act, title=_("Grade of a trade"), done=_("The grade is entered.")
    )


@require_http_methods(METHODS)
@allow(PEOPLE_ACTS)
def language(request: HttpRequest, number: str) -> HttpResponse:
    """In which of the two languages the person's payslips are printed."""
    record = held_person(request, number)
    inmate = record.inmate
    initial = {"language": inmate.language}
    form = LanguageForm(request.POST or None, back=page_of(inmate), initial=initial)

    def act(clean: dict[str, Any]) -> None:
        choose_paper_language(actor=request.user, inmate_id=inmate.pk, at=clock.now(), **clean)

    return act_page(
        request, record, form, act=act,
        title=_("Language of papers"),
        lead=_("The person chooses; payslips printed for everybody follow it."),
        done=_("The language is entered."),
    )  # fmt: skip
