"""Pages of runs outside the month's order, of reversals and of payslips that are differences."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from inmates.enums import RunKind
from inmates.models import InmateIdentity, PayrollRun, Payslip
from inmates.presenters.pay_sheet import SETTLED, sums_by_column
from inmates.presenters.payslip import shown_slip, slip_document
from inmates.presenters.payslip_panel import panel_of
from inmates.presenters.run_kinds import (
    cause_words,
    is_droppable,
    is_payable,
    is_reversible,
    kind_facts,
    reversed_words,
    run_rows,
    run_title,
    signed,
)
from inmates.selectors.payroll import runs_with_totals, slip_lines, year_to_date
from inmates.selectors.payslip_prints import sums_of_run
from inmates.selectors.run_families import (
    before_slips,
    causes_of_slips,
    debt_after,
    month_runs,
    other_runs,
    paid_together,
)
from portal.accounts.enums import Role
from portal.kernel import clock
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import OCTOBER, a_worker, calculated
from tests.inmates.off_cycle import (
    a_leaver,
    an_extra,
    confirmed,
    made_run,
    november,
    posted_run,
    reversal_of,
    reversed_and_posted,
    shortened,
    two_workers,
)
from tests.people import TODAY, Cast, a_user

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    """October of two people, posted and paid."""
    first_signature(pay)
    two_workers(pay)
    return paid(pay, posted(pay))


@pytest.fixture
def error(pay: Cast, run: PayrollRun) -> PayrollRun:
    """Half a day less of one of them, calculated."""
    shortened("1648")
    return made_run(pay, RunKind.ERROR, reason="табель исправлен")


def page(client: Client, who: Any, url: str, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode().replace(NBSP, " ")


def of_run(name: str, run: PayrollRun) -> str:
    return reverse(f"inmates:payroll_{name}", args=[run.pk])


def off_cycle(pay: Cast, month: str = "2026-10", kind: str = "release") -> str:
    args = [pay.enterprise.pk, pay.institution.pk, month]
    return f"{reverse('inmates:off_cycle', args=args)}?kind={kind}"


def slip_page(run: PayrollRun, number: str = "1648") -> str:
    slip = run.payslips.get(inmate__personnel_number=number)
    return reverse("inmates:payslip", args=[slip.pk])


# --- making one -------------------------------------------------------------------------------
def test_the_page_lists_whom_it_would_be_for_and_makes_it(pay: Cast, client: Client) -> None:
    a_leaver(pay)
    a_leaver(pay, "1650")
    confirmed(pay)
    confirmed(pay, "1650")
    url = off_cycle(pay, "2026-11")
    text = page(client, pay.accountant, url)
    assert "Окончательный расчёт при освобождении" in text
    assert "1648" in text
    assert "13.11.2026" in text
    sent = {"numbers": "1650", "reason": "освобождён 13 ноября"}
    answer = client.post(url, sent)
    run = PayrollRun.objects.get()
    assert answer["Location"] == of_run("run", run)
    assert (run.kind, run.reason) == ("release", "освобождён 13 ноября")
    assert list(run.chosen.values_list("inmate__personnel_number", flat=True)) == ["1650"]


def test_left_empty_it_is_for_everybody_listed(pay: Cast, client: Client) -> None:
    for number in ("1648", "1650"):
        a_leaver(pay, number)
        confirmed(pay, number)
    client.force_login(pay.accountant)
    client.post(off_cycle(pay, "2026-11"), {"numbers": " ", "reason": "освобождены"})
    assert PayrollRun.objects.get().chosen.count() == 2


def test_what_is_missing_is_listed_and_nothing_typed_is_lost(pay: Cast, client: Client) -> None:
    a_leaver(pay)
    client.force_login(pay.accountant)
    answer = client.post(
        off_cycle(pay, "2026-11"), {"numbers": "1648, 1648", "reason": "освобождён вчера"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "по 13.11.2026 никем не подтверждены" in text
    assert "освобождён вчера" in text
    assert not PayrollRun.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"numbers": "9999", "reason": "освобождён"}, "никто не работал под номерами: 9999"),
        ({"numbers": "1648", "reason": "."}, "зачем этот расчёт"),
        ({"numbers": "1648"}, "Обязательное поле"),
    ],
)
def test_refusals_stand_in_the_form(
    pay: Cast, client: Client, sent: dict[str, str], words: str
) -> None:
    a_leaver(pay)
    client.force_login(pay.accountant)
    answer = client.post(off_cycle(pay, "2026-11"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_where_nobody_waits_there_is_no_form(pay: Cast, run: PayrollRun, client: Client) -> None:
    for kind, words in (
        ("release", "нет выбывших"),
        ("bonus", "Ожидающих выплат за этот месяц нет"),
        ("error", "ничего не менялось"),
        ("nonsense", "нет выбывших"),
    ):
        text = page(client, pay.accountant, off_cycle(pay, kind=kind))
        assert words in text
        assert "<textarea" not in text


def test_only_the_accountant_there_opens_it(pay: Cast, run: PayrollRun, client: Client) -> None:
    for who in (pay.head, pay.master, pay.administrator, pay.analyst):
        page(client, who, off_cycle(pay), 403)
    elsewhere = a_user("other@example.kz", pay.entrepreneur, Role.ACCOUNTANT)
    page(client, elsewhere, off_cycle(pay), 404)
    page(client, pay.accountant, off_cycle(pay, "2026-99"), 404)
    client.logout()
    assert client.get(off_cycle(pay)).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    pay: Cast, client: Client, count: int
) -> None:
    for number in range(count):
        a_leaver(pay, f"17{number:02d}")
    client.force_login(pay.accountant)
    url = off_cycle(pay, "2026-11")
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    assert len(seen) <= 16, [one["sql"][:80] for one in seen]


# --- the board and the list -------------------------------------------------------------------
def test_the_board_and_the_list_show_every_run_of_the_month(
    pay: Cast, error: PayrollRun, client: Client
) -> None:
    board = reverse("inmates:payroll_board", args=[error.payer_id, error.institution_id, "2026-10"])
    for url in (board, "/payroll/?month=2026-10"):
        text = page(client, pay.accountant, url)
        assert "Октябрь 2026: исправление ошибки" in text
        assert "−2 400,00" in text
        assert of_run("run", error) in text
    text = page(client, pay.accountant, board)
    assert off_cycle(pay).split("?", maxsplit=1)[0] in text
    assert off_cycle(pay).split("?", maxsplit=1)[0] not in page(client, pay.head, board)
    # The month itself is paid, whatever became of it later.
    assert "Выплачено" in text


@pytest.mark.parametrize("count", [1, 3])
def test_more_runs_cost_the_list_no_more_queries(
    pay: Cast, run: PayrollRun, client: Client, count: int
) -> None:
    for number in range(count):
        a_worker(pay, f"19{number:02d}", days=2)
        an_extra(pay, f"19{number:02d}")
        made_run(pay, RunKind.BONUS, [f"19{number:02d}"], reason="премия")
    client.force_login(pay.accountant)
    client.get("/payroll/?month=2026-10")
    with CaptureQueriesContext(connection) as seen:
        client.get("/payroll/?month=2026-10")
    assert len(seen) <= 14, [one["sql"][:80] for one in seen]
    with CaptureQueriesContext(connection) as board:
        rows = month_runs(run.payer_id, run.institution_id, OCTOBER)
        assert len(run_rows(rows)) == 1 + count
    assert len(board) == 1


def test_a_reversed_run_gives_its_place_to_a_new_one(
    pay: Cast, run: PayrollRun, client: Client
) -> None:
    mirror = reversed_and_posted(pay, run)
    board = reverse("inmates:payroll_board", args=[run.payer_id, run.institution_id, "2026-10"])
    text = page(client, pay.accountant, board)
    assert "Рассчитать" in text
    assert "Октябрь 2026: сторно расчёта" in text
    assert f"расчёта № {run.number}" in text
    others = other_runs(pay.accountant, TODAY, OCTOBER)
    assert [one.pk for one in others[run.payer_id, run.institution_id]] == [run.pk, mirror.pk]


# --- the page of a run ------------------------------------------------------------------------
def test_a_run_tells_was_now_and_why(pay: Cast, error: PayrollRun, client: Client) -> None:
    text = page(client, pay.accountant, of_run("run", error))
    assert "Октябрь 2026: исправление ошибки" in text
    assert "табель исправлен" in text
    assert "Что изменилось, по людям" in text
    for words in ("96 000,00", "93 600,00", "−2 400,00", "перенесено"):
        assert words in text
    assert "Отозвать расчёт" in text
    assert "Расчётные листки</h2>" not in text  # the differences stand in their place


def test_taking_a_run_back_leads_to_the_board(pay: Cast, error: PayrollRun, client: Client) -> None:
    client.force_login(pay.accountant)
    assert client.get(of_run("drop", error)).status_code == 405
    text = client.post(of_run("drop", error), follow=True).content.decode()
    assert "Отозвано: Октябрь 2026: исправление ошибки." in text
    assert not PayrollRun.objects.filter(pk=error.pk).exists()


def test_what_is_approved_is_not_taken_back(pay: Cast, run: PayrollRun, client: Client) -> None:
    client.force_login(pay.accountant)
    text = client.post(of_run("drop", run), follow=True).content.decode()
    assert "Отозвать можно только" in text


def test_an_approved_run_is_reversed_on_its_page(
    pay: Cast, run: PayrollRun, client: Client
) -> None:
    assert "Сторнировать" in page(client, pay.accountant, of_run("run", run))
    assert "Сторнировать" not in page(client, pay.head, of_run("run", run))
    client.force_login(pay.accountant)
    assert client.get(of_run("reverse", run)).status_code == 405
    short = client.post(of_run("reverse", run), {"reason": "…"})
    assert short.status_code == 422
    assert "зачем этот расчёт" in short.content.decode()
    answer = client.post(of_run("reverse", run), {"reason": "не тот курс"}, follow=True)
    text = answer.content.decode().replace(NBSP, " ")
    assert "Сторно ждёт утверждения первой подписью" in text
    assert "не тот курс" in text
    assert "−96 000,00" in text
    assert "Сторно ждёт утверждения" in page(client, pay.accountant, of_run("run", run))
    client.force_login(pay.head)
    assert client.post(of_run("reverse", run), {"reason": "не тот курс"}).status_code == 403


def test_a_reversed_run_says_so_and_is_not_paid(pay: Cast, client: Client) -> None:
    first_signature(pay)
    two_workers(pay)
    run = posted(pay)
    mirror = reversed_and_posted(pay, run)
    text = page(client, pay.accountant, of_run("run", run))
    assert "сторнирована до выплаты" in text
    assert "Внести выплату" not in text
    text = page(client, pay.accountant, of_run("run", mirror))
    assert "Внести выплату" not in text
    assert "Рассчитать заново" not in text


def test_restarting_a_mirror_is_refused_in_words(
    pay: Cast, run: PayrollRun, client: Client
) -> None:
    mirror = reversal_of(pay, run)
    client.force_login(pay.accountant)
    text = client.post(of_run("restart", mirror), follow=True).content.decode()
    assert "пересчитывать в нём нечего" in text


def test_an_off_cycle_run_is_restarted_for_its_people(
    pay: Cast, error: PayrollRun, client: Client
) -> None:
    client.force_login(pay.accountant)
    answer = client.post(of_run("restart", error))
    assert answer["Location"] == of_run("run", error)
    error.refresh_from_db()
    assert error.status == "calculating"


# --- the payslip and its papers ---------------------------------------------------------------
def test_a_payslip_of_differences_says_what_it_adds_to(
    pay: Cast, error: PayrollRun, client: Client
) -> None:
    first = Payslip.objects.get(run__kind="regular", inmate__personnel_number="1648")
    text = page(client, pay.accountant, slip_page(error))
    assert f"расчётный листок № {first.number}" in text
    assert reverse("inmates:payslip", args=[first.pk]) in text
    assert "было 96 000,00 ₸, стало 93 600,00 ₸; табель" in text
    assert "−2 400,00" in text
    assert "Перенесено" in text
    posted_run(pay, error)
    slip = error.payslips.get()
    assert debt_after(slip) == slip.settlement > 0
    assert "Перенесено на следующие зарплаты" in page(client, pay.accountant, slip_page(error))


def test_a_mirror_says_what_it_takes_back(pay: Cast, run: PayrollRun, client: Client) -> None:
    mirror = reversal_of(pay, run)
    text = page(client, pay.accountant, slip_page(mirror))
    assert "снято: было 96 000,00 ₸" in text
    assert "Снимает" in text
    assert "начислено дважды" in text


def test_an_ordinary_payslip_has_nothing_of_it(pay: Cast, run: PayrollRun, client: Client) -> None:
    text = page(client, pay.accountant, slip_page(run))
    for words in ("Перенесено", "Дополняет", "Вид листка", "стало "):
        assert words not in text


def test_the_paper_pays_nothing_and_carries_over(
    pay: Cast, error: PayrollRun, client: Client
) -> None:
    slip = error.payslips.select_related("run__payer", "run__institution__organisation").get()
    with translation.override("ru"):
        data = slip_document(
            slip, slip_lines(slip), full_name="", places=[], year=year_to_date(slip)
        )
        panel = panel_of(slip, slip_lines(slip), full_name="", places=[], year=year_to_date(slip))
    assert data["title"] == "Расчётный листок: исправление ошибки"
    assert data["totals"]["to_account"] == panel["to_account"] == "0,00"
    assert data["totals"]["gross"].replace(NBSP, " ") == "−2 400,00"
    assert any(row["text"] == "Перенесено" for row in data["withheld"])
    assert data["totals"]["withheld"].replace(NBSP, " ") == "2 400,00"
    client.force_login(pay.accountant)
    for language in ("ru", "kk"):
        answer = client.get(
            reverse("inmates:payslip_pdf", args=[slip.pk]) + f"?language={language}"
        )
        assert answer.status_code == 200
        assert PdfReader(BytesIO(answer.content)).pages


def test_the_sheet_has_a_column_for_what_was_paid_too_much(
    pay: Cast, error: PayrollRun, client: Client
) -> None:
    InmateIdentity.objects.create(
        inmate=error.payslips.get().inmate, full_name="Ахметов Нұрлан Тестұлы"
    )
    client.force_login(pay.accountant)
    answer = client.get(reverse("inmates:pay_sheet", args=[error.pk]) + "?language=ru")
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "Прежняя" in text
    assert "исправление ошибки" in text
    assert SETTLED not in sums_by_column(sums_of_run(error), is_discreet=False)[0]


def test_the_papers_of_a_mirror_of_unpaid_wages_pay_nothing(pay: Cast, client: Client) -> None:
    first_signature(pay)
    two_workers(pay)
    mirror = reversal_of(pay, posted(pay))
    client.force_login(pay.accountant)
    answer = client.get(reverse("inmates:pay_sheet", args=[mirror.pk]) + "?language=kk")
    assert answer.status_code == 200
    slip = mirror.payslips.select_related("run__payer", "run__institution__organisation")[0]
    with translation.override("kk"):
        data = slip_document(
            slip, slip_lines(slip), full_name="", places=[], year=year_to_date(slip)
        )
    assert data["totals"]["to_account"] == "0,00"
    assert data["withheld"][-1]["text"] == "Төленбеген, сондықтан қарыз жоқ"
    assert data["withheld"][-1]["amount"].startswith("+")
    assert data["totals"]["in_words"].startswith("Нөл")
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "Нөл теңге" in text


def test_was_is_what_was_posted_before(pay: Cast, error: PayrollRun) -> None:
    slips = list(error.payslips.all())
    person = slips[0].inmate_id
    assert before_slips(error, slips)[person].gross == Decimal("96000.00")
    posted_run(pay, error)
    error.refresh_from_db()
    # Its own is never counted, nor what came after it.
    shortened("1648", minutes=480)
    again = made_run(pay, RunKind.ERROR, reason="исправлено обратно")
    assert before_slips(error, slips)[person].gross == Decimal("96000.00")
    assert before_slips(again, again.payslips.all())[person].gross == Decimal("93600.00")
    assert causes_of_slips(again.payslips.all()) == {again.payslips.get().pk: ["attendance"]}


# --- words ------------------------------------------------------------------------------------
def test_words_of_kinds_and_causes(pay: Cast, run: PayrollRun) -> None:
    mirror = reversal_of(pay, run)
    with translation.override("en"):
        assert run_title(run) == "October 2026"
        assert run_title(mirror) == "October 2026: reversal of a run"
        assert kind_facts(run, None) == []
        labels = [fact["label"] for fact in kind_facts(mirror, None)]
        assert labels == ["Kind of run", "Why it was made", "Reverses"]
        assert kind_facts(run, mirror)[0]["label"] == "Its reversal waits"
        assert cause_words(["rate", "attendance"]) == "rate of pay, timesheet"
        assert cause_words(["nonsense"]) == cause_words([])
        assert reversed_words(run) == ""
    posted_run(pay, mirror)
    run.refresh_from_db()
    with translation.override("en"):
        assert kind_facts(run, mirror)[0]["label"] == "Reversed by"
        assert "carried over as a debt" in reversed_words(run)


def test_what_may_be_done_with_a_run(pay: Cast, run: PayrollRun) -> None:
    assert (is_reversible(run, None), is_droppable(run)) == (True, False)
    assert is_payable(run)
    mirror = reversal_of(pay, run)
    assert not is_reversible(run, mirror)
    assert not is_reversible(mirror, None)
    assert is_droppable(mirror)
    mirror = runs_with_totals(PayrollRun.objects.select_related("reverses")).get(pk=mirror.pk)
    assert not is_payable(mirror)
    assert paid_together(run) == []


def test_a_difference_has_its_sign() -> None:
    assert signed(Decimal("5.00")) == "+5,00"
    assert signed(Decimal("-5.00")) == "−5,00"
    assert signed(Decimal("0.00")) == "0,00"


def test_a_calculated_month_alone_has_no_other_runs(pay: Cast) -> None:
    a_worker(pay)
    run = calculated(pay)
    assert other_runs(pay.accountant, clock.today(), OCTOBER) == {}
    shown = shown_slip(run.payslips.select_related("run__payer").get(), [])
    assert shown.withheld == []


def test_a_release_is_a_run_of_its_own_month(pay: Cast, client: Client) -> None:
    first_signature(pay)
    a_leaver(pay)
    confirmed(pay)
    run = posted_run(pay, made_run(pay, RunKind.RELEASE, scope=november(pay)))
    text = page(client, pay.accountant, of_run("run", run))
    assert "Ноябрь 2026: окончательный расчёт при освобождении" in text
    assert "Что изменилось, по людям" not in text
    assert "Внести выплату" in text
