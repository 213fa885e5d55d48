"""Why a question is not asked, taken or answered: sentences for people at a terminal too."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class NobodyToAsk(PortalError):
    message = _("This office does not answer questions here now. Choose another one.")


class NoSuchPayslip(PortalError):
    message = _("Choose a payslip of your own that is approved.")


class NoSuchCode(PortalError):
    message = _(
        "There is no payslip with this code. Check the letters and digits: the code stands at the "
        "foot of the payslip, beside the words “You disagree?”."
    )


class TextMissing(PortalError):
    message = _("Say in your own words what it is about.")


class TooManyQuestions(PortalError):
    message = _(
        "You have asked %(count)s questions that wait for an answer. Wait for one of them, or take "
        "one back."
    )


class AnswerMissing(PortalError):
    message = _("Write the answer: the person reads it as it stands.")


class NameReasonMissing(PortalError):
    message = _("Say why the name is needed: the person reads it.")


class NameAskedBefore(PortalError):
    message = _("The person has answered this already: the name is asked for once.")


class NobodyAtTerminal(PortalError):
    message = _("The person cannot be asked at a terminal now: answer without the name.")


class NameKept(PortalError):
    status = 403
    message = _("The person has not given their name to this office.")


class NoLetterWanted(PortalError):
    message = _("The person reads the answer at the terminal: no letter is printed.")


class NotAnsweredYet(PortalError):
    message = _("There is no answer to print yet.")
