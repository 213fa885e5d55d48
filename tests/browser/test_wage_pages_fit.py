"""Wide figures and long words on the pages of wages: nothing is cut off, nothing stands alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from inmates.models import BankStatement, Inmate, Payslip
from inmates.services.bank import apply_bank_statement, receive_bank_statement
from inmates.services.custody import plan_release
from portal.accounts.models import Organisation
from portal.kernel import clock
from tests.browser.conftest import sign_in
from tests.inmates.months import make_pay
from tests.inmates.months import no_broker as no_broker  # noqa: PLC0414 - a fixture
from tests.inmates.registers import a_line, issued, onec_file, paid_october
from tests.people import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# As many tenge as a payer of twenty thousand people has in a month.
WIDE = "120\N{NO-BREAK SPACE}705\N{NO-BREAK SPACE}258,91"


@pytest.fixture
def october(transactional_db: None, no_broker: list[Any]) -> Cast:
    pay = make_pay()
    Organisation.objects.filter(pk=pay.enterprise.pk).update(
        name_ru="Республиканское предприятие исправительных учреждений области"
    )
    paid_october(pay)
    return pay


def scrolled(page: Page) -> list[str]:
    """The boxes of tables whose table is wider than they are."""
    return page.eval_on_selector_all(
        ".table-box",
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1)"
        ".map(one => one.getAttribute('aria-label'))",
    )


def test_nine_columns_of_wide_sums_fit_a_desktop(
    october: Cast, desktop: Page, picture: Callable[[Page, str], None]
) -> None:
    sign_in(desktop, october.accountant.email, PASSWORD)
    desktop.goto("/payroll/totals/?year=2026")
    three = "table-figures tfoot .sum:is(:nth-child(2), :nth-child(7), :nth-child(8))"
    desktop.eval_on_selector_all(
        f".{three}", "(all, wide) => all.forEach(one => one.textContent = wide)", WIDE
    )
    assert scrolled(desktop) == []
    heights = desktop.eval_on_selector_all(
        ".table-figures tbody tr", "all => [...new Set(all.map(one => one.offsetHeight))]"
    )
    assert max(heights) < 48, "a name of a month, or a sum, is broken into two lines"
    picture(desktop, "totals-wide")


def test_the_sign_of_a_crumb_never_stands_alone(
    october: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = new_page(360, 780, "ru")
    sign_in(page, october.accountant.email, PASSWORD)
    slip = Payslip.objects.order_by("pk")[0]
    page.goto(f"/payroll/payslips/{slip.pk}/")
    page.eval_on_selector_all(
        ".crumbs a", "all => all.forEach(one => one.append(', премия вне зарплаты месяца'))"
    )
    taller = page.eval_on_selector_all(
        ".crumbs li",
        """all => all.map(li => {
            const words = document.createRange();
            words.selectNodeContents(li);
            return li.getBoundingClientRect().height - words.getBoundingClientRect().height;
        })""",
    )
    assert len(taller) > 1
    assert max(taller) < 12, "the sign has a line of its own"
    picture(page, "crumbs-long")


def test_the_steps_of_a_leaver_and_their_dates_fit_a_telephone(
    october: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    leaver = Inmate.objects.get(personnel_number="1649")
    plan_release(
        actor=october.labour_officer, inmate_id=leaver.pk,
        release_on=clock.today() + timedelta(days=43), basis="приговор", at=clock.now(),
    )  # fmt: skip
    page = new_page(360, 780, "kk")
    sign_in(page, october.accountant.email, PASSWORD)
    page.goto("/leaving/")
    notes = page.eval_on_selector_all(
        "tbody td .second", "all => all.filter(one => one.offsetHeight > 30).length"
    )
    assert notes == 0, "the days left are broken into two lines"
    page.goto("/leaving/1649/")
    starts = page.eval_on_selector_all(
        "input[name=note]",
        "all => all.map(one => one.getBoundingClientRect().left"
        " - one.closest('tr').getBoundingClientRect().left)",
    )
    assert starts
    assert max(starts) < 24, "the field stands beside the name of its column"
    picture(page, "leaving-steps-360")


def test_what_a_statement_did_not_agree_in_fits_a_telephone(
    october: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    orders = [order for code in ("opv", "accounts") for order in issued(october, code).orders.all()]
    lines = [a_line(order, document=str(at)) for at, order in enumerate(orders, start=40)]
    lines[-1]["amount"] -= 1
    row = receive_bank_statement(
        actor=october.accountant, payer_id=october.enterprise.pk, file_name="выписка.txt",
        content=onec_file(*lines), at=clock.now(),
    )  # fmt: skip
    apply_bank_statement(actor=october.accountant, statement_id=row.pk, at=clock.now())
    assert BankStatement.objects.get().differences.exists()
    page = new_page(360, 780, "ru")
    sign_in(page, october.accountant.email, PASSWORD)
    page.goto(f"/payroll/bank/{row.pk}/")
    page.eval_on_selector_all(
        "td .second",
        "(all, wide) => all.forEach(one => one.textContent = `реестр № 2026-00009, ${wide}`)",
        f"{WIDE}\N{NO-BREAK SPACE}₸",
    )
    assert scrolled(page) == []
    picture(page, "bank-differences")
