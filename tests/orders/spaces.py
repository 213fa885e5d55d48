"""Areas, officials and applications of the tests, made through the services."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser

from orders.models import SpaceApplication
from orders.services.spaces import Wanted, send_space_application
from portal.accounts.models import Membership, User
from tests.people import NOW, TODAY, Cast, a_user
from workshops.models import Institution, LabourAvailability, ProductionSpace, Trade

VISITOR = AnonymousUser()
WANTED = Wanted(
    contact_name="Сауле Т.",
    contact_phone="+7 701 123 45 67",
    contact_email="saule@example.kz",
    activity="Пошив спецодежды",
    jobs=24,
    message="Нужны две линии",
    company="ТОО «Тест-Тігін»",
    bin="",
)
TYPED = {
    "company": "ТОО «Тест-Тігін»",
    "bin": "",
    "contact_name": "Сауле Т.",
    "contact_phone": "+7 701 123 45 67",
    "contact_email": "saule@example.kz",
    "activity": "Пошив спецодежды",
    "jobs": "24",
    "message": "",
    "website": "",
}
SECRET_NAME = "Корпус 9 у восточных ворот"


def a_space(cast: Cast, code: str | None = "hall-1", **fields: Any) -> ProductionSpace:
    """An idle area of the cast's institution, advertised today unless told otherwise."""
    values: dict[str, Any] = {
        "institution": cast.institution,
        "name_ru": SECRET_NAME,
        "name_kk": SECRET_NAME,
        "code": code,
        "kind": "hall",
        "area_m2": Decimal("1480.0"),
        "power_kw": 250,
        "height_m": Decimal("8.4"),
        "condition": "worn",
        "is_idle": True,
        "confirmed_on": TODAY,
    }
    return ProductionSpace.objects.create(**(values | fields))


def typed(**changes: Any) -> dict[str, Any]:
    """What a visitor types into the form."""
    return TYPED | {"submission": str(uuid4())} | changes


def an_application(cast: Cast, space: ProductionSpace | None = None, **changes: Any) -> Any:
    """An application of a visitor, sent at the cast's moment."""
    asked = space or ProductionSpace.objects.filter(code__isnull=False).first() or a_space(cast)
    values = {
        "actor": VISITOR,
        "space_code": asked.code,
        "submission": uuid4(),
        "wanted": WANTED,
        "language": "ru",
        "at": NOW,
    }
    return send_space_application(**(values | changes))


def fresh(application: SpaceApplication) -> SpaceApplication:
    return SpaceApplication.objects.get(pk=application.pk)


def give_position(user: User, position: str) -> None:
    Membership.objects.filter(user=user).update(position=position)


def a_colleague(cast: Cast, email: str = "colleague@example.kz", role: str = "labour_officer"):
    return a_user(email, cast.colony, role)


def counted(institution: Institution, trades: dict[Trade | None, int], day: date = TODAY) -> None:
    """So many people were free, by trade, on the day."""
    for trade, people in trades.items():
        LabourAvailability.objects.create(
            institution=institution, trade=trade, day=day, people=people
        )
