"""A consent with its scan, a private place, the withdrawal, the department, another place."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from inmates.models import ConsentScan, LabourState, Placement
from inmates.services.consent_texts import load_consent_texts
from inmates.services.parameters import load_pay_parameters
from portal.kernel import clock
from portal.kernel.text import date_short
from tests.browser.conftest import sign_in
from tests.files import a_pdf
from tests.people import LONG_AGO, PASSWORD, Cast, a_cast, an_inmate
from workshops.models import Workshop, WorkshopOperator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_private_place_given_withdrawn_and_offered_anew(desktop: Page) -> None:
    cast = a_private_workshop()
    sign_in(desktop, cast.labour_officer.email, PASSWORD)
    give_consent_with_scan(desktop)
    give_the_place(desktop, cast)
    withdraw(desktop)
    assert Placement.objects.get().effective_to == clock.today() + timedelta(days=1)
    department_sees(desktop, cast, "ещё не предложено")
    sign_in(desktop, cast.labour_officer.email, PASSWORD)
    desktop.goto("/people/1648/offer/")
    desktop.click("main form button[type=submit]")
    expect(desktop.locator("main")).to_contain_text("Ответа ещё нет")
    department_sees(desktop, cast, "предложено")
    assert LabourState.objects.get().reason is None


def a_private_workshop() -> Cast:
    cast = a_cast()
    load_consent_texts()
    load_pay_parameters()
    WorkshopOperator.objects.filter(workshop=cast.workshop).update(operator=cast.entrepreneur)
    assert Workshop.objects.get().operators.get().effective_from == LONG_AGO
    an_inmate(cast)
    return cast


def give_consent_with_scan(page: Page) -> None:
    page.goto("/people/1648/consents/work/new/")
    page.fill("[name=document_number]", "С-1")
    page.set_input_files(
        "[name=scan]", {"name": "consent.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    )
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("версия 1")
    assert ConsentScan.objects.count() == 1


def give_the_place(page: Page, cast: Cast) -> None:
    page.goto(f"/places/{cast.joiners.pk}/1648/")
    page.fill("[name=effective_from]", date_short(clock.today()))
    page.fill("[name=basis]", "договор № 9")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/people/1648/")
    assert Placement.objects.get().employer == cast.entrepreneur


def withdraw(page: Page) -> None:
    """From tomorrow: the first day of the work is today."""
    page.goto("/people/1648/consents/")
    page.get_by_role("link", name="Отозвать").click()
    page.fill("[name=withdrawn_on]", date_short(clock.today() + timedelta(days=1)))
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Нужно предложить другое место")


def department_sees(page: Page, cast: Cast, words: str) -> None:
    page.context.clear_cookies()
    sign_in(page, cast.analyst.email, PASSWORD)
    page.goto("/reports/consents/")
    row = page.locator("main tbody tr").first
    expect(row).to_contain_text("№ 1648")
    expect(row).to_contain_text(words)
    page.context.clear_cookies()
