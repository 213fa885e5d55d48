"""The board of payroll runs and one run as pages show them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmates.enums import RunStatus
from inmates.models import PayrollProblem, PayrollRun
from inmates.selectors.payroll import Place
from portal.kernel.models import StateChange
from portal.kernel.periods import Month
from portal.kernel.text import date_short, money, number

# How many personnel numbers are named where something came late.
MOST_NUMBERS = 12
SENTENCES = {
    "rate_missing_post": gettext_lazy("No hourly rate for %(day)s: %(title)s"),
    "rate_missing_operation": gettext_lazy("No piece rate for %(day)s: %(title)s"),
    "regime_missing": gettext_lazy("The tax regime of the payer is not known for this month."),
    "average_hours_missing": gettext_lazy(
        "The average monthly hours of this year are not known, so an apprentice's pay cannot be "
        "tested against the minimum wage."
    ),
    "not_calculable": gettext_lazy("The payslip could not be calculated; the cause is in the log."),
}
ADVICE = {
    "rate_missing_post": gettext_lazy("Enter the rate with its start date, then calculate again."),
    "rate_missing_operation": gettext_lazy(
        "Enter the rate with its start date, then calculate again."
    ),
    "regime_missing": gettext_lazy("Ask the administrator to enter it, then calculate again."),
    "average_hours_missing": gettext_lazy(
        "Ask the administrator to enter it, then calculate again."
    ),
    "not_calculable": gettext_lazy("Tell the administrator and name the personnel number."),
}
MOVES = {
    "create": gettext_lazy("Run opened"),
    "start": gettext_lazy("Calculation started"),
    "complete": gettext_lazy("Calculated"),
    "stop_incomplete": gettext_lazy("Calculated in part: see what is missing"),
}


def board(
    places: Iterable[Place],
    months: Iterable[Month],
    runs: Mapping[tuple[int, int, Month], PayrollRun],
) -> list[dict[str, Any]]:
    """For each payer and institution its months, the newest first, with the run or none."""
    return [
        {
            "payer": place.payer.name,
            "institution": place.institution.organisation.name,
            "months": [
                {
                    "month": month,
                    "run": runs.get((*place.key, month)),
                    "start": _start(place, month),
                }
                for month in months
            ],
        }
        for place in places
    ]


def _start(place: Place, month: Month) -> str:
    payer_id, institution_id = place.key
    query = f"payer={payer_id}&institution={institution_id}&month={month}"
    return f"{reverse('inmates:payroll_start')}?{query}"


def run_crumbs(run: PayrollRun) -> list[dict[str, str]]:
    """Payroll › payer › institution."""
    return [
        {"label": _("Payroll"), "url": reverse("inmates:payroll_runs")},
        {"label": run.payer.name},
        {"label": run.institution.organisation.name},
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
        {"label": _("To the accounts"), "value": money(run.to_account)},
        {"label": _("Paid by the employer on top"), "value": money(run.employer_pays)},
    ]  # fmt: skip
    if run.problem_count:
        facts.insert(1, {"label": _("Not calculated"), "value": number(run.problem_count)})
    return facts


def problem_rows(problems: Iterable[PayrollProblem]) -> list[dict[str, str]]:
    """Who has no payslip, why, and what to do about it."""
    return [
        {
            "personnel_number": problem.inmate.personnel_number,
            "text": problem_sentence(problem.code, problem.arguments),
            "advice": str(ADVICE.get(problem.code, ADVICE["not_calculable"])),
        }
        for problem in problems
    ]


def problem_sentence(code: str, arguments: Mapping[str, Any]) -> str:
    """The sentence of a stored problem in the reader's language."""
    shown = dict(arguments)
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
        }
        for change in history
    ]
    return rows[::-1]


def is_under_way(run: PayrollRun) -> bool:
    """Being calculated by a worker, or waiting for one."""
    task = run.task_run
    return run.status == RunStatus.CALCULATING and task is not None and not task.is_finished


def late_changes(count: int, numbers: list[str]) -> dict[str, Any] | None:
    """How many days changed after the calculation, and of whom; None where nothing did."""
    if not count:
        return None
    shown = ", ".join(numbers[:MOST_NUMBERS])
    return {"count": count, "numbers": shown + ("…" if len(numbers) > MOST_NUMBERS else "")}
