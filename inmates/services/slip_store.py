"""Writing the payslips of a batch: two COPY statements, whatever the number of people.

Called by the services of a run inside their transaction, under the lock of the run.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection

from inmates.models import Payslip, PayslipLine
from inmates.slips import Slip, SlipLine
from portal.kernel.copying import copy_rows

RESULT_COLUMNS = (
    "gross",
    "opv",
    "vosms",
    "ipn",
    "net",
    "withheld_by_writs",
    "to_account",
    "so",
    "oosms",
    "opvr",
    "social_tax",
    "taxable",
)
SLIP_COLUMNS = (
    "id",
    "run_id",
    "inmate_id",
    "days_worked",
    "minutes_worked",
    "has_basic_deduction",
    *RESULT_COLUMNS,
)
LINE_COLUMNS = ("payslip_id", "sequence", *SlipLine.__match_args__)
sums_of = attrgetter(*RESULT_COLUMNS)


def store_slips(run_id: int, slips: Sequence[Slip], ids: Sequence[int]) -> None:
    """Insert the slips with their lines under the given ids; a person's second one is refused."""
    numbered = list(zip(ids, slips, strict=True))
    copy_rows(
        Payslip, SLIP_COLUMNS, [_slip_row(slip_id, run_id, slip) for slip_id, slip in numbered]
    )
    copy_rows(
        PayslipLine,
        LINE_COLUMNS,
        [
            (slip_id, sequence, *line)
            for slip_id, slip in numbered
            for sequence, line in enumerate(slip.lines, start=1)
        ],
    )


def _slip_row(slip_id: int, run_id: int, slip: Slip) -> tuple[Any, ...]:
    worked = (slip.days_worked, slip.minutes_worked, slip.has_basic_deduction)
    return (slip_id, run_id, slip.inmate_id, *worked, *sums_of(slip.result))


def remove_slips(run_id: int) -> None:
    """Delete the slips of a run with their lines: two statements, where the ORM needs hundreds."""
    PayslipLine.objects.filter(payslip__run_id=run_id).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inmates_payslip WHERE run_id = %s", [run_id])
