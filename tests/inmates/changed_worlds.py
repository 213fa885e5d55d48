"""What is changed in the closed months of a seeded world, whatever wages are made from.

Rows are written past the services: the triggers of the database mark what they concern.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.db.models import F, Max

from inmates.enums import RunStatus
from inmates.models import (
    Attendance,
    BackdatedChange,
    EarningKind,
    ExtraPay,
    PayParameter,
    PayRate,
    PayrollRun,
    Placement,
    RunPerson,
    TaxApplication,
    TeamShare,
    WorkEntry,
    WritOfExecution,
    WritSuspension,
)
from inmates.services.calculation import calculate_payroll_run
from portal.kernel.periods import Month
from tests.inmates.second_worlds import Quiet, World
from tests.people import LONG_AGO, NOW


def approve(run: PayrollRun, world: World) -> None:
    """The run, and what is settled with it, is approved and posted; past the services."""
    family = [*PayrollRun.objects.filter(settled_with=run).order_by("month"), run]
    for one in family:
        if not one.payslips.exists():
            continue
        rows = PayrollRun.objects.filter(pk=one.pk)
        rows.update(status=RunStatus.POSTING, approved_by=world.cast.head, approved_at=NOW)
        rows.update(status=RunStatus.APPROVED, posted_at=NOW, number=f"Р-{one.pk}")
    open_ones = BackdatedChange.objects.filter(
        payer=run.payer_id, institution=run.institution_id, settled_by=None
    )
    open_ones.filter(first_day__lt=run.month).update(settled_by=run.pk)


def places_of(world: World) -> list[tuple[int, int]]:
    """Each payer and institution with people."""
    return sorted({(one.payer_id, one.post.workshop.institution_id) for one in world.placements})


def off_cycle(
    world: World, payer_id: int, place_id: int, month: Month, people: list[int], kind: str
) -> PayrollRun:
    """A run outside the month's order, calculated as a worker does it."""
    number = PayrollRun.objects.filter(
        payer=payer_id, institution=place_id, month=month.first_day, kind=kind
    ).count()
    run = PayrollRun.objects.create(
        payer_id=payer_id, institution_id=place_id, month=month.first_day, kind=kind,
        sequence=number + 1, reason="проверка", status=RunStatus.CALCULATING,
        started_by=world.cast.accountant, created_at=NOW,
    )  # fmt: skip
    RunPerson.objects.bulk_create(RunPerson(run=run, inmate_id=one) for one in people)
    at = NOW + timedelta(minutes=PayrollRun.objects.count())
    calculate_payroll_run(run_id=run.pk, progress=Quiet(), at=at)
    run.refresh_from_db()
    return run


def _some(dice: Random, rows: list) -> list:
    return dice.sample(rows, min(len(rows), 3))


def _attendance(world: World, month: Month) -> None:
    rows = list(Attendance.objects.filter(worked_on__range=_days(month), minutes__gt=60))
    for row in _some(world.dice, rows):
        minutes = world.dice.choice((60, 240, 700))
        Attendance.objects.filter(pk=row.pk).update(
            minutes=minutes, night_minutes=0, overtime_minutes=0
        )


def _output(world: World, month: Month) -> None:
    rows = list(WorkEntry.objects.filter(worked_on__range=_days(month)))
    for row in _some(world.dice, rows):
        more = world.dice.choice((row.quantity // 2 + 1, row.quantity + 17))
        WorkEntry.objects.filter(pk=row.pk).update(quantity=more)


def _team(world: World, month: Month) -> None:
    rows = list(TeamShare.objects.filter(team_entry__worked_on__range=_days(month)))
    for row in _some(world.dice, rows):
        TeamShare.objects.filter(pk=row.pk).update(coefficient=Decimal("2.50"))


def _extra(world: World, month: Month) -> None:
    rows = list(ExtraPay.objects.filter(month=month.first_day))
    for row in _some(world.dice, rows):
        if world.perhaps(0.5):
            row.delete()
        else:
            ExtraPay.objects.filter(pk=row.pk).update(amount=F("amount") + Decimal("1234.56"))


def _rate(world: World, month: Month) -> None:
    rows = list(PayRate.objects.filter(effective_from=LONG_AGO).order_by("pk"))
    for row in _some(world.dice, rows):
        PayRate.objects.filter(pk=row.pk).update(amount=row.amount * 2)


def _writ(world: World, month: Month) -> None:
    rows = list(WritOfExecution.objects.order_by("pk"))
    for row in _some(world.dice, rows):
        this = WritOfExecution.objects.filter(pk=row.pk)
        if row.debt:
            this.update(debt=world.money(100, 300_000))
        elif row.amount:
            this.update(amount=world.money(100, 50_000))
        elif not row.suspensions.exists():
            WritSuspension.objects.create(
                writ=row, basis="определение", effective_from=month.first_day
            )


def _application(world: World, month: Month) -> None:
    rows = list(TaxApplication.objects.order_by("pk"))
    for row in _some(world.dice, rows):
        TaxApplication.objects.filter(pk=row.pk).delete()


def _person(world: World, month: Month) -> None:
    for inmate in _some(world.dice, world.people):
        inmate.disability_group = world.dice.choice((None, 1, 2, 3))
        inmate.pension = world.dice.choice(("none", "age"))
        inmate.save(update_fields=["disability_group", "pension"])


def _placement(world: World, month: Month) -> None:
    """It ended with its last day of work: leave not taken is paid for."""
    rows = Placement.objects.annotate(last=Max("attendance__worked_on")).filter(last__isnull=False)
    for row in _some(world.dice, list(rows.order_by("pk"))):
        Placement.objects.filter(pk=row.pk).update(effective_to=row.last + timedelta(days=1))
    for one in world.placements:
        one.refresh_from_db(fields=["effective_to"])


def _parameter(world: World, month: Month) -> None:
    code = world.dice.choice(("mzp", "vosms_rate", "opvr_rate", "night_supplement"))
    for row in PayParameter.objects.filter(code=code):
        value = str(Decimal(str(row.value)) * Decimal("1.1"))
        PayParameter.objects.filter(pk=row.pk).update(value=value)


def _kind(world: World, month: Month) -> None:
    kind = world.dice.choice(("odd-0", "odd-1", "night", "leave", "bonus"))
    EarningKind.objects.filter(code=kind).update(
        in_opv=world.perhaps(0.5), in_ipn=world.perhaps(0.5), is_attachable=world.perhaps(0.5),
        in_average=world.perhaps(0.5),
    )  # fmt: skip


CHANGES: dict[str, Callable[[World, Month], None]] = {
    "attendance": _attendance,
    "output": _output,
    "team": _team,
    "extra": _extra,
    "rate": _rate,
    "writ": _writ,
    "application": _application,
    "person": _person,
    "placement": _placement,
    "parameter": _parameter,
    "kind": _kind,
}


def change(world: World, month: Month, count: int = 3) -> list[str]:
    """Some changes of the dice that concern a month; their names."""
    names = world.dice.sample(sorted(CHANGES), count)
    for name in names:
        CHANGES[name](world, month)
    return names


def _days(month: Month) -> tuple[object, object]:
    return month.first_day, month.last_day
