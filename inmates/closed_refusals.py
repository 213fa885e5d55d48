"""What is refused about a month whose wages are closed, as sentences.

Its inputs are changed with a reason; the payslips stay, and the difference goes with later wages.
"""

from django.utils.translation import gettext_lazy as _

from inmates.refusals import CorrectionNeeded
from portal.kernel.errors import PortalError


class MonthApproved(CorrectionNeeded):
    """A day of a month whose wages are approved or paid."""

    message = _(
        "The wages of %(month)s are approved. Its days are changed now only with an explanation "
        "in words: the payslips stay, and the difference is paid with the next wages."
    )


class ReasonOfClosedMonth(PortalError):
    """A rate, an application, a writ or a payment that reaches into an approved month."""

    message = _(
        "The wages of %(month)s are approved. Write in a few words why they are changed: the "
        "payslips stay, and the difference is paid with the next wages."
    )
