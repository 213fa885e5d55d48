"""The report of a shift on paper: numbers of people, what was made, failed, stood, was issued."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from inmates.selectors.floor import norm_minutes_beside, output_by_operation
from inmates.services.attendance import AttendedDay
from inmates.services.output import Output
from tests.inmates.shifts import FRIDAY, MONDAY, NOON, THURSDAY, Floor
from tests.people import a_work_order
from workshops.enums import DefectOutcome, MaterialUnit
from workshops.models import FloorReason
from workshops.services.defects import record_defect, withdraw_defect
from workshops.services.downtime import record_downtime
from workshops.services.floor_reasons import load_floor_reasons
from workshops.services.materials import issue_material

pytestmark = pytest.mark.usefixtures("on_friday")


@pytest.fixture
def worked(floor: Floor) -> Floor:
    """Two present and one sick; pieces, a defect, a downtime and material of the Friday."""
    load_floor_reasons()
    floor.attend(*[AttendedDay(one.pk, FRIDAY, 480) for one in floor.placements[:2]])
    floor.attend(AttendedDay(floor.placements[2].pk, FRIDAY, 0, floor.sick.pk))
    floor.make(
        *[Output(one.pk, floor.cutting.pk, FRIDAY, 4) for one in floor.placements[:2]],
        Output(floor.placements[0].pk, floor.painting.pk, FRIDAY, 1),
    )
    common: dict[str, Any] = {"actor": floor.cast.master, "at": NOON, "days_open": 3}
    record_downtime(
        **common, workshop_id=floor.cast.workshop.pk, began_at=NOON - timedelta(hours=3),
        ended_at=NOON - timedelta(hours=2), reason_id=reason("no-electricity"),
    )  # fmt: skip
    record_defect(
        **common, operation_id=floor.cutting.pk, found_on=FRIDAY, quantity=2,
        outcome=DefectOutcome.SCRAP, reason_id=reason("wrong-size"),
    )  # fmt: skip
    issue_material(
        **common, work_order_id=floor.order.pk, material="Лак мебельный", quantity=Decimal("2.5"),
        unit=MaterialUnit.LITRE, issued_on=FRIDAY,
    )  # fmt: skip
    return floor


def reason(code: str) -> int:
    return FloorReason.objects.get(code=code).pk


def printed(client: Client, floor: Floor, day: Any = FRIDAY, language: str = "ru") -> str:
    response = client.get(floor.url(day, "report.pdf"), {"language": language})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    pages = PdfReader(BytesIO(response.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split()).replace("\N{NO-BREAK SPACE}", " ")


def test_the_report_says_what_the_day_was(master: Client, worked: Floor) -> None:
    text = printed(master, worked)
    for words in (
        "Отчёт за смену", "20 ноября 2026 г.", "Столярный цех", "1601, 1602", "Болезнь: 1603",
        "Нет электроэнергии", "20.11.2026, 09:00–10:00 60", "Не тот размер", "Лак мебельный",
        "Мастер: подпись", "Инспектор отдела труда: подпись",
    ):  # fmt: skip
        assert words in text, words
    assert "2 8" in text  # two people, eight pieces of the cutting
    assert "16" in text  # hours of two full shifts


def test_no_name_is_on_the_paper(master: Client, worked: Floor) -> None:
    text = printed(master, worked)
    assert not any(name.split()[0] in text for name in worked.names)


def test_the_report_in_kazakh(master: Client, worked: Floor) -> None:
    text = printed(master, worked, language="kk")
    assert "Ауысым есебі" in text
    assert "2026 жылғы 20 қараша" in text
    assert "Электр қуаты жоқ" in text


def test_an_empty_day_says_so(master: Client, worked: Floor) -> None:
    text = printed(master, worked, THURSDAY)
    assert "Выработка не внесена." in text
    assert "В этот день простоев не было." in text


def test_what_was_withdrawn_is_left_out(master: Client, worked: Floor) -> None:
    row = worked.cutting.defects.get()
    withdraw_defect(actor=worked.cast.master, defect_id=row.pk, why="ошиблись днём", at=NOON)
    assert "Не тот размер" not in printed(master, worked)


def test_a_day_ahead_is_refused(master: Client, worked: Floor) -> None:
    assert master.get(worked.url(MONDAY, "report.pdf")).status_code == 409
    assert master.post(worked.url(part="report.pdf")).status_code == 405


def test_output_is_summed_by_operation(worked: Floor) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = output_by_operation(worked.cast.workshop, FRIDAY)
        rows = [(one.operation.operation.name, one.pieces, one.people) for one in found]
    assert rows == [("Раскрой", 8, 2), ("Покраска", 1, 1)]
    assert len(captured) == 3


def test_minutes_by_the_norm_on_other_orders(worked: Floor) -> None:
    other = a_work_order(worked.cast)
    first = worked.placements[0].pk
    worked.make(Output(first, other.operations.first().pk, FRIDAY, 2))
    ids = [one.pk for one in worked.placements]
    assert norm_minutes_beside(ids, FRIDAY, worked.order.pk) == {first: Decimal(120)}
    assert norm_minutes_beside(ids, FRIDAY, other.pk)[first] == Decimal(300)
    assert norm_minutes_beside([], FRIDAY, other.pk) == {}


def test_a_note_without_a_space_stays_in_its_column(master: Client, worked: Floor) -> None:
    record_defect(
        actor=worked.cast.master, at=NOON, days_open=3, operation_id=worked.cutting.pk,
        found_on=FRIDAY, quantity=1, outcome=DefectOutcome.SCRAP, reason_id=reason("wrong-size"),
        note="к" * 200,
    )  # fmt: skip
    response = master.get(worked.url(part="report.pdf"), {"language": "ru"})
    lines = PdfReader(BytesIO(response.content)).pages[0].extract_text().splitlines()
    found = [line.count("ккк") for line in lines if "ккк" in line]
    assert len(found) > 1
    assert max(found) < 33  # of 66 in the whole word
