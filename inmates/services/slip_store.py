"""Writing the payslips of a batch: two COPY statements, whatever the number of people.

Called by the services of a run inside their transaction, under the lock of the run.
"""

from collections.abc import Iterable
from operator import attrgetter

from django.db import connection

from inmates.models import Payslip, PayslipLine
from inmates.slip_lines import SlipLine
from inmates.slips import Slip
from portal.kernel.copying import TO_JSON, CopyText, JsonText, forget_plans

RESULT_COLUMNS = (
    "gross",
    "opv",
    "vosms",
    "ipn",
    "net",
    "attachable",
    "withheld_by_writs",
    "to_account",
    "so",
    "oosms",
    "opvr",
    "social_tax",
    "taxable",
    "deduction_used",
)
SLIP_COLUMNS = (
    "id",
    "run_id",
    "inmate_id",
    "days_worked",
    "minutes_worked",
    "has_basic_deduction",
    "is_difference",
    "corrects_id",
    "settlement",
    *RESULT_COLUMNS,
)
LINE_COLUMNS = ("payslip_id", "sequence", *SlipLine.__match_args__)
sums_of = attrgetter(*RESULT_COLUMNS)


class SlipTexts:
    """The slips of a batch, kept as text until `write`; a person's second one is refused then."""

    def __init__(self, run_id: int, ids: Iterable[int]) -> None:
        self._run_id = run_id
        self._ids = iter(ids)
        self._slips = CopyText(Payslip, SLIP_COLUMNS)
        self._lines = CopyText(PayslipLine, LINE_COLUMNS)
        # By identity: each name is one object of the run's inputs, which is held here.
        self._titles: dict[int, tuple[dict[str, str], JsonText]] = {}

    def add(self, slip: Slip) -> None:
        """The slip takes the next of the ids. What cannot be stored is refused as a whole."""
        slip_id = next(self._ids)
        worked = (slip.days_worked, slip.minutes_worked, slip.has_basic_deduction)
        kept = (slip.is_difference, slip.corrects_id, slip.settlement)
        row = (slip_id, self._run_id, slip.inmate_id, *worked, *kept, *sums_of(slip.result))
        text = self._slips.encode(row)
        self._lines.add(
            [
                self._lines.encode((slip_id, sequence, self._title(line.title), *line[1:]))
                for sequence, line in enumerate(slip.lines, start=1)
            ]
        )
        self._slips.add([text])

    def _title(self, title: dict[str, str]) -> JsonText:
        known = self._titles.get(id(title))
        if known is None:
            known = self._titles[id(title)] = (title, JsonText(TO_JSON(title)))
        return known[1]

    def write(self) -> None:
        """Two statements, whatever the number of people."""
        self._slips.write()
        self._lines.write()


REMOVE = (
    """
    DELETE FROM inmates_payslipline l USING inmates_payslip s
    WHERE s.id = l.payslip_id AND s.run_id = %s
    """,
    "DELETE FROM inmates_payslip WHERE run_id = %s",
)


def remove_slips(run_id: int) -> None:
    """Delete the slips of a run with their lines: three statements; the ORM needs hundreds."""
    forget_plans()
    with connection.cursor() as cursor:
        for statement in REMOVE:
            cursor.execute(statement, [run_id])
