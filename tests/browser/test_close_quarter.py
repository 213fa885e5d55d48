"""A quarter is closed: its last month paid, its totals and figures taken, a certificate printed;
then somebody with alimony is released, and the bailiff is told within three days.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from inmates.models import BailiffNotice, Inmate, PayrollRun, Payslip, WageCertificate
from inmates.services.custody import plan_release, release_inmate
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.browser.conftest import sign_in
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.desk import why_released
from tests.inmates.months import (
    NAME,
    a_writ,
    an_application,
    an_identity,
    attended,
    days_of,
    make_pay,
    no_broker,  # noqa: F401 - fixture
)
from tests.inmates.wage_papers.quarters import cells_of, text_of
from tests.people import NOW, PASSWORD, Cast, a_placement, an_inmate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONTHS = (Month(2026, 7), Month(2026, 8), Month(2026, 9))


@pytest.fixture
def quarter(transactional_db: None, no_broker: list[object]) -> Cast:  # noqa: F811 - the fixture
    """Two people; July and August are paid, September is approved and waits for its payment."""
    pay = make_pay()
    first_signature(pay)
    people = [an_inmate(pay, number) for number in ("1601", "1602")]
    an_identity(people[0])
    a_writ(
        people[0], "ИЛ-160", share_numerator=1, share_denominator=4, bailiff="ЧСИ Тестов Б.",
        payee="Тестова А.",
    )  # fmt: skip
    for inmate in people:
        an_application(pay, inmate)
        placement = a_placement(pay, inmate)
        for month in MONTHS:
            attended(placement, days_of(month, 20))
    for month in MONTHS[:2]:
        paid(pay, posted(pay, month), document=f"ПП № {month.month}")
    posted(pay, MONTHS[2])
    plan_release(
        actor=pay.labour_officer, inmate_id=people[0].pk,
        release_on=clock.today() + timedelta(days=20), basis="приговор", at=clock.now(),
    )  # fmt: skip
    return pay


def taken(page: Page, name: str) -> bytes:
    """What the link gives to keep."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).first.click()
    return Path(waiting.value.path()).read_bytes()


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_quarter_is_closed_and_its_papers_go_out(
    quarter: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = new_page(1280, 900, "ru")
    sign_in(page, quarter.accountant.email, PASSWORD)

    # The last month of the quarter is paid.
    run = PayrollRun.objects.get(month=MONTHS[2].first_day)
    page.goto(f"/payroll/runs/{run.pk}/")
    page.get_by_label("Платёжный документ").fill("ПП № 9")
    page.get_by_role("button", name="Внести выплату").click()
    expect(page.locator(".page-header .status")).to_have_text("Выплачено")

    # Totals: what was earned and what was paid agree with the payslips.
    page.get_by_role("link", name="Итоги по зарплате", exact=True).click()
    page.get_by_role("link", name="III квартал", exact=True).click()
    expect(page.locator(".chip[aria-current=true]")).to_have_text("III квартал")
    expect(page.get_by_role("region", name="По людям").locator("tbody tr")).to_have_count(2)
    picture(page, "quarter-totals")
    rows = cells_of(taken(page, "Таблица (XLSX)"))
    slips = list(Payslip.objects.all())
    total = rows[-1]
    assert total[4] == float(sum(slip.gross for slip in slips))
    assert total[10] == float(sum(slip.to_account + slip.settlement for slip in slips))
    assert NAME in [row[1] for row in rows]

    # Figures for the form, month by month.
    page.get_by_role("link", name="Форма 200.00", exact=True).click()
    expect(page.locator("main")).to_contain_text("Это цифры, а не форма")
    income = page.get_by_role("row", name="Начисленный доход")
    expect(income).to_contain_text("людей: 2")
    picture(page, "quarter-form-200")
    figures = cells_of(taken(page, "Таблица (XLSX)"))
    accrued = next(row for row in figures if row[0] == "Начисленный доход")
    assert accrued[-1] == total[4]

    # One person: what was paid when, and a certificate at the person's request.
    page.get_by_role("link", name="Итоги по зарплате", exact=True).click()
    page.get_by_role("link", name="III квартал", exact=True).click()
    page.get_by_role("link", name="№ 1601", exact=True).click()
    for document in ("ПП № 7", "ПП № 8", "ПП № 9"):
        expect(page.locator("main")).to_contain_text(document)
    picture(page, "quarter-person")
    page.get_by_role("link", name="Справка о зарплате", exact=True).click()
    page.get_by_label("Первый месяц").fill("07.2026")
    page.get_by_label("Последний месяц").fill("09.2026")
    picture(page, "quarter-certificate-form")
    page.get_by_role("button", name="Составить справку").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    picture(page, "quarter-certificates")
    text = text_of(taken(page, "PDF на русском"))
    gross = sum(slip.gross for slip in slips if slip.inmate.personnel_number == "1601")
    assert NAME in text
    assert plain(f"{gross:,.2f}".replace(",", " ").replace(".", ",")) in text
    assert WageCertificate.objects.get().inmate.personnel_number == "1601"


def test_the_bailiff_is_told_of_a_release(
    quarter: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    inmate = Inmate.objects.get(personnel_number="1601")

    # Before the release: the accountant settles the steps of wages on a telephone, in Kazakh.
    phone = new_page(360, 780, "kk")
    sign_in(phone, quarter.accountant.email, PASSWORD)
    phone.goto("/leaving/")
    picture(phone, "leaving-kk-360")
    phone.get_by_role("link", name="№ 1601").click()
    expect(phone.locator("main")).to_contain_text("Шотқа күтілетіні")
    picture(phone, "leaving-file-kk-360")
    step = phone.get_by_role("row", name="Атқарушылық құжаттар тапсырылды")
    step.get_by_label("Ескертпе").fill("акт № 3")
    step.get_by_role("button", name="Жасалды").click()
    expect(step).to_contain_text("акт № 3")

    release_inmate(
        actor=quarter.labour_officer, inmate_id=inmate.pk, reason_id=why_released().pk,
        on=clock.today(), at=clock.now(),
    )  # fmt: skip
    page = new_page(1280, 900, "ru")
    sign_in(page, quarter.accountant.email, PASSWORD)
    page.get_by_role("link", name="Сообщения судебным исполнителям", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("осталось 3 дня")
    picture(page, "notices")
    page.get_by_role("link", name="№ 1601").click()
    picture(page, "notice")
    text = text_of(taken(page, "PDF на русском"))
    assert "должник освобождён" in text
    assert "ИЛ-160" in text
    page.get_by_label("Исходящий номер").fill("12-5/77")
    page.get_by_role("button", name="Отметить отправку").click()
    expect(page.locator("main")).to_contain_text("Здесь пусто")
    notice = BailiffNotice.objects.get()
    assert (notice.status, notice.outgoing_number) == ("told", "12-5/77")
    assert notice.sent_by == quarter.accountant
    assert notice.created_at >= NOW

    # The officer's papers stay with the place: the person has left, and so has the file.
    officer = new_page(360, 780, "ru")
    sign_in(officer, quarter.labour_officer.email, PASSWORD)
    officer.goto("/leaving/")
    expect(officer.locator("main")).to_contain_text("никто не освобождается")
