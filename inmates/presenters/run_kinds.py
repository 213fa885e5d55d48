"""Runs beside the regular one of a month: what they are called, what they belong to, in words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.enums import FINAL_RUNS, OFF_CYCLE_RUNS, BackdatedCause, RunKind, RunStatus
from inmates.models import PayrollRun, Payslip
from inmates.selectors.off_cycle import Candidate
from inmates.selectors.payroll import pays_anybody
from inmates.selectors.run_families import Before
from portal.kernel.text import DASH, date_short, month_name, number, sum_text

MINUS = "\N{MINUS SIGN}"
ZERO_TEXT = "0,00"
ZERO = Decimal("0.00")
# What each kind of run is for, as its page says before one is made.
ABOUT = {
    RunKind.RELEASE: gettext_lazy(
        "For whoever works no more for the payer: everything of the month up to the last day, "
        "with the leave not taken. It is paid on the day of release; the run of the month then "
        "pays them only what came later."
    ),
    RunKind.BONUS: gettext_lazy(
        "For one-off payments entered after the wages of the month were approved. Contributions "
        "and tax are those of the whole month."
    ),
    RunKind.ERROR: gettext_lazy(
        "For changes of the month made after its wages were approved: the differences are paid "
        "now, and not with the next wages."
    ),
}
# What the day beside a candidate means.
SINCE = {
    RunKind.RELEASE: gettext_lazy("Last working day"),
    RunKind.BONUS: gettext_lazy("Payment entered"),
    RunKind.ERROR: gettext_lazy("Changed from"),
}
NOBODY = {
    RunKind.RELEASE: gettext_lazy("Nobody has left in this month who is still to be paid."),
    RunKind.BONUS: gettext_lazy("No payment of this month waits: all are on payslips."),
    RunKind.ERROR: gettext_lazy("Nothing was changed after the wages of this month were approved."),
}


def run_title(run: PayrollRun) -> str:
    """The month, and what kind of run it is where it is not the regular one."""
    month = month_name(run.month).capitalize()
    return month if run.kind == RunKind.REGULAR else f"{month}: {kind_name(run)}"


def kind_name(run: PayrollRun) -> str:
    """The kind inside a sentence."""
    name = str(run.get_kind_display())
    return name[:1].lower() + name[1:]


def kind_facts(run: PayrollRun, mirror: PayrollRun | None) -> list[dict[str, str]]:
    """Why the run was made and which other run it belongs to; nothing of an ordinary one."""
    facts = []
    if run.kind != RunKind.REGULAR:
        facts.append({"label": _("Kind of run"), "value": str(run.get_kind_display())})
    if run.reason:
        facts.append({"label": _("Why it was made"), "value": run.reason})
    if run.reverses is not None:
        facts.append(_linked(_("Reverses"), run.reverses))
    if run.settled_with is not None:
        facts.append(_linked(_("Goes together with"), run.settled_with))
    if mirror is not None:
        label = _("Reversed by") if run.is_reversed else _("Its reversal waits")
        facts.append(_linked(label, mirror))
    return facts


def _linked(label: str, run: PayrollRun) -> dict[str, str]:
    number_of = f"№ {run.number}" if run.number else str(run.get_status_display())
    return {
        "label": label,
        "value": run_title(run),
        "note": number_of,
        "url": reverse("inmates:payroll_run", args=[run.pk]),
    }


def run_rows(runs: Iterable[PayrollRun], here: PayrollRun | None = None) -> list[dict[str, Any]]:
    """Runs with their sums, as the board and the page of a run list them."""
    return [
        {
            "run": run,
            "title": run_title(run),
            "note": _note(run),
            "url": "" if run == here else reverse("inmates:payroll_run", args=[run.pk]),
            "people": number(run.people),  # type: ignore[attr-defined]  # of runs_with_totals
            "gross": sum_text(run.gross),  # type: ignore[attr-defined]  # of runs_with_totals
            "to_pay": sum_text(to_pay_of(run)),
        }
        for run in runs
    ]


def _note(run: PayrollRun) -> str:
    parts = [f"№ {run.number}" if run.number else ""]
    if run.is_reversed:
        parts.append(_("reversed"))
    if run.kind == RunKind.CORRECTION and run.settled_with is not None:
        parts.append(
            _("with the wages of %(month)s") % {"month": month_name(run.settled_with.month)}
        )
    if run.reverses is not None and run.reverses.number:
        parts.append(_("of the run № %(number)s") % {"number": run.reverses.number})
    return ", ".join(filter(None, parts))


def difference_people(
    run: PayrollRun,
    slips: Iterable[Payslip],
    before: Mapping[int, Before],
    causes: Mapping[int, list[str]],
) -> list[dict[str, Any]]:
    """A line for each payslip that is a difference: was, now, by how much, why, what is paid."""
    rows = []
    for slip in slips:
        if not slip.is_difference:
            continue
        was = before.get(slip.inmate_id)
        gross = was.gross if was else None
        paid = max(ZERO, slip.to_account + slip.settlement)
        rows.append(
            {
                "number": slip.inmate.personnel_number,
                "url": reverse("inmates:payslip", args=[slip.pk]),
                "was": DASH if gross is None else sum_text(gross),
                "now": sum_text((gross or 0) + slip.gross),
                "difference": signed(slip.gross),
                "to_account": signed(slip.to_account),
                "paid": sum_text(paid),
                "carried": sum_text(slip.settlement) if slip.settlement > 0 else "",
                "why": run.reason or cause_words(causes.get(slip.pk, [])),
            }
        )
    return rows


def cause_words(causes: Iterable[str]) -> str:
    """The causes of a difference; where nothing was recorded, that too is said."""
    words = [str(BackdatedCause(cause).label) for cause in causes if cause in BackdatedCause.values]
    shown = [word[:1].lower() + word[1:] for word in words]
    return ", ".join(shown) or _("calculated anew: nothing of its own was changed")


def signed(amount: Any) -> str:
    """A difference with its sign."""
    if not amount:
        return ZERO_TEXT
    return f"{'+' if amount > 0 else MINUS}{sum_text(abs(amount))}"


def candidate_rows(rows: Iterable[Candidate]) -> list[dict[str, str]]:
    """Personnel number and the day, as the page lists them."""
    return [{"number": one.number, "day": date_short(one.day)} for one in rows]


def kind_chips(kind: str, address: str) -> list[dict[str, Any]]:
    """The kinds to choose from."""
    return [
        {
            "label": RunKind(one).label,
            "url": f"{address}?kind={one}",
            "is_here": one == kind,
        }
        for one in OFF_CYCLE_RUNS
    ]


def never_paid(run: PayrollRun) -> bool:
    """Whether the run takes back what was approved and not paid: it moves no money either, but for
    what later wages have withheld of a difference below nought."""
    mirrored = run.reverses if run.kind == RunKind.REVERSAL else None
    return mirrored is not None and mirrored.status != RunStatus.PAID


def to_pay_of(run: Any) -> Decimal:
    """What the run sends to the accounts (selectors.payroll.runs_with_totals)."""
    total: Decimal = run.to_pay
    return total


def is_payable(run: PayrollRun) -> bool:
    """Whether there is something to pay, and nobody has taken it back."""
    if run.is_reversed or run.settled_with_id is not None:
        return False
    return run.kind != RunKind.REVERSAL or pays_anybody(run)


def is_reversible(run: PayrollRun, mirror: PayrollRun | None) -> bool:
    """Whether a reversal may be asked for on the page of the run."""
    is_own = run.kind not in (RunKind.REVERSAL, RunKind.CORRECTION)
    return is_own and run.status in FINAL_RUNS and mirror is None


def is_droppable(run: PayrollRun) -> bool:
    """Whether the run, made by hand and approved by nobody, may be taken back."""
    is_own = run.kind in (*OFF_CYCLE_RUNS, RunKind.REVERSAL) and run.settled_with_id is None
    return is_own and run.status in (
        RunStatus.DRAFT,
        RunStatus.CALCULATED,
        RunStatus.INCOMPLETE,
    )


def reversed_words(run: PayrollRun) -> str:
    """What the page of a reversed run says above everything else."""
    if not run.is_reversed:
        return ""
    if run.status == RunStatus.PAID:
        return _("These wages are reversed. What was paid is carried over as a debt.")
    return _("These wages are reversed and were never paid: nothing of them is paid any more.")
