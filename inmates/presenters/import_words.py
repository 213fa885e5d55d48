"""What to do about each problem of a spreadsheet of people, by its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "empty": _("The file has no cells. Fill in the template and choose it again."),
    "no_rows": _("There are heads and no rows below them."),
    "head_unknown": _("No column has this head. Use the heads of the template."),
    "head_twice": _("This head stands twice. Leave one of the columns."),
    "head_missing": _("This column is missing: without it nobody can be told apart."),
    "needed": _("This cell is empty. Fill it in."),
    "nothing_said": _("The row has a number and nothing else. Fill it in or delete it."),
    "too_long": _("This is longer than %(most)s characters."),
    "mixed_alphabets": _(
        "The letter “%(letter)s” is of another alphabet and only looks the same. Type it anew."
    ),
    "too_long_ago": _("This is more than a hundred years ago. Check the year."),
    "before_birth": _("The arrival is not after the birth. Check both dates."),
    "no_such_day": _("There is no such day. Write it as 31.12.2026."),
    "day_too_far": _("Check the year. Work without an end has no last day: leave the cell empty."),
    "day_ahead": _("This day is ahead. Enter people on the day they arrive, or afterwards."),
    "iin_wrong": _("%(why)s"),
    "iin_twice": _("This IIN stands in row %(row)s already."),
    "number_twice": _("This number stands in row %(row)s already."),
    "number_taken": _(
        "This number is taken already. For a placement of that person leave the name empty."
    ),
    "person_known": _(
        "A person with this IIN is registered already as № %(number)s. "
        "Enter the arrival on that person's page."
    ),
    "birth_unlike_iin": _("The IIN tells another date of birth: %(day)s."),
    "word_unknown": _("This word is not known here. Use one from the second sheet."),
    "no_such_hours": _("Write hours a day as a number, such as 8 or 7,5."),
    "over_the_norm": _("A full shift has %(most)s hours; more is overtime and is never planned."),
    "ends_before_it_begins": _("The last day is before the first. Check both dates."),
    "workshop_unknown": _("This institution has no such workshop. Use one from the second sheet."),
    "post_unknown": _("The workshop has no such post. Use one from the second sheet."),
    "number_unknown": _("Nobody has this number. For a new person fill in the name too."),
    "held_elsewhere": _("This person is not held in the institution. Enter the transfer first."),
    "works_before_arrival": _("The person is not in the institution on this day yet."),
    "works_after_leaving": _("The person leaves the institution before the work ends."),
    "no_operator": _("Nobody operates the workshop on this day, so nobody can employ there."),
    "employer_unknown": _("On this day the workshop is operated by %(expected)s, not by this."),
    "consent_missing": _(
        "A private employer needs the person's written consent, in force from the first day. "
        "Enter the consent first or offer another place."
    ),
    "placed_already": _(
        "This person has a full-time placement in these days already. End that one first."
    ),
    "placed_here": _(
        "This person works at this post in these days already. Leave the row out, or end that "
        "placement first."
    ),
    "number_unusable": _("A number begins with a digit and has only digits, letters and dashes."),
    "too_young": _("The person would be younger than %(age)s. Check both dates."),
    "placed_too_far": _("This is more than a year ahead. Check the year."),
    "hours_together": _(
        "Together with the other work in these days this is more "
        "than a full shift of %(most)s hours."
    ),
    "post_full": _(
        "All %(seats)s seats of the post are taken in these days. Choose another post, or place "
        "the person on their own page with the reason."
    ),
}
