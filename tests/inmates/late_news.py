"""What may be found out late: random changes of the past of a world (`changing_worlds`).

Of one person days, output, sums, papers, facts and work; of everybody rates, figures of the law
and kinds of earnings. Written past the services; the triggers of the tables mark them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from inmates.models import (
    Attendance,
    EarningKind,
    ExtraPay,
    Inmate,
    PayParameter,
    PayRate,
    Placement,
    TaxApplication,
    TeamEntry,
    WorkEntry,
    WritOfExecution,
)
from portal.kernel.periods import Month
from tests.inmates import second_worlds as worlds
from tests.inmates.changing_worlds import Past
from tests.people import LONG_AGO, NOW


def change(past: Past, share: float) -> None:
    """Some people's past changes, once to three times (a second change may hit what the first has
    changed); now and then something that is everybody's.
    """
    die = past.dice
    for inmate in past.world.people:
        if die.random() < share:
            for _time in range(die.randint(1, 3)):
                _do(past, die.choice(OF_ONE), inmate)
    for _time in range(2):
        _do(past, die.choice(OF_ALL), None)


def _do(past: Past, one: Callable[[Past, Any], bool], inmate: Inmate | None) -> None:
    if one(past, inmate):
        past.changes[one.__name__] = past.changes.get(one.__name__, 0) + 1


def _lived(past: Past) -> tuple[date, date]:
    return past.months[0].first_day, past.months[-1].last_day


def _a_day(past: Past) -> date:
    month = past.dice.choice(past.months)
    return past.dice.choice(list(month.days()))


def _any(past: Past, rows: Any) -> Any:
    keys = sorted(rows.values_list("pk", flat=True))
    return rows.model.objects.get(pk=past.dice.choice(keys)) if keys else None


def other_minutes(past: Past, inmate: Inmate) -> bool:
    row = _any(past, Attendance.objects.filter(placement__inmate=inmate, minutes__gt=0))
    if row is None:
        return False
    minutes = past.dice.choice((60, 480, 720))
    Attendance.objects.filter(pk=row.pk).update(
        minutes=minutes, night_minutes=0, overtime_minutes=past.dice.choice((0, 60))
    )
    return True


def day_less(past: Past, inmate: Inmate) -> bool:
    row = _any(past, Attendance.objects.filter(placement__inmate=inmate))
    if row is None:
        return False
    WorkEntry.objects.filter(placement=row.placement, worked_on=row.worked_on).delete()
    TeamEntry.objects.filter(shares__placement=row.placement, worked_on=row.worked_on).delete()
    Attendance.objects.filter(pk=row.pk).delete()
    return True


def day_more(past: Past, inmate: Inmate) -> bool:
    placement = past.dice.choice(list(inmate.placements.order_by("pk")))
    day = _a_day(past)
    ends = placement.effective_to
    if day < placement.effective_from or (ends and day >= ends):
        return False
    if placement.attendance.filter(worked_on=day).exists():
        return False
    Attendance.objects.create(placement=placement, worked_on=day, minutes=480, recorded_at=NOW)
    return True


def other_output(past: Past, inmate: Inmate) -> bool:
    row = _any(past, WorkEntry.objects.filter(placement__inmate=inmate))
    if row is None:
        return False
    WorkEntry.objects.filter(pk=row.pk).update(quantity=past.dice.choice((2, 11, 500)))
    return True


def other_sum(past: Past, inmate: Inmate) -> bool:
    row = _any(past, ExtraPay.objects.filter(inmate=inmate))
    if row is None:
        return False
    if past.dice.random() < 0.5:
        ExtraPay.objects.filter(pk=row.pk).update(amount=past.world.money(10, 90_000))
    else:
        row.delete()
    return True


def application(past: Past, inmate: Inmate) -> bool:
    """Given up from some month on, or asked for since the beginning."""
    row = _any(past, TaxApplication.objects.filter(inmate=inmate, effective_to=None))
    if row is None:
        if TaxApplication.objects.filter(inmate=inmate).exists():
            return False
        TaxApplication.objects.create(
            inmate=inmate, payer=past.dice.choice(past.world.payers), effective_from=LONG_AGO
        )
        return True
    month = past.dice.choice(past.months)
    TaxApplication.objects.filter(pk=row.pk).update(effective_to=month.first_day)
    return True


def writ(past: Past, inmate: Inmate) -> bool:
    """A writ that came late, ended earlier, or claims something else."""
    die = past.dice
    row = _any(past, WritOfExecution.objects.filter(inmate=inmate, effective_to=None))
    if row is None or die.random() < 0.3:
        WritOfExecution.objects.create(
            inmate=inmate, number=f"П-{WritOfExecution.objects.count()}", payee="взыскатель",
            queue=1, kind="claim", debt=past.world.money(100, 200_000), effective_from=_a_day(past),
        )  # fmt: skip
        return True
    if row.debt is not None and die.random() < 0.5:
        WritOfExecution.objects.filter(pk=row.pk).update(debt=past.world.money(100, 400_000))
    else:
        day = max(_a_day(past), row.effective_from + timedelta(days=1))
        WritOfExecution.objects.filter(pk=row.pk).update(effective_to=day)
    return True


def person(past: Past, inmate: Inmate) -> bool:
    fields: dict[str, Any] = past.dice.choice(
        (
            {"pension": "age"},
            {"pension": "none"},
            {"disability_group": 2},
            {"disability_group": None},
        )
    )
    Inmate.objects.filter(pk=inmate.pk).update(**fields)
    return True


def end_of_work(past: Past, inmate: Inmate) -> bool:
    """The placement ended in the past, or did not end: leave is paid, or was not to be."""
    row = _any(past, Placement.objects.filter(inmate=inmate, effective_from__lte=_lived(past)[1]))
    if row is None:
        return False
    if row.effective_to is not None:
        after = Placement.objects.filter(inmate=inmate, effective_from__gte=row.effective_to)
        if after.exists():
            return False
        Placement.objects.filter(pk=row.pk).update(effective_to=None)
        return True
    day = max(_a_day(past), row.effective_from) + timedelta(days=1)
    if row.attendance.filter(worked_on__gte=day).exists():
        return False
    Placement.objects.filter(pk=row.pk).update(effective_to=day)
    return True


def work_again(past: Past, inmate: Inmate) -> bool:
    """Work entered late: right after its end, or from the first of the next month on."""
    rows = Placement.objects.filter(inmate=inmate).order_by("effective_from", "pk")
    new, ended = rows.last(), max((row.effective_to or date.max for row in rows), default=date.max)
    if new is None or ended == date.max:
        return False
    new.pk, new.effective_to, new.post = None, None, past.dice.choice(past.world.posts)
    new.effective_from = past.dice.choice((ended, Month.of(ended).next().first_day))
    new.save()
    past.world.placements.append(new)
    return True


def rate(past: Past, _nobody: None) -> bool:
    row = _any(past, PayRate.objects.filter(effective_to=None))
    PayRate.objects.filter(pk=row.pk).update(amount=F("amount") + Decimal("12.35"))
    return True


def law(past: Past, _nobody: None) -> bool:
    """A figure of the law that came out back-dated."""
    code, by = past.dice.choice((("mzp", 5000), ("mrp", 100), ("living_minimum", 1000)))
    row = PayParameter.objects.filter(code=code, effective_from__lte=_lived(past)[0]).latest(
        "effective_from"
    )
    value = str(Decimal(str(row.value)) + by)
    PayParameter.objects.filter(pk=row.pk).update(value=value)
    return True


def kind(past: Past, _nobody: None) -> bool:
    row = _any(past, EarningKind.objects.filter(is_manual=True))
    flag = past.dice.choice(worlds.FLAGS)
    EarningKind.objects.filter(pk=row.pk).update(**{flag: not getattr(row, flag)})
    return True


OF_ONE = (
    other_minutes, other_minutes, day_less, day_more, other_output, other_sum, application, writ,
    person, end_of_work, work_again,
)  # fmt: skip
OF_ALL = (rate, law, kind)
