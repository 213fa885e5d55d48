"""The pay sheet of a run as plain data for templates/documents/pay_sheet.typ.

Called by the page that prints it, in the language of the sheet. The columns are the kinds that
occur in the run; its totals are sums of the lines printed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmates.average import AVERAGE_PAY, IDLE, LEAVE, LEAVE_COMPENSATION, PAID_ABSENCES, SICK
from inmates.earnings import SALARY, TIME
from inmates.enums import LineKind, RunKind, RunStatus
from inmates.minimum_wage import TOP_UP
from inmates.models import PayrollRun, Payslip
from inmates.presenters.discretion import PAID_ABSENCE
from inmates.presenters.run_kinds import kind_name, to_pay_of
from inmates.presenters.slip_differences import paid_by, shown_settlement
from inmates.selectors.payslip_prints import LineSum
from inmates.selectors.people import Identity
from inmates.supplements import SUPPLEMENTS
from inmates.team_split import PIECE_TEAM
from portal.accounts.enums import PRIVATE_KINDS
from portal.documents.words import amount_in_words
from portal.kernel.text import hours, month_name, number, sum_text
from workshops.models import Post

# So many rows to a page of A4 across, room to sign in each; so many people to one file.
ON_PAGE = 16
IN_PART = 1000
# No column of sums is narrower: its head has to be read.
FEWEST_DIGITS = 9
ZERO = Decimal("0.00")
OTHER, WRITS, SUPPLEMENT, PIECE = "other", "writs", "supplements", "piece"
SETTLED = "settled"
# The columns in their order; a column without a sum in the run is left out.
EARNED: dict[str, str | Promise] = {
    TIME: gettext_lazy("By time"),
    PIECE: gettext_lazy("By piece"),
    SUPPLEMENT: gettext_lazy("Supplements"),
    TOP_UP: gettext_lazy("Top-up to the minimum wage"),
    LEAVE: gettext_lazy("Annual leave"),
    SICK: gettext_lazy("Sick pay"),
    IDLE: gettext_lazy("Idle time"),
    AVERAGE_PAY: gettext_lazy("Average wage"),
    PAID_ABSENCE: gettext_lazy("Paid absence"),
    LEAVE_COMPENSATION: gettext_lazy("Leave not taken"),
    OTHER: gettext_lazy("Extra pay"),
}
WITHHELD: dict[str, str | Promise] = {
    "opv": gettext_lazy("OPV"),
    "vosms": gettext_lazy("VOSMS"),
    "ipn": gettext_lazy("IPN"),
    WRITS: gettext_lazy("By writs"),
    # What was paid too much earlier: withheld here, or below nought carried over.
    SETTLED: gettext_lazy("Paid too much earlier"),
}
SAME = {SALARY: TIME, PIECE_TEAM: PIECE} | dict.fromkeys(SUPPLEMENTS, SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Which people of the run one file has; `first` is the place of its first row."""

    first: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """The kinds that are printed."""

    earned: list[str]
    withheld: list[str]

    @property
    def count(self) -> int:
        """Columns of sums, with the two totals and what is paid."""
        return len(self.earned) + len(self.withheld) + 3


def column_of(line: LineSum, *, is_discreet: bool) -> str:
    """The column in which a line stands; a private payer is not told why an absence is paid."""
    if line.kind == LineKind.WRIT:
        return WRITS
    if line.kind == LineKind.WITHHELD:
        return line.code
    if line.is_extra:
        return OTHER
    if is_discreet and line.code in PAID_ABSENCES:
        return PAID_ABSENCE
    code = SAME.get(line.code, line.code)
    return code if code in EARNED else OTHER


def sums_by_column(lines: Iterable[LineSum], *, is_discreet: bool) -> dict[int, dict[str, Decimal]]:
    """The sums of each slip by column; those of the run under 0."""
    sums: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for line in lines:
        sums[line.slip_id][column_of(line, is_discreet=is_discreet)] += line.amount
    return sums


def sheet_document(
    run: PayrollRun,
    slips: Sequence[Payslip],
    part: SheetPart,
    *,
    lines: Iterable[LineSum],
    run_lines: Iterable[LineSum],
    identities: Mapping[int, Identity],
    posts: Mapping[int, Sequence[Post]],
) -> dict[str, Any]:
    """Plain data of the sheet, in the present language.

    `run` comes with its totals (selectors.payroll.runs_with_totals).
    """
    is_discreet = run.payer.kind in PRIVATE_KINDS
    for slip in slips:
        slip.run = run  # known here, and not to be asked for slip by slip
    total = dict(sums_by_column(run_lines, is_discreet=is_discreet).get(0, {}))
    total[SETTLED] = run.to_account - to_pay_of(run)  # type: ignore[attr-defined]  # annotated by runs_with_totals
    is_settled = any(map(shown_settlement, slips)) or bool(total[SETTLED])
    columns = Columns(
        [code for code in EARNED if total.get(code)],
        [
            code
            for code in WITHHELD
            if code in ("opv", "ipn") or total.get(code) or (code == SETTLED and is_settled)
        ],
    )
    sums = sums_by_column(lines, is_discreet=is_discreet)
    for slip in slips:
        sums[slip.pk][SETTLED] = -shown_settlement(slip)
    return {
        **_head(run),
        "earned": [str(EARNED[code]) for code in columns.earned],
        "withheld": [str(WITHHELD[code]) for code in columns.withheld],
        "pages": [
            _page(slips[at : at + ON_PAGE], part.first + at, columns, sums, identities, posts)
            for at in range(0, len(slips), ON_PAGE)
        ],
        "total": _total(run, columns, total) if part.is_last else None,
        "digits": [max(len(text), FEWEST_DIGITS) for text in _total(run, columns, total)["sums"]],
    }


def _head(run: PayrollRun) -> dict[str, Any]:
    is_final = run.status in (RunStatus.APPROVED, RunStatus.PAID)
    return {
        "language": (get_language() or "ru").split("-")[0],
        "title": _("Pay sheet")
        if run.kind == RunKind.REGULAR
        else f"{_('Pay sheet')}: {kind_name(run)}",
        "number": run.number,
        "period": month_name(run.month),
        "payer": run.payer.name,
        "institution": run.institution.organisation.name,
        "draft": "" if is_final else _("draft"),
        "paid": f"{run.paid_on:%d.%m.%Y}, {run.paid_document}" if run.paid_on else "",
        "labels": _labels(),
    }


def _labels() -> dict[str, str]:
    return {
        "place": "№",
        "number": _("Personnel №"),
        "person": _("Name"),
        "iin": _("IIN"),
        "trade": _("Trade"),
        "worked": _("Days / hours"),
        "earned": _("Earned, ₸"),
        "withheld": _("Withheld, ₸"),
        "total": _("In total"),
        "to_account": _("To pay, ₸"),
        "signature": _("Signature"),
        "of_page": _("In total on the page"),
        "of_run": _("In total on the sheet"),
        "sheet": _("Sheet"),
        "payer": _("Payer"),
        "institution": _("Institution"),
        "period": _("Period"),
        "paid": _("Paid by"),
        "drawn_up": _("Drawn up by"),
        "checked": _("Checked by"),
        "head": _("Head"),
        "in_words": _("To pay in words"),
    }


def _page(
    slips: Sequence[Payslip],
    first: int,
    columns: Columns,
    sums: Mapping[int, Mapping[str, Decimal]],
    identities: Mapping[int, Identity],
    posts: Mapping[int, Sequence[Post]],
) -> dict[str, Any]:
    """The rows of a page and what they come to."""
    rows = []
    for place, slip in enumerate(slips, start=first):
        identity = identities.get(slip.inmate_id)
        trades = dict.fromkeys(post.trade.name for post in posts.get(slip.inmate_id, []))
        rows.append(
            {
                "place": number(place),
                "number": slip.inmate.personnel_number,
                "person": identity.full_name if identity else "",
                "iin": (identity.iin or "") if identity else "",
                "trade": ", ".join(trades),
                "worked": _worked(slip),
                "sums": _cells(columns, sums.get(slip.pk, {}), _own_totals(slip)),
            }
        )
    of_page: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for slip in slips:
        for code, amount in sums.get(slip.pk, {}).items():
            of_page[code] += amount
    whole = [sum((_own_totals(slip)[at] for slip in slips), ZERO) for at in range(3)]
    return {"rows": rows, "total": _cells(columns, of_page, whole)}


def _own_totals(slip: Payslip) -> list[Decimal]:
    """Earned, withheld and what is paid."""
    paid = paid_by(slip)
    return [slip.gross, slip.gross - paid, paid]


def _worked(slip: Payslip) -> str:
    if not slip.minutes_worked:
        return number(slip.days_worked) if slip.days_worked else ""
    return f"{number(slip.days_worked)} / {hours(slip.minutes_worked)}"


def _cells(columns: Columns, sums: Mapping[str, Decimal], totals: Sequence[Decimal]) -> list[str]:
    """Earned by kinds, in total, withheld by kinds, in total, to pay."""

    def shown(code: str) -> str:
        return sum_text(sums[code]) if sums.get(code) else ""

    gross, withheld, to_account = map(sum_text, totals)
    return [
        *map(shown, columns.earned),
        gross,
        *map(shown, columns.withheld),
        withheld,
        to_account,
    ]


def _total(run: PayrollRun, columns: Columns, sums: Mapping[str, Decimal]) -> dict[str, Any]:
    language = (get_language() or "ru").split("-")[0]
    paid = to_pay_of(run)
    whole = [run.gross, run.gross - paid, paid]  # type: ignore[attr-defined]  # annotated by runs_with_totals
    return {
        "sums": _cells(columns, sums, whole),
        "in_words": amount_in_words(paid, language) if paid >= 0 else "",
    }
