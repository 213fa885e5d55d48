"""The payslips of a batch of people: each calculated, subtracted and settled, or put aside.

Called by `services.calculation` inside the transaction of the batch. One person's failure is a
problem of that person.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded

from inmates.differences.settle import NO_DEBT, SHARE, carried, settled
from inmates.differences.subtract import Words, make_difference
from inmates.enums import RunKind
from inmates.models import PayrollRun
from inmates.refusals import PersonNotCalculable
from inmates.selectors.payroll_earlier import words_of
from inmates.selectors.payroll_inputs import Person, RunInputs
from inmates.services.slip_store import SlipTexts
from inmates.slip_lines import Rules
from inmates.slips import Slip

log = logging.getLogger(__name__)


@dataclass(slots=True)
class SlipDesk:
    """What a batch is made from and what comes of it: slips, problems by person, who is idle."""

    run: PayrollRun
    inputs: RunInputs
    rules: Rules
    slips: SlipTexts
    problems: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    idle: int = 0

    def work_off(
        self, batch: Iterable[Person], make: Callable[[Person, RunInputs, Rules], Slip | None]
    ) -> None:
        """Everybody's slip is put into text; of whoever lost a line it waits for its words."""
        waiting: list[tuple[int, Slip | None]] = []
        lost: list[int] = []
        for person in batch:
            with self._isolated(person.id):
                is_placed = person.id not in self.inputs.departed
                full = make(person, self.inputs, self.rules) if is_placed else None
                earlier = self.inputs.earlier.get(person.id)
                gone = earlier.lost(full) if earlier else []
                if gone:
                    waiting.append((person.id, full))
                    lost += gone
                else:
                    self._put(person.id, full, {})
        words = words_of(self.run, lost)
        for inmate_id, full in waiting:
            with self._isolated(inmate_id):
                self._put(inmate_id, full, words)

    def _put(self, inmate_id: int, full: Slip | None, words: dict[int, Words]) -> None:
        """The slip of a fresh month, or its difference to the payslips that it has."""
        earlier = self.inputs.earlier.get(inmate_id)
        slip = full
        if earlier is not None:
            why = self.inputs.causes.get(inmate_id, ())
            slip = make_difference(full, earlier, inmate_id, words=words, why=why)
        elif full is None:
            self.idle += 1
        if slip is not None:
            self.slips.add(self._settled(slip))

    def _settled(self, slip: Slip) -> Slip:
        """Only the wages of a month pay what is owed of others; what was paid for the month itself
        is not paid again by any run. Any slip below nought is owed itself.

        What differences in a person's favour are set off against is known when all of them are.
        """
        kind = self.run.kind
        if kind == RunKind.CORRECTION:
            return replace(slip, settlement=carried(slip.result.to_account))
        debt = self.inputs.debts.get(slip.inmate_id, NO_DEBT)
        share = self.rules.law.overpayment_recovery_share
        return settled(
            slip, debt, share, self.rules.row_ids.get(SHARE), is_wage=kind == RunKind.REGULAR
        )

    @contextmanager
    def _isolated(self, inmate_id: int) -> Iterator[None]:
        try:
            yield
        except PersonNotCalculable as refusal:
            self.problems[inmate_id] = (refusal.code, refusal.arguments)
        except SoftTimeLimitExceeded:
            raise  # the worker's time is up: that is nobody's payslip
        except Exception:
            # The batch goes on; the log has the cause, the page names the person.
            log.exception("payslip of person %s", inmate_id)
            self.problems[inmate_id] = (PersonNotCalculable.code, {})
