"""From draft to publication or withdrawal: what becomes true, what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from orders.models import Invitation, ProductionRequest
from orders.services import requests as services
from orders.services.requests import (
    change_draft,
    draft_request,
    invite_workshops,
    publish_request,
    withdraw_request,
)
from portal.accounts.enums import OrganisationKind, Role
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.states import MoveRefused, history_of
from tests.orders.request_builders import (
    WANTED,
    a_bid,
    a_customer,
    a_draft,
    a_published,
    another_workshop,
    award,
    company_of,
    invite,
    the_customer,
)
from tests.people import NOW, TODAY, Cast, a_user, an_organisation
from workshops.models import WorkshopOperator


def draft(**changes: Any) -> ProductionRequest:
    user = the_customer()
    values = {
        "actor": user, "customer_id": company_of(user).pk, "wanted": WANTED, "at": NOW,
    }  # fmt: skip
    return draft_request(**(values | changes))


def publish(request: ProductionRequest, **changes: Any) -> ProductionRequest:
    values = {"actor": request.created_by, "request_id": request.pk, "at": NOW}
    return publish_request(**(values | changes))


def withdraw(request: ProductionRequest, reason: str = "Передумали") -> ProductionRequest:
    return withdraw_request(actor=request.created_by, request_id=request.pk, reason=reason, at=NOW)


# --- Draft ---
def test_draft_has_a_number_and_a_first_step(cast: Cast) -> None:
    request = draft(wanted=replace(WANTED, trade_ids=[cast.trade.pk]))
    assert (request.number, request.status) == ("2026-00001", "draft")
    assert (request.has_own_material, request.own_material) == (True, "Ткань, 900 м")
    assert list(request.trades.all()) == [cast.trade]
    assert history_of(request).get().action == "draft"
    assert draft().number == "2026-00002"


def test_draft_without_own_material(cast: Cast) -> None:
    request = draft(wanted=replace(WANTED, own_material=""))
    assert not request.has_own_material


@pytest.mark.parametrize("kind", ["entrepreneur", "company", "kindergarten", "akimat", "other"])
def test_every_kind_of_customer_may_post(cast: Cast, kind: str) -> None:
    organisation = an_organisation(kind, f"Заказчик {kind}", 60)
    user = a_user("kind@example.kz", organisation, Role.BUYER)
    assert draft(actor=user, customer_id=organisation.pk).customer == organisation


@pytest.mark.parametrize("who", ["operator", "master", "head", "stranger"])
def test_only_a_buyer_of_the_customer_drafts(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        draft(actor=cast.users[who])
    assert ProductionRequest.objects.count() == 0


def test_buyer_of_another_organisation_drafts_nothing(cast: Cast) -> None:
    other, _user = a_customer(42)
    with pytest.raises(Forbidden):
        draft(customer_id=other.pk)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"answers_by": TODAY - timedelta(days=1)}, services.AnswerDayPassed),
        ({"wanted_by": date(2036, 1, 1)}, services.WantedTooFar),
        ({"answers_by": WANTED.wanted_by}, ConstraintRefused),
        ({"quantity": 0}, ConstraintRefused),
    ],
)
def test_dates_and_quantity_that_cannot_be(cast: Cast, changes: dict, refusal: type) -> None:
    with pytest.raises(refusal) as refused:
        draft(wanted=replace(WANTED, **changes))
    assert str(refused.value)
    assert ProductionRequest.objects.count() == 0
    assert draft().number == "2026-00001", "a refused draft takes no number"


def test_answers_until_today_are_allowed(cast: Cast) -> None:
    assert draft(wanted=replace(WANTED, answers_by=TODAY)).answers_by == TODAY


def test_draft_is_changed_and_twice_is_harmless(cast: Cast) -> None:
    request = draft()
    for _time in range(2):
        wanted = replace(WANTED, title="Халаты", trade_ids=[cast.trade.pk], own_material="")
        change_draft(actor=request.created_by, request_id=request.pk, wanted=wanted, at=NOW)
    request.refresh_from_db()
    assert (request.title, request.has_own_material) == ("Халаты", False)
    assert request.trades.count() == 1


@pytest.mark.parametrize(
    "wanted", [replace(WANTED, quantity=0), replace(WANTED, answers_by=WANTED.wanted_by)]
)
def test_draft_is_not_changed_into_nonsense(cast: Cast, wanted: Any) -> None:
    request = draft()
    with pytest.raises(ConstraintRefused):
        change_draft(actor=request.created_by, request_id=request.pk, wanted=wanted, at=NOW)
    request.refresh_from_db()
    assert request.quantity == WANTED.quantity


def test_published_request_is_not_changed(cast: Cast) -> None:
    request = a_published(cast)
    with pytest.raises(services.NotADraft):
        change_draft(actor=request.created_by, request_id=request.pk, wanted=WANTED, at=NOW)


# --- Invitations ---
def test_draft_invites_exactly_the_chosen(cast: Cast) -> None:
    request, (other, _user) = a_draft(), another_workshop(cast)
    invite(request, cast.workshop)
    invite(request, other)
    invite(request, other)
    assert [one.workshop for one in Invitation.objects.all()] == [other]
    invite(request)
    assert not Invitation.objects.exists()


def test_published_request_takes_more_and_never_fewer(cast: Cast) -> None:
    other, _user = another_workshop(cast)
    request = a_published(cast)
    with pytest.raises(services.InvitationStays):
        invite(request, other)
    invite(request, cast.workshop, other)
    assert request.invitations.count() == 2


def test_closed_request_invites_nobody(cast: Cast) -> None:
    other, _user = another_workshop(cast)
    request = a_published(cast)
    withdraw(request)
    with pytest.raises(services.NotOpen):
        invite(request, cast.workshop, other)


def test_workshop_without_operator_is_not_invited(cast: Cast) -> None:
    request = a_draft()
    WorkshopOperator.objects.update(effective_to=TODAY)
    with pytest.raises(services.WorkshopNotInvitable, match="Столярный цех"):
        invite(request, cast.workshop)


def test_customer_does_not_invite_itself(cast: Cast) -> None:
    workshop, _user = another_workshop(cast)
    buyer = a_user("own@example.kz", cast.entrepreneur, Role.BUYER)
    request = a_draft(buyer)
    with pytest.raises(services.WorkshopNotInvitable):
        invite(request, workshop)


def test_unknown_workshop_is_not_invited(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    request = a_draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        invite_workshops(actor=request.created_by, request_id=request.pk, workshop_ids=[0], at=NOW)
        transaction.get_connection().check_constraints()


# --- Publication ---
def test_publication_shows_who_and_when(cast: Cast) -> None:
    request = a_published(cast)
    request.refresh_from_db()
    assert (request.status, request.published_at) == ("published", NOW)
    assert [step.action for step in history_of(request)] == ["draft", "publish"]


def test_publication_needs_a_workshop(cast: Cast) -> None:
    with pytest.raises(services.NobodyInvited):
        publish(a_draft())


def test_publication_needs_a_day_for_answers(cast: Cast) -> None:
    request = a_draft()
    invite(request, cast.workshop)
    with pytest.raises(services.AnswerDayPassed):
        publish(request, at=NOW + timedelta(days=30))
    request.refresh_from_db()
    assert (request.status, request.published_at) == ("draft", None)


def test_publication_needs_an_operator_of_each_workshop(cast: Cast) -> None:
    request = a_draft()
    invite(request, cast.workshop)
    WorkshopOperator.objects.update(effective_to=TODAY)
    with pytest.raises(services.WorkshopNotInvitable):
        publish(request)


def test_publication_twice_is_refused(cast: Cast) -> None:
    with pytest.raises(MoveRefused):
        publish(a_published(cast))


@pytest.mark.parametrize("act", [publish, withdraw])
def test_only_the_customer_acts(cast: Cast, act: Any) -> None:
    request = a_draft()
    _other, stranger = a_customer(42)
    request.created_by = stranger
    with pytest.raises(Forbidden):
        act(request)


# --- Withdrawal ---
def test_draft_is_withdrawn_without_a_reason(cast: Cast) -> None:
    request = withdraw(a_draft(), reason="")
    assert (request.status, request.published_at) == ("withdrawn", None)


def test_published_request_is_withdrawn_with_a_reason(cast: Cast) -> None:
    request = a_published(cast)
    for empty in ("", "   "):
        with pytest.raises(services.WithdrawalReasonMissing):
            withdraw(request, reason=empty)
    bid = a_bid(cast, request)
    request = withdraw(request, reason=" Заказ отменён ")
    bid.refresh_from_db()
    assert (request.status, bid.status) == ("withdrawn", "lost")
    assert history_of(request).last().reason == "Заказ отменён"


def test_request_is_not_withdrawn_after_the_choice(cast: Cast) -> None:
    request = a_published(cast)
    award(request, a_bid(cast, request))
    with pytest.raises(MoveRefused):
        withdraw(request)


def test_kinds_of_the_cast_are_those_that_register(cast: Cast) -> None:
    assert company_of(the_customer()).kind == OrganisationKind.COMPANY
