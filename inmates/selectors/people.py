"""People: the working record by what is known, and the identity behind it, which is audited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from inmates.identity import hmac_of_iin
from inmates.models import Inmate, InmateIdentity
from inmates.people_heads import folded
from portal.kernel import audit


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is; never stored, logged or sent anywhere."""

    full_name: str
    iin: str | None


def identities(
    *, actor: Any, inmates: Iterable[Inmate], purpose: str, at: datetime
) -> dict[int, Identity]:
    """Names and IINs by the inmate's id; each one read is an audit event of the actor."""
    by_id = {inmate.pk: inmate for inmate in inmates}
    found = {
        row.inmate_id: Identity(row.full_name, row.iin)
        for row in InmateIdentity.objects.filter(inmate_id__in=by_id)
    }
    for inmate_id in found:
        audit.record(
            actor=actor, action="identity_read", at=at, subject=by_id[inmate_id], purpose=purpose
        )
    return found


def names_on_list(
    *, actor: Any, inmates: Iterable[Inmate], purpose: str, at: datetime, subject: Model
) -> dict[int, str]:
    """Names alone, by the inmate's id; one list read is one audit event with everybody on it."""
    rows = InmateIdentity.objects.filter(inmate__in=[inmate.pk for inmate in inmates])
    names = {row.inmate_id: row.full_name for row in rows.only("inmate_id", "full_name")}
    if names:
        audit.record(
            actor=actor,
            action="identities_read",
            at=at,
            subject=subject,
            purpose=purpose,
            inmates=sorted(names),
        )
    return names


def identities_on_list(
    *, actor: Any, inmates: Iterable[Inmate], purpose: str, at: datetime, subject: Model
) -> dict[int, Identity]:
    """Names and IINs by the inmate's id; one list read is one audit event with everybody on it."""
    rows = InmateIdentity.objects.filter(inmate__in=[inmate.pk for inmate in inmates])
    found = {row.inmate_id: Identity(row.full_name, row.iin) for row in rows}
    if found:
        audit.record(
            actor=actor,
            action="identities_read",
            at=at,
            subject=subject,
            purpose=purpose,
            inmates=sorted(found),
        )
    return found


def inmate_by_iin(*, actor: Any, iin: str, at: datetime) -> Inmate | None:
    """The working record of the person with this IIN; looking is audited, found or not."""
    inmate = Inmate.objects.filter(identity__iin_hmac=hmac_of_iin(iin)).first()
    audit.record(
        actor=actor, action="iin_looked_up", at=at, subject=inmate, found=inmate is not None
    )
    return inmate


def namesake(
    *, actor: Any, full_name: str, born_on: date, at: datetime, subject: Model
) -> Inmate | None:
    """Somebody known with this name and date of birth; the names compared are audited as read.

    Names are encrypted: only those born on that day are decrypted. Case, spaces and ё do not
    matter.
    """
    born_then = list(Inmate.objects.filter(born_on=born_on).order_by("id"))
    names = names_on_list(
        actor=actor, inmates=born_then, purpose="namesake", at=at, subject=subject
    )
    asked = folded(full_name)
    return next((one for one in born_then if folded(names.get(one.pk, "")) == asked), None)
