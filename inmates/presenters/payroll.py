"""One run of wages as its pages show it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmates.enums import RunStatus
from inmates.models import PayrollProblem, PayrollRun
from inmates.presenters.discretion import earning_name
from inmates.presenters.earning_titles import WHOLE
from inmates.presenters.month_board import board_address
from inmates.presenters.run_kinds import to_pay_of
from inmates.states import PAYROLL_RUN
from portal.kernel.models import StateChange
from portal.kernel.periods import Month
from portal.kernel.text import date_short, money, number

# How many personnel numbers are named where something came late.
MOST_NUMBERS = 12
SENTENCES = {
    "rate_missing_post": gettext_lazy("No hourly rate for %(day)s: %(title)s"),
    "rate_missing_operation": gettext_lazy("No piece rate for %(day)s: %(title)s"),
    "regime_missing": gettext_lazy("The tax regime of the payer is not known for this month."),
    "earning_kind_missing": gettext_lazy(
        "It is not known what earnings of the kind %(kind)s count for in this month."
    ),
    "calendar_ends_early": gettext_lazy(
        "Work ended in the month, and leave not taken is counted in working days: the production "
        "calendar does not have %(day)s."
    ),
    "not_calculable": gettext_lazy("The payslip could not be calculated; the cause is in the log."),
}
ADVICE = {
    "rate_missing_post": gettext_lazy("Enter the rate with its start date, then calculate again."),
    "rate_missing_operation": gettext_lazy(
        "Enter the rate with its start date, then calculate again."
    ),
    "regime_missing": gettext_lazy("Ask the administrator to enter it, then calculate again."),
    "earning_kind_missing": gettext_lazy(
        "Ask the administrator to enter the kind with its dates, then calculate again."
    ),
    "calendar_ends_early": gettext_lazy(
        "Ask the administrator to load the calendar further, then calculate again."
    ),
    "not_calculable": gettext_lazy("Tell the administrator and name the personnel number."),
}
MOVES = {
    "create": gettext_lazy("Run opened"),
    "start": gettext_lazy("Calculation started"),
    "complete": gettext_lazy("Calculated"),
    "stop_incomplete": gettext_lazy("Calculated in part: see what is missing"),
    "return": gettext_lazy("Returned to the accountant"),
    "approve": gettext_lazy("Approved; the books are being written"),
    "refuse": gettext_lazy("Not posted: the month had changed"),
    "post": gettext_lazy("Posted to the books"),
    "pay": gettext_lazy("Paid out"),
}


def run_crumbs(run: PayrollRun) -> list[dict[str, str]]:
    """Payroll › payer › institution."""
    return [
        {"label": _("Payroll"), "url": reverse("inmates:payroll_runs")},
        {"label": run.payer.name},
        {
            "label": run.institution.organisation.name,
            "url": board_address(run.payer_id, run.institution_id, Month.of(run.month)),
        },
    ]


def run_facts(run: PayrollRun) -> list[dict[str, str]]:
    """The totals and the counts of a run, each with the words that define it."""
    people = _("of them %(count)s without an application for the deduction") % {
        "count": number(run.without_deduction)
    }
    idle = _("placed in the month, no work entered: no payslip") if run.without_earnings else ""
    facts = [
        {
            "label": _("People with a payslip"),
            "value": number(run.people),
            "note": people if run.without_deduction else "",
        },
        {"label": _("Nothing earned"), "value": number(run.without_earnings), "note": idle},
        {"label": _("Earned"), "value": money(run.gross)},
        {"label": _("Contributions and tax withheld"), "value": money(run.taxes)},
        {"label": _("Withheld by writs"), "value": money(run.withheld_by_writs)},
        *_settled_facts(run),
        {"label": _("To the accounts"), "value": money(to_pay_of(run))},
        {"label": _("Paid by the employer on top"), "value": money(run.employer_pays)},
    ]  # fmt: skip
    if run.problem_count:
        facts.insert(1, {"label": _("Not calculated"), "value": number(run.problem_count)})
    return facts + _checked_facts(run)


def _settled_facts(run: Any) -> list[dict[str, str]]:
    """What of earlier overpayments is settled with the run; mostly nothing."""
    settled = to_pay_of(run) - run.to_account
    if not settled:
        return []
    label = (
        _("Carried over to later wages")
        if settled > 0
        else _("Withheld of what was paid too much earlier")
    )
    return [{"label": label, "value": money(abs(settled))}]


def _checked_facts(run: PayrollRun) -> list[dict[str, str]]:
    """What the second calculation says, who approved it under which number, how it was paid."""
    facts = []
    if run.checked_at is not None and run.status != RunStatus.CALCULATING:
        count = run.difference_count or 0
        told = _("differences: %(count)s") % {"count": number(count)}
        facts.append(
            {
                "label": _("Second calculation"),
                "value": told if count else _("agrees to the tiyn"),
                "note": date_short(run.checked_at),
                "url": reverse("inmates:payroll_differences", args=[run.pk]),
            }
        )
    if run.approved_by is not None and run.approved_at is not None:
        who, day = run.approved_by.get_full_name(), date_short(run.approved_at)
        facts.append({"label": _("Approved"), "value": who, "note": day})
    if run.number:
        facts.append({"label": _("Number of the pay sheet"), "value": run.number})
    if run.paid_on is not None:
        paid = {"label": _("Paid out"), "value": date_short(run.paid_on), "note": run.paid_document}
        facts.append(paid)
    return facts


def problem_rows(
    problems: Iterable[PayrollProblem], *, is_discreet: bool = False
) -> list[dict[str, str]]:
    """Who has no payslip, why, and what to do about it; to a private payer discreetly."""
    return [
        {
            "personnel_number": problem.inmate.personnel_number,
            "text": problem_sentence(problem.code, problem.arguments, is_discreet=is_discreet),
            "advice": str(ADVICE.get(problem.code, ADVICE["not_calculable"])),
        }
        for problem in problems
    ]


def problem_sentence(code: str, arguments: Mapping[str, Any], *, is_discreet: bool = False) -> str:
    """The sentence of a stored problem in the reader's language."""
    shown = dict(arguments)
    if "kind" in shown:
        kind = shown["kind"]
        name = earning_name(kind, str(WHOLE.get(kind, kind)), is_discreet=is_discreet)
        shown["kind"] = name
    if "title" in shown:
        titles = shown["title"]
        shown["title"] = titles.get(get_language() or "ru") or titles.get("ru", "")
    if "day" in shown:
        shown["day"] = date_short(date.fromisoformat(shown["day"]))
    return str(SENTENCES.get(code, SENTENCES["not_calculable"])) % shown


def timeline(history: Iterable[StateChange]) -> list[dict[str, Any]]:
    """The moves of a run, the newest first."""
    rows = [
        {
            "at": change.at,
            "text": str(MOVES.get(change.action, change.action)),
            "status": change.to_status,
            "who": change.actor.get_full_name() if change.actor else "",
            "reason": change.reason,
        }
        for change in history
    ]
    return rows[::-1]


def is_under_way(run: PayrollRun) -> bool:
    """Being calculated or posted by a worker, or waiting for one."""
    task = run.task_run
    is_busy = run.status in (RunStatus.CALCULATING, RunStatus.POSTING)
    return is_busy and task is not None and not task.is_finished


def can_be_calculated(run: PayrollRun) -> bool:
    """Whether a calculation may begin now; one that broke off left the run being calculated."""
    if run.status == RunStatus.CALCULATING:
        return not is_under_way(run)
    return PAYROLL_RUN.target(run.status, "start") is not None


def late_changes(
    count: int, numbers: list[str], *, edited_at: datetime | None = None
) -> dict[str, Any] | None:
    """How many days changed after the calculation, and of whom; None where nothing did.

    Anything else of the month, such as a rate or a writ, that was edited since: `edited_at`.
    """
    if not count and edited_at is None:
        return None
    shown = ", ".join(numbers[:MOST_NUMBERS])
    more = "…" if len(numbers) > MOST_NUMBERS else ""
    return {"count": count, "numbers": shown + more, "edited_at": edited_at}
