"""The workshop floor of the demo: some downtime, defects, material issued, and batch cards.

Through the services, as a master would enter them; the same every time.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from portal.demo.days import MONTHS_OF_WORK
from portal.kernel.clock import ALMATY
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from workshops.enums import DefectOutcome, MaterialUnit, WorkOrderStatus
from workshops.models import FloorReason, WorkOrder, WorkOrderOperation, Workshop
from workshops.selectors.floor import parts_of
from workshops.services.batches import make_batch_cards
from workshops.services.defects import record_defect
from workshops.services.downtime import record_downtime
from workshops.services.floor_reasons import load_floor_reasons
from workshops.services.materials import issue_material

WORKSHOP = "wood-16"
DOWNTIMES, DEFECTS, ISSUES = 8, 12, 8
BATCHES = 4
DAYS_OPEN = 3


def make_floor(today: date, master: Any, rng: Random) -> None:
    """The demo master's workshop as it went: entered in the evening of each day."""
    load_floor_reasons()
    workshop = Workshop.objects.get(code=WORKSHOP)
    days = _days(today)
    _downtimes(workshop, days, master, rng)
    orders = list(
        WorkOrder.objects.filter(workshop=workshop, status=WorkOrderStatus.IN_PROGRESS).order_by(
            "due_on", "id"
        )
    )
    _defects(orders, days, master, rng)
    _issues(orders, days, master, rng)
    for order in [one for one in orders if one.due_on][:2]:
        size = -(-order.quantity // BATCHES)
        make_batch_cards(actor=master, work_order_id=order.pk, size=size, at=_evening(days[-1]))


def _days(today: date) -> list[date]:
    """The workdays before today since the demo's work begins."""
    begin = Month.of(today).plus(-MONTHS_OF_WORK).first_day
    count = (today - begin).days
    return [day for number in range(count) if is_workday(day := begin + timedelta(days=number))]


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(18, 5), ALMATY)


def _reasons(group: str) -> list[FloorReason]:
    return list(FloorReason.objects.filter(group=group, needs_text=False).order_by("sort_order"))


def _downtimes(workshop: Workshop, days: list[date], master: Any, rng: Random) -> None:
    machines = list(workshop.equipment.order_by("id"))
    reasons = _reasons("downtime")
    for day in [*sorted(rng.sample(days[:-1], DOWNTIMES - 1)), days[-1]]:
        begin = datetime.combine(day, time(rng.randint(9, 14), rng.choice((0, 20, 40))), ALMATY)
        reason = rng.choice(reasons)
        machine = rng.choice(machines) if machines and reason.cause == "equipment" else None
        record_downtime(
            actor=master,
            workshop_id=workshop.pk,
            equipment_id=machine.pk if machine else None,
            began_at=begin,
            ended_at=begin + timedelta(minutes=rng.randrange(20, 180, 5)),
            reason_id=reason.pk,
            at=_evening(day),
            days_open=DAYS_OPEN,
        )


def _defects(orders: list[WorkOrder], days: list[date], master: Any, rng: Random) -> None:
    operations = list(
        WorkOrderOperation.objects.filter(work_order__in=orders, done__gt=0).order_by("id")
    )
    reasons = _reasons("defect")
    for day in sorted(rng.choices(days[-20:], k=DEFECTS)) if operations else []:
        record_defect(
            actor=master,
            operation_id=rng.choice(operations).pk,
            found_on=day,
            quantity=rng.randint(1, 3),
            outcome=rng.choice((DefectOutcome.REWORK, DefectOutcome.REWORK, DefectOutcome.SCRAP)),
            reason_id=rng.choice(reasons).pk,
            at=_evening(day),
            days_open=DAYS_OPEN,
        )


def _issues(orders: list[WorkOrder], days: list[date], master: Any, rng: Random) -> None:
    for day in sorted(rng.choices(days[-20:], k=ISSUES)) if orders else []:
        order = rng.choice(orders)
        parts = list(parts_of(order))
        if not parts:
            continue
        part = rng.choice(parts)
        issue_material(
            actor=master,
            work_order_id=order.pk,
            part_id=part.pk,
            material="",
            quantity=Decimal(rng.randint(2, 20)),
            unit=MaterialUnit.PIECE,
            issued_on=day,
            at=_evening(day),
            days_open=DAYS_OPEN,
        )
