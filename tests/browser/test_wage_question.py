"""A question about wages that no colony role can see: asked at a terminal in Kazakh, answered by
an officer outside, read again; and by the code of a payslip from a telephone. Axe finds nothing."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from inmates.models import Inmate, Payslip, WageQuestion
from inmates.questions.codes import code_of
from inmates.services.parameters import load_pay_parameters
from inmates.services.terminals import activate_terminal, add_terminal, give_code
from inmates.views.terminal_gate import DEVICE_COOKIE
from portal.documents.codes import printed_code
from portal.kernel import clock
from tests.browser.conftest import Complaints, sign_in
from tests.browser.test_pages import barriers
from tests.inmates.questions.world import (
    NAME,
    a_final_slip,
    a_person,
    asked,
    by_code,
    offices,
    taken,
)
from tests.inmates.terminals.devices import PIN, a_pin
from tests.people import PASSWORD, Cast, a_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Picture = Callable[[Page, str], None]
SAID = "Он екінші күнгі түнгі сағаттар есептелмеген"
REASON = "Құжатты сұрату үшін атыңыз керек"
ANSWER = "Табельді тексердік: он екінші күнгі сегіз түнгі сағат келесі айда төленеді."
OUTSIDERS = ("accountant", "head", "master", "labour_officer", "administrator", "analyst")


@pytest.fixture
def world(transactional_db: None) -> Cast:
    """Somebody with an approved payslip and a PIN; three offices with officers."""
    load_pay_parameters()
    cast = a_cast()
    offices(cast)
    person = a_person(cast)
    a_pin(person)
    a_final_slip(cast, person)
    return cast


def make_terminal(cast: Cast, page: Page) -> None:
    """The browser of the page is a terminal of the institution from now on."""
    at = clock.now()
    terminal = add_terminal(
        actor=cast.labour_officer, institution_id=cast.institution.pk, place="Отряд 3", at=at
    )
    code = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=at)
    _terminal, secret = activate_terminal(code=code, caller="test", at=at)
    page.goto("/terminal/activate/")
    base = page.url.partition("/terminal/")[0]
    page.context.add_cookies([{"name": DEVICE_COOKIE, "value": secret, "url": base}])


def enter(page: Page) -> None:
    page.goto("/terminal/?language=kk")
    page.fill("input[name=number]", "1648")
    page.fill("input[name=pin]", PIN)
    page.locator("form.terminal-form button.terminal-act").click()
    page.wait_for_url("**/terminal/pay/")


def test_asked_in_kazakh_answered_outside_seen_by_nobody_within(
    world: Cast, new_page: Callable[..., Page], complaints: Complaints, picture: Picture
) -> None:
    terminal, officer = new_page(1280, 900, "kk"), new_page(1280, 900)
    make_terminal(world, terminal)
    enter(terminal)
    ask(terminal, picture)
    question = WageQuestion.objects.get()
    sign_in(officer, world.question_officer.email, PASSWORD)
    look_into(officer, question, picture)
    give_the_name(terminal, question, picture)
    answer(officer, question, picture)
    terminal.goto(f"/terminal/questions/{question.pk}/")
    expect(terminal.locator(".question-answer .said")).to_have_text(ANSWER)
    picture(terminal, "question-terminal-answered-kk-1280")
    terminal.set_viewport_size({"width": 360, "height": 780})
    picture(terminal, "question-terminal-answered-kk-360")
    complaints.forgive("status of 404")
    for who in OUTSIDERS:
        nothing_there(new_page(), world, who, question)


def ask(page: Page, picture: Picture) -> None:
    page.get_by_role("link", name="Келіспеймін").first.click()
    expect(page.locator("h1")).to_have_text("Келіспеймін")
    picture(page, "question-terminal-list-kk-1280")
    page.get_by_role("link", name="Сұрақ қою").click()
    expect(page.locator("h1")).to_have_text("Сұрақ қою")
    page.get_by_label("Түнгі, мерзімнен тыс, демалыс күнгі жұмыс").check()
    slip = Payslip.objects.get()
    page.select_option("select[name=slip]", str(slip.pk))
    page.fill("textarea[name=text]", SAID)
    page.get_by_label("ДУИС (тест)").check()
    picture(page, "question-terminal-new-kk-1280")
    page.get_by_role("button", name="Сұрақты жіберу").click()
    page.wait_for_url(re.compile(r"/terminal/questions/\d+/$"))
    expect(page.locator(".status").first).to_have_text("Жіберілді")
    picture(page, "question-terminal-sent-kk-1280")


def look_into(page: Page, question: WageQuestion, picture: Picture) -> None:
    """The officer finds it on the overview, sees the payslip and not whose, asks for the name."""
    page.goto("/office/")
    expect(page.locator("main")).to_contain_text("Ответа ждёт 1 вопрос о зарплате")
    page.goto("/questions/desk/")
    picture(page, "question-desk-1280")
    page.get_by_role("link", name=question.number).click()
    expect(page.locator("main")).to_contain_text(SAID)
    picture(page, "question-desk-new-1280")
    for hidden in (NAME, "1648"):
        assert hidden not in page.content().replace(question.number, "")
    page.get_by_role("button", name="Взять в работу").click()
    expect(page.locator(".page-header .status")).to_have_text("Рассматривается")
    page.get_by_role("heading", name="Нужно имя").click()
    page.fill("textarea[name=reason]", REASON)
    picture(page, "question-desk-taken-1280")
    page.get_by_role("button", name="Попросить имя").click()
    expect(page.locator(".page-header .status")).to_have_text("Просят назвать имя")


def give_the_name(page: Page, question: WageQuestion, picture: Picture) -> None:
    page.goto(f"/terminal/questions/{question.pk}/")
    expect(page.locator(".question-answer")).to_contain_text(REASON)
    picture(page, "question-terminal-name-kk-1280")
    page.get_by_role("button", name="Атымды атаймын").click()
    expect(page.locator(".status").first).to_have_text("Қаралып жатыр")


def answer(page: Page, question: WageQuestion, picture: Picture) -> None:
    page.reload()
    page.get_by_role("button", name="Прочесть имя").click()
    expect(page.locator("main")).to_contain_text(NAME)
    page.goto(f"/questions/desk/{question.pk}/")
    page.fill("textarea[name=answer]", ANSWER)
    page.get_by_role("button", name="Отправить ответ").click()
    expect(page.locator(".page-header .status")).to_have_text("Дан ответ")
    picture(page, "question-desk-answered-1280")
    page.set_viewport_size({"width": 360, "height": 780})
    picture(page, "question-desk-answered-360")
    page.goto("/questions/desk/")
    picture(page, "question-desk-360")
    page.set_viewport_size({"width": 1280, "height": 900})


def nothing_there(page: Page, world: Cast, who: str, question: WageQuestion) -> None:
    """Signed in as somebody of the colony, the payer or the portal: no link, no page."""
    sign_in(page, world.users[who].email, PASSWORD)
    page.goto("/office/")
    assert page.locator("a[href^='/questions/desk']").count() == 0, who
    for address in ("/questions/desk/", f"/questions/desk/{question.pk}/"):
        response = page.goto(address)
        assert response is not None
        assert response.status == 404, who
        assert SAID not in page.content()


def test_a_relative_asks_by_the_code_and_a_letter_goes_back(
    world: Cast, phone: Page, desktop: Page, picture: Picture
) -> None:
    slip = Payslip.objects.get()
    phone.goto("/questions/")
    picture(phone, "question-public-kk-360")
    phone.fill("input[name=code]", printed_code(code_of(slip.pk)).lower())
    phone.check("input[name=topic][value=time]")
    phone.fill("textarea[name=text]", SAID)
    phone.check("input[name=addressee][value=prosecutor]")
    phone.check("input[name=answer_way][value=letter]")
    phone.locator("main form button[type=submit]").click()
    phone.wait_for_url("**/questions/sent/**")
    picture(phone, "question-public-sent-kk-360")
    for hidden in (NAME, "1648", world.colony.name, SAID):
        assert hidden not in phone.content()
    question = WageQuestion.objects.get()
    answered_by_letter(desktop, world, question, picture)
    phone.reload()
    expect(phone.locator(".page-header .status")).to_have_text("Жауап берілді")
    phone.goto("/questions/figures/")
    picture(phone, "question-figures-kk-360")
    desktop.goto("/questions/figures/")
    picture(desktop, "question-figures-1280")
    desktop.goto("/questions/")
    picture(desktop, "question-public-1280")


def answered_by_letter(page: Page, world: Cast, question: WageQuestion, picture: Picture) -> None:
    sign_in(page, world.users["prosecutor"].email, PASSWORD)
    page.goto(f"/questions/desk/{question.pk}/")
    page.get_by_role("button", name="Взять в работу").click()
    page.fill("textarea[name=answer]", ANSWER)
    page.get_by_role("button", name="Отправить ответ").click()
    picture(page, "question-desk-letter-1280")
    with page.expect_download() as started:
        page.get_by_role("button", name="Напечатать запечатываемое письмо").click()
    content: Any = started.value.path().read_bytes()
    outside, inside = (one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    # The name was not given: the number is enough for whoever hands the letter over.
    assert NAME not in outside
    assert "1648" in outside
    assert "сегіз түнгі" not in outside
    assert "сегіз түнгі" in " ".join(inside.split())
    page.goto("/questions/desk/enter/")
    picture(page, "question-enter-1280")
    assert Inmate.objects.get().personnel_number not in page.content()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_serious_barrier(browser: Browser, live_server: Any, world: Cast, width: int) -> None:
    person, at = Inmate.objects.get(), clock.now()
    named = asked(person, world.department, at=at, is_named=True)
    taken(world.question_officer, asked(person, world.department, at=at), at=at)
    question = by_code(Payslip.objects.get(), at=at)
    public = ("/questions/", "/questions/figures/", f"/questions/sent/{question.key}/")
    desk = ("/questions/desk/", f"/questions/desk/{named.pk}/", f"/questions/desk/{named.pk + 1}/",
            "/questions/desk/enter/")  # fmt: skip
    own = ("/terminal/questions/", "/terminal/questions/new/", f"/terminal/questions/{named.pk}/")
    for addresses, ready in ((public, None), (desk, "desk"), (own, "terminal")):
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=True
        )
        page = context.new_page()
        if ready == "desk":
            sign_in(page, world.question_officer.email, PASSWORD)
        elif ready == "terminal":
            make_terminal(world, page)
            enter(page)
        for address in addresses:
            page.goto(address)
            assert barriers(page) == [], address
        context.close()
