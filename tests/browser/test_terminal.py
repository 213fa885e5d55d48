"""A reading terminal in a browser: a code, a letter, a PIN of one's own, wages read, no way out.

In Russian with a mouse and a keyboard, in Kazakh with a finger on the digits of the screen.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inmates.models import Inmate, Payslip, TerminalVisit
from inmates.services.terminal_pins import make_letter_pin
from inmates.services.terminals import activate_terminal, add_terminal, give_code
from inmates.views.terminal_gate import DEVICE_COOKIE
from portal.kernel import clock
from portal.kernel.text import money
from tests.browser.conftest import Complaints, sign_in
from tests.inmates.months import OCTOBER, a_writ, an_identity, make_pay
from tests.inmates.months import no_broker as no_broker  # noqa: PLC0414 - a fixture
from tests.inmates.terminals.devices import PIN
from tests.inmates.terminals.worlds import a_debt, a_reader, two_months
from tests.people import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OWN = "161803"


@pytest.fixture
def world(transactional_db: None, no_broker: list[Any]) -> Cast:
    """Somebody with two approved months, alimony and a debt, and another person beside them."""
    pay = make_pay()
    reader = a_reader(pay, language="kk")
    an_identity(reader)
    a_writ(reader, "АЛ-17", share_numerator=1, share_denominator=4)
    a_debt(reader, "45000.00")
    a_reader(pay, "1650")
    two_months(pay)
    return pay


def a_device(world: Cast, page: Page) -> None:
    """The browser of the page becomes a terminal, as if the code had been typed."""
    at = clock.now()
    terminal = add_terminal(
        actor=world.labour_officer, institution_id=world.institution.pk, place="Отряд 3", at=at
    )
    code = give_code(actor=world.labour_officer, terminal_id=terminal.pk, at=at)
    _terminal, secret = activate_terminal(code=code, caller="test", at=at)
    page.context.add_cookies([{"name": DEVICE_COOKIE, "value": secret, "url": _base(page)}])


def _base(page: Page) -> str:
    page.goto("/terminal/activate/")
    return page.url.partition("/terminal/")[0]


def enter(page: Page, number: str, pin: str) -> None:
    page.goto("/terminal/")
    page.get_by_label("Табельный номер").fill(number)
    page.get_by_label("PIN, шесть цифр").fill(pin)
    page.get_by_role("button", name="Войти").click()


def stays_inside(page: Page) -> None:
    """Whatever the page leads to lies under /terminal/."""
    led_to = page.eval_on_selector_all(
        "a[href], form[action]", "all => all.map(one => one.getAttribute('href') ?? one.action)"
    )
    strangers = [one for one in led_to if not re.search(r"^(#|(http://[^/]+)?/terminal/)", one)]
    assert strangers == []


def test_from_the_code_to_the_wages_in_russian(
    world: Cast,
    new_page: Callable[..., Page],
    complaints: Complaints,
    picture: Callable[[Page, str], None],
) -> None:
    officer, page = new_page(1280, 900), new_page(1280, 900)
    sign_in(officer, world.labour_officer.email, PASSWORD)
    officer.get_by_role("link", name="Терминалы для чтения", exact=True).click()
    officer.get_by_label("Где стоит").fill("Отряд 3, коридор")
    officer.get_by_role("button", name="Внести терминал").click()
    picture(officer, "terminals-office")
    officer.get_by_role("button", name="Показать код").click()
    code = officer.locator(".sum-large").inner_text()
    picture(officer, "terminals-code")

    page.goto("/terminal/activate/")
    page.get_by_label("Код из десяти цифр").fill("00000 00000")
    page.get_by_role("button", name="Сделать этот браузер терминалом").click()
    expect(page.locator(".field-error")).to_contain_text("Код неверный")
    page.get_by_label("Код из десяти цифр").fill(code)
    picture(page, "terminal-activate")
    page.get_by_role("button", name="Сделать этот браузер терминалом").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Моя зарплата")
    picture(page, "terminal-sign-in-1280")

    reader = Inmate.objects.get(personnel_number="1648")
    pin = make_letter_pin(actor=world.labour_officer, inmate_id=reader.pk, at=clock.now())
    enter(page, "1648", "999000")
    expect(page.get_by_role("alert")).to_contain_text("Номер или PIN неверный")
    picture(page, "terminal-wrong")
    enter(page, "1648", pin)
    expect(page.get_by_role("heading", level=1)).to_have_text("Выберите свой PIN")
    page.get_by_label("Ваш новый PIN, шесть цифр").fill(OWN)
    page.get_by_label("Ещё раз тот же").fill(OWN)
    picture(page, "terminal-pin")
    page.get_by_role("button", name="Сохранить этот PIN").click()

    read_everything(page, reader, picture)
    for address in ("/", "/catalogue/", "/accounts/login/", "/payroll/"):
        page.goto(address)
        assert page.url.endswith("/terminal/pay/"), address
    complaints.forgive("status of 404")
    page.goto("/terminal/none/")
    expect(page.get_by_role("alert")).to_have_text("Такой страницы здесь нет.")
    stays_inside(page)
    page.get_by_role("link", name="В начало").click()

    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_label("Табельный номер")).to_have_value("")
    page.go_back()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text(money(slip_of(reader).gross))).to_have_count(0)
    assert TerminalVisit.objects.latest("began_at").ended_as == "left"


def slip_of(reader: Inmate) -> Payslip:
    return Payslip.objects.get(inmate=reader, run__month=OCTOBER.first_day)


def read_everything(page: Page, reader: Inmate, picture: Callable[[Page, str], None]) -> None:
    """Wages, one month, debts, looks, in Russian whatever the papers of the person speak."""
    slip = slip_of(reader)
    expect(page.get_by_role("heading", level=1)).to_have_text("Моя зарплата")
    three = page.locator(".terminal-three")
    for amount in (slip.gross, slip.gross - slip.to_account, slip.to_account):
        expect(three).to_contain_text(money(amount))
    stays_inside(page)
    picture(page, "terminal-pay-1280")
    page.get_by_role("link", name="Почему такие суммы").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Октябрь 2026")
    expect(page.locator("main")).to_contain_text("Ваши накопления на пенсию")
    stays_inside(page)
    picture(page, "terminal-month-1280")
    page.get_by_role("link", name="Мои долги").click()
    expect(page.locator("main")).to_contain_text("по постановлению от 03.02.2026")
    expect(page.locator("main")).to_contain_text("При такой зарплате долг закончится")
    stays_inside(page)
    picture(page, "terminal-debts-1280")
    page.get_by_role("link", name="Кто смотрел").click()
    expect(page.locator("main")).to_contain_text("Для вас напечатали письмо с новым PIN")
    stays_inside(page)
    picture(page, "terminal-looks-1280")


@pytest.mark.parametrize("width", [360, 768])
def test_with_a_finger_in_kazakh(
    world: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None], width: int
) -> None:
    page = new_page(width, 900, "kk")
    a_device(world, page)
    page.goto("/terminal/")
    page.get_by_role("link", name="Қазақша").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Менің жалақым")
    for digit in "1648":
        page.locator(f"[data-digit='{digit}']").click()
    page.get_by_label("PIN, алты цифр").click()
    for digit in "9" + PIN:
        page.locator(f"[data-digit='{digit}']").click()
    # Seven do not fit: the last one is not taken; all are erased and typed anew.
    for _ in range(6):
        page.locator("[data-erase]").click()
    for digit in PIN:
        page.locator(f"[data-digit='{digit}']").click()
    picture(page, f"terminal-sign-in-{width}-kk")
    page.get_by_role("button", name="Кіру").click()

    expect(page.locator(".terminal-three")).to_contain_text("Сіздің шотыңызға")
    picture(page, f"terminal-pay-{width}-kk")
    page.get_by_role("link", name="Неге осындай сомалар").click()
    expect(page.locator("main")).to_contain_text("Зейнетақыға жинағыңыз")
    picture(page, f"terminal-month-{width}-kk")
    page.get_by_role("link", name="Қарыздарым").click()
    expect(page.locator("main")).to_contain_text("өсімпұлсыз")
    picture(page, f"terminal-debts-{width}-kk")
    page.get_by_role("link", name="Кім қарады").click()
    picture(page, f"terminal-looks-{width}-kk")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Кто смотрел мои данные")


def test_the_page_closes_itself_and_a_sign_keeps_it_open(
    world: Cast, new_page: Callable[..., Page]
) -> None:
    page = new_page(1280, 900)
    a_device(world, page)
    page.clock.install(time=clock.now())
    enter(page, "1650", PIN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Моя зарплата")
    notice = page.locator("[data-idle-notice]")
    page.clock.run_for(95_000)
    expect(notice).to_be_hidden()
    page.clock.run_for(10_000)
    expect(notice).to_be_visible()
    # A touch: the page stays, and the server is told.
    seen = TerminalVisit.objects.get().seen_at
    page.mouse.move(200, 300)
    with page.expect_response(lambda answer: "/terminal/here/" in answer.url) as told:
        page.clock.run_for(2_000)
    assert told.value.status == 204
    expect(notice).to_be_hidden()
    assert TerminalVisit.objects.get().seen_at >= seen
    page.clock.run_for(121_000)
    page.wait_for_url("**/terminal/?idle=1")
    expect(page.get_by_role("status")).to_contain_text("её две минуты никто не касался")
    assert TerminalVisit.objects.get().ended_as == "left"


def test_the_letter_with_the_pin_is_printed_from_the_persons_page(
    world: Cast, desktop: Page, picture: Callable[[Page, str], None]
) -> None:
    page = desktop
    sign_in(page, world.labour_officer.email, PASSWORD)
    page.goto("/people/1648/")
    page.get_by_role("link", name="Терминал", exact=True).click()
    expect(page.locator("main")).to_contain_text("Выбран самим человеком")
    picture(page, "terminal-letter-page")
    with page.expect_download() as printed:
        page.get_by_role("button", name="Напечатать письмо с новым PIN").click()
    assert printed.value.suggested_filename == "pin-1648.pdf"
    page.reload()
    expect(page.locator("main")).to_contain_text("Из письма, ещё не заменён")


def test_a_narrow_screen_keeps_its_head_low_and_its_dates_inside(
    world: Cast, new_page: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    """360 px in Russian, the longer words: two lines of the head, choices for a finger."""
    page = new_page(360, 780, "ru")
    a_device(world, page)
    reader = Inmate.objects.get(personnel_number="1648")
    pin = make_letter_pin(actor=world.labour_officer, inmate_id=reader.pk, at=clock.now())
    page.goto("/terminal/?language=ru")
    enter(page, "1648", pin)
    page.get_by_label("Ваш новый PIN, шесть цифр").fill(OWN)
    page.get_by_label("Ещё раз тот же").fill(OWN)
    page.get_by_role("button", name="Сохранить этот PIN").click()
    page.goto("/terminal/looks/")
    head = page.locator(".terminal-head").bounding_box()
    assert head is not None
    assert head["height"] < 125
    buttons = page.locator(".terminal-head .btn")
    boxes = [buttons.nth(one).bounding_box() for one in range(2)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert min(box["height"] for box in boxes if box) >= 44
    crowded = page.eval_on_selector_all(
        ".terminal-lines li",
        "all => all.filter(li => [...li.children].some(one => one.getBoundingClientRect().right"
        " > li.getBoundingClientRect().right - 12)).length",
    )
    assert crowded == 0
    picture(page, "terminal-looks-360")

    page.goto("/terminal/questions/new/")
    sizes = page.eval_on_selector_all(
        "input[type=radio]", "all => all.map(one => Math.round(one.getBoundingClientRect().width))"
    )
    assert sizes
    assert set(sizes) == {30}
    picture(page, "terminal-question-360")
