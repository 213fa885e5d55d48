"""What of the month before was transferred, as a payslip tells it (Labour Code 113)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from inmates.models import Payslip
from inmates.selectors.transfers import Transferred
from portal.kernel.periods import Month
from portal.kernel.text import date_short, money, month_name


def transfer_note(slip: Payslip, transfers: Iterable[Transferred]) -> dict[str, str]:
    """One line: contributions of the month before, by which payment order and on what day."""
    month = Month.of(slip.run.month).previous()
    return {
        "text": _("Contributions transferred for %(month)s") % {"month": month_name(month)},
        "value": transfer_words(transfers) or _("shown once the transfer is entered"),
    }


def transfer_words(transfers: Iterable[Transferred]) -> str:
    """Pension 9 600,00 ₸: payment order № 17 of 09.10.2026; and so on, nothing where none is."""
    by_document: dict[tuple[str, str], list[str]] = {}
    for one in transfers:
        told = f"{short_title(one.code)} {money(one.amount)}"
        by_document.setdefault((one.document, date_short(one.on)), []).append(told)
    return "; ".join(
        _("%(sums)s: payment order № %(document)s of %(day)s")
        % {"sums": ", ".join(sums), "document": document, "day": day}
        for (document, day), sums in by_document.items()
    )


def short_title(code: str) -> str:
    """OPV, as on the pay sheet; a payslip has little room."""
    titles = {
        "opv": _("OPV"),
        "opvr": _("OPVR"),
        "vosms": _("VOSMS"),
        "oosms": _("OOSMS"),
        "so": _("SO"),
    }
    return titles.get(code, code)
