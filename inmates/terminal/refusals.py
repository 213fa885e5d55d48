"""What is refused about reading terminals, as sentences; raised by the services of terminals."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class WrongSignIn(PortalError):
    """The same words for a wrong PIN, a locked one, a person of elsewhere and nobody at all."""

    message = _(
        "The number or the PIN is not right. After five wrong PINs it is locked: ask the labour "
        "officer for a new letter."
    )


class TerminalResting(PortalError):
    message = _("Too many wrong attempts at this terminal. Come back in ten minutes.")


class TerminalStopped(PortalError):
    message = _(
        "Too many wrong attempts at this terminal today. It opens again tomorrow, or at once when "
        "the labour officer activates it anew."
    )


class WrongCode(PortalError):
    message = _("This code is not right, or its time is over. Ask for a new one on the portal.")


class CodesExhausted(PortalError):
    message = _("Too many wrong codes. Wait a quarter of an hour.")


class TerminalRevoked(PortalError):
    message = _("This terminal is closed for good. Enter a new one.")


class EasyPin(PortalError):
    message = _(
        "This PIN is guessed at once. Choose one that is no row of numbers and no repetition."
    )


class SamePin(PortalError):
    message = _("This is the PIN of the letter. Choose another that nobody knows.")


class PinChosen(PortalError):
    """A PIN of one's own is changed by a new letter alone: a screen left open changes nothing."""

    message = _("Your PIN is chosen already. For another one ask for a new letter.")


class VisitOver(PortalError):
    message = _("You were signed out. Sign in again.")


class LetterOfHeldOnly(PortalError):
    message = _("A letter with a PIN is printed for people who are held here today.")
