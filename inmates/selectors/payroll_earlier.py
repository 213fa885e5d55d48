"""What the other payslips of a month, payer and place say; called by the calculation of a run.

By person the sums and lines of those that are approved, of which a new payslip is the difference;
which payslips of other months and payers came after them; what is owed from overpayments.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from json import loads
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from inmates.differences.settle import Debt
from inmates.differences.subtract import SUMS, Earlier, EarlierLine, Words
from inmates.enums import CLOSED_RUNS, LineKind
from inmates.models import BackdatedChange, PayrollRun, Payslip

CLOSED = [str(status) for status in CLOSED_RUNS]
EARLIER_SLIPS = f"""
SELECT s.inmate_id, MIN(s.id), SUM(s.days_worked)::int, SUM(s.minutes_worked)::int,
  {", ".join(f"SUM(s.{name})" for name in SUMS)}
FROM inmates_payslip s
WHERE s.run_id = ANY(%(earlier)s) AND s.inmate_id = ANY(%(people)s)
GROUP BY s.inmate_id
"""  # noqa: S608 - constants of this file
# The later line of a key comes later, and is the one that is told.
EARLIER_LINES = """
SELECT s.inmate_id, l.kind, l.code, l.subject, CASE WHEN l.kind = 'earning' THEN l.rate END,
  l.id, l.amount, l.quantity, l.demanded
FROM inmates_payslip s
JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind <> %(settlement)s
WHERE s.run_id = ANY(%(earlier)s) AND s.inmate_id = ANY(%(people)s)
ORDER BY s.inmate_id, l.id
"""
WORDS = """
SELECT l.id, l.title::text, l.explanation, l.arguments::text, l.rate, l.writ_id, l.parameter_id
FROM inmates_payslipline l WHERE l.id = ANY(%(lines)s)
"""
# Of a person who has an approved payslip of the month its place is that of the first; what was
# calculated after it has counted it, and is not counted by it. Of other months that is asked of
# debts alone: whoever has no writ has none, however long the history.
AFTER = """
WITH own AS (
  SELECT s.inmate_id, MIN(COALESCE(r.ordered_at, r.calculated_at)) AS place, MIN(r.id) AS run_id
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE s.run_id = ANY(%(earlier)s) AND s.inmate_id = ANY(%(people)s)
  GROUP BY s.inmate_id
), slip AS (
  SELECT s.id, s.inmate_id, s.run_id
  FROM inmates_payrollrun r
  JOIN inmates_payslip s ON s.run_id = r.id AND s.inmate_id IN (SELECT inmate_id FROM own)
  WHERE r.month = %(month)s
  UNION ALL
  SELECT s.id, s.inmate_id, s.run_id
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id AND r.month <> %(month)s
  WHERE s.inmate_id IN (
    SELECT o.inmate_id FROM own o
    WHERE EXISTS (SELECT FROM inmates_writofexecution t WHERE t.inmate_id = o.inmate_id))
), other AS (
  SELECT s.id, s.inmate_id, r.month,
    COALESCE(MIN(COALESCE(r.ordered_at, r.calculated_at)) OVER same, 'infinity') AS place,
    MIN(r.id) OVER same AS run_id
  FROM slip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE (r.payer_id, r.institution_id, r.month) <> (%(payer)s, %(place)s, %(month)s)
  WINDOW same AS (PARTITION BY s.inmate_id, r.payer_id, r.institution_id, r.month)
)
SELECT other.id
FROM other JOIN own USING (inmate_id)
WHERE (other.place, other.month, other.run_id) > (own.place, %(month)s, own.run_id)
"""
# What was paid too much and is not settled yet, at all institutions of the payer; the differences
# that are paid with this run are of it. Beside it what the payslips of this month and place settle.
DEBTS = """
SELECT s.inmate_id, SUM(s.settlement), COALESCE(SUM(s.settlement)
  FILTER (WHERE r.institution_id = %(place)s AND r.month = %(month)s), 0.00)
FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
WHERE r.payer_id = %(payer)s AND s.settlement <> 0 AND s.inmate_id = ANY(%(people)s)
  AND r.id <> %(run)s AND (r.status = ANY(%(closed)s) OR r.settled_with_id = %(run)s)
GROUP BY s.inmate_id HAVING SUM(s.settlement) > 0
"""


@dataclass(slots=True)
class Beside:
    """The other runs of the payer, place and month; `earlier`: those whose payslips are final."""

    runs: list[int] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)


def runs_beside(run: PayrollRun) -> Beside:
    """One query, none for a run that was read with its surroundings."""
    if not hasattr(run, "beside_runs"):
        run = with_surroundings(PayrollRun.objects).get(pk=run.pk)
    return Beside(list(run.beside_runs), list(run.earlier_runs))


def with_surroundings(runs: Any) -> "QuerySet[Any]":
    """Each run with what decides whether more has to be read for it: other runs of its month,
    changes of closed months, runs settled with it, debts from overpayments."""
    same = PayrollRun.objects.filter(
        payer=OuterRef("payer"), institution=OuterRef("institution"), month=OuterRef("month")
    ).exclude(pk=OuterRef("pk"))
    beside = same.order_by("pk").values("pk")
    changes = BackdatedChange.objects.filter(
        payer=OuterRef("payer"), institution=OuterRef("institution"), settled_by=None
    )
    owing = Payslip.objects.exclude(settlement=0).filter(run__payer=OuterRef("payer"))
    return runs.annotate(
        beside_runs=ArraySubquery(beside),
        earlier_runs=ArraySubquery(beside.filter(status__in=CLOSED)),
        has_changes=Exists(changes),
        has_corrections=Exists(PayrollRun.objects.filter(settled_with=OuterRef("pk"))),
        has_debts=Exists(owing),
    )


def earlier_slips(
    run: PayrollRun, earlier: Collection[int], people: Collection[int]
) -> dict[int, Earlier]:
    """By person what the month's approved payslips say; two queries, none without such runs."""
    if not earlier:
        return {}
    values = {"earlier": list(earlier), "people": list(people)}
    found = {
        inmate_id: Earlier(slip_id, days, minutes, tuple(sums))
        for inmate_id, slip_id, days, minutes, *sums in _rows(EARLIER_SLIPS, run, **values)
    }
    values["settlement"] = LineKind.SETTLEMENT
    for inmate_id, kind, code, subject, rate, *rest in _rows(EARLIER_LINES, run, **values):
        lines, key = found[inmate_id].lines, (kind, code, subject, rate)
        if key in lines:
            lines[key].add(*rest)
        else:
            lines[key] = EarlierLine(*rest)
    return found


def words_of(run: PayrollRun, lines: Iterable[int]) -> dict[int, Words]:
    """How stored lines are told; one query, none without lines."""
    wanted = list(lines)
    if not wanted:
        return {}
    return {
        line_id: Words(loads(title), explanation, loads(arguments), *rest)
        for line_id, title, explanation, arguments, *rest in _rows(WORDS, run, lines=wanted)
    }


def slips_after(run: PayrollRun, earlier: Collection[int], people: Collection[int]) -> list[int]:
    """Payslips of other months and payers that came after the first of these people's own."""
    if not earlier:
        return []
    values = {"earlier": list(earlier), "people": list(people)}
    return [slip_id for (slip_id,) in _rows(AFTER, run, **values)]


def debts_of(run: PayrollRun, people: Collection[int]) -> dict[int, Debt]:
    """By person what is owed to the payer from overpayments; whoever owes nothing is not in it.

    One query, none where nobody was ever paid too much, nor by what is settled with this run.
    """
    if not getattr(run, "has_debts", True) and not getattr(run, "has_corrections", True):
        return {}
    return {inmate_id: Debt(*sums) for inmate_id, *sums in _rows(DEBTS, run, people=list(people))}


def _rows(statement: str, run: PayrollRun, **values: Any) -> list[Any]:
    scope = {
        "run": run.pk,
        "payer": run.payer_id,
        "place": run.institution_id,
        "month": run.month,
        "closed": CLOSED,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, scope | values)
        return cursor.fetchall()
