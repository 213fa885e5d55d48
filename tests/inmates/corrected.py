"""Two months of a few people, the first one changed after it was paid, for tests of the books."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inmates.models import Attendance, Inmate, PayrollRun
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import approved, first_signature, paid, posted, worked_off
from tests.inmates.months import a_writ, an_application, attended, calculated, days_of
from tests.people import Cast, a_placement, an_inmate

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


@dataclass
class Corrected:
    """Who was paid too much in September, who too little, and who rightly."""

    cast: Cast
    over: Inmate
    under: Inmate
    other: Inmate
    september: PayrollRun


def paid_september(cast: Cast) -> Corrected:
    """September of three people, one with alimony, is paid; October is worked."""
    first_signature(cast)
    people = []
    for number in ("1648", "1649", "1650"):
        inmate = an_inmate(cast, number)
        placement = a_placement(cast, inmate)
        an_application(cast, inmate)
        for month in (SEPTEMBER, OCTOBER):
            attended(placement, days_of(month, 15))
        people.append(inmate)
    a_writ(people[0], "A-1", share_numerator=1, share_denominator=4)
    run = paid(cast, posted(cast, SEPTEMBER))
    return Corrected(cast, *people, run)


def worked(inmate: Inmate, month: Month, days: int, minutes: int) -> None:
    """The first days of a month were of so many minutes: written down when it is paid already."""
    first = days_of(month, days)
    Attendance.objects.filter(placement__inmate=inmate, worked_on__in=first).update(minutes=minutes)


def changed(story: Corrected) -> None:
    """Ten days of the first were none worth speaking of; five of the second were longer."""
    worked(story.over, SEPTEMBER, 10, 60)
    worked(story.under, SEPTEMBER, 5, 600)


def october(story: Corrected) -> PayrollRun:
    """October with the differences of September, posted; not paid yet."""
    return worked_off(approved(story.cast, calculated(story.cast, OCTOBER)))


def pay_today(story: Corrected, run: PayrollRun) -> PayrollRun:
    return paid(story.cast, run, on=clock.today(), document="ПП № 18")


def owed(inmate: Inmate) -> Decimal:
    """What the person still owes by everything approved."""
    slips = inmate.payslips.filter(run__status__in=("approved", "paid"))
    return sum((slip.settlement for slip in slips), Decimal("0.00"))


LAST_OF_OCTOBER = date(2026, 10, 31)
