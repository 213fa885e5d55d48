"""The cast of the tests: small organisations, places, products and people with names and roles.

Everything is invented. `cast` is a fixture; a test takes from it whom it needs.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.db import connection

from inmates.models import (
    CalendarDay,
    Consent,
    CustodyStay,
    EarningKind,
    Inmate,
    LabourState,
    PayParameter,
    PayRate,
    Placement,
    Reason,
)
from inmates.services.directories import load_calendar, load_earning_kinds
from inmates.services.parameters import load_pay_parameters
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.enums import Role
from portal.accounts.models import (
    Membership,
    Organisation,
    OrganisationTaxStatus,
    RoleGrant,
    User,
    VatRate,
)
from portal.kernel.identifiers import make_check_digit
from workshops.models import (
    BillOfMaterialsLine,
    Institution,
    Operation,
    Post,
    Product,
    ProductOffer,
    ProductVersion,
    Trade,
    WorkOrder,
    WorkOrderOperation,
    Workshop,
    WorkshopOperator,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LONG_AGO = date(2024, 1, 1)
PASSWORD = "a long invented password"


def a_bin(number: int) -> str:
    """An invented BIN (fifth digit 4) with a right check digit."""
    for tail in range(number * 10, number * 10 + 10):
        first11 = f"990140{tail:05d}"
        digit = make_check_digit(first11)
        if digit is not None:
            return f"{first11}{digit}"
    raise AssertionError("no BIN in ten tries")


def an_organisation(kind: str, name: str, number: int, **fields: Any) -> Organisation:
    return Organisation.objects.create(
        kind=kind, name_ru=name, name_kk=f"{name} (қаз)", name_en=name, bin=a_bin(number), **fields
    )


def a_user(email: str, organisation: Organisation | None = None, *roles: str) -> User:
    user = User.objects.create_user(email, PASSWORD, full_name=email.partition("@")[0].title())
    if organisation is not None:
        membership = Membership.objects.create(
            user=user, organisation=organisation, effective_from=LONG_AGO
        )
        for role in roles:
            RoleGrant.objects.create(membership=membership, role=role, effective_from=LONG_AGO)
    return user


@dataclass
class Cast:
    """Who and what is there; made once per test by `a_cast()`."""

    department: Organisation
    colony: Organisation
    enterprise: Organisation
    entrepreneur: Organisation
    kindergarten: Organisation
    institution: Institution
    workshop: Workshop
    joiners: Post
    trade: Trade
    product: Product
    version: ProductVersion
    cutting: Operation
    painting: Operation
    offer: ProductOffer
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        """`cast.buyer`, `cast.operator`, `cast.accountant`, `cast.analyst`, `cast.head` …"""
        try:
            return self.__dict__["users"][name]
        except KeyError:
            raise AttributeError(name) from None


def a_cast() -> Cast:
    """A department, one institution with one workshop run by a state enterprise, and people."""
    VatRate.objects.create(
        rate=Decimal("0.16"), effective_from=date(2026, 1, 1), source="test", confidence="test"
    )
    department = an_organisation(Kind.DEPARTMENT, "ДУИС (тест)", 1)
    colony = an_organisation(Kind.INSTITUTION, "Учреждение № 16 (тест)", 2)
    enterprise = an_organisation(Kind.STATE_ENTERPRISE, "РГП «Тест»", 3)
    entrepreneur = an_organisation(Kind.ENTREPRENEUR, "ИП Тестовый", 4)
    kindergarten = an_organisation(
        Kind.KINDERGARTEN, "Ясли-сад «Тест»", 5, address="ул. Тестовая, 1"
    )
    OrganisationTaxStatus.objects.create(
        organisation=enterprise, is_vat_payer=True, effective_from=LONG_AGO
    )
    institution = Institution.objects.create(
        organisation=colony, number="16", department=department, security="medium"
    )
    workshop = Workshop.objects.create(
        institution=institution, code="wood-16", name_ru="Столярный цех", name_kk="Ағаш цехы"
    )
    WorkshopOperator.objects.create(
        workshop=workshop, operator=enterprise, effective_from=LONG_AGO, basis="приказ № 1"
    )
    trade = Trade.objects.create(code="joiner", name_ru="Столяр", name_kk="Ағаш ұстасы")
    joiners = Post.objects.create(workshop=workshop, name_ru="Столяр", trade=trade, seats=10)
    product = Product.objects.create(
        code="play-corner",
        name_ru="Игровой уголок «Юрта»",
        name_kk="«Киіз үй» ойын бұрышы",
        name_en="Play corner “Yurt”",
        summary_ru="Шанырак, дастархан, пиалы",
        audience="kindergarten",
        drawing="play-corner",
        licence="open",
    )
    version = ProductVersion.objects.create(
        product=product,
        number=1,
        description_ru="Уголок",
        materials_ru="Берёза",
        dimensions_ru="120 × 120 см",
        approved_on=LONG_AGO,
    )
    BillOfMaterialsLine.objects.create(
        version=version, sequence=1, name_ru="Шанырак", material_ru="Берёза", quantity=1
    )
    operations = [
        Operation.objects.create(
            version=version,
            sequence=number,
            name_ru=name,
            trade=trade,
            norm_minutes=Decimal("60"),
            piece_rate=Decimal("650.00"),
        )
        for number, name in ((1, "Раскрой"), (2, "Покраска"))
    ]
    offer = ProductOffer.objects.create(
        version=version, workshop=workshop, price=Decimal("185000.00"), effective_from=LONG_AGO
    )
    cast = Cast(
        department, colony, enterprise, entrepreneur, kindergarten, institution, workshop, joiners,
        trade, product, version, operations[0], operations[1], offer,
    )  # fmt: skip
    cast.users = {
        "buyer": a_user("buyer@example.kz", kindergarten, Role.BUYER),
        "operator": a_user("operator@example.kz", enterprise, Role.OPERATOR),
        "accountant": a_user("accountant@example.kz", enterprise, Role.ACCOUNTANT),
        "head": a_user("head@example.kz", enterprise, Role.HEAD),
        "analyst": a_user("analyst@example.kz", department, Role.ANALYST),
        "master": a_user("master@example.kz", colony, Role.MASTER),
        "labour_officer": a_user("labour@example.kz", colony, Role.LABOUR_OFFICER),
        "question_officer": a_user("questions@example.kz", department, Role.QUESTION_OFFICER),
        "administrator": a_user("admin@example.kz", department, Role.ADMINISTRATOR),
        "stranger": a_user("stranger@example.kz"),
    }
    return cast


def an_inmate(cast: Cast, number: str = "1648", **fields: Any) -> Inmate:
    """A person held in the cast's institution, able-bodied."""
    inmate = Inmate.objects.create(
        personnel_number=number, **({"born_on": date(1990, 5, 17)} | fields)
    )
    CustodyStay.objects.create(inmate=inmate, institution=cast.institution, effective_from=LONG_AGO)
    LabourState.objects.create(
        inmate=inmate, ability="able", is_subject_to_labour=True, effective_from=LONG_AGO
    )
    return inmate


def a_placement(cast: Cast, inmate: Inmate, **fields: Any) -> Placement:
    """A full-time placement of the inmate with the state enterprise, by time, from 2026-01-01."""
    values = {
        "post": cast.joiners,
        "employer": cast.enterprise,
        "payer": cast.enterprise,
        "pay_form": "time",
        "effective_from": date(2026, 1, 1),
        "basis": "договор № 1",
    }
    return Placement.objects.create(inmate=inmate, **(values | fields))


def a_work_order(cast: Cast, quantity: int = 10) -> WorkOrder:
    """A planned work order with both operations of the cast's product."""
    order = WorkOrder.objects.create(
        number=f"2026-{WorkOrder.objects.count() + 1:05d}",
        workshop=cast.workshop,
        version=cast.version,
        quantity=quantity,
        created_at=NOW,
    )
    for operation in (cast.cutting, cast.painting):
        WorkOrderOperation.objects.create(work_order=order, operation=operation, quantity=quantity)
    return order


# Table and columns → rows, as PostgreSQL wrote them when they were loaded first in this process.
_PAY_LAW: dict[str, str] = {}


def load_pay_law() -> None:
    """What pay is computed by: the law's parameters, kinds of earnings, three years of calendar.

    Thousands of tests begin so: all but the first copy what the first has loaded.
    """
    with connection.cursor() as cursor:
        if _PAY_LAW and not PayParameter.objects.exists():
            for table, rows in _PAY_LAW.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(rows))
            return
        load_pay_parameters()
        load_earning_kinds()
        load_calendar((TODAY.year - 1, TODAY.year, TODAY.year + 1))
        for model in (PayParameter, EarningKind, CalendarDay):
            # Ids come from the sequences, as of any other row.
            fields = (one for one in model._meta.concrete_fields if not one.generated)
            columns = [one.column for one in fields if one.name != "id"]
            table, written = f"{model._meta.db_table} ({', '.join(columns)})", StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", written)
            _PAY_LAW[table] = written.getvalue()


def an_hourly_rate(cast: Cast, amount: str = "600.00", **fields: Any) -> PayRate:
    values = {"payer": cast.enterprise, "post": cast.joiners, "effective_from": LONG_AGO}
    return PayRate.objects.create(amount=Decimal(amount), **(values | fields))


def a_consent(inmate: Inmate, employer: Organisation, **fields: Any) -> Consent:
    values = {"kind": "private_work", "document_number": "С-1", "given_on": LONG_AGO}
    return Consent.objects.create(inmate=inmate, employer=employer, **(values | fields))


def a_reason(code: str = "sick", **fields: Any) -> Reason:
    values = {"group": "attendance", "name_ru": "Болезнь", "name_kk": "Ауру", "letter": "Б"}
    if fields.get("is_paid") and not fields.get("is_worked"):
        values["pay_kind"] = "average_pay"
    return Reason.objects.create(code=code, **(values | fields))


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()
