"""Who leaves within three months: the list, the steps of a file, and the forecast in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmates.models import CustodyStay, WritOfExecution
from inmates.papers.clocks import days_left
from inmates.papers.enums import LeavingStepCode, LeavingStepStatus
from inmates.presenters.payroll import problem_sentence
from inmates.presenters.writs import asks_text
from inmates.selectors.leaving import Step, steps_of
from inmates.selectors.leaving_forecast import Forecast
from inmates.selectors.writs import Balance
from portal.kernel.access import Verdict
from portal.kernel.text import DASH, date_short, money, month_name, number, sum_text

SETTLED = (LeavingStepStatus.DONE, LeavingStepStatus.NOT_NEEDED)
SOON_DAYS = 14


def leaving_rows(stays: Iterable[Any], on: date) -> list[dict[str, Any]]:
    """One row a person: when, how far the file is, what of writs is open."""
    return [_row(stay, on) for stay in stays]


def _row(stay: Any, on: date) -> dict[str, Any]:
    steps = steps_of(stay.leaving_steps.all())
    settled = sum(step.status in SETTLED for step in steps)
    left = days_left(stay.release_on, on)
    is_ready = settled == len(steps)
    tone = "ok" if is_ready else "bad" if left < 0 else "warn" if left <= SOON_DAYS else "info"
    return {
        "number": stay.inmate.personnel_number,
        "url": reverse("inmates:leaving_file", args=[stay.inmate.personnel_number]),
        "place": stay.institution.organisation.name,
        "release": date_short(stay.release_on),
        "clock": clock_words(left),
        "tone": tone,
        "steps": _("%(done)s of %(all)s") % {"done": settled, "all": len(steps)},
        "writs": number(stay.writ_count) if stay.writ_count else DASH,
        "untold": ngettext(
            "%(count)s notice to send", "%(count)s notices to send", stay.untold_count
        )
        % {"count": number(stay.untold_count)}
        if stay.untold_count
        else "",
    }


def clock_words(left: int) -> str:
    """How far the expected day is."""
    if left < 0:
        return ngettext("%(count)s day past", "%(count)s days past", -left) % {
            "count": number(-left)
        }
    if left == 0:
        return _("today")
    return ngettext("in %(count)s day", "in %(count)s days", left) % {"count": number(left)}


def step_rows(
    steps: Sequence[Step],
    number_of_person: str,
    may: Callable[[str], Verdict],
    hints: Mapping[str, str],
    typed: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The steps with their acts; who does not answer for one reads why.

    `typed`: notes of a step that was refused.
    """
    kept = typed or {}
    return [
        _step(step, number_of_person, may(step.code), hints.get(step.code, ""))
        | {"typed": kept.get(step.code, "")}
        for step in steps
    ]


def _step(step: Step, person: str, verdict: Verdict, hint: str) -> dict[str, Any]:
    acts = ("finish", "leave_out") if step.is_open else ("reopen",)
    labels = {
        "finish": _("Done"),
        "leave_out": _("Not needed"),
        "reopen": _("To be done again"),
    }
    row = step.row
    return {
        "code": str(step.code),
        "title": LeavingStepCode(step.code).label,
        "hint": hint,
        "status": str(step.status),
        "label": LeavingStepStatus(step.status).label,
        "note": row.note if row else "",
        "who": f"{row.changed_by.get_full_name()}, {date_short(row.changed_at)}"
        if row and not step.is_open
        else "",
        "why": "" if verdict else str(verdict.reason),
        "acts": [
            {
                "label": labels[act],
                "is_main": act == "finish",
                "value": act,
            }
            for act in acts
        ]
        if verdict
        else [],
        "url": reverse("inmates:leaving_step", args=[person, str(step.code)]),
    }


def file_facts(stay: Any, on: date) -> list[dict[str, str]]:
    """What stands at the head of a file."""
    left = days_left(stay.release_on, on)
    return [
        {"label": _("Personnel number"), "value": stay.inmate.personnel_number},
        {"label": _("Institution"), "value": stay.institution.organisation.name},
        {
            "label": _("Expected release"),
            "value": date_short(stay.release_on),
            "note": clock_words(left),
        },
    ]


def forecast_facts(found: Forecast) -> list[dict[str, str]]:
    """The settlement at one payer, line by line, each with what it rests on."""
    facts = []
    if found.unpaid:
        facts.append({"label": _("Approved, not paid yet"), "value": money(found.unpaid)})
    if found.slip is not None:
        facts += _slip_facts(found)
    if found.overpaid:
        facts.append(
            {
                "label": _("Paid too much earlier"),
                "value": money(-found.overpaid),
                "note": _("It is taken from the last payments within the limit of the law."),
            }
        )
    if is_refused(found):
        return facts
    facts.append(
        {
            "label": _("Expected to the account"),
            "value": money(found.to_account),
            "note": _("a forecast: what is really paid, the last run says"),
        }
    )
    return facts


def _slip_facts(found: Forecast) -> list[dict[str, str]]:
    if found.slip is None:
        return []
    result = found.slip.result
    wages = result.gross - found.leave_amount
    facts = []
    if found.like is not None and wages:
        facts.append(
            {
                "label": _("Wages of the last month"),
                "value": money(wages),
                "note": _("as in %(month)s, for the working days before the release")
                % {"month": month_name(found.like)},
            }
        )
    if found.leave_amount:
        facts.append(
            {
                "label": _("Compensation of leave not taken"),
                "value": money(found.leave_amount),
                "note": ngettext(
                    "%(count)s working day by average pay",
                    "%(count)s working days by average pay",
                    found.leave_days,
                )
                % {"count": number(found.leave_days)},
            }
        )
    taxes = result.opv + result.vosms + result.ipn
    facts += [
        {
            "label": _("Taxes and contributions"),
            "value": money(-taxes),
            "note": _("by the law of %(month)s") % {"month": month_name(found.law)},
        },
        {"label": _("By writs"), "value": money(-result.withheld_by_writs)},
    ]
    return facts


def is_refused(found: Forecast) -> bool:
    """Whether something is missing: then nobody knows what is still to come."""
    return found.missing is not None or bool(found.refusal)


def refusal_words(found: Forecast) -> str:
    """Why nothing can be forecast, or is."""
    if found.missing is not None:
        return problem_sentence(*found.missing)
    if found.refusal:
        return found.refusal
    if found.slip:
        return ""
    if found.unpaid or found.overpaid:
        return _("Nothing more is expected: the wages are approved.")
    return _("Nothing is expected: no work for this payer.")


def writ_rows(
    writs: Iterable[WritOfExecution], standing: Mapping[int, Balance]
) -> list[dict[str, str]]:
    """Executive documents to be handed over, with what is left of each."""
    rows = []
    for writ in writs:
        balance = standing[writ.pk]
        left = balance.debt_left
        rows.append(
            {
                "number": writ.number,
                "url": reverse("inmates:writ", args=[writ.pk]),
                "asks": asks_text(writ),
                "bailiff": writ.bailiff or DASH,
                "withheld": sum_text(balance.withheld),
                "left": sum_text(left) if left is not None else DASH,
                "arrears": sum_text(balance.arrears) if balance.arrears else DASH,
            }
        )
    return rows


def step_hints(stay: CustodyStay, *, writs: int, untold: int) -> dict[str, str]:
    """What the portal knows about a step by itself."""
    hints = {}
    if writs:
        hints[LeavingStepCode.WRITS.value] = ngettext(
            "%(count)s document in force", "%(count)s documents in force", writs
        ) % {"count": number(writs)}
    else:
        hints[LeavingStepCode.WRITS.value] = _("no documents in force")
    if untold:
        hints[LeavingStepCode.WRITS.value] += "; " + ngettext(
            "%(count)s notice to send", "%(count)s notices to send", untold
        ) % {"count": number(untold)}
    return hints
