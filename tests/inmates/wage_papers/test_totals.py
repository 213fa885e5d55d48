"""Totals of a quarter and a year: by person, by month, what was paid when; page, book, paper."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from inmates.models import Inmate, PayrollRun, Payslip
from inmates.papers.clocks import months_of
from inmates.presenters.figures_book import figures_book, safe_text
from inmates.presenters.wage_totals import period_words, tabs
from inmates.selectors.wage_totals import (
    EMPLOYER,
    NOTHING,
    SUMS,
    added,
    by_month,
    final_slips,
    person_rows,
    persons,
    slips_of_person,
    whole,
)
from portal.accounts.enums import Role
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, posted
from tests.inmates.months import IIN, NAME, a_worker, a_writ
from tests.inmates.second_place import second_place
from tests.inmates.wage_papers.quarters import (
    AUGUST,
    OCTOBER,
    SEPTEMBER,
    a_quarter,
    a_run,
    a_slip,
    cells_of,
    closed,
    money,
    read_as,
    text_of,
    two_workers,
)
from tests.people import LONG_AGO, TODAY, Cast, a_user

TOTALS = reverse("inmates:wage_totals")
BOOK = reverse("inmates:wage_totals_xlsx")
PAPER = reverse("inmates:wage_totals_pdf")
THIRD, FOURTH = {"year": "2026", "quarter": "3"}, {"year": "2026", "quarter": "4"}


@pytest.fixture
def quarter(cast: Cast) -> list[PayrollRun]:
    return a_quarter(cast)


@pytest.fixture
def reader(client: Client, cast: Cast, quarter: list[PayrollRun]) -> Client:
    return read_as(client, cast.accountant)


def slips_of(cast: Cast, months: list[Month], user: Any = None) -> Any:
    return final_slips(user or cast.accountant, TODAY, cast.enterprise.pk, months)


def address_of(cast: Cast, number: str = "1648", tail: str = "") -> str:
    return reverse(f"inmates:person_totals{tail}", args=[cast.enterprise.pk, number])


def shown(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


# --- The sums themselves ---
def test_a_person_has_the_sum_of_the_months(cast: Cast, quarter: list[PayrollRun]) -> None:
    rows = persons(person_rows(slips_of(cast, months_of(2026, 3))))
    assert [(row.number, row.months, row.totals.gross) for row in rows] == [
        ("1648", 2, money("144000.00")), ("1649", 2, money("48000.00")),
    ]  # fmt: skip


def test_all_sums_are_those_of_the_payslips(cast: Cast, quarter: list[PayrollRun]) -> None:
    slips = list(Payslip.objects.filter(run__in=quarter))
    total = whole(slips_of(cast, months_of(2026, None)))
    for name in SUMS:
        if name != "paid":
            assert getattr(total, name) == sum(getattr(one, name) for one in slips), name
    assert total.withheld == total.gross - total.to_account
    assert total.employer == sum(getattr(total, name) for name in EMPLOYER)
    paid = [one for one in slips if one.run_id != quarter[2].pk]
    assert total.paid == sum(one.to_account for one in paid)


def test_the_year_is_its_quarters_and_a_quarter_its_months(
    cast: Cast, quarter: list[PayrollRun]
) -> None:
    year = whole(slips_of(cast, months_of(2026, None)))
    quarters = [whole(slips_of(cast, months_of(2026, one))) for one in (1, 2, 3, 4)]
    assert added(quarters) == year
    for one in (1, 2, 3, 4):
        months = months_of(2026, one)
        found = by_month(slips_of(cast, months), months)
        assert [month for month, _sums in found] == months
        assert added(sums for _month, sums in found) == quarters[one - 1]


def test_people_add_up_to_the_months(cast: Cast, quarter: list[PayrollRun]) -> None:
    slips = slips_of(cast, months_of(2026, None))
    assert added(row.totals for row in persons(person_rows(slips))) == whole(slips)


def test_a_month_without_wages_is_nothing(cast: Cast, quarter: list[PayrollRun]) -> None:
    found = dict(by_month(slips_of(cast, months_of(2026, 3)), months_of(2026, 3)))
    assert found[Month(2026, 7)] == NOTHING
    assert found[AUGUST].gross == money("96000.00")


def test_what_is_not_approved_does_not_count(cast: Cast) -> None:
    a_slip(a_run(cast, OCTOBER), two_workers(cast)[0], "72000.00")
    assert whole(slips_of(cast, months_of(2026, 4))) == NOTHING


def test_a_difference_counts_in_the_month_it_is_for(cast: Cast, quarter: list[PayrollRun]) -> None:
    """A correction is a run of its own for an earlier month: the month's sum is both."""
    august, _september, october = quarter
    run = a_run(cast, AUGUST, kind="correction", settled_with=october)
    first = august.payslips.get(inmate__personnel_number="1648")
    a_slip(
        run, first.inmate, "-4800.00", -1, is_difference=True, corrects=first,
        settlement=money("4320.00"),
    )  # fmt: skip
    closed(cast, run)
    months = months_of(2026, 3)
    found = dict(by_month(slips_of(cast, months), months))
    assert found[AUGUST].gross == money("91200.00")
    assert found[AUGUST].opv == money("9120.00")
    lines = list(slips_of_person(slips_of(cast, months), first.inmate_id))
    assert [one.run.kind for one in lines] == ["regular", "correction", "regular"]


def test_what_was_settled_is_no_more_paid(cast: Cast, quarter: list[PayrollRun]) -> None:
    """An overpayment that is taken from a payment lessens what was paid, not what was earned."""
    inmate = quarter[0].payslips.get(inmate__personnel_number="1649").inmate
    run = a_run(cast, Month(2026, 7))
    a_slip(run, inmate, "24000.00", settlement=money("-600.00"))
    closed(cast, run, "ПП № 7")
    totals = dict(by_month(slips_of(cast, months_of(2026, 3)), months_of(2026, 3)))
    july = totals[Month(2026, 7)]
    assert (july.to_account, july.paid) == (money("21600.00"), money("21000.00"))


# --- Who sees what ---
def test_an_accountant_of_one_place_sees_that_place(cast: Cast, quarter: list[PayrollRun]) -> None:
    institution, _post = second_place(cast)
    there = a_user("there@example.kz", cast.enterprise)
    RoleGrant.objects.create(
        membership=Membership.objects.get(user=there), role=Role.ACCOUNTANT,
        scope=institution.organisation, effective_from=LONG_AGO,
    )  # fmt: skip
    assert whole(slips_of(cast, months_of(2026, None), there)) == NOTHING
    assert whole(slips_of(cast, months_of(2026, None), cast.head)) != NOTHING


@pytest.mark.parametrize("address", [TOTALS, BOOK, PAPER, reverse("inmates:form_200")])
def test_another_payer_is_not_found(reader: Client, cast: Cast, address: str) -> None:
    assert reader.get(address, {"payer": str(cast.entrepreneur.pk)}).status_code == 404
    assert reader.get(address, {"payer": "none"}).status_code == 404


def test_a_person_of_nobodys_wages_is_not_found(reader: Client, cast: Cast) -> None:
    for tail in ("", "_pdf"):
        assert reader.get(address_of(cast, "9999", tail)).status_code == 404
    stranger = reverse("inmates:person_totals", args=[cast.entrepreneur.pk, "1648"])
    assert reader.get(stranger).status_code == 404


# --- The pages ---
def test_the_page_shows_months_and_people(reader: Client) -> None:
    page = shown(reader, TOTALS, **THIRD)
    assert "III квартал 2026" in page
    for expected in ("96 000,00", "192 000,00", "144 000,00", "48 000,00", "№ 1648", "№ 1649"):
        assert expected in page, expected
    assert NAME not in page


def test_one_number_is_looked_for(reader: Client) -> None:
    page = shown(reader, TOTALS, **THIRD, number=" 1649 ")
    assert "№ 1649" in page
    assert "№ 1648" not in page


def test_an_empty_quarter_says_so(reader: Client) -> None:
    page = shown(reader, TOTALS, year="2026", quarter="1")
    assert "1648" not in page
    assert "wages-" not in page


@pytest.mark.parametrize(
    "query",
    [{"year": "abc"}, {"year": "99999"}, {"quarter": "9"}, {"page": "77"}, {"number": "\x00"}],
)
def test_nonsense_in_the_address_is_harmless(reader: Client, query: dict[str, str]) -> None:
    assert reader.get(TOTALS, query).status_code == 200


def test_the_number_of_queries_does_not_grow(
    client: Client, cast: Cast, quarter: list[PayrollRun]
) -> None:
    read_as(client, cast.accountant)
    counts = []
    for query in ({"number": "1649"}, {}):
        client.get(TOTALS, THIRD | query)
        with CaptureQueriesContext(connection) as queries:
            client.get(TOTALS, THIRD | query)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11


def test_a_person_has_months_and_what_was_paid_when(reader: Client, cast: Cast) -> None:
    page = shown(reader, address_of(cast), year="2026")
    for expected in ("72 000,00", "96 000,00", "240 000,00", "ПП № 8", "ПП № 9"):
        assert expected in page, expected
    assert page.count("Ещё не выплачено") + page.count("ещё не выплачено") == 1
    assert NAME not in page
    assert reverse("inmates:wage_certificate_new") in page


def test_the_head_sees_no_name_and_makes_no_certificate(
    client: Client, cast: Cast, quarter: list[PayrollRun]
) -> None:
    read_as(client, cast.head)
    page = shown(client, address_of(cast), year="2026")
    assert "240 000,00" in page
    assert reverse("inmates:wage_certificate_new") not in page
    book = cells_of(client.get(BOOK, THIRD).content)
    assert all(NAME not in map(str, row) for row in book)
    assert not AuditEvent.objects.filter(action="identities_read").exists()


# --- The workbook and the papers ---
def test_the_workbook_has_everybody_with_name_and_sums(reader: Client, cast: Cast) -> None:
    response = reader.get(BOOK, THIRD)
    assert 'filename="wages-2026-q3.xlsx"' in response["Content-Disposition"]
    rows = cells_of(response.content)
    one = next(row for row in rows if row[0] == "1648")
    assert one[1:5] == [NAME, IIN, 2.0, 144000.0]
    total = rows[-1]
    assert total[4] == 192000.0
    look = AuditEvent.objects.get(action="identities_read")
    assert look.details["purpose"] == "wage_totals"
    assert len(look.details["inmates"]) == 1  # the second has no identity
    taken = AuditEvent.objects.get(action="wage_totals_taken")
    assert (taken.details["quarter"], taken.details["form"]) == (3, "xlsx")


def test_the_total_of_one_number_is_theirs(reader: Client) -> None:
    rows = cells_of(reader.get(BOOK, THIRD | {"number": "1649"}).content)
    assert rows[-1][4] == 48000.0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Итоги по зарплате", "III квартал 2026", "Итого")),
        ("kk", ("Жалақы қорытындысы", "2026 жылғы III тоқсан", "Жиыны")),
    ],
)
def test_the_paper_of_everybody(reader: Client, language: str, words: tuple[str, ...]) -> None:
    response = reader.get(PAPER, THIRD | {"language": language})
    assert response["Content-Type"] == "application/pdf"
    text = text_of(response.content)
    for expected in (*words, "1648", "1649", NAME, "144 000,00", "192 000,00"):
        assert expected in text, expected


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_paper_of_one_person(reader: Client, cast: Cast, language: str) -> None:
    response = reader.get(address_of(cast, tail="_pdf"), {"year": "2026", "language": language})
    text = text_of(response.content)
    for expected in ("1648", NAME, "240 000,00", "ПП № 8", "ПП № 9"):
        assert expected in text, expected
    assert AuditEvent.objects.filter(action="identity_read").exists()


def test_the_head_prints_a_paper_without_the_name(
    client: Client, cast: Cast, quarter: list[PayrollRun]
) -> None:
    read_as(client, cast.head)
    text = text_of(client.get(address_of(cast, tail="_pdf"), {"year": "2026"}).content)
    assert "1648" in text
    assert NAME not in text


def test_too_many_people_are_referred_to_the_workbook(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inmates.views.wage_totals.MOST_ON_PAPER", 1)
    response = reader.get(PAPER, THIRD)
    assert response.status_code == 409
    assert "2" in response.content.decode()


def test_real_wages_with_a_writ_add_up(pay: Cast) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    a_writ(inmate, "AL-1", share_numerator=1, share_denominator=4)
    posted(pay)
    total = whole(slips_of(pay, [OCTOBER, OCTOBER]))
    slip = Payslip.objects.get()
    assert total.withheld_by_writs == slip.withheld_by_writs > 0
    assert total.to_account == slip.to_account
    assert total.paid == 0


# --- Words ---
def test_a_period_in_three_languages() -> None:
    expected = {
        "ru": ("III квартал 2026 г.", "2026 год"),
        "kk": ("2026 жылғы III тоқсан", "2026 жыл"),
        "en": ("III quarter of 2026", "the year 2026"),
    }
    for language, (quarter, year) in expected.items():
        with translation.override(language):
            assert period_words(2026, 3).replace("\N{NO-BREAK SPACE}", " ") == quarter
            assert period_words(2026, None) == year


def test_the_tabs_lead_to_the_year_and_its_quarters() -> None:
    found = tabs(2026, 2, 7)
    assert [one["is_chosen"] for one in found] == [False, False, True, False, False]
    assert found[0]["url"] == "?payer=7&year=2026"
    assert found[2]["url"] == "?payer=7&year=2026&quarter=2"


def test_a_text_of_the_workbook_is_no_formula() -> None:
    assert safe_text("=1+1") == "'=1+1"
    assert safe_text("РГП") == "РГП"
    rows = cells_of(figures_book("Т", ["+x"], ["h"], [["-y"], [None], [Decimal("1.50")], [3]]))
    assert [row[0] for row in rows if row[0] != ""] == ["'+x", "h", "'-y", 1.5, 3.0]


def test_a_person_is_found_in_any_year(reader: Client, cast: Cast) -> None:
    page = shown(reader, address_of(cast), year="2025")
    assert "№ 1648" in page
    assert "72 000,00" not in page
    assert Inmate.objects.filter(personnel_number="1648").exists()
    assert date(2026, 8, 1) == AUGUST.first_day < SEPTEMBER.first_day
