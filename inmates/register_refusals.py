"""What is refused about payment registers, transfers and bank statements, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class PaymentCodeMissing(PortalError):
    message = _(
        "It is not entered how this payment is transferred. Ask the administrator to run "
        "“load_payment_codes”."
    )


class RequisitesEntered(PortalError):
    message = _("Requisites from this day, or from a later one, are entered already.")


class NothingToRegister(PortalError):
    message = _(
        "There is nothing to transfer: every posted month up to this one is in a register already."
    )


class RegisterMeanwhile(PortalError):
    message = _("Somebody else has just issued this register. Open the list again.")


class RegisterDiffers(PortalError):
    """`people`: personnel numbers of the first ones concerned."""

    message = _(
        "The payslips and the books differ by %(difference)s for %(people)s: no register is "
        "issued. Ask the administrator to run “check_books”."
    )


class AlreadyTransferred(PortalError):
    message = _("The transfer of this payment order is entered already.")


class TransferTakenBack(PortalError):
    message = _("This transfer is taken back already.")


class TransferDayWrong(PortalError):
    message = _(
        "The day of the transfer lies between %(earliest)s, when the wages were posted, and today."
    )


class TransferDocumentMissing(PortalError):
    message = _("Enter the number of the payment order.")


class StatementUnreadable(PortalError):
    """A file without a statement inside; the sentence says what to send instead."""

    status = 422
    message = _(
        "“%(name)s” cannot be read as a bank statement. Send the file of the bank for 1C (.txt), "
        "or a table with the day, the number, the sum and the payment code as XLSX, ODS or CSV."
    )


class StatementTooLarge(StatementUnreadable):
    message = _("“%(name)s” is larger than %(most)s MB. Ask the bank for a shorter period.")


class StatementTooLong(StatementUnreadable):
    message = _("“%(name)s” has more than %(most)s lines. Ask the bank for a shorter period.")


class StatementCutOff(StatementUnreadable):
    message = _("“%(name)s” is cut off: it has no end. Download it from the bank once more.")


class StatementEmpty(StatementUnreadable):
    message = _("“%(name)s” is a statement without a single payment.")


class StatementProtected(StatementUnreadable):
    message = _("“%(name)s” is protected by a password. Save it without one.")


class StatementKnown(PortalError):
    message = _("This very file was received already: open it below.")


class StatementDecided(PortalError):
    message = _("This statement was decided about already.")


class NothingMatches(PortalError):
    message = _("No line of this statement pays a register: there is nothing to enter.")
