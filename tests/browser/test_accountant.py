"""The accountant's month in a browser: start, leave, come back, read a slip, print it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from inmates.models import PayrollRun, Payslip
from portal.kernel.models import AuditEvent
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.months import (
    NAME,
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    an_identity,
    days_of,
    lock_sheets,
    made,
    make_pay,
)
from tests.people import PASSWORD, Cast, a_placement, a_work_order, an_inmate
from tests.worker import Worker, own_messages, start_worker  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = 8


@pytest.fixture
def crowd(transactional_db: None) -> Cast:
    """Eight people by time, one by piece, one of them with alimony; the timesheet is locked."""
    pay = make_pay()
    for number in range(PEOPLE):
        inmate = a_worker(pay, str(1600 + number))
    an_identity(inmate)
    a_writ(inmate, "АЛ-17", share_numerator=1, share_denominator=4)
    by_piece = an_inmate(pay, "1650")
    placement = a_placement(pay, by_piece, pay_form="piece")
    order = a_work_order(pay, 200)
    a_piece_rate(pay)
    made(placement, order.operations.get(operation=pay.cutting), days_of(OCTOBER, 1)[0], 120)
    lock_sheets(pay)
    return pay


def test_the_accountant_calculates_a_month(
    crowd: Cast,
    desktop: Page,
    complaints: Complaints,
    picture: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],  # noqa: F811 - the fixture
) -> None:
    page = desktop
    start_worker(PAYROLL_PAUSE="0.7")
    sign_in(page, crowd.accountant.email, PASSWORD)
    page.get_by_role("link", name="Расчёт зарплаты", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Расчёт зарплаты")
    picture(page, "accountant-board")

    page.get_by_role("link", name=crowd.colony.name).click()
    board = page.url
    picture(page, "accountant-month")
    page.get_by_role("button", name="Рассчитать").click()

    # Progress is seen, the page is left, and found again from the board.
    expect(page.get_by_role("heading", level=1)).to_have_text("Октябрь 2026")
    expect(page.locator("#run-progress progress")).to_be_visible()
    expect(page.locator("#run-progress")).to_contain_text("из 9")
    page.goto("/payroll/")
    expect(page.locator("table")).to_contain_text("Идёт расчёт")
    page.goto(board)
    page.get_by_role("link", name="Открыть расчёт").click()
    expect(page.locator("#run-progress")).to_be_visible()

    # Without a click the page turns into the result.
    expect(page.get_by_role("heading", name="Расчётные листки")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("row", name="1650")).to_contain_text("78 000,00")
    picture(page, "accountant-run")

    page.get_by_role("link", name="1607").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Расчётный листок, таб. № 1607")
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.get_by_text("не удерживается: платит государство")).to_be_visible()
    expect(page.get_by_role("row", name="К зачислению на КСН")).to_contain_text("64 800,00")
    picture(page, "accountant-slip")

    address = page.url
    page.get_by_role("button", name="Қаз").first.click()
    assert page.url == address
    expect(page.get_by_role("heading", level=1)).to_have_text("Есеп айырысу парағы, таб. № 1607")
    expect(page.get_by_text("ұсталмайды: мемлекет төлейді")).to_be_visible()
    picture(page, "accountant-slip-kk")

    with page.expect_download() as started:
        page.get_by_role("link", name="Жобаның PDF-і қазақша").click()
    downloaded = started.value
    slip = Payslip.objects.get(inmate__personnel_number="1607")
    assert downloaded.suggested_filename == "payslip-1607-2026-10-kk.pdf"
    with open(downloaded.path(), "rb") as file:  # noqa: PTH123 - the browser gives a bare path
        text = "\n".join(one.extract_text() for one in PdfReader(BytesIO(file.read())).pages)
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Есеп айырысу парағы" in text
    assert "64 800,00" in text
    assert "96 000,00" in text
    assert NAME in text
    run = PayrollRun.objects.get()
    assert (run.status, run.payslips.count()) == ("calculated", PEOPLE + 1)
    seen = AuditEvent.objects.filter(action="identity_read", subject_id=slip.inmate_id)
    assert seen.count() >= 2
    assert seen.latest("at").at <= timezone.now()
