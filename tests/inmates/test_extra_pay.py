"""One-off earnings: entered by the payer's accountant, refused with sentences, shown discreetly."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from inmates.closed_refusals import ReasonOfClosedMonth
from inmates.extra_refusals import ExtraGone, ExtraMonthAhead, KindNotByHand, NotPlacedInMonth
from inmates.models import BackdatedChange, EarningKind, ExtraPay, Inmate, PayrollRun
from inmates.presenters.discretion import earning_name
from inmates.presenters.extra_pay import kind_choices
from inmates.refusals import BeingCalculated
from inmates.run_refusals import MonthHeld
from inmates.selectors.extra_pay import extra_pay_visible_to, kinds_by_hand
from inmates.services.extra_pay import NewExtraPay, Recorded, add_extra_pay, remove_extra_pay
from portal.accounts.enums import Role
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, posted
from tests.inmates.histories import a_history
from tests.inmates.months import OCTOBER, a_worker, calculated
from tests.inmates.second_place import second_place
from tests.inmates.shifts import text
from tests.people import NOW, Cast, a_consent, a_placement, a_user, an_inmate

NOVEMBER = Month(2026, 11)
LIST, ADD = "/payroll/extra/", "/payroll/extra/add/"


def an_extra(cast: Cast, actor: Any = None, at: Any = NOW, **fields: Any) -> Recorded:
    values: dict[str, Any] = {
        "payer_id": cast.enterprise.pk,
        "institution_id": cast.institution.pk,
        "month": OCTOBER,
        "number": "1648",
        "kind": "bonus",
        "amount": Decimal("5000.00"),
        "basis": "приказ № 9 от 28.10.2026",
    }
    extra = NewExtraPay(**(values | fields))
    return add_extra_pay(actor=actor or cast.accountant, extra=extra, at=at)


@pytest.fixture
def worker(pay: Cast) -> Inmate:
    return a_worker(pay, days=10)


# --- adding -----------------------------------------------------------------------------------
def test_a_payment_is_kept_with_who_entered_it(pay: Cast, worker: Inmate) -> None:
    done = an_extra(pay)
    row = ExtraPay.objects.get()
    assert done == Recorded(row, is_calculated=False)
    assert (row.inmate, row.payer, row.institution) == (worker, pay.enterprise, pay.institution)
    assert (row.month, row.kind, row.amount) == (OCTOBER.first_day, "bonus", Decimal("5000.00"))
    assert (row.recorded_by, row.recorded_at) == (pay.accountant, NOW)


def test_what_is_entered_and_removed_is_audited_without_the_sum(pay: Cast, worker: Inmate) -> None:
    row = an_extra(pay).row
    remove_extra_pay(actor=pay.accountant, extra_id=row.pk, at=NOW)
    details = {"kind": "bonus", "month": "2026-10", "inmate": worker.pk}
    for action in ("extra_pay_added", "extra_pay_removed"):
        event = AuditEvent.objects.get(action=action)
        assert (event.actor, event.details, event.subject_id) == (pay.accountant, details, row.pk)


def test_two_equal_payments_are_two(pay: Cast, worker: Inmate) -> None:
    an_extra(pay)
    an_extra(pay)
    assert ExtraPay.objects.count() == 2


def test_the_running_month_takes_payments_and_the_next_one_does_not(
    pay: Cast, worker: Inmate
) -> None:
    an_extra(pay, month=NOVEMBER)
    with pytest.raises(ExtraMonthAhead, match="ещё не начался"):
        an_extra(pay, month=NOVEMBER.next())


def test_a_number_without_a_placement_in_the_month_is_refused(pay: Cast, worker: Inmate) -> None:
    """Somebody who left in September, somebody of another payer, nobody at all: one sentence."""
    gone = an_inmate(pay, "1700")
    a_placement(pay, gone, effective_to=date(2026, 10, 1))
    other = an_inmate(pay, "1701")
    a_placement(pay, other, employer=pay.colony, payer=pay.colony)
    sentences = set()
    for number in ("1700", "1701", "9999"):
        with pytest.raises(NotPlacedInMonth) as refused:
            an_extra(pay, number=number)
        sentences.add(str(refused.value).replace(number, "…"))
    assert len(sentences) == 1
    assert "№ … не работал" in sentences.pop()


def test_another_place_of_the_payer_is_another_list(pay: Cast, worker: Inmate) -> None:
    institution, _post = second_place(pay)
    with pytest.raises(NotPlacedInMonth):
        an_extra(pay, institution_id=institution.pk)


@pytest.mark.parametrize("kind", ["time", "leave", "sick", "minimum_top_up", "gift", ""])
def test_only_kinds_entered_by_hand_are_taken(pay: Cast, worker: Inmate, kind: str) -> None:
    with pytest.raises(KindNotByHand, match="не вносят вручную"):
        an_extra(pay, kind=kind)


def test_a_kind_is_taken_in_the_months_it_is_in_force(pay: Cast, worker: Inmate) -> None:
    EarningKind.objects.filter(code="bonus").update(effective_to=date(2026, 10, 31))
    with pytest.raises(KindNotByHand):
        an_extra(pay)
    an_extra(pay, month=Month(2026, 9))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"amount": Decimal("0.00")}, "больше нуля"),
        ({"amount": Decimal("-1.00")}, "больше нуля"),
        ({"basis": ""}, "Укажите документ"),
    ],
)
def test_what_the_table_refuses_is_a_sentence(
    pay: Cast, worker: Inmate, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConstraintRefused, match=sentence):
        an_extra(pay, **fields)


def test_a_month_in_the_table_is_its_first_day(pay: Cast, worker: Inmate) -> None:
    row = an_extra(pay).row
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraPay.objects.filter(pk=row.pk).update(month=date(2026, 10, 2))


@pytest.mark.parametrize("who", ["head", "master", "labour_officer", "operator", "administrator"])
def test_only_the_accountant_of_the_payer_enters(pay: Cast, worker: Inmate, who: str) -> None:
    row = an_extra(pay).row
    with pytest.raises(Forbidden, match="только бухгалтер"):
        an_extra(pay, actor=pay.users[who])
    with pytest.raises(Forbidden):
        remove_extra_pay(actor=pay.users[who], extra_id=row.pk, at=NOW)
    assert ExtraPay.objects.count() == 1


def test_an_accountant_of_another_payer_does_not(pay: Cast, worker: Inmate) -> None:
    stranger = a_user("other@example.kz", pay.entrepreneur, Role.ACCOUNTANT)
    row = an_extra(pay).row
    with pytest.raises(Forbidden):
        an_extra(pay, actor=stranger)
    assert not extra_pay_visible_to(stranger, NOW.date()).exists()
    assert extra_pay_visible_to(pay.accountant, NOW.date()).get() == row


# --- a month that is calculated or held -------------------------------------------------------
def test_after_the_calculation_it_is_told_to_calculate_again(pay: Cast, worker: Inmate) -> None:
    calculated(pay)
    done = an_extra(pay)
    assert done.is_calculated
    assert remove_extra_pay(actor=pay.accountant, extra_id=done.row.pk, at=NOW).is_calculated


def test_a_month_being_calculated_waits(pay: Cast, worker: Inmate) -> None:
    row = an_extra(pay).row
    calculated(pay)
    PayrollRun.objects.update(status="calculating")
    with pytest.raises(BeingCalculated, match="октябрь"):
        an_extra(pay)
    with pytest.raises(BeingCalculated):
        remove_extra_pay(actor=pay.accountant, extra_id=row.pk, at=NOW)


def test_a_month_that_is_posted_just_now_waits(pay: Cast, worker: Inmate) -> None:
    """The service says so; raw SQL meets the database."""
    row = an_extra(pay).row
    a_history(pay, worker, month=OCTOBER)
    with pytest.raises(MonthHeld):
        an_extra(pay)
    with pytest.raises(MonthHeld):
        remove_extra_pay(actor=pay.accountant, extra_id=row.pk, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraPay.objects.filter(pk=row.pk).update(amount=Decimal("6000.00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraPay.objects.filter(pk=row.pk).delete()
    an_extra(pay, month=NOVEMBER)


def test_of_an_approved_month_it_is_paid_with_the_next_wages(pay: Cast, worker: Inmate) -> None:
    first_signature(pay)
    row = an_extra(pay).row
    run = posted(pay)
    before = list(run.payslips.values())
    done = an_extra(pay)
    assert (done.is_closed, done.is_calculated) == (True, False)
    (mark,) = BackdatedChange.objects.all()
    assert (mark.inmate, mark.cause, mark.first_day) == (worker, "extra_pay", OCTOBER.first_day)
    assert (mark.changed_by, mark.reason) == (pay.accountant, done.row.basis)
    order = {"actor": pay.accountant, "extra_id": row.pk, "at": NOW}
    with pytest.raises(ReasonOfClosedMonth):
        remove_extra_pay(**order)
    assert remove_extra_pay(**order, correction="Приказ отменён").is_closed
    assert not ExtraPay.objects.filter(pk=row.pk).exists()
    assert list(run.payslips.values()) == before


def test_a_payment_is_removed_once(pay: Cast, worker: Inmate) -> None:
    row = an_extra(pay).row
    remove_extra_pay(actor=pay.accountant, extra_id=row.pk, at=NOW)
    with pytest.raises(ExtraGone):
        remove_extra_pay(actor=pay.accountant, extra_id=row.pk, at=NOW)
    assert not ExtraPay.objects.exists()


# --- the page ---------------------------------------------------------------------------------
@pytest.fixture
def desk(client: Client, pay: Cast, worker: Inmate) -> Client:
    client.force_login(pay.accountant)
    return client


def sent(cast: Cast, **fields: str) -> dict[str, str]:
    form = {
        "place": f"{cast.enterprise.pk}-{cast.institution.pk}",
        "month": "2026-10",
        "number": "1648",
        "kind": "bonus",
        "amount": "5 000,00",
        "basis": "приказ № 9",
    }
    return form | fields


def test_a_payment_is_added_listed_and_removed(desk: Client, pay: Cast) -> None:
    assert "за этот месяц не внесены" in text(desk.get(f"{LIST}?month=2026-10"))
    form = text(desk.get(f"{ADD}?month=2026-10"))
    assert "Премия" in form
    assert 'value="2026-10" selected' in form
    response = desk.post(ADD, sent(pay))
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?month=2026-10")
    html = text(desk.get(f"{LIST}?month=2026-10"))
    assert "Выплата добавлена" in html
    for words in ("1648", "Премия", "приказ № 9", "5 000,00", "РГП «Тест»"):
        assert words in html
    row = ExtraPay.objects.get()
    response = desk.post(f"{LIST}{row.pk}/remove/")
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?month=2026-10")
    html = text(desk.get(f"{LIST}?month=2026-10"))
    assert "Выплата убрана" in html
    assert "1648" not in html


def test_the_month_before_the_present_is_shown_first(desk: Client, pay: Cast) -> None:
    html = text(desk.get(LIST))
    assert 'aria-current="true">Октябрь 2026</a>' in html
    assert "Октябрь 2026" in text(desk.get(f"{LIST}?month=never"))


def test_a_form_sent_twice_is_one_payment(desk: Client, pay: Cast) -> None:
    form = sent(pay, submission=str(uuid.uuid4()))
    for _time in range(2):
        assert desk.post(ADD, form).status_code == 302
    assert ExtraPay.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "9999"}, "№ 9999 не работал"),
        ({"amount": "0"}, "больше нуля"),
        ({"amount": "-5"}, "больше нуля"),
        ({"amount": "5,001"}, "не более 2"),
        ({"basis": ""}, "Обязательное поле"),
        ({"kind": "leave"}, "Выберите корректный вариант"),
        ({"place": "0-0"}, "Выберите корректный вариант"),
        ({"month": "2027-01"}, "Выберите корректный вариант"),
    ],
)
def test_a_wrong_payment_comes_back_with_its_sentence(
    desk: Client, pay: Cast, changes: dict[str, str], sentence: str
) -> None:
    response = desk.post(ADD, sent(pay, **changes))
    assert response.status_code == 422
    html = text(response)
    assert sentence in html
    assert changes.get("basis", "приказ № 9") in html, "what was typed is kept"
    assert not ExtraPay.objects.exists()


def test_a_held_month_keeps_its_payments_on_the_page(
    desk: Client, pay: Cast, worker: Inmate
) -> None:
    row = an_extra(pay).row
    a_history(pay, worker, month=OCTOBER)
    html = text(desk.get(f"{LIST}?month=2026-10"))
    assert "идёт расчёт" in html
    assert f"{row.pk}/remove/" not in html
    response = desk.post(f"{LIST}{row.pk}/remove/", follow=True)
    assert str(MonthHeld(month="октябрь 2026")) in text(response)
    assert ExtraPay.objects.filter(pk=row.pk).exists()
    assert desk.post(ADD, sent(pay)).status_code == 422


def test_a_payment_of_an_approved_month_is_taken_back_on_a_page_with_a_reason(
    desk: Client, pay: Cast, worker: Inmate
) -> None:
    first_signature(pay)
    row = an_extra(pay).row
    posted(pay)
    address = f"{LIST}{row.pk}/remove/"
    html = text(desk.get(f"{LIST}?month=2026-10"))
    assert f'href="{address}"' in html
    assert "№ 1648" in text(desk.get(address))
    refused = desk.post(address, {"correction": "--"})
    assert refused.status_code == 422
    assert "октябрь 2026" in text(refused)
    assert ExtraPay.objects.exists()
    html = text(desk.post(address, {"correction": "Приказ отменён"}, follow=True))
    assert "Разница" in html
    assert not ExtraPay.objects.exists()


def test_after_the_calculation_the_page_says_to_calculate_again(desk: Client, pay: Cast) -> None:
    calculated(pay)
    html = text(desk.post(ADD, sent(pay), follow=True))
    assert "Рассчитайте её снова" in html


def test_a_head_looks_and_changes_nothing(client: Client, pay: Cast, worker: Inmate) -> None:
    row = an_extra(pay).row
    client.force_login(pay.head)
    html = text(client.get(f"{LIST}?month=2026-10"))
    assert "1648" in html
    assert "remove" not in html
    assert ADD not in html
    assert client.get(ADD).status_code == 403
    assert client.post(f"{LIST}{row.pk}/remove/").status_code == 403


def test_another_payers_payment_is_not_found(desk: Client, pay: Cast) -> None:
    row = an_extra(pay).row
    desk.force_login(a_user("other@example.kz", pay.entrepreneur, Role.ACCOUNTANT))
    assert desk.post(f"{LIST}{row.pk}/remove/").status_code == 404
    assert "1648" not in text(desk.get(f"{LIST}?month=2026-10"))
    assert desk.get(f"{LIST}{row.pk}/remove/").status_code == 404


def test_the_list_asks_the_same_number_of_queries(desk: Client, pay: Cast) -> None:
    counts = []
    for _time in range(3):
        an_extra(pay)
        desk.get(f"{LIST}?month=2026-10")
        with CaptureQueriesContext(connection) as captured:
            desk.get(f"{LIST}?month=2026-10")
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 8


# --- discretion -------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_private_payers_list_names_no_reason_of_absence(
    client: Client, pay: Cast, language: str
) -> None:
    """Even where a kind that names one was once entered by hand."""
    inmate = an_inmate(pay, "1777")
    a_consent(inmate, pay.entrepreneur)
    a_placement(pay, inmate, employer=pay.entrepreneur, payer=pay.entrepreneur)
    accountant = a_user("private@example.kz", pay.entrepreneur, Role.ACCOUNTANT)
    kinds = ("leave", "sick", "idle", "average_pay")
    EarningKind.objects.filter(code__in=kinds).update(is_manual=True)
    for kind in kinds:
        an_extra(pay, actor=accountant, payer_id=pay.entrepreneur.pk, number="1777", kind=kind)
    client.force_login(accountant)
    client.cookies["django_language"] = language
    html = text(client.get(f"{LIST}?month=2026-10"))
    with translation.override(language):
        discreet = earning_name("sick", "", is_discreet=True)
        open_names = {earning_name(kind, "", is_discreet=False) for kind in kinds}
        names = {kind.name for kind in EarningKind.objects.filter(code__in=kinds)}
    assert html.count(f">{discreet}</td>") == 4
    assert not [name for name in open_names | names if name in html]


def test_what_is_computed_is_not_offered_to_type(pay: Cast) -> None:
    EarningKind.objects.filter(code__in=["leave", "sick"]).update(is_manual=True)
    codes = [code for code, _name in kind_choices(kinds_by_hand(NOW.date()))]
    assert codes == ["bonus", "compensation", "harm_compensation"]
