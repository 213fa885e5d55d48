"""Writing the payslips of a batch: two COPY statements, whatever the number of people.

Called by the calculation service inside its transaction, under the lock of the run.
"""

from collections.abc import Sequence
from typing import Any

from inmates.models import Payslip, PayslipLine
from inmates.slips import Slip, SlipLine
from portal.kernel.copying import copy_rows, next_ids

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
    *RESULT_COLUMNS,
    "has_basic_deduction",
)
LINE_COLUMNS = (
    "kind",
    "code",
    "title",
    "quantity",
    "rate",
    "base",
    "amount",
    "writ_id",
    "parameter_id",
    "explanation",
    "arguments",
)


def store_slips(run_id: int, slips: Sequence[Slip]) -> None:
    """Insert the slips with their lines; the database refuses a second one of a person."""
    ids = next_ids(Payslip, len(slips))
    copy_rows(
        Payslip,
        SLIP_COLUMNS,
        [_slip_row(slip_id, run_id, slip) for slip_id, slip in zip(ids, slips, strict=True)],
    )
    copy_rows(
        PayslipLine,
        ("payslip_id", "sequence", *LINE_COLUMNS),
        [
            _line_row(slip_id, sequence, line)
            for slip_id, slip in zip(ids, slips, strict=True)
            for sequence, line in enumerate(slip.lines, start=1)
        ],
    )


def _slip_row(slip_id: int, run_id: int, slip: Slip) -> tuple[Any, ...]:
    sums = (getattr(slip.result, column) for column in RESULT_COLUMNS)
    worked = (slip.days_worked, slip.minutes_worked)
    return (slip_id, run_id, slip.inmate_id, *worked, *sums, slip.has_basic_deduction)


def _line_row(slip_id: int, sequence: int, line: SlipLine) -> tuple[Any, ...]:
    return (slip_id, sequence, *(getattr(line, column) for column in LINE_COLUMNS))
