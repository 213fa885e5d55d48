"""Terminals as devices: entered, activated once by a code, closed; and who may do it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from inmates.models import Terminal
from inmates.services.terminals import (
    activate_terminal,
    add_terminal,
    give_code,
    revoke_terminal,
)
from inmates.terminal.limits import CODE_ATTEMPTS, CODE_HOLDS
from inmates.terminal.refusals import CodesExhausted, TerminalRevoked, WrongCode
from inmates.views.terminal_gate import DEVICE_COOKIE
from portal.accounts.enums import Role
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.models import AuditEvent
from tests.inmates.terminals.devices import a_terminal, device
from tests.people import NOW, Cast, a_user, an_organisation
from workshops.models import Institution

LIST = "/terminals/"


def entered(cast: Cast, place: str = "Отряд 3") -> Terminal:
    return add_terminal(
        actor=cast.labour_officer, institution_id=cast.institution.pk, place=place, at=NOW
    )


def elsewhere(cast: Cast) -> Institution:
    colony = an_organisation("institution", "Учреждение № 22 (тест)", 77)
    a_user("labour22@example.kz", colony, Role.LABOUR_OFFICER)
    return Institution.objects.create(
        organisation=colony, number="22", department=cast.department, security="medium"
    )


def test_a_code_makes_one_browser_a_terminal_once(cast: Cast):
    terminal = entered(cast)
    code = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    client = Client()
    spaced = f" {code[:5]} {code[5:]} "
    answer = client.post(reverse("inmates:terminal_activate"), {"code": spaced})
    assert answer["Location"] == "/terminal/"
    assert client.get("/terminal/").status_code == 200
    assert client.get("/")["Location"] == "/terminal/"
    again = Client().post(reverse("inmates:terminal_activate"), {"code": code})
    assert again.status_code == 422
    terminal.refresh_from_db()
    assert (terminal.code_hash, terminal.activated_at) == (None, NOW)


@pytest.mark.parametrize("wait", [CODE_HOLDS, timedelta(days=1)])
def test_an_old_code_makes_nothing(cast: Cast, wait: timedelta):
    code = give_code(actor=cast.labour_officer, terminal_id=entered(cast).pk, at=NOW)
    with pytest.raises(WrongCode):
        activate_terminal(code=code, caller="here", at=NOW + wait)


def test_a_second_code_is_another_and_the_first_holds_no_more(cast: Cast):
    terminal = entered(cast)
    first = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    second = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    assert first != second
    with pytest.raises(WrongCode):
        activate_terminal(code=first, caller="here", at=NOW)
    assert activate_terminal(code=second, caller="here", at=NOW)[0] == terminal


def test_activated_anew_the_browser_before_is_a_terminal_no_more(cast: Cast):
    terminal, old = a_terminal(cast)
    code = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    assert device(old).get("/terminal/").status_code == 200
    _terminal, new = activate_terminal(code=code, caller="here", at=NOW)
    assert device(new).get("/terminal/").status_code == 200
    assert device(old).get("/terminal/").status_code == 403


def test_codes_are_not_guessed(cast: Cast):
    give_code(actor=cast.labour_officer, terminal_id=entered(cast).pk, at=NOW)
    for number in range(CODE_ATTEMPTS):
        with pytest.raises(WrongCode):
            activate_terminal(code=f"{number:010d}", caller="here", at=NOW)
    with pytest.raises(CodesExhausted):
        activate_terminal(code="0000000099", caller="here", at=NOW)
    with pytest.raises(WrongCode):
        activate_terminal(code="0000000099", caller="from elsewhere", at=NOW)


@pytest.mark.parametrize("code", ["", "12345", "12345678901", "12345abcde", "１２３４５６７８９０"])
def test_what_is_no_code_is_told_in_words(client: Client, cast: Cast, code: str):
    answer = client.post(reverse("inmates:terminal_activate"), {"code": code})
    assert answer.status_code == 422
    assert DEVICE_COOKIE not in answer.cookies


def test_whoever_was_signed_in_on_the_browser_is_not_any_more(client: Client, cast: Cast):
    client.force_login(cast.administrator)
    code = give_code(actor=cast.administrator, terminal_id=entered(cast).pk, at=NOW)
    client.post(reverse("inmates:terminal_activate"), {"code": code})
    del client.cookies[DEVICE_COOKIE]
    assert "/accounts/login/" in client.get("/people/")["Location"]


def test_a_closed_terminal_gets_no_code_and_closing_twice_is_harmless(cast: Cast):
    terminal = entered(cast)
    code = give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    for _ in range(2):
        revoke_terminal(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    assert AuditEvent.objects.filter(action="terminal_revoked").count() == 1
    with pytest.raises(TerminalRevoked):
        give_code(actor=cast.labour_officer, terminal_id=terminal.pk, at=NOW)
    with pytest.raises(WrongCode):
        activate_terminal(code=code, caller="here", at=NOW)


@pytest.mark.parametrize("role", ["head", "accountant", "master", "analyst", "stranger"])
def test_nobody_else_keeps_terminals(cast: Cast, role: str):
    terminal, user = entered(cast), cast.users[role]
    with pytest.raises(Forbidden):
        add_terminal(actor=user, institution_id=cast.institution.pk, place="Клуб", at=NOW)
    with pytest.raises(Forbidden):
        give_code(actor=user, terminal_id=terminal.pk, at=NOW)
    with pytest.raises(Forbidden):
        revoke_terminal(actor=user, terminal_id=terminal.pk, at=NOW)


def test_an_officer_of_another_institution_neither_sees_nor_keeps_it(client: Client, cast: Cast):
    terminal, place = entered(cast), elsewhere(cast)
    officer = place.organisation.memberships.get().user
    with pytest.raises(Forbidden):
        give_code(actor=officer, terminal_id=terminal.pk, at=NOW)
    client.force_login(officer)
    assert "Отряд 3" not in client.get(LIST).content.decode()
    for name in ("terminal_code", "terminal_revoke"):
        assert client.post(reverse(f"inmates:{name}", args=[terminal.pk])).status_code == 404
    assert client.post(LIST, {"institution": cast.institution.pk, "place": "x"}).status_code == 422
    assert Terminal.objects.count() == 1


def test_a_terminal_needs_a_place(cast: Cast):
    with pytest.raises(ConstraintRefused):
        entered(cast, "  ")


def test_the_officers_page_enters_shows_a_code_and_closes(client: Client, cast: Cast):
    client.force_login(cast.labour_officer)
    assert "Терминалов пока нет" in client.get(LIST).content.decode()
    sent = {"institution": cast.institution.pk, "place": "Отряд 3, коридор"}
    assert client.post(LIST, sent).status_code == 302
    terminal = Terminal.objects.get()
    assert "Не включён" in client.get(LIST).content.decode()
    answer = client.post(reverse("inmates:terminal_code", args=[terminal.pk]))
    assert answer["Cache-Control"] == "no-store, private"
    page = answer.content.decode()
    assert "/terminal/activate/" in page
    assert "код ждёт до" in client.get(LIST).content.decode()
    client.post(reverse("inmates:terminal_revoke", args=[terminal.pk]))
    page = client.get(LIST).content.decode()
    assert "Закрыт" in page
    assert "Показать код" not in page
    refused = client.post(reverse("inmates:terminal_code", args=[terminal.pk]), follow=True)
    assert "закрыт навсегда" in refused.content.decode()


def test_an_administrator_chooses_among_all_institutions(client: Client, cast: Cast):
    place = elsewhere(cast)
    client.force_login(cast.administrator)
    page = client.get(LIST).content.decode()
    assert "Учреждение № 16" in page
    assert "Учреждение № 22" in page
    client.post(LIST, {"institution": place.pk, "place": "Клуб"})
    assert Terminal.objects.get().institution == place
    assert client.post(LIST, {"institution": place.pk, "place": ""}).status_code == 422


def test_the_list_asks_as_many_queries_for_three_as_for_one(
    client: Client, cast: Cast, django_assert_num_queries: Any
):
    client.force_login(cast.labour_officer)
    a_terminal(cast)
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)
    a_terminal(cast, "Клуб")
    a_terminal(cast, "Цех")
    with django_assert_num_queries(6):
        client.get(LIST)


@pytest.mark.parametrize(
    "values",
    [
        {"code_hash": "a"},
        {"code_until": NOW},
        {"secret_hash": "a"},
        {"activated_at": NOW},
        {"revoked_at": NOW},
    ],
)
def test_the_database_holds_devices_to_their_rules(cast: Cast, values: dict[str, Any]):
    with pytest.raises(IntegrityError), transaction.atomic():
        Terminal.objects.create(
            institution=cast.institution, place="Клуб", added_by=cast.labour_officer,
            added_at=NOW, **values,
        )  # fmt: skip
