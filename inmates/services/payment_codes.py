"""How payments are transferred: the shipped codes, and requisites an administrator enters.

Called by the command `load_payment_codes`, by the seed and by the page of requisites.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.models import PaymentCode
from inmates.register_refusals import PaymentCodeMissing, RequisitesEntered
from inmates.rules import can_keep_requisites
from inmates.selectors.registers import codes_in_force
from inmates.shipped_payment_codes import read_shipped_codes
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from portal.kernel.periods import period_q

LANGUAGES = ("ru", "kk", "en")
KEPT = ("penalty_knp", "kbk", "needs_iin", "is_set_off_in_total", "sort_order")
# As somebody read it in a paper of the recipient; how sure that is, its source says.
ENTERED = "entered"


def load_payment_codes() -> int:
    """Enter every shipped code that the table does not have from that date; how many.

    What is in the table stays as it is: an administrator's correction is never overwritten. All
    or nothing; refused when a shipped row overlaps one that was entered otherwise. Twice is
    harmless.
    """
    with readable_refusals(), transaction.atomic():
        of_all = PaymentCode.objects.filter(payer=None)
        known = set(of_all.values_list("code", "effective_from"))
        rows = [
            PaymentCode(**row)
            for row in map(_with_dates, read_shipped_codes())
            if (row["code"], row["effective_from"]) not in known
        ]
        PaymentCode.objects.bulk_create(rows)
    return len(rows)


def _with_dates(row: dict[str, Any]) -> dict[str, Any]:
    ends = row["effective_to"]
    return row | {
        "effective_from": date.fromisoformat(row["effective_from"]),
        "effective_to": date.fromisoformat(ends) if ends else None,
    }


@dataclass(frozen=True, slots=True)
class Requisites:
    """To whom a payment goes."""

    recipient: str
    recipient_bin: str
    recipient_account: str
    recipient_bik: str
    recipient_kbe: str
    knp: str
    source: str


def enter_requisites(
    *,
    actor: Any,
    code: str,
    payer_id: int | None,
    since: date,
    requisites: Requisites,
    at: datetime,
) -> PaymentCode:
    """From that day on the payment goes there: of one payer, or of all without one of its own.

    What was in force is ended, never changed: issued registers keep it. Refused: for whoever is no
    administrator, a payment that the directory does not have, a day from which, or after which,
    others are entered. Nothing happens after commit. Twice: the second is refused.
    """
    can_keep_requisites(actor, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        lock_rows(PaymentCode.objects.filter(code=code))
        base = codes_in_force(since, payer_id).get(code)
        if base is None:
            raise PaymentCodeMissing
        own = PaymentCode.objects.filter(code=code, payer=payer_id)
        if own.filter(effective_from__gte=since).exists():
            raise RequisitesEntered
        own.filter(period_q(since)).update(effective_to=since)
        kept = {
            name: getattr(base, name)
            for name in (*KEPT, *(f"name_{language}" for language in LANGUAGES))
        }
        told = asdict(requisites) | {
            f"recipient_{language}": requisites.recipient for language in LANGUAGES
        }
        made = PaymentCode.objects.create(
            **kept | told, code=code, payer_id=payer_id, effective_from=since, confidence=ENTERED
        )
        audit.record(
            actor=actor, action="requisites_entered", at=at, subject=made, code=code, payer=payer_id
        )
    return made
