"""Certificates of wages: asked for, made, printed with a check code, and who may do so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.forms.wage_papers import MonthField
from inmates.models import Inmate, WageCertificate
from inmates.papers.refusals import NothingPaidThen
from inmates.selectors.certificates import certified_months, months_between
from inmates.services.certificates import WAGE_CERTIFICATE, issue_certificate, make_certificate
from portal.accounts.enums import Role
from portal.documents.models import IssuedDocument
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month
from tests.inmates.months import IIN, NAME
from tests.inmates.wage_papers.quarters import (
    AUGUST,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    a_quarter,
    a_run,
    a_slip,
    closed,
    money,
    read_as,
    text_of,
)
from tests.people import NOW, TODAY, Cast, a_user

LIST = reverse("inmates:wage_certificates")
NEW = reverse("inmates:wage_certificate_new")


@pytest.fixture
def inmate(cast: Cast) -> Inmate:
    """Somebody with three approved months."""
    a_quarter(cast)
    return Inmate.objects.get(personnel_number="1648")


def made(cast: Cast, inmate: Inmate, **fields: Any) -> WageCertificate:
    values = {
        "actor": cast.accountant, "payer_id": cast.enterprise.pk, "inmate_id": inmate.pk,
        "first": AUGUST, "last": OCTOBER, "at": NOW,
    }  # fmt: skip
    return make_certificate(**(values | fields))


def issued(cast: Cast, row: WageCertificate, **fields: Any) -> IssuedDocument:
    values = {"actor": cast.accountant, "certificate_id": row.pk, "at": NOW}
    return issue_certificate(**(values | fields))


def pdf_of(client: Client, row: WageCertificate, language: str = "ru") -> Any:
    address = reverse("inmates:wage_certificate_pdf", args=[row.pk])
    return client.get(address, {"language": language})


# --- The service ---
def test_a_person_asks_for_one(cast: Cast, inmate: Inmate) -> None:
    row = made(cast, inmate)
    assert (row.asked_by, row.authority, row.letter) == ("person", "", "")
    event = AuditEvent.objects.get(action="wage_certificate_made")
    assert (event.actor, event.details["asked_by"]) == (cast.accountant, "person")


def test_an_authority_asks_by_its_letter(cast: Cast, inmate: Inmate) -> None:
    row = made(cast, inmate, authority=" Суд № 2 ", letter="№ 5 от 01.11.2026")
    assert (row.asked_by, row.authority) == ("authority", "Суд № 2")


@pytest.mark.parametrize("fields", [{"authority": "Суд"}, {"letter": "№ 5"}])
def test_an_authority_without_its_letter_is_refused(
    cast: Cast, inmate: Inmate, fields: dict[str, str]
) -> None:
    with pytest.raises(ConstraintRefused):
        made(cast, inmate, **fields)


def test_months_in_the_wrong_order_are_refused(cast: Cast, inmate: Inmate) -> None:
    with pytest.raises(ConstraintRefused):
        made(cast, inmate, first=OCTOBER, last=AUGUST)


def test_months_without_wages_are_refused(cast: Cast, inmate: Inmate) -> None:
    with pytest.raises(NothingPaidThen, match="1648"):
        made(cast, inmate, first=Month(2025, 1), last=Month(2025, 12))
    assert not WageCertificate.objects.exists()


def test_the_months_certified_are_those_with_wages(cast: Cast, inmate: Inmate) -> None:
    row = made(cast, inmate, first=Month(2026, 6), last=NOVEMBER)
    months = certified_months(row)
    assert [month for month, _sums in months] == [AUGUST, SEPTEMBER, OCTOBER]
    assert [sums.gross for _month, sums in months] == [
        money("72000.00"), money("72000.00"), money("96000.00"),
    ]  # fmt: skip


def test_a_correction_is_part_of_its_month(cast: Cast, inmate: Inmate) -> None:
    row = made(cast, inmate)
    before = issued(cast, row)
    runs = inmate.payslips.order_by("run__month")
    run = a_run(cast, AUGUST, kind="correction", settled_with=runs[2].run)
    a_slip(run, inmate, "6000.00", 1, is_difference=True, corrects=runs[0])
    closed(cast, run)
    assert certified_months(row)[0][1].gross == money("78000.00")
    after = issued(cast, row)
    before.refresh_from_db()
    assert (before.status, after.status) == ("superseded", "valid")
    assert after.number != before.number


def test_the_same_sums_are_the_same_document(cast: Cast, inmate: Inmate) -> None:
    row = made(cast, inmate)
    first, second = issued(cast, row), issued(cast, row, at=NOW + timedelta(days=2))
    assert first == second
    assert (first.kind, first.issuer) == (WAGE_CERTIFICATE.code, cast.enterprise)


@pytest.mark.parametrize("who", ["head", "labour_officer", "master", "analyst", "administrator"])
def test_only_the_accountant_of_the_payer_certifies(cast: Cast, inmate: Inmate, who: str) -> None:
    with pytest.raises(Forbidden):
        made(cast, inmate, actor=cast.users[who])
    row = made(cast, inmate)
    with pytest.raises(Forbidden):
        issued(cast, row, actor=cast.users[who])


def test_the_database_keeps_months_whole(cast: Cast, inmate: Inmate) -> None:
    row = made(cast, inmate)
    with pytest.raises(IntegrityError, match="wagecertificate_months"):
        WageCertificate.objects.filter(pk=row.pk).update(first_month=TODAY)


def test_no_month_lies_between_months_in_the_wrong_order() -> None:
    assert months_between(OCTOBER.first_day, AUGUST.first_day) == []
    assert months_between(OCTOBER.first_day, NOVEMBER.first_day) == [OCTOBER, NOVEMBER]


# --- The pages ---
@pytest.fixture
def reader(client: Client, cast: Cast, inmate: Inmate) -> Client:
    return read_as(client, cast.accountant)


def typed(**changes: str) -> dict[str, str]:
    values = {
        "number": "1648", "first": "08.2026", "last": "10.2026", "asked_by": "person",
        "authority": "", "letter": "",
    }  # fmt: skip
    return values | changes


def test_the_form_makes_one(reader: Client, cast: Cast, inmate: Inmate) -> None:
    response = reader.post(NEW, typed(payer=str(cast.enterprise.pk)))
    assert response.status_code == 302
    row = WageCertificate.objects.get()
    assert (row.inmate, row.first_month) == (inmate, AUGUST.first_day)
    page = reader.get(LIST).content.decode()
    assert "№ 1648" in page
    assert NAME not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "9999"}, "человека с таким номером"),
        ({"first": "13.2026"}, "10.2026"),
        ({"first": ""}, "Обязательное поле"),
        ({"first": "11.2026"}, "Последний месяц"),
        ({"asked_by": "authority"}, "Назовите орган"),
        ({"first": "01.2025", "last": "02.2025"}, "человека с таким номером"),
    ],
)
def test_what_is_typed_wrong_stands_on_the_form(
    reader: Client, cast: Cast, changes: dict[str, str], words: str
) -> None:
    response = reader.post(NEW, typed(payer=str(cast.enterprise.pk), **changes))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not WageCertificate.objects.exists()


def test_another_payer_cannot_be_chosen(reader: Client, cast: Cast) -> None:
    response = reader.post(NEW, typed(payer=str(cast.entrepreneur.pk)))
    assert response.status_code == 422


def test_the_form_begins_with_whom_one_came_from(reader: Client) -> None:
    assert 'value="1648"' in reader.get(NEW, {"number": "1648"}).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Справка о зарплате", "август 2026", "Итого", "Начислено прописью",
                "Двести сорок тысяч тенге 00 тиын")),
        ("kk", ("Жалақы туралы анықтама", "2026 жылғы тамыз", "Жиыны", "Есептелгені жазумен")),
    ],
)  # fmt: skip
def test_the_paper_tells_whose_and_how_much(
    reader: Client, cast: Cast, inmate: Inmate, language: str, words: tuple[str, ...]
) -> None:
    row = made(cast, inmate, authority="Суд № 2", letter="№ 5")
    response = pdf_of(reader, row, language)
    text = text_of(response.content)
    number = IssuedDocument.objects.get().number
    for expected in (*words, NAME, IIN, "1648", "72 000,00", "240 000,00", "Суд № 2", number):
        assert expected in text, expected


def test_printing_is_on_record(reader: Client, cast: Cast, inmate: Inmate) -> None:
    pdf_of(reader, made(cast, inmate))
    look = AuditEvent.objects.get(action="identity_read")
    assert (look.actor, look.details["purpose"]) == (cast.accountant, "wage_certificate")
    printed = AuditEvent.objects.get(action="wage_certificate_printed")
    assert printed.details["language"] == "ru"


def test_whoever_has_the_paper_may_check_it(
    reader: Client, client: Client, cast: Cast, inmate: Inmate
) -> None:
    document = issued(cast, made(cast, inmate))
    page = client.get(reverse("front:verify_document", args=[document.code])).content.decode()
    assert document.number in page
    assert "Справка о зарплате" in page
    assert NAME not in page


def test_the_head_reads_the_list_and_prints_nothing(
    client: Client, cast: Cast, inmate: Inmate
) -> None:
    row = made(cast, inmate)
    read_as(client, cast.head)
    page = client.get(LIST).content.decode()
    assert "№ 1648" in page
    assert "pdf" not in page.lower().replace("pdf в", "")
    assert pdf_of(client, row).status_code == 403


def test_another_payers_accountant_finds_nothing(
    client: Client, cast: Cast, inmate: Inmate
) -> None:
    row = made(cast, inmate)
    read_as(client, a_user("other@example.kz", cast.entrepreneur, Role.ACCOUNTANT))
    assert "1648" not in client.get(LIST).content.decode()
    assert pdf_of(client, row).status_code == 404


def test_the_number_of_queries_does_not_grow(reader: Client, cast: Cast, inmate: Inmate) -> None:
    counts = []
    for _one in range(2):
        made(cast, inmate)
        reader.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            reader.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    ("typed_month", "month"),
    [("10.2026", OCTOBER), ("2026-10", OCTOBER), ("8.2026", AUGUST), ("", None)],
)
def test_a_month_is_typed_as_people_write_it(typed_month: str, month: Month | None) -> None:
    assert MonthField(required=False).clean(typed_month) == month
