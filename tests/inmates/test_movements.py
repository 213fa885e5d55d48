"""Transfers, releases and what is expected: what becomes true, and each refusal with its words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from inmates.desk_refusals import (
    ArrivedMeanwhile,
    BeforeArrival,
    HeldAlready,
    MovementAhead,
    NeverHeld,
    NotHeld,
    PlannedInPast,
    PlannedTooFar,
    ReleaseReasonNeeded,
    SamePlace,
    WorkAfterwards,
)
from inmates.models import (
    CustodyStay,
    Inmate,
    LabourState,
    PlannedRelease,
    TaxApplication,
    WritOfExecution,
)
from inmates.selectors.desk import people_known_to, people_visible_to
from inmates.services.custody import arrive_again
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.models import AuditEvent
from tests.inmates.desk import (
    ARRIVED,
    NOVEMBER,
    a_second_colony,
    placed,
    planned,
    released,
    somebody,
    stated,
    transferred,
    why_idle,
    why_released,
    why_unable,
)
from tests.inmates.months import a_writ, attended
from tests.people import LONG_AGO, NOW, TODAY, Cast

TOMORROW = TODAY + timedelta(days=1)


def spans(inmate: Inmate) -> list[tuple[str, date, date | None]]:
    rows = CustodyStay.objects.filter(inmate=inmate).order_by("effective_from")
    return [(one.institution.number, one.effective_from, one.effective_to) for one in rows]


def test_a_transfer_closes_one_stay_and_opens_the_other_on_the_same_day(cast: Cast) -> None:
    inmate, there = somebody(cast), a_second_colony(cast)
    transferred(cast, inmate, there)
    assert spans(inmate) == [("16", ARRIVED, TODAY), ("19", TODAY, None)]
    assert CustodyStay.objects.filter(end_reason__isnull=False).count() == 0
    event = AuditEvent.objects.get(action="inmate_transferred")
    assert event.details == {"left": cast.institution.pk, "reached": there.pk}


def test_placements_end_with_a_transfer_and_what_would_begin_later_is_taken_back(
    cast: Cast,
) -> None:
    inmate = somebody(cast)
    present = placed(cast, inmate, effective_to=date(2026, 12, 1))
    placed(cast, inmate, effective_from=date(2026, 12, 1))
    transferred(cast, inmate, a_second_colony(cast))
    assert list(inmate.placements.values_list("pk", "effective_to")) == [(present.pk, TODAY)]


def test_pay_follows_the_person(cast: Cast) -> None:
    inmate = somebody(cast)
    TaxApplication.objects.create(inmate=inmate, payer=cast.enterprise, effective_from=LONG_AGO)
    a_writ(inmate, "И-1", amount=Decimal("1000.00"))
    transferred(cast, inmate, a_second_colony(cast))
    assert TaxApplication.objects.get(inmate=inmate).effective_to is None
    assert WritOfExecution.objects.get(inmate=inmate).effective_to is None


def test_why_somebody_had_no_work_there_is_not_taken_along_but_inability_is(cast: Cast) -> None:
    there = a_second_colony(cast)
    idle, unable = somebody(cast, "1"), somebody(cast, "2")
    stated(cast, idle, reason_id=why_idle().pk, effective_from=NOVEMBER)
    stated(cast, unable, "unable", reason_id=why_unable().pk, effective_from=NOVEMBER)
    for one in (idle, unable):
        transferred(cast, one, there)
    state = LabourState.objects.get(inmate=idle, effective_to=None)
    assert (state.ability, state.reason, state.effective_from) == ("able", None, TODAY)
    kept = LabourState.objects.get(inmate=unable, effective_to=None)
    assert (kept.reason.code, kept.effective_from) == ("old-age", NOVEMBER)


def test_either_side_enters_a_transfer_and_nobody_else(cast: Cast) -> None:
    there = a_second_colony(cast)
    transferred(cast, somebody(cast, "1"), there)
    transferred(cast, somebody(cast, "2"), there, actor=cast.other_officer)
    for who in ("master", "head", "accountant", "stranger"):
        with pytest.raises(Forbidden):
            transferred(cast, somebody(cast, f"3-{who}"), there, actor=cast.users[who])


def test_after_a_transfer_the_person_is_seen_there_and_no_longer_here(cast: Cast) -> None:
    inmate = somebody(cast)
    transferred(cast, inmate, a_second_colony(cast))
    assert list(people_visible_to(cast.other_officer, TODAY)) == [inmate]
    assert list(people_known_to(cast.other_officer, TODAY)) == [inmate]
    assert not people_visible_to(cast.labour_officer, TODAY).exists()
    assert not people_known_to(cast.labour_officer, TODAY).exists()


def test_a_transfer_to_the_same_place_is_refused(cast: Cast) -> None:
    inmate = somebody(cast)
    with pytest.raises(SamePlace):
        transferred(cast, inmate, cast.institution)
    assert spans(inmate) == [("16", ARRIVED, None)]


@pytest.mark.parametrize("day", [ARRIVED, ARRIVED - timedelta(days=1)])
def test_a_movement_on_the_day_of_arrival_or_before_it_is_refused(cast: Cast, day: date) -> None:
    inmate, there, served = somebody(cast), a_second_colony(cast), why_released()
    with pytest.raises(BeforeArrival, match=r"05\.10\.2026"):
        transferred(cast, inmate, there, on=day)
    with pytest.raises(BeforeArrival, match=r"05\.10\.2026"):
        released(cast, inmate, served, on=day)
    assert spans(inmate) == [("16", ARRIVED, None)]


def test_a_movement_ahead_of_its_day_is_refused(cast: Cast) -> None:
    inmate, there, served = somebody(cast), a_second_colony(cast), why_released()
    with pytest.raises(MovementAhead, match=r"23\.11\.2026"):
        transferred(cast, inmate, there, on=TOMORROW)
    with pytest.raises(MovementAhead):
        released(cast, inmate, served, on=date(2126, 11, 22))


def test_a_release_ends_everything_that_rests_on_custody(cast: Cast) -> None:
    inmate = somebody(cast)
    placement = placed(cast, inmate)
    planned(cast, inmate, date(2027, 2, 1), at=NOW - timedelta(days=3))
    stay = released(cast, inmate, why_released())
    placement.refresh_from_db()
    assert (stay.effective_to, stay.end_reason.code) == (TODAY, "sentence-served")
    assert placement.effective_to == TODAY
    assert LabourState.objects.get(inmate=inmate).effective_to == TODAY
    assert PlannedRelease.objects.get(inmate=inmate).effective_to == TODAY
    assert AuditEvent.objects.get(action="inmate_released").details == {"reason": "sentence-served"}


def test_who_is_released_is_no_longer_held_and_still_known_here(cast: Cast) -> None:
    inmate = somebody(cast)
    released(cast, inmate, why_released())
    assert not people_visible_to(cast.labour_officer, TODAY).exists()
    assert list(people_visible_to(cast.labour_officer, TODAY - timedelta(days=1))) == [inmate]
    assert list(people_known_to(cast.labour_officer, TODAY)) == [inmate]


def test_a_release_twice_tells_the_day_of_the_first(cast: Cast) -> None:
    inmate, served, there = somebody(cast), why_released(), a_second_colony(cast)
    released(cast, inmate, served, on=TODAY - timedelta(days=2))
    with pytest.raises(NotHeld, match=r"20\.11\.2026"):
        released(cast, inmate, served)
    with pytest.raises(NotHeld):
        transferred(cast, inmate, there)


def test_a_release_needs_a_reason_of_the_directory_of_releases(cast: Cast) -> None:
    inmate = somebody(cast)
    for reason in (why_idle(), why_unable()):
        with pytest.raises(ReleaseReasonNeeded):
            released(cast, inmate, reason)
    assert spans(inmate) == [("16", ARRIVED, None)]


def test_the_database_keeps_a_reason_only_of_a_stay_that_has_ended(cast: Cast) -> None:
    inmate, served = somebody(cast), why_released()
    with pytest.raises(Exception, match="stay_reason_of_its_end"):
        CustodyStay.objects.filter(inmate=inmate).update(end_reason=served)


@pytest.mark.parametrize("who", ["master", "accountant", "head", "other_officer", "stranger"])
def test_a_release_is_for_the_labour_officer_of_the_place(cast: Cast, who: str) -> None:
    inmate, served = somebody(cast), why_released()
    a_second_colony(cast)
    with pytest.raises(Forbidden):
        released(cast, inmate, served, actor=cast.users[who])


def test_work_of_the_day_or_later_stands_in_the_way_with_its_last_day(cast: Cast) -> None:
    inmate, served = somebody(cast), why_released()
    attended(placed(cast, inmate), [date(2026, 11, 19), date(2026, 11, 20)])
    for on in (date(2026, 11, 19), date(2026, 11, 20)):
        with pytest.raises(WorkAfterwards, match=r"20\.11\.2026"):
            released(cast, inmate, served, on=on)
    with pytest.raises(WorkAfterwards):
        transferred(cast, inmate, a_second_colony(cast), on=NOVEMBER)
    assert released(cast, inmate, served, on=date(2026, 11, 21)).effective_to == date(2026, 11, 21)


def test_after_a_release_work_of_later_days_is_refused_with_words(cast: Cast) -> None:
    inmate = somebody(cast)
    placement = placed(cast, inmate)
    released(cast, inmate, why_released())
    with pytest.raises(ConstraintRefused) as refused, readable_refusals():
        attended(placement, [TODAY])
    assert refused.value.constraint == "attendance_outside_placement"


def test_on_29_february_somebody_arrives_and_leaves(cast: Cast) -> None:
    leap = date(2024, 2, 29)
    inmate = somebody(cast, on=leap, born_on=date(1988, 2, 29))
    stay = released(cast, inmate, why_released(), on=date(2024, 3, 1))
    assert (stay.effective_from, stay.effective_to) == (leap, date(2024, 3, 1))
    assert list(people_visible_to(cast.labour_officer, leap)) == [inmate]
    assert not people_visible_to(cast.labour_officer, date(2024, 3, 1)).exists()
    back = arrived_again(cast, inmate, on=date(2024, 3, 1))
    assert back.effective_from == date(2024, 3, 1)


def arrived_again(cast: Cast, inmate: Inmate, *, on: date = TODAY, **fields: object) -> CustodyStay:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk,
        "institution_id": cast.institution.pk, "at": NOW,
    }  # fmt: skip
    return arrive_again(on=on, **(values | fields))


def test_somebody_released_arrives_again_under_the_same_number(cast: Cast) -> None:
    inmate = somebody(cast)
    released(cast, inmate, why_released(), on=NOVEMBER)
    arrived_again(cast, inmate)
    assert spans(inmate) == [("16", ARRIVED, NOVEMBER), ("16", TODAY, None)]
    assert AuditEvent.objects.filter(action="inmate_arrived_again").count() == 1


def test_arriving_again_refuses_whoever_is_held_anywhere(cast: Cast) -> None:
    inmate, there = somebody(cast), a_second_colony(cast)
    with pytest.raises(HeldAlready, match=r"Учреждение № 16 \(тест\).*05\.10\.2026"):
        arrived_again(cast, inmate, actor=cast.other_officer, institution_id=there.pk)


def test_arriving_again_refuses_a_day_before_the_last_stay_ended(cast: Cast) -> None:
    inmate = somebody(cast)
    released(cast, inmate, why_released(), on=NOVEMBER)
    with pytest.raises(ArrivedMeanwhile, match=r"01\.11\.2026"):
        arrived_again(cast, inmate, on=NOVEMBER - timedelta(days=1))
    with pytest.raises(MovementAhead):
        arrived_again(cast, inmate, on=TOMORROW)


def test_arriving_again_is_for_the_labour_officer_of_that_place(cast: Cast) -> None:
    inmate = somebody(cast)
    a_second_colony(cast)
    released(cast, inmate, why_released(), on=NOVEMBER)
    for who in ("master", "other_officer", "stranger"):
        with pytest.raises(Forbidden):
            arrived_again(cast, inmate, actor=cast.users[who])


def test_the_database_lets_nobody_be_in_two_institutions_at_a_time(cast: Cast) -> None:
    inmate, there = somebody(cast), a_second_colony(cast)
    with pytest.raises(ConstraintRefused) as refused, readable_refusals():
        CustodyStay.objects.create(inmate=inmate, institution=there, effective_from=NOVEMBER)
    assert refused.value.constraint == "stay_no_overlap"
    assert len(str(refused.value)) > 40


def test_who_never_arrived_is_neither_transferred_nor_released(cast: Cast) -> None:
    nobody = Inmate.objects.create(personnel_number="77", born_on=date(1990, 1, 1))
    with pytest.raises(NeverHeld):
        released(cast, nobody, why_released())
    with pytest.raises(NeverHeld):
        transferred(cast, nobody, a_second_colony(cast))


# --- the expected release ------------------------------------------------------------------------


def test_an_expected_release_changes_by_succession(cast: Cast) -> None:
    inmate = somebody(cast)
    first = planned(cast, inmate, date(2028, 2, 29), at=NOW - timedelta(days=10))
    second = planned(cast, inmate, date(2027, 8, 1), basis="постановление № 3")
    rows = PlannedRelease.objects.filter(inmate=inmate).order_by("effective_from")
    assert [(one.pk, one.release_on, one.effective_to) for one in rows] == [
        (first.pk, date(2028, 2, 29), TODAY),
        (second.pk, date(2027, 8, 1), None),
    ]


def test_an_expected_release_twice_is_harmless_and_mended_on_the_day_leaves_one_row(
    cast: Cast,
) -> None:
    inmate = somebody(cast)
    for _twice in range(2):
        planned(cast, inmate, date(2027, 8, 1))
    assert AuditEvent.objects.filter(action="release_planned").count() == 1
    planned(cast, inmate, date(2027, 9, 1))
    assert PlannedRelease.objects.get().release_on == date(2027, 9, 1)


def test_an_expected_release_lies_ahead_and_within_reason(cast: Cast) -> None:
    inmate = somebody(cast)
    with pytest.raises(PlannedInPast, match=r"21\.11\.2026"):
        planned(cast, inmate, TODAY - timedelta(days=1))
    with pytest.raises(PlannedTooFar, match=r"01\.01\.2226"):
        planned(cast, inmate, date(2226, 1, 1))
    assert planned(cast, inmate, TODAY).release_on == TODAY
    assert planned(cast, inmate, date(2061, 12, 31)).release_on == date(2061, 12, 31)


@pytest.mark.parametrize("who", ["master", "head", "stranger"])
def test_an_expected_release_is_for_the_labour_officer(cast: Cast, who: str) -> None:
    inmate = somebody(cast)
    with pytest.raises(Forbidden):
        planned(cast, inmate, date(2027, 8, 1), actor=cast.users[who])
    assert not PlannedRelease.objects.exists()


def test_nothing_is_expected_of_who_has_left(cast: Cast) -> None:
    inmate = somebody(cast)
    released(cast, inmate, why_released())
    with pytest.raises(NotHeld):
        planned(cast, inmate, date(2027, 8, 1))
