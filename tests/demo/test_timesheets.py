"""The timesheets of the demo: made by the services, and none where a day is missing."""

from datetime import date

from inmates.models import Attendance, Timesheet
from portal.demo.timesheets import make_timesheets
from portal.kernel.periods import Month
from tests.inmates.sheets import fill
from tests.inmates.shifts import Floor, floor
from tests.people import a_placement, an_inmate
from workshops.models import Post, Workshop

__all__ = ["floor"]
TODAY = date(2026, 11, 23)
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def states() -> dict[tuple[str, int], str]:
    rows = Timesheet.objects.values_list("workshop__code", "month__month", "status")
    return {(code, month): status for code, month, status in rows}


def test_a_single_workshop_waits_for_its_accountant(floor: Floor) -> None:
    fill(floor, SEPTEMBER)
    fill(floor, OCTOBER)
    make_timesheets(floor.cast.users, TODAY)
    assert states() == {("wood-16", 9): "locked", ("wood-16", 10): "submitted"}
    locked = Timesheet.objects.get(status="locked")
    assert (locked.submitted_by, locked.locked_by) == (floor.cast.master, floor.cast.accountant)


def test_of_several_workshops_all_wait_for_their_accountant(floor: Floor) -> None:
    cast = floor.cast
    other = Workshop.objects.create(
        institution=cast.institution, code="sewing-16", name_ru="Швейный цех"
    )
    post = Post.objects.create(workshop=other, name_ru="Швея", trade=cast.trade, seats=2)
    floor.placements.append(a_placement(cast, an_inmate(cast, "1700"), post=post))
    fill(floor, SEPTEMBER)
    fill(floor, OCTOBER)
    make_timesheets(cast.users, TODAY)
    found = states()
    assert sorted(found.values()) == ["locked", "locked", "submitted", "submitted"]
    assert {status for (_code, month), status in found.items() if month == 10} == {"submitted"}


def test_a_workshop_with_a_day_missing_stays_open(floor: Floor) -> None:
    fill(floor, OCTOBER)
    Attendance.objects.filter(worked_on=date(2026, 10, 6)).delete()
    make_timesheets(floor.cast.users, TODAY)
    assert states() == {}


def test_only_the_last_institution_is_left_as_an_example(floor: Floor) -> None:
    """Another submits for the last institution: of the first both months are locked."""
    cast = floor.cast
    fill(floor, SEPTEMBER)
    fill(floor, OCTOBER)
    make_timesheets(cast.users | {"labour30": cast.stranger}, TODAY)
    assert set(states().values()) == {"locked"}
    assert {one.submitted_by for one in Timesheet.objects.all()} == {cast.master}
