"""Briefings, equipment and admission: entered and ended, and output blocked without them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inmates.models import Clearance, Inmate, WorkEntry
from inmates.refusals import SheetRefused
from inmates.safety_refusals import (
    ClearanceAhead,
    ClearanceEnded,
    ClearanceInUse,
    ClearanceOtherwise,
    NobodyChosen,
    NotHeldHere,
)
from inmates.selectors.clearances import held_elsewhere, lacks_of, standing_of, standings
from inmates.services.clearances import end_clearance, record_clearances
from inmates.services.output import CellEdit, Output, save_output
from portal.accounts.enums import Role
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.models import AuditEvent
from tests.inmates.safety import BRIEFING, EQUIPMENT, MEDICAL, a_clearance, a_painter, a_requirement
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor
from tests.people import LONG_AGO, a_user, an_inmate


def inmate(floor: Floor, place: int = 0) -> Inmate:
    return floor.placements[place].inmate


def record(floor: Floor, *people: Inmate, **fields: Any) -> int:
    values = {
        "actor": floor.cast.labour_officer,
        "inmate_ids": [one.pk for one in people or [inmate(floor)]],
        "kind": BRIEFING,
        "document": "журнал № 12",
        "effective_from": FRIDAY,
        "at": NOON,
    }
    return record_clearances(**(values | fields))


def make(floor: Floor, place: int = 0, quantity: int = 2, **fields: Any) -> int:
    values = {"work_order_operation_id": floor.cutting.pk, "worked_on": FRIDAY} | fields
    return floor.make(Output(floor.placements[place].pk, quantity=quantity, **values))


# --- entering ---------------------------------------------------------------------------------
def test_one_briefing_of_many_people_is_one_act(floor: Floor) -> None:
    people = [one.inmate for one in floor.placements]
    assert record(floor, *people) == 3
    rows = Clearance.objects.all()
    assert {row.inmate_id for row in rows} == {one.pk for one in people}
    assert {(row.document, row.recorded_by, row.trade) for row in rows} == {
        ("журнал № 12", floor.cast.labour_officer, None)
    }


def test_twice_is_harmless_and_enters_only_who_was_missing(floor: Floor) -> None:
    record(floor, inmate(floor))
    assert record(floor, inmate(floor), inmate(floor, 1)) == 1
    assert Clearance.objects.count() == 2


def test_the_same_day_with_another_document_is_refused_with_the_numbers(floor: Floor) -> None:
    record(floor, inmate(floor))
    with pytest.raises(ClearanceOtherwise, match="1601"):
        record(floor, inmate(floor), inmate(floor, 1), document="журнал № 13")
    assert Clearance.objects.count() == 1


def test_nobody_ahead_and_without_a_document_is_refused(floor: Floor) -> None:
    with pytest.raises(NobodyChosen):
        record(floor, inmate_ids=[])
    with pytest.raises(ClearanceAhead, match=r"21\.11\.2026"):
        record(floor, effective_from=FRIDAY + timedelta(days=1))
    with pytest.raises(ConstraintRefused):
        record(floor, document="")
    assert not Clearance.objects.exists()


def test_a_master_enters_a_briefing_and_no_medical_admission(floor: Floor) -> None:
    assert record(floor, actor=floor.cast.master) == 1
    for kind in (MEDICAL, EQUIPMENT):
        with pytest.raises(Forbidden):
            record(floor, actor=floor.cast.master, kind=kind)


@pytest.mark.parametrize("who", ["accountant", "head", "analyst", "buyer", "stranger"])
def test_others_enter_nothing(floor: Floor, who: str) -> None:
    with pytest.raises(Forbidden):
        record(floor, actor=getattr(floor.cast, who))


def test_a_labour_officer_of_another_institution_enters_nothing_here(floor: Floor) -> None:
    institution, _post = second_place(floor.cast)
    other = a_user("labour22@example.kz", institution.organisation, Role.LABOUR_OFFICER)
    with pytest.raises(Forbidden):
        record(floor, actor=other)


def test_somebody_who_was_released_is_named(floor: Floor) -> None:
    gone = an_inmate(floor.cast, "1777")
    gone.stays.update(effective_to=THURSDAY)
    with pytest.raises(NotHeldHere, match="1777"):
        record(floor, gone)
    assert held_elsewhere([gone.pk], [floor.cast.colony.pk], FRIDAY) == ["1777"]
    assert held_elsewhere([gone.pk], [floor.cast.colony.pk], LONG_AGO) == []


# --- the gate of output -----------------------------------------------------------------------
def test_without_requirements_nothing_is_blocked(floor: Floor) -> None:
    assert make(floor) == 1


def test_output_is_refused_with_person_operation_what_and_since_when(floor: Floor) -> None:
    a_requirement(BRIEFING)
    with pytest.raises(SheetRefused) as refused:
        make(floor)
    ((key, sentence),) = refused.value.problems.items()
    assert key == (floor.placements[0].pk, floor.cutting.pk)
    for part in ("1601", "Раскрой", "01.01.2024"):
        assert part in str(sentence)
    assert not WorkEntry.objects.exists()


def test_output_is_taken_once_the_briefing_is_entered(floor: Floor) -> None:
    a_requirement(BRIEFING)
    record(floor)
    assert make(floor) == 1


def test_a_briefing_of_today_does_not_serve_the_day_before(floor: Floor) -> None:
    a_requirement(BRIEFING)
    record(floor)
    with pytest.raises(SheetRefused):
        make(floor, worked_on=THURSDAY)


def test_a_requirement_of_a_trade_blocks_the_operations_of_that_trade_alone(floor: Floor) -> None:
    a_requirement(MEDICAL, a_painter(floor.cast))
    assert make(floor) == 1
    with pytest.raises(SheetRefused, match="Покраска"):
        make(floor, work_order_operation_id=floor.painting.pk)


def test_the_sheet_is_refused_as_a_whole_naming_each_person(floor: Floor) -> None:
    a_requirement(BRIEFING)
    record(floor, inmate(floor, 1))
    with pytest.raises(SheetRefused) as refused:
        floor.make(*(Output(one.pk, floor.cutting.pk, FRIDAY, 1) for one in floor.placements))
    assert {key[0] for key in refused.value.problems} == {
        floor.placements[0].pk, floor.placements[2].pk,
    }  # fmt: skip
    assert not WorkEntry.objects.exists()


def test_pieces_are_taken_away_from_whoever_is_no_longer_cleared(floor: Floor) -> None:
    make(floor, quantity=5)
    a_requirement(BRIEFING)
    assert make(floor, quantity=3) == 1
    with pytest.raises(SheetRefused):
        make(floor, quantity=4)
    assert make(floor, quantity=0) == 1


def test_the_page_s_save_meets_the_same_gate(floor: Floor) -> None:
    a_requirement(BRIEFING)
    edit = CellEdit(floor.placements[0].pk, floor.cutting.pk, 0, 2)
    with pytest.raises(SheetRefused, match="1601"):
        save_output(actor=floor.cast.master, day=FRIDAY, edits=[edit], at=NOON)


def test_the_gate_asks_the_same_of_one_and_of_three(floor: Floor) -> None:
    a_requirement(BRIEFING)
    record(floor, *(one.inmate for one in floor.placements))

    def cost(*places: int) -> int:
        entries = [Output(floor.placements[one].pk, floor.cutting.pk, FRIDAY, 1) for one in places]
        with CaptureQueriesContext(connection) as queries:
            floor.make(*entries)
        return len(queries)

    Clearance.objects.update(effective_from=THURSDAY)
    make(floor, worked_on=THURSDAY)  # begins the work order
    assert cost(0) == cost(1, 2)


# --- the database ------------------------------------------------------------------------------
def raw_entry(floor: Floor, place: int = 0, operation: Any = None) -> WorkEntry:
    return WorkEntry(
        placement=floor.placements[place],
        work_order_operation=operation or floor.cutting,
        worked_on=FRIDAY,
        quantity=1,
        recorded_at=NOON,
    )


def refused_by_database(act: Any) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    assert caught.value.__cause__.diag.constraint_name == "output_not_cleared"


def test_the_database_refuses_an_entry_past_the_service(floor: Floor) -> None:
    a_requirement(BRIEFING)
    refused_by_database(lambda: raw_entry(floor).save())
    a_clearance(floor.cast, inmate(floor))
    raw_entry(floor).save()
    refused_by_database(
        lambda: WorkEntry.objects.bulk_create([raw_entry(floor, 1), raw_entry(floor, 2)])
    )


def test_the_database_refuses_to_move_an_entry_to_whoever_is_not_cleared(floor: Floor) -> None:
    a_requirement(BRIEFING)
    a_clearance(floor.cast, inmate(floor))
    entry = raw_entry(floor)
    entry.save()
    rows = WorkEntry.objects.filter(pk=entry.pk)
    refused_by_database(lambda: rows.update(placement=floor.placements[1]))
    assert rows.update(quantity=3) == 1


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_database_and_service_agree_on_the_first_day_without(floor: Floor, days: int) -> None:
    a_requirement(BRIEFING)
    end = FRIDAY + timedelta(days=days)
    row = a_clearance(floor.cast, inmate(floor), effective_to=end)
    asked = {(row.inmate_id, floor.cast.trade.pk, FRIDAY)}
    if lacks_of(asked):
        refused_by_database(lambda: raw_entry(floor).save())
    else:
        raw_entry(floor).save()
    assert bool(lacks_of(asked)) is (days < 1)


# --- ending -----------------------------------------------------------------------------------
def end(floor: Floor, row: Clearance, **fields: Any) -> Clearance:
    values = {"actor": floor.cast.labour_officer, "clearance_id": row.pk, "on": FRIDAY, "at": NOON}
    return end_clearance(**(values | fields))


def test_an_admission_that_is_taken_back_ends_and_blocks(floor: Floor) -> None:
    a_requirement(MEDICAL)
    row = a_clearance(floor.cast, inmate(floor), MEDICAL)
    assert end(floor, row).effective_to == FRIDAY
    with pytest.raises(SheetRefused, match=r"20\.11\.2026"):
        make(floor)
    event = AuditEvent.objects.get(action="clearance_ended")
    assert (event.actor, event.details["on"]) == (floor.cast.labour_officer, "2026-11-20")


def test_ending_twice_is_harmless_and_later_than_its_end_refused(floor: Floor) -> None:
    row = a_clearance(floor.cast, inmate(floor))
    end(floor, row, on=THURSDAY)
    end(floor, row, on=THURSDAY)
    assert AuditEvent.objects.filter(action="clearance_ended").count() == 1
    with pytest.raises(ClearanceEnded, match=r"19\.11\.2026"):
        end(floor, row)
    with pytest.raises(ClearanceAhead):
        end(floor, row, on=FRIDAY + timedelta(days=3))


def test_output_that_rests_on_it_keeps_it(floor: Floor) -> None:
    a_requirement(BRIEFING)
    row = a_clearance(floor.cast, inmate(floor))
    make(floor)
    with pytest.raises(ClearanceInUse, match=r"20\.11\.2026"):
        end(floor, row, on=THURSDAY)
    row.refresh_from_db()
    assert row.effective_to is None
    a_clearance(floor.cast, inmate(floor), document="журнал № 2", effective_from=THURSDAY)
    assert end(floor, row, on=THURSDAY).effective_to == THURSDAY


def test_a_master_ends_no_medical_admission(floor: Floor) -> None:
    row = a_clearance(floor.cast, inmate(floor), MEDICAL)
    with pytest.raises(Forbidden):
        end(floor, row, actor=floor.cast.master)


# --- lists ------------------------------------------------------------------------------------
def test_standings_name_who_lacks_and_whose_runs_out(floor: Floor) -> None:
    a_requirement(BRIEFING)
    soon = FRIDAY + timedelta(days=14)
    a_clearance(floor.cast, inmate(floor, 1), effective_to=soon)
    a_clearance(floor.cast, inmate(floor, 2), effective_to=soon + timedelta(days=1))
    found = standings([floor.cast.institution], FRIDAY)
    assert [
        (one.placement.inmate.personnel_number, bool(one.lacks), [e.ends_on for e in one.endings])
        for one in found
    ] == [("1601", True, []), ("1602", False, [soon])]
    assert [bool(one.lacks) for one in standing_of(inmate(floor), FRIDAY)] == [True]
    assert standings([floor.cast.institution], FRIDAY, floor.cast.workshop) == found


def test_standings_of_another_institution_are_its_own(floor: Floor) -> None:
    a_requirement(BRIEFING)
    institution, _post = second_place(floor.cast)
    assert standings([institution], FRIDAY) == []


def test_nothing_asked_is_no_query(floor: Floor) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert lacks_of(set()) == {}
    assert len(queries) == 0
