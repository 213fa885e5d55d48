"""A month whose wages are posted just now waits; once approved it changes with a reason."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inmates.closed_refusals import MonthApproved
from inmates.models import (
    Attendance,
    BackdatedChange,
    ExtraPay,
    PayrollRun,
    Placement,
    ShiftChange,
    TeamEntry,
    TeamShare,
    Timesheet,
    WorkEntry,
)
from inmates.month_refusals import WagesCalculated
from inmates.run_refusals import MonthHeld, RunHeld
from inmates.services.approval import approve_payroll_run
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.output import Output, record_output
from inmates.services.payroll import recalculate_person
from inmates.services.timesheets import reopen_timesheet
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, readable_refusals, refusal_of
from tests.inmates.books import approved, first_signature, paid, posted
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_piece_rate,
    a_worker,
    calculated,
    made,
    make_pay,
    started,
)
from tests.people import NOW, Cast, a_consent, a_placement, a_work_order, an_inmate

WHY = "Забыли наряд за эту смену"
STAGES = ("posting", "approved", "paid")
CLOSED = ("approved", "paid")
HELD = ("month_is_held", "held_sheet_stays", "held_placement_stays")


def a_month(pay: Cast, stage: str = "approved") -> PayrollRun:
    """October of three people by time, by piece and in a team, as far as asked for."""
    first_signature(pay)
    a_worker(pay)
    cutting = a_work_order(pay, 50).operations.get(operation=pay.cutting)
    a_piece_rate(pay)
    members = [
        a_placement(pay, an_inmate(pay, number), pay_form="piece") for number in ("1701", "1702")
    ]
    made(members[0], cutting, FIRST, 4)
    with transaction.atomic():
        entry = TeamEntry.objects.create(
            work_order_operation=cutting, worked_on=FIRST, quantity=6, recorded_at=NOW
        )
        TeamShare.objects.bulk_create(
            TeamShare(team_entry=entry, placement=member, minutes=480) for member in members
        )
    extra(pay, members[0])
    if stage == "posting":
        return approved(pay, calculated(pay))
    run = posted(pay)
    return paid(pay, run) if stage == "paid" else run


def extra(pay: Cast, placement: Placement, month: date = FIRST) -> ExtraPay:
    return ExtraPay.objects.create(
        inmate=placement.inmate, payer=pay.enterprise, institution=pay.institution, month=month,
        kind="bonus", amount=Decimal("5000.00"), basis="приказ № 7", recorded_by=pay.accountant,
        recorded_at=NOW,
    )  # fmt: skip


def by_time() -> Placement:
    return Placement.objects.get(inmate__personnel_number="1648")


EDITS: dict[str, Callable[[Cast], Any]] = {
    "a day is added": lambda pay: Attendance.objects.create(
        placement=by_time(), worked_on=date(2026, 10, 30), minutes=60, recorded_at=NOW
    ),
    "a day is changed": lambda pay: Attendance.objects.filter(worked_on=FIRST).update(minutes=1),
    "a day is removed": lambda pay: Attendance.objects.filter(worked_on=FIRST).delete(),
    "a day comes from another month": lambda pay: Attendance.objects.filter(
        worked_on=date(2026, 9, 30)
    ).update(worked_on=date(2026, 10, 31)),
    "output is added": lambda pay: WorkEntry.objects.create(
        placement=Placement.objects.get(inmate__personnel_number="1702"),
        work_order_operation=WorkEntry.objects.get().work_order_operation,
        worked_on=FIRST, quantity=1, recorded_at=NOW,
    ),
    "output is changed": lambda pay: WorkEntry.objects.update(quantity=5),
    "output is moved to the next month": lambda pay: WorkEntry.objects.update(
        worked_on=date(2026, 11, 2)
    ),
    "output is removed": lambda pay: WorkEntry.objects.all().delete(),
    "a team's output is changed": lambda pay: TeamEntry.objects.update(quantity=7),
    "a team's day is changed": lambda pay: TeamEntry.objects.update(worked_on=date(2026, 11, 2)),
    "a share is changed": lambda pay: TeamShare.objects.update(minutes=479),
    "a team is removed": lambda pay: TeamEntry.objects.all().delete(),
    "extra pay is added": lambda pay: extra(pay, by_time()),
    "extra pay is changed": lambda pay: ExtraPay.objects.update(amount=Decimal("1.00")),
    "extra pay is moved": lambda pay: ExtraPay.objects.update(month=date(2026, 11, 1)),
    "extra pay is removed": lambda pay: ExtraPay.objects.all().delete(),
    "a placement is turned to another payer": lambda pay: Placement.objects.filter(
        pk=by_time().pk
    ).update(payer=pay.institution.organisation),
    "a placement is turned to pieces": lambda pay: Placement.objects.filter(
        pk=by_time().pk
    ).update(pay_form="piece"),
    "a placement is turned to another person": lambda pay: Placement.objects.filter(
        pk=by_time().pk
    ).update(inmate=an_inmate(pay, "1799")),
    "the sheet is opened": lambda pay: Timesheet.objects.update(
        status="returned", returned_reason="x", locked_by=None
    ),
    "the sheet is removed": lambda pay: Timesheet.objects.all().delete(),
}  # fmt: skip


def test_raw_edits_of_a_month_that_is_posted_meet_the_database(pay: Cast) -> None:
    assert a_month(pay, "posting").status == "posting"
    Attendance.objects.create(
        placement=by_time(), worked_on=date(2026, 9, 30), minutes=60, recorded_at=NOW
    )
    for what, edit in EDITS.items():
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            edit(pay)
        refusal = refusal_of(error.value)
        assert refusal is not None, what
        assert refusal.constraint in HELD, what
        assert "%" not in str(refusal)


# What a closed month never lets go: who the person of a placement was, that its sheet was there.
NEVER = {
    "a placement is turned to another payer",
    "a placement is turned to pieces",
    "a placement is turned to another person",
    "the sheet is removed",
}


@pytest.mark.parametrize("stage", CLOSED)
def test_raw_edits_of_a_closed_month_are_marked_and_no_payslip_moves(pay: Cast, stage: str) -> None:
    run = a_month(pay, stage)
    before = list(run.payslips.order_by("pk").values())
    Attendance.objects.create(
        placement=by_time(), worked_on=date(2026, 9, 30), minutes=60, recorded_at=NOW
    )
    for what, edit in EDITS.items():
        BackdatedChange.objects.all().delete()
        if what in NEVER:
            with pytest.raises(DatabaseError), transaction.atomic():
                edit(pay)
            continue
        sid = transaction.savepoint()
        edit(pay)
        is_of_pay = what != "the sheet is opened"
        assert BackdatedChange.objects.exists() is is_of_pay, what
        transaction.savepoint_rollback(sid)
    assert list(run.payslips.order_by("pk").values()) == before


def test_every_edit_is_possible_before_the_approval(pay: Cast) -> None:
    """The guards look at the state of the run alone."""
    first_signature(pay)
    run = a_month_calculated(pay)
    for what, edit in EDITS.items():
        sid = transaction.savepoint()
        edit(pay)
        transaction.savepoint_rollback(sid)
        assert PayrollRun.objects.get(pk=run.pk).status == "calculated", what


def a_month_calculated(pay: Cast) -> PayrollRun:
    a_worker(pay)
    cutting = a_work_order(pay, 50).operations.get(operation=pay.cutting)
    a_piece_rate(pay)
    members = [
        a_placement(pay, an_inmate(pay, number), pay_form="piece") for number in ("1701", "1702")
    ]
    made(members[0], cutting, FIRST, 4)
    Attendance.objects.create(
        placement=by_time(), worked_on=date(2026, 9, 30), minutes=60, recorded_at=NOW
    )
    return calculated(pay)


def test_other_months_and_payers_stay_open(pay: Cast) -> None:
    a_month(pay)
    inmate = an_inmate(pay, "1800")
    a_consent(inmate, pay.entrepreneur)
    private = a_placement(pay, inmate, employer=pay.entrepreneur, payer=pay.entrepreneur)
    Attendance.objects.create(placement=private, worked_on=FIRST, minutes=60, recorded_at=NOW)
    Attendance.objects.create(
        placement=by_time(), worked_on=date(2026, 11, 2), minutes=60, recorded_at=NOW
    )
    extra(pay, by_time(), date(2026, 11, 1))
    assert ExtraPay.objects.count() == 2


# --- the services say it first ----------------------------------------------------------------
def test_a_day_of_a_month_that_is_posted_is_refused_whatever_is_explained(pay: Cast) -> None:
    a_month(pay, "posting")
    day = AttendedDay(by_time().pk, date(2026, 10, 6), 60)
    with pytest.raises(MonthHeld, match="октябрь 2026"):
        record_attendance(actor=pay.master, days=[day], at=clock.now(), correction=WHY)


@pytest.mark.parametrize("stage", CLOSED)
def test_a_day_of_a_closed_month_asks_for_an_explanation(pay: Cast, stage: str) -> None:
    a_month(pay, stage)
    day = AttendedDay(by_time().pk, date(2026, 10, 6), 60)
    order = {"actor": pay.master, "days": [day], "at": clock.now()}
    with pytest.raises(MonthApproved, match="октябрь 2026"):
        record_attendance(**order)
    assert record_attendance(**order, correction=WHY) == 1
    mark = BackdatedChange.objects.get()
    assert (mark.inmate, mark.first_day) == (by_time().inmate, date(2026, 10, 6))
    # Whose it is, stands with the mark; why, with the day's own trace.
    assert (mark.changed_by, mark.reason) == (pay.master, "")
    assert ShiftChange.objects.get().explanation == WHY


def test_output_of_a_closed_month_asks_for_an_explanation(pay: Cast) -> None:
    a_month(pay)
    entry = WorkEntry.objects.get()
    output = Output(entry.placement_id, entry.work_order_operation_id, FIRST, 5)
    order = {"actor": pay.master, "entries": [output], "at": clock.now()}
    with pytest.raises(MonthApproved):
        record_output(**order)
    assert record_output(**order, correction=WHY) == 1
    assert BackdatedChange.objects.get().cause == "output"


def test_who_takes_a_day_away_is_named(pay: Cast) -> None:
    a_month(pay)
    record_attendance(
        actor=pay.labour_officer, days=[], cleared=[(by_time().pk, FIRST)], at=clock.now(),
        correction=WHY,
    )  # fmt: skip
    assert BackdatedChange.objects.get().changed_by == pay.labour_officer


def a_reopened_sheet(pay: Cast) -> Timesheet:
    return reopen_timesheet(
        actor=pay.accountant, timesheet_id=Timesheet.objects.get().pk, reason=WHY, at=clock.now()
    )


def test_the_timesheet_of_a_month_that_is_posted_stays_locked(pay: Cast) -> None:
    a_month(pay, "posting")
    with pytest.raises(WagesCalculated):
        a_reopened_sheet(pay)


@pytest.mark.parametrize("stage", CLOSED)
def test_the_timesheet_of_a_closed_month_is_opened_with_a_reason(pay: Cast, stage: str) -> None:
    a_month(pay, stage)
    assert a_reopened_sheet(pay).status == "returned"


@pytest.mark.parametrize("stage", STAGES)
def test_a_held_run_is_not_calculated_again(pay: Cast, stage: str) -> None:
    run = a_month(pay, stage)
    inmate = by_time().inmate
    with pytest.raises(RunHeld):
        started(pay)
    with pytest.raises(RunHeld):
        recalculate_person(actor=pay.accountant, run_id=run.pk, inmate_id=inmate.pk, at=NOW)
    run.refresh_from_db()
    assert run.status == stage
    assert run.payslips.count() == 3


def test_the_sentence_of_the_guard_reads(pay: Cast) -> None:
    a_month(pay, "posting")
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        Attendance.objects.filter(worked_on=FIRST).delete()
    assert "проводится" in str(refused.value)


# --- an approval races an edit ----------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_edit_and_an_approval_at_once_end_one_after_the_other(no_broker: list[Any]) -> None:
    """Whoever is first: an edit before the approval makes it stale, one after it waits."""
    pay = make_pay()
    first_signature(pay)
    a_worker(pay)
    run = calculated(pay)
    placement = by_time()
    outcomes: dict[str, str] = {}
    together = threading.Barrier(2)

    def act(name: str, what: Callable[[], Any]) -> None:
        try:
            together.wait(10)
            what()
            outcomes[name] = "done"
        except Exception as error:  # noqa: BLE001 - its name is the outcome
            outcomes[name] = type(error).__name__
        finally:
            connection.close()

    at = clock.now() + timedelta(seconds=1)
    day = AttendedDay(placement.pk, date(2026, 10, 6), 60)
    threads = [
        threading.Thread(target=act, args=("approve", lambda: approve_payroll_run(
            actor=pay.head, run_id=run.pk, at=at))),
        threading.Thread(target=act, args=("edit", lambda: record_attendance(
            actor=pay.master, days=[day], at=at, correction=WHY))),
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes in (
        {"approve": "done", "edit": "MonthHeld"},
        {"approve": "CalculationStale", "edit": "done"},
    )
    assert OCTOBER.first_day == run.month
