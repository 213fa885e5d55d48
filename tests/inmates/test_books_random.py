"""Two hundred operations in a random order over several runs: the books agree after each round."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, transaction

from inmates.enums import CLOSED_RUNS, RunStatus
from inmates.models import Attendance, JournalEntry, PayrollRun
from inmates.services.approval import approve_payroll_run
from inmates.services.paying import pay_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Membership, Organisation, OrganisationTaxStatus, RoleGrant, User
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month
from tests.inmates.books import check_books, first_signature, worked_off
from tests.inmates.months import a_writ, an_application, attended, days_of, started
from tests.people import LONG_AGO, Cast, a_placement, a_user, an_hourly_rate, an_inmate
from tests.people import an_organisation as an_organisation_of

OPERATIONS = 200
MONTHS = (Month(2026, 8), Month(2026, 9), Month(2026, 10))


@dataclass
class World:
    """Two payers of people of one institution, each with an accountant and a head."""

    cast: Cast
    dice: Random
    payers: list[Organisation]
    accountants: dict[int, User] = field(default_factory=dict)
    heads: dict[int, User] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)

    def run_of(self, payer: Organisation, month: Month) -> PayrollRun | None:
        return PayrollRun.objects.filter(payer=payer, month=month.first_day).first()


@pytest.fixture
def world(pay: Cast) -> World:
    second = an_organisation_of(OrganisationKind.STATE_ENTERPRISE, "РГП «Второе»", 77)
    OrganisationTaxStatus.objects.create(
        organisation=second, is_vat_payer=False, effective_from=LONG_AGO
    )
    made = World(pay, Random(20261123), [pay.enterprise, second])  # noqa: S311 - not secret
    an_hourly_rate(pay, "640.00", payer=second)
    for place, payer in enumerate(made.payers):
        made.accountants[payer.pk] = pay.accountant
        made.heads[payer.pk] = pay.head if place == 0 else a_user("h2@example.kz", payer, "head")
        first_signature(pay, payer, made.heads[payer.pk])
    member = Membership.objects.create(
        user=pay.accountant, organisation=second, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(membership=member, role=Role.ACCOUNTANT, effective_from=LONG_AGO)
    for number in range(4):
        inmate = an_inmate(pay, str(1700 + number))
        payer = made.payers[number % 2]
        placement = a_placement(pay, inmate, payer=payer, employer=payer)
        an_application(pay, inmate, payer=payer)
        for month in MONTHS:
            attended(placement, days_of(month, 6 + 3 * number))
        if number == 1:
            a_writ(inmate, "A-1", share_numerator=1, share_denominator=3)
        if number == 2:
            a_writ(inmate, "C-1", kind="claim", queue=5, debt=Decimal("9000.00"))
    return made


def calculate(world: World, payer: Organisation, month: Month) -> None:
    run = started(
        world.cast, month, at=clock.now(), payer_id=payer.pk, actor=world.accountants[payer.pk]
    )
    calculate_payroll_run(task_run=str(run.task_run_id))


def edit(world: World, payer: Organisation, month: Month) -> None:
    """A day gets other minutes, past every service: what the month says now is what counts."""
    days = Attendance.objects.filter(
        placement__payer=payer, worked_on__range=(month.first_day, month.last_day)
    ).order_by("id")
    day = days[world.dice.randrange(days.count())]
    Attendance.objects.filter(pk=day.pk).update(minutes=world.dice.choice((240, 420, 450, 480)))


def approve(world: World, payer: Organisation, month: Month) -> None:
    run = world.run_of(payer, month)
    if run is not None:
        approve_payroll_run(actor=world.heads[payer.pk], run_id=run.pk, at=clock.now())


def approve_wrongly(world: World, payer: Organisation, month: Month) -> None:
    """The accountant who calculated, or the head of the other payer: always refused."""
    run = world.run_of(payer, month)
    if run is None:
        return
    others = [world.accountants[payer.pk]]
    others += [head for payer_id, head in world.heads.items() if payer_id != payer.pk]
    with pytest.raises(PortalError):
        approve_payroll_run(actor=world.dice.choice(others), run_id=run.pk, at=clock.now())


def post(world: World, payer: Organisation, month: Month) -> None:
    run = world.run_of(payer, month)
    if run is not None and run.status == RunStatus.POSTING:
        worked_off(run)


def pay_out(world: World, payer: Organisation, month: Month) -> None:
    run = world.run_of(payer, month)
    if run is not None:
        pay_payroll_run(
            actor=world.accountants[payer.pk], run_id=run.pk, paid_on=clock.today(),
            document=f"ПП {run.pk}", at=clock.now(),
        )  # fmt: skip


ACTS = {calculate: 3, edit: 4, approve: 4, approve_wrongly: 2, post: 4, pay_out: 2}


def act(world: World) -> None:
    """One operation; what is refused leaves no trace, and every refusal is a sentence."""
    one = world.dice.choices(list(ACTS), weights=list(ACTS.values()))[0]
    payer, month = world.dice.choice(world.payers), world.dice.choice(MONTHS)
    outcome = "done"
    try:
        with transaction.atomic():
            one(world, payer, month)
    except PortalError as refusal:
        outcome = "refused" if str(refusal) else "silent"
    except DatabaseError:
        # The guard of the database: only an edit of a month that is closed meets it.
        run = world.run_of(payer, month)
        assert one is edit
        assert run is not None
        assert run.status in CLOSED_RUNS
        outcome = "guarded"
    key = f"{one.__name__} {outcome}"
    world.done[key] = world.done.get(key, 0) + 1


def test_after_two_hundred_operations_the_books_agree(world: World) -> None:
    for number in range(1, OPERATIONS + 1):
        act(world)
        if number % 40 == 0:
            assert check_books() == [], f"after {number} operations: {world.done}"
    statuses = set(PayrollRun.objects.values_list("status", flat=True))
    assert statuses & {RunStatus.APPROVED, RunStatus.PAID}, world.done
    assert not [one for one in world.done if one.endswith("silent")]
    # The history had every kind of event in it, refusals too.
    for happened in ("calculate done", "approve done", "approve refused", "pay_out done"):
        assert world.done.get(happened), world.done
    posted = PayrollRun.objects.filter(status__in=[RunStatus.APPROVED, RunStatus.PAID])
    slips = sum(run.payslips.count() for run in posted)
    assert JournalEntry.objects.filter(purpose="wages").count() == slips
