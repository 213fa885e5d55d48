"""Two people act on the same clearance, notice or training over two real connections at once."""

from datetime import timedelta

import pytest

from inmates.models import Clearance, WorkEntry
from inmates.refusals import SheetRefused
from inmates.safety_refusals import ClearanceInUse, NoticeSent
from inmates.services.accidents import send_notice
from inmates.services.clearances import end_clearance, record_clearances
from inmates.services.output import Output, record_output
from portal.kernel.states import history_of
from tests.inmates.safety import BRIEFING, a_clearance, a_requirement, an_accident
from tests.inmates.shifts import FRIDAY, NOON, a_floor
from tests.inmates.test_shift_races import at_once
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_output_and_the_end_of_its_clearance_never_both_win() -> None:
    """One of the two is refused: no output stands without what it needs."""
    floor = a_floor(1)
    a_requirement(BRIEFING)
    placement = floor.placements[0]
    row = a_clearance(floor.cast, placement.inmate)
    entry = Output(placement.pk, floor.cutting.pk, FRIDAY, 2)
    made, ended = at_once(
        lambda: record_output(actor=floor.cast.master, entries=[entry], at=NOON),
        lambda: end_clearance(
            actor=floor.cast.labour_officer, clearance_id=row.pk, on=FRIDAY, at=NOON
        ),
    )
    row.refresh_from_db()
    if isinstance(made, SheetRefused):
        assert (row.effective_to, WorkEntry.objects.count()) == (FRIDAY, 0)
    else:
        assert isinstance(ended, ClearanceInUse)
        assert (row.effective_to, WorkEntry.objects.count()) == (None, 1)


def test_one_briefing_entered_twice_at_once_stands_once() -> None:
    floor = a_floor(3)
    people = [one.inmate_id for one in floor.placements]

    def act() -> int:
        return record_clearances(
            actor=floor.cast.master, inmate_ids=people, kind=BRIEFING, document="журнал № 1",
            effective_from=FRIDAY, at=NOON,
        )  # fmt: skip

    assert sorted(at_once(act, act)) == [0, 3]
    assert Clearance.objects.count() == 3


def test_two_notices_sent_at_once_move_the_accident_on_once() -> None:
    floor = a_floor(1)
    accident = an_accident(floor.cast, floor.placements[0].inmate)

    def sender(pk: int):
        return lambda: send_notice(
            actor=floor.cast.labour_officer, notice_id=pk, document_number=f"{pk}-п",
            sent_at=NOW, at=NOW + timedelta(minutes=1),
        )  # fmt: skip

    first, second = accident.notices.values_list("pk", flat=True)
    at_once(sender(first), sender(second))
    accident.refresh_from_db()
    assert accident.status == "notified"
    assert [change.action for change in history_of(accident)] == ["notify"]
    assert isinstance(at_once(sender(first))[0], NoticeSent)
