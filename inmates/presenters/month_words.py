"""The sentences of the month's sheet: why a text is no entry, what is unusual about an entry.

The page says them at once and the script of the page later, so each is a template with names.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmates.month_cells import Alphabet, CellUnreadable, Fault, Oddity, alphabet_of


def alphabets() -> dict[str, str]:
    """Whose letter it is, as it stands in the sentence of a foreign letter."""
    return {
        Alphabet.LATIN.value: pgettext("alphabet", "Latin"),
        Alphabet.KAZAKH.value: pgettext("alphabet", "Kazakh"),
        Alphabet.OTHER.value: pgettext("alphabet", "another"),
    }


def fault_templates() -> dict[str, str]:
    """By the value of the fault; `like` is the foreign letter that looks like a Russian one."""
    return {
        "like": _(
            "“%(part)s” is a letter of the %(alphabet)s alphabet that looks like the Russian "
            "“%(like)s”. Type the Russian letter, or correct it in the spreadsheet and paste again."
        ),
        Fault.FOREIGN.value: _(
            "“%(part)s” is a letter of the %(alphabet)s alphabet. The letters of this sheet are: "
            "%(letters)s."
        ),
        Fault.UNKNOWN.value: _(
            "“%(part)s” stands for no reason. The letters of this sheet are: %(letters)s."
        ),
        Fault.UNREADABLE.value: _(
            "“%(part)s” is neither hours (8, 7:30, 4,5) nor a letter: %(letters)s."
        ),
        Fault.NOT_WHOLE.value: _("%(part)s h is no whole number of minutes: write it as 7:30."),
        Fault.ZERO.value: _("Zero hours is an absence: write the letter of its reason."),
        Fault.TOO_LONG.value: _("A day has 24 hours: write fewer than %(part)s."),
        Fault.NOTE_TOO_LONG.value: _("The note is too long: at most 200 characters."),
        Fault.NO_NORM.value: _("The norm of part time is not known: write the hours."),
        Fault.WORKDAY.value: _("“В” is a day off, and this is a working day: write why."),
        Fault.HOURS_MISSING.value: _("Write the hours after the letter: %(part)s4."),
        Fault.HOURS_BESIDE_ABSENCE.value: _("Who is absent (%(part)s) has no hours: leave one."),
        Fault.WHOLE_SHIFT.value: _("With “%(part)s” less than a full shift is worked."),
        Fault.NIGHT_OVER.value: _("%(part)s: no more hours at night than were worked."),
        Fault.OVERTIME_OVER.value: _("%(part)s: no more hours of overtime than were worked."),
        Fault.OVERTIME_OFF.value: _(
            "%(part)s: on a day off all hours are paid higher as such, without overtime."
        ),
        Fault.TEXT_MISSING.value: _("Write after the letter what the reason is: %(part)s …"),
    }


def more_templates() -> dict[str, str]:
    """What only the rules of a day can say about a cell."""
    return {
        "outside": _("Not placed here on this day: leave the cell empty."),
        "private_refusal": _(
            "A private employer's worker may stay away at any time: this reason is not entered."
        ),
        "cell": _("№ %(number)s, %(day)s"),
    }


def fault_sentence(fault: CellUnreadable, letters: str) -> str:
    """Why the text is no entry, and what to do."""
    name = "like" if fault.like else fault.fault.value
    told: dict[str, Any] = {"part": fault.part, "like": fault.like, "letters": letters}
    if fault.fault is Fault.FOREIGN:
        told["alphabet"] = alphabets()[alphabet_of(fault.part).value]
    return fault_templates()[name] % told


def oddity_words() -> dict[str, str]:
    """What is unusual about an entry; stored all the same, but for the last one."""
    return {
        Oddity.OVER_NORM.value: _("more hours than the norm of the day"),
        Oddity.TWO_PLACES.value: _("entered at another place on the same day too"),
        Oddity.DAY_OFF.value: _("hours on a day off"),
        Oddity.ABSENT_WITH_OUTPUT.value: _("no hours, and there is output on this day"),
    }


def cell_name(number: str, day: date) -> str:
    """How a cell is called in a list: № 1601, 05.11."""
    return more_templates()["cell"] % {"number": number, "day": f"{day:%d.%m}"}
