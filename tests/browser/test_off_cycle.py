"""Somebody is released within the month and paid; approved wages are reversed and made anew."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inmates.models import PayrollRun
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import make_pay
from tests.inmates.off_cycle import a_leaver, month_sums, owed, two_workers
from tests.people import PASSWORD, Cast
from tests.worker import Worker, own_messages, start_worker  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SLOWLY = 120_000


@pytest.fixture
def signed(transactional_db: None) -> Cast:
    pay = make_pay()
    first_signature(pay)
    return pay


def status_becomes(page: Page, words: str) -> None:
    expect(page.locator(".page-header .status")).to_have_text(words, timeout=SLOWLY)


def approved_by_the_head(page: Page, head: str, address: str, words: str) -> None:
    sign_in(page, head, PASSWORD)
    page.goto(address)
    page.get_by_role("button", name=words).click()
    expect(page.get_by_role("button", name=words)).to_have_count(0, timeout=SLOWLY)


def test_somebody_is_released_and_paid_that_day(
    signed: Cast,
    new_page: Callable[..., Page],
    complaints: Complaints,
    picture: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],  # noqa: F811 - the fixture
) -> None:
    complaints.forgive("status of 422")
    a_leaver(signed)
    start_worker()
    page = new_page(1280, 900, "ru")
    sign_in(page, signed.accountant.email, PASSWORD)
    page.goto("/payroll/?month=2026-11")
    page.get_by_role("link", name=signed.colony.name).click()
    page.get_by_role("link", name="Сделать внеочередной расчёт").click()
    expect(page.locator("main")).to_contain_text("1648")
    page.get_by_label("Основание расчёта").fill("освобождён 13.11.2026")
    page.get_by_role("button", name="Рассчитать").click()
    stops = page.get_by_role("region", name="Что мешает расчёту")
    expect(stops).to_contain_text("никем не подтверждены")
    picture(page, "off-cycle-blocked")

    # The master vouches for the days, on a telephone.
    phone = new_page(360, 780, "kk")
    sign_in(phone, signed.master.email, PASSWORD)
    phone.goto(f"/shift/{signed.workshop.code}/2026-11/month/")
    phone.get_by_role("button", name="Күндерді растау").click()
    expect(phone.locator("#month-leavers")).to_contain_text("растаған")
    phone.locator("#month-leavers").scroll_into_view_if_needed()
    picture(phone, "off-cycle-leaver-kk-360")

    page.get_by_role("button", name="Рассчитать").click()
    status_becomes(page, "Рассчитано")
    expect(page.locator("h1")).to_contain_text("окончательный расчёт при освобождении")
    expect(page.locator("main")).to_contain_text("освобождён 13.11.2026")
    address = page.url
    picture(page, "off-cycle-release")
    head = new_page(360, 780, "kk")
    approved_by_the_head(head, signed.head.email, address, "Бекіту")
    picture(head, "off-cycle-release-kk-360")
    page.goto(address)
    page.get_by_label("Платёжный документ").fill("ПП № 118", timeout=SLOWLY)
    page.get_by_role("button", name="Внести выплату").click()
    status_becomes(page, "Выплачено")
    run = PayrollRun.objects.get()
    assert (run.kind, run.status, run.payslips.count()) == ("release", "paid", 1)
    assert check_books() == []


def test_approved_wages_are_reversed(
    signed: Cast,
    new_page: Callable[..., Page],
    complaints: Complaints,
    picture: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],  # noqa: F811 - the fixture
) -> None:
    two_workers(signed)
    run = paid(signed, posted(signed))
    start_worker()
    page = new_page(1280, 900, "ru")
    sign_in(page, signed.accountant.email, PASSWORD)
    page.goto(f"/payroll/runs/{run.pk}/")
    page.get_by_label("Почему зарплата сторнируется").fill("применён не тот разряд")
    picture(page, "reversal-asked")
    page.get_by_role("button", name="Сторнировать").click()
    expect(page.locator("h1")).to_contain_text("сторно расчёта")
    expect(page.get_by_role("region", name="Что изменилось, по людям")).to_contain_text("1649")
    expect(page.get_by_role("button", name="Утвердить")).to_have_count(0)
    address = page.url
    picture(page, "reversal-waits")
    narrow = new_page(360, 780, "ru")
    approved_by_the_head(narrow, signed.head.email, address, "Утвердить")
    narrow.goto(address)
    status_becomes(narrow, "Утверждено и проведено")
    picture(narrow, "reversal-approved-360")
    narrow.get_by_role("link", name="1648", exact=True).click()
    expect(narrow.locator("main")).to_contain_text("снято: было")
    picture(narrow, "reversal-payslip-360")

    page.goto(f"/payroll/runs/{run.pk}/")
    expect(page.locator("main")).to_contain_text("Эта зарплата сторнирована")
    expect(page.get_by_role("button", name="Сторнировать")).to_have_count(0)
    page.goto(f"/payroll/{run.payer_id}/{run.institution_id}/2026-10/")
    expect(page.get_by_role("region", name="Расчёты месяца").locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name="Рассчитать")).to_be_visible()
    picture(page, "reversal-board")
    assert month_sums("1648")["gross"] == 0
    assert owed("1648") > 0
    assert check_books() == []
