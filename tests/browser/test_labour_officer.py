"""The labour officer's day in a browser: from an arrival with a mistyped IIN to the release."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from inmates.models import CustodyStay, Inmate, LabourState, Placement
from inmates.services.parameters import load_pay_parameters
from portal.kernel.models import AuditEvent
from tests.browser.conftest import sign_in
from tests.inmates.desk import a_second_colony, why_released, why_unable
from tests.inmates.months import NAME
from tests.people import NOW, PASSWORD, Cast, a_cast, a_consent
from workshops.models import WorkshopOperator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IIN, MISTYPED = "900517300811", "900517300815"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def office(transactional_db: None) -> Cast:
    """The cast, whose workshop a private business runs, and a second institution."""
    cast = a_cast()
    load_pay_parameters()
    a_second_colony(cast)
    why_released(), why_unable()
    WorkshopOperator.objects.update(operator=cast.entrepreneur)
    return cast


def submit(page: Page, label: str) -> None:
    page.get_by_role("button", name=label).click()


def test_the_labour_officer_takes_somebody_from_arrival_to_release(
    office: Cast, desktop: Page, picture: Callable[[Page, str], None], tmp_path: Path
) -> None:
    page = desktop
    sign_in(page, office.labour_officer.email, PASSWORD)

    # An arrival: the mistyped IIN is mended, what was typed stays.
    page.goto("/people/")
    page.get_by_role("link", name="Внести прибытие").click()
    page.get_by_label("ИИН").fill(MISTYPED)
    page.get_by_label("День прибытия").fill("05.10.2026")
    page.get_by_label("Дата рождения").fill("17.05.1990")
    page.get_by_label("Фамилия, имя, отчество").fill(NAME)
    page.get_by_label("Табельный номер").fill("1700")
    submit(page, "Внести прибытие")
    expect(page.locator(".field-error").first).to_be_visible()
    expect(page.get_by_label("Фамилия, имя, отчество")).to_have_value(NAME)
    picture(page, "people-arrival-refused")
    page.get_by_label("ИИН").fill(IIN)
    submit(page, "Внести прибытие")
    expect(page.get_by_role("heading", level=1)).to_have_text("№ 1700")
    inmate = Inmate.objects.get(personnel_number="1700")

    # Able-bodied; the page says so.
    page.get_by_role("link", name="Трудоспособность").click()
    page.get_by_label("Трудоспособен", exact=True).check()
    submit(page, "Сохранить")
    expect(page.locator(".page-header .status")).to_contain_text("без работы")
    assert LabourState.objects.get(inmate=inmate).ability == "able"

    # A private employer: refused without the consent, in words; then placed.
    page.get_by_role("link", name="Назначить на работу").click()
    page.get_by_label("Часов в день").fill("4,5")
    page.get_by_label("Договор или приказ").fill("договор № 2")
    page.get_by_label("Первый день").fill("01.11.2026")
    submit(page, "Назначить на работу")
    expect(page.locator(".form-errors, [role=alert]").first).to_contain_text("соглас")
    expect(page.get_by_label("Часов в день")).to_have_value("4,5")
    a_consent(inmate, office.entrepreneur, document_number="С-77")
    submit(page, "Назначить на работу")
    expect(page.locator(".page-header .status")).to_contain_text("Работает")
    assert Placement.objects.get(inmate=inmate).daily_minutes == 270
    picture(page, "people-person")

    # The contract of three parties, with the name, which is kept in the journal.
    with page.expect_download() as loading:
        page.get_by_role("link", name="рус", exact=True).click()
    loading.value.save_as(tmp_path / "contract.pdf")
    text = " ".join(PdfReader(tmp_path / "contract.pdf").pages[0].extract_text().split())
    assert "Договор о труде осуждённого" in text
    assert NAME in text
    assert "С-77" in text
    assert AuditEvent.objects.filter(action="placement_paper_printed").count() == 1

    # To another institution, whose officer finds the person there and enters the release.
    page.get_by_role("link", name="Перевод", exact=True).click()
    page.get_by_label("В какое учреждение").select_option(label="Учреждение № 19 (тест)")
    page.get_by_label("День перевода").fill("22.11.2026")
    submit(page, "Внести перевод")
    expect(page.get_by_text("Перевод внесён")).to_be_visible()
    assert Placement.objects.get(inmate=inmate).effective_to.isoformat() == "2026-11-22"


def test_the_receiving_officer_finds_the_person_on_a_telephone_and_releases(
    office: Cast, phone: Page, picture: Callable[[Page, str], None]
) -> None:
    there = office.users["other_officer"].memberships.get().organisation.institution
    inmate = Inmate.objects.create(personnel_number="1700", born_on="1990-05-17")
    CustodyStay.objects.create(inmate=inmate, institution=there, effective_from="2026-10-05")
    page = phone
    sign_in(page, office.other_officer.email, PASSWORD)
    page.goto("/people/?show=unknown")
    picture(page, "people-list-phone")
    page.get_by_role("link", name="1700").click()
    page.get_by_role("link", name="Босату", exact=True).click()
    page.get_by_label("Босатылған күні").fill("05.10.2026")
    submit(page, "Босатуды енгізу")
    expect(page.get_by_text("05.10.2026").first).to_be_visible()
    page.get_by_label("Босатылған күні").fill("22.11.2026")
    submit(page, "Босатуды енгізу")
    expect(page.locator(".page-header .status")).to_contain_text("22.11.2026")
    stay = CustodyStay.objects.get(inmate=inmate)
    assert (stay.effective_to.isoformat(), stay.end_reason.code) == (
        "2026-11-22", "sentence-served",
    )  # fmt: skip
