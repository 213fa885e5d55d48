"""Devices, PINs and people at them, for the tests of the reading terminals."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate, Terminal, TerminalPin
from inmates.services.terminals import activate_terminal, add_terminal, give_code
from inmates.terminal.secrets import hash_pin
from inmates.views.terminal_gate import DEVICE_COOKIE
from tests.people import NOW, Cast

PIN = "271828"
FIRST = "/terminal/"


def a_terminal(cast: Cast, place: str = "Отряд 3", **values: Any) -> tuple[Terminal, str]:
    """An activated terminal of the cast's institution and the secret of its cookie."""
    institution = values.pop("institution", cast.institution)
    terminal = add_terminal(
        actor=values.pop("actor", cast.labour_officer), institution_id=institution.pk,
        place=place, at=NOW,
    )  # fmt: skip
    code = give_code(actor=terminal.added_by, terminal_id=terminal.pk, at=NOW)
    return activate_terminal(code=code, caller=f"test-{terminal.pk}", at=NOW)


def a_pin(inmate: Inmate, pin: str = PIN) -> TerminalPin:
    """A PIN that the person chose."""
    return TerminalPin.objects.create(
        inmate=inmate, secret=hash_pin(pin), is_temporary=False, made_at=NOW
    )


def device(secret: str, **options: Any) -> Client:
    """A browser that is the terminal of this secret."""
    client = Client(**options)
    client.cookies[DEVICE_COOKIE] = secret
    return client


def typed(client: Client, number: str, pin: str = PIN, **fields: str) -> Any:
    """Signing in as a person does it; the answer of the first page."""
    return client.post(reverse("inmates:terminal"), {"number": number, "pin": pin, **fields})


@pytest.fixture
def at_terminal(cast: Cast, reader: Inmate) -> Client:
    """Somebody signed in at a terminal."""
    _terminal, secret = a_terminal(cast)
    client = device(secret)
    assert typed(client, reader.personnel_number).status_code == 302
    return client
