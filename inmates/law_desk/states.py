"""The machine of a proposed parameter as a table."""

from inmates.law_desk.enums import ProposalStatus as Status
from portal.kernel.states import Machine

# `decline` carries a reason. What is in force is succeeded by another proposal, never undone.
PARAMETER_PROPOSAL = Machine(
    {
        (Status.PROPOSED, "approve"): Status.APPROVED,
        (Status.PROPOSED, "decline"): Status.DECLINED,
        (Status.PROPOSED, "withdraw"): Status.WITHDRAWN,
    }
)
