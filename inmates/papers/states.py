"""The machines of a notice to the bailiff and of a step of the leaving file as tables."""

from inmates.papers.enums import LeavingStepStatus as Step
from inmates.papers.enums import NoticeStatus as Notice
from portal.kernel.states import Machine

# `cancel` carries a reason: the movement was entered by mistake, the bailiff knows already.
BAILIFF_NOTICE = Machine(
    {
        (Notice.WAITING, "send"): Notice.TOLD,
        (Notice.WAITING, "cancel"): Notice.CANCELLED,
    }
)

# `reopen` carries a reason: what was done has to be done again.
LEAVING_STEP = Machine(
    {
        (Step.OPEN, "finish"): Step.DONE,
        (Step.OPEN, "leave_out"): Step.NOT_NEEDED,
        (Step.DONE, "reopen"): Step.OPEN,
        (Step.NOT_NEEDED, "reopen"): Step.OPEN,
    }
)
