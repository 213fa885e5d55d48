"""What a transfer and a release end beside the placements, and whose wages the month is."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inmates.enums import ClearanceKind, OfferAnswer
from inmates.models import Clearance, LabourState, Payslip, PlaceOffer
from inmates.tasks import calculate_payroll_run
from portal.kernel.models import StateChange
from tests.inmates.consents import offered
from tests.inmates.desk import (
    a_second_colony,
    released,
    somebody,
    transferred,
    why_idle,
    why_released,
)
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    days_of,
    make_pay,
    no_broker,
    started,
)
from tests.inmates.safety import a_clearance, an_apprenticeship
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_placement, an_hourly_rate

__all__ = ["no_broker"]
OCTOBER_16 = date(2026, 10, 16)


def kinds_in_force(on: date = TODAY) -> set[str]:
    return {
        row.kind
        for row in Clearance.objects.all()
        if row.effective_to is None or row.effective_to > on
    }


@pytest.fixture
def cleared(cast: Cast) -> Any:
    inmate = somebody(cast)
    for kind in ClearanceKind.values:
        a_clearance(cast, inmate, kind)
    return inmate


def test_the_place_reached_briefs_anew_and_the_doctor_need_not(cast: Cast, cleared: Any) -> None:
    transferred(cast, cleared, a_second_colony(cast))
    assert kinds_in_force() == {ClearanceKind.MEDICAL}
    assert kinds_in_force(TODAY - timedelta(days=1)) == set(ClearanceKind.values)


def test_after_a_release_nothing_is_left_for_an_arrival_years_later(
    cast: Cast, cleared: Any
) -> None:
    released(cast, cleared, why_released())
    assert kinds_in_force() == set()


@pytest.mark.parametrize("way", ["transfer", "release"])
def test_a_training_ends_where_its_mentor_stays(cast: Cast, way: str) -> None:
    """Left in force, its lowered norm would hold at the next place as well."""
    inmate = somebody(cast)
    training = an_apprenticeship(cast, inmate)
    if way == "transfer":
        transferred(cast, inmate, a_second_colony(cast))
    else:
        released(cast, inmate, why_released())
    training.refresh_from_db()
    assert (training.status, training.effective_to) == ("discontinued", TODAY)
    assert training.grade_awarded is None
    told = StateChange.objects.get(subject_type="inmates.apprenticeship", action="discontinue")
    assert told.actor == cast.labour_officer
    assert len(told.reason) > 5


def test_a_training_that_began_on_the_day_itself_keeps_one_day(cast: Cast) -> None:
    inmate = somebody(cast)
    training = an_apprenticeship(cast, inmate, effective_from=TODAY)
    transferred(cast, inmate, a_second_colony(cast))
    training.refresh_from_db()
    assert training.effective_to == TODAY + timedelta(days=1)


def test_what_was_known_until_a_day_is_not_known_for_ever_after_a_transfer(cast: Cast) -> None:
    inmate, until = somebody(cast), TODAY + timedelta(days=30)
    LabourState.objects.update(reason=why_idle(), effective_to=until)
    transferred(cast, inmate, a_second_colony(cast))
    kept = LabourState.objects.get(effective_from=TODAY)
    assert (kept.ability, kept.reason, kept.effective_to) == ("able", None, until)


def test_an_offer_nobody_answered_is_taken_back(cast: Cast) -> None:
    inmate = somebody(cast)
    offered(cast, inmate)
    transferred(cast, inmate, a_second_colony(cast))
    offer = PlaceOffer.objects.get()
    assert (offer.answer, offer.answered_on) == (OfferAnswer.TAKEN_BACK, TODAY)


def test_a_month_with_a_transfer_is_paid_right_on_both_sides(db: None, no_broker: Any) -> None:
    """80 hours at 600,00 here, 80 hours at 700,00 there; the application and the writ go along.

    Ten workdays from the first here, the last ten of October there: 16, 19-23 and 27-30.

    Here 48 000: ОПВ 4 800, no ИПН (deduction 129 750), a quarter of 43 200 = 10 800.
    There 56 000: ОПВ 5 600, no ИПН, a quarter of 50 400 = 12 600.
    """
    cast = make_pay()
    inmate = a_worker(cast, days=10)
    a_writ(inmate, "1", share_numerator=1, share_denominator=4)
    there, post = second_place(cast)
    an_hourly_rate(cast, "700.00", post=post)
    transferred(cast, inmate, there, on=OCTOBER_16)
    assert inmate.placements.get().effective_to == OCTOBER_16
    new = a_placement(cast, inmate, post=post, effective_from=OCTOBER_16)
    attended(new, [day for day in days_of(OCTOBER, 21) if day >= OCTOBER_16])
    slips = []
    for institution in (cast.institution, there):
        run = started(cast, institution_id=institution.pk, at=NOW)
        calculate_payroll_run(task_run=str(run.task_run_id))
        slips.append(Payslip.objects.get(run=run))
    told = [(one.gross, one.opv, one.ipn, one.withheld_by_writs, one.to_account) for one in slips]
    assert told == [
        (Decimal("48000.00"), Decimal(4800), Decimal(0), Decimal(10800), Decimal(32400)),
        (Decimal("56000.00"), Decimal(5600), Decimal(0), Decimal(12600), Decimal(37800)),
    ]
    assert {one.inmate_id for one in slips} == {inmate.pk}
