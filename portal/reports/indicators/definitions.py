"""The indicators of employment (law.md §5: the law itself defines none of them).

Read by `portal.reports.indicators`. Words, no arithmetic: that is in `reports.employment`.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUTHOR = _("the portal's project; no legal definition was found")
SINCE = date(2010, 1, 1)
# What stands in front of the code on a page: "EMP-able, version 1".
PREFIX = "EMP"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a number counts, of whom it is a share, who says so and since when."""

    code: str
    version: int
    name: str | Promise
    formula: str | Promise
    denominator: str | Promise = ""
    author: str | Promise = AUTHOR
    effective_from: date = SINCE

    @property
    def reference(self) -> str:
        """EMP-able/1: how a page and a workbook quote the definition."""
        return f"{PREFIX}-{self.code}/{self.version}"


# The four denominators, then what is counted in them, then how a month is made of its days.
INDICATORS = (
    Indicator(
        "custody",
        1,
        _("In custody"),
        _(
            "Everybody whose stay in the institution is in force on the day. The day of arrival "
            "counts, the day of departure does not, so a transfer is counted in one place only."
        ),
    ),
    Indicator(
        "able",
        1,
        _("Able-bodied"),
        _("People in custody whose recorded labour state on the day says: able-bodied."),
    ),
    Indicator(
        "subject",
        1,
        _("Subject to labour"),
        _(
            "People in custody whose labour state on the day says that they are to be drawn "
            "to labour, whatever is recorded about their ability."
        ),
    ),
    Indicator(
        "available",
        1,
        _("Available that day"),
        _(
            "Able-bodied people without a recorded reason that keeps them from working: none in "
            "their labour state, and no whole day of absence for such a reason in the timesheet."
        ),
    ),
    Indicator(
        "unknown",
        1,
        _("Ability not known"),
        _(
            "People in custody with no labour state on the day, or with one that says: not known. "
            "They are among all in custody, and subject to labour only where that is recorded."
        ),
    ),
    Indicator(
        "employed",
        1,
        _("Employed"),
        _(
            "People with a paid placement in force on the day, leave, sickness and days off "
            "included, wherever the workshop is; a person with two placements counts once."
        ),
        _(
            "Each of the four, side by side. The numerator holds only people who are in that "
            "denominator."
        ),
    ),
    Indicator(
        "worked",
        1,
        _("Worked"),
        _(
            "People with more than 0 paid minutes entered for the day. Where attendance is due "
            "and none is entered there is no figure; a day off without entries is left out."
        ),
        _("Each of the four, of the institutions that entered attendance of the day."),
    ),
    Indicator(
        "hours",
        1,
        _("Paid hours"),
        _(
            "The sum of the paid minutes entered, divided by 60, whether or not the timesheet of "
            "the month is submitted."
        ),
    ),
    Indicator(
        "month-mean",
        1,
        _("Monthly mean of daily rates"),
        _(
            "The rate of a month is the mean of its daily rates, each day weighing the same; "
            "people are the mean of the days. Paid hours are the sum of the days."
        ),
    ),
    Indicator(
        "final",
        2,
        _("Provisional or final"),
        _(
            "Final when the department has closed the facts of the month in every institution "
            "counted; until then provisional. What is recorded later does not reach a final "
            "month: it is listed, and the month is reopened with a written reason. Days that "
            "were not known when it was closed stay not known."
        ),
    ),
)
