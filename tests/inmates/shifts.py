"""Shifts for the tests: a workshop of some people with reasons, rules and work orders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from inmates.models import Placement, Reason
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.output import Output, record_output
from inmates.services.parameters import load_pay_parameters
from tests.inmates.months import an_identity
from tests.people import Cast, a_cast, a_placement, a_reason, a_work_order, an_inmate
from workshops.models import WorkOrder, WorkOrderOperation

# A Friday, the Thursday before, and the Sunday after; the moment is Friday noon in Almaty.
FRIDAY, THURSDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 22)
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@dataclass
class Floor:
    """One workshop: its people in the order of their numbers, its reasons, one work order."""

    cast: Cast
    placements: list[Placement]
    sick: Reason
    visit: Reason
    short: Reason
    other: Reason
    order: WorkOrder
    cutting: WorkOrderOperation
    painting: WorkOrderOperation
    names: list[str] = field(default_factory=list)

    def attend(self, *days: AttendedDay, at: datetime = NOON, actor: Any = None) -> int:
        return record_attendance(actor=actor or self.cast.master, days=days, at=at)

    def make(self, *entries: Output, at: datetime = NOON, actor: Any = None) -> int:
        return record_output(actor=actor or self.cast.master, entries=entries, at=at)

    def url(self, day: date = FRIDAY, part: str = "") -> str:
        return f"/shift/{self.cast.workshop.code}/{day.isoformat()}/{part}"


def a_floor(people: int = 3, quantity: int = 20, **fields: Any) -> Floor:
    """The cast's workshop with so many named joiners."""
    cast = a_cast()
    load_pay_parameters()
    placements = []
    names = []
    for number in range(people):
        inmate = an_inmate(cast, str(1601 + number))
        names.append(f"Тестов{'абвгдежзик'[number // 10]}{'абвгдежзик'[number % 10]} Ерлан")
        an_identity(inmate, full_name=names[-1], iin=None)
        placements.append(a_placement(cast, inmate, **fields))
    order = a_work_order(cast, quantity)
    return Floor(
        cast=cast,
        placements=placements,
        sick=a_reason("sick", is_lasting=True, sort_order=1),
        visit=a_reason(
            "visit", name_ru="Свидание", name_kk="Кездесу", letter="СВ", sort_order=2
        ),
        short=a_reason(
            "short-day", name_ru="Неполный день", name_kk="Толық емес күн", letter="Н",
            is_worked=True, sort_order=3,
        ),
        other=a_reason(
            "other", name_ru="Другая причина", name_kk="Басқа себеп", letter="Д",
            needs_text=True, sort_order=4,
        ),
        order=order,
        cutting=order.operations.get(operation=cast.cutting),
        painting=order.operations.get(operation=cast.painting),
        names=names,
    )  # fmt: skip


@pytest.fixture
def floor(db: None) -> Floor:
    return a_floor()


@pytest.fixture
def on_friday() -> Iterator[None]:
    """The clock stands at Friday noon, so that pages of that day are pages of today."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def master(client: Client, floor: Floor) -> Client:
    client.force_login(floor.cast.master)
    return client


def fields(html: str) -> dict[str, str]:
    """What a browser would send back: the hidden field, every input and chosen option."""
    seen = re.search(r'name="seen" value="([^"]*)"', html)
    values = {"seen": seen[1].replace("&quot;", '"') if seen else ""}
    values |= dict(re.findall(r'<input[^>]* name="([a-z]+-[\d.]+)" value="([^"]*)"', html))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


def opened(client: Client, url: str) -> dict[str, str]:
    response = client.get(url)
    assert response.status_code == 200
    return fields(response.content.decode())


def text(response: Any) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")
