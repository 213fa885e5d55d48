"""The books on pages: by kind, person by person, one statement, its paper; and who sees them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from inmates.enums import AccountKind as Kind
from inmates.forms.ledger import PeriodForm
from inmates.models import LedgerAccount, PayrollRun
from inmates.presenters.account_statement import (
    account_facts,
    posting_title,
    shown_lines,
    statement_document,
)
from inmates.selectors.ledger import accounts_visible_to, books_of, statement_lines, sums_of
from portal.accounts.models import RoleGrant
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Period
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import NAME, a_worker, a_writ, an_identity
from tests.inmates.second_place import second_place
from tests.people import Cast, a_user, an_inmate

BOOKS = reverse("inmates:accounts")
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture
def books(pay: Cast) -> PayrollRun:
    """October of two people, one with alimony and a name, posted and paid."""
    first_signature(pay)
    inmate = a_worker(pay)
    an_identity(inmate)
    a_writ(inmate, "AL-77", share_numerator=1, share_denominator=4, payee="Тестова А.")
    a_worker(pay, "1649", days=10)
    return paid(pay, posted(pay))


@pytest.fixture
def reader(client: Client, pay: Cast, books: PayrollRun) -> Client:
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    return client


def account(kind: str, **fields: Any) -> LedgerAccount:
    return LedgerAccount.objects.get(kind=kind, **fields)


def of(kind: str, number: str) -> LedgerAccount:
    return account(kind, inmate__personnel_number=number)


def page_of(client: Client, one: LedgerAccount, **query: str) -> str:
    response = client.get(reverse("inmates:account_statement", args=[one.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_books_have_equal_sides(reader: Client, books: PayrollRun) -> None:
    response = reader.get(BOOKS)
    totals = response.context["totals"]
    assert totals["debit"] == totals["credit"] > 0
    text = response.content.decode()
    for words in ("Учёт заработной платы", "Пенсионный фонд", "Взыскатели", "2 человека"):
        assert words in text


def test_an_expense_is_read_by_its_debit(reader: Client, books: PayrollRun) -> None:
    rows = {row.label: row for row in reader.get(BOOKS).context["rows"]}
    gross = sum(slip.gross for slip in books.payslips.all())
    assert rows["Расходы: заработная плата"].closing == gross
    assert rows["Задолженность по заработной плате"].closing == 0
    credited = sum(slip.to_account for slip in books.payslips.all())
    assert rows["Контрольный счёт наличности"].closing == credited


def test_a_period_before_everything_is_empty(reader: Client) -> None:
    response = reader.get(BOOKS, {"since": "01.01.2026", "until": "31.01.2026"})
    assert not response.context["rows"]
    assert "ничего не проведено" in response.content.decode()


def test_a_period_is_opened_by_what_came_before(pay: Cast, books: PayrollRun) -> None:
    """The wages of October are the opening of November, whose one posting is the payment."""
    person = of(Kind.WAGES_PAYABLE, "1649")
    owed = books.payslips.get(inmate=person.inmate).to_account
    november = Period(date(2026, 11, 1), date(2026, 12, 1))
    sums = sums_of(pay.accountant, clock.today(), [person], november)[person.pk]
    assert (sums.opening, sums.debit, sums.credit, sums.closing) == (owed, owed, 0, 0)
    october = sums_of(pay.accountant, clock.today(), [person], OCTOBER)[person.pk]
    assert (october.opening, october.closing) == (0, owed)


@pytest.mark.parametrize(
    "query",
    [{"since": "32.01.2026"}, {"since": "01.02.2026", "until": "01.01.2026"}, {"until": ""}],
)
def test_a_wrong_period_is_said(reader: Client, query: dict[str, str]) -> None:
    person = of(Kind.WAGES_PAYABLE, "1649")
    for address in (
        BOOKS,
        reverse("inmates:accounts_of_kind", args=[person.payer_id, Kind.WAGES_PAYABLE]),
        reverse("inmates:account_statement", args=[person.pk]),
    ):
        response = reader.get(address, query)
        assert response.status_code == 422
        assert 'class="why"' in response.content.decode()
    paper = reader.get(reverse("inmates:account_statement_pdf", args=[person.pk]), query)
    assert paper.status_code == 404


def test_people_stand_by_number_and_one_is_found(reader: Client, pay: Cast) -> None:
    address = reverse("inmates:accounts_of_kind", args=[pay.enterprise.pk, Kind.CASH_CONTROL])
    response = reader.get(address)
    assert [row.label for row in response.context["rows"]] == ["№ 1648", "№ 1649"]
    assert NAME not in response.content.decode()
    found = reader.get(address, {"number": "1649"})
    assert [row.label for row in found.context["rows"]] == ["№ 1649"]
    assert "Такого счёта нет" in reader.get(address, {"number": "9"}).content.decode()


@pytest.mark.parametrize("kind", ["wages_expense", "tax", "nonsense"])
def test_only_kinds_with_many_accounts_have_a_list(reader: Client, pay: Cast, kind: str) -> None:
    address = reverse("inmates:accounts_of_kind", args=[pay.enterprise.pk, kind])
    assert reader.get(address).status_code == 404


def test_a_statement_tells_the_month_and_the_balance(reader: Client, books: PayrollRun) -> None:
    text = page_of(reader, of(Kind.WAGES_PAYABLE, "1648"))
    for words in ("Начислено", "Алименты", "октябрь 2026", books.number, "ПП № 17", NAME):
        assert words in text
    fund = page_of(reader, account(Kind.PENSION_FUND, code="opv"))
    assert "2 человека" in fund
    assert NAME not in fund


def test_the_lines_of_a_statement_end_at_the_closing_balance(pay: Cast, books: PayrollRun) -> None:
    on = clock.today()
    for one in LedgerAccount.objects.select_related("inmate", "writ", "institution", "payer"):
        sums = sums_of(pay.accountant, on, [one], YEAR)[one.pk]
        lines = statement_lines(pay.accountant, on, one, YEAR)
        last = shown_lines(one, sums.opening, lines)[-1]
        is_expense = one.kind in (Kind.WAGES_EXPENSE, Kind.CONTRIBUTIONS_EXPENSE)
        assert last.balance == (-sums.closing if is_expense else sums.closing)
        assert sum(line.debit for line in lines) == sums.debit
        assert sum(line.credit for line in lines) == sums.credit


def test_a_statement_begins_with_what_was_earned(pay: Cast, books: PayrollRun) -> None:
    one = of(Kind.WAGES_PAYABLE, "1648")
    lines = statement_lines(pay.accountant, clock.today(), one, YEAR)
    assert [line.code for line in lines] == ["gross", "opv", "alimony", "paid"]


def test_the_head_sees_sums_and_no_name(client: Client, pay: Cast, books: PayrollRun) -> None:
    client.force_login(pay.head)
    for one in (of(Kind.CASH_CONTROL, "1648"), account(Kind.CREDITOR)):
        text = page_of(client, one)
        assert "1648" in text
        for hidden in (NAME, "AL-77", "Тестова А."):
            assert hidden not in text
    assert not AuditEvent.objects.filter(action="identity_read").exists()


def test_a_name_and_a_writ_are_read_by_the_accountant_and_audited(
    reader: Client, pay: Cast
) -> None:
    text = page_of(reader, account(Kind.CREDITOR))
    for words in (NAME, "AL-77", "Тестова А."):
        assert words in text
    look = AuditEvent.objects.get(action="identity_read")
    assert (look.actor, look.details) == (pay.accountant, {"purpose": "account_statement"})


@pytest.mark.parametrize("person", ["master", "labour_officer", "operator", "analyst", "buyer"])
def test_other_roles_have_no_books(
    client: Client, pay: Cast, books: PayrollRun, person: str
) -> None:
    client.force_login(getattr(pay, person))
    assert client.get(BOOKS).status_code == 403


def test_the_books_of_another_payer_are_out_of_sight(
    client: Client, pay: Cast, books: PayrollRun
) -> None:
    private = a_user("pa@example.kz", pay.entrepreneur, "accountant")
    client.force_login(private)
    assert "начинается с первого" in client.get(BOOKS).content.decode()
    one = of(Kind.CASH_CONTROL, "1648")
    kind = reverse("inmates:accounts_of_kind", args=[pay.enterprise.pk, Kind.CASH_CONTROL])
    statement = reverse("inmates:account_statement", args=[one.pk])
    paper = reverse("inmates:account_statement_pdf", args=[one.pk])
    for address in (kind, statement, paper):
        assert client.get(address).status_code == 404
    assert client.get(BOOKS, {"payer": pay.enterprise.pk}).context["payers"] == []


def test_a_grant_for_one_place_shows_what_that_place_posted(pay: Cast, books: PayrollRun) -> None:
    elsewhere, _post = second_place(pay)
    there = a_user("there@example.kz", pay.enterprise, "accountant")
    here = a_user("here@example.kz", pay.enterprise, "accountant")
    RoleGrant.objects.filter(membership__user=there).update(scope=elsewhere.organisation)
    RoleGrant.objects.filter(membership__user=here).update(scope=pay.colony)
    on = clock.today()
    assert not accounts_visible_to(there, on).exists()
    assert books_of(there, on, pay.enterprise.pk, YEAR) == []
    assert accounts_visible_to(here, on).count() == LedgerAccount.objects.count()


@pytest.mark.parametrize(("language", "title"), [("ru", "Выписка по счёту"), ("kk", "Шот")])
def test_the_statement_on_paper(
    reader: Client, pay: Cast, books: PayrollRun, language: str, title: str
) -> None:
    one = of(Kind.WAGES_PAYABLE, "1648")
    response = reader.get(
        reverse("inmates:account_statement_pdf", args=[one.pk]), {"language": language}
    )
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    assert response.content.startswith(b"%PDF")
    printed = AuditEvent.objects.get(action="account_statement_printed")
    assert printed.details["language"] == language
    with translation.override(language):
        sums = sums_of(pay.accountant, clock.today(), [one], YEAR)[one.pk]
        lines = statement_lines(pay.accountant, clock.today(), one, YEAR)
        data = statement_document(
            one, shown_lines(one, sums.opening, lines), account_facts(one, sums), YEAR,
            language=language, printed_on=clock.today(),
        )  # fmt: skip
    assert title in data["title"]
    assert data["lines"][-1]["balance"] == "0,00"
    assert len(data["lines"]) == len(lines)


def test_an_empty_statement_is_a_paper_too(reader: Client) -> None:
    one = of(Kind.CASH_CONTROL, "1649")
    response = reader.get(
        reverse("inmates:account_statement_pdf", args=[one.pk]),
        {"since": "01.01.2026", "until": "02.01.2026"},
    )
    assert response.content.startswith(b"%PDF")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_lists_ask_as_much_for_one_as_for_three(client: Client, pay: Cast) -> None:
    first_signature(pay)
    a_worker(pay)
    paid(pay, posted(pay))
    client.force_login(pay.head)
    pages = [
        BOOKS,
        reverse("inmates:accounts_of_kind", args=[pay.enterprise.pk, Kind.CASH_CONTROL]),
        reverse("inmates:account_statement", args=[account(Kind.PENSION_FUND, code="opv").pk]),
    ]
    for page in pages:
        queries(client, page)
    before = [queries(client, page) for page in pages]
    for number in ("1801", "1802"):
        LedgerAccount.objects.create(
            payer=pay.enterprise, kind=Kind.CASH_CONTROL, inmate=an_inmate(pay, number)
        )
    assert [queries(client, page) for page in pages] == before


@pytest.mark.parametrize("code", ["gross", "paid", "alimony", "claim", "bailiff_fee", "opv", "so"])
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_posting_has_words(code: str, language: str) -> None:
    with translation.override(language):
        assert posting_title(code) != code


def test_the_usual_period_is_this_year_until_today() -> None:
    on = date(2026, 11, 23)
    form = PeriodForm({}, on=on)
    assert form.is_valid()
    assert form.period() == Period(date(2026, 1, 1), on + timedelta(days=1))
