"""A person at a terminal: signing in, being seen, leaving. No account and no session of Django's.

Called by the pages under /terminal/ and their gate. What is wrong is counted before it is refused:
a refusal never takes the count back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from inmates.enums import PaperLanguage, VisitEnd
from inmates.models import Inmate, Terminal, TerminalPin, TerminalVisit
from inmates.selectors.terminals import person_at, pin_in_force
from inmates.terminal.limits import (
    DEVICE_DAY_FAILURES,
    DEVICE_DAY_SECONDS,
    DEVICE_FAILURES,
    DEVICE_FAILURES_SECONDS,
    IDLE,
    MOST_FAILURES,
)
from inmates.terminal.refusals import (
    TerminalResting,
    TerminalRevoked,
    TerminalStopped,
    VisitOver,
    WrongSignIn,
)
from inmates.terminal.secrets import digest, is_right_pin, new_token
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.limits import failures_of, remember_failure
from portal.kernel.locks import lock_row, lock_rows

FAILURES, DAY_FAILURES = "terminal_sign_in", "terminal_sign_in_day"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A visit that begins, and the secret of its cookie, which is told once."""

    visit: TerminalVisit
    token: str


def sign_in(
    *, terminal_id: int, number: str, pin: str, language: str = "", at: datetime
) -> SignedIn:
    """The person reads at this terminal, and at no other; whoever read here before is out.

    `language`: of the screen, or that of the person's papers. Refused (`WrongSignIn`, the same
    words for all): a wrong PIN, the fifth of which locks it; a locked one, the right one too; a
    person not held where the terminal stands; a number of nobody. `TerminalResting` after twenty
    refusals at one device, `TerminalStopped` after sixty in a day. Twice is a new visit.
    """
    device = str(terminal_id)
    if failures_of(FAILURES, device) >= DEVICE_FAILURES:
        raise TerminalResting
    with transaction.atomic():
        terminal = lock_row(Terminal, terminal_id)
        if terminal.revoked_at is not None:
            raise TerminalRevoked
        today = f"{device}:{terminal.secret_hash}"
        if failures_of(DAY_FAILURES, today) >= DEVICE_DAY_FAILURES:
            raise TerminalStopped
        person = person_at(terminal.institution_id, number, day_of(at))
        if person is not None and _has_pin(person, pin, at):
            return _begin(terminal, person, language, at)
        if person is None:
            is_right_pin(pin, None)
    remember_failure(FAILURES, device, seconds=DEVICE_FAILURES_SECONDS)
    remember_failure(DAY_FAILURES, today, seconds=DEVICE_DAY_SECONDS)
    raise WrongSignIn


def _has_pin(person: Inmate, pin: str, at: datetime) -> bool:
    """Compare under a lock, so that guesses made at once are counted one by one."""
    rows = lock_rows(pin_in_force(person.pk))
    row = rows[0] if rows else None
    if row is None or row.locked_at is not None:
        return is_right_pin(pin, None)
    if not is_right_pin(pin, row.secret):
        _count_failure(row, at)
        return False
    if row.failures:
        row.failures = 0
        row.save(update_fields=["failures"])
    return True


def _count_failure(row: TerminalPin, at: datetime) -> None:
    row.failures += 1
    if row.failures == MOST_FAILURES:
        row.locked_at = at
        audit.record(actor=None, action="pin_locked", at=at, subject=row.inmate)
    row.save(update_fields=["failures", "locked_at"])


def _begin(terminal: Terminal, person: Inmate, language: str, at: datetime) -> SignedIn:
    end_visits(
        TerminalVisit.objects.filter(Q(terminal=terminal) | Q(inmate=person)),
        VisitEnd.REPLACED,
        at,
    )
    token = new_token()
    visit = TerminalVisit.objects.create(
        terminal=terminal,
        inmate=person,
        token_hash=digest(token),
        language=language if language in PaperLanguage.values else person.language,
        began_at=at,
        seen_at=at,
    )
    return SignedIn(visit, token)


def end_visits(visits: "QuerySet[TerminalVisit]", how: str, at: datetime) -> None:
    """All of these that last are over: the idle ones since their time ran out, the others now."""
    idle_since = at - IDLE
    for visit in lock_rows(visits.filter(ended_at=None)):
        is_idle = visit.seen_at <= idle_since
        visit.ended_at = visit.seen_at + IDLE if is_idle else at
        visit.ended_as = VisitEnd.IDLE if is_idle else how
        visit.save(update_fields=["ended_at", "ended_as"])


def see_visit(*, visit: TerminalVisit, at: datetime) -> None:
    """The person is there: their two minutes begin anew. A visit that is over stays over."""
    seen = TerminalVisit.objects.filter(pk=visit.pk, ended_at=None, seen_at__gt=at - IDLE)
    if not seen.update(seen_at=at):
        raise VisitOver
    visit.seen_at = at


@transaction.atomic
def leave_terminal(*, visit: TerminalVisit, at: datetime) -> None:
    """The visit is over. Twice is harmless."""
    end_visits(TerminalVisit.objects.filter(pk=visit.pk), VisitEnd.LEFT, at)


def choose_language(*, visit: TerminalVisit, language: str) -> None:
    """The visit goes on in Russian or Kazakh; another word changes nothing."""
    if language in PaperLanguage.values:
        TerminalVisit.objects.filter(pk=visit.pk).update(language=language)
        visit.language = language
