"""The officers' pages of the terminals in words, and the letter that carries a PIN."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from inmates.models import Inmate, Terminal, TerminalPin
from portal.accounts.models import Organisation
from portal.kernel.text import date_long, moment, number


def terminal_rows(terminals: Iterable[Terminal], at: datetime) -> list[dict[str, Any]]:
    """Where each stands, whether it works, and how much it is read."""
    return [_row(one, at) for one in terminals]


def _row(one: Terminal, at: datetime) -> dict[str, Any]:
    tone, label, note = _state(one, at)
    return {
        "pk": one.pk,
        "place": one.place,
        "institution": one.institution.organisation.name,
        "tone": tone,
        "state": label,
        "note": note,
        "visits": number(one.week_visits),  # type: ignore[attr-defined]  # annotated
        "is_open": one.revoked_at is None,
    }


def _state(one: Terminal, at: datetime) -> tuple[str, str, str]:
    if one.revoked_at is not None and one.revoked_by is not None:
        return "quiet", _("Closed"), f"{moment(one.revoked_at)}, {one.revoked_by.get_full_name()}"
    waits = one.code_until is not None and one.code_until > at
    code = _("a code waits until %(time)s") % {"time": moment(one.code_until)} if waits else ""  # type: ignore[arg-type]  # waits
    if one.activated_at is None:
        return "warn", _("Not activated"), code
    return "ok", _("Works"), code or moment(one.activated_at)


def spaced_code(code: str) -> str:
    """12345 67890: easier to read off and to type."""
    middle = len(code) // 2
    return f"{code[:middle]} {code[middle:]}"


def pin_words(pin: TerminalPin | None) -> list[dict[str, str]]:
    """What is known of the person's PIN: never what it is."""
    if pin is None:
        return [{"label": _("PIN"), "value": _("None yet: the person cannot sign in.")}]
    if pin.locked_at is not None:
        state = _("Locked after five wrong attempts")
    elif pin.is_temporary:
        state = _("From a letter, not changed yet")
    else:
        state = _("Chosen by the person: nobody else knows it")
    return [
        {"label": _("PIN"), "value": state},
        {"label": _("Since"), "value": moment(pin.locked_at or pin.made_at)},
    ]


def letter_document(
    inmate: Inmate, *, pin: str, full_name: str, institution: Organisation, at: datetime
) -> dict[str, Any]:
    """Plain data for templates/documents/pin_letter.typ, in the language of the person's papers."""
    with translation.override(inmate.language):
        return {
            "language": inmate.language,
            "title": _("Letter with a PIN"),
            "institution": institution.name,
            "person": full_name or _("№ %(number)s") % {"number": inmate.personnel_number},
            "number": _("Personnel number %(number)s") % {"number": inmate.personnel_number},
            "day": date_long(at),
            "pin": f"{pin[:3]} {pin[3:]}",
            "pin_label": _("Your PIN for the reading terminal"),
            "steps": [
                _("Go to a terminal and choose your language."),
                _("Type your personnel number and this PIN."),
                _("The terminal asks you for a PIN of your own. Choose one that nobody knows."),
                _("Tear this letter up."),
            ],
            "warning": _(
                "Show the PIN to nobody. Officers do not need it and may not ask for it. "
                "After five wrong attempts it is locked; a new letter opens it again."
            ),
            "questions": _(
                "Questions about wages that were asked before this letter are no longer shown at "
                "the terminal: their answers come in a sealed letter."
            ),
            "fold": _("fold here, the PIN inside"),
            "seal": _("Glue or staple here. To be opened by the addressee alone."),
        }


def person_pin_crumbs(head: dict[str, Any], inmate: Inmate) -> list[dict[str, Any]]:
    """The person's page, then this one."""
    page = reverse("inmates:person", args=[inmate.personnel_number])
    return [*head["crumbs"][:-1], {"label": head["title"], "url": page}, {"label": _("PIN")}]
