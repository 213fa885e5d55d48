"""A certificate of wages in words, and as plain data for templates/documents/record.typ."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.models import Placement, WageCertificate
from inmates.papers.enums import CertificateAsker
from inmates.selectors.people import Identity
from inmates.selectors.wage_totals import Totals
from portal.documents.words import amount_in_words
from portal.kernel.periods import Month
from portal.kernel.text import DASH, date_short, month_name, sum_text

ZERO = Decimal("0.00")
COLUMNS = ("gross", "opv", "vosms", "ipn", "withheld_by_writs", "to_account")


def months_words(row: WageCertificate) -> str:
    """август 2026 – октябрь 2026, or the one month."""
    first, last = month_name(row.first_month), month_name(row.last_month)
    return first if first == last else f"{first} – {last}"


def asked_words(row: WageCertificate) -> str:
    """At whose request it was made."""
    if row.asked_by == CertificateAsker.AUTHORITY:
        return f"{row.authority}, {row.letter}"
    return _("the person")


def certificate_rows(rows: Iterable[WageCertificate], *, may_print: bool) -> list[dict[str, Any]]:
    """One row a certificate; the paper only for who may print it."""
    return [
        {
            "number": row.inmate.personnel_number,
            "payer": row.payer.name,
            "months": months_words(row),
            "asked": asked_words(row),
            "made": date_short(row.made_at),
            "who": row.made_by.get_full_name(),
            "pdf": reverse("inmates:wage_certificate_pdf", args=[row.pk]) if may_print else "",
        }
        for row in rows
    ]


def certificate_document(
    row: WageCertificate,
    months: Sequence[tuple[Month, Totals]],
    placements: Iterable[Placement],
    who: Identity | None,
    *,
    stamp: dict[str, Any],
) -> dict[str, Any]:
    """The paper in the present language."""
    language = (get_language() or "ru").split("-")[0]
    totals = {name: sum((getattr(one, name) for _month, one in months), ZERO) for name in COLUMNS}
    return {
        "language": language,
        "title": _("Certificate of wages"),
        "period": months_words(row),
        "facts": _facts(row, placements, who),
        "heads": _heads(),
        "rows": [
            [month_name(month), *[_cell(getattr(one, name)) for name in COLUMNS]]
            for month, one in months
        ],
        "total": [_("Total"), *[_cell(totals[name]) for name in COLUMNS]],
        "words": _("Earned in words: %(words)s.")
        % {"words": amount_in_words(max(totals["gross"], ZERO), language)},
        "asked": _("Given at the request of: %(who)s.") % {"who": asked_words(row)},
        "notes": [
            _("Each month has what is known of it today; later corrections are included."),
            _("To the account: what went to the person's cash control account (Penal Execution "
              "Code 122)."),
        ],
        "signatures": [_("Head"), _("Accountant")],
        "stamp": stamp,
    }  # fmt: skip


def _heads() -> list[str]:
    return [
        _("Month"),
        _("Earned, ₸"),
        _("OPV, ₸"),
        _("VOSMS, ₸"),
        _("IPN, ₸"),
        _("By writs, ₸"),
        _("To the account, ₸"),
    ]


def _cell(amount: Decimal) -> str:
    return sum_text(amount) if amount else DASH


def _facts(
    row: WageCertificate, placements: Iterable[Placement], who: Identity | None
) -> list[dict[str, str]]:
    posts = dict.fromkeys(
        f"{one.post.name}, {one.post.workshop.institution.organisation.name}" for one in placements
    )
    return [
        {"label": _("Name"), "value": who.full_name if who else DASH},
        {"label": _("IIN"), "value": (who.iin if who else None) or DASH},
        {"label": _("Personnel number"), "value": row.inmate.personnel_number},
        {"label": _("Payer"), "value": row.payer.name},
        {"label": _("BIN or IIN"), "value": row.payer.bin},
        {"label": _("Work"), "value": "; ".join(posts) or DASH},
    ]
