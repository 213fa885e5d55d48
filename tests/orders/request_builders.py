"""Production requests, drawings and bids of the tests, made through the services."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from orders.models import Award, Bid, Drawing, ProductionRequest
from orders.services.awards import award_bid
from orders.services.bids import Terms, submit_bid
from orders.services.drawings import add_drawing
from orders.services.requests import (
    Wanted,
    draft_request,
    invite_workshops,
    publish_request,
)
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation, User
from tests.files import a_pdf
from tests.people import LONG_AGO, NOW, Cast, a_user, an_organisation
from workshops.models import Institution, Trade, Workshop, WorkshopOperator
from workshops.services import Stage

ANSWERS_BY = date(2026, 12, 1)
WANTED_BY = date(2027, 2, 1)
READY_ON = date(2027, 1, 20)
WANTED = Wanted(
    title="Комбинезоны рабочие",
    description="Хлопок, размеры 48–56, по образцу.",
    quantity=300,
    unit="piece",
    wanted_by=WANTED_BY,
    answers_by=ANSWERS_BY,
    own_material="Ткань, 900 м",
)


def a_customer(number: int = 41) -> tuple[Organisation, User]:
    """A company that is no operator, with its buyer."""
    company = an_organisation(
        OrganisationKind.COMPANY, f"ТОО «Заказчик {number}»", number, phone="+7 701 000 00 41"
    )
    return company, a_user(f"customer{number}@example.kz", company, Role.BUYER)


def the_customer() -> User:
    """The buyer of the first company, made when first asked for."""
    known = User.objects.filter(email="customer41@example.kz").first()
    return known or a_customer()[1]


def company_of(user: User) -> Organisation:
    return user.memberships.get().organisation


def a_draft(user: User | None = None, **changes: Any) -> ProductionRequest:
    user = user or the_customer()
    return draft_request(
        actor=user, customer_id=company_of(user).pk, wanted=replace(WANTED, **changes), at=NOW
    )


def a_drawing(
    request: ProductionRequest, content: bytes | None = None, name: str = "чертёж.pdf"
) -> Drawing:
    file = SimpleUploadedFile(name, content or a_pdf())
    return add_drawing(actor=request.created_by, request_id=request.pk, file=file, at=NOW)


def invite(request: ProductionRequest, *workshops: Workshop) -> None:
    invite_workshops(
        actor=request.created_by,
        request_id=request.pk,
        workshop_ids=[workshop.pk for workshop in workshops],
        at=NOW,
    )


def a_published(cast: Cast, *more: Workshop, **changes: Any) -> ProductionRequest:
    """Published to the cast's workshop and `more`."""
    request = a_draft(**changes)
    invite(request, cast.workshop, *more)
    return publish_request(actor=request.created_by, request_id=request.pk, at=NOW)


def another_workshop(cast: Cast, number: int = 22) -> tuple[Workshop, User]:
    """A workshop of another institution run by the entrepreneur, with an operator."""
    place = an_organisation(OrganisationKind.INSTITUTION, f"Учреждение № {number} (тест)", number)
    institution = Institution.objects.create(
        organisation=place, number=str(number), department=cast.department, security="medium"
    )
    workshop = Workshop.objects.create(
        institution=institution,
        code=f"sewing-{number}",
        name_ru="Швейный цех",
        name_kk="Тігін цехы",
    )
    WorkshopOperator.objects.create(
        workshop=workshop, operator=cast.entrepreneur, effective_from=LONG_AGO, basis="договор"
    )
    sewer, _is_new = Trade.objects.get_or_create(
        code="sewer", defaults={"name_ru": "Швея", "name_kk": "Тігінші"}
    )
    workshop.posts.create(name_ru="Швея", trade=sewer, seats=20)
    email = "sewing@example.kz"
    user = User.objects.filter(email=email).first()
    return workshop, user or a_user(email, cast.entrepreneur, Role.OPERATOR)


def terms(cast: Cast, price: str = "4500.00", **changes: Any) -> Terms:
    values: dict[str, Any] = {
        "unit_price": Decimal(price),
        "ready_on": READY_ON,
        "minimum_batch": 50,
        "stages": (Stage("Раскрой", cast.trade.pk), Stage("Пошив", cast.trade.pk)),
        "comment": "Пуговицы наши",
    }
    return Terms(**(values | changes))


def a_bid(
    cast: Cast,
    request: ProductionRequest,
    workshop: Workshop | None = None,
    user: User | None = None,
    price: str = "4500.00",
    **changes: Any,
) -> Bid:
    """The cast's operator bids for the cast's workshop, unless told otherwise."""
    return submit_bid(
        actor=user or cast.operator,
        request_id=request.pk,
        workshop_id=(workshop or cast.workshop).pk,
        terms=terms(cast, price, **changes),
        at=NOW,
    )


def award(request: ProductionRequest, bid: Bid, user: User | None = None) -> Award:
    return award_bid(actor=user or request.created_by, request_id=request.pk, bid_id=bid.pk, at=NOW)
