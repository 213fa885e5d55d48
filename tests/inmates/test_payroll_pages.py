"""The accountant's pages: works; wrong method; same role elsewhere; no right; nobody."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from inmates.models import PayrollRun, Payslip
from portal.kernel.models import AuditEvent, TaskRun, TaskStatus
from tests.inmates.months import (
    FIRST,
    NAME,
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    an_identity,
    attended,
    calculated,
    days_of,
    made,
    started,
)
from tests.inmates.second_place import second_place
from tests.people import Cast, a_placement, a_user, a_work_order, an_hourly_rate, an_inmate

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ready(pay: Cast) -> PayrollRun:
    """October calculated: a person by time with alimony and a name."""
    inmate = a_worker(pay)
    an_identity(inmate)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    return calculated(pay)


def board(run: PayrollRun, act: str = "board") -> str:
    return reverse(f"inmates:payroll_{act}", args=[run.payer_id, run.institution_id, "2026-10"])


def addresses(run: PayrollRun) -> dict[str, str]:
    slip = run.payslips.get()
    return {
        "payroll_runs": reverse("inmates:payroll_runs"),
        "payroll_board": board(run),
        "pay_parameters": reverse("inmates:pay_parameters"),
        "payroll_run": reverse("inmates:payroll_run", args=[run.pk]),
        "payslip": reverse("inmates:payslip", args=[slip.pk]),
        "payslip_pdf": reverse("inmates:payslip_pdf", args=[slip.pk]),
    }


PAGES = ("payroll_runs", "payroll_board", "pay_parameters", "payroll_run", "payslip", "payslip_pdf")
OBJECTS = ("payroll_board", "payroll_run", "payslip", "payslip_pdf")


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_to_the_accountant(
    ready: PayrollRun, pay: Cast, client: Client, name: str
) -> None:
    client.force_login(pay.accountant)
    assert client.get(addresses(ready)[name]).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_pages_refuse_a_wrong_method(
    ready: PayrollRun, pay: Cast, client: Client, name: str
) -> None:
    client.force_login(pay.accountant)
    assert client.delete(addresses(ready)[name]).status_code == 405


def test_restart_refuses_a_wrong_method(ready: PayrollRun, pay: Cast, client: Client) -> None:
    client.force_login(pay.accountant)
    assert client.get(reverse("inmates:payroll_restart", args=[ready.pk])).status_code == 405


@pytest.mark.parametrize("name", OBJECTS)
def test_objects_of_another_payer_are_not_found(
    ready: PayrollRun, pay: Cast, client: Client, name: str
) -> None:
    client.force_login(a_user("other@example.kz", pay.entrepreneur, "accountant", "head"))
    assert client.get(addresses(ready)[name]).status_code == 404


def test_restart_of_another_payers_run_is_not_found(
    ready: PayrollRun, pay: Cast, client: Client
) -> None:
    client.force_login(a_user("other@example.kz", pay.entrepreneur, "accountant"))
    response = client.post(reverse("inmates:payroll_restart", args=[ready.pk]))
    assert response.status_code == 404


@pytest.mark.parametrize("name", OBJECTS)
def test_a_grant_limited_to_another_place_sees_nothing(
    ready: PayrollRun, pay: Cast, client: Client, name: str
) -> None:
    institution, _post = second_place(pay)
    limited = a_user("limited@example.kz", pay.enterprise)
    limited.memberships.get().grants.create(
        role="accountant", scope=institution.organisation, effective_from="2024-01-01"
    )
    client.force_login(limited)
    assert client.get(addresses(ready)[name]).status_code == 404


@pytest.mark.parametrize("who", ["analyst", "buyer", "master", "operator", "stranger"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_closed_to_other_roles(
    ready: PayrollRun, pay: Cast, client: Client, name: str, who: str
) -> None:
    client.force_login(pay.users[who])
    assert client.get(addresses(ready)[name]).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_sign_in(ready: PayrollRun, client: Client, name: str) -> None:
    response = client.get(addresses(ready)[name])
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_the_head_reads_but_neither_starts_nor_sees_a_name(
    ready: PayrollRun, pay: Cast, client: Client
) -> None:
    client.force_login(pay.head)
    pages = addresses(ready)
    assert client.get(pages["payroll_run"]).status_code == 200
    page = client.get(pages["payslip"]).content.decode()
    assert NAME not in page
    assert "Имена видит только бухгалтер" in page
    assert client.get(pages["payslip_pdf"]).status_code == 403
    assert client.post(board(ready, "start")).status_code == 403
    restart = reverse("inmates:payroll_restart", args=[ready.pk])
    assert client.post(restart).status_code == 403
    assert not AuditEvent.objects.filter(action="identity_read").exists()


def test_run_page_asks_for_progress_while_it_is_calculated(pay: Cast, client: Client) -> None:
    a_worker(pay)
    run = started(pay)
    TaskRun.objects.update(status=TaskStatus.RUNNING, done=3, total=10, failed=1)
    client.force_login(pay.accountant)
    address = reverse("inmates:payroll_run", args=[run.pk])
    page = client.get(address).content.decode()
    part = client.get(address, **HTMX)
    assert 'hx-trigger="every 2s"' in page
    assert "<html" not in part.content.decode()
    assert 'value="3" max="10"' in part.content.decode()
    assert "HX-Refresh" not in part.headers


def test_a_run_that_waits_for_the_worker_counts_nothing(pay: Cast, client: Client) -> None:
    """How many there are is known when the work begins: “0 of 0” would say that it is done."""
    a_worker(pay)
    run = started(pay)
    TaskRun.objects.update(status=TaskStatus.SENT, done=0, total=0, failed=0)
    client.force_login(pay.accountant)
    part = client.get(reverse("inmates:payroll_run", args=[run.pk]), **HTMX).content.decode()
    assert "<progress >" in part
    assert not re.search(r"0\s+из\s+0", part)
    assert 'hx-trigger="every 2s"' in part


def test_progress_part_asks_for_the_whole_page_at_the_end(
    ready: PayrollRun, pay: Cast, client: Client
) -> None:
    client.force_login(pay.accountant)
    part = client.get(reverse("inmates:payroll_run", args=[ready.pk]), **HTMX)
    assert part["HX-Refresh"] == "true"
    assert "hx-trigger" not in part.content.decode()


def test_run_that_failed_as_a_whole_says_so_and_may_start_again(pay: Cast, client: Client) -> None:
    a_worker(pay)
    run = started(pay)
    TaskRun.objects.update(status=TaskStatus.FAILED, error="Работник потерян.")
    client.force_login(pay.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert "Работник потерян." in page
    assert "Рассчитать заново" in page
    response = client.post(reverse("inmates:payroll_restart", args=[run.pk]))
    assert response.status_code == 302
    assert TaskRun.objects.get().status == TaskStatus.WAITING


def test_run_page_lists_people_without_names_and_what_is_missing(
    ready: PayrollRun, pay: Cast, client: Client
) -> None:
    without_rate = a_placement(pay, an_inmate(pay, "1700"), pay_form="piece")
    made(without_rate, a_work_order(pay).operations.get(operation=pay.cutting), FIRST, 2)
    a_placement(pay, an_inmate(pay, "1800"))
    calculated(pay, meanwhile=a_piece_rate(pay).delete)
    client.force_login(pay.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[ready.pk])).content.decode()
    assert "1648" in page
    assert NAME not in page
    assert "Нет сдельной расценки на 01.10.2026: Игровой уголок «Юрта»: раскрой" in page
    assert "Внесите ставку" in page
    assert "работа не внесена" in page
    client.cookies["django_language"] = "kk"
    kazakh = client.get(reverse("inmates:payroll_run", args=[ready.pk])).content.decode()
    assert "01.10.2026 күніне кесімді баға жоқ: «Киіз үй» ойын бұрышы" in kazakh


def test_people_without_an_application_are_counted(pay: Cast, client: Client) -> None:
    inmate = an_inmate(pay)
    attended(a_placement(pay, inmate), days_of(OCTOBER, 10))
    run = calculated(pay)
    assert Payslip.objects.get().ipn == Decimal("4320.00")
    client.force_login(pay.accountant)
    page = client.get(reverse("inmates:payroll_run", args=[run.pk])).content.decode()
    assert "из них без заявления на вычет: 1" in page


def test_slip_explains_each_line_in_three_languages(
    ready: PayrollRun, pay: Cast, client: Client
) -> None:
    client.force_login(pay.accountant)
    address = addresses(ready)["payslip"]
    wanted = {
        "ru": ("не удерживается: платит государство", "160 ч 0 мин × 600,00 ₸ в час",
               "Социальный кодекс, ст. 249", "К зачислению на КСН"),
        "kk": ("ұсталмайды: мемлекет төлейді", "Әлеуметтік кодекс, 249-бап", "ҚБШ-ға есептеуге"),
        "en": ("not withheld: the state pays", "Social Code, art. 249"),
    }  # fmt: skip
    for language, sentences in wanted.items():
        client.cookies["django_language"] = language
        page = client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        for sentence in sentences:
            assert sentence in page, (language, sentence)
        assert "−21 600,00" in page, language
        assert "64 800,00" in page, language


def test_a_name_that_is_read_leaves_a_trace(ready: PayrollRun, pay: Cast, client: Client) -> None:
    client.force_login(pay.accountant)
    assert NAME in client.get(addresses(ready)["payslip"]).content.decode()
    event = AuditEvent.objects.get(action="identity_read")
    assert event.actor == pay.accountant
    assert event.subject_id == ready.payslips.get().inmate_id
    assert NAME not in str(event.details)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "Расчётный листок"), ("kk", "Есеп айырысу парағы"), ("xx", "Расчётный листок")],
)
def test_slip_is_printed_in_the_language_asked_for(
    ready: PayrollRun, pay: Cast, client: Client, language: str, words: str
) -> None:
    client.force_login(pay.accountant)
    response = client.get(addresses(ready)["payslip_pdf"], {"language": language})
    pages = PdfReader(BytesIO(response.content)).pages
    text = "\n".join(page.extract_text() for page in pages).replace("\N{NO-BREAK SPACE}", " ")
    assert response["Content-Type"] == "application/pdf"
    assert len(pages) == 1
    assert words in text
    assert "64 800,00" in text
    assert NAME in text
    assert AuditEvent.objects.filter(action="payslip_printed").count() == 1


def test_parameters_page_shows_values_sources_and_confidence(pay: Cast, client: Client) -> None:
    client.force_login(pay.accountant)
    page = client.get(reverse("inmates:pay_parameters")).content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    for text in ("4 325,00 ₸", "3,5 %", "вторичный источник", "текст закона",
                 "10 % до 36 762 500,00 ₸ в год; 15 %", "01.01.1975", "с 01.01.2026"):  # fmt: skip
        assert text in page, text


def test_parameters_page_without_parameters_says_what_to_do(cast: Cast, client: Client) -> None:
    client.force_login(cast.administrator)
    page = client.get(reverse("inmates:pay_parameters")).content.decode()
    assert "Параметры ещё не внесены" in page


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_ask_the_same_number_of_questions_for_one_and_three(
    pay: Cast, client: Client
) -> None:
    client.force_login(pay.accountant)
    counts = []
    for numbers in (("1001",), ("1002", "1003")):
        for number in numbers:
            a_writ(a_worker(pay, number), f"АЛ-{number}", share_numerator=1, share_denominator=4)
        if numbers != ("1001",):
            _institution, post = second_place(pay)
            an_hourly_rate(pay, post=post)
            attended(a_placement(pay, an_inmate(pay, "2001"), post=post), days_of(OCTOBER, 2))
        run = calculated(pay)
        counts.append(
            [
                queries(client, reverse("inmates:payroll_runs")),
                queries(client, reverse("inmates:payroll_run", args=[run.pk])),
                queries(client, board(run)),
                queries(client, reverse("inmates:pay_parameters")),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 26
