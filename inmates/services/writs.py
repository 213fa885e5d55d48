"""The register of writs: added, changed by succession, suspended, resumed, ended.

Called by the accountant's pages. Every act locks the person first, as the calculation of wages
does: a month is computed by the writ of before or of after, never by half of each.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from inmates.models import Inmate, WritOfExecution, WritSuspension
from inmates.refusals import BeingCalculated
from inmates.rules import can_keep_writs
from inmates.selectors.closed_months import runs_with_slips
from inmates.selectors.writs import month_being_calculated, payers_of, worker_numbered
from inmates.services.backdating import permit_backdated
from inmates.writ_refusals import (
    NotOurWorker,
    SuspensionBeginsLater,
    WritBeginsLater,
    WritEnded,
    WritNotSuspended,
)
from inmates.writ_terms import WritTerms
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Period, period_q
from portal.kernel.text import date_short, month_name

DAY = timedelta(days=1)


def add_writ(
    *,
    actor: Any,
    personnel_number: str,
    number: str,
    terms: WritTerms,
    on: date,
    at: datetime,
    correction: str = "",
) -> WritOfExecution:
    """The writ is served from the month that ends on `on` or later.

    Refused: for whoever is no accountant of a payer of the person in those days, a number that is
    entered already, a day of an approved month without a `correction` that says why, a month that
    is being calculated or posted. Twice: the second is refused.
    """
    inmate = worker_numbered(actor, day_of(at), personnel_number, Period(on))
    if inmate is None:
        raise NotOurWorker(number=personnel_number, day=date_short(on))
    with readable_refusals(), transaction.atomic():
        _require_open(actor, inmate.pk, on, at, correction)
        row = WritOfExecution.objects.create(
            inmate=inmate, number=number.strip(), effective_from=on, **terms.columns()
        )
        audit.record(actor=actor, action="writ_added", at=at, subject=row)
    return row


def change_writ(
    *, actor: Any, writ_id: int, terms: WritTerms, on: date, at: datetime, correction: str = ""
) -> WritOfExecution:
    """From `on` the document asks for `terms`; what it asked before stays as it was.

    A debt and a fee of the terms are what is left of them on that day. A suspension goes on. Terms
    that began on this very day are written over. Refused as `add_writ`, and a writ that has ended
    or begins later. Twice: the second changes nothing.
    """
    with readable_refusals(), transaction.atomic():
        old = _held_writ(actor, writ_id, on, at, correction)
        if old.effective_from == on:
            new = old
            WritOfExecution.objects.filter(pk=old.pk).update(**terms.columns())
        else:
            ends, old.effective_to = old.effective_to, on
            old.save(update_fields=["effective_to"])
            new = WritOfExecution.objects.create(
                inmate_id=old.inmate_id,
                number=old.number,
                effective_from=on,
                effective_to=ends,
                **terms.columns(),
            )
            _carry_suspensions(old, new, on)
        audit.record(actor=actor, action="writ_changed", at=at, subject=new, before=old.pk)
    new.refresh_from_db()
    return new


def suspend_writ(
    *, actor: Any, writ_id: int, on: date, basis: str, at: datetime, until: date | None = None
) -> WritSuspension:
    """From `on` the writ is not served (`until` is the first day it is again); its line says why.

    Refused as `change_writ` (the paper is the reason, where a month is approved), and days in which
    it is suspended already. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        writ = _held_writ(actor, writ_id, on, at, document=basis)
        row = WritSuspension.objects.create(
            writ=writ, effective_from=on, effective_to=until, basis=basis.strip()
        )
        audit.record(actor=actor, action="writ_suspended", at=at, subject=writ)
    return row


def resume_writ(
    *, actor: Any, writ_id: int, on: date, at: datetime, correction: str = ""
) -> WritOfExecution:
    """From `on` the suspended writ is served again.

    Refused as `change_writ`, and a writ that is not suspended on that day, or from that very day.
    Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        writ = _held_writ(actor, writ_id, on, at, correction)
        row = writ.suspensions.filter(period_q(on)).first()
        if row is None:
            raise WritNotSuspended(day=date_short(on))
        if row.effective_from == on:
            raise SuspensionBeginsLater(day=date_short(on))
        row.effective_to = on
        row.save(update_fields=["effective_to"])
        audit.record(actor=actor, action="writ_resumed", at=at, subject=writ)
    return writ


def end_writ(*, actor: Any, writ_id: int, on: date, basis: str, at: datetime) -> WritOfExecution:
    """`on` is the first day the writ is no longer served, by the paper `basis`.

    Refused as `suspend_writ`, and the very day on which it begins. Twice: the second is refused.
    """
    with readable_refusals(), transaction.atomic():
        writ = _held_writ(actor, writ_id, on, at, document=basis)
        if writ.effective_from == on:
            raise WritBeginsLater(day=date_short(on + DAY))
        writ.effective_to, writ.ended_basis = on, basis.strip()
        writ.save(update_fields=["effective_to", "ended_basis"])
        audit.record(actor=actor, action="writ_ended", at=at, subject=writ)
    return writ


def _held_writ(
    actor: Any, writ_id: int, on: date, at: datetime, correction: str = "", document: str = ""
) -> WritOfExecution:
    """The writ under the lock of its person; refused where the actor or the day may not."""
    inmate_id = WritOfExecution.objects.values_list("inmate_id", flat=True).get(pk=writ_id)
    _require_open(actor, inmate_id, on, at, correction, document)
    writ = lock_row(WritOfExecution, writ_id)
    if writ.effective_to is not None and writ.effective_to <= on:
        raise WritEnded(day=date_short(writ.effective_to))
    if on < writ.effective_from:
        raise WritBeginsLater(day=date_short(writ.effective_from))
    return writ


def _require_open(
    actor: Any, inmate_id: int, on: date, at: datetime, correction: str = "", document: str = ""
) -> None:
    """Locks the person; the actor keeps its writs, and a month that is paid has a reason."""
    lock_row(Inmate, inmate_id)
    can_keep_writs(actor, payers_of(inmate_id, Period(on)), day_of(at)).require()
    running = month_being_calculated(inmate_id, on)
    if running is not None:
        raise BeingCalculated(month=month_name(running.first_day))
    paid = lock_rows(runs_with_slips(inmate_id, on))
    permit_backdated(paid, actor=actor, reason=correction, document=document)


def _carry_suspensions(old: WritOfExecution, new: WritOfExecution, on: date) -> None:
    """What suspends the document suspends its new terms as well."""
    for row in old.suspensions.exclude(effective_to__lte=on):
        if row.effective_from >= on:
            row.writ = new
            row.save(update_fields=["writ"])
            continue
        WritSuspension.objects.create(
            writ=new, effective_from=on, effective_to=row.effective_to, basis=row.basis
        )
        row.effective_to = on
        row.save(update_fields=["effective_to"])
