"""What is refused of movements, of ability and of placements, as sentences."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError

SMALLEST_AGE = 14


class MovementAhead(PortalError):
    message = _(
        "%(day)s has not come yet. An arrival, a transfer or a release is entered on its day "
        "or afterwards; a day ahead is kept as the expected release."
    )


class BornAhead(PortalError):
    message = _("The date of birth lies ahead: check the year.")


class ArrivedTooYoung(PortalError):
    """Nobody is held before the age of criminal liability; a mistyped year shows itself here."""

    message = _(
        "On %(day)s this person was not yet 14 years old. Check the date of birth and of arrival."
    )


class BornTooLongAgo(PortalError):
    message = _("Somebody born in %(year)s would be over 100 years old. Check the date of birth.")


class BirthDateDiffers(PortalError):
    message = _(
        "By the IIN this person was born on %(day)s. Check the IIN and the date of birth: "
        "one of them is mistyped."
    )


class LooksLikeKnown(PortalError):
    """Somebody known has this name and date of birth; `inmate_id` says who."""

    message = _(
        "This looks like № %(number)s: the name and the date of birth are the same. "
        "Is it the same person?"
    )

    def __init__(self, inmate_id: int, number: str) -> None:
        super().__init__(number=number)
        self.inmate_id = inmate_id


class NumberUnusable(PortalError):
    message = _("A personnel number has digits, letters and dashes only, and begins with a digit.")


class HeldAlready(PortalError):
    message = _("This person is held in %(place)s since %(day)s: enter a transfer instead.")


class NotHeld(PortalError):
    message = _("This person left custody already on %(day)s.")


class NeverHeld(PortalError):
    message = _("For this person no arrival is entered. Enter the arrival first.")


class SamePlace(PortalError):
    message = _("This person is held in this institution already. Choose another one.")


class BeforeArrival(PortalError):
    message = _("The person arrived on %(day)s: choose a later day.")


class ArrivedMeanwhile(PortalError):
    message = _("The last stay ended on %(day)s: a new arrival cannot be earlier.")


class WorkAfterwards(PortalError):
    """The person worked on the day of a movement or later, as entered."""

    message = _(
        "Work is entered up to %(day)s. Correct these entries first, or choose the day after it."
    )


class ReleaseReasonNeeded(PortalError):
    message = _("Choose from the list why the person left custody.")


class PlannedTooFar(PortalError):
    message = _("%(day)s is too far ahead: check the year.")


class PlannedInPast(PortalError):
    message = _("%(day)s is past. Choose a day ahead, or enter the release itself.")


class CategoryNeeded(PortalError):
    message = _("Choose from the list the category of inability. Nothing else of health is kept.")


class ReasonOfAnotherKind(PortalError):
    message = _("This reason does not belong to this state. Choose one from the list.")


class LaterStateKnown(PortalError):
    message = _(
        "From %(day)s another state is entered already. Let this one end by that day, "
        "or begin on it to replace it."
    )


class AwardAhead(PortalError):
    message = _("A grade is entered when it has been awarded: %(day)s has not come yet.")


class MinutesNeeded(PortalError):
    message = _("For part-time work enter the hours a day.")


class LongerThanShift(PortalError):
    message = _(
        "%(hours)s hours a day is more than a shift: the law allows this person %(limit)s "
        "(%(source)s)."
    )


class HoursOverLimit(PortalError):
    message = _(
        "Together this would be %(hours)s hours a day; the law allows this person %(limit)s "
        "(%(source)s)."
    )


class PostFull(PortalError):
    message = _(
        "On %(day)s all seats of this post are taken: %(taken)s of %(seats)s. Choose another "
        "post or another day, or write why one more person works there."
    )


class NotHeldThere(PortalError):
    message = _("On %(day)s this person is not held in the institution of this workshop.")


class PlacedTooFar(PortalError):
    message = _("A placement begins within a year: check the date.")


class NothingOfItLeft(PortalError):
    message = _(
        "The change begins on the first day of the placement, so nothing of it would be left. "
        "Choose a later day, or end the placement and enter a new one."
    )
