"""The page of a run's papers in words: what was printed, and the parts of the pay sheet."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.enums import PaperLanguage
from inmates.models import PayrollRun, PayslipPrint
from inmates.presenters.pay_sheet import IN_PART
from portal.kernel.text import date_short, moment, number

MEGABYTE = 1024 * 1024
# As services.payslip_prints keeps it.
KEPT_DAYS = 3


def print_facts(printed: PayslipPrint) -> list[dict[str, Any]]:
    """How much was printed, by whom, and how long it is kept."""
    megabytes = max((printed.size + MEGABYTE // 2) // MEGABYTE, 1)
    until = printed.asked_at + timedelta(days=KEPT_DAYS)
    return [
        {"label": _("Payslips"), "value": number(printed.slips)},
        {
            "label": _("Files in the archive"),
            "value": number(printed.files),
            "note": _("about %(size)s MB") % {"size": number(megabytes)},
        },
        {
            "label": _("Printed"),
            "value": moment(printed.made_at) if printed.made_at else "",
            "note": printed.asked_by.get_full_name(),
        },
        {"label": _("Kept until"), "value": date_short(until)},
    ]


def sheet_parts(run: PayrollRun) -> list[dict[str, Any]]:
    """The files of the pay sheet: one, or where people are many one for each thousand."""
    people: int = run.people  # type: ignore[attr-defined]  # annotated by runs_with_totals
    address = reverse("inmates:pay_sheet", args=[run.pk])
    starts = range(0, people, IN_PART)
    return [
        {
            "name": _("rows %(first)s–%(last)s")
            % {"first": number(start + 1), "last": number(min(start + IN_PART, people))},
            "links": [
                {"url": f"{address}?language={code}&part={place}", "label": label}
                for code, label in (
                    (PaperLanguage.RUSSIAN.value, _("PDF in Russian")),
                    (PaperLanguage.KAZAKH.value, _("PDF in Kazakh")),
                )
            ],
        }
        for place, start in enumerate(starts, start=1)
    ]
