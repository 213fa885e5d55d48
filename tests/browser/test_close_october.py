"""October is closed: from what stops it to the payment, by accountant and head; and a private
employer's accountant closes the month of its own people and sees nothing else.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from inmates.models import Attendance, PayrollRun, Placement
from inmates.services.timesheets import lock_timesheet, submit_timesheet
from portal.accounts.enums import Role
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel import clock
from portal.kernel.workdays import is_workday
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.books import first_signature
from tests.inmates.months import OCTOBER, an_application, made, make_pay
from tests.people import (
    LONG_AGO,
    PASSWORD,
    Cast,
    a_consent,
    a_placement,
    a_user,
    a_work_order,
    an_hourly_rate,
    an_inmate,
)
from tests.worker import Worker, own_messages, start_worker  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUBMITTED_AT = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
SLOWLY = 120_000


def full_month(placement: Placement) -> None:
    """Eight hours on every working day, so that the sheet can be submitted and locked."""
    Attendance.objects.bulk_create(
        Attendance(placement=placement, worked_on=day, minutes=480, recorded_at=SUBMITTED_AT)
        for day in OCTOBER.days()
        if is_workday(day)
    )


@pytest.fixture
def october(transactional_db: None) -> Cast:
    """Three people of the state enterprise, two of an entrepreneur, one timesheet submitted."""
    pay = make_pay()
    first_signature(pay)
    for number in ("1601", "1602"):
        inmate = an_inmate(pay, number)
        an_application(pay, inmate)
        full_month(a_placement(pay, inmate))
    by_piece = a_placement(pay, an_inmate(pay, "1650"), pay_form="piece")
    full_month(by_piece)
    order = a_work_order(pay, 300)
    made(by_piece, order.operations.get(operation=pay.cutting), date(2026, 10, 1), 200)
    own = {"employer": pay.entrepreneur, "payer": pay.entrepreneur}
    for number in ("1701", "1702"):
        inmate = an_inmate(pay, number)
        a_consent(inmate, pay.entrepreneur)
        full_month(a_placement(pay, inmate, **own))
    an_hourly_rate(pay, "650.00", payer=pay.entrepreneur)
    OrganisationTaxStatus.objects.create(
        organisation=pay.entrepreneur, is_vat_payer=False, effective_from=LONG_AGO
    )
    pay.users["private"] = a_user("private@example.kz", pay.entrepreneur, Role.ACCOUNTANT)
    pay.users["owner"] = a_user("owner@example.kz", pay.entrepreneur, Role.HEAD)
    first_signature(pay, pay.entrepreneur, pay.owner)
    pay.users["sheet"] = submit_timesheet(  # type: ignore[assignment]  # kept beside the people
        actor=pay.master, workshop_id=pay.workshop.pk, month=OCTOBER, at=SUBMITTED_AT
    )
    return pay


def open_board(page: Page, institution: str) -> None:
    page.goto("/payroll/?month=2026-10")
    page.get_by_role("link", name=institution).click()


def calculated_in_time(page: Page, status: str) -> None:
    """The page turns into the result without a click."""
    expect(page.locator(".page-header .status")).to_have_text(status, timeout=SLOWLY)


def test_accountant_and_head_close_october(
    october: Cast,
    new_page: Callable[..., Page],
    complaints: Complaints,
    picture: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],  # noqa: F811 - the fixture
) -> None:
    complaints.forgive("status of 409")
    start_worker()
    page = new_page(1280, 900, "ru")
    sign_in(page, october.accountant.email, PASSWORD)
    page.get_by_role("link", name="Расчёт зарплаты", exact=True).click()
    expect(page.get_by_role("link", name="Октябрь 2026")).to_have_attribute("aria-current", "true")
    expect(page.locator("tbody")).to_contain_text("Проверить и закрыть табели")
    picture(page, "close-places")

    # Blocked: a timesheet to be checked, a piece rate that nobody entered.
    page.get_by_role("link", name=october.colony.name).click()
    stops = page.get_by_role("region", name="Что мешает расчёту")
    expect(stops.locator("tbody tr")).to_have_count(2)
    expect(stops).to_contain_text("Табель «Столярный цех» не закрыт")
    expect(stops).to_contain_text("Нет расценки «Игровой уголок «Юрта»: раскрой» на 01.10.2026")
    expect(page.get_by_role("button", name="Рассчитать")).to_have_count(0)
    picture(page, "close-blocked")

    # Each is mended where the board leads to.
    stops.get_by_role("link", name="Открыть").first.click()
    page.get_by_role("button", name="Закрыть табель").click()
    expect(page.locator(".page-header, main").first).to_contain_text("Закрыт")
    open_board(page, october.colony.name)
    stops.get_by_role("link", name="Открыть").click()
    expect(page.locator("select[name=subject]")).to_have_value(f"operation-{october.cutting.pk}")
    page.locator("input[name=amount]").fill("650")
    page.locator("input[name=on]").fill("01.10.2026")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/payroll/rates/**")
    open_board(page, october.colony.name)
    expect(stops).to_have_count(0)
    expect(page.locator("tr.waiting")).to_contain_text("Расчёт")
    picture(page, "close-ready")
    page.get_by_role("button", name="Рассчитать").click()
    calculated_in_time(page, "Рассчитано")
    expect(page.get_by_role("row", name="1650")).to_contain_text("130 000,00")
    expect(page.get_by_role("button", name="Утвердить")).to_have_count(0)
    run = PayrollRun.objects.get()
    assert (run.difference_count, run.payslips.count()) == (0, 3)
    address = page.url
    picture(page, "close-calculated")

    # Another account approves: on a telephone, in Kazakh.
    phone = new_page(360, 780, "kk")
    sign_in(phone, october.head.email, PASSWORD)
    open_board(phone, october.colony.name_kk)
    picture(phone, "close-board-kk-360")
    phone.goto(address)
    picture(phone, "close-run-kk-360")
    phone.get_by_role("button", name="Бекіту").click()
    expect(phone.get_by_role("button", name="Бекіту")).to_have_count(0, timeout=SLOWLY)

    # The accountant finds it posted and enters the payment.
    page.goto(address)
    expect(page.get_by_label("Платёжный документ")).to_be_visible(timeout=SLOWLY)
    picture(page, "close-approved")
    page.get_by_label("Платёжный документ").fill("ПП № 118")
    page.get_by_role("button", name="Внести выплату").click()
    expect(page.locator(".page-header .status")).to_have_text("Выплачено")
    picture(page, "close-paid")
    run.refresh_from_db()
    assert (run.status, run.approved_by, run.paid_document) == ("paid", october.head, "ПП № 118")
    assert run.paid_on == clock.today()

    open_board(page, october.colony.name)
    expect(page.locator("tr.waiting, tr.later")).to_have_count(0)
    expect(page.get_by_role("row", name="Выплата")).to_contain_text("ПП № 118")
    picture(page, "close-board-paid")


def test_a_private_employer_closes_october_of_its_own_people(
    october: Cast,
    new_page: Callable[..., Page],
    complaints: Complaints,
    picture: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],  # noqa: F811 - the fixture
) -> None:
    lock_timesheet(actor=october.accountant, timesheet_id=october.sheet.pk, at=SUBMITTED_AT)
    start_worker()
    page = new_page(360, 780, "ru")
    sign_in(page, october.private.email, PASSWORD)
    page.goto("/payroll/?month=2026-10")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text(october.enterprise.name)
    page.get_by_role("link", name=october.colony.name).click()
    # The missing piece rate is another payer's trouble.
    expect(page.get_by_role("region", name="Что мешает расчёту")).to_have_count(0)
    picture(page, "close-private-board-360")
    page.get_by_role("button", name="Рассчитать").click()
    calculated_in_time(page, "Рассчитано")
    expect(page.locator("main")).to_contain_text("1701")
    expect(page.locator("main")).not_to_contain_text("1601")
    picture(page, "close-private-run-360")
    address = page.url

    owner = new_page(1280, 900, "kk")
    sign_in(owner, october.owner.email, PASSWORD)
    owner.goto(address)
    owner.get_by_role("button", name="Бекіту").click()
    page.goto(address)
    expect(page.get_by_label("Платёжный документ")).to_be_visible(timeout=SLOWLY)
    page.get_by_label("Платёжный документ").fill("ПП № 7")
    page.get_by_role("button", name="Внести выплату").click()
    expect(page.locator(".page-header .status")).to_have_text("Выплачено")
    owner.goto(address)
    picture(owner, "close-private-paid-kk")
    run = PayrollRun.objects.get()
    assert (run.payer, run.status) == (october.entrepreneur, "paid")
    numbers = set(run.payslips.values_list("inmate__personnel_number", flat=True))
    assert numbers == {"1701", "1702"}
