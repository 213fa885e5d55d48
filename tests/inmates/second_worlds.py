"""Seeded worlds for the two calculations: a dozen people of two payers in two institutions.

Everything that a rule of pay looks at is thrown: forms of pay, rates that change, nights, teams,
absences, ends of work, kinds of earnings, sums by hand, pensions, groups, writs of all queues.
Rows are written past the services, so a world may be odder than the pages allow.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection

from inmates.enums import RunStatus
from inmates.models import (
    Apprenticeship,
    Attendance,
    EarningKind,
    ExtraPay,
    Inmate,
    PayRate,
    PayrollRun,
    Placement,
    Reason,
    TaxApplication,
    TeamEntry,
    TeamShare,
    WorkEntry,
    WritOfExecution,
    WritSuspension,
)
from inmates.services.calculation import calculate_payroll_run
from inmates.services.directories import load_calendar
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.models import Organisation, OrganisationTaxStatus
from portal.kernel.periods import Month
from tests.people import LONG_AGO, NOW, Cast, an_inmate, an_organisation
from workshops.models import (
    Institution,
    Operation,
    Post,
    Trade,
    WorkOrder,
    WorkOrderOperation,
    Workshop,
)

FLAGS = ("in_opv", "in_so", "in_osms", "in_ipn", "in_social_tax", "is_attachable", "in_average")
MINIMUM = "in_minimum_wage"
SUPPLEMENTS = ("night", "overtime", "holiday", "leave", "idle", "minimum_top_up")
HOURLY = ("600.00", "187.35", "512.99", "2380.01", "12000.00")
SALARIES = ("85000.00", "121333.33", "480000.00", "6100000.00")
PIECES = (("212.50", 1), ("38.75", 7), ("650.00", 100), ("12.41", 3), ("1450.00", 1))
SHARES = ((1, 4), (1, 3), (1, 2), (1, 6), (2, 7))


class Quiet:
    """A worker that nobody watches."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        pass

    def hold(self) -> None:
        pass


@dataclass
class World:
    """The places of one world and what can be thrown there."""

    cast: Cast
    month: Month
    dice: Random
    payers: list[Organisation] = field(default_factory=list)
    places: list[Institution] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    operations: list[WorkOrderOperation] = field(default_factory=list)
    absences: list[Reason] = field(default_factory=list)
    people: list[Inmate] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    # The day and minutes of each placement that was attended.
    attended: dict[int, dict[date, int]] = field(default_factory=dict)

    def day(self) -> date:
        return self.dice.choice(list(self.month.days()))

    def money(self, least: int, most: int) -> Decimal:
        return Decimal(self.dice.randrange(least * 100, most * 100)).scaleb(-2)

    def perhaps(self, chance: float) -> bool:
        return self.dice.random() < chance


def a_world(cast: Cast, seed: int, month: Month, people: int = 14) -> World:
    """A world of one seed: the same people, work and papers every time."""
    world = World(cast, month, Random(seed))  # noqa: S311 - invented, not secret
    load_calendar()
    _make_places(world)
    _make_rates(world)
    _make_kinds(world)
    _make_absences(world)
    for number in range(people):
        _make_person(world, number)
    for inmate in world.people:
        _make_writs(world, inmate)
    _work(world)
    return world


def live_on(world: World) -> None:
    """The next month of the same people: work again, the same papers."""
    world.month = world.month.next()
    _work(world)


def _work(world: World) -> None:
    for placement in world.placements:
        _attend(world, placement)
        _book(world, placement)
    _make_teams(world)
    for inmate in world.people:
        _make_extras(world, inmate)


def tell_sizes() -> None:
    """A world is one transaction: nobody else counts its rows, and plans are made by that."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def runs_of(world: World) -> list[PayrollRun]:
    """Every run of the month, each calculated, in an order of the dice."""
    pairs = sorted({(one.payer_id, one.post.workshop.institution_id) for one in world.placements})
    world.dice.shuffle(pairs)
    return [a_run(world, payer_id, place_id) for payer_id, place_id in pairs]


def a_run(world: World, payer_id: int, place_id: int, month: Month | None = None) -> PayrollRun:
    """The run, calculated by both sides as a worker does it."""
    run = PayrollRun.objects.create(
        payer_id=payer_id,
        institution_id=place_id,
        month=(month or world.month).first_day,
        status=RunStatus.CALCULATING,
        started_by=world.cast.accountant,
        created_at=NOW,
    )
    # Each a little later than those before it.
    at = NOW + timedelta(minutes=PayrollRun.objects.count())
    calculate_payroll_run(run_id=run.pk, progress=Quiet(), at=at)
    run.refresh_from_db()
    return run


def close(run: PayrollRun, world: World) -> None:
    """The run is approved: history of average pay reads it. Past the services, like the rest."""
    PayrollRun.objects.filter(pk=run.pk).update(
        status=RunStatus.POSTING, approved_by=world.cast.head, approved_at=NOW
    )


def _make_places(world: World) -> None:
    cast, die = world.cast, world.dice
    other = an_organisation(Kind.STATE_ENTERPRISE, "РГП «Второй»", 60)
    OrganisationTaxStatus.objects.create(
        organisation=other,
        is_vat_payer=False,
        regime=die.choice(("general", "simplified")),
        effective_from=LONG_AGO,
    )
    colony = an_organisation(Kind.INSTITUTION, "Учреждение № 99", 61)
    place = Institution.objects.create(
        organisation=colony, number="99", department=cast.department, security="minimum"
    )
    workshop = Workshop.objects.create(institution=place, code="second-99", name_ru="Цех")
    trade = Trade.objects.create(code="welder", name_ru="Сварщик")
    world.payers, world.places = [cast.enterprise, other], [cast.institution, place]
    world.posts = [cast.joiners]
    for number in range(2):
        for where in (cast.workshop, workshop):
            post = Post.objects.create(
                workshop=where, name_ru=f"Пост {number}", trade=trade, seats=99
            )
            world.posts.append(post)
    version = cast.version
    Operation.objects.create(
        version=version, sequence=3, name_ru="Сварка", trade=trade,
        norm_minutes=Decimal("60"), piece_rate=Decimal("1.00"),
    )  # fmt: skip
    order = WorkOrder.objects.create(
        number="2026-91000", workshop=cast.workshop, version=version, quantity=10**7,
        created_at=NOW,
    )  # fmt: skip
    world.operations = [
        WorkOrderOperation.objects.create(work_order=order, operation=one, quantity=10**7)
        for one in version.routing.order_by("sequence")
    ]


def _make_rates(world: World) -> None:
    """Of each payer: a post by the hour or the month, an operation by N pieces; some change."""
    die = world.dice
    PayRate.objects.all().delete()
    for payer in world.payers:
        for post in world.posts:
            unit = die.choice(("hour", "hour", "month"))
            prices = HOURLY if unit == "hour" else SALARIES
            _succession(world, prices, payer=payer, post=post, unit=unit)
        for one in world.operations:
            amount, pieces = die.choice(PIECES)
            _succession(
                world,
                (amount, "225.05"),
                payer=payer,
                operation=one.operation,
                unit="piece",
                per_pieces=pieces,
            )


def _succession(world: World, prices: Any, **fields: Any) -> None:
    first, second = world.dice.sample(prices, 2)
    changes = world.perhaps(0.4)
    on = world.month.first_day + timedelta(days=world.dice.randint(1, 27))
    PayRate.objects.create(
        amount=Decimal(first), effective_from=LONG_AGO, effective_to=on if changes else None,
        **fields,
    )  # fmt: skip
    if changes:
        PayRate.objects.create(amount=Decimal(second), effective_from=on, **fields)


def _make_kinds(world: World) -> None:
    """Kinds entered by hand that count here and not there, and supplements that do as well."""
    die = world.dice
    for number in range(4):
        EarningKind.objects.create(
            code=f"odd-{number}", name_ru=f"Выплата {number}", is_manual=True,
            effective_from=LONG_AGO, source="test", confidence="test",
            **{flag: die.random() < 0.5 for flag in (*FLAGS, MINIMUM)},
        )  # fmt: skip
    for code in SUPPLEMENTS:
        if world.perhaps(0.4):
            flags = {flag: die.random() < 0.7 for flag in FLAGS}
            EarningKind.objects.filter(code=code).update(**flags)


def _make_absences(world: World) -> None:
    for number, kind in enumerate(("leave", "sick", "idle", "average_pay")):
        world.absences.append(
            Reason.objects.create(
                code=f"paid-{kind}", group="attendance", name_ru=kind, letter=f"П{number}",
                is_paid=True, pay_kind=kind,
            )
        )  # fmt: skip
    world.absences.append(
        Reason.objects.create(code="unpaid", group="attendance", name_ru="Без оплаты", letter="Б9")
    )
    world.absences.append(
        Reason.objects.create(
            code="trip", group="attendance", name_ru="Учёба", letter="У9", is_worked=True,
            is_paid=True,
        )
    )  # fmt: skip


def _make_person(world: World, number: int) -> None:
    die = world.dice
    inmate = an_inmate(
        world.cast,
        f"7{number:03d}",
        born_on=date(1958, 1, 1) + timedelta(days=die.randrange(46 * 365)),
        pension=die.choices(("none", "age", "service"), (8, 1, 1))[0],
        disability_group=die.choices((None, 1, 2, 3), (8, 1, 1, 1))[0],
    )
    world.people.append(inmate)
    if world.perhaps(0.7):
        TaxApplication.objects.create(
            inmate=inmate, payer=die.choice(world.payers), effective_from=LONG_AGO
        )
    _place(world, inmate)
    if world.perhaps(0.2):
        begins = world.month.first_day - timedelta(days=die.randrange(30))
        Apprenticeship.objects.create(
            inmate=inmate,
            trade=die.choice([one.operation.trade for one in world.operations]),
            free_mentor="мастер",
            planned_hours=100,
            norm_coefficient=Decimal(die.choice(("0.6", "0.75", "0.3333"))),
            basis="приказ",
            effective_from=begins,
            effective_to=die.choice((None, begins + timedelta(days=40))),
            recorded_by=world.cast.master,
            recorded_at=NOW,
        )
    if world.perhaps(0.15):
        left = world.day() + timedelta(days=1)
        inmate.stays.update(effective_to=left)


def _place(world: World, inmate: Inmate) -> None:
    """One to three placements: after one another, or part-time beside each other."""
    die, first = world.dice, world.month.first_day
    shape = die.choices(("one", "transfer", "beside"), (5, 3, 3))[0]
    starts = LONG_AGO if world.perhaps(0.7) else world.day()
    ends = None if world.perhaps(0.75) else max(starts, first) + timedelta(die.randint(1, 40))
    if shape == "transfer":
        turn = max(starts, first) + timedelta(days=die.randint(1, 20))
        _placement(world, inmate, starts, turn)
        _placement(world, inmate, turn, ends if ends and ends > turn else None)
        return
    _placement(world, inmate, starts, ends)
    if shape == "beside":
        _placement(world, inmate, starts, None, is_full_time=False)


def _placement(
    world: World, inmate: Inmate, starts: date, ends: date | None, **fields: Any
) -> None:
    payer = world.dice.choices(world.payers, (3, 1))[0]
    world.placements.append(
        Placement.objects.create(
            inmate=inmate,
            post=world.dice.choice(world.posts),
            employer=payer,
            payer=payer,
            pay_form=world.dice.choice(("time", "piece")),
            basis="договор",
            effective_from=starts,
            effective_to=ends,
            **fields,
        )
    )


def _attend(world: World, placement: Placement) -> None:
    """Most days worked, some of them at night, too long, or on a day off; some absent."""
    die = world.dice
    rows, minutes_of = [], {}
    for day in world.month.days():
        is_here = placement.effective_from <= day and not (
            placement.effective_to and day >= placement.effective_to
        )
        if not is_here or world.perhaps(0.1 if day.weekday() < 5 else 0.85):
            continue
        if world.perhaps(0.12):
            reason = die.choice(world.absences)
            minutes = die.choice((0, 0, 240)) if reason.pay_kind == "" else 0
            if reason.is_worked:
                minutes = 360
                minutes_of[day] = minutes
            rows.append(
                Attendance(
                    placement=placement, worked_on=day, minutes=minutes, reason=reason,
                    recorded_at=NOW,
                )
            )  # fmt: skip
            continue
        minutes = die.choice((480, 480, 480, 475, 613, 7))
        minutes_of[day] = minutes
        rows.append(
            Attendance(
                placement=placement, worked_on=day, minutes=minutes, recorded_at=NOW,
                night_minutes=die.randint(0, minutes) if world.perhaps(0.2) else 0,
                overtime_minutes=die.randint(0, minutes) if world.perhaps(0.2) else 0,
            )
        )  # fmt: skip
    Attendance.objects.bulk_create(rows)
    world.attended[placement.pk] = minutes_of


def _book(world: World, placement: Placement) -> None:
    """Output on most days attended, and on one that was not; by time it is worth nothing."""
    die = world.dice
    if placement.pay_form == "time" and not world.perhaps(0.1):
        return
    for day in world.attended[placement.pk]:
        if world.perhaps(0.15):
            continue
        for operation in die.sample(world.operations, die.randint(1, 3)):
            WorkEntry.objects.create(
                placement=placement, work_order_operation=operation, worked_on=day,
                quantity=die.choice((1, 3, 7, 40, 1000)), recorded_at=NOW,
            )  # fmt: skip


def _make_teams(world: World) -> None:
    """Teams of two to four of one payer and institution, with minutes and coefficients."""
    die = world.dice
    groups: dict[tuple[int, int], list[Placement]] = {}
    for one in world.placements:
        if one.pay_form == "piece":
            groups.setdefault((one.payer_id, one.post.workshop.institution_id), []).append(one)
    for members in groups.values():
        for _team in range(4):
            day = world.day()
            here = [one for one in members if day in world.attended[one.pk]]
            if len(here) < 2:
                continue
            entry = TeamEntry.objects.create(
                work_order_operation=die.choice(world.operations), worked_on=day,
                quantity=die.choice((1, 5, 77, 900)), recorded_at=NOW,
            )  # fmt: skip
            TeamShare.objects.bulk_create(
                TeamShare(
                    team_entry=entry,
                    placement=one,
                    minutes=die.choice((480, 480, 100, 1)),
                    coefficient=Decimal(die.choice(("1.00", "1.00", "1.35", "0.01"))),
                )
                for one in die.sample(here, min(len(here), die.randint(2, 4)))
            )


def _make_writs(world: World, inmate: Inmate) -> None:
    """None to four: shares, sums, debts to the tiyn, fees; suspended, ended and paid-off ones."""
    die = world.dice
    for number in range(die.choices((0, 1, 2, 3, 4), (4, 2, 2, 2, 1))[0]):
        kind = die.choice(("share", "sum", "claim", "claim", "claim"))
        terms: dict[str, Any] = {"queue": 1, "kind": "alimony"}
        if kind == "share":
            above, below = die.choice(SHARES)
            terms |= {"share_numerator": above, "share_denominator": below}
        elif kind == "sum":
            terms["amount"] = world.money(1_000, 60_000)
        else:
            debt = die.choice((world.money(1, 3), world.money(100, 900_000), Decimal("0.30")))
            terms = {"queue": die.randint(1, 5), "kind": "claim", "debt": debt}
        writ = WritOfExecution.objects.create(
            inmate=inmate, number=f"И-{inmate.pk}-{number}", payee="взыскатель",
            fee=die.choice((None, None, world.money(1, 20_000))),
            effective_from=LONG_AGO,
            effective_to=die.choice((None, None, None, world.day() + timedelta(days=1))),
            **terms,
        )  # fmt: skip
        if world.perhaps(0.12):
            WritSuspension.objects.create(
                writ=writ, basis="определение", effective_from=world.day(),
                effective_to=die.choice((None, world.month.next().first_day)),
            )  # fmt: skip


def _make_extras(world: World, inmate: Inmate) -> None:
    """Sums by hand of all kinds; now and then one that reaches the second step of income tax."""
    die = world.dice
    mine = [one for one in world.placements if one.inmate_id == inmate.pk]
    for _extra in range(die.choices((0, 1, 2), (6, 2, 1))[0]):
        where = die.choice(mine)
        ExtraPay.objects.create(
            inmate=inmate,
            payer=where.payer,
            institution=where.post.workshop.institution,
            month=world.month.first_day,
            kind=die.choice(("bonus", "compensation", *(f"odd-{one}" for one in range(4)))),
            amount=die.choice((world.money(1, 90_000), world.money(1, 90_000),
                               world.money(30_000_000, 60_000_000))),
            basis="приказ",
            recorded_by=world.cast.accountant,
            recorded_at=NOW,
        )  # fmt: skip
