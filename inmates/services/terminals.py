"""Reading terminals as devices: entered, activated by a code, closed. Who did it is on record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.enums import VisitEnd
from inmates.models import Terminal
from inmates.rules import can_keep_terminals
from inmates.services.terminal_visits import end_visits
from inmates.terminal.limits import CODE_ATTEMPTS, CODE_ATTEMPTS_SECONDS, CODE_HOLDS
from inmates.terminal.refusals import CodesExhausted, TerminalRevoked, WrongCode
from inmates.terminal.secrets import digest, new_code, new_token
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.limits import failures_of, remember_failure
from portal.kernel.locks import lock_row
from workshops.models import Institution

GUESSES = "terminal_code"


@transaction.atomic
def add_terminal(*, actor: Any, institution_id: int, place: str, at: datetime) -> Terminal:
    """The terminal stands on the list and waits for a code.

    Refused: for who is neither the institution's labour officer nor an administrator; without a
    place. Nothing happens after commit. Twice makes two.
    """
    institution = lock_row(Institution, institution_id)
    can_keep_terminals(actor, institution.organisation_id, day_of(at)).require()
    with readable_refusals():
        terminal = Terminal.objects.create(
            institution=institution, place=place.strip(), added_by=actor, added_at=at
        )
    audit.record(actor=actor, action="terminal_added", at=at, subject=terminal)
    return terminal


@transaction.atomic
def give_code(*, actor: Any, terminal_id: int, at: datetime) -> str:
    """A code that makes a browser this terminal, once and for half an hour; shown now alone.

    The device that is active meanwhile stays so until the code is typed. Refused: for whoever may
    not keep terminals there, for a closed one. Twice gives another code, the first holds no more.
    """
    terminal = _lock(actor, terminal_id, at)
    if terminal.revoked_at is not None:
        raise TerminalRevoked
    code = new_code()
    terminal.code_hash, terminal.code_until = digest(code), at + CODE_HOLDS
    terminal.save(update_fields=["code_hash", "code_until"])
    audit.record(actor=actor, action="terminal_code_given", at=at, subject=terminal)
    return code


@transaction.atomic
def revoke_terminal(*, actor: Any, terminal_id: int, at: datetime) -> None:
    """The device shows nothing any more and is never active again; whoever reads is signed out.

    Refused: for whoever may not keep terminals there. Twice is harmless.
    """
    terminal = _lock(actor, terminal_id, at)
    if terminal.revoked_at is not None:
        return
    terminal.code_hash = terminal.code_until = None
    terminal.revoked_by, terminal.revoked_at = actor, at
    terminal.save(update_fields=["code_hash", "code_until", "revoked_by", "revoked_at"])
    end_visits(terminal.visits.all(), VisitEnd.CLOSED, at)
    audit.record(actor=actor, action="terminal_revoked", at=at, subject=terminal)


def activate_terminal(*, code: str, caller: str, at: datetime) -> tuple[Terminal, str]:
    """The browser that sent the code is the terminal: its secret, for the cookie, told once.

    Refused (`WrongCode`): a code that was never given, was used or is too old; `caller` (where
    the request came from) guesses ten times in a quarter of an hour. Twice is a wrong code.
    """
    if failures_of(GUESSES, caller) >= CODE_ATTEMPTS:
        raise CodesExhausted
    with transaction.atomic():
        found = Terminal.objects.select_for_update().filter(
            code_hash=digest(code), code_until__gt=at
        )
        terminal = found.first()
        if terminal is not None:
            secret = new_token()
            terminal.code_hash = terminal.code_until = None
            terminal.secret_hash, terminal.activated_at = digest(secret), at
            terminal.save(update_fields=["code_hash", "code_until", "secret_hash", "activated_at"])
            end_visits(terminal.visits.all(), VisitEnd.CLOSED, at)
            audit.record(actor=None, action="terminal_activated", at=at, subject=terminal)
            return terminal, secret
    remember_failure(GUESSES, caller, seconds=CODE_ATTEMPTS_SECONDS)
    raise WrongCode


def _lock(actor: Any, terminal_id: int, at: datetime) -> Terminal:
    terminal = lock_row(Terminal, terminal_id)
    can_keep_terminals(actor, terminal.institution.organisation_id, day_of(at)).require()
    return terminal
