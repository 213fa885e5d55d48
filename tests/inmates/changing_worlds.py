"""Seeded worlds whose past changes: people of two payers in two institutions, month after month.

Built on the worlds of the two calculations (`second_worlds`); every month is calculated, approved,
posted and paid, and between the months anything that wages are made from is changed at random,
days and papers of one person as well as rates, kinds of earnings and figures of the law. Changes
are written past the services; the triggers of the tables mark them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import F

from inmates.enums import RunKind, RunStatus
from inmates.models import (
    Attendance,
    BackdatedChange,
    EarningKind,
    ExtraPay,
    Inmate,
    PayParameter,
    PayRate,
    PayrollProblem,
    PayrollRun,
    Payslip,
    Placement,
    RunPerson,
    TaxApplication,
    TeamEntry,
    WorkEntry,
    WritOfExecution,
)
from inmates.off_cycle_refusals import LaterRunStands
from inmates.selectors.payroll import pays_anybody
from inmates.services.approval import approve_payroll_run
from inmates.services.calculation import calculate_payroll_run
from inmates.services.corrections import corrections_of, next_sequence
from inmates.services.directories import load_calendar
from inmates.services.off_cycle import drop_run
from inmates.services.paying import pay_payroll_run
from inmates.services.posting import post_payroll_run
from inmates.services.reversing import reverse_payroll_run
from portal.accounts.models import User
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates import second_worlds as worlds
from tests.inmates.books import first_signature
from tests.inmates.second_worlds import Quiet, World
from tests.people import LONG_AGO, NOW, Cast, a_user


@dataclass
class Past:
    """A world with the months that it has lived, and who signs for each payer."""

    world: World
    heads: dict[int, User] = field(default_factory=dict)
    accountants: dict[int, User] = field(default_factory=dict)
    months: list[Month] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)

    @property
    def dice(self) -> Random:
        return self.world.dice


def a_past(cast: Cast, seed: int, first: Month, people: int) -> Past:
    """A world before its first month of work."""
    world = World(cast, first, Random(seed))  # noqa: S311 - invented, not secret
    load_calendar()
    worlds._make_places(world)
    worlds._make_rates(world)
    worlds._make_kinds(world)
    worlds._make_absences(world)
    for number in range(people):
        worlds._make_person(world, number)
    for inmate in world.people:
        worlds._make_writs(world, inmate)
    past = Past(world)
    for number, payer in enumerate(world.payers):
        past.heads[payer.pk] = a_user(f"head-{number}@past.test", payer, "head")
        past.accountants[payer.pk] = a_user(f"pay-{number}@past.test", payer, "accountant")
        first_signature(cast, payer, past.heads[payer.pk])
    return past


def live(past: Past, after: Callable[[], None] = lambda: None, *, busy: float = 1.0) -> None:
    """A month of work, and its wages at every payer and place, with what they settle.

    `after` is asked after each of the runs; `busy`: the part of people who work at all.
    """
    world = past.world
    if past.months:
        world.month = past.months[-1].next()
    # Their ends have moved since.
    for placement in world.placements:
        placement.refresh_from_db(fields=["effective_from", "effective_to"])
    past.months.append(world.month)
    _work(world, busy)
    worlds.tell_sizes()
    pairs = sorted({(one.payer_id, one.post.workshop.institution_id) for one in world.placements})
    past.dice.shuffle(pairs)
    for pair in pairs:
        close(past, a_run(past, *pair, world.month))
        after()


def a_run(past: Past, payer_id: int, place_id: int, month: Month, **fields: Any) -> PayrollRun:
    """A run of the scope, calculated as a worker does it; regular unless it is told otherwise."""
    people: Iterable[int] = fields.pop("people", ())
    kind = fields.setdefault("kind", RunKind.REGULAR)
    run = PayrollRun.objects.create(
        payer_id=payer_id,
        institution_id=place_id,
        month=month.first_day,
        status=RunStatus.CALCULATING,
        started_by=past.accountants[payer_id],
        created_at=clock.now(),
        sequence=next_sequence(payer_id, place_id, month.first_day, kind),
        **fields,
    )
    RunPerson.objects.bulk_create(RunPerson(run=run, inmate_id=one) for one in sorted(people))
    calculate_payroll_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    return run


def close(past: Past, run: PayrollRun) -> PayrollRun:
    """Approved by the head, posted, paid; a month in which nobody earned stays as it is."""
    family = [*corrections_of(run), run]
    assert not PayrollProblem.objects.filter(run__in=family).exists()
    assert [one.difference_count for one in family] == [0] * len(family), told(family)
    if not run.payslips.exists():
        assert family == [run]
        return run
    at = clock.now()
    approve_payroll_run(actor=past.heads[run.payer_id], run_id=run.pk, at=at)
    post_payroll_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    assert run.status == RunStatus.APPROVED, told(family)
    return pay_payroll_run(
        actor=past.accountants[run.payer_id], run_id=run.pk, paid_on=clock.today(),
        document="ПП", at=clock.now(),
    )  # fmt: skip


def an_error(past: Past) -> PayrollRun | None:
    """A run outside the order for a closed month in which something waits, calculated; none where
    nothing does, or where it has nothing to tell."""
    for payer_id, place_id, first in past.dice.sample(found := scopes(past), len(found)):
        month = Month.of(first)
        waiting = BackdatedChange.objects.filter(
            payer=payer_id, institution=place_id, settled_by=None, first_day__lte=month.last_day
        )
        people = set(waiting.values_list("inmate_id", flat=True))
        people &= everybody_of((payer_id, place_id, first))
        if people:
            run = a_run(
                past, payer_id, place_id, month, kind=RunKind.ERROR, reason="табель исправлен",
                people=people,
            )  # fmt: skip
            if run.payslips.exists():
                assert run.difference_count == 0, told([run])
                return run
            give_up(past, run)
    return None


def give_up(past: Past, run: PayrollRun) -> None:
    """The run is taken back, whoever has counted it meanwhile."""
    drop_run(actor=past.accountants[run.payer_id], run_id=run.pk, at=clock.now())


def sign(past: Past, run: PayrollRun) -> PayrollRun:
    """Approved and posted; nobody pays it yet."""
    approve_payroll_run(actor=past.heads[run.payer_id], run_id=run.pk, at=clock.now())
    post_payroll_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    assert run.status == RunStatus.APPROVED, told([run])
    return run


def reverse(past: Past, run: PayrollRun) -> bool:
    """The unpaid run is taken back, and the rest paid; not where later differences stand on it."""
    actor = past.accountants[run.payer_id]
    try:
        mirror = reverse_payroll_run(actor=actor, run_id=run.pk, reason="ошибка", at=clock.now())
    except LaterRunStands:
        return False
    sign(past, mirror)
    if pays_anybody(mirror):
        pay_late(past, mirror)
    return True


def pay_late(past: Past, run: PayrollRun) -> None:
    """What was signed long before is paid."""
    pay_payroll_run(
        actor=past.accountants[run.payer_id], run_id=run.pk, paid_on=clock.today(),
        document="ПП", at=clock.now(),
    )  # fmt: skip


def told(family: Sequence[PayrollRun]) -> list[Any]:
    """What the two calculations disagree about."""
    names = ("inmate", "kind", "code", "subject", "rate", "first", "second")
    return [
        (one.kind, str(one.month), *row)
        for one in family
        for row in one.differences.values_list(*names)
    ]


def _work(world: World, busy: float) -> None:
    """A few days of the placements in the month, with output, teams and sums by hand."""
    die = world.dice
    days: list[Attendance] = []
    made: list[WorkEntry] = []
    for placement in world.placements:
        rows = _days(world, placement) if world.perhaps(busy) else []
        days += rows
        world.attended[placement.pk] = {row.worked_on: row.minutes for row in rows if row.minutes}
        if placement.pay_form == "piece":
            made += [
                _entry(placement, operation, day, die.choice((1, 3, 7, 40, 1000)))
                for day in world.attended[placement.pk]
                for operation in die.sample(world.operations, die.randint(1, 2))
            ]
    Attendance.objects.bulk_create(days)
    WorkEntry.objects.bulk_create(made)
    worlds._make_teams(world)
    for inmate in world.people:
        if world.perhaps(0.2 * busy):
            worlds._make_extras(world, inmate)


def _days(world: World, placement: Placement) -> list[Attendance]:
    """Two to six days, one of them perhaps an absence."""
    die = world.dice
    here = [
        day
        for day in world.month.days()
        if placement.effective_from <= day
        and not (placement.effective_to and day >= placement.effective_to)
    ]
    rows = []
    for day in sorted(die.sample(here, min(len(here), die.randint(2, 6)))):
        values: dict[str, Any] = {"minutes": die.choice((480, 480, 475, 613, 7))}
        if world.perhaps(0.2):
            reason = die.choice(world.absences)
            values = {"minutes": 360 if reason.is_worked else 0, "reason": reason}
        elif world.perhaps(0.2):
            values["night_minutes"] = die.randint(0, values["minutes"])
        rows.append(Attendance(placement=placement, worked_on=day, recorded_at=NOW, **values))
    return rows


def _entry(placement: Placement, operation: Any, day: date, quantity: int) -> WorkEntry:
    return WorkEntry(
        placement=placement, work_order_operation=operation, worked_on=day, quantity=quantity,
        recorded_at=NOW,
    )  # fmt: skip


# --- changes of the past -----------------------------------------------------------------------
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


# --- what has to hold --------------------------------------------------------------------------
def scopes(past: Past) -> list[tuple[int, int, date]]:
    """Every payer, place and month with approved wages, in the order of the months."""
    rows = PayrollRun.objects.filter(status=RunStatus.PAID).values_list(
        "payer_id", "institution_id", "month"
    )
    return sorted(set(rows), key=lambda row: (row[2], row[0], row[1]))


def everybody_of(scope: tuple[int, int, date]) -> set[int]:
    """Who was placed there in the month, or has a payslip of it."""
    payer_id, place_id, first = scope
    month = Month.of(first)
    placed = Placement.objects.filter(
        payer=payer_id, post__workshop__institution=place_id,
        effective_from__lte=month.last_day,
    ).exclude(effective_to__lte=first)  # fmt: skip
    paid = Payslip.objects.filter(run__payer=payer_id, run__institution=place_id, run__month=first)
    return {
        *placed.values_list("inmate_id", flat=True),
        *paid.values_list("inmate_id", flat=True),
    }


def recomputed(past: Past, scope: tuple[int, int, date]) -> PayrollRun:
    """The whole month of everybody anew, less all its payslips: a run that should be empty."""
    payer_id, place_id, first = scope
    return a_run(
        past, payer_id, place_id, Month.of(first), kind=RunKind.ERROR, reason="сверка",
        people=everybody_of(scope),
    )  # fmt: skip


def open_marks() -> list[Any]:
    return list(
        BackdatedChange.objects.filter(settled_by=None).values_list(
            "inmate", "cause", "first_day", "subject"
        )
    )
