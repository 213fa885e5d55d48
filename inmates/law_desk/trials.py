"""A proposed value tried on the last month that has approved wages; of it only sums are stored.

Called by the task `inmates.try_parameter`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max

from inmates.enums import CLOSED_RUNS, RunKind
from inmates.law_desk.enums import ProposalStatus
from inmates.models import ParameterEffect, ParameterProposal, PayrollRun
from inmates.pay_values import ZERO, PayResult
from inmates.refusals import PersonNotCalculable
from inmates.selectors.payroll_earlier import with_surroundings
from inmates.selectors.payroll_inputs import RunInputs, run_inputs
from inmates.selectors.payroll_law import law_of_month
from inmates.selectors.payroll_shared import read_shared
from inmates.slip_lines import Rules
from inmates.slips import make_slip
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row
from portal.kernel.periods import Month

WITHHELD = ("opv", "vosms", "ipn", "withheld_by_writs")
EMPLOYER = ("so", "oosms", "opvr", "social_tax")
COMPARED = ("gross", *WITHHELD, "to_account", *EMPLOYER)


class Watch(Protocol):
    """What the queue hands to a task (portal.kernel.queue.Progress)."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None: ...

    def hold(self) -> None: ...


@dataclass(slots=True)
class Effect:
    """What the value changes of one run, by sums; each is new less old."""

    people: int = 0
    affected: int = 0
    failed: int = 0
    sums: dict[str, Decimal] = field(
        default_factory=lambda: dict.fromkeys(("gross", "withheld", "to_account", "employer"), ZERO)
    )

    def add(self, old: PayResult | None, new: PayResult | None) -> None:
        """One person, computed by the law as it is and by the law as proposed."""
        change = {name: _sum(new, name) - _sum(old, name) for name in COMPARED}
        if not any(change.values()):
            return
        self.affected += 1
        self.sums["gross"] += change["gross"]
        self.sums["withheld"] += sum((change[name] for name in WITHHELD), ZERO)
        self.sums["to_account"] += change["to_account"]
        self.sums["employer"] += sum((change[name] for name in EMPLOYER), ZERO)


def _sum(result: PayResult | None, name: str) -> Decimal:
    return getattr(result, name) if result is not None else ZERO


def try_parameter(*, proposal_id: int, progress: Watch, at: datetime) -> None:
    """The proposal has an effect for each payer and place of the last month with approved wages.

    Everybody's month is computed twice from its stored inputs, by the law in force and with the
    proposed value in its place, whatever day that begins. Delivered again it begins anew. Where
    the month cannot be computed the proposal says why. On a decided one nothing happens.
    """
    proposal = ParameterProposal.objects.get(pk=proposal_id)
    if proposal.status != ProposalStatus.PROPOSED:
        return
    month = last_closed_month()
    try:
        effects = _effects(proposal, month, progress) if month else []
        error = ""
    except PortalError as refusal:
        effects, error = [], str(refusal)
    with transaction.atomic():
        proposal = lock_row(ParameterProposal, proposal_id)
        progress.hold()
        proposal.effects.all().delete()
        ParameterEffect.objects.bulk_create(effects)
        proposal.trial_month = month.first_day if month else None
        proposal.tried_at, proposal.trial_error = at, error[:500]
        proposal.save(update_fields=["trial_month", "tried_at", "trial_error"])


def last_closed_month() -> Month | None:
    """The latest month of which anybody's regular wages are approved."""
    runs = PayrollRun.objects.filter(status__in=CLOSED_RUNS, kind=RunKind.REGULAR)
    last = runs.filter(is_reversed=False).aggregate(last=Max("month"))["last"]
    return Month.of(last) if last else None


def _effects(proposal: ParameterProposal, month: Month, progress: Watch) -> list[ParameterEffect]:
    now = law_of_month(month)
    then = law_of_month(month, {proposal.code: proposal.value})
    closed = PayrollRun.objects.filter(
        month=month.first_day, status__in=CLOSED_RUNS, kind=RunKind.REGULAR, is_reversed=False
    ).select_related("institution")
    runs = list(with_surroundings(closed).order_by("pk"))
    effects = []
    for done, run in enumerate(runs):
        progress.report(done=done, total=len(runs))
        inputs = run_inputs(run)
        read_shared(inputs, run, [person.id for person in inputs.people])
        found = effect_on(inputs, now, then)
        effects.append(
            ParameterEffect(
                proposal=proposal,
                payer_id=run.payer_id,
                institution_id=run.institution_id,
                people=found.people,
                affected=found.affected,
                failed=found.failed,
                **found.sums,
            )
        )
    progress.report(done=len(runs), total=len(runs))
    return effects


def effect_on(inputs: RunInputs, now: Rules, then: Rules) -> Effect:
    """Pure: the inputs of a run under two laws."""
    effect = Effect(people=len(inputs.people))
    for person in inputs.people:
        try:
            effect.add(_result(person, inputs, now), _result(person, inputs, then))
        except PersonNotCalculable:
            effect.failed += 1
    return effect


def _result(person: Any, inputs: RunInputs, rules: Rules) -> PayResult | None:
    slip = make_slip(person, inputs, rules)
    return slip.result if slip is not None else None
