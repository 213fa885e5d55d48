"""Final months: who closes them, what then can change, what came late, how they are reopened."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from inmates.enums import FactStatus
from inmates.fact_refusals import MonthNotOver, ReasonTooShort, UnknownDaysChanged
from inmates.facts import DEFINITION
from inmates.models import Attendance, CustodyStay, FactDirty, FactHorizon, FactPeriod, LabourFact
from inmates.selectors.facts import (
    fact_periods,
    fact_summary,
    final_periods,
    freshness_of_facts,
)
from inmates.services.fact_periods import finalise_facts, reopen_facts
from inmates.services.facts import rebuild_facts, refresh_facts
from inmates.states import FACT_PERIOD
from inmates.tasks import refresh_facts as refresh_task
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.daily import enqueue_for_day
from portal.kernel.errors import Forbidden, refusal_of
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.periods import Month
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.fact_days import defined_days, make_facts, stored_days
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user, an_organisation
from tests.reports.worlds import a_person, a_sheet, a_worker, an_institution, reasons
from workshops.models import Institution

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
THIRD = date(2026, 10, 5)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Two workers, one of them with the sheet of a single day; facts made up to today."""
    cast.worker, cast.other = (a_worker(cast, cast.institution) for _number in range(2))
    a_sheet(cast.worker, THIRD)
    make_facts(date(2026, 9, 1), TODAY)
    FactDirty.objects.all().delete()
    return cast


def close(cast: Cast, month: Month = OCTOBER, **given) -> FactPeriod:
    seen = fact_summary(cast.institution.pk, month).unknown_days
    values = {
        "actor": cast.analyst, "institution_id": cast.institution.pk, "month": month,
        "unknown_seen": seen, "on": TODAY, "at": NOW,
    }  # fmt: skip
    return finalise_facts(**(values | given))


def reopen(cast: Cast, month: Month = OCTOBER, **given) -> FactPeriod:
    values = {
        "actor": cast.analyst, "institution_id": cast.institution.pk, "month": month,
        "reason": "Найден табель", "on": TODAY, "at": NOW,
    }  # fmt: skip
    return reopen_facts(**(values | given))


def rows(month: Month = OCTOBER) -> list[tuple]:
    facts = LabourFact.objects.filter(
        effective_from__gte=month.first_day, effective_from__lt=month.next().first_day
    )
    return list(facts.order_by("inmate", "effective_from").values_list())


# --- closing --------------------------------------------------------------------------------


def test_closed_month_says_what_it_held_who_and_when(world: Cast) -> None:
    period = close(world)
    period.refresh_from_db()
    assert period.status == FactStatus.FINAL
    assert (period.person_days, period.definition) == (62, DEFINITION)
    # 21 workdays of two people, and one sheet.
    assert period.unknown_days == 41
    assert (period.closed_by, period.closed_at) == (world.analyst, NOW)
    assert period.rows_hash == fact_summary(world.institution.pk, OCTOBER).rows_hash
    [change] = history_of(period)
    assert (change.action, change.actor, change.to_status) == ("finalise", world.analyst, "final")


def test_closing_makes_facts_of_what_was_written_a_moment_ago(world: Cast) -> None:
    a_sheet(world.other, THIRD)
    with pytest.raises(UnknownDaysChanged) as refused:
        close(world)  # the page showed 41, and it is 40 now
    assert "40" in str(refused.value)
    period = close(world, unknown_seen=40)
    assert period.unknown_days == 40
    assert not FactDirty.objects.exists()


@pytest.mark.parametrize("seen", [0, 40, 42])
def test_closing_refuses_another_number_of_unknown_days(world: Cast, seen: int) -> None:
    with pytest.raises(UnknownDaysChanged):
        close(world, unknown_seen=seen)
    assert not FactPeriod.objects.filter(status=FactStatus.FINAL).exists()


def test_closing_refuses_a_month_that_is_not_over(world: Cast) -> None:
    with pytest.raises(MonthNotOver) as refused:
        close(world, NOVEMBER)
    assert "22.11.2026" in str(refused.value)


def test_closing_refuses_before_any_facts(cast: Cast) -> None:
    with pytest.raises(MonthNotOver):
        close(cast)


def test_closing_twice_is_refused(world: Cast) -> None:
    close(world)
    with pytest.raises(MoveRefused):
        close(world)
    assert history_of(FactPeriod.objects.get(status="final")).count() == 1


@pytest.mark.parametrize(
    "who", ["head", "labour_officer", "accountant", "master", "administrator", "stranger"]
)
def test_only_the_departments_analyst_closes_and_reopens(world: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        close(world, actor=getattr(world, who))
    close(world)
    with pytest.raises(Forbidden):
        reopen(world, actor=getattr(world, who))


def test_analyst_of_another_department_or_place_is_refused(world: Cast) -> None:
    far = an_organisation(OrganisationKind.DEPARTMENT, "ДУИС другой области (тест)", 90)
    elsewhere = an_institution(world, "30")
    limited = a_user("near@example.kz")
    membership = Membership.objects.create(
        user=limited, organisation=world.department, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(
        membership=membership, role=Role.ANALYST, scope=elsewhere.organisation,
        effective_from=LONG_AGO,
    )  # fmt: skip
    for actor in (a_user("far@example.kz", far, Role.ANALYST), limited):
        with pytest.raises(Forbidden):
            close(world, actor=actor)


@pytest.mark.parametrize("status", list(FactStatus))
@pytest.mark.parametrize("action", ["finalise", "reopen", "delete"])
def test_machine_knows_two_moves(status: str, action: str) -> None:
    expected = {("provisional", "finalise"): "final", ("final", "reopen"): "provisional"}
    assert FACT_PERIOD.target(status, action) == expected.get((status, action))


# --- what is final stays --------------------------------------------------------------------


def test_database_refuses_any_change_of_final_facts(world: Cast) -> None:
    close(world)
    fact = LabourFact.objects.get(inmate=world.worker.inmate, effective_from=OCTOBER.first_day)
    acts = (
        fact.delete,
        lambda: LabourFact.objects.filter(pk=fact.pk).update(ability="unable"),
        lambda: LabourFact.objects.create(
            inmate=a_person(world.institution), institution=world.institution,
            effective_from=THIRD, effective_to=THIRD + timedelta(days=1), ability="able",
            availability="available", employment="not_employed", definition=DEFINITION,
        ),
    )  # fmt: skip
    before = rows()
    for act in acts:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            act()
        assert refusal_of(refused.value).constraint == "facts_of_a_final_month_stay"
    assert rows() == before


def test_other_months_and_places_are_still_written(world: Cast) -> None:
    close(world)
    a_sheet(world.worker, date(2026, 11, 3))
    elsewhere = an_institution(world, "30")
    a_person(elsewhere, date(2026, 10, 1))
    refresh_facts(on=TODAY, at=NOW)
    assert stored_days(date(2026, 11, 3), date(2026, 11, 4))[
        world.worker.inmate_id, date(2026, 11, 3)
    ].minutes == 480  # fmt: skip
    assert fact_summary(elsewhere.pk, OCTOBER).person_days == 31


def test_late_fact_changes_nothing_and_is_listed(world: Cast) -> None:
    close(world)
    before = rows()
    a_sheet(world.other, THIRD)
    done = refresh_facts(on=TODAY, at=NOW)
    assert rows() == before
    assert done.late == 1
    late = FactDirty.objects.get()
    assert (late.inmate, late.from_day, late.to_day) == (
        world.other.inmate, THIRD, THIRD + timedelta(days=1)
    )  # fmt: skip
    period = fact_periods([world.institution.pk], OCTOBER, OCTOBER)[world.institution.pk, OCTOBER]
    assert period.late_people == 1
    # The next nights leave it in the list, once.
    assert refresh_facts(on=TODAY, at=NOW).late == 0
    assert FactDirty.objects.count() == 1


def test_change_over_two_months_is_late_for_one_and_made_for_the_other(world: Cast) -> None:
    close(world)
    CustodyStay.objects.filter(inmate=world.other.inmate).update(effective_to=date(2026, 10, 20))
    refresh_facts(on=TODAY, at=NOW)
    days = stored_days(date(2026, 10, 1), TODAY)
    mine = [day for inmate_id, day in days if inmate_id == world.other.inmate_id]
    assert max(mine) == date(2026, 10, 31)
    late = FactDirty.objects.get()
    assert (late.from_day, late.to_day, late.cause) == (
        date(2026, 10, 20), NOVEMBER.first_day, "stay"
    )  # fmt: skip


def test_transfer_told_late_keeps_the_days_where_they_were_final(world: Cast) -> None:
    """A moved person is never in two places, and the receiving place waits for the reopening."""
    receiving = an_institution(world, "30")
    close(world)
    stay = CustodyStay.objects.get(inmate=world.other.inmate)
    CustodyStay.objects.filter(pk=stay.pk).update(effective_to=date(2026, 10, 20))
    CustodyStay.objects.create(
        inmate=stay.inmate, institution=receiving, effective_from=date(2026, 10, 20)
    )
    refresh_facts(on=TODAY, at=NOW)
    days = stored_days(OCTOBER.first_day, TODAY)
    assert days[stay.inmate_id, date(2026, 10, 25)].institution == world.institution.pk
    assert days[stay.inmate_id, date(2026, 11, 2)].institution == receiving.pk
    reopen(world)
    assert stored_days(OCTOBER.first_day, TODAY) == defined_days(OCTOBER.first_day, TODAY)


def test_rebuild_leaves_final_months_alone(world: Cast) -> None:
    close(world)
    before = rows()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Attendance.objects.update(minutes=60)
        cursor.execute("SET LOCAL session_replication_role = origin")
    rebuild_facts(begin=date(2026, 9, 1), end=TODAY, at=NOW)
    assert rows() == before


def test_final_period_cannot_be_removed_or_lack_what_it_says(world: Cast) -> None:
    period = close(world)
    for change in ({"rows_hash": ""}, {"closed_by": None}, {"unknown_days": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactPeriod.objects.filter(pk=period.pk).update(**change)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        FactPeriod.objects.filter(pk=period.pk)._raw_delete(using="default")


# --- reopening ------------------------------------------------------------------------------


def test_reopened_month_says_what_came_late(world: Cast) -> None:
    closed = close(world)
    a_sheet(world.other, THIRD)
    refresh_facts(on=TODAY, at=NOW)
    period = reopen(world)
    assert period.status == FactStatus.PROVISIONAL
    days = stored_days(OCTOBER.first_day, NOVEMBER.first_day)
    assert days[world.other.inmate_id, THIRD].minutes == 480
    assert days == defined_days(OCTOBER.first_day, NOVEMBER.first_day)
    assert not FactDirty.objects.exists()
    # What was published can still be told from what holds now.
    period.refresh_from_db()
    assert period.rows_hash == closed.rows_hash
    assert fact_summary(world.institution.pk, OCTOBER).rows_hash != closed.rows_hash
    assert [one.reason for one in history_of(period)] == ["", "Найден табель"]


def test_reopened_month_is_closed_again(world: Cast) -> None:
    close(world)
    reopen(world)
    a_sheet(world.other, THIRD)
    refresh_facts(on=TODAY, at=NOW)
    assert close(world).unknown_days == 40
    assert final_periods([world.institution.pk], OCTOBER.first_day, TODAY) == {
        (world.institution.pk, OCTOBER)
    }


@pytest.mark.parametrize("reason", ["", "   ", "нет", " abcd "])
def test_reopening_needs_a_written_reason(world: Cast, reason: str) -> None:
    close(world)
    with pytest.raises(ReasonTooShort):
        reopen(world, reason=reason)
    assert FactPeriod.objects.get(status="final").first_day == OCTOBER.first_day


def test_reopening_what_is_not_final_is_refused(world: Cast) -> None:
    with pytest.raises(MoveRefused):
        reopen(world)


# --- the nights -----------------------------------------------------------------------------


def test_first_night_makes_everything_and_the_second_finds_nothing(cast: Cast) -> None:
    a_worker(cast, cast.institution)
    first = refresh_facts(on=TODAY, at=NOW)
    assert first.closed_days == (TODAY - LONG_AGO).days
    assert stored_days(LONG_AGO, TODAY) == defined_days(LONG_AGO, TODAY)
    assert not FactDirty.objects.exists()
    second = refresh_facts(on=TODAY, at=NOW + timedelta(hours=1))
    assert (second.closed_days, second.redone_people) == (0, 0)
    assert freshness_of_facts().made_at == NOW + timedelta(hours=1)


def test_nights_without_anybody_are_quiet(cast: Cast) -> None:
    assert refresh_facts(on=TODAY, at=NOW).closed_days == 0
    assert freshness_of_facts().built_until is None


@pytest.mark.parametrize("nights", [1, 2, 5, 40])
def test_missed_nights_are_made_up_for(world: Cast, nights: int) -> None:
    later = TODAY + timedelta(days=nights)
    done = refresh_facts(on=later, at=NOW)
    assert done.closed_days == nights
    assert stored_days(LONG_AGO, later) == defined_days(date(2026, 9, 1), later)
    assert freshness_of_facts().built_until == later


def test_progress_is_told_month_by_month(cast: Cast) -> None:
    a_person(cast.institution, date(2026, 9, 20))
    told = []
    refresh_facts(on=TODAY, at=NOW, report=lambda **counts: told.append(counts))
    assert told == [{"done": done, "total": 3} for done in (1, 2, 3)]


def test_entry_of_a_day_to_come_is_not_waited_for(world: Cast) -> None:
    a_sheet(world.worker, TODAY)
    assert freshness_of_facts().changed_people == 0
    a_sheet(world.worker, date(2026, 11, 20))
    a_sheet(world.worker, date(2026, 11, 19))
    assert freshness_of_facts().changed_people == 1
    refresh_facts(on=TODAY + timedelta(days=1), at=NOW)
    assert freshness_of_facts().changed_people == 0


@pytest.mark.parametrize("seed_reason", ["sick", "training"])
def test_every_kind_of_record_leaves_its_mark(world: Cast, seed_reason: str) -> None:
    known = reasons()
    marks = []
    for act in (
        lambda: a_sheet(world.other, THIRD, 0, known[seed_reason]),
        lambda: world.other.inmate.labour_states.update(ability="unable"),
        lambda: type(world.other).objects.filter(pk=world.other.pk).update(is_full_time=False),
        lambda: CustodyStay.objects.filter(inmate=world.other.inmate).update(
            effective_to=date(2026, 11, 5)
        ),
    ):
        act()
        marks.append(FactDirty.objects.latest("id"))
    assert [one.cause for one in marks] == ["attendance", "state", "placement", "stay"]
    assert {one.inmate for one in marks} == {world.other.inmate}
    assert (marks[3].from_day, marks[3].to_day) == (date(2026, 11, 5), None)


def test_changes_that_no_fact_knows_leave_no_mark(world: Cast) -> None:
    type(world.other).objects.filter(pk=world.other.pk).update(basis="договор № 2")
    Attendance.objects.update(note="опоздал")
    CustodyStay.objects.update(effective_from=LONG_AGO)
    assert not FactDirty.objects.exists()


def test_sheet_of_thirty_is_marked_by_one_statement_and_by_month(world: Cast) -> None:
    days = [date(2026, 10, number) for number in range(6, 31)]
    days += [date(2026, 11, number) for number in range(2, 7)]
    Attendance.objects.bulk_create(
        Attendance(placement=world.other, worked_on=day, minutes=480, recorded_at=NOW)
        for day in days
    )
    marks = FactDirty.objects.order_by("from_day").values_list("from_day", "to_day")
    assert list(marks) == [
        (date(2026, 10, 6), date(2026, 10, 31)), (date(2026, 11, 2), date(2026, 11, 7))
    ]  # fmt: skip


# --- the task and the command ---------------------------------------------------------------


def test_task_of_the_night_runs_once_a_day(world: Cast, settings) -> None:
    assert "inmates.refresh_facts" in settings.DAILY_TASKS
    run = enqueue_for_day("inmates.refresh_facts", at=NOW + timedelta(days=1))
    refresh_task.run(str(run.pk))
    assert TaskRun.objects.get(pk=run.pk).status == TaskStatus.DONE
    assert FactHorizon.objects.get().built_until == TODAY + timedelta(days=1)
    refresh_task.run(str(run.pk))
    assert enqueue_for_day("inmates.refresh_facts", at=NOW + timedelta(days=1)) is None


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("facts", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def _on_the_day():
    import time_machine

    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        yield


@pytest.mark.usefixtures("_on_the_day")
def test_command_tells_refreshes_and_rebuilds(cast: Cast) -> None:
    assert "no facts yet" in said()
    with pytest.raises(CommandError, match="Nothing to rebuild"):
        said("--rebuild")
    a_person(cast.institution, date(2026, 9, 20))
    assert "82 days closed" in said("--refresh")
    assert "facts of 2026-09-01 up to 2026-11-22 (excluded), definition 1; 0" in said("--status")
    assert "3 months made again by definition 1" in said("--rebuild")
    assert "1 months made again" in said(
        "--rebuild", "--from", "2026-10-05", "--to", "2026-10-07"
    )  # fmt: skip


@pytest.mark.usefixtures("_on_the_day")
def test_command_finds_final_facts_that_were_changed_past_the_portal(world: Cast) -> None:
    close(world)
    assert "1 final months" in said()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        LabourFact.objects.filter(effective_from=OCTOBER.first_day).update(ability="unable")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(CommandError, match="1 final months were changed"):
        said()


def test_period_of_a_place_without_people_is_closed_too(world: Cast) -> None:
    place: Institution = an_institution(world, "30")
    period = close(world, institution_id=place.pk, unknown_seen=0)
    assert (period.person_days, period.unknown_days, period.status) == (0, 0, "final")
