"""What is refused of clearances, accidents and apprenticeships, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError


class ClearanceAhead(PortalError):
    message = _("%(day)s has not come yet. A briefing or an admission is entered when it is there.")


class ClearanceOtherwise(PortalError):
    """The same kind from the same day stands there with another document or another end."""

    message = _(
        "Entered otherwise already from this day: № %(numbers)s. "
        "End that one first or choose another day."
    )


class ClearanceEnded(PortalError):
    message = _("This has ended already on %(day)s.")


class ClearanceInUse(PortalError):
    message = _(
        "Output is entered on %(day)s that rests on this. Correct the output first, "
        "or choose a later day."
    )


class NobodyChosen(PortalError):
    message = _("Choose at least one person.")


class NotHeldHere(PortalError):
    message = _("Not held in this institution on that day: № %(numbers)s.")


class AccidentAhead(PortalError):
    message = _("This moment has not come yet. Check the date and the time.")


class AccidentTooLongAgo(PortalError):
    """Its notices are long overdue whatever is done: the year is mistyped."""

    message = _("An accident of more than %(years)s years ago is not entered here. Check the year.")


class AccidentOfNobody(PortalError):
    message = _("Name at least one person who was involved in the accident.")


class NoticeSent(PortalError):
    message = _("This notice was sent already on %(day)s under № %(number)s.")


class NoticeTooEarly(PortalError):
    message = _("A notice is sent after what it tells of and not ahead of today.")


class ReasonTooShort(PortalError):
    message = _("Say why in a few words: five letters or more.")


class MentorWithoutGrade(PortalError):
    message = _(
        "№ %(number)s has no grade in this trade, so nobody can learn it from them. "
        "Enter the grade first or name another mentor."
    )


class TrainingEndsTooEarly(PortalError):
    message = _("The training ends after the day on which it began.")


class HoursNotDone(PortalError):
    message = _(
        "%(done)s h of %(planned)s h are done. A grade is awarded when the planned hours are "
        "done; otherwise discontinue the training with its reason."
    )


class WorkshopElsewhere(PortalError):
    message = _("This workshop belongs to another institution.")


class TrainingEndsAhead(PortalError):
    message = _("%(day)s has not come yet. The end of a training is entered when it is there.")


class TrainingMonthCalculated(PortalError):
    message = _(
        "The wages of %(month)s are calculated already, and a training that began or ended in it "
        "would change them. Choose a later day."
    )
