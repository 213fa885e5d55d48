"""A terminal shows one person's record and has no way out: devices, cookies, addresses, caches."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate, Terminal, TerminalVisit
from inmates.services.terminals import give_code, revoke_terminal
from inmates.terminal.limits import IDLE
from inmates.views.terminal_gate import DEVICE_COOKIE, VISIT_COOKIE
from portal.kernel import clock
from tests.inmates.terminals.devices import FIRST, PIN, a_pin, a_terminal, device, typed
from tests.people import NOW, Cast, an_inmate

PAGES = ("terminal_pay", "terminal_debts", "terminal_looks")
# Pages of the portal that a person must not get to from a terminal, open ones among them.
ELSEWHERE = (
    "/", "/catalogue/", "/accounts/login/", "/accounts/signup/", "/start/", "/people/",
    "/payroll/", "/terminals/", "/search/", "/contacts/", "/no-such-page/", "/i18n/setlang/",
    "/terminalx/", "/health/live",
)  # fmt: skip


def later(monkeypatch: pytest.MonkeyPatch, wait: timedelta) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + wait)


def test_signing_in_leads_to_the_wages_and_leaving_out_of_them(cast: Cast, reader: Inmate):
    client = device(a_terminal(cast)[1])
    assert typed(client, "1648")["Location"] == reverse("inmates:terminal_pay")
    assert client.get(reverse("inmates:terminal_pay")).status_code == 200
    assert client.get(FIRST)["Location"] == reverse("inmates:terminal_pay")
    answer = client.post(reverse("inmates:terminal_leave"))
    assert answer["Location"] == FIRST
    assert answer["Clear-Site-Data"] == '"cache"'
    assert client.get(reverse("inmates:terminal_pay"))["Location"] == FIRST
    visit = TerminalVisit.objects.get()
    assert (visit.ended_as, visit.ended_at) == ("left", NOW)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nothing_else_of_the_portal_opens_on_a_terminal(at_terminal: Client, address: str):
    for answer in (at_terminal.get(address), at_terminal.post(address)):
        assert answer.status_code == 302
        assert answer["Location"] == FIRST


@pytest.mark.parametrize("name", PAGES)
def test_every_link_and_form_of_a_page_stays_in_the_terminal(at_terminal: Client, name: str):
    page = at_terminal.get(reverse(f"inmates:{name}")).content.decode()
    led_to = re.findall(r'(?:href|action|src|url)="?=?"?([^"\s>]+)', page)
    assert len(led_to) > 8
    strangers = [one for one in led_to if not one.startswith(("/terminal/", "/static/", "#"))]
    assert strangers == []


def test_an_officers_account_is_of_no_use_on_a_terminal(cast: Cast, reader: Inmate):
    client = device(a_terminal(cast)[1])
    client.force_login(cast.administrator)
    assert client.get("/people/")["Location"] == FIRST
    page = client.get(FIRST)
    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated


def test_without_the_devices_cookie_there_is_no_terminal(cast: Cast, reader: Inmate):
    client = device(a_terminal(cast)[1])
    typed(client, "1648")
    stolen = Client()
    stolen.cookies[VISIT_COOKIE] = client.cookies[VISIT_COOKIE].value
    for name in PAGES:
        assert stolen.get(reverse(f"inmates:{name}")).status_code == 404
    assert typed(stolen, "1648").status_code == 404


def test_a_visit_of_one_terminal_opens_nothing_at_another(cast: Cast, reader: Inmate):
    first, second = device(a_terminal(cast)[1]), device(a_terminal(cast, "Клуб")[1])
    typed(first, "1648")
    second.cookies[VISIT_COOKIE] = first.cookies[VISIT_COOKIE].value
    assert second.get(reverse("inmates:terminal_pay"))["Location"] == FIRST


def test_two_minutes_without_a_sign_and_the_visit_is_over(
    at_terminal: Client, monkeypatch: pytest.MonkeyPatch
):
    later(monkeypatch, IDLE - timedelta(seconds=1))
    assert at_terminal.get(reverse("inmates:terminal_pay")).status_code == 200
    # The two minutes begin anew with each sign.
    later(monkeypatch, 2 * IDLE - timedelta(seconds=2))
    assert at_terminal.post(reverse("inmates:terminal_here")).status_code == 204
    later(monkeypatch, 3 * IDLE)
    assert at_terminal.get(reverse("inmates:terminal_pay"))["Location"] == FIRST
    assert at_terminal.post(reverse("inmates:terminal_here")).status_code == 302


def test_an_idle_visit_is_written_down_as_such_when_the_next_begins(
    at_terminal: Client, monkeypatch: pytest.MonkeyPatch
):
    later(monkeypatch, timedelta(hours=3))
    typed(at_terminal, "1648")
    old = TerminalVisit.objects.order_by("began_at").first()
    assert old is not None
    assert (old.ended_as, old.ended_at) == ("idle", NOW + IDLE)


def test_the_page_tells_the_browser_when_to_close_it(at_terminal: Client):
    page = at_terminal.get(reverse("inmates:terminal_pay")).content.decode()
    assert f'data-idle="{int(IDLE.total_seconds())}"' in page
    assert "js/terminal" in page
    assert '<noscript><meta http-equiv="refresh"' in page


@pytest.mark.parametrize("address", ["/terminal/", "/terminal/pay/", "/terminal/none/", "/"])
def test_nothing_is_kept_by_the_browser(at_terminal: Client, address: str):
    answer = at_terminal.get(address)
    if answer.status_code != 302:
        assert answer["Cache-Control"] == "no-store, private"
    assert at_terminal.get("/terminal/pay/")["Cache-Control"] == "no-store, private"


def test_the_cookies_are_out_of_reach_of_scripts_and_strangers(cast: Cast, reader: Inmate):
    client = device(a_terminal(cast)[1])
    typed(client, "1648")
    visit, terminal = client.cookies[VISIT_COOKIE], client.cookies[DEVICE_COOKIE]
    assert visit["httponly"]
    assert terminal["httponly"]
    assert (visit["samesite"], visit["path"]) == ("Strict", "/terminal/")
    assert not visit["max-age"]
    assert client.cookies[VISIT_COOKIE].value not in str(TerminalVisit.objects.values().get())
    assert client.cookies[DEVICE_COOKIE].value not in str(Terminal.objects.values().get())


def test_a_closed_device_shows_nothing_to_anybody(cast: Cast, reader: Inmate):
    terminal, secret = a_terminal(cast)
    client = device(secret)
    typed(client, "1648")
    revoke_terminal(actor=cast.administrator, terminal_id=terminal.pk, at=NOW)
    for address in ("/", FIRST, "/terminal/pay/", "/accounts/login/", "/catalogue/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "закрыт" in answer.content.decode()
    assert typed(client, "1648").status_code == 403
    assert TerminalVisit.objects.get().ended_as == "closed"
    # A new code makes it a terminal again: another row.
    assert client.get(reverse("inmates:terminal_activate")).status_code == 200


def test_a_device_the_portal_knows_no_more_stays_shut(client: Client, cast: Cast):
    """Moved to another browser, or of before a restore: it is no way into the portal."""
    client.force_login(cast.administrator)
    client.cookies[DEVICE_COOKIE] = "of a portal that was here before"
    for address in ("/", FIRST, "/terminal/pay/", "/accounts/login/", "/catalogue/", "/office/"):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "закрыт" in answer.content.decode()
        assert cast.administrator.full_name not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert DEVICE_COOKIE not in answer.cookies
    assert client.get(reverse("inmates:terminal_activate")).status_code == 200
    code = give_code(actor=cast.labour_officer, terminal_id=a_terminal(cast)[0].pk, at=NOW)
    assert client.post(reverse("inmates:terminal_activate"), {"code": code}).status_code == 302
    assert client.get(FIRST).status_code == 200


def test_another_browser_is_asked_nothing(client: Client, cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/terminal/pay/").status_code == 404


def test_a_page_that_does_not_exist_stays_in_the_frame(at_terminal: Client):
    answer = at_terminal.get("/terminal/nothing/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'href="/terminal/"' in page
    assert 'href="/catalogue/"' not in page
    answer = at_terminal.get(reverse("inmates:terminal_leave"))
    assert answer.status_code == 405
    assert 'href="/catalogue/"' not in answer.content.decode()


def test_a_form_without_its_token_stays_in_the_frame(cast: Cast, reader: Inmate):
    client = device(a_terminal(cast)[1], enforce_csrf_checks=True)
    answer = typed(client, "1648")
    assert answer.status_code == 403
    assert 'href="/terminal/"' in answer.content.decode()
    assert not TerminalVisit.objects.exists()


def test_the_next_person_ends_the_visit_of_the_one_before(cast: Cast, reader: Inmate):
    a_pin(an_inmate(cast, "1650"))
    client = device(a_terminal(cast)[1])
    typed(client, "1648")
    before = client.cookies[VISIT_COOKIE].value
    typed(client, "1650")
    assert "1650" in client.get("/terminal/pay/").content.decode()
    client.cookies[VISIT_COOKIE] = before
    assert client.get("/terminal/pay/")["Location"] == FIRST


def test_who_is_moved_away_is_signed_out(at_terminal: Client, reader: Inmate):
    reader.stays.update(effective_to=NOW.date())
    assert at_terminal.get("/terminal/pay/")["Location"] == FIRST
    assert typed(at_terminal, "1648").status_code == 422


def test_the_language_is_the_persons_until_they_choose_another(cast: Cast, reader: Inmate):
    reader.language = "kk"
    reader.save(update_fields=["language"])
    client = device(a_terminal(cast)[1])
    assert 'lang="ru"' in client.get(FIRST).content.decode()[:100]
    assert 'lang="kk"' in client.get(FIRST, {"language": "kk"}).content.decode()[:100]
    assert 'lang="ru"' in client.get(FIRST, {"language": "en"}).content.decode()[:100]
    typed(client, "1648")
    assert 'lang="kk"' in client.get("/terminal/pay/").content.decode()[:100]
    back = {"language": "ru", "back": "/terminal/debts/"}
    assert client.post("/terminal/language/", back)["Location"] == "/terminal/debts/"
    assert 'lang="ru"' in client.get("/terminal/pay/").content.decode()[:100]
    client.post("/terminal/language/", {"language": "en"})
    assert 'lang="ru"' in client.get("/terminal/pay/").content.decode()[:100]


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/people/", ""])
def test_choosing_a_language_leads_nowhere_else(at_terminal: Client, back: str):
    answer = at_terminal.post("/terminal/language/", {"language": "kk", "back": back})
    assert answer["Location"] == "/terminal/pay/"


def test_the_pages_of_a_terminal_keep_to_few_queries(
    at_terminal: Client, django_assert_max_num_queries
):
    for name in PAGES:
        with django_assert_max_num_queries(10):
            assert at_terminal.get(reverse(f"inmates:{name}")).status_code == 200


def test_the_pin_stands_in_no_answer(at_terminal: Client):
    wrong = typed(at_terminal, "1648", "314159")
    assert wrong.status_code == 422
    assert "314159" not in wrong.content.decode()
    assert PIN not in at_terminal.get(FIRST).content.decode()
