"""Bids: given, replaced, taken back; refused with a sentence; the award and its work order."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orders.models import Award, Bid
from orders.services import bids as services
from orders.services.answers import DateInThePast, DateTooFar
from orders.services.awards import BidderReplaced, BidGone
from orders.services.bids import submit_bid, terms_of, withdraw_bid
from orders.services.requests import withdraw_request
from portal.accounts.models import OrganisationTaxStatus, RoleGrant
from portal.kernel.errors import Forbidden
from portal.kernel.states import MoveRefused, history_of
from tests.orders.request_builders import (
    ANSWERS_BY,
    READY_ON,
    a_bid,
    a_customer,
    a_draft,
    a_published,
    another_workshop,
    award,
    invite,
    terms,
)
from tests.people import NOW, TODAY, Cast, a_user
from workshops.models import Operation, RequestedPart, WorkOrder, WorkshopOperator
from workshops.services import RoutingMissing, Stage, create_part_order, report_output


def hand_over(cast: Cast) -> None:
    """From today the cast's workshop is run by the entrepreneur."""
    WorkshopOperator.objects.filter(workshop=cast.workshop).update(effective_to=TODAY)
    WorkshopOperator.objects.create(
        workshop=cast.workshop, operator=cast.entrepreneur, effective_from=TODAY, basis="передача"
    )


# --- Given ---
def test_bid_says_who_asks_how_much(cast: Cast) -> None:
    bid = a_bid(cast, a_published(cast))
    assert (bid.bidder, bid.workshop, bid.status) == (cast.enterprise, cast.workshop, "submitted")
    assert (bid.unit_price, bid.ready_on, bid.minimum_batch) == (Decimal("4500.00"), READY_ON, 50)
    assert [(stage.sequence, stage.name) for stage in bid.stages.order_by("sequence")] == [
        (1, "Раскрой"), (2, "Пошив"),
    ]  # fmt: skip
    assert terms_of(bid) == terms(cast)
    assert history_of(bid).get().action == "submit"


def test_vat_follows_from_the_tax_status_of_the_day(cast: Cast) -> None:
    request = a_published(cast)
    assert a_bid(cast, request).is_vat_inside
    OrganisationTaxStatus.objects.update(effective_to=TODAY)
    assert not a_bid(cast, request, price="4400.00").is_vat_inside


def test_change_supersedes(cast: Cast) -> None:
    request = a_published(cast)
    first = a_bid(cast, request)
    second = a_bid(cast, request, price="4200.00")
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "submitted")
    assert (first.unit_price, second.unit_price) == (Decimal("4500.00"), Decimal("4200.00"))


def test_same_bid_twice_is_one(cast: Cast) -> None:
    request = a_published(cast)
    assert a_bid(cast, request) == a_bid(cast, request)
    assert Bid.objects.count() == 1


def test_two_workshops_bid_beside_each_other(cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    a_bid(cast, request)
    a_bid(cast, request, other, user)
    assert request.bids.filter(status="submitted").count() == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"unit_price": Decimal("0.00")}, services.PriceNotPositive),
        ({"unit_price": Decimal("-5.00")}, services.PriceNotPositive),
        ({"unit_price": Decimal("9999999999.00")}, services.TotalTooLarge),
        ({"ready_on": TODAY - timedelta(days=1)}, DateInThePast),
        ({"ready_on": date(2036, 1, 1)}, DateTooFar),
        ({"minimum_batch": 0}, services.BatchRefused),
        ({"minimum_batch": 301}, services.BatchRefused),
        ({"stages": ()}, services.StagesRefused),
        ({"stages": (Stage("", 1),)}, services.StagesRefused),
        ({"stages": (Stage("Шаг", 1),) * 7}, services.StagesRefused),
    ],
)
def test_terms_that_cannot_be(cast: Cast, changes: dict[str, Any], refusal: type) -> None:
    request = a_published(cast)
    with pytest.raises(refusal) as refused:
        a_bid(cast, request, **changes)
    assert str(refused.value)
    assert Bid.objects.count() == 0


def test_refused_change_leaves_the_bid_before(cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    with pytest.raises(services.BatchRefused):
        a_bid(cast, request, price="4000.00", minimum_batch=999)
    bid.refresh_from_db()
    assert bid.status == "submitted"


def test_last_day_for_answers_and_the_day_after(cast: Cast) -> None:
    request = a_published(cast)
    values = {
        "actor": cast.operator, "request_id": request.pk, "workshop_id": cast.workshop.pk,
        "terms": terms(cast),
    }  # fmt: skip
    days = (ANSWERS_BY - TODAY).days
    with pytest.raises(services.AnswersOver, match=r"01\.12\.2026"):
        submit_bid(**values, at=NOW + timedelta(days=days + 1))
    assert submit_bid(**values, at=NOW + timedelta(days=days)).status == "submitted"


def test_draft_and_withdrawn_request_take_no_bid(cast: Cast) -> None:
    request = a_draft()
    invite(request, cast.workshop)
    with pytest.raises(services.RequestClosed):
        a_bid(cast, request)
    withdraw_request(actor=request.created_by, request_id=request.pk, reason="", at=NOW)
    with pytest.raises(services.RequestClosed, match=r"Отозван|Withdrawn"):
        a_bid(cast, request)


def test_workshop_that_was_not_asked(cast: Cast) -> None:
    other, user = another_workshop(cast)
    with pytest.raises(services.NotInvited):
        a_bid(cast, a_published(cast), other, user)


@pytest.mark.parametrize("who", ["buyer", "master", "head", "stranger"])
def test_only_the_operator_of_the_workshop_bids(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        a_bid(cast, a_published(cast), user=cast.users[who])


def test_operator_of_another_organisation_does_not_bid(cast: Cast) -> None:
    _other, user = another_workshop(cast)
    with pytest.raises(Forbidden):
        a_bid(cast, a_published(cast), user=user)


def test_operator_limited_to_another_place_does_not_bid(cast: Cast) -> None:
    other, _user = another_workshop(cast)
    request = a_published(cast)
    place = other.institution.organisation
    RoleGrant.objects.filter(membership__user=cast.operator).update(scope=place)
    with pytest.raises(Forbidden):
        a_bid(cast, request)
    RoleGrant.objects.filter(membership__user=cast.operator).update(scope=cast.colony)
    cast.operator.__dict__.pop("_grants", None)
    assert a_bid(cast, request).status == "submitted"


def test_new_operator_replaces_the_bid_of_the_old_one(cast: Cast) -> None:
    request = a_published(cast)
    old = a_bid(cast, request)
    hand_over(cast)
    user = a_user("new@example.kz", cast.entrepreneur, "operator")
    new = a_bid(cast, request, user=user)
    old.refresh_from_db()
    assert (old.status, new.bidder) == ("superseded", cast.entrepreneur)


# --- Taken back ---
def test_bid_is_taken_back_once(cast: Cast) -> None:
    bid = a_bid(cast, a_published(cast))
    assert withdraw_bid(actor=cast.operator, bid_id=bid.pk, at=NOW).status == "withdrawn"
    with pytest.raises(MoveRefused):
        withdraw_bid(actor=cast.operator, bid_id=bid.pk, at=NOW)


@pytest.mark.parametrize("who", ["buyer", "master", "stranger"])
def test_bid_is_taken_back_by_its_operator_alone(cast: Cast, who: str) -> None:
    bid = a_bid(cast, a_published(cast))
    with pytest.raises(Forbidden):
        withdraw_bid(actor=cast.users[who], bid_id=bid.pk, at=NOW)


def test_chosen_bid_is_not_taken_back(cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    award(request, bid)
    with pytest.raises(MoveRefused):
        withdraw_bid(actor=cast.operator, bid_id=bid.pk, at=NOW)


def test_after_taking_back_a_new_bid_is_given(cast: Cast) -> None:
    request = a_published(cast)
    withdraw_bid(actor=cast.operator, bid_id=a_bid(cast, request).pk, at=NOW)
    assert a_bid(cast, request).status == "submitted"


# --- The choice ---
def test_award_freezes_the_sums_and_plans_the_work(cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    bid, rival = a_bid(cast, request), a_bid(cast, request, other, user, price="5000.00")
    agreed = award(request, bid)
    for row in (request, bid, rival):
        row.refresh_from_db()
    assert (request.status, bid.status, rival.status) == ("awarded", "won", "lost")
    assert (agreed.unit_price, agreed.quantity) == (Decimal("4500.00"), 300)
    assert (agreed.total, agreed.is_vat_inside) == (Decimal("1350000.00"), True)
    order = WorkOrder.objects.get()
    assert (order.workshop, order.quantity, order.due_on) == (cast.workshop, 300, READY_ON)
    assert (order.title, order.version) == ("Комбинезоны рабочие", None)
    operations = Operation.objects.filter(part=order.part).order_by("sequence")
    assert [(o.sequence, o.name_ru, o.trade) for o in operations] == [
        (1, "Раскрой", cast.trade), (2, "Пошив", cast.trade),
    ]  # fmt: skip
    assert list(order.operations.values_list("quantity", "done")) == [(300, 0), (300, 0)]


def test_award_twice_is_refused_and_makes_one_work_order(cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    bid, rival = a_bid(cast, request), a_bid(cast, request, other, user)
    award(request, bid)
    for again in (bid, rival):
        with pytest.raises(MoveRefused):
            award(request, again)
    assert (Award.objects.count(), WorkOrder.objects.count()) == (1, 1)


def test_superseded_or_withdrawn_bid_is_not_chosen(cast: Cast) -> None:
    request = a_published(cast)
    old = a_bid(cast, request)
    new = a_bid(cast, request, price="4600.00")
    with pytest.raises(BidGone):
        award(request, old)
    withdraw_bid(actor=cast.operator, bid_id=new.pk, at=NOW)
    with pytest.raises(BidGone):
        award(request, new)
    request.refresh_from_db()
    assert (request.status, WorkOrder.objects.count()) == ("published", 0)


def test_bid_of_another_request_is_not_chosen(cast: Cast) -> None:
    first, second = a_published(cast), a_published(cast)
    with pytest.raises(BidGone):
        award(first, a_bid(cast, second))


def test_workshop_that_changed_hands_is_not_chosen(cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    hand_over(cast)
    with pytest.raises(BidderReplaced):
        award(request, bid)
    assert WorkOrder.objects.count() == 0


def test_only_the_customer_chooses(cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    for user in (cast.operator, cast.buyer, cast.stranger, a_customer(43)[1]):
        with pytest.raises(Forbidden):
            award(request, bid, user)


def test_output_on_the_part_moves_its_work_order(cast: Cast) -> None:
    request = a_published(cast)
    order = award(request, a_bid(cast, request)).work_order
    order.operations.update(done=5)
    assert report_output(work_order_id=order.pk, actor=cast.master, at=NOW).status == "in_progress"
    order.operations.update(done=300)
    assert report_output(work_order_id=order.pk, actor=cast.master, at=NOW).status == "completed"


def test_part_order_without_stages_is_refused(cast: Cast) -> None:
    with pytest.raises(RoutingMissing, match="Деталь"):
        create_part_order(
            actor=cast.operator, workshop_id=cast.workshop.pk, title="Деталь", unit="piece",
            stages=[], quantity=1, at=NOW,
        )  # fmt: skip
    assert not RequestedPart.objects.exists()
