"""The first signature handed to a deputy by a dated order, and given back.

Called by the page of the first signature. The head's own row is cut by succession: it opens again
after the deputy's days. Apps whose papers need the signature tell in `SIGNED` when it was used.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from portal.accounts.deputy_refusals import (
    AnotherSigns,
    EndsBeforeStart,
    GivenToOneself,
    NotMember,
    NotYours,
    OrderMissing,
    OutsideOrder,
    SignedAlready,
)
from portal.accounts.models import FirstSignature, Membership
from portal.accounts.rules import can_appoint_deputy
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import Gone, lock_rows
from portal.kernel.periods import Period
from portal.kernel.text import date_short

SHORTEST_BASIS = 3
ONE_DAY = timedelta(days=1)
# The last day on which something of the organisation was signed, or None.
SIGNED: list[Callable[[int], date | None]] = []


def appoint_deputy(
    *,
    actor: Any,
    organisation_id: int,
    holder_id: int,
    effective_from: date,
    effective_to: date,
    basis: str,
    at: datetime,
) -> FirstSignature:
    """The holder signs first in [effective_from, effective_to), the head before and after.

    Refused: for whoever is not the head, an end before the start, an order without a name, oneself,
    who is not a member through all these days, days on which something is signed already, days of
    another deputy, days on which the signature is not the head's own. Audited. Twice: the second
    one meets the deputy of the first and is refused.
    """
    can_appoint_deputy(actor, organisation_id, day_of(at)).require()
    basis = basis.strip()
    if effective_to <= effective_from:
        raise EndsBeforeStart
    if len(basis) < SHORTEST_BASIS:
        raise OrderMissing
    if holder_id == actor.pk:
        raise GivenToOneself
    period = Period(effective_from, effective_to)
    with transaction.atomic(), readable_refusals():
        rows = hold_signatures(organisation_id)
        _require_member(organisation_id, holder_id, period)
        _require_unsigned(organisation_id, effective_from)
        _cut(_own_row(rows, actor.pk, period), period)
        row = FirstSignature.objects.create(
            organisation_id=organisation_id, holder_id=holder_id, basis=basis,
            effective_from=effective_from, effective_to=effective_to, given_by=actor, given_at=at,
        )  # fmt: skip
        audit.record(
            actor=actor, action="deputy_appointed", at=at, subject=row, holder=holder_id,
            begin=effective_from.isoformat(), end=effective_to.isoformat(),
        )  # fmt: skip
    return row


def end_deputy(*, actor: Any, signature_id: int, on: date, at: datetime) -> None:
    """From the day on the head signs again; on the first day of the order it is as if never given.

    Refused: for whoever is not the head, a day outside the order, a day up to which something is
    signed already. Audited. Twice: the same day again lies outside the order and is refused.
    """
    given = FirstSignature.objects.filter(pk=signature_id, given_by__isnull=False).first()
    if given is None:
        raise Gone
    can_appoint_deputy(actor, given.organisation_id, day_of(at)).require()
    with transaction.atomic(), readable_refusals():
        rows = hold_signatures(given.organisation_id)
        row = next((one for one in rows if one.pk == signature_id), None)
        if row is None or row.effective_to is None:
            raise Gone
        if not _period(row).contains(on):
            end = date_short(row.effective_to - ONE_DAY)
            raise OutsideOrder(begin=date_short(row.effective_from), end=end)
        _require_unsigned(row.organisation_id, on)
        audit.record(
            actor=actor, action="deputy_ended", at=at, subject=row, holder=row.holder_id,
            begin=row.effective_from.isoformat(), end=on.isoformat(),
        )  # fmt: skip
        _give_back(row, rows, on)


def hold_signatures(organisation_id: int) -> list[FirstSignature]:
    """All rows of the organisation by date, locked: who signs and who appoints wait for each other.

    Read anew once the lock is held: whoever waited sees the rows the other one made.
    """
    rows = FirstSignature.objects.filter(organisation=organisation_id)
    lock_rows(rows)
    return list(rows.select_related("holder").order_by("effective_from"))


def _period(row: FirstSignature) -> Period:
    return Period(row.effective_from, row.effective_to)


def _require_member(organisation_id: int, holder_id: int, period: Period) -> None:
    """One membership from the first day to the last, and an account that is open."""
    rows = Membership.objects.filter(
        organisation=organisation_id, user=holder_id, user__is_active=True
    )
    if not any(
        Period(one.effective_from, one.effective_to).intersect(period) == period for one in rows
    ):
        raise NotMember


def _require_unsigned(organisation_id: int, begin: date) -> None:
    days = [day for ask in SIGNED if (day := ask(organisation_id)) is not None]
    if days and max(days) >= begin:
        raise SignedAlready(day=date_short(max(days)))


def _own_row(rows: list[FirstSignature], holder_id: int, period: Period) -> FirstSignature:
    """The head's own row around the period, with nobody else in it."""
    met = [row for row in rows if _period(row).overlaps(period)]
    for row in met:
        if row.holder_id != holder_id or row.given_by_id is not None:
            raise AnotherSigns(
                name=row.holder.get_full_name(), begin=date_short(row.effective_from)
            )
    if len(met) != 1 or _period(met[0]).intersect(period) != period:
        raise NotYours
    return met[0]


def _cut(own: FirstSignature, period: Period) -> None:
    """The head's row before the period and after it; a part without a day is none."""
    parts = (own.effective_from, period.effective_from), (period.effective_to, own.effective_to)
    own.delete()
    for begin, end in parts:
        if begin is not None and begin != end:
            FirstSignature.objects.create(
                organisation_id=own.organisation_id, holder_id=own.holder_id, basis=own.basis,
                effective_from=begin, effective_to=end,
            )  # fmt: skip


def _give_back(row: FirstSignature, rows: list[FirstSignature], on: date) -> None:
    """The deputy's row ends on the day, and the giver's own fills what follows."""
    ends, own = row.effective_to, [one for one in rows if _is_own(one, row)]
    after = next((one for one in own if one.effective_from == ends), None)
    before = next((one for one in own if one.effective_to == on), None)
    if on == row.effective_from:
        row.delete()
    else:
        row.effective_to = on
        row.save(update_fields=["effective_to"])
    if before is not None:
        if after is not None:
            ends = after.effective_to
            after.delete()
        before.effective_to = ends
        before.save(update_fields=["effective_to"])
    elif after is not None:
        after.effective_from = on
        after.save(update_fields=["effective_from"])
    else:
        FirstSignature.objects.create(
            organisation_id=row.organisation_id, holder_id=row.given_by_id, effective_from=on,
            effective_to=ends, basis=own[-1].basis if own else row.basis,
        )  # fmt: skip


def _is_own(one: FirstSignature, given: FirstSignature) -> bool:
    return one.given_by_id is None and one.holder_id == given.given_by_id
