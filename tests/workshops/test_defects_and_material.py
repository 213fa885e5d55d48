"""Defects and material: entered, withdrawn or taken back, and never counted as output."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.states import move
from tests.people import NOW, TODAY
from tests.workshops.floors import DAYS_OPEN, Bench, outsiders
from workshops.enums import DefectOutcome, MaterialUnit
from workshops.models import (
    BillOfMaterialsLine,
    Defect,
    MaterialIssue,
    ProductVersion,
    WorkOrderOperation,
)
from workshops.refusals import (
    FloorDayAhead,
    NotInWorkshop,
    OrderCancelled,
    ReasonTooShort,
    ReasonUnsuitable,
    TextMissing,
    WindowPassed,
)
from workshops.selectors.floor import defects_on, issues_on, parts_of
from workshops.services.defects import withdraw_defect
from workshops.services.materials import take_material_back
from workshops.states import WORK_ORDER

LONG_PAST = TODAY - timedelta(days=4)
TOMORROW = TODAY + timedelta(days=1)


def back(bench: Bench, issue: MaterialIssue, quantity: str = "2", **changes: Any) -> MaterialIssue:
    values = {
        "actor": bench.cast.master,
        "issue_id": issue.pk,
        "quantity": Decimal(quantity),
        "why": "осталось лишнее",
        "on": TODAY,
        "at": NOW,
        "days_open": DAYS_OPEN,
    }
    return take_material_back(**(values | changes))


# --- defects ----------------------------------------------------------------------------------
def test_a_defect_is_never_counted_as_done(bench: Bench) -> None:
    row = bench.failed(3, note=" косо ")
    assert (row.quantity, row.outcome, row.note) == (3, DefectOutcome.SCRAP, "косо")
    assert WorkOrderOperation.objects.get(pk=bench.cutting.pk).done == 0
    bench.order.refresh_from_db()
    assert bench.order.status == "planned"


def test_more_may_fail_than_the_order_asks_for(bench: Bench) -> None:
    assert bench.failed(50).pk != bench.failed(50).pk


def test_a_defect_is_withdrawn_once_and_stays(bench: Bench) -> None:
    row = bench.failed()
    order = {"actor": bench.cast.master, "defect_id": row.pk, "why": "не наше", "at": NOW}
    with pytest.raises(ReasonTooShort):
        withdraw_defect(**(order | {"why": "нет"}))
    withdraw_defect(**order)
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_why) == (bench.cast.master, "не наше")
    with pytest.raises(ConstraintRefused) as refused:
        withdraw_defect(**order)
    assert refused.value.constraint == "floor_row_withdrawn"
    assert list(defects_on(bench.cast.workshop, TODAY)) == [row]


def test_defects_refuse_outsiders(bench: Bench) -> None:
    row = bench.failed()
    for actor in outsiders(bench):
        with pytest.raises(Forbidden):
            bench.failed(actor=actor)
        with pytest.raises(Forbidden):
            withdraw_defect(actor=actor, defect_id=row.pk, why="не наше дело", at=NOW)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"found_on": TOMORROW}, FloorDayAhead),
        ({"found_on": LONG_PAST}, WindowPassed),
        ({"reason_id": 0}, ReasonUnsuitable),
    ],
)
def test_defects_that_are_refused(bench: Bench, changes: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        bench.failed(**changes)
    assert not Defect.objects.exists()


def test_a_defect_reason_is_of_defects_and_with_its_text(bench: Bench) -> None:
    with pytest.raises(ReasonUnsuitable):
        bench.failed(reason_id=bench.reason("breakdown").pk)
    with pytest.raises(TextMissing):
        bench.failed(reason_id=bench.reason("defect-other").pk)


def test_a_late_defect_keeps_its_words(bench: Bench) -> None:
    row = bench.failed(found_on=LONG_PAST, late_why="нашли при приёмке")
    assert row.late_why == "нашли при приёмке"
    assert list(defects_on(bench.cast.workshop, LONG_PAST)) == [row]
    assert not defects_on(bench.cast.workshop, TODAY).exists()


def test_nothing_is_entered_on_a_cancelled_order(bench: Bench) -> None:
    issue = bench.issued()
    move(bench.order, "cancel", machine=WORK_ORDER, actor=None, at=NOW)
    for enter in (bench.failed, bench.issued):
        with pytest.raises(OrderCancelled):
            enter()
    assert back(bench, issue).quantity == -2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"quantity": 0}, "defect_positive"),
        ({"outcome": "lost"}, "defect_outcome_known"),
        ({"withdrawn_at": NOW}, "defect_withdrawn"),
    ],
)
def test_defects_that_make_no_sense(bench: Bench, changes: Any, name: str) -> None:
    values = {
        "work_order_operation": bench.cutting, "found_on": TODAY, "quantity": 1,
        "outcome": "scrap", "reason": bench.reason("wrong-size"),
        "recorded_by": bench.cast.master, "recorded_at": NOW,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Defect.objects.create(**(values | changes))


def test_a_defect_is_never_edited(bench: Bench) -> None:
    row = bench.failed()
    for change in ({"quantity": 9}, {"outcome": "rework"}, {"found_on": TOMORROW}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Defect.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        row.delete()


# --- material ---------------------------------------------------------------------------------
def test_material_is_issued_in_words_or_by_the_bill(bench: Bench) -> None:
    free = bench.issued("2.5", material="  Лак ", unit=MaterialUnit.LITRE)
    part = parts_of(bench.order).get()
    by_bill = bench.issued(material="", part_id=part.pk)
    assert (free.material, free.quantity, free.part) == ("Лак", Decimal("2.5"), None)
    assert (by_bill.material, by_bill.part) == ("Берёза, Шанырак", part)


def test_the_words_of_an_issue_outlive_the_bill(bench: Bench) -> None:
    part = parts_of(bench.order).get()
    row = bench.issued(material="", part_id=part.pk)
    BillOfMaterialsLine.objects.filter(pk=part.pk).update(material_ru="Сосна")
    row.refresh_from_db()
    assert row.material == "Берёза, Шанырак"


def test_a_part_of_another_product_is_refused(bench: Bench) -> None:
    other = ProductVersion.objects.create(
        product=bench.cast.product, number=2, description_ru="2", materials_ru="2",
        dimensions_ru="2", approved_on=TODAY,
    )  # fmt: skip
    part = BillOfMaterialsLine.objects.create(
        version=other, sequence=1, name_ru="Круг", material_ru="Дуб", quantity=1
    )
    with pytest.raises(NotInWorkshop):
        bench.issued(part_id=part.pk)


def test_what_comes_back_is_a_negative_row_with_its_reason(bench: Bench) -> None:
    issue = bench.issued("5")
    row = back(bench, issue, "2")
    assert (row.quantity, row.returns, row.why) == (Decimal("-2"), issue, "осталось лишнее")
    assert (row.material, row.unit) == (issue.material, issue.unit)
    found = {one.pk: one.came_back for one in issues_on(bench.cast.workshop, TODAY)}
    assert found == {issue.pk: Decimal("-2"), row.pk: None}


def test_no_more_comes_back_than_was_issued(bench: Bench) -> None:
    issue = bench.issued("5")
    back(bench, issue, "3")
    for too_much in ("2.001", "5"):
        with pytest.raises(ConstraintRefused) as refused:
            back(bench, issue, too_much)
        assert refused.value.constraint == "issue_taken_back"
    back(bench, issue, "2")
    returned = MaterialIssue.objects.filter(quantity__lt=0).first()
    with pytest.raises(ConstraintRefused):
        back(bench, returned, "1")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"why": "да"}, ReasonTooShort),
        ({"on": TOMORROW}, FloorDayAhead),
        ({"on": LONG_PAST}, WindowPassed),
    ],
)
def test_returns_that_are_refused(bench: Bench, changes: Any, error: type[Exception]) -> None:
    issue = bench.issued()
    with pytest.raises(error):
        back(bench, issue, **changes)


def test_material_refuses_outsiders(bench: Bench) -> None:
    issue = bench.issued()
    for actor in outsiders(bench):
        with pytest.raises(Forbidden):
            bench.issued(actor=actor)
        with pytest.raises(Forbidden):
            back(bench, issue, actor=actor)


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"issued_on": TOMORROW}, FloorDayAhead), ({"issued_on": LONG_PAST}, WindowPassed)],
)
def test_issues_that_are_refused(bench: Bench, changes: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        bench.issued(**changes)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"quantity": Decimal(0)}, "materialissue_sign"),
        ({"quantity": Decimal(-1)}, "materialissue_sign"),
        ({"material": ""}, "materialissue_names_material"),
        ({"unit": "bag"}, "materialissue_unit_known"),
    ],
)
def test_issues_that_make_no_sense(bench: Bench, changes: Any, name: str) -> None:
    values = {
        "work_order": bench.order, "material": "Фанера", "quantity": Decimal(1),
        "unit": "sheet", "issued_on": TODAY, "recorded_by": bench.cast.master, "recorded_at": NOW,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MaterialIssue.objects.create(**(values | changes))


def test_a_return_is_of_the_same_thing(bench: Bench) -> None:
    """Whoever writes the row, it cannot bring back kilograms of what was issued in sheets."""
    issue = bench.issued("5")
    values = {
        "work_order": bench.order, "material": issue.material, "quantity": Decimal(-1),
        "unit": "sheet", "issued_on": TODAY, "returns": issue, "why": "лишнее",
        "recorded_by": bench.cast.master, "recorded_at": NOW,
    }  # fmt: skip
    for change in ({"unit": "kilogram"}, {"material": "Лак"}):
        with pytest.raises(IntegrityError, match="issue_taken_back"), transaction.atomic():
            MaterialIssue.objects.create(**(values | change))
    with pytest.raises(IntegrityError, match="materialissue_sign"), transaction.atomic():
        MaterialIssue.objects.create(**(values | {"why": ""}))


def test_material_is_never_edited(bench: Bench) -> None:
    row = bench.issued()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        MaterialIssue.objects.filter(pk=row.pk).update(quantity=1)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        row.delete()
