"""From paid wages to the bank and back in a browser: registers issued, a statement brought in."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from inmates.models import PaymentOrder, PaymentRegister, Transfer
from portal.kernel.models import AuditEvent
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.books import check_books
from tests.inmates.months import make_pay
from tests.inmates.registers import a_line, onec_file, paid_october
from tests.people import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def october(transactional_db: None, no_broker: list[Any]) -> Cast:
    """October of three people, one with alimony and one without an IIN, is paid."""
    pay = make_pay()
    paid_october(pay)
    return pay


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    sent: list[Any] = []
    monkeypatch.setattr(
        "portal.kernel.queue.send", lambda run_id: bool(sent.append(run_id)) or True
    )
    return sent


def test_registers_are_issued_and_the_bank_pays_them(
    october: Cast,
    desktop: Page,
    complaints: Complaints,
    picture: Callable[[Page, str], None],
) -> None:
    page = desktop
    sign_in(page, october.accountant.email, PASSWORD)
    page.get_by_role("link", name="Реестры платежей", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Реестры платежей")
    expect(page.get_by_role("row", name="Обязательные пенсионные взносы").first).to_contain_text(
        "октябрь 2026"
    )
    picture(page, "registers-waiting")
    page.get_by_role("button", name="Составить все реестры").click()
    expect(page.get_by_text("Составлено реестров:")).to_be_visible()
    picture(page, "registers-issued")

    # The register of pensions: one person waits for an IIN; the paper has the names.
    page.get_by_role("row", name="Пенсионные взносы (ОПВ)").get_by_role("link").click()
    expect(page.get_by_text("нет ИИН:")).to_be_visible()
    expect(page.get_by_text("Ещё не перечислено")).to_be_visible()
    picture(page, "register")
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF на русском").click()
    with open(started.value.path(), "rb") as file:  # noqa: PTH123 - the browser gives a bare path
        text = "\n".join(one.extract_text() for one in PdfReader(BytesIO(file.read())).pages)
    assert "Тестов" in text
    assert AuditEvent.objects.filter(action="payment_register_exported").count() == 1

    # The bank has paid all of it but one register, of which it paid a tenge less.
    orders = list(PaymentOrder.objects.order_by("register_id", "sequence"))
    lines = [a_line(order, document=str(at)) for at, order in enumerate(orders, start=40)]
    lines[-1]["amount"] -= 1
    page.get_by_role("link", name="Выписки банка", exact=True).click()
    page.set_input_files(
        "input[type=file]",
        {"name": "выписка.txt", "mimeType": "text/plain", "buffer": onec_file(*lines)},
    )
    page.get_by_role("button", name="Прочитать и показать").click()
    expect(page.get_by_text("Сумма не та, что в поручении")).to_be_visible()
    picture(page, "bank-preview")
    page.get_by_role("button", name="Внести перечисления").click()
    expect(page.get_by_text(f"Внесено перечислений: {len(orders) - 1}")).to_be_visible()
    expect(page.get_by_role("heading", name="Что не сошлось")).to_be_visible()
    picture(page, "bank-entered")
    assert Transfer.objects.count() == len(orders) - 1

    # What is left is entered from paper, and then everything stands in the books.
    register = PaymentRegister.objects.get(orders=orders[-1])
    page.goto(f"/payroll/registers/{register.pk}/")
    page.get_by_role("link", name="Внести перечисление").click()
    page.get_by_label("Платёжное поручение №").fill("99")
    page.get_by_role("button", name="Внести перечисление").click()
    expect(page.get_by_text("платёжное поручение № 99")).to_be_visible()
    assert Transfer.objects.count() == len(orders)
    assert check_books() == []


def test_the_pages_on_a_telephone_in_kazakh(
    october: Cast, phone: Page, complaints: Complaints, picture: Callable[[Page, str], None]
) -> None:
    page = phone
    sign_in(page, october.accountant.email, PASSWORD)
    page.goto("/payroll/registers/")
    page.get_by_role("button", name="Барлық тізілімді жасау").click()
    expect(page.get_by_text("Жасалған тізілімдер:")).to_be_visible()
    picture(page, "registers-phone")
    page.goto(f"/payroll/registers/{PaymentRegister.objects.get(code='opv').pk}/")
    expect(page.get_by_text("Бақылау жиындары")).to_be_visible()
    picture(page, "register-phone")
    page.goto("/payroll/bank/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Банк үзінділері")
    picture(page, "bank-phone")
