"""Statements of accounts and the page of both calculations say in words what differences did."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmates.enums import AccountKind, EntryPurpose, RunKind
from inmates.models import LedgerAccount, PayrollDifference
from inmates.presenters.account_statement import BY_KIND, PAID_BY_KIND, account_facts, shown_lines
from inmates.presenters.differences import difference_rows
from inmates.selectors.differences import subjects_of
from inmates.selectors.ledger import StatementLine, Sums, statement_lines, sums_of
from portal.kernel import clock
from portal.kernel.periods import Period
from tests.inmates.corrected import Corrected, changed, october, owed, paid_september, pay_today
from tests.people import Cast

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def story(pay: Cast) -> Corrected:
    made = paid_september(pay)
    changed(made)
    return made


def payable(story: Corrected) -> LedgerAccount:
    return LedgerAccount.objects.select_related("payer", "inmate").get(
        kind=AccountKind.WAGES_PAYABLE, inmate=story.over
    )


def test_a_statement_tells_differences_and_the_debt(story: Corrected, client: Client) -> None:
    run = pay_today(story, october(story))
    client.force_login(story.cast.accountant)
    address = reverse("inmates:account_statement", args=[payable(story).pk])
    text = client.get(address).content.decode().replace(SPACE, " ")
    for words in (
        "разница по зарплате за сентябрь 2026",
        "зарплата за октябрь 2026",
        "выплата за октябрь 2026",
        "Выплачено лишнее",
        "удерживается из следующей зарплаты",
        run.number,
    ):
        assert words in text
    assert "выплата разницы" not in text  # nothing was paid of what is less than nothing


def test_the_balance_after_each_line_ends_at_the_debt(story: Corrected) -> None:
    pay_today(story, october(story))
    account, on = payable(story), clock.today()
    sums = sums_of(story.cast.accountant, on, [account], YEAR)[account.pk]
    lines = statement_lines(story.cast.accountant, on, account, YEAR)
    shown = shown_lines(account, sums.opening, lines)
    assert shown[-1].balance == sums.closing == -owed(story.over)
    kinds = {(line.kind, line.purpose) for line in lines}
    assert kinds == {
        (RunKind.REGULAR, EntryPurpose.WAGES),
        (RunKind.REGULAR, EntryPurpose.PAYMENT),
        (RunKind.CORRECTION, EntryPurpose.WAGES),
    }
    # Days never go back: what was printed of September stays as it was printed.
    assert [line.on for line in lines] == sorted(line.on for line in lines)
    assert {line.on.month for line in lines if line.kind == RunKind.CORRECTION} == {10}


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_kind_of_run_has_its_words(language: str) -> None:
    assert set(BY_KIND) == set(PAID_BY_KIND) == set(RunKind)
    account = LedgerAccount(kind=AccountKind.WAGES_PAYABLE)
    with translation.override(language):
        notes = []
        for kind in RunKind:
            for purpose in (EntryPurpose.WAGES, EntryPurpose.PAYMENT):
                line = StatementLine(
                    date(2026, 10, 31), "Р-1", purpose, date(2026, 9, 1), "5", "gross", 1,
                    Decimal(1), Decimal(0), kind=kind,
                )  # fmt: skip
                notes.append(shown_lines(account, Decimal(0), [line])[0].note)
    assert all("5" in note and "2026" in note for note in notes)
    # Payments apart from the month's wages are called the same, whatever they are.
    assert len(set(notes)) == len(RunKind) * 2 - 2
    if language != "en":
        assert not any("wages" in note or "payment" in note for note in notes)


def test_a_debt_is_told_of_the_account_of_wages_alone(story: Corrected) -> None:
    account = payable(story)
    below = Sums(Decimal("-10.00"), Decimal(0), Decimal(0))
    above = Sums(Decimal("10.00"), Decimal(0), Decimal(0))
    with translation.override("en"):
        labels = [one["label"] for one in account_facts(account, below)]
        assert "Paid too much" in labels
        assert "Paid too much" not in [one["label"] for one in account_facts(account, above)]
        account.kind = AccountKind.CASH_CONTROL
        assert "Paid too much" not in [one["label"] for one in account_facts(account, below)]


def test_settlements_that_differ_are_told_with_their_month(
    story: Corrected, django_assert_num_queries: object
) -> None:
    run = october(story)
    correction = run.corrections.get()
    rows = [
        PayrollDifference(
            run=run, inmate=story.over, kind=kind, code=code, subject=subject,
            first=Decimal(first), second=Decimal(second),
        )
        for kind, code, subject, first, second in (
            ("total", "settlement", f"run:{correction.pk}", "100.00", "90.00"),
            ("settlement", "overpayment_recovered", "", "5.00", "7.00"),
            ("total", "is_difference", "", "1.00", "0.00"),
            ("total", "deduction_used", "", "3.00", "0.00"),
        )
    ]  # fmt: skip
    with translation.override("ru"):
        shown = difference_rows(rows, subjects_of(run, rows), is_discreet=False)
    assert [row.line for row in shown] == [
        "В листке: Зачтено в счёт переплаты",
        "Удержана переплата",
        "В листке: Разница к утверждённому расчётному листку",
        "В листке: Использовано базового вычета",
    ]
    assert shown[0].about == "разница за сентябрь 2026"
    assert (shown[2].first, shown[2].second, shown[2].apart) == ("да", "нет", "")
