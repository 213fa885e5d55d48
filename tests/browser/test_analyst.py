"""The department analyst in a browser: day, month, reasons, the workbook with its progress."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from inmates.models import Attendance
from inmates.selectors.facts import fact_summary
from inmates.services.fact_periods import finalise_facts
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month
from portal.kernel.text import month_name
from portal.kernel.workdays import is_workday
from portal.reports.models import StoredReport
from tests.browser.conftest import sign_in
from tests.people import NOW, PASSWORD, Cast, a_cast
from tests.reports.counted import facts_now
from tests.reports.worlds import a_person, a_worker, an_institution, reasons
from tests.worker import Worker, own_messages, start_worker  # noqa: F401 - fixtures
from workshops.models import Institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = clock.today()
LAST_MONTH = Month.of(TODAY).previous()
# The last workday of a month that has ended: the same on whatever day the test runs.
DAY = max(day for day in LAST_MONTH.days() if is_workday(day))


def fill(cast: Cast, place: Institution, workers: int, sheets_from: date, known: dict) -> None:
    """Workers with timesheets of every workday since a day, and others with their reasons."""
    entries = []
    for number in range(workers):
        placement = a_worker(
            cast, place, effective_from=sheets_from - timedelta(days=40 * (number % 5))
        )
        day = sheets_from
        while day < TODAY:
            if is_workday(day):
                is_sick = (day.toordinal() + number) % 11 == 0
                entries.append(
                    Attendance(
                        placement=placement,
                        worked_on=day,
                        minutes=0 if is_sick else 480,
                        reason=known["sick"] if is_sick else None,
                        recorded_at=NOW,
                    )
                )
            day += timedelta(days=1)
    Attendance.objects.bulk_create(entries)
    for reason in ("no_place", "no_place", "quarantine", None):
        a_person(place, reason=known.get(reason))
    a_person(place, ability="unable", subject=False, reason=known["disability"])
    a_person(place, ability=None)


@pytest.fixture
def region(transactional_db: None) -> Cast:
    """Institution 16 and 22 with timesheets, 30 without any."""
    cast = a_cast()
    known = reasons()
    since = LAST_MONTH.plus(-2).first_day
    fill(cast, cast.institution, 12, since, known)
    fill(cast, an_institution(cast, "22"), 7, since, known)
    late = an_institution(cast, "30")
    a_worker(cast, late)
    a_person(late, reason=known["no_place"])
    facts_now(LAST_MONTH.plus(-12).first_day, TODAY)
    return cast


def close_the_month(cast: Cast) -> None:
    """Institution 16 is closed for the last month, as on the page of the months of facts."""
    finalise_facts(
        actor=cast.analyst,
        institution_id=cast.institution.pk,
        month=LAST_MONTH,
        unknown_seen=fact_summary(cast.institution.pk, LAST_MONTH).unknown_days,
        on=TODAY,
        at=clock.now(),
    )


def test_the_analyst_sees_explains_and_stores_the_rate(
    region: Cast,
    desktop: Page,
    picture: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],  # noqa: F811 - the fixture
    tmp_path: Path,
    settings: Any,
) -> None:
    page = desktop
    sign_in(page, region.analyst.email, PASSWORD)
    page.get_by_role("link", name="Занятость").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Занятость")

    # A day: the denominators side by side, the institution that is late.
    page.get_by_label("День", exact=True).fill(f"{DAY:%d.%m.%Y}")
    page.get_by_role("button", name="Показать день").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(DAY.strftime("%d.%m.%Y"))
    for name in ("Все содержащиеся", "Трудоспособные", "Подлежат", "Могли работать"):
        expect(page.locator("#institutions thead")).to_contain_text(name)
    expect(page.locator("#freshness")).to_contain_text("1 учреждение не внесло явку за всех")
    expect(page.locator("#late")).to_contain_text("№ 30")
    # 12 + 7 + 1 employed of 16 + 11 + 2 able-bodied.
    expect(page.locator("#rate")).to_contain_text("69,0")
    expect(page.locator("#rate")).to_contain_text("20 из 29")
    picture(page, "analyst-day")

    # A month, then one institution with its reasons and twelve months.
    page.get_by_label("Месяц", exact=True).select_option(str(LAST_MONTH))
    page.get_by_role("button", name="Показать месяц").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(month_name(LAST_MONTH, "ru"))
    expect(page.locator("#headline")).to_contain_text("EMP-month-mean/1")
    picture(page, "analyst-month")
    expect(page.locator("h1 + .status")).to_contain_text("Предварительно")
    close_the_month(region)
    page.locator("#institutions").get_by_role("link", name="№ 16").click()
    expect(page.locator("#reasons")).to_contain_text("Нет рабочего места")
    expect(page.locator("#reasons")).to_contain_text("Причина не записана")
    expect(page.locator("svg.chart path")).to_have_count(2)
    expect(page.locator("#months tbody tr")).to_have_count(12)
    expect(page.locator("h1 + .status")).to_contain_text("Окончательно")
    picture(page, "analyst-institution")

    # The workbook waits for a worker, shows that it waits, and arrives without a click.
    page.get_by_role("button", name="Заказать файл XLSX").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Отчёты")
    expect(page.locator("#stored progress")).to_be_visible()
    picture(page, "analyst-waiting")
    start_worker(MEDIA_ROOT=str(settings.MEDIA_ROOT))
    link = page.get_by_role("link", name="Скачать")
    expect(link).to_be_visible(timeout=30_000)
    picture(page, "analyst-stored")
    with page.expect_download() as download:
        link.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"employment-{LAST_MONTH}-ru.xlsx"

    book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    summary = book.get_sheet_by_name("Сводка").to_python()
    assert month_name(LAST_MONTH, "ru") in summary[0][0]
    assert summary[-1][0] == "Итого"
    assert summary[-1][1:3] == [33, 29]
    assert StoredReport.objects.get().size == len(path.read_bytes())
    assert AuditEvent.objects.filter(action="reports.export_employment").count() == 1


def test_the_pages_fit_a_phone_in_kazakh(
    region: Cast, phone: Page, picture: Callable[[Page, str], None]
) -> None:
    page = phone
    sign_in(page, region.analyst.email, PASSWORD)
    page.goto(f"/reports/employment/?day={DAY}")
    expect(page.locator("#institutions thead")).to_contain_text("Еңбекке қабілетті")
    picture(page, "analyst-day-phone")
    page.goto(f"/reports/employment/16/?month={LAST_MONTH}")
    expect(page.locator("#reasons")).to_contain_text("Жұмыс орны жоқ")
    picture(page, "analyst-institution-phone")
    page.goto("/reports/")
    expect(page.locator("main")).to_contain_text("Әзірге есепке тапсырыс берілген жоқ")
    picture(page, "analyst-reports-phone")


def test_a_day_that_has_not_come_is_a_sentence(
    region: Cast, new_page: Callable[..., Page], complaints, picture: Callable[[Page, str], None]
) -> None:
    complaints.forgive("status of 400")
    page = new_page(1280, 900, "kk")
    sign_in(page, region.analyst.email, PASSWORD)
    page.goto(f"/reports/employment/?day={TODAY + timedelta(days=5)}")
    expect(page.get_by_role("alert")).to_contain_text("Бұл күн әлі келген жоқ")
    picture(page, "analyst-refused")
    page.goto(f"/reports/employment/?month={LAST_MONTH}")
    expect(page.locator("h1")).to_contain_text("Жұмыспен қамту")
    picture(page, "analyst-month-kk")


def test_the_analyst_closes_a_month_and_reopens_it_with_a_reason(
    region: Cast, desktop: Page, picture: Callable[[Page, str], None]
) -> None:
    page = desktop
    sign_in(page, region.analyst.email, PASSWORD)
    page.get_by_role("link", name="Месяцы данных").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(month_name(LAST_MONTH, "ru"))
    row = page.locator("#place-30")
    picture(page, "analyst-facts")
    row.get_by_role("button", name="Закрыть с").click()
    expect(row).to_contain_text("Окончательно")
    expect(page.locator("#place-16")).to_contain_text("Предварительно")
    row.get_by_text("Открыть снова", exact=True).click()
    row.get_by_label("Почему месяц открывают снова").fill("Пришёл табель цеха")
    page.set_viewport_size({"width": 360, "height": 800})
    picture(page, "analyst-facts-reopen")
    row.get_by_role("button", name="Открыть месяц снова").click()
    expect(row).to_contain_text("Предварительно")
