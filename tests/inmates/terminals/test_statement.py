"""The person's own record on paper: who prints it, what stands on it, in both languages."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from inmates.models import Inmate, Payslip
from inmates.selectors.people import identities
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel.models import AuditEvent
from portal.kernel.text import sum_text
from tests.inmates.months import NAME, OCTOBER, a_writ, an_identity, calculated
from tests.inmates.terminals.worlds import SEPTEMBER, a_debt, a_reader, two_months
from tests.people import NOW, Cast, a_consent, a_user


def slip_of(inmate: Inmate, month: Any = OCTOBER) -> Payslip:
    return Payslip.objects.get(inmate=inmate, run__month=month.first_day)


def address(inmate: Inmate, language: str = "") -> str:
    page = reverse("inmates:wage_statement", args=[slip_of(inmate).pk])
    return f"{page}?language={language}" if language else page


def words_of(client: Client, inmate: Inmate, language: str = "ru") -> str:
    answer = client.get(address(inmate, language))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def plain(amount: Decimal) -> str:
    return " ".join(sum_text(amount).split())


@pytest.fixture
def reader(pay: Cast) -> Inmate:
    """With alimony and a debt; September and October paid."""
    inmate = a_reader(pay, language="kk")
    an_identity(inmate)
    a_writ(inmate, "АЛ-17", share_numerator=1, share_denominator=4)
    a_debt(inmate)
    two_months(pay)
    return inmate


def test_the_paper_says_what_the_terminal_says(client: Client, pay: Cast, reader: Inmate):
    client.force_login(pay.accountant)
    paper = words_of(client, reader)
    october, september = slip_of(reader), slip_of(reader, SEPTEMBER)
    assert NAME in paper
    for column in ("gross", "opv", "withheld_by_writs", "to_account"):
        assert plain(getattr(october, column) + getattr(september, column)) in paper
    for line in october.lines.all():
        assert plain(line.amount) in paper
    for words in (
        "Моя зарплата за 2026 год", "Октябрь 2026, строка за строкой", "Сентябрь 2026",
        "Ваши накопления на пенсию", "по постановлению от 03.02.2026", "долг закончится",
        "ПП № 10", "портал этого не знает", "Кто смотрел мои данные", "инспекцию труда",
    ):  # fmt: skip
        assert words in paper, words


def test_the_paper_speaks_the_persons_language_unless_asked(
    client: Client, pay: Cast, reader: Inmate
):
    client.force_login(pay.accountant)
    assert "Менің 2026 жылғы жалақым" in words_of(client, reader, "")
    assert "өсімпұлсыз" in words_of(client, reader, "kk")
    assert "Моя зарплата" in words_of(client, reader, "ru")
    assert "Менің 2026" in words_of(client, reader, "en")


def test_printing_is_on_record_and_the_person_reads_of_it(
    client: Client, pay: Cast, reader: Inmate
):
    client.force_login(pay.accountant)
    words_of(client, reader)
    assert AuditEvent.objects.get(action="identity_read").details == {"purpose": "wage_statement"}
    printed = AuditEvent.objects.get(action="wage_statement_printed")
    assert (printed.actor, printed.details) == (pay.accountant, {"language": "ru", "year": 2026})
    assert "Выписка о зарплате для человека" in words_of(client, reader)


@pytest.mark.parametrize(("role", "status"), [("head", 403), ("labour_officer", 403)])
def test_nobody_but_the_payers_accountant_prints_it(
    client: Client, pay: Cast, reader: Inmate, role: str, status: int
):
    client.force_login(pay.users[role])
    assert client.get(address(reader)).status_code == status
    assert not AuditEvent.objects.filter(action="wage_statement_printed").exists()


def test_another_payers_accountant_finds_nothing(client: Client, pay: Cast, reader: Inmate):
    client.force_login(a_user("other@example.kz", pay.entrepreneur, Role.ACCOUNTANT))
    assert client.get(address(reader)).status_code == 404


def test_before_the_approval_there_is_no_paper(client: Client, pay: Cast):
    inmate = a_reader(pay)
    calculated(pay)
    client.force_login(pay.accountant)
    assert client.get(address(inmate)).status_code == 409


def test_the_paper_of_a_private_payer_tells_it_nothing_more(
    client: Client, pay: Cast, reader: Inmate
):
    """Of the log only its own people's looks, of the slip only what it may know."""
    identities(actor=pay.labour_officer, inmates=[reader], purpose="safety", at=NOW)
    a_consent(reader, pay.enterprise)
    Inmate.objects.filter(pk=reader.pk).update(language="ru")
    client.force_login(pay.accountant)
    assert "Безопасность" in words_of(client, reader)
    Organisation.objects.filter(pk=pay.enterprise.pk).update(kind="company")
    paper = words_of(client, reader)
    assert "Безопасность" not in paper
    assert "Выписка о зарплате для человека" in paper


def test_the_page_of_the_payslip_leads_to_the_paper(client: Client, pay: Cast, reader: Inmate):
    client.force_login(pay.accountant)
    slip = slip_of(reader)
    page = client.get(reverse("inmates:payslip", args=[slip.pk])).content.decode()
    assert reverse("inmates:wage_statement", args=[slip.pk]) in page
