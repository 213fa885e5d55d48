"""Places offered, answered, taken back and given in the order of the queue."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inmates.consent_refusals import NotHeldHere, NotWaiting, PlaceElsewhere, ReasonForOrder
from inmates.enums import OfferAnswer
from inmates.models import (
    CustodyStay,
    Inmate,
    LabourState,
    Placement,
    PlaceOffer,
    PlannedRelease,
    Qualification,
    QueueOverride,
)
from inmates.refusals import ParameterMissing
from inmates.selectors.consents import owed_places
from inmates.selectors.queue import (
    overrides_of,
    people_waiting,
    posts_with_places,
    queue_for,
    queue_rules,
    standing_in,
    waiting_count,
)
from inmates.services.consent_texts import load_consent_texts
from inmates.services.consents import withdraw_consent
from inmates.services.parameters import load_pay_parameters
from inmates.services.places import answer_offer, place_from_queue
from inmates.states import PLACE_OFFER
from portal.kernel.errors import ConstraintRefused, Forbidden, PortalError
from portal.kernel.models import AuditEvent, StateChange
from portal.kernel.states import MoveRefused
from tests.inmates.consents import YESTERDAY, offered, withdrawn
from tests.inmates.months import a_writ
from tests.inmates.second_place import second_place
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_cast, a_placement, an_inmate

ACTIONS = ("accept", "decline", "take_back")
REASON = "Срочный заказ, нужен сварщик"


def answered(cast: Cast, offer: PlaceOffer, action: str = "accept", **fields: Any) -> PlaceOffer:
    values = {"actor": cast.labour_officer, "offer_id": offer.pk, "action": action, "at": NOW}
    return answer_offer(**(values | fields))


def placed(cast: Cast, inmate: Inmate, reason: str = "", **fields: Any) -> Placement:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "post_id": cast.joiners.pk,
        "effective_from": TODAY, "at": NOW, "reason": reason, "employer": cast.enterprise,
        "pay_form": "time", "basis": "договор № 9",
    }  # fmt: skip
    return place_from_queue(**(values | fields))


def numbers(cast: Cast, on: date = TODAY) -> list[str]:
    return [row.waiting.number for row in queue_for(cast.joiners, on)]


# --- offers -----------------------------------------------------------------------------------
def test_an_offer_waits_is_audited_and_has_a_history(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    offer = offered(papers, inmate, after_id=consent.pk)
    assert (offer.answer, offer.offered_on, offer.after) == ("waiting", TODAY, consent)
    assert AuditEvent.objects.get(action="place_offered").subject_id == offer.pk
    assert StateChange.objects.get(subject_type="inmates.placeoffer").action == "offer"


def test_an_offer_has_no_field_for_a_reason() -> None:
    assert {field.name for field in PlaceOffer._meta.get_fields()} == {
        "id", "inmate", "post", "after", "offered_on", "offered_by", "answer", "answered_on",
    }  # fmt: skip


def test_declining_writes_the_day_and_nothing_about_the_person(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    states = list(LabourState.objects.order_by("id").values())
    offer = answered(papers, offered(papers, inmate, after_id=consent.pk), "decline")
    assert (offer.answer, offer.answered_on) == (OfferAnswer.DECLINED, TODAY)
    assert list(LabourState.objects.order_by("id").values()) == states
    assert StateChange.objects.get(action="decline").reason == ""


@pytest.mark.parametrize("first", ACTIONS)
@pytest.mark.parametrize("second", ACTIONS)
def test_every_answer_after_every_answer(papers: Cast, first: str, second: str) -> None:
    offer = answered(papers, offered(papers, an_inmate(papers)), first)
    target = PLACE_OFFER.target(offer.answer, second)
    if target is None:
        with pytest.raises(MoveRefused):
            answered(papers, offer, second)
    else:
        assert answered(papers, offer, second).answer == target
    assert (target is None) == ((first, second) != ("accept", "take_back"))


def test_the_same_place_is_not_offered_twice_at_a_time(papers: Cast) -> None:
    inmate = an_inmate(papers)
    first = offered(papers, inmate)
    with pytest.raises(ConstraintRefused) as refusal:
        offered(papers, inmate)
    assert refusal.value.constraint == "placeoffer_once_open"
    answered(papers, first, "decline")
    offered(papers, inmate)
    assert PlaceOffer.objects.count() == 2


def test_places_are_offered_by_the_officer_of_the_place(papers: Cast) -> None:
    inmate = an_inmate(papers)
    offer = offered(papers, inmate)
    for actor in (papers.head, papers.master, papers.analyst, papers.accountant):
        with pytest.raises(Forbidden):
            offered(papers, inmate, actor=actor)
        with pytest.raises(Forbidden):
            answered(papers, offer, actor=actor)


def test_a_place_elsewhere_is_not_offered(papers: Cast) -> None:
    inmate = an_inmate(papers)
    _institution, far = second_place(papers)
    CustodyStay.objects.filter(inmate=inmate).update(institution=far.workshop.institution)
    with pytest.raises(PlaceElsewhere):
        offered(papers, inmate)
    CustodyStay.objects.filter(inmate=inmate).update(effective_to=YESTERDAY)
    with pytest.raises(NotHeldHere):
        offered(papers, inmate)


# --- who waits for another place --------------------------------------------------------------
def owed(cast: Cast) -> list[str]:
    return [row.inmate.personnel_number for row in owed_places([cast.institution], TODAY)]


def test_whoever_withdrew_waits_until_a_place_is_taken(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    assert owed(papers) == ["1648"]
    offer = offered(papers, inmate, after_id=consent.pk)
    assert owed(papers) == ["1648"]
    answered(papers, offer, "accept")
    assert owed(papers) == ["1648"]
    placed(papers, inmate)
    assert owed(papers) == []


def test_whoever_declines_waits_no_longer_and_keeps_the_place_in_the_queue(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    before = queue_for(papers.joiners, TODAY)
    answered(papers, offered(papers, inmate, after_id=consent.pk), "decline")
    assert owed(papers) == []
    assert queue_for(papers.joiners, TODAY) == before


def test_a_place_taken_back_is_owed_again(papers: Cast) -> None:
    inmate, consent = withdrawn(papers)
    offer = offered(papers, inmate, after_id=consent.pk)
    answered(papers, offer, "accept")
    answered(papers, offer, "take_back")
    assert owed(papers) == ["1648"]


def test_the_soonest_due_comes_first_and_the_released_not_at_all(papers: Cast) -> None:
    withdrawn(papers, "1")
    withdrawn(papers, "2", on=TODAY - timedelta(days=9))
    gone, _consent = withdrawn(papers, "3")
    CustodyStay.objects.filter(inmate=gone).update(effective_to=TODAY)
    assert owed(papers) == ["2", "1"]


# --- the queue from what is stored ------------------------------------------------------------
def test_waiting_are_the_able_held_here_without_paid_work(papers: Cast) -> None:
    an_inmate(papers, "1")
    a_placement(papers, an_inmate(papers, "2"))
    unable, exempt, gone = (an_inmate(papers, number) for number in "345")
    LabourState.objects.filter(inmate=unable).update(ability="unable")
    LabourState.objects.filter(inmate=exempt).update(is_subject_to_labour=False)
    CustodyStay.objects.filter(inmate=gone).update(effective_to=TODAY)
    assert numbers(papers) == ["1"]
    assert people_waiting(papers.institution, TODAY).count() == 1
    assert waiting_count([papers.institution], TODAY) == {papers.institution.pk: 1}


def test_every_input_is_read_from_the_records(papers: Cast) -> None:
    inmate = an_inmate(papers)
    a_placement(papers, inmate, effective_to=TODAY - timedelta(days=40))
    a_writ(inmate, "И-1", share_numerator=1, share_denominator=4)
    PlannedRelease.objects.create(
        inmate=inmate, release_on=TODAY + timedelta(days=30), basis="приговор",
        effective_from=LONG_AGO,
    )  # fmt: skip
    answered(papers, offered(papers, inmate), "take_back")
    (row,) = queue_for(papers.joiners, TODAY)
    assert row.waiting.days_waiting == 40
    assert (row.waiting.has_trade, row.waiting.has_dependants) == (True, True)
    assert (row.waiting.days_to_release, row.waiting.lost_place) == (30, True)
    assert row.total == Decimal("55.00")


def test_a_grade_of_the_trade_counts_as_the_trade(papers: Cast) -> None:
    inmate = an_inmate(papers)
    assert not queue_for(papers.joiners, TODAY)[0].waiting.has_trade
    Qualification.objects.create(
        inmate=inmate, trade=papers.trade, grade=3, document="удостоверение № 5",
        awarded_on=YESTERDAY, recorded_by=papers.labour_officer, recorded_at=NOW,
    )  # fmt: skip
    assert queue_for(papers.joiners, TODAY)[0].waiting.has_trade


def test_neither_an_illness_nor_a_transfer_shortens_the_wait(papers: Cast) -> None:
    inmate = an_inmate(papers)
    (before,) = queue_for(papers.joiners, TODAY)
    LabourState.objects.filter(inmate=inmate).update(effective_to=date(2026, 3, 1))
    for ability, begin, end in (
        ("unable", date(2026, 3, 1), date(2026, 9, 1)), ("able", date(2026, 9, 1), None)
    ):  # fmt: skip
        LabourState.objects.create(
            inmate=inmate, ability=ability, is_subject_to_labour=True,
            effective_from=begin, effective_to=end,
        )  # fmt: skip
    institution, _post = second_place(papers)
    CustodyStay.objects.update(institution=institution, effective_to=date(2026, 2, 1))
    CustodyStay.objects.create(
        inmate=inmate, institution=papers.institution, effective_from=date(2026, 2, 1)
    )
    assert queue_for(papers.joiners, TODAY) == [before]


def test_a_withdrawn_consent_gives_and_takes_no_point(papers: Cast) -> None:
    """Two people whose placements ended on one day: one by withdrawing, one by the contract."""
    withdrawn(papers, "1")
    other = an_inmate(papers, "2")
    a_placement(papers, other, effective_to=YESTERDAY)
    first, second = queue_for(papers.joiners, TODAY)
    assert first.points == second.points
    assert [first.waiting.number, second.waiting.number] == ["1", "2"]


def test_a_lost_place_counts_until_the_next_work(papers: Cast) -> None:
    inmate = an_inmate(papers)
    offer = answered(papers, offered(papers, inmate), "take_back")
    PlaceOffer.objects.filter(pk=offer.pk).update(
        offered_on=date(2026, 5, 1), answered_on=date(2026, 5, 2)
    )
    assert queue_for(papers.joiners, TODAY)[0].waiting.lost_place
    a_placement(papers, inmate, effective_from=date(2026, 6, 1), effective_to=YESTERDAY)
    assert not queue_for(papers.joiners, TODAY)[0].waiting.lost_place


def test_a_missing_weight_is_never_a_guess(cast: Cast) -> None:
    with pytest.raises(ParameterMissing, match="queue_weights"):
        queue_rules(TODAY)


def test_the_queue_asks_as_often_for_three_as_for_one(
    papers: Cast, django_assert_num_queries: Any
) -> None:
    for number in ("1", "2", "3"):
        with django_assert_num_queries(2):
            queue_for(papers.joiners, TODAY)
        an_inmate(papers, number)


def test_the_list_of_posts_says_how_many_places_are_taken(papers: Cast) -> None:
    a_placement(papers, an_inmate(papers, "1"))
    a_placement(papers, an_inmate(papers, "2"), effective_to=TODAY)
    posts = posts_with_places(papers.labour_officer, TODAY)
    assert [(post.pk, post.taken, post.seats) for post in posts] == [(papers.joiners.pk, 1, 10)]
    assert not posts_with_places(papers.analyst, TODAY)


# --- placing in order -------------------------------------------------------------------------
@pytest.fixture
def two(papers: Cast) -> tuple[Inmate, Inmate]:
    """The first has waited longer."""
    first, second = an_inmate(papers, "1"), an_inmate(papers, "2")
    a_placement(papers, first, effective_to=TODAY - timedelta(days=100))
    a_placement(papers, second, effective_to=TODAY - timedelta(days=50))
    return first, second


def test_the_first_is_placed_without_a_word(papers: Cast, two: tuple[Inmate, Inmate]) -> None:
    placement = placed(papers, two[0])
    assert (placement.post, placement.effective_from) == (papers.joiners, TODAY)
    assert not QueueOverride.objects.exists()
    assert numbers(papers) == ["2"]


def test_whoever_got_a_place_from_tomorrow_on_waits_no_longer(
    papers: Cast, two: tuple[Inmate, Inmate]
) -> None:
    """The day the page proposes: the next one in the queue must not need an override till then."""
    placed(papers, two[0], effective_from=TODAY + timedelta(days=1))
    assert numbers(papers) == ["2"]
    (post,) = posts_with_places(papers.labour_officer, TODAY)
    assert post.taken == 1
    placed(papers, two[1])
    assert not QueueOverride.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "1234567", "так?", "— … —"])
def test_the_second_is_not_placed_without_a_reason(
    papers: Cast, two: tuple[Inmate, Inmate], reason: str
) -> None:
    with pytest.raises(ReasonForOrder) as refusal:
        placed(papers, two[1], reason)
    assert refusal.value.details == {"place": 2, "first": "1", "letters": 5}
    assert "%" not in str(refusal.value)
    assert not QueueOverride.objects.exists()
    assert numbers(papers) == ["1", "2"]


def test_the_reason_is_kept_with_both_points_and_never_changed(
    papers: Cast, two: tuple[Inmate, Inmate]
) -> None:
    placed(papers, two[1], f"  {REASON} ")
    row = overrides_of([papers.institution]).get()
    assert (row.inmate, row.place_in_queue, row.reason) == (two[1], 2, REASON)
    assert (row.points, row.first_points) == (Decimal("27.50"), Decimal("40.00"))
    assert (row.decided_by, row.starts_on) == (papers.labour_officer, TODAY)
    with pytest.raises(DatabaseError, match="queueoverride"), transaction.atomic():
        QueueOverride.objects.update(reason="другое")


def test_a_refused_placement_leaves_no_override(papers: Cast, two: tuple[Inmate, Inmate]) -> None:
    """The private employer's consent is asked for by the database, after the reason is written."""
    with pytest.raises(ConstraintRefused) as refusal:
        placed(papers, two[1], REASON, employer=papers.entrepreneur)
    assert refusal.value.constraint == "private_placement_needs_consent"
    assert not QueueOverride.objects.exists()


def test_a_place_owed_after_a_withdrawal_needs_no_reason(
    papers: Cast, two: tuple[Inmate, Inmate]
) -> None:
    inmate, consent = withdrawn(papers, "3")
    answered(papers, offered(papers, inmate, after_id=consent.pk))
    assert numbers(papers)[-1] == "3"
    placed(papers, inmate)
    assert not QueueOverride.objects.exists()


def test_a_place_is_owed_once(papers: Cast, two: tuple[Inmate, Inmate]) -> None:
    """Whoever took the owed place up and left it again waits like everybody else."""
    inmate, consent = withdrawn(papers, "3")
    answered(papers, offered(papers, inmate, after_id=consent.pk))
    placed(papers, inmate, effective_from=YESTERDAY, effective_to=TODAY)
    with pytest.raises(ReasonForOrder):
        placed(papers, inmate)


def test_an_accepted_offer_alone_does_not_jump_the_queue(
    papers: Cast, two: tuple[Inmate, Inmate]
) -> None:
    answered(papers, offered(papers, two[1]))
    with pytest.raises(ReasonForOrder):
        placed(papers, two[1])


def test_nobody_is_placed_who_does_not_wait(papers: Cast, two: tuple[Inmate, Inmate]) -> None:
    LabourState.objects.filter(inmate=two[0]).update(ability="unable")
    with pytest.raises(NotWaiting, match=r"22\.11\.2026"):
        placed(papers, two[0], REASON)
    assert standing_in(queue_for(papers.joiners, TODAY), two[0].pk) is None


def test_whoever_works_by_their_own_wish_is_placed_beside_the_queue(
    papers: Cast, two: tuple[Inmate, Inmate]
) -> None:
    """A pensioner is not subject to labour and may work all the same."""
    LabourState.objects.filter(inmate=two[1]).update(is_subject_to_labour=False)
    assert placed(papers, two[1], must_wait=False).inmate == two[1]
    assert not QueueOverride.objects.exists()


def test_whoever_changes_the_work_passes_nobody_by(
    papers: Cast, two: tuple[Inmate, Inmate]
) -> None:
    """A second part-time work beside the first asks for no place in the queue."""
    worker = an_inmate(papers, "3")
    a_placement(papers, worker, is_full_time=False, daily_minutes=180)
    placed(papers, worker, is_full_time=False, daily_minutes=120)
    assert not QueueOverride.objects.exists()


def test_the_same_act_twice_is_refused(papers: Cast, two: tuple[Inmate, Inmate]) -> None:
    placed(papers, two[0])
    with pytest.raises(ConstraintRefused) as refusal:
        placed(papers, two[0])
    assert refusal.value.constraint == "placement_full_time_no_overlap"


def test_only_the_officer_of_the_place_places(papers: Cast, two: tuple[Inmate, Inmate]) -> None:
    for actor in (papers.head, papers.master, papers.operator):
        with pytest.raises(Forbidden):
            placed(papers, two[0], actor=actor)


@pytest.mark.django_db(transaction=True)
def test_two_officers_do_not_both_place_the_first() -> None:
    """The second waits, and the database tells it that the person works already."""
    cast = a_cast()
    load_consent_texts()
    load_pay_parameters()
    inmate = an_inmate(cast, "1")
    refusals: list[PortalError] = []

    def alone() -> None:
        try:
            placed(cast, inmate)
        except PortalError as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=alone) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Placement.objects.count() == 1
    assert [type(refusal) for refusal in refusals] == [ConstraintRefused]


def test_withdrawing_after_an_offer_keeps_the_offer(papers: Cast) -> None:
    """An offer stands by itself: a later withdrawal neither answers nor deletes it."""
    inmate, _consent = withdrawn(papers)
    offer = offered(papers, inmate)
    data_free = PlaceOffer.objects.get(pk=offer.pk)
    assert data_free.answer == OfferAnswer.WAITING
    with pytest.raises(PortalError):
        withdraw_consent(actor=papers.labour_officer, consent_id=_consent.pk, on=TODAY, at=NOW)
    assert PlaceOffer.objects.get().answer == OfferAnswer.WAITING
