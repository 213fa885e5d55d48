"""Why a reversal that waits does not hold any longer; asked by its approval, posting and page."""

from inmates.approval_refusals import ReversedDebtChanged, ReversedWagesPaid
from inmates.enums import RunKind
from inmates.models import PayrollRun
from portal.kernel.errors import PortalError
from portal.kernel.states import history_of

# What a payment, or wages that withheld meanwhile, make otherwise: what is settled of a debt.
SETTLED = ("settlement", "overpayment_recovered")


def why_outdated(run: PayrollRun) -> PortalError | None:
    """The sentence for a reversal whose sums are those of another day; none of any other run, nor
    where a sum or line of its payslips differs, which a day cannot bring about. Two queries."""
    if run.kind != RunKind.REVERSAL or run.reverses is None:
        return None
    if run.differences.exclude(code__in=SETTLED).exists():
        return None
    paid = history_of(run.reverses).filter(action="pay", at__gte=run.created_at)
    return ReversedWagesPaid() if paid.exists() else ReversedDebtChanged()
