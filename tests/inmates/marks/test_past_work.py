"""Work and custody that end in a month whose wages are closed: a reason, and who edited last."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from inmates.closed_refusals import ReasonOfClosedMonth
from inmates.models import BackdatedChange, CustodyStay, PayParameter, PayrollRun, Placement
from inmates.refusals import BeingCalculated
from inmates.run_refusals import MonthHeld
from inmates.selectors.closed_months import runs_of_places_since, runs_of_work
from inmates.selectors.last_edit import edited_after, last_editor
from inmates.services.apprenticeship import begin_apprenticeship, discontinue_apprenticeship
from inmates.services.custody import release_inmate, transfer_inmate
from inmates.services.placements import change_placement, end_placement, place_inmate
from portal.kernel import audit, clock
from tests.inmates.desk import a_second_colony
from tests.inmates.marks.world import BY_PIECE, BY_TIME, IN_TEAM, a_closed_month, place_of
from tests.inmates.months import OCTOBER, a_worker, calculated
from tests.people import Cast, a_reason, an_inmate

MIDDLE, NOVEMBER = date(2026, 10, 15), date(2026, 11, 1)
THIS_MONTH = date(2026, 11, 16)
WHY = "Приказ пришёл позже"
Act = Callable[[Cast, date, str], Any]


def end(pay: Cast, on: date, correction: str = "") -> Any:
    return end_placement(
        actor=pay.labour_officer, placement_id=place_of(IN_TEAM).pk, on=on, at=clock.now(),
        correction=correction,
    )  # fmt: skip


def release(pay: Cast, on: date, correction: str = "") -> Any:
    reason = a_reason("served", group="release", letter="", name_ru="Отбыл срок")
    return release_inmate(
        actor=pay.labour_officer, inmate_id=place_of(IN_TEAM).inmate_id, reason_id=reason.pk,
        on=on, at=clock.now(), correction=correction,
    )  # fmt: skip


def transfer(pay: Cast, on: date, correction: str = "") -> Any:
    return transfer_inmate(
        actor=pay.labour_officer, inmate_id=place_of(IN_TEAM).inmate_id,
        institution_id=a_second_colony(pay).pk, on=on, at=clock.now(), correction=correction,
    )  # fmt: skip


def place(pay: Cast, begin: date, number: str = "1900") -> Placement:
    return place_inmate(
        actor=pay.labour_officer, inmate_id=an_inmate(pay, number).pk, post_id=pay.joiners.pk,
        employer=pay.enterprise, pay_form="time", basis="договор № 77", effective_from=begin,
        at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("act", [end, release, transfer])
def test_an_end_in_an_approved_month_needs_words(pay: Cast, act: Act) -> None:
    a_closed_month(pay)
    with pytest.raises(ReasonOfClosedMonth, match="октябрь 2026"):
        act(pay, NOVEMBER, "")
    assert not BackdatedChange.objects.exists()


@pytest.mark.parametrize("act", [end, release, transfer])
def test_with_words_it_is_marked_and_signed(pay: Cast, act: Act) -> None:
    a_closed_month(pay)
    act(pay, NOVEMBER, WHY)
    signed = set(BackdatedChange.objects.values_list("changed_by", "reason"))
    assert signed == {(pay.labour_officer.pk, WHY)}


@pytest.mark.parametrize("act", [end, release, transfer])
def test_within_the_present_month_nothing_is_asked(pay: Cast, act: Act) -> None:
    a_closed_month(pay)
    act(pay, THIS_MONTH, "")
    assert not BackdatedChange.objects.exists()


@pytest.mark.parametrize(
    ("status", "refusal"), [("calculating", BeingCalculated), ("posting", MonthHeld)]
)
def test_a_month_at_work_waits_for_nobody(pay: Cast, status: str, refusal: type[Exception]) -> None:
    a_worker(pay, BY_TIME)
    run = calculated(pay)
    if status == "posting":
        signed = {"approved_by": pay.head, "approved_at": clock.now()}
        PayrollRun.objects.filter(pk=run.pk).update(status=status, **signed)
    else:
        PayrollRun.objects.filter(pk=run.pk).update(status=status)
    worker = place_of(BY_TIME)
    with pytest.raises(refusal):
        end_placement(
            actor=pay.labour_officer, placement_id=worker.pk, on=NOVEMBER, at=clock.now(),
            correction=WHY,
        )  # fmt: skip
    with pytest.raises(refusal):
        place(pay, MIDDLE)
    assert place(pay, THIS_MONTH, "1901").effective_from == THIS_MONTH


def test_new_terms_are_explained_by_their_document(pay: Cast) -> None:
    a_closed_month(pay)
    old = place_of(IN_TEAM)
    change_placement(
        actor=pay.labour_officer, placement_id=old.pk, on=NOVEMBER, at=clock.now(),
        basis="договор № 78",
    )  # fmt: skip
    assert set(BackdatedChange.objects.values_list("reason", flat=True)) == {"договор № 78"}


def test_runs_of_the_persons_work_are_those_of_its_payers_and_places(pay: Cast) -> None:
    run = a_closed_month(pay)
    inmate_id = place_of(BY_TIME).inmate_id
    assert list(runs_of_work(inmate_id, MIDDLE)) == [run]
    assert list(runs_of_work(inmate_id, MIDDLE, payer_id=pay.enterprise.pk)) == [run]
    assert not runs_of_work(inmate_id, MIDDLE, payer_id=pay.entrepreneur.pk).exists()
    assert not runs_of_work(inmate_id, NOVEMBER).exists()
    assert not runs_of_work(an_inmate(pay, "1950").pk, MIDDLE).exists()
    place_id = run.institution_id
    assert list(runs_of_places_since(pay.enterprise.pk, place_id, MIDDLE)) == [run]
    assert not runs_of_places_since(pay.enterprise.pk, place_id, NOVEMBER).exists()


# --- who edited last --------------------------------------------------------------------------
def training(pay: Cast) -> Any:
    return begin_apprenticeship(
        actor=pay.labour_officer, inmate_id=place_of(BY_PIECE).inmate_id, trade_id=pay.trade.pk,
        planned_hours=40, norm_coefficient=1, basis="договор № 5", effective_from=MIDDLE,
        at=clock.now(), free_mentor="мастер",
    )  # fmt: skip


def discontinued(pay: Cast) -> None:
    row = training(pay)
    type(row).objects.filter(pk=row.pk).update(recorded_by=pay.administrator)
    discontinue_apprenticeship(
        actor=pay.labour_officer, apprenticeship_id=row.pk, reason="Отказ от обучения",
        on=date(2026, 10, 20), at=clock.now(),
    )  # fmt: skip


def law(pay: Cast) -> None:
    row = PayParameter.objects.get(code="mrp", effective_from=date(2026, 1, 1))
    audit.record(
        actor=pay.labour_officer, action="pay_parameter_changed", at=clock.now(), subject=row,
        code=row.code,
    )  # fmt: skip


EDITS: dict[str, Callable[[Cast], Any]] = {
    "placed": lambda pay: place(pay, MIDDLE),
    "ended": lambda pay: end(pay, NOVEMBER, WHY),
    "released": lambda pay: release(pay, NOVEMBER, WHY),
    "transferred": lambda pay: transfer(pay, MIDDLE, WHY),
    "training": training,
    "training ended": discontinued,
    "law": law,
}


@pytest.mark.parametrize("name", EDITS)
def test_who_changed_work_or_law_is_who_edited_last(pay: Cast, name: str) -> None:
    run = a_closed_month(pay)
    assert last_editor(run) != pay.labour_officer.pk
    EDITS[name](pay)
    assert last_editor(run) == pay.labour_officer.pk


def test_what_ends_after_the_month_is_no_edit_of_it(
    pay: Cast, django_assert_num_queries: Any
) -> None:
    a_worker(pay, BY_TIME)
    a_worker(pay, IN_TEAM)
    run = calculated(pay)
    place(pay, THIS_MONTH)
    end(pay, THIS_MONTH)
    with django_assert_num_queries(1):
        assert edited_after(run) is None
    place(pay, MIDDLE, "1910")
    with django_assert_num_queries(1):
        assert edited_after(run) is not None


def test_a_stay_that_ended_stands(pay: Cast) -> None:
    a_closed_month(pay)
    release(pay, MIDDLE, WHY)
    assert CustodyStay.objects.get(inmate=place_of(IN_TEAM).inmate).effective_to == MIDDLE
    assert OCTOBER.first_day < MIDDLE
