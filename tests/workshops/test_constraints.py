"""Rows of places and products that make no sense are refused by the database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from tests.people import LONG_AGO, TODAY, Cast, a_work_order
from workshops.models import (
    BillOfMaterialsLine,
    DesignPermission,
    Equipment,
    Institution,
    Operation,
    Post,
    Product,
    ProductionSpace,
    ProductPaper,
    ProductVersion,
    WorkOrder,
    WorkOrderOperation,
    Workshop,
    WorkshopOperator,
)


def refused(model: type[models.Model], constraint: str, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._base_manager.create(**values)


def test_places(cast: Cast) -> None:
    refused(
        Institution,
        "institution_security_known",
        organisation=cast.enterprise,
        number="99",
        department=cast.department,
        security="none",
    )
    refused(Workshop, "workshops_workshop_code", institution=cast.institution, code="wood-16")
    refused(Post, "post_has_seats", workshop=cast.workshop, name="x", trade=cast.trade, seats=0)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [("condition", "new", "condition_known"), ("made_in_year", 1800, "year_plausible")],
)
def test_equipment(cast: Cast, field: str, value: Any, constraint: str) -> None:
    good = {
        "workshop": cast.workshop, "name": "Станок", "inventory_number": "1",
        "made_in_year": 2010, "condition": "good",
    }  # fmt: skip
    refused(Equipment, constraint, **(good | {field: value}))


def test_space_has_an_area(cast: Cast) -> None:
    refused(
        ProductionSpace,
        "space_area_positive",
        institution=cast.institution,
        name="Цех",
        area_m2=Decimal(0),
        condition="good",
    )


def test_operator_of_a_workshop_is_one_and_its_period_runs_forward(cast: Cast) -> None:
    row = {"workshop": cast.workshop, "operator": cast.entrepreneur, "basis": "№ 2"}
    refused(WorkshopOperator, "workshopoperator_no_overlap", effective_from=TODAY, **row)
    WorkshopOperator.objects.update(effective_to=TODAY)
    refused(
        WorkshopOperator,
        "workshopoperator_period",
        effective_from=date(2026, 12, 2),
        effective_to=date(2026, 12, 1),
        **row,
    )
    WorkshopOperator.objects.create(effective_from=TODAY, **row)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("licence", "free", "product_licence_known"),
        ("audience", "army", "product_audience_known"),
        ("unit", "ton", "product_unit_known"),
        ("royalty_share", Decimal("1"), "product_royalty_is_share"),
        ("royalty_share", Decimal("-0.1"), "product_royalty_is_share"),
        ("code", "play-corner", "code"),
    ],
)
def test_product(cast: Cast, field: str, value: Any, constraint: str) -> None:
    good = {"code": "x", "name": "X", "audience": "city", "licence": "open", "drawing": "x"}
    refused(Product, constraint, **(good | {field: value}))


def test_version_and_its_parts(cast: Cast) -> None:
    refused(ProductVersion, "version_unique", product=cast.product, number=1, approved_on=TODAY)
    part = {"version": cast.version, "name": "x", "material": "x"}
    refused(BillOfMaterialsLine, "bomline_sequence", sequence=1, quantity=1, **part)
    refused(BillOfMaterialsLine, "bomline_quantity_positive", sequence=9, quantity=0, **part)


@pytest.mark.parametrize(
    ("field", "value"),
    [("norm_minutes", Decimal(0)), ("people_needed", 0), ("piece_rate", Decimal(0))],
)
def test_operation_norms(cast: Cast, field: str, value: Any) -> None:
    good = {
        "version": cast.version, "sequence": 9, "name": "x", "trade": cast.trade,
        "norm_minutes": Decimal(1), "piece_rate": Decimal(1),
    }  # fmt: skip
    refused(Operation, "operation_norms_positive", **(good | {field: value}))


def test_paper_ends_after_it_begins(cast: Cast) -> None:
    good = {
        "version": cast.version, "kind": "certificate", "regulation": "x", "number": "1",
        "issued_by": "x", "issued_on": TODAY,
    }  # fmt: skip
    refused(ProductPaper, "paper_period", valid_until=LONG_AGO, **good)
    refused(ProductPaper, "paper_kind_known", **(good | {"kind": "letter"}))


def test_permission_is_given_once_at_a_time(cast: Cast) -> None:
    row = {
        "product": cast.product, "operator": cast.enterprise, "basis": "x",
        "effective_from": LONG_AGO,
    }  # fmt: skip
    DesignPermission.objects.create(**row)
    refused(DesignPermission, "designpermission_no_overlap", **row)


def test_work_order(cast: Cast) -> None:
    order = a_work_order(cast)
    row = {
        "workshop": cast.workshop, "version": cast.version, "created_at": order.created_at,
    }  # fmt: skip
    refused(WorkOrder, "workorder_number", number=order.number, quantity=1, **row)
    refused(WorkOrder, "workorder_quantity_positive", number="n", quantity=0, **row)
    refused(WorkOrder, "workorder_status_known", number="n", quantity=1, status="x", **row)
    refused(
        WorkOrderOperation,
        "workorderoperation_unique",
        work_order=order,
        operation=cast.cutting,
        quantity=1,
    )
