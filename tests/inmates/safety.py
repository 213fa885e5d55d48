"""What the tests of safety begin with: requirements of trades, clearances, apprenticeships."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from inmates.models import (
    Apprenticeship,
    Clearance,
    ClearanceRequirement,
    Inmate,
    Qualification,
)
from inmates.services.accidents import record_accident
from tests.people import LONG_AGO, NOW, Cast
from workshops.models import Operation, Trade

BRIEFING, EQUIPMENT, MEDICAL = "briefing", "protective_equipment", "medical"


def a_requirement(
    kind: str = BRIEFING, trade: Trade | None = None, **fields: Any
) -> ClearanceRequirement:
    """A trade (or every trade) asks for it, long since."""
    values = {"effective_from": LONG_AGO, "source": "Тест", "confidence": "decision of the portal"}
    return ClearanceRequirement.objects.create(kind=kind, trade=trade, **(values | fields))


def a_clearance(cast: Cast, inmate: Inmate, kind: str = BRIEFING, **fields: Any) -> Clearance:
    values = {
        "document": "журнал № 1",
        "effective_from": LONG_AGO,
        "recorded_by": cast.labour_officer,
        "recorded_at": NOW,
    }
    return Clearance.objects.create(inmate=inmate, kind=kind, **(values | fields))


def a_painter(cast: Cast) -> Trade:
    """A second trade; the painting of the cast's product belongs to it from now on."""
    painter = Trade.objects.create(code="painter", name_ru="Маляр", name_kk="Сырлаушы")
    Operation.objects.filter(pk=cast.painting.pk).update(trade=painter)
    cast.painting.refresh_from_db()
    return painter


def a_grade(
    cast: Cast, inmate: Inmate, trade: Trade | None = None, grade: int = 4
) -> Qualification:
    return Qualification.objects.create(
        inmate=inmate,
        trade=trade or cast.trade,
        grade=grade,
        document="свидетельство № 7",
        awarded_on=LONG_AGO,
        recorded_by=cast.labour_officer,
        recorded_at=NOW,
    )


def an_apprenticeship(cast: Cast, inmate: Inmate, **fields: Any) -> Apprenticeship:
    """Learns the cast's trade from a free craftsman at six tenths of the norm since 1 October."""
    values = {
        "trade": cast.trade,
        "free_mentor": "мастер Тестов",
        "planned_hours": 160,
        "norm_coefficient": Decimal("0.6"),
        "basis": "приказ № 3",
        "effective_from": date(2026, 10, 1),
        "recorded_by": cast.labour_officer,
        "recorded_at": NOW,
    }
    return Apprenticeship.objects.create(inmate=inmate, **(values | fields))


def an_accident(cast: Cast, *people: Inmate, **fields: Any) -> Any:
    """A light accident two hours before the tests' moment."""
    values = {
        "actor": cast.labour_officer,
        "institution_id": cast.institution.pk,
        "workshop_id": cast.workshop.pk,
        "kind": "light",
        "happened_at": NOW - timedelta(hours=2),
        "inmate_ids": [one.pk for one in people],
        "circumstances": "Упала доска",
        "at": NOW,
    }
    return record_accident(**(values | fields))
