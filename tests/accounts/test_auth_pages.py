"""Sign-in, registration, passwords, addresses and the second factor: the pages people meet."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import User
from tests.people import PASSWORD, a_user

LANGUAGES = ("ru", "kk", "en")
OPEN_PAGES = {
    "/accounts/login/": "Войти",
    "/accounts/signup/": "Регистрация",
    "/accounts/password/reset/": "Новый пароль",
    "/accounts/password/reset/done/": "Проверьте почту",
    "/accounts/password/reset/key/done/": "Пароль изменён",
    "/accounts/inactive/": "Учётная запись закрыта",
    "/accounts/confirm-email/": "Подтвердите адрес почты",
    "/accounts/confirm-email/no-such-key/": "Подтвердите адрес почты",
    "/accounts/password/reset/key/1-no-such-key/": "Новый пароль",
}
OWN_PAGES = {
    "/accounts/logout/": "Выйти",
    "/accounts/password/change/": "Сменить пароль",
    "/accounts/email/": "Адреса почты",
    "/accounts/2fa/": "Второй шаг входа",
    "/accounts/2fa/totp/activate/": "Включить второй шаг входа",
    "/accounts/reauthenticate/": "Подтвердите, что это вы",
}
SECOND_FACTOR_PAGES = {
    "/accounts/2fa/": "Запасные коды",
    "/accounts/2fa/totp/deactivate/": "Выключить второй шаг входа",
    "/accounts/2fa/recovery-codes/": "Запасные коды",
    "/accounts/2fa/recovery-codes/generate/": "Новые запасные коды",
    "/accounts/2fa/reauthenticate/": "Подтвердите, что это вы",
}
# English words that the pages of the library would bring along.
LEFTOVERS = re.compile(
    r"\b(the|your|please|password|account|authenticat\w+|email|code|sign|cancel)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def _no_memory_of_codes() -> None:
    cache.clear()


@pytest.fixture
def person(db: None) -> User:
    user = a_user("aigerim@example.kz")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    """Signed in through the page itself, so that the library knows when and how."""
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.fixture
def secret(person: User) -> str:
    """The person's second factor, with its recovery codes."""
    key = totp.generate_totp_secret()
    totp.TOTP.activate(person, key)
    RecoveryCodes.activate(person)
    return key


@pytest.fixture
def confirmed(signed_in: Client) -> Client:
    """Signed in, and the password typed once more: pages of the second factor ask for that."""
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return signed_in


@pytest.fixture
def guarded(client: Client, person: User, secret: str) -> Client:
    """Signed in with both factors, and the password typed once more."""
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def code_of(key: str) -> str:
    """The code an application would show now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(key, counter))


def visible(html: str) -> str:
    """What a reader sees of a page: without tags, addresses and invented names."""
    main = html[html.index("<main") : html.index("</main>")]
    text = unescape(re.sub(r"<[^>]+>", " ", main))
    return re.sub(r"\S+@\S+", "", text)


def check_page(client: Client, path: str, language: str, heading: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(path, follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    # The header's search box shows an example; the library's own forms must show none.
    assert "<main" in html
    assert not re.search(r"placeholder=", html.partition("<main")[2])
    if language == "ru":
        assert heading in visible(html)
    if language != "en":
        assert not LEFTOVERS.findall(visible(html))


# --- Every page, every language ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_pages_speak_each_language(client: Client, db: None, path: str, language: str) -> None:
    check_page(client, path, language, OPEN_PAGES[path])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_pages_speak_each_language(confirmed: Client, path: str, language: str) -> None:
    check_page(confirmed, path, language, OWN_PAGES[path])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SECOND_FACTOR_PAGES)
def test_second_factor_pages_speak_each_language(guarded: Client, path: str, language: str) -> None:
    check_page(guarded, path, language, SECOND_FACTOR_PAGES[path])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_for_the_code_speaks_each_language(
    client: Client, person: User, secret: str, language: str
) -> None:
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    check_page(client, "/accounts/2fa/authenticate/", language, "Второй шаг входа")


@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_pages_send_a_visitor_to_sign_in(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


# --- Signing in and out ---


def test_sign_in_leads_to_the_overview(client: Client, person: User) -> None:
    data = {"login": "Aigerim@Example.kz", "password": PASSWORD}
    response = client.post("/accounts/login/", data)
    assert response.status_code == 302
    assert response["Location"] == "/office/"


def test_sign_in_returns_to_the_page_that_asked(client: Client, person: User) -> None:
    data = {"login": person.email, "password": PASSWORD}
    response = client.post("/accounts/login/?next=/catalogue/", data)
    assert response["Location"] == "/catalogue/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sign_in_with_a_wrong_password_keeps_the_address(
    client: Client, person: User, language: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    data = {"login": person.email, "password": "wrong"}
    html = client.post("/accounts/login/", data).content.decode()
    assert 'class="form-errors"' in html
    assert f'value="{person.email}"' in html
    assert 'value="wrong"' not in html
    if language != "en":
        assert not LEFTOVERS.findall(visible(html))


def test_sign_out_asks_and_then_does(signed_in: Client) -> None:
    assert "_auth_user_id" in signed_in.session
    response = signed_in.post("/accounts/logout/")
    assert response["Location"] == "/"
    assert "_auth_user_id" not in signed_in.session


def test_a_closed_account_is_told_so(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    data = {"login": person.email, "password": PASSWORD}
    response = client.post("/accounts/login/", data, follow=True)
    assert "_auth_user_id" not in client.session
    assert response.status_code == 200


# --- Registration ---


def signup(client: Client, **changes: str):
    data = {
        "full_name": "Айгерім Серікқызы",
        "email": "new@example.kz",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return client.post("/accounts/signup/", data | changes)


def test_registration_keeps_the_name(client: Client, db: None) -> None:
    assert signup(client).status_code == 302
    assert User.objects.get(email="new@example.kz").full_name == "Айгерім Серікқызы"


def test_registration_sends_a_letter_in_the_language_of_the_page(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "kk"
    signup(client)
    letter = mail.outbox[0]
    assert "Пошта мекенжайын растаңыз" in letter.subject
    assert "/accounts/confirm-email/" in letter.body
    assert "&" not in letter.body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("email", "not an address"),
        ("password1", "1234567890"),
        ("password2", "something else"),
    ],
)
def test_registration_refuses_in_words_and_keeps_what_was_typed(
    client: Client, db: None, field: str, value: str
) -> None:
    response = signup(client, **{field: value})
    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="field-error"' in html
    assert not User.objects.exists()
    if field != "full_name":
        assert 'value="Айгерім Серікқызы"' in html
    assert not LEFTOVERS.findall(visible(html))


def test_registration_of_a_known_address_gives_nothing_away(client: Client, person: User) -> None:
    signup(client, email=person.email)
    assert User.objects.count() == 1


# --- Passwords and addresses ---


def test_a_new_password_by_letter(client: Client, person: User) -> None:
    client.post("/accounts/password/reset/", {"email": person.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    assert link is not None
    page = client.get(link[1], follow=True)
    address = page.redirect_chain[-1][0]
    fresh = "another long invented one"
    response = client.post(address, {"password1": fresh, "password2": fresh}, follow=True)
    assert "Пароль изменён" in response.content.decode()
    person.refresh_from_db()
    assert person.check_password(fresh)


def test_a_new_password_for_an_unknown_address_writes_a_letter_too(
    client: Client, db: None
) -> None:
    response = client.post("/accounts/password/reset/", {"email": "who@example.kz"})
    assert response["Location"].endswith("/password/reset/done/")
    assert "/accounts/signup/" in mail.outbox[0].body


def test_changing_the_password_asks_for_the_old_one(signed_in: Client, person: User) -> None:
    fresh = "another long invented one"
    data = {"oldpassword": "wrong", "password1": fresh, "password2": fresh}
    html = signed_in.post("/accounts/password/change/", data).content.decode()
    assert 'class="field-error"' in html
    signed_in.post("/accounts/password/change/", data | {"oldpassword": PASSWORD})
    person.refresh_from_db()
    assert person.check_password(fresh)


def test_one_more_address_is_added_and_confirmed(signed_in: Client, person: User) -> None:
    data = {"email": "second@example.kz", "action_add": "1"}
    signed_in.post("/accounts/email/", data)
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body)
    assert link is not None
    signed_in.post(link[1])
    assert EmailAddress.objects.get(email="second@example.kz").verified


def test_the_form_of_a_new_address_names_its_act(signed_in: Client) -> None:
    assert 'name="action_add"' in signed_in.get("/accounts/email/").content.decode()


# --- The second factor ---


def test_the_second_factor_asks_for_the_password_first(signed_in: Client) -> None:
    response = signed_in.get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_the_second_factor_is_turned_on_with_a_code(confirmed: Client, person: User) -> None:
    html = confirmed.get("/accounts/2fa/totp/activate/").content.decode()
    assert "data:image/svg+xml" in html
    key = re.search(r"<code>([A-Z2-7]+)</code>", html)
    assert key is not None
    confirmed.post("/accounts/2fa/totp/activate/", {"code": code_of(key[1])})
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_the_second_factor_is_turned_off(guarded: Client, person: User) -> None:
    guarded.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()


def test_new_recovery_codes_replace_the_old_ones(guarded: Client, person: User) -> None:
    def codes() -> list[str]:
        kept = Authenticator.objects.get(user=person, type="recovery_codes")
        return kept.wrap().get_unused_codes()

    old = codes()
    guarded.post("/accounts/2fa/recovery-codes/generate/")
    assert len(codes()) == 10
    assert not set(old) & set(codes())
    shown = guarded.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes()[0] in shown
    saved = guarded.get("/accounts/2fa/recovery-codes/download/")
    assert saved["Content-Disposition"].startswith("attachment")


def test_a_wrong_code_is_refused_in_words(client: Client, person: User, secret: str) -> None:
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    html = client.post("/accounts/2fa/authenticate/", {"code": "000000x"}).content.decode()
    assert 'class="field-error"' in html
    assert "_auth_user_id" not in client.session


def test_password_alone_does_not_sign_in_with_a_second_factor(
    client: Client, person: User, secret: str
) -> None:
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert "_auth_user_id" in client.session


def test_a_recovery_code_opens_once(client: Client, person: User, secret: str) -> None:
    kept = Authenticator.objects.get(user=person, type="recovery_codes").wrap()
    code = kept.get_unused_codes()[0]
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" in client.session
    assert code not in Authenticator.objects.get(pk=kept.instance.pk).wrap().get_unused_codes()


def test_the_secret_is_kept_as_the_library_wants_it(person: User, secret: str) -> None:
    stored = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert get_adapter().decrypt(stored) == secret
