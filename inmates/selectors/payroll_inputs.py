"""What a payroll run is computed from: a dozen reads for all people of it, as plain tuples.

Called by the calculation service. Rates are matched to the day of work in SQL; a missing one is a
row with a null rate, which the arithmetic refuses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from inmates.absences import AveragePay
from inmates.differences.settle import Debt
from inmates.differences.subtract import Earlier
from inmates.enums import RunKind
from inmates.models import (
    Apprenticeship,
    Inmate,
    PayParameter,
    PayrollRun,
    Placement,
    RunPerson,
)
from inmates.pay_values import Elsewhere, Joint
from inmates.selectors.payroll_average import average_pay
from inmates.selectors.payroll_earlier import Beside, runs_beside
from inmates.selectors.payroll_extra import PieceExtra, piece_extra
from inmates.selectors.payroll_team import TeamWork, team_work
from inmates.selectors.payroll_time import TimeWork, attended_in
from portal.accounts.selectors import tax_status_on
from portal.kernel.periods import Month, Period, overlap_q, period_q
from workshops.models import Operation, Post, RequestedPart

Title = dict[str, str]
LANGUAGES = ("ru", "kk", "en")

PIECES_MADE = """
SELECT p.inmate_id, o.operation_id, r.amount, r.per_pieces, SUM(e.quantity), MIN(e.worked_on),
  t.norm_coefficient
FROM inmates_workentry e
JOIN inmates_placement p ON p.id = e.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
JOIN workshops_operation u ON u.id = o.operation_id
LEFT JOIN inmates_apprenticeship t ON t.inmate_id = p.inmate_id AND t.trade_id = u.trade_id
  AND t.effective_from <= e.worked_on
  AND (t.effective_to IS NULL OR e.worked_on < t.effective_to)
LEFT JOIN inmates_payrate r ON r.payer_id = p.payer_id AND r.operation_id = o.operation_id
  AND r.effective_from <= e.worked_on
  AND (r.effective_to IS NULL OR e.worked_on < r.effective_to)
WHERE p.payer_id = %s AND w.institution_id = %s AND e.worked_on >= %s AND e.worked_on < %s
  AND p.pay_form = 'piece'
  AND (%s::bigint[] IS NULL OR p.inmate_id = ANY(%s::bigint[]))
GROUP BY p.inmate_id, o.operation_id, r.amount, r.per_pieces, t.norm_coefficient
ORDER BY p.inmate_id, MIN(e.worked_on), o.operation_id
"""


@dataclass(frozen=True, slots=True)
class Person:
    """The facts of one person that pay depends on."""

    id: int
    born_on: date
    pension: str
    disability_group: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """Pieces of an operation under one rate (None: there is none).

    `coefficient` is that of an apprenticeship in the operation's trade on the day of work.
    """

    subject_id: int
    rate: Decimal | None
    per_pieces: int | None
    quantity: int
    first_day: date
    coefficient: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WritInForce:
    """A writ with what is left of it after the payslips of other runs.

    `fee`: what is left of the bailiff's, None where nothing is. `suspended`: since when, by what.
    """

    id: int
    queue: int
    kind: str
    share: tuple[int, int] | None
    amount: Decimal | None
    remaining: Decimal | None
    fee: Decimal | None = None
    suspended: tuple[date, str] | None = None

    @property
    def is_open(self) -> bool:
        """Something is left to ask for besides the fee."""
        return self.share is not None or bool(self.amount) or bool(self.remaining)


@dataclass(slots=True)
class RunInputs:
    """Everything a run needs; lookups by the person's id. The last eight: `payroll_shared`.

    `departed`: people with payslips of the month who were not placed in it after all.
    """

    month: Month
    category: str
    regime: str | None
    people: list[Person] = field(default_factory=list)
    departed: set[int] = field(default_factory=set)
    beside: Beside = field(default_factory=Beside)
    changed_employment: set[int] = field(default_factory=set)
    time: dict[int, list[TimeWork]] = field(default_factory=dict)
    pieces: dict[int, list[Work]] = field(default_factory=dict)
    # Shares of what teams made; by day: `payroll_team.team_pay_by_day`.
    teams: dict[int, list[TeamWork]] = field(default_factory=dict)
    worked: dict[int, tuple[int, int]] = field(default_factory=dict)
    # What was earned by the piece in minutes that have a supplement.
    piece_extra: dict[int, PieceExtra] = field(default_factory=dict)
    # Paid absences, leave at the end of work, one-off sums.
    average: AveragePay = field(default_factory=AveragePay)
    # Whose whole month is tested against the minimum wage by the hour.
    apprentices: set[int] = field(default_factory=set)
    posts: dict[int, Title] = field(default_factory=dict)
    operations: dict[int, Title] = field(default_factory=dict)
    applications: set[int] = field(default_factory=set)
    earlier_taxable: dict[int, Decimal] = field(default_factory=dict)
    # What other payslips of this payer and month have used of the basic deduction.
    deduction_given: dict[int, Decimal] = field(default_factory=dict)
    writs: dict[int, list[WritInForce]] = field(default_factory=dict)
    # What the other runs of the month pay, and what writs took of it.
    elsewhere: dict[int, Elsewhere] = field(default_factory=dict)
    # Of those, the payer's own, in its other institutions.
    joint: dict[int, Joint] = field(default_factory=dict)
    # The month's approved payslips, and what was changed since them.
    earlier: dict[int, Earlier] = field(default_factory=dict)
    causes: dict[int, list[str]] = field(default_factory=dict)
    # What is owed to the payer from overpayments.
    debts: dict[int, Debt] = field(default_factory=dict)


def placed_in_month(payer_id: int, institution_id: int, month: Month) -> Any:
    """Placements of a payer in an institution in force on at least one day of the month."""
    return Placement.objects.filter(
        overlap_q(month.period), payer_id=payer_id, post__workshop__institution_id=institution_id
    )


def placed_in_span(payer_id: int, institution_id: int, first: Month, last: Month) -> Any:
    """Placements of a payer in an institution in force on a day of these months."""
    span = Period(first.first_day, last.next().first_day)
    return Placement.objects.filter(
        overlap_q(span), payer_id=payer_id, post__workshop__institution_id=institution_id
    )


def parameter_rows_on(on: date) -> list[dict[str, Any]]:
    """The rows of the law in force on a day, with their ids."""
    return list(
        PayParameter.objects.filter(period_q(on)).values(
            "id", "code", "effective_from", "effective_to", "value"
        )
    )


def run_inputs(run: PayrollRun) -> RunInputs:
    """What no other run changes; `run.institution` is loaded. The rest: `payroll_shared`."""
    month = Month.of(run.month)
    status = tax_status_on(run.payer_id, month.last_day)
    is_minimum = run.institution.security == "minimum"
    inputs = RunInputs(
        month=month,
        category="convict_minimum_security" if is_minimum else "convict",
        regime=status.regime if status else None,
        beside=runs_beside(run),
    )
    # Of a run that is not the month's own nobody else is read: it may be one person of thousands.
    chosen = None if run.kind == RunKind.REGULAR else _chosen(run)
    _read_people(inputs, run, chosen)
    _add_departed(inputs, chosen)
    _read_work(inputs, run, chosen)
    inputs.average = average_pay(run, chosen)
    inputs.posts |= post_titles(inputs.average.posts_without_rate() - inputs.posts.keys())
    return inputs


def _chosen(run: PayrollRun) -> list[int]:
    """The people named for the run."""
    return sorted(RunPerson.objects.filter(run=run).values_list("inmate_id", flat=True))


def _read_people(inputs: RunInputs, run: PayrollRun, chosen: list[int] | None) -> None:
    """Who was placed here, and for whom it was the month of hire or dismissal at this payer."""
    first, month = inputs.month.first_day, inputs.month
    around = Period(first - timedelta(days=1), month.next().first_day + timedelta(days=1))
    here = placed_in_month(run.payer_id, run.institution_id, month).values("inmate")
    if chosen is not None:
        here = here.filter(inmate__in=chosen)
    learning = Apprenticeship.objects.filter(overlap_q(month.period), inmate=OuterRef("inmate"))
    rows = (
        Placement.objects.filter(overlap_q(around), payer_id=run.payer_id, inmate__in=here)
        .annotate(is_learning=Exists(learning))
        .order_by("inmate__personnel_number", "inmate_id")
        .values_list(
            "inmate_id", "inmate__born_on", "inmate__pension", "inmate__disability_group",
            "post__workshop__institution_id", "effective_from", "effective_to",
            "is_learning",
        )
    )  # fmt: skip
    people: dict[int, Person] = {}
    before: set[int] = set()
    after: set[int] = set()
    for inmate_id, born_on, pension, group, institution_id, starts, ends, learns in rows:
        period = Period(starts, ends)
        if period.contains(around.effective_from):
            before.add(inmate_id)
        if period.contains(month.next().first_day):
            after.add(inmate_id)
        if institution_id == run.institution_id and period.overlaps(month.period):
            people.setdefault(inmate_id, Person(inmate_id, born_on, pension, group))
            if learns:
                inputs.apprentices.add(inmate_id)
    inputs.people = list(people.values())
    inputs.changed_employment = {one for one in people if one not in before or one not in after}


def _add_departed(inputs: RunInputs, chosen: list[int] | None) -> None:
    """Whoever has payslips of the month is calculated with those placed in it."""
    if not inputs.beside.earlier:
        return
    placed = {person.id for person in inputs.people}
    paid = Inmate.objects.filter(payslips__run__in=inputs.beside.earlier)
    if chosen is not None:
        paid = paid.filter(pk__in=chosen)
    left = (
        paid.exclude(pk__in=placed)
        .distinct()
        .order_by("personnel_number", "pk")
        .values_list("pk", "born_on", "pension", "disability_group")
    )
    inputs.people += [Person(*row) for row in left]
    inputs.departed = {person.id for person in inputs.people} - placed


def _read_work(inputs: RunInputs, run: PayrollRun, chosen: list[int] | None) -> None:
    period = inputs.month.period
    scope = [run.payer_id, run.institution_id, period.effective_from, period.effective_to]
    attended = attended_in(scope, chosen)
    inputs.time, inputs.worked = attended.time, attended.worked
    inputs.pieces = _work(PIECES_MADE, [*scope, chosen, chosen])
    inputs.teams = team_work(scope, chosen)
    inputs.piece_extra = piece_extra(scope, attended.piece_minutes, inputs.teams, chosen)
    inputs.posts = post_titles(_subjects(inputs.time))
    inputs.operations = operation_titles(_subjects(inputs.pieces) | _subjects(inputs.teams))


def _work(sql: str, scope: list[Any]) -> dict[int, list[Work]]:
    found: dict[int, list[Work]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, scope)
        for inmate_id, *rest in cursor.fetchall():
            found[inmate_id].append(Work(*rest))
    return found


def _subjects(work: Mapping[int, Iterable[Work | TimeWork | TeamWork]]) -> set[int]:
    return {one.subject_id for lines in work.values() for one in lines}


def post_titles(ids: Iterable[int]) -> dict[int, Title]:
    """Names of posts in three languages."""
    return {post.pk: _title(post) for post in Post.objects.filter(id__in=ids)}


def operation_titles(ids: Iterable[int]) -> dict[int, Title]:
    """Names of operations in three languages, after the product they belong to."""
    rows = Operation.objects.filter(id__in=ids).select_related("version__product", "part")
    titles = {}
    for row in rows:
        product, operation = _title(row.subject), _title(row)
        titles[row.pk] = {
            language: f"{product[language]}: {_small(operation[language])}"
            for language in LANGUAGES
        }
    return titles


def _title(row: Any) -> Title:
    """The name in each language, the Russian one where it is not translated.

    A requested part has one name, the customer's.
    """
    if isinstance(row, RequestedPart):
        return dict.fromkeys(LANGUAGES, row.title)
    return {language: getattr(row, f"name_{language}") or row.name_ru for language in LANGUAGES}


def _small(name: str) -> str:
    """A name inside a line; an abbreviation keeps its capitals."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
