"""PINs: five wrong ones lock, a letter opens, the PIN of a letter is good for one thing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.forms import PasswordInput
from django.test import Client
from django.urls import reverse

from inmates.forms.terminals import ChoosePinForm, SignInForm
from inmates.models import Inmate, TerminalPin, TerminalVisit
from inmates.services import terminal_visits
from inmates.services.terminal_pins import choose_pin, make_letter_pin
from inmates.services.terminal_visits import sign_in
from inmates.services.terminals import activate_terminal, give_code
from inmates.terminal.limits import DEVICE_DAY_FAILURES, DEVICE_FAILURES, MOST_FAILURES
from inmates.terminal.refusals import (
    EasyPin,
    LetterOfHeldOnly,
    PinChosen,
    SamePin,
    TerminalResting,
    TerminalStopped,
    WrongSignIn,
)
from inmates.terminal.secrets import digest, hash_pin, is_easy, is_right_pin, new_code, new_pin
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.inmates.months import an_identity
from tests.inmates.terminals.devices import PIN, a_pin, a_terminal, device, typed
from tests.people import NOW, TODAY, Cast, an_inmate

WRONG = "314159"


def fail(terminal_id: int, times: int, number: str = "1648") -> None:
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            sign_in(terminal_id=terminal_id, number=number, pin=WRONG, at=NOW)


def the_pin() -> TerminalPin:
    return TerminalPin.objects.get(replaced_at=None)


def test_the_fifth_wrong_pin_locks_and_the_right_one_opens_nothing_then(cast: Cast, reader: Inmate):
    terminal, _secret = a_terminal(cast)
    fail(terminal.pk, MOST_FAILURES - 1)
    assert the_pin().locked_at is None
    fail(terminal.pk, 1)
    assert (the_pin().failures, the_pin().locked_at) == (MOST_FAILURES, NOW)
    with pytest.raises(WrongSignIn):
        sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW + timedelta(days=30))
    assert not TerminalVisit.objects.exists()
    assert AuditEvent.objects.filter(action="pin_locked", subject_id=reader.pk).count() == 1


def test_the_right_pin_forgets_the_wrong_ones_before_it(cast: Cast, reader: Inmate):
    terminal, _secret = a_terminal(cast)
    fail(terminal.pk, MOST_FAILURES - 1)
    sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW)
    assert the_pin().failures == 0
    fail(terminal.pk, MOST_FAILURES - 1)
    assert the_pin().locked_at is None


def test_a_lock_holds_at_every_terminal(cast: Cast, reader: Inmate):
    first, second = a_terminal(cast)[0], a_terminal(cast, "Клуб")[0]
    fail(first.pk, 3)
    fail(second.pk, 2)
    assert the_pin().locked_at == NOW


def test_a_new_letter_takes_the_lock_off(cast: Cast, reader: Inmate):
    terminal, _secret = a_terminal(cast)
    fail(terminal.pk, MOST_FAILURES)
    pin = make_letter_pin(actor=cast.labour_officer, inmate_id=reader.pk, at=NOW)
    assert sign_in(terminal_id=terminal.pk, number="1648", pin=pin, at=NOW).visit
    assert TerminalPin.objects.count() == 2


@pytest.mark.parametrize("number", ["1648", "9999", "1650", "1651", "", "' OR 1=1 --"])
def test_whatever_is_wrong_the_words_are_the_same(cast: Cast, reader: Inmate, number: str):
    """A wrong PIN, nobody of this number, somebody without a PIN, somebody elsewhere."""
    an_inmate(cast, "1650")
    gone = an_inmate(cast, "1651")
    a_pin(gone)
    gone.stays.update(effective_to=TODAY)
    terminal, secret = a_terminal(cast)
    with pytest.raises(WrongSignIn) as refused:
        sign_in(terminal_id=terminal.pk, number=number, pin=WRONG, at=NOW)
    assert str(refused.value) == str(WrongSignIn())
    if number:
        page = typed(device(secret), number, WRONG).content.decode()
        assert "Номер или PIN неверный" in page


def test_one_device_cannot_lock_a_colony_out(cast: Cast, reader: Inmate):
    terminal, _secret = a_terminal(cast)
    for number in range(DEVICE_FAILURES):
        fail(terminal.pk, 1, str(2000 + number))
    with pytest.raises(TerminalResting):
        sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW)
    # Another device works on.
    assert sign_in(terminal_id=a_terminal(cast, "Клуб")[0].pk, number="1648", pin=PIN, at=NOW)


def test_one_device_locks_a_dozen_people_a_day_and_no_more(
    cast: Cast, reader: Inmate, monkeypatch: pytest.MonkeyPatch
):
    """Ten minutes of rest alone would let it lock everybody by the evening."""
    monkeypatch.setattr(terminal_visits, "DEVICE_FAILURES", 10_000)
    terminal, _secret = a_terminal(cast)
    for number in range(DEVICE_DAY_FAILURES):
        fail(terminal.pk, 1, str(2000 + number))
    with pytest.raises(TerminalStopped):
        sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW)
    assert DEVICE_DAY_FAILURES // MOST_FAILURES <= 12
    # A new code of the officer opens it at once.
    code = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    activate_terminal(code=code, caller="here", at=NOW)
    assert sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW)


@pytest.mark.parametrize("pin", ["27182", "2718281", "27182a", "２７１８２８", "", " 271828x"])
def test_what_is_no_pin_is_refused_before_it_counts(cast: Cast, reader: Inmate, pin: str):
    answer = typed(device(a_terminal(cast)[1]), "1648", pin)
    assert answer.status_code == 422
    assert the_pin().failures == 0


def test_the_pin_of_a_letter_leads_to_choosing_another_and_nowhere_else(cast: Cast, reader: Inmate):
    pin = make_letter_pin(actor=cast.labour_officer, inmate_id=reader.pk, at=NOW)
    client = device(a_terminal(cast)[1])
    typed(client, "1648", pin)
    for name in ("pay", "debts", "looks"):
        answer = client.get(reverse(f"inmates:terminal_{name}"))
        assert answer["Location"] == reverse("inmates:terminal_pin")
    chosen = reverse("inmates:terminal_pin")
    assert client.get(chosen).status_code == 200
    wrong_pairs = [("161803", "161804"), (pin, pin), ("123456", "123456"), ("12345", "12345")]
    for first, again in wrong_pairs:
        wrong = {"pin": first, "again": again}
        assert client.post(chosen, wrong).status_code == 422
    assert client.post(chosen, {"pin": "161803", "again": "161803"}).status_code == 302
    assert client.get(reverse("inmates:terminal_pay")).status_code == 200
    assert client.get(chosen)["Location"] == reverse("inmates:terminal_pay")
    client.post(reverse("inmates:terminal_leave"))
    assert typed(client, "1648", pin).status_code == 422
    assert typed(client, "1648", "161803").status_code == 302


def test_choosing_refuses_what_is_guessed_and_what_is_known(cast: Cast, reader: Inmate):
    pin = make_letter_pin(actor=cast.labour_officer, inmate_id=reader.pk, at=NOW)
    terminal, _secret = a_terminal(cast)
    visit = sign_in(terminal_id=terminal.pk, number="1648", pin=pin, at=NOW).visit
    with pytest.raises(EasyPin):
        choose_pin(visit=visit, pin="121212", at=NOW)
    with pytest.raises(SamePin):
        choose_pin(visit=visit, pin=pin, at=NOW)
    choose_pin(visit=visit, pin="161803", at=NOW)
    # A screen left open changes nothing: another PIN comes out of a letter alone.
    with pytest.raises(PinChosen):
        choose_pin(visit=visit, pin="141421", at=NOW)


def test_a_letter_ends_the_visit_and_the_pin_before(cast: Cast, reader: Inmate):
    terminal, _secret = a_terminal(cast)
    sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW)
    make_letter_pin(actor=cast.labour_officer, inmate_id=reader.pk, at=NOW)
    assert TerminalVisit.objects.get().ended_as == "closed"
    with pytest.raises(WrongSignIn):
        sign_in(terminal_id=terminal.pk, number="1648", pin=PIN, at=NOW)


@pytest.mark.parametrize("role", ["head", "accountant", "master", "administrator", "analyst"])
def test_nobody_but_the_labour_officer_prints_a_letter(cast: Cast, reader: Inmate, role: str):
    with pytest.raises(Forbidden):
        make_letter_pin(actor=cast.users[role], inmate_id=reader.pk, at=NOW)
    assert the_pin().is_temporary is False


def test_no_letter_for_somebody_who_is_not_held(cast: Cast, reader: Inmate):
    reader.stays.update(effective_to=TODAY)
    with pytest.raises(LetterOfHeldOnly):
        make_letter_pin(actor=cast.labour_officer, inmate_id=reader.pk, at=NOW)


def test_the_page_of_a_persons_pin_says_what_is_known_and_prints(
    client: Client, cast: Cast, reader: Inmate
):
    an_identity(reader)
    client.force_login(cast.labour_officer)
    address = reverse("inmates:person_pin", args=["1648"])
    assert "Выбран самим человеком" in client.get(address).content.decode()
    answer = client.post(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer.content.startswith(b"%PDF")
    assert "Из письма, ещё не заменён" in client.get(address).content.decode()
    looked = AuditEvent.objects.get(action="identity_read")
    assert looked.details == {"purpose": "pin_letter"}
    fail(a_terminal(cast)[0].pk, MOST_FAILURES)
    assert "Закрыт после пяти неверных попыток" in client.get(address).content.decode()
    TerminalPin.objects.all().delete()
    assert "войти человек не может" in client.get(address).content.decode()


def test_the_letter_speaks_the_persons_language_and_has_the_pin_once(
    client: Client, cast: Cast, reader: Inmate, monkeypatch: pytest.MonkeyPatch
):
    printed: dict[str, Any] = {}
    monkeypatch.setattr(
        "inmates.views.terminals.render_pdf",
        lambda _name, data, **_rest: printed.update(data) or b"%PDF",
    )
    reader.language = "kk"
    reader.save(update_fields=["language"])
    client.force_login(cast.labour_officer)
    client.post(reverse("inmates:person_pin", args=["1648"]))
    assert printed["title"] == "PIN жазылған хат"
    pin = printed["pin"].replace(" ", "")
    assert is_right_pin(pin, the_pin().secret)
    assert str(printed).count(printed["pin"]) == 1
    assert pin not in str(list(AuditEvent.objects.values()))
    assert pin not in str(list(TerminalPin.objects.values()))


@pytest.mark.parametrize(
    ("pin", "is_guessed"),
    [("000000", True), ("123456", True), ("654321", True), ("121212", True), ("123123", True),
     ("112233", False), ("271828", False), ("111112", True), ("908070", False)],
)  # fmt: skip
def test_which_pins_are_guessed_at_once(pin: str, is_guessed: bool):
    assert is_easy(pin) is is_guessed


def test_secrets_are_digits_and_never_stored_in_the_clear():
    pins = {new_pin() for _ in range(200)}
    assert len(pins) > 190
    assert all(len(pin) == 6 and pin.isdecimal() and not is_easy(pin) for pin in pins)
    assert len(new_code()) == 10
    assert digest("1234567890") != "1234567890"
    secret = hash_pin("271828")
    assert "271828" not in secret
    assert is_right_pin("271828", secret)
    assert not is_right_pin("271829", secret)
    assert not is_right_pin("271828", None)


@pytest.mark.parametrize(
    "values",
    [
        {"is_temporary": False, "failures": 5},
        {"is_temporary": False, "locked_at": NOW},
        {"is_temporary": True},
        {"is_temporary": False, "failures": 6, "locked_at": NOW},
    ],
)
def test_the_database_holds_pins_to_their_rules(cast: Cast, values: dict[str, Any]):
    with pytest.raises(IntegrityError), transaction.atomic():
        TerminalPin.objects.create(
            inmate=an_inmate(cast, "1650"), secret="x", made_at=NOW, **values
        )


def test_a_person_has_one_pin_at_a_time(cast: Cast, reader: Inmate):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_pin(reader)


def test_no_browser_offers_to_keep_a_pin():
    """`off` is passed over for passwords: what was typed would be offered to whoever comes next."""
    keeping = {
        (name, field.widget.attrs["autocomplete"])
        for form in (SignInForm(), ChoosePinForm())
        for name, field in form.fields.items()
        if isinstance(field.widget, PasswordInput)
    }
    assert keeping == {
        ("pin", "one-time-code"), ("pin", "new-password"), ("again", "new-password"),
    }  # fmt: skip
