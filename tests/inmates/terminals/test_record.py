"""What a person reads at a terminal: their wages, debts and looks, and nobody else's."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.enums import RunStatus
from inmates.models import Inmate, Payslip
from inmates.questions.answers import print_letter, read_name
from inmates.selectors.own_looks import looks_at_person
from inmates.selectors.people import identities, identities_on_list
from inmates.services.terminal_pins import make_letter_pin
from portal.accounts.models import FirstSignature, Organisation
from portal.kernel.text import money
from tests.inmates.books import first_signature
from tests.inmates.months import OCTOBER, a_writ, an_identity, calculated
from tests.inmates.questions.world import LATER, answered, asked
from tests.inmates.terminals.devices import a_terminal, device, typed
from tests.inmates.terminals.worlds import SEPTEMBER, a_debt, a_reader, closed, two_months
from tests.people import LONG_AGO, NOW, Cast, a_consent, a_user

PAY, DEBTS, LOOKS = (reverse(f"inmates:terminal_{name}") for name in ("pay", "debts", "looks"))


def month_page(month: Any = OCTOBER) -> str:
    return reverse("inmates:terminal_month", args=[str(month)])


def reading(cast: Cast, inmate: Inmate, language: str = "ru") -> Client:
    client = device(a_terminal(cast, f"Отряд {inmate.pk}")[1])
    assert typed(client, inmate.personnel_number, language=language).status_code == 302
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def slip_of(inmate: Inmate, month: Any = OCTOBER) -> Payslip:
    return Payslip.objects.get(inmate=inmate, run__month=month.first_day)


def test_three_numbers_of_the_last_month_and_the_year(pay: Cast):
    inmate = a_reader(pay)
    a_debt(inmate)
    two_months(pay)
    october, september = slip_of(inmate), slip_of(inmate, SEPTEMBER)
    page = text_of(reading(pay, inmate), PAY)
    assert "октябрь 2026" in page
    for amount in (october.gross, october.gross - october.to_account, october.to_account):
        assert money(amount) in page
    for column in ("gross", "opv", "vosms", "ipn", "withheld_by_writs", "to_account"):
        assert money(getattr(october, column) + getattr(september, column)) in page
    assert "С начала 2026" in page
    # What was sent, when and by which document; of the balance it says that it is not known.
    assert "ПП № 10" in page
    assert "22.11.2026" in page
    assert "портал этого не знает" in page


def test_approved_and_not_sent_yet_is_told_as_such(pay: Cast):
    inmate = a_reader(pay)
    two_months(pay, is_paid=False)
    page = text_of(reading(pay, inmate), PAY)
    assert money(slip_of(inmate).to_account) in page
    assert "ПП № 9" in page
    assert "ПП № 10" not in page


def test_what_is_not_approved_is_not_shown(pay: Cast):
    inmate = a_reader(pay)
    run = calculated(pay)
    client = reading(pay, inmate)
    assert run.status == RunStatus.CALCULATED
    page = text_of(client, PAY)
    assert "ещё не утверждена" in page
    assert money(slip_of(inmate).gross) not in page
    assert client.get(month_page()).status_code == 404


@pytest.mark.parametrize(
    ("language", "meaning", "why"),
    [
        ("ru", "Ваши накопления на пенсию", "10\N{NO-BREAK SPACE}%"),
        ("kk", "Зейнетақыға жинағыңыз", "10\N{NO-BREAK SPACE}%"),
    ],
)
def test_each_line_has_its_meaning_and_its_why(pay: Cast, language: str, meaning: str, why: str):
    inmate = a_reader(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    a_debt(inmate)
    two_months(pay)
    page = text_of(reading(pay, inmate, language), month_page())
    slip = slip_of(inmate)
    for line in slip.lines.all():
        assert money(line.amount).lstrip("\N{MINUS SIGN}") in page
    assert meaning in page
    assert why in page
    assert "АЛ-1" in page
    assert slip.number in page
    assert money(slip.to_account) in page


def test_a_month_without_a_slip_and_a_word_that_is_no_month(pay: Cast):
    inmate = a_reader(pay)
    two_months(pay)
    client = reading(pay, inmate)
    for address in ("2026-08", "2026-13", "none", "0000-00", "2026-10-01", "%00"):
        answer = client.get(f"/terminal/pay/{address}/")
        assert answer.status_code == 404, address
        assert 'href="/catalogue/"' not in answer.content.decode()


def test_nobody_reads_the_record_of_another(pay: Cast):
    mine, other = a_reader(pay), a_reader(pay, "1650")
    other.placements.get()
    an_identity(other, "Чужова Чужая", "900101400812")
    a_debt(other, number="ИЛ-ЧУЖОЙ", debt="77777.00")
    two_months(pay)
    others = slip_of(other)
    client = reading(pay, mine)
    for address in (PAY, month_page(), DEBTS, LOOKS):
        page = text_of(client, address)
        assert "1650" not in page
        assert others.number not in page
        assert "ИЛ-ЧУЖОЙ" not in page
        assert "Чужова" not in page
    # No address of a person's page takes a key: there is nothing to guess.
    for key in ("person", "inmate", "inmate_id", "number", "slip", "id"):
        for value in (other.pk, other.personnel_number, others.pk):
            asked = f"?{key}={value}"
            assert "1650" not in text_of(client, PAY + asked).replace(asked, "")


def test_the_name_stands_on_no_page(pay: Cast):
    inmate = a_reader(pay)
    an_identity(inmate)
    two_months(pay)
    client = reading(pay, inmate)
    for address in (PAY, month_page(), DEBTS, LOOKS):
        assert "Тестов" not in text_of(client, address)


def test_a_debt_says_what_is_left_by_which_order_and_when_it_ends(pay: Cast):
    inmate = a_reader(pay)
    a_debt(inmate, fee=Decimal("5000.00"))
    two_months(pay)
    withheld = [
        sum(line.amount for line in slip_of(inmate, month).lines.filter(code="claim"))
        for month in (SEPTEMBER, OCTOBER)
    ]
    assert all(withheld)
    page = text_of(reading(pay, inmate), DEBTS)
    assert money(Decimal("100000.00") - sum(withheld)) in page
    assert "по постановлению от 03.02.2026, без пени и вознаграждения исполнителя" in page
    assert money(sum(withheld)) in page
    assert "При такой зарплате долг закончится" in page
    assert "октябрь 2026" in page
    assert "прогноз, а не обещание" in page


def test_alimony_has_no_last_month_and_a_suspended_writ_neither(pay: Cast):
    inmate = a_reader(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=3)
    a_debt(inmate)
    two_months(pay)
    inmate.writs.get(number="ИЛ-77").suspensions.create(
        effective_from=date(2026, 11, 1), basis="Определение № 1"
    )
    page = text_of(reading(pay, inmate), DEBTS)
    assert "нельзя посчитать последний платёж" in page
    assert "документ приостановлен" in page
    assert "долг закончится" not in page


def test_without_writs_the_page_says_so(pay: Cast):
    inmate = a_reader(pay)
    assert "Исполнительных документов на вашу зарплату сегодня нет" in text_of(
        reading(pay, inmate), DEBTS
    )


def test_who_looked_is_told_by_role_and_organisation_and_never_by_name(pay: Cast):
    inmate, other = a_reader(pay), a_reader(pay, "1650")
    an_identity(inmate)
    an_identity(other, "Чужова Чужая", "900101400812")
    run = calculated(pay)
    identities(actor=pay.accountant, inmates=[inmate], purpose="payslip", at=NOW)
    identities(actor=pay.labour_officer, inmates=[other], purpose="safety", at=NOW)
    both = [inmate, other]
    identities_on_list(actor=pay.head, inmates=both, purpose="payslips", at=NOW, subject=run)
    identities(actor=pay.master, inmates=[inmate], purpose="shift", at=NOW - timedelta(days=500))
    page = text_of(reading(pay, inmate), LOOKS)
    assert "Бухгалтер, РГП «Тест»" in page
    assert "Напечатаны" in page or "список людей" in page
    assert pay.accountant.full_name not in page
    assert pay.accountant.email not in page
    # Neither a look at somebody else nor one of more than a year ago.
    assert "Безопасность" not in page
    assert "Учреждение № 16" not in page


def test_a_role_of_another_day_is_not_told(pay: Cast):
    inmate = a_reader(pay)
    an_identity(inmate)
    identities(actor=pay.accountant, inmates=[inmate], purpose="payslip", at=NOW)
    grants = pay.accountant.memberships.get().grants
    grants.update(effective_from=date(2026, 11, 23))
    page = text_of(reading(pay, inmate), LOOKS)
    assert "Бухгалтер, РГП" not in page
    assert "Расчётный листок" in page


def test_a_deputy_is_told_by_the_first_signature(pay: Cast):
    """Who signs by order holds no role, and is not the portal itself."""
    inmate = a_reader(pay)
    an_identity(inmate)
    deputy = a_user("deputy@example.kz", pay.enterprise)
    order = FirstSignature.objects.create(
        organisation=pay.enterprise, holder=deputy, basis="приказ № 4", effective_from=LONG_AGO
    )
    identities(actor=deputy, inmates=[inmate], purpose="payslip", at=NOW)
    looks = looks_at_person(inmate, LONG_AGO, NOW.date(), of_payer=pay.enterprise.pk)
    assert [look.as_whom for look in looks] == [[("Первая подпись", "РГП «Тест»")]]
    page = text_of(reading(pay, inmate), LOOKS)
    assert "Первая подпись, РГП «Тест»" in page
    assert "сам портал" not in page
    FirstSignature.objects.filter(pk=order.pk).update(effective_to=LONG_AGO + timedelta(days=9))
    page = text_of(reading(pay, inmate), LOOKS)
    assert "сотрудник, чья роль уже закончилась" in page
    assert "сам портал" not in page
    assert deputy.full_name not in page


def test_offices_outside_are_told_to_the_person_alone(pay: Cast):
    inmate = a_reader(pay)
    an_identity(inmate)
    officer = pay.question_officer
    client = reading(pay, inmate)
    questions = reverse("inmates:terminal_questions")
    assert "Кто узнал моё имя" not in text_of(client, questions)
    question = asked(inmate, pay.department, is_named=True, answer_way="letter")
    read_name(actor=officer, question_id=question.pk, at=NOW)
    answered(officer, question)
    print_letter(actor=officer, question_id=question.pk, at=LATER)
    assert f'href="{questions}"' in text_of(client, LOOKS)
    page = text_of(client, questions)
    for told in ("Кто узнал моё имя", pay.department.name, question.number,
                 "Имя прочитано", "Письмо напечатано", "На имя и номер"):  # fmt: skip
        assert told in page
    assert officer.full_name not in page
    # What the payer prints of the log knows nothing of it.
    looks = looks_at_person(inmate, LONG_AGO, LATER.date())
    assert pay.department.name not in str(looks)


def test_a_letter_printed_for_me_and_my_visits_are_told(pay: Cast):
    inmate = a_reader(pay)
    client = reading(pay, inmate)
    assert "сейчас" in text_of(client, LOOKS)
    make_letter_pin(actor=pay.labour_officer, inmate_id=inmate.pk, at=NOW)
    inmate.pins.filter(replaced_at=None).delete()
    inmate.pins.update(replaced_at=None)
    page = text_of(reading(pay, inmate), LOOKS)
    assert "Для вас напечатали письмо с новым PIN" in page
    assert "Инспектор отдела труда" in page
    assert "Терминал или PIN закрыт" in page


def test_the_person_of_a_private_payer_reads_everything_of_their_own(pay: Cast, client: Client):
    """Discretion is owed by the payer's pages, not to the person: the reason is told."""
    inmate = a_reader(pay, pension="age")
    two_months(pay)
    a_consent(inmate, pay.enterprise)
    Organisation.objects.filter(pk=pay.enterprise.pk).update(kind="company")
    assert "пенсия по возрасту" in text_of(reading(pay, inmate), month_page())
    client.force_login(pay.accountant)
    office = text_of(client, reverse("inmates:payslip", args=[slip_of(inmate).pk]))
    assert "пенсия по возрасту" not in office


def test_the_pages_ask_as_many_queries_for_two_months_as_for_one(
    pay: Cast, django_assert_num_queries: Any
):
    inmate = a_reader(pay)
    a_debt(inmate)
    first_signature(pay)
    closed(pay, SEPTEMBER)
    client = reading(pay, inmate)
    counted = {}
    for address in (PAY, month_page(SEPTEMBER), DEBTS, LOOKS):
        with CaptureQueriesContext(connection) as asked:
            text_of(client, address)
        counted[address] = len(asked)
        assert len(asked) <= 14, address
    closed(pay, OCTOBER)
    a_debt(inmate, number="ИЛ-78")
    for address, number in counted.items():
        with django_assert_num_queries(number):
            text_of(client, address)
