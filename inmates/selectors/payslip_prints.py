"""What is printed of a run: its slips with lines, places and sums of the year, and the pay sheet.

Read by the job that prints all payslips and by the page of papers. However many slips, the number
of statements is the same.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from inmates.enums import LineKind
from inmates.models import PayrollRun, Payslip, PayslipLine, PayslipPrint, Placement
from inmates.selectors.transfers import Transferred, transfers_of_people
from portal.kernel.periods import Month, overlap_q
from workshops.models import Post

# The subject of a line of extra pay begins so.
EXTRA = "extra:"


@dataclass(frozen=True, slots=True)
class SlipToPrint:
    """One slip with everything its paper says but the name."""

    slip: Payslip
    lines: Sequence[PayslipLine]
    posts: Sequence[Post]
    year: dict[str, Decimal] = field(default_factory=dict)
    # Of the month before; None where there were no wages then.
    transfers: Sequence[Transferred] | None = None


def slip_ids(run: PayrollRun) -> list[int]:
    """The slips of the run by personnel number; one statement."""
    return list(
        run.payslips.order_by("inmate__personnel_number", "pk").values_list("pk", flat=True)
    )


def print_of(run_id: int) -> PayslipPrint | None:
    """What is being or was printed of the run."""
    return PayslipPrint.objects.select_related("task_run", "asked_by").filter(run=run_id).first()


def slips_to_print(run: PayrollRun, ids: Collection[int]) -> list[SlipToPrint]:
    """The slips by personnel number; eight statements."""
    slips = (
        Payslip.objects.filter(pk__in=ids)
        .select_related("inmate")
        .order_by("inmate__personnel_number", "pk")
    )
    lines = defaultdict(list)
    rows = PayslipLine.objects.filter(payslip__in=ids).order_by("payslip", "sequence")
    for line in rows.prefetch_related("writ", "parameter"):
        lines[line.payslip_id].append(line)
    found = list(slips)
    people = [slip.inmate_id for slip in found]
    posts, year = posts_of(run, people), _sums_of_year(run, people)
    sent = transfers_of_people(run.payer_id, people, Month.of(run.month).previous())
    for slip in found:
        slip.run = run
    return [
        SlipToPrint(
            slip,
            lines[slip.pk],
            posts.get(slip.inmate_id, []),
            year.get(slip.inmate_id, {}),
            sent.get(slip.inmate_id),
        )
        for slip in found
    ]


def posts_of(run: PayrollRun, people: Collection[int]) -> dict[int, list[Post]]:
    """The posts people have at the payer in the month, by person; one statement."""
    placements = (
        Placement.objects.filter(
            overlap_q(Month.of(run.month).period),
            inmate_id__in=people,
            payer_id=run.payer_id,
            post__workshop__institution_id=run.institution_id,
        )
        .select_related("post__workshop", "post__trade")
        .order_by("effective_from", "id")
    )
    posts = defaultdict(list)
    for one in placements:
        posts[one.inmate_id].append(one.post)
    return posts


def _sums_of_year(run: PayrollRun, people: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """`payroll.year_to_date` of many."""
    rows = (
        Payslip.objects.filter(
            inmate_id__in=people,
            run__payer_id=run.payer_id,
            run__month__gte=run.month.replace(month=1),
            run__month__lte=run.month,
        )
        .order_by()
        .values("inmate_id")
        .annotate(sum_gross=Sum("gross"), sum_opv=Sum("opv"))
    )
    return {row["inmate_id"]: {"gross": row["sum_gross"], "opv": row["sum_opv"]} for row in rows}


@dataclass(frozen=True, slots=True)
class LineSum:
    """What the lines of one kind and code come to: of a slip, or of the run (`slip_id` 0)."""

    slip_id: int
    kind: str
    code: str
    is_extra: bool
    amount: Decimal


def sums_of_slips(ids: Collection[int]) -> list[LineSum]:
    """By slip, kind and code, without what the employer pays on top; one statement."""
    rows = _sums(PayslipLine.objects.filter(payslip__in=ids), "payslip_id")
    return [LineSum(*row) for row in rows]


def sums_of_run(run: PayrollRun) -> list[LineSum]:
    """By kind and code; one statement."""
    return [LineSum(0, *row) for row in _sums(PayslipLine.objects.filter(payslip__run=run))]


def _sums(lines: "QuerySet[PayslipLine]", *by: str) -> "QuerySet[PayslipLine, Any]":
    return (
        lines.exclude(kind__in=(LineKind.EMPLOYER, LineKind.SETTLEMENT))
        .order_by()
        .annotate(is_extra=Q(subject__startswith=EXTRA))
        .values_list(*by, "kind", "code", "is_extra")
        .annotate(sum=Sum("amount"))
    )
