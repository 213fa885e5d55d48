"""The workshop floor for the tests: reasons, a machine, a work order, moments of the day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from portal.accounts.enums import Role
from portal.kernel.clock import ALMATY
from tests.people import NOW, TODAY, Cast, a_cast, a_user, a_work_order, an_organisation
from workshops.enums import DefectOutcome, MaterialUnit
from workshops.models import (
    Defect,
    Downtime,
    Equipment,
    FloorReason,
    MaterialIssue,
    WorkOrder,
    WorkOrderOperation,
)
from workshops.services.defects import record_defect
from workshops.services.downtime import record_downtime
from workshops.services.floor_reasons import load_floor_reasons
from workshops.services.materials import issue_material

DAYS_OPEN = 3


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    """A moment of the day in Kazakhstan; the cast's NOW is 14:00 of TODAY."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ALMATY)


@dataclass
class Bench:
    """The cast's workshop with a machine and a work order of ten."""

    cast: Cast
    machine: Equipment
    order: WorkOrder
    cutting: WorkOrderOperation

    def reason(self, code: str = "breakdown") -> FloorReason:
        return FloorReason.objects.get(code=code)

    def stood(self, begin: datetime, end: datetime | None, **changes: Any) -> Downtime:
        values = {
            "actor": self.cast.master,
            "workshop_id": self.cast.workshop.pk,
            "reason_id": self.reason().pk,
            "began_at": begin,
            "ended_at": end,
            "at": NOW,
            "days_open": DAYS_OPEN,
        }
        return record_downtime(**(values | changes))

    def failed(self, quantity: int = 2, **changes: Any) -> Defect:
        values = {
            "actor": self.cast.master,
            "operation_id": self.cutting.pk,
            "found_on": TODAY,
            "quantity": quantity,
            "outcome": DefectOutcome.SCRAP,
            "reason_id": self.reason("wrong-size").pk,
            "at": NOW,
            "days_open": DAYS_OPEN,
        }
        return record_defect(**(values | changes))

    def issued(self, quantity: str = "5", **changes: Any) -> MaterialIssue:
        values = {
            "actor": self.cast.master,
            "work_order_id": self.order.pk,
            "material": "Фанера 15 мм",
            "quantity": Decimal(quantity),
            "unit": MaterialUnit.SHEET,
            "issued_on": TODAY,
            "at": NOW,
            "days_open": DAYS_OPEN,
        }
        return issue_material(**(values | changes))


def a_bench() -> Bench:
    cast = a_cast()
    load_floor_reasons()
    machine = Equipment.objects.create(
        workshop=cast.workshop, name="Форматный станок", inventory_number="1",
        made_in_year=2015, condition="good",
    )  # fmt: skip
    order = a_work_order(cast)
    return Bench(cast, machine, order, order.operations.get(operation=cast.cutting))


@pytest.fixture
def bench(db: None) -> Bench:
    return a_bench()


def outsiders(bench: Bench) -> list[Any]:
    """Who enters nothing here: other roles, and a master of another institution."""
    elsewhere = an_organisation("institution", "Учреждение № 99 (тест)", 99)
    return [
        bench.cast.operator,
        bench.cast.accountant,
        bench.cast.head,
        bench.cast.buyer,
        a_user("master99@example.kz", elsewhere, Role.MASTER),
    ]
