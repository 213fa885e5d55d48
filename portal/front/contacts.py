"""Who answers for what: institutions, operators of workshops, the department, the portal itself."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from portal.accounts.models import Organisation
from portal.kernel.periods import period_q
from workshops.models import Institution, Workshop, WorkshopOperator


@dataclass(frozen=True, slots=True)
class Place:
    """An institution with its workshops and who runs each of them on the day."""

    institution: Institution
    workshops: list[tuple[Workshop, Organisation | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contacts:
    """The whole page; empty lists where nothing is entered yet."""

    operators: list[Organisation]
    places: list[Place]
    departments: list[Organisation]
    portal_email: str
    portal_phone: str


def contacts_on(on: date) -> Contacts:
    """Everybody who answers on the day, in three queries."""
    running = WorkshopOperator.objects.filter(period_q(on)).select_related("operator")
    operator_of = {row.workshop_id: row.operator for row in running}
    institutions = Institution.objects.select_related("organisation", "department")
    workshops: dict[int, list[tuple[Workshop, Organisation | None]]] = defaultdict(list)
    for workshop in Workshop.objects.order_by("name", "id"):
        pair = (workshop, operator_of.get(workshop.pk))
        workshops[workshop.institution_id].append(pair)
    places = [
        Place(institution, workshops[institution.pk])
        for institution in institutions.order_by("sort_order", "number", "id")
    ]
    return Contacts(
        operators=_in_order(operator_of.values()),
        places=places,
        departments=_in_order(place.institution.department for place in places),
        portal_email=settings.PORTAL_EMAIL,
        portal_phone=settings.PORTAL_PHONE,
    )


def _in_order(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Each once, by name as an alphabet has it."""
    once = {one.pk: one for one in organisations}
    return sorted(once.values(), key=lambda one: (one.sort_ru, one.pk))
