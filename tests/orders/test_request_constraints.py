"""Rows of requests, drawings, invitations, bids and awards that make no sense are refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from orders.models import Award, Bid, BidStage, Drawing, Invitation
from portal.kernel.errors import ConstraintRefused, readable_refusals
from tests.files import a_picture
from tests.orders.request_builders import (
    a_bid,
    a_draft,
    a_drawing,
    a_published,
    another_workshop,
    award,
    invite,
)
from tests.people import NOW, Cast
from workshops.models import Operation, RequestedPart, WorkOrder


def refused(change: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


def told(change: Any, constraint: str) -> str:
    """The sentence a person reads where the database refuses."""
    with pytest.raises(ConstraintRefused) as refusal, readable_refusals(), transaction.atomic():
        change()
    assert refusal.value.constraint == constraint
    return str(refusal.value)


def update(row: models.Model, **changes: Any) -> Any:
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**changes)


def copy_of(row: models.Model, **changes: Any) -> Any:
    """Saving the same row once more, with changes."""

    def save() -> None:
        fresh = type(row)._base_manager.get(pk=row.pk)
        fresh.pk = None
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save(force_insert=True)

    return save


# --- The request ---
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost", "published_at": NOW}, "request_status_known"),
        ({"title": ""}, "request_says_what"),
        ({"description": ""}, "request_says_what"),
        ({"quantity": 0}, "request_quantity_positive"),
        ({"unit": "barrel"}, "request_unit_known"),
        ({"own_material": ""}, "request_names_own_material"),
        ({"has_own_material": False}, "request_names_own_material"),
        ({"status": "published"}, "request_published_at"),
        ({"status": "awarded"}, "request_published_at"),
    ],
)
def test_request(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    refused(update(a_draft(), **changes), constraint)


def test_request_dates_follow_each_other(cast: Cast) -> None:
    request = a_draft()
    for day in (request.wanted_by, request.wanted_by + timedelta(days=1)):
        refused(update(request, answers_by=day), "request_answers_before_wanted")


def test_request_number_is_unique(cast: Cast) -> None:
    refused(copy_of(a_draft()), "number")


@pytest.mark.parametrize(
    "changes",
    [{"title": "Другое"}, {"quantity": 1}, {"own_material": "Лён"}, {"description": "Иначе"}],
)
def test_published_request_is_frozen_by_the_database(cast: Cast, changes: dict) -> None:
    assert told(update(a_published(cast), **changes), "request_frozen")
    update(a_draft(), **changes)()


# --- Drawings ---
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"sequence": 0}, "drawing_one_of_ten"),
        ({"sequence": 11}, "drawing_one_of_ten"),
        ({"kind": "exe"}, "drawing_kind_known"),
        ({"sha256": "abc"}, "drawing_is_described"),
        ({"size": 0}, "drawing_is_described"),
        ({"original_name": ""}, "drawing_is_described"),
        ({"pages": None}, "drawing_pages_or_pixels"),
        ({"pages": 0}, "drawing_pages_or_pixels"),
        ({"width": 5, "height": 5}, "drawing_pages_or_pixels"),
        ({"kind": "png"}, "drawing_pages_or_pixels"),
    ],
)
def test_drawing(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    drawing = a_drawing(a_draft())
    fresh = {"sequence": 2, "sha256": "0" * 64} | changes
    refused(copy_of(drawing, **fresh), constraint)


def test_picture_has_pixels_and_no_pages(cast: Cast) -> None:
    picture = a_drawing(a_draft(), a_picture())
    fresh = {"sequence": 2, "sha256": "0" * 64}
    for changes in ({"width": None}, {"height": 0}, {"pages": 1}):
        refused(copy_of(picture, **fresh, **changes), "drawing_pages_or_pixels")


def test_drawing_stands_once_at_its_own_place(cast: Cast) -> None:
    drawing = a_drawing(a_draft())
    refused(copy_of(drawing, sha256="0" * 64), "drawing_place")
    assert told(copy_of(drawing, sequence=2), "drawing_once")


def test_drawings_of_a_published_request_stay(cast: Cast) -> None:
    request = a_draft()
    drawing = a_drawing(request)
    invite(request, cast.workshop)
    assert told(update(drawing, original_name="иначе.pdf"), "drawing_of_draft")
    update(request, status="published", published_at=NOW)()
    assert told(drawing.delete, "drawing_of_draft")
    assert told(copy_of(drawing, sequence=2, sha256="0" * 64), "drawing_of_draft")
    assert Drawing.objects.count() == 1


# --- Invitations ---
def test_invitation_once_and_for_good(cast: Cast) -> None:
    request = a_published(cast)
    invitation = Invitation.objects.get()
    refused(copy_of(invitation), "invitation_once")
    assert told(invitation.delete, "invitation_stays")
    other, _user = another_workshop(cast)
    assert told(update(invitation, workshop=other), "invitation_stays")
    assert request.invitations.count() == 1


def test_invitation_of_a_draft_may_go_but_not_move(cast: Cast) -> None:
    request, (other, _user) = a_draft(), another_workshop(cast)
    invite(request, cast.workshop)
    assert told(update(Invitation.objects.get(), workshop=other), "invitation_stays")
    Invitation.objects.all().delete()


# --- Bids ---
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"unit_price": Decimal("0.00")}, "bid_positive"),
        ({"minimum_batch": 0}, "bid_positive"),
        ({"status": "awarded"}, "bid_status_known"),
        ({}, "bid_one_live"),
        ({"minimum_batch": 301}, "bid_of_invited"),
    ],
)
def test_bid(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    refused(copy_of(a_bid(cast, a_published(cast)), **changes), constraint)


def test_bid_only_of_an_invited_workshop_of_a_published_request(cast: Cast) -> None:
    request, (other, _user) = a_published(cast), another_workshop(cast)
    bid = a_bid(cast, request)
    update(bid, status="withdrawn")()
    assert told(copy_of(bid, workshop=other), "bid_of_invited")
    assert told(copy_of(bid, bidder=request.customer), "bid_of_invited")
    update(request, status="withdrawn")()
    assert told(copy_of(bid, status="submitted"), "bid_of_invited")


@pytest.mark.parametrize(
    "changes",
    [
        {"unit_price": Decimal("1.00")},
        {"minimum_batch": 2},
        {"comment": ""},
        {"is_vat_inside": False},
    ],
)
def test_bid_is_never_edited(cast: Cast, changes: dict[str, Any]) -> None:
    bid = a_bid(cast, a_published(cast))
    assert told(update(bid, **changes), "bid_frozen")


def test_bid_and_its_stages_are_never_deleted(cast: Cast) -> None:
    bid = a_bid(cast, a_published(cast))
    stage = bid.stages.first()
    assert told(update(stage, name="Иначе"), "bid_frozen")
    assert told(stage.delete, "bid_frozen")
    assert told(_raw_delete(bid), "bid_frozen")
    for changes in ({"sequence": 0}, {"sequence": 7}, {"sequence": 3, "name": ""}):
        refused(copy_of(stage, **changes), "bidstage_named")
    refused(copy_of(stage), "bidstage_sequence")
    assert BidStage.objects.count() == 2


def _raw_delete(row: models.Model) -> Any:
    queryset = type(row)._base_manager.filter(pk=row.pk)
    return lambda: queryset._raw_delete(queryset.db)


def test_one_winner(cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    first, second = a_bid(cast, request), a_bid(cast, request, other, user)
    update(first, status="won")()
    assert told(update(second, status="won"), "bid_one_winner")
    assert Bid.objects.filter(status="won").count() == 1


# --- The award ---
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"total": Decimal("1.00")}, "award_total"),
        ({"quantity": 1, "total": Decimal("4500.00")}, "award_of_live_bid"),
        ({"unit_price": Decimal("1.00"), "total": Decimal("300.00")}, "award_of_live_bid"),
        ({"is_vat_inside": False}, "award_of_live_bid"),
        ({"unit_price": Decimal("-1.00"), "total": Decimal("-300.00")}, "award_(of_live|positive)"),
    ],
)
def test_award_is_what_was_offered(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    values = {
        "request": request, "bid": bid, "work_order": a_part_order(cast), "quantity": 300,
        "unit_price": bid.unit_price, "is_vat_inside": True, "total": Decimal("1350000.00"),
        "awarded_at": NOW,
    }  # fmt: skip
    refused(lambda: Award.objects.create(**(values | changes)), constraint)


def test_award_of_a_bid_that_holds(cast: Cast) -> None:
    first, second = a_published(cast), a_published(cast)
    bid = a_bid(cast, first)
    values = {
        "work_order": a_part_order(cast), "quantity": 300, "unit_price": bid.unit_price,
        "is_vat_inside": True, "total": Decimal("1350000.00"), "awarded_at": NOW,
    }  # fmt: skip
    assert told(
        lambda: Award.objects.create(request=second, bid=bid, **values), "award_of_live_bid"
    )
    update(bid, status="withdrawn")()
    assert told(lambda: Award.objects.create(request=first, bid=bid, **values), "award_of_live_bid")


def test_award_is_written_once(cast: Cast) -> None:
    request = a_published(cast)
    agreed = award(request, a_bid(cast, request))
    with pytest.raises(Exception, match="award_append_only"), transaction.atomic():
        update(agreed, total=Decimal("1.00"))()
    with pytest.raises(Exception, match="award_append_only"), transaction.atomic():
        agreed.delete()
    refused(copy_of(agreed), "request_id|bid_id|work_order_id")


def a_part_order(cast: Cast) -> WorkOrder:
    part = RequestedPart.objects.create(title="Деталь")
    return WorkOrder.objects.create(
        number="2026-90001", workshop=cast.workshop, part=part, quantity=300, created_at=NOW
    )


# --- What the workshops keep of it ---
def test_work_order_is_of_a_version_or_of_a_part(cast: Cast) -> None:
    order = a_part_order(cast)
    refused(update(order, version=cast.version), "workorder_of_version_or_part")
    refused(update(order, part=None), "workorder_of_version_or_part")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"version": None}, "operation_(of_version_or_part|norms)"),
        ({"norm_minutes": None}, "operation_norms_positive"),
        ({"piece_rate": None}, "operation_norms_positive"),
        ({"piece_rate": Decimal("0.00")}, "operation_norms_positive"),
        ({"people_needed": 0}, "operation_norms_positive"),
    ],
)
def test_operation_of_a_product(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    refused(update(cast.cutting, **changes), constraint)


def test_operation_of_a_part(cast: Cast) -> None:
    part = RequestedPart.objects.create(title="Деталь")
    step = Operation.objects.create(part=part, sequence=1, name_ru="Сварка", trade=cast.trade)
    refused(copy_of(step), "operation_sequence_of_part")
    refused(update(cast.cutting, part=part), "operation_of_version_or_part")
    refused(update(step, norm_minutes=Decimal(0)), "operation_norms_positive")
    update(step, norm_minutes=Decimal(5), piece_rate=Decimal("10.00"))()
    refused(lambda: RequestedPart.objects.create(title=""), "requestedpart_has_title")
    refused(update(part, unit="barrel"), "requestedpart_unit_known")
