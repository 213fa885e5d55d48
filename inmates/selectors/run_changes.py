"""A run beside the one of the month before: the people whose pay changed most."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from inmates.enums import RunKind
from inmates.models import PayrollRun
from portal.kernel.periods import Month

MOST = 10
# Whoever has a slip in one of the two months alone stands beside a zero of the other.
CHANGES = """
WITH before AS (
  SELECT s.id, s.inmate_id, s.gross, s.minutes_worked FROM inmates_payslip s
  JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.payer_id = %(payer)s AND r.institution_id = %(institution)s AND r.month = %(month)s
    AND r.kind = %(kind)s AND NOT r.is_reversed),
now AS (
  SELECT s.id, s.inmate_id, s.gross, s.minutes_worked FROM inmates_payslip s
  WHERE s.run_id = %(run)s)
SELECT i.personnel_number, n.id, b.id,
  COALESCE(b.gross, 0), COALESCE(n.gross, 0),
  COALESCE(b.minutes_worked, 0), COALESCE(n.minutes_worked, 0)
FROM before b FULL JOIN now n ON n.inmate_id = b.inmate_id
JOIN inmates_inmate i ON i.id = COALESCE(n.inmate_id, b.inmate_id)
WHERE COALESCE(n.gross, 0) <> COALESCE(b.gross, 0) AND EXISTS (SELECT FROM before)
ORDER BY ABS(COALESCE(n.gross, 0) - COALESCE(b.gross, 0)) DESC, i.personnel_number, i.id
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One person's pay of two months; without a slip in one of them its key is None."""

    number: str
    slip_id: int | None
    slip_before_id: int | None
    before: Decimal
    now: Decimal
    minutes_before: int
    minutes_now: int

    @property
    def difference(self) -> Decimal:
        """More than in the month before; negative where it is less."""
        return self.now - self.before


def largest_changes(run: PayrollRun, most: int = MOST) -> list[Change]:
    """The people whose earnings differ most from the month before; none without that month."""
    with connection.cursor() as cursor:
        cursor.execute(
            CHANGES,
            {
                "run": run.pk,
                "payer": run.payer_id,
                "institution": run.institution_id,
                "month": Month.of(run.month).previous().first_day,
                "kind": RunKind.REGULAR.value,
                "most": most,
            },
        )
        return [Change(*row) for row in cursor.fetchall()]
