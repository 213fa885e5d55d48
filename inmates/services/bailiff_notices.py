"""Notices to bailiffs: they appear with a movement, are sent under a number, or are not needed.

Called by the movements of people, by a task of each night that finds what was missed and raises
what is late, and by the accountant's page. law.md §3.5: the bailiff is told within 3 days.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from inmates.models import BailiffNotice, Inmate
from inmates.papers.clocks import NOTICE_HORIZON_DAYS, notice_due
from inmates.papers.enums import NoticeStatus
from inmates.papers.refusals import NoticeAhead, NoticeSettled, ReasonNeeded
from inmates.papers.states import BAILIFF_NOTICE
from inmates.rules import can_tell_bailiff
from inmates.selectors.bailiff_notices import Untold, late_unraised, untold
from inmates.shifts import is_explanation
from portal.accounts.enums import Role
from portal.accounts.selectors import people_in_role
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.queue import AlreadyRunning, enqueue
from portal.kernel.states import begin, move
from portal.kernel.text import date_short

LATE_LETTER = "inmates.send_late_letter"


@transaction.atomic
def note_bailiffs(
    *, at: datetime, since: date | None = None, people: Collection[int] | None = None
) -> int:
    """Every payer that a person with an open writ has left owes the bailiff a notice.

    Looks at `people`, or at everybody, from `since` (or the last month) to today; a day ahead is
    found when it comes. Nothing is refused. Twice is harmless: a notice is there once.
    """
    on = day_of(at)
    begin_day = since or on - timedelta(days=NOTICE_HORIZON_DAYS)
    found = untold(since=begin_day, on=on, people=people)
    if not found:
        return 0
    # Two that look at the same moment: the second waits here and then finds nothing.
    lock_rows(Inmate.objects.filter(pk__in={one.inmate_id for one in found}))
    still = untold(since=begin_day, on=on, people={one.inmate_id for one in found})
    for one in still:
        _owe(one, at)
    return len(still)


def _owe(one: Untold, at: datetime) -> None:
    notice = BailiffNotice.objects.create(
        inmate_id=one.inmate_id,
        writ_id=one.writ_id,
        payer_id=one.payer_id,
        institution_id=one.institution_id,
        cause=one.cause,
        happened_on=one.happened_on,
        due_on=notice_due(one.happened_on),
        created_at=at,
    )
    begin(notice, "appear", machine=BAILIFF_NOTICE, actor=None, at=at)


@transaction.atomic
def send_notice(
    *, actor: Any, notice_id: int, sent_on: date, outgoing_number: str, at: datetime
) -> BailiffNotice:
    """The bailiff was told on that day by a letter of this number.

    Refused: for whoever is no accountant of the payer there, on a day before it happened or ahead,
    without a number, a notice that is settled. Twice: the second is refused.
    """
    with readable_refusals():
        notice = _held(actor, notice_id, at)
        if not notice.happened_on <= sent_on <= day_of(at):
            raise NoticeAhead(first=date_short(notice.happened_on))
        notice.sent_on, notice.sent_by = sent_on, actor
        notice.outgoing_number = outgoing_number.strip()
        with transaction.atomic():
            notice.save(update_fields=["sent_on", "sent_by", "outgoing_number"])
        move(notice, "send", machine=BAILIFF_NOTICE, actor=actor, at=at)
    audit.record(actor=actor, action="bailiff_told", at=at, subject=notice)
    return notice


@transaction.atomic
def cancel_notice(*, actor: Any, notice_id: int, reason: str, at: datetime) -> BailiffNotice:
    """The notice is not needed, and the reason says why.

    Refused: for whoever is no accountant of the payer there, a reason under five letters, a notice
    that is settled. Twice: the second is refused.
    """
    if not is_explanation(reason):
        raise ReasonNeeded
    notice = _held(actor, notice_id, at)
    move(notice, "cancel", machine=BAILIFF_NOTICE, actor=actor, at=at, reason=reason.strip())
    return notice


def _held(actor: Any, notice_id: int, at: datetime) -> BailiffNotice:
    """The notice locked and still to be sent; the actor may send it."""
    notice = lock_row(BailiffNotice, notice_id)
    place_id = notice.institution.organisation_id
    can_tell_bailiff(actor, notice.payer_id, place_id, day_of(at)).require()
    if notice.status != NoticeStatus.WAITING:
        raise NoticeSettled(status=notice.get_status_display())
    return notice


def raise_late_notices(*, at: datetime) -> int:
    """Whoever answers for a payer is to have a letter that notices are over their last day, once.

    One letter for each payer and place to each of its heads and accountants; returns how many
    notices were raised. Nobody to write to raises them all the same: the head's page shows them.
    After commit each letter is a task of its own: one that cannot be sent is kept and tried again,
    and the others are not sent twice.
    """
    raised = 0
    for payer_id, place_id, notices in _by_payer(day_of(at)):
        with transaction.atomic():
            rows = lock_rows(BailiffNotice.objects.filter(pk__in=notices, raised_at=None))
            late = [row for row in rows if row.status == NoticeStatus.WAITING]
            BailiffNotice.objects.filter(pk__in=[row.pk for row in late]).update(raised_at=at)
            if late:
                _order_letters(payer_id, place_id, len(late), at)
        raised += len(late)
    return raised


def _by_payer(on: date) -> list[tuple[int, int, list[int]]]:
    groups: dict[tuple[int, int], list[int]] = {}
    for row in late_unraised(on).select_related("institution"):
        groups.setdefault((row.payer_id, row.institution.organisation_id), []).append(row.pk)
    return [(payer_id, place_id, ids) for (payer_id, place_id), ids in groups.items()]


def _order_letters(payer_id: int, place_id: int, count: int, at: datetime) -> None:
    on = day_of(at)
    for person_id in _answering(payer_id, place_id, on):
        told = {
            "payer_id": payer_id, "place_id": place_id, "person_id": person_id, "count": count,
            "on": on.isoformat(),
        }  # fmt: skip
        # One of this very day that still waits says the same.
        with suppress(AlreadyRunning):
            enqueue(
                LATE_LETTER, key=f"{payer_id}-{place_id}-{person_id}-{on}", actor=None, at=at,
                arguments=told,
            )  # fmt: skip


def _answering(payer_id: int, place_id: int, on: date) -> dict[int, Any]:
    """Heads and accountants of the payer there, each once."""
    return {
        person.pk: person
        for role in (Role.HEAD, Role.ACCOUNTANT)
        for person in people_in_role(role, payer_id, on, place_ids=[place_id])
    }


def send_late_letter(*, payer_id: int, place_id: int, person_id: int, count: int, on: date) -> int:
    """One person has the letter: a link and a count, never a name, a writ or a sum.

    Returns how many were sent: none to whoever does not answer for the payer any more. Twice sends
    twice; the queue sees to it that it is once.
    """
    person = _answering(payer_id, place_id, on).get(person_id)
    if person is None:
        return 0
    address = settings.PUBLIC_URL + reverse("inmates:bailiff_notices")
    with translation.override(person.language):
        send_mail(
            _("Notices to bailiffs are late: %(count)s") % {"count": count},
            render_to_string(
                "inmates/emails/notices_late.txt", {"address": address, "count": count}
            ),
            None,
            [person.email],
        )
    return 1
