"""What a person will be paid at the expected release: computed by the engine of wages.

Read by the leaving file. The last approved month's pay is taken to go on for the working days of
the month of release; leave not taken is what the records of today give. Nothing is stored.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from inmates.absences import Absent, AveragePay, DayRate, Extra, Leaving
from inmates.average import LEAVE_COMPENSATION, History
from inmates.enums import FINAL_RUNS, AbsencePay, LineKind, RunKind, RunStatus
from inmates.models import (
    Attendance,
    CalendarDay,
    EarningKind,
    Inmate,
    PayRate,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
)
from inmates.refusals import PersonNotCalculable
from inmates.selectors.payroll import paid_of
from inmates.selectors.payroll_average import MONTHS_OF_HISTORY, kind_title
from inmates.selectors.payroll_inputs import Person, RunInputs, post_titles
from inmates.selectors.payroll_law import law_of_month
from inmates.selectors.payroll_shared import read_shared
from inmates.slip_lines import Rules
from inmates.slips import Slip, make_slip
from portal.accounts.selectors import tax_status_on
from portal.kernel.errors import PortalError
from portal.kernel.money import round_tiyn
from portal.kernel.periods import Month, Period, overlap_q, period_q

ZERO = Decimal("0.00")
ONE_DAY = timedelta(days=1)
# One-off sums are not expected again, nor is the end of work paid twice.
NOT_EXPECTED = "extra:"
# A run that is asked for and not there: no row has this key.
NO_RUN = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """At one payer: the payslip of the release month as it would be, or why there is none.

    `unpaid`: approved and not paid yet; `overpaid`: what the person still owes; `like`: the month
    whose pay is taken to go on; `law`: the month by whose law it is computed.
    """

    payer: Any
    release_on: date
    slip: Slip | None
    leave_days: int
    leave_amount: Decimal
    unpaid: Decimal
    overpaid: Decimal
    like: Month | None
    law: Month
    refusal: str = ""
    # Of a refusal that names what is missing for this person.
    missing: tuple[str, dict[str, Any]] | None = None

    @property
    def to_account(self) -> Decimal:
        """Everything that is still to come, less what is owed."""
        own = self.slip.result.to_account if self.slip else ZERO
        return own + self.unpaid - self.overpaid


def forecast(payer: Any, inmate: Inmate, release_on: date, on: date) -> Forecast:
    """The settlement with one payer at the expected release; a fixed number of queries."""
    month = Month.of(release_on - ONE_DAY)
    unpaid, overpaid = _balances(payer.pk, inmate.pk)
    placement = _last_placement(payer.pk, inmate.pk)
    last = _last_month(payer.pk, inmate.pk)
    # The wages of the month of release are known once they are approved: then only what those do
    # not have is still to come, and the engine counts them as the payer's other payslip.
    like = last if last is None or last < month else None
    law, refusal, slip, missing = month, "", None, None
    if placement is not None:
        try:
            law, rules = _law(month, Month.of(on))
            inputs = _inputs(payer.pk, inmate, placement, release_on, law, like, rules)
            slip = make_slip(inputs.people[0], inputs, rules)
        except PersonNotCalculable as refused:
            missing = (refused.code, refused.arguments)
        except PortalError as refused:
            refusal = str(refused)
    lines = [one for one in slip.lines if one.code == LEAVE_COMPENSATION] if slip else []
    return Forecast(
        payer=payer,
        release_on=release_on,
        slip=slip,
        leave_days=sum(one.quantity or 0 for one in lines),
        leave_amount=sum((one.amount for one in lines), ZERO),
        unpaid=unpaid,
        overpaid=overpaid,
        like=like,
        law=law,
        refusal=refusal,
        missing=missing,
    )


def _balances(payer_id: int, inmate_id: int) -> tuple[Decimal, Decimal]:
    """Approved and not yet paid; and what earlier payments were too much."""
    slips = Payslip.objects.filter(inmate=inmate_id, run__payer=payer_id)
    # What was reversed before anybody paid it is paid no more, and so is its mirror.
    waiting = slips.filter(run__status=RunStatus.APPROVED, run__is_reversed=False).exclude(
        run__kind=RunKind.REVERSAL, run__reverses__status=RunStatus.APPROVED
    )
    found = waiting.aggregate(unpaid=Sum(paid_of()))
    owed = slips.filter(run__status__in=FINAL_RUNS).aggregate(sum=Sum("settlement"))["sum"]
    return found["unpaid"] or ZERO, max(ZERO, owed or ZERO)


def _last_placement(payer_id: int, inmate_id: int) -> Placement | None:
    return (
        Placement.objects.filter(inmate=inmate_id, payer=payer_id)
        .select_related("post__workshop__institution")
        .order_by("-effective_from", "-pk")
        .first()
    )


def _last_month(payer_id: int, inmate_id: int) -> Month | None:
    """The newest month that came to something: wages with their mirror come to nothing."""
    newest = (
        Payslip.objects.filter(inmate=inmate_id, run__payer=payer_id, run__status__in=FINAL_RUNS)
        .order_by()
        .values("run__month")
        .annotate(sum=Sum("gross"))
        .filter(sum__gt=0)
        .order_by("-run__month")
        .values_list("run__month", flat=True)
        .first()
    )
    return Month.of(newest) if newest else None


def _law(wanted: Month, present: Month) -> tuple[Month, Rules]:
    """The law of the month of release; of the present one while that is not entered."""
    try:
        return wanted, law_of_month(wanted)
    except (PortalError, LookupError, ValueError):
        return present, law_of_month(present)


def _inputs(
    payer_id: int,
    inmate: Inmate,
    placement: Placement,
    release_on: date,
    law: Month,
    like: Month | None,
    rules: Rules,
) -> RunInputs:
    """What a run of the month of release would read, as far as it can be known today."""
    institution = placement.post.workshop.institution
    status = tax_status_on(payer_id, law.last_day)
    is_minimum = institution.security == "minimum"
    inputs = RunInputs(
        month=law,
        category="convict_minimum_security" if is_minimum else "convict",
        regime=status.regime if status else None,
        people=[Person(inmate.pk, inmate.born_on, inmate.pension, inmate.disability_group)],
        changed_employment={inmate.pk},
    )
    inputs.posts = post_titles([placement.post_id])
    last_day = release_on - ONE_DAY
    calendar = dict(
        CalendarDay.objects.filter(day__gte=_first_read(release_on, like)).values_list(
            "day", "is_workday"
        )
    )
    inputs.average = AveragePay(
        people={inmate.pk: _absent(payer_id, inmate.pk, placement, last_day)},
        extra={inmate.pk: _expected(payer_id, inmate.pk, release_on, like, calendar)},
        workdays=calendar,
    )
    run = PayrollRun(pk=NO_RUN, payer_id=payer_id, institution=institution, month=law.first_day)
    read_shared(inputs, run, [inmate.pk])
    return inputs


def _first_read(release_on: date, like: Month | None) -> date:
    first = Month.of(release_on - ONE_DAY).first_day
    return min(first, like.first_day) if like else first


def _absent(payer_id: int, inmate_id: int, placement: Placement, last_day: date) -> Absent:
    """The end of work on that day, with what is in the records of today."""
    paid_until = _leave_paid_until(payer_id, inmate_id, last_day)
    days = _placed_days(payer_id, inmate_id, last_day, paid_until)
    leave = Attendance.objects.filter(
        placement__inmate=inmate_id,
        placement__payer=payer_id,
        minutes=0,
        reason__pay_kind=AbsencePay.LEAVE,
        worked_on__lte=last_day,
    )
    if paid_until is not None:
        leave = leave.filter(worked_on__gt=paid_until)
    taken = leave.values("worked_on").distinct().count()
    rate = PayRate.objects.filter(
        period_q(last_day), payer=payer_id, post=placement.post_id
    ).first()
    return Absent(
        leaving=Leaving(
            last_day,
            days,
            taken,
            DayRate(
                last_day,
                placement.pay_form,
                placement.post_id,
                rate.unit if rate else None,
                rate.amount if rate else None,
            ),
        ),
        history=_history(payer_id, inmate_id, Month.of(last_day)),
    )


def _leave_paid_until(payer_id: int, inmate_id: int, last_day: date) -> date | None:
    """Until when leave was paid out; what a reversal or a difference took back was not."""
    sums: dict[tuple[int, date], Decimal] = {}
    days: dict[tuple[int, date], date] = {}
    lines = PayslipLine.objects.filter(
        payslip__inmate=inmate_id,
        payslip__run__payer=payer_id,
        payslip__run__status__in=FINAL_RUNS,
        kind=LineKind.EARNING,
        code=LEAVE_COMPENSATION,
    )
    columns = ("payslip__run__institution", "payslip__run__month", "amount", "arguments")
    for place_id, month, amount, arguments in lines.order_by("pk").values_list(*columns):
        key = (place_id, month)
        sums[key] = sums.get(key, ZERO) + amount
        if "last_day" in arguments:
            days[key] = date.fromisoformat(arguments["last_day"])
    paid = (day for key, day in days.items() if sums[key] > ZERO and day <= last_day)
    return max(paid, default=None)


def _placed_days(payer_id: int, inmate_id: int, last_day: date, paid_until: date | None) -> int:
    """Calendar days at the payer up to the last one; after a leave paid out, from there."""
    until = last_day + ONE_DAY
    days: set[date] = set()
    rows = Placement.objects.filter(
        overlap_q(Period(date(1990, 1, 1), until)), inmate=inmate_id, payer=payer_id
    )
    for begin, end in rows.values_list("effective_from", "effective_to"):
        first = begin if paid_until is None else max(begin, paid_until + ONE_DAY)
        last = until if end is None or _goes_on(end, until) else end
        if first < last:
            days |= set(Period(first, last).days())
    return len(days)


def _goes_on(end: date, until: date) -> bool:
    return end >= until


def _history(payer_id: int, inmate_id: int, month: Month) -> History:
    """What counts in the average of the twelve months before, as a run would read it."""
    slips = Payslip.objects.filter(
        inmate=inmate_id,
        run__payer=payer_id,
        run__status__in=FINAL_RUNS,
        run__month__gte=month.plus(-MONTHS_OF_HISTORY).first_day,
        run__month__lt=month.first_day,
    )
    days = slips.aggregate(sum=Sum("days_worked"))["sum"] or 0
    lines = PayslipLine.objects.filter(payslip__in=slips, kind=LineKind.EARNING)
    earned = ZERO
    kinds: dict[date, set[str]] = {}
    for at, code, amount in lines.values_list("payslip__run__month", "code", "amount"):
        if at not in kinds:
            counted = EarningKind.objects.filter(period_q(Month.of(at).last_day), in_average=True)
            kinds[at] = set(counted.values_list("code", flat=True))
        if code in kinds[at]:
            earned += amount
    return History(earned, days)


def _expected(
    payer_id: int, inmate_id: int, release_on: date, like: Month | None, calendar: dict[date, bool]
) -> list[Extra]:
    """The last month's earnings by kind, for the working days up to the release."""
    if like is None:
        return []
    first = Month.of(release_on - ONE_DAY).first_day
    until = [day for day in calendar if first <= day < release_on and calendar[day]]
    whole = [day for day in like.days() if calendar.get(day)]
    if not whole or not until:
        return []
    sums = (
        PayslipLine.objects.filter(
            payslip__inmate=inmate_id,
            payslip__run__payer=payer_id,
            payslip__run__month=like.first_day,
            payslip__run__status__in=FINAL_RUNS,
            kind=LineKind.EARNING,
        )
        .exclude(subject__startswith=NOT_EXPECTED)
        .exclude(code=LEAVE_COMPENSATION)
        .order_by()
        .values_list("code")
        .annotate(sum=Sum("amount"))
    )
    kinds = {
        kind.code: kind_title(kind) for kind in EarningKind.objects.filter(period_q(like.last_day))
    }
    share = Fraction(len(until), len(whole))
    expected = [
        Extra(0, code, round_tiyn(Fraction(amount) * share), "", kinds.get(code, {}))
        for code, amount in sorted(sums)
    ]
    return [one for one in expected if one.amount > ZERO]
