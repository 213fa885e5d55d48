"""Dated rates of posts and operations; what October's wages are computed from."""

from datetime import date, timedelta
from decimal import Decimal

from inmates.models import PayRate
from portal.demo.places import Places
from portal.demo.products import Catalogue
from portal.demo.sources import read_data
from portal.kernel.money import round_tenge
from portal.kernel.periods import Month

# Tenge an hour this year; a full month of 168 hours is above the minimum wage at each.
HOURLY = {
    "sewer": 545,
    "cutter": 585,
    "packer": 565,
    "electrician": 690,
    "auxiliary": 532,
    "joiner": 610,
    "turner": 640,
    "painter": 590,
    "welder": 680,
    "fitter": 620,
}
LAST_YEAR = Decimal("0.96")
RAISE = Decimal("1.06")
# Rates that rise in the middle of the calculated month: a payslip then has two lines.
RAISED_POSTS = {("sewing-16", "sewer")}
RAISED_OPERATIONS = {("play-corner", 1), ("bench", 2)}
MIDDLE = 14
# Agreed until the calculated month, and no further: its accountant enters the new one first.
ENDED_POSTS = {("service-30", "electrician")}


def calculated_month(today: date) -> Month:
    """The last full month: its wages are calculated, the present month is open."""
    return Month.of(today).previous()


def make_rates(places: Places, catalogue: Catalogue, today: date) -> None:
    """Each payer's rates since last year, raised with the new year, a few once more."""
    first_day = calculated_month(today).first_day
    raised_on = first_day + timedelta(days=MIDDLE)
    rows = []
    for (workshop, trade), post in places.posts.items():
        amount = Decimal(HOURLY[trade])
        raised = raised_on if (workshop, trade) in RAISED_POSTS else None
        ended = first_day if (workshop, trade) in ENDED_POSTS else None
        steps = _steps(amount, today, raised, ended)
        for _begin, operator in places.operators[workshop]:
            rows += [PayRate(payer=operator, post=post, **step) for step in steps]
    for (product, sequence), operation in catalogue.operations.items():
        per = _per_pieces(product, sequence)
        raised = raised_on if (product, sequence) in RAISED_OPERATIONS else None
        steps = _steps(operation.piece_rate * per, today, raised)
        workshops = [workshop for code, workshop in catalogue.offers if code == product]
        payers = {who.pk: who for code in workshops for _begin, who in places.operators[code]}
        for payer in payers.values():
            rows += [
                PayRate(payer=payer, operation=operation, per_pieces=per, unit="piece", **step)
                for step in steps
            ]
    PayRate.objects.bulk_create(rows)


def _per_pieces(product: str, sequence: int) -> int:
    """Some small operations are paid by ten pieces."""
    row = next(row for row in read_data("products")["products"] if row["code"] == product)
    operation = row["operations"][sequence - 1]
    return operation[4] if len(operation) > 4 else 1


def _steps(
    amount: Decimal, today: date, raised_on: date | None, ended_on: date | None = None
) -> list[dict]:
    """The amounts by period: change is by succession, the raise after the month's new year."""
    # Of January the new year's rate would end on the day it begins: the old one ends then.
    year = (ended_on - timedelta(days=1) if ended_on else calculated_month(today).first_day).year
    dates = [date(year - 1, 1, 1), date(year, 1, 1), raised_on]
    sums = [round_tenge(amount * LAST_YEAR), amount, round_tenge(amount * RAISE)]
    known = [(begin, value) for begin, value in zip(dates, sums, strict=True) if begin]
    ends = [begin for begin, _value in known[1:]] + [ended_on]
    return [
        {"amount": value, "effective_from": begin, "effective_to": end}
        for (begin, value), end in zip(known, ends, strict=True)
    ]
