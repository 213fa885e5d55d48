"""The sentences behind pay without work, in full and as a private payer reads them.

Read by `explanations`. A private employer learns that an absence is paid and never why (law.md §9):
all kinds have one sentence, and what only one of them has (a limit, a share) is not said.
"""

from django.utils.translation import gettext_lazy as _

AVERAGE_SENTENCES = {
    "average.history": _(
        "%(earned)s earned in %(worked_days)s days worked of the 12 months before; for %(days)s "
        "days paid: %(earned)s ÷ %(worked_days)s × %(days)s; %(article)s"
    ),
    "average.rate": _(
        "no day was worked for this payer in the 12 months before, so by the rate: %(total)s for "
        "%(days)s days; %(article)s"
    ),
    "average.idle": _("%(rate)s of it: the idle time is not the worker's fault"),
    "average.sick_cap": _("at most %(limit)s a month (%(mrp)s MRP)"),
    "average.sick_paid": _("%(paid)s of it stands on the payslip of another institution"),
    "average.leave_due": _(
        "work ended on %(last_day)s: leave of %(annual)s calendar days a year for %(placed)s days, "
        "%(taken)s taken, %(due)s not taken, of them working days: %(days)s"
    ),
    # What a private payer reads of leave not taken, and of absences of all kinds together.
    "average.leave_left": _(
        "work ended on %(last_day)s: %(due)s calendar days of leave were not taken, of them "
        "working days: %(days)s"
    ),
    "average.absence": _("days paid: %(days)s, about %(daily)s a day; %(article)s"),
    "extra.document": _("by the document: %(basis)s"),
}

_BY_AVERAGE = _("by average wage; %(article)s")
DISCREET_AVERAGE = {"average.history": _BY_AVERAGE, "average.rate": _BY_AVERAGE}
# Not said to a private payer at all.
UNSAID = {"average.idle", "average.sick_cap", "average.sick_paid", "average.leave_due"}
AVERAGE_NUMBERS = {"annual", "days", "due", "placed", "taken", "worked_days"}
