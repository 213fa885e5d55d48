"""A month that was changed after it was paid, as the person reads it: was, is, and what is owed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate, Payslip
from inmates.presenters.own_slips import slip_block
from inmates.selectors.own_record import owed_back, own_credits, own_months, own_slips, with_lines
from inmates.services.reversing import reverse_payroll_run
from portal.kernel.text import money
from tests.inmates.books import approved, worked_off
from tests.inmates.corrected import (
    SEPTEMBER,
    Corrected,
    changed,
    october,
    owed,
    paid_september,
    pay_today,
)
from tests.inmates.months import OCTOBER
from tests.inmates.terminals.devices import a_pin, a_terminal, device, typed
from tests.people import Cast

PAY = reverse("inmates:terminal_pay")


@pytest.fixture
def story(pay: Cast) -> Corrected:
    """September was paid, changed, and settled with October."""
    told = paid_september(pay)
    changed(told)
    pay_today(told, october(told))
    return told


def reading(story: Corrected, inmate: Inmate) -> Client:
    a_pin(inmate)
    client = device(a_terminal(story.cast, f"Отряд {inmate.pk}")[1])
    typed(client, inmate.personnel_number, language="ru")
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def september_of(client: Client) -> str:
    return text_of(client, reverse("inmates:terminal_month", args=[str(SEPTEMBER)]))


def total(inmate: Inmate, month: Any, column: str) -> Any:
    slips = Payslip.objects.filter(inmate=inmate, run__month=month.first_day)
    return sum(getattr(slip, column) for slip in slips)


def test_who_was_paid_too_much_reads_what_it_was_and_what_is_carried_over(story: Corrected):
    client = reading(story, story.over)
    page = september_of(client)
    # The numbers above are those that hold now: the slips of the month added up.
    for column in ("gross", "to_account"):
        assert money(total(story.over, SEPTEMBER, column)) in page
    assert "Месяц потом исправили. Разница пришла с зарплатой за октябрь 2026." in page
    assert "было" in page
    assert "табель" in page
    first = text_of(client, PAY)
    assert "потом исправлено" in first
    debt = owed(story.over)
    if debt:
        assert f"выплачено лишнего {money(debt)}" in first
    assert total(story.over, OCTOBER, "settlement") < 0
    assert "удержано за выплаченное раньше лишнее" in first


def test_who_was_paid_too_little_reads_the_difference(story: Corrected):
    client = reading(story, story.under)
    page = september_of(client)
    more = Payslip.objects.get(inmate=story.under, is_difference=True)
    assert more.gross > 0
    assert money(more.gross) in page
    assert money(total(story.under, SEPTEMBER, "gross")) in page
    assert "выплачено лишнего" not in text_of(client, PAY)


def test_whose_month_was_right_reads_one_payslip(story: Corrected):
    page = september_of(reading(story, story.other))
    assert "исправили" not in page
    assert "потом исправлено" not in text_of(reading_again(story), PAY)


def reading_again(story: Corrected) -> Client:
    client = device(a_terminal(story.cast, "Клуб")[1])
    typed(client, story.other.personnel_number, language="ru")
    return client


def test_what_is_owed_and_what_was_sent_agree_with_the_slips(story: Corrected):
    for inmate in (story.over, story.under, story.other):
        slips = list(own_slips(inmate.pk))
        back = owed_back(slips)
        assert sum(amount for _payer, amount in back) == owed(inmate)
        sent = sum(one.amount for one in own_credits(slips))
        assert sent == sum(slip.to_account + slip.settlement for slip in slips)
        assert all(one.amount >= 0 for one in own_credits(slips))


def test_the_lines_of_each_block_add_up_to_its_sums(story: Corrected):
    for inmate in (story.over, story.under, story.other):
        for month in own_months(with_lines(own_slips(inmate.pk))):
            for slip in month.slips:
                block = slip_block(slip)
                assert block["sent"] == money(slip.to_account + slip.settlement)
                assert bool(block["settled"]) == bool(slip.settlement)
                shown = len(block["earned"]) + len(block["withheld"]) + len(block["employer"])
                lines = slip.lines.exclude(kind="settlement").count()
                assert shown == lines


def test_a_reversed_month_says_that_it_was_taken_back(pay: Cast):
    told = paid_september(pay)
    run = reverse_payroll_run(
        actor=pay.accountant, run_id=told.september.pk, reason="Не тот месяц",
        at=told.september.posted_at,
    )  # fmt: skip
    worked_off(approved(pay, run))
    page = september_of(reading(told, told.other))
    assert "Не тот месяц" in page
    assert money(total(told.other, SEPTEMBER, "gross")) in page
    assert total(told.other, SEPTEMBER, "gross") == 0


def test_a_look_at_a_payslip_without_a_name_is_told_too(story: Corrected, client: Client):
    slip = Payslip.objects.filter(inmate=story.other).earliest("id")
    client.force_login(story.cast.head)
    assert client.get(reverse("inmates:payslip", args=[slip.pk])).status_code == 200
    page = text_of(reading(story, story.other), reverse("inmates:terminal_looks"))
    assert "Расчётный листок, по номеру без имени" in page
    assert "Руководитель" in page
    assert story.cast.head.full_name not in page
