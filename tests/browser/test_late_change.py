"""An approved month is changed with a reason, and what waits for the next wages is seen."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from inmates.models import BackdatedChange, PayParameter, PayRate
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.marks.world import BY_TIME, a_closed_month
from tests.inmates.months import make_pay, no_broker  # noqa: F401 - the fixture
from tests.people import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def closed(transactional_db: None, no_broker: list[object]) -> Cast:  # noqa: F811 - the fixture
    pay = make_pay()
    a_closed_month(pay)
    return pay


def test_a_rate_that_was_signed_late_asks_why_and_is_marked(
    closed: Cast,
    new_page: Callable[..., Page],
    complaints: Complaints,
    picture: Callable[[Page, str], None],
) -> None:
    complaints.forgive("status of 422")
    page = new_page(1280, 900, "ru")
    sign_in(page, closed.accountant.email, PASSWORD)
    page.goto(f"/payroll/rates/enter/?payer={closed.enterprise.pk}&post={closed.joiners.pk}")
    page.get_by_label("Ставка, ₸").fill("650")
    page.get_by_label("Действует с").fill("2026-10-15")
    page.get_by_role("button", name="Ввести ставку").click()
    expect(page.locator("main")).to_contain_text("Зарплата за октябрь 2026 утверждена")
    picture(page, "late-rate-asks-why")
    page.get_by_label("Почему меняется утверждённый месяц").fill("Приказ подписан позже")
    page.get_by_role("button", name="Ввести ставку").click()
    expect(page.locator("main")).to_contain_text("вместе со следующей зарплатой")
    assert PayRate.objects.filter(amount=Decimal("650.00")).exists()
    assert BackdatedChange.objects.filter(cause="rate").exists()

    newest = PayParameter.objects.filter(code="mrp").order_by("-effective_from").first()
    assert newest is not None
    PayParameter.objects.filter(pk=newest.pk).update(value=5000)
    page.goto("/payroll/changes/")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("Приказ подписан позже")
    expect(page.locator("main")).to_contain_text(f"№ {BY_TIME}")
    picture(page, "changes-of-approved-months")
    page.goto(f"/payroll/{closed.enterprise.pk}/{closed.institution.pk}/2026-11/")
    expect(page.locator("main")).to_contain_text("Изменения прошлых месяцев")
    picture(page, "board-with-changes")

    phone = new_page(360, 780, "kk")
    sign_in(phone, closed.accountant.email, PASSWORD)
    phone.goto("/payroll/changes/")
    expect(phone.locator("main")).to_contain_text("Приказ подписан позже")
    picture(phone, "changes-of-approved-months-kk-360")
    phone.goto("/payroll/extra/?month=2026-10")
    picture(phone, "extra-of-approved-month-kk-360")
