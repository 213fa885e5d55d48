"""The requisites of payments in the administrator's language."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.enums import RegisterCode
from inmates.models import PaymentCode
from inmates.presenters.registers import codes_text
from portal.kernel.text import date_short

# Creditors and bailiffs have theirs on the writs, the institution among its own facts.
ELSEWHERE = (RegisterCode.WRITS, RegisterCode.BAILIFF_FEE, RegisterCode.ACCOUNTS)


def requisite_rows(rows: Iterable[PaymentCode]) -> list[dict[str, Any]]:
    """One row a payment and payer: to whom, where, since when; or that nothing is entered."""
    return [
        {
            "title": str(row.name),
            "payer": row.payer.name if row.payer else _("all payers"),
            "recipient": str(row.recipient or ""),
            "account": " ".join(
                filter(None, [row.recipient_account, row.recipient_bik, row.recipient_kbe])
            ),
            "codes": codes_text(row),
            "since": date_short(row.effective_from),
            "is_missing": row.code not in ELSEWHERE and not row.recipient_account,
            "url": ""
            if row.code in ELSEWHERE
            else reverse("inmates:requisites_new", args=[row.code]),
        }
        for row in rows
    ]
