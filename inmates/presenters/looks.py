"""The log of looks at identities as a table: who, when, what for, how many people."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.selectors.looks import PERSON
from portal.kernel.models import AuditEvent
from portal.kernel.text import DASH, moment

# What the views say they read names for.
PURPOSES = {
    "payslip": gettext_lazy("Payslip"),
    "payslips": gettext_lazy("Payslips of everybody printed"),
    "payslips_downloaded": gettext_lazy("Payslips of everybody downloaded"),
    "pay_sheet": gettext_lazy("Pay sheet"),
    "account_statement": gettext_lazy("Statement of an account"),
    "writ": gettext_lazy("Writ of execution"),
    "payment_register": gettext_lazy("Register of a payment"),
    "wage_totals": gettext_lazy("Wages in total"),
    "wage_certificate": gettext_lazy("Certificate of wages"),
    "bailiff_notice": gettext_lazy("Notice to the bailiff"),
    "leaving_file": gettext_lazy("Papers of who leaves"),
    "pin_letter": gettext_lazy("Letter with a PIN"),
    "wage_statement": gettext_lazy("Statement of wages for the person"),
    "shift": gettext_lazy("Shift"),
    "timesheet": gettext_lazy("Timesheet"),
    "safety": gettext_lazy("Safety"),
    "consent_paper": gettext_lazy("Consent form printed"),
    "consent_scan": gettext_lazy("Scan of a consent"),
    "namesake": gettext_lazy("Compared with an arrival without an IIN"),
    "placement_paper": gettext_lazy("Paper of a placement"),
    "employer_workers": gettext_lazy("Workers of an employer"),
    "employer_workers_export": gettext_lazy("Workers of an employer, workbook"),
}


def look_rows(events: Iterable[AuditEvent], numbers: Mapping[int, str]) -> list[dict[str, Any]]:
    return [_row(event, numbers) for event in events]


def _row(event: AuditEvent, numbers: Mapping[int, str]) -> dict[str, Any]:
    listed = event.details.get("inmates")
    people = len(listed) if isinstance(listed, list) else int(event.subject_id is not None)
    is_one = event.subject_type == PERSON and event.subject_id is not None
    return {
        "when": moment(event.at),
        "who": _name(event),
        "purpose": _purpose(event),
        "people": people,
        "number": numbers.get(event.subject_id or 0, "") if is_one else "",
    }


def _name(event: AuditEvent) -> str:
    if event.actor is None:
        return DASH
    return event.actor.full_name or event.actor.email


def _purpose(event: AuditEvent) -> str:
    if event.action == "iin_looked_up":
        return _("Looked up by IIN")
    code = str(event.details.get("purpose", ""))
    return str(PURPOSES.get(code) or code or DASH)
