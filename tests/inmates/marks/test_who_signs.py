"""Whose change a mark names: whoever acts through the services, also where no row is signed."""

from datetime import date, timedelta
from typing import Any

import pytest

from inmates.enums import RunKind, RunStatus
from inmates.models import BackdatedChange, CustodyStay, Inmate, PayrollRun
from inmates.refusals import BeingCalculated
from inmates.run_refusals import MonthHeld
from inmates.selectors.closed_months import gravest, runs_of_places, runs_with_slips
from inmates.selectors.last_edit import last_editor
from inmates.services.backdating import permit_backdated, sign_changes, sign_past
from inmates.services.custody import release_inmate
from inmates.services.placements import end_placement, place_inmate
from portal.kernel import clock
from tests.inmates.books import first_signature, posted
from tests.inmates.marks.world import BY_TIME, a_closed_month, place_of
from tests.inmates.months import OCTOBER, a_worker, an_application, attended, started
from tests.inmates.off_cycle import an_extra, made_run, shortened, two_workers
from tests.people import NOW, Cast, a_reason, an_inmate

LATE_OCTOBER = date(2026, 10, 30)
WHY = "Приказ пришёл позже"


def the_mark(cause: str) -> BackdatedChange:
    return BackdatedChange.objects.filter(cause=cause).latest("id")


def test_who_places_somebody_back_is_named_with_the_contract(pay: Cast) -> None:
    a_closed_month(pay)
    inmate = an_inmate(pay, "1900")
    place_inmate(
        actor=pay.labour_officer, inmate_id=inmate.pk, post_id=pay.joiners.pk,
        employer=pay.enterprise, pay_form="time", basis="договор № 77",
        effective_from=LATE_OCTOBER, at=clock.now(),
    )  # fmt: skip
    mark = the_mark("placement")
    assert (mark.changed_by, mark.reason) == (pay.labour_officer, "договор № 77")


def test_who_ends_a_placement_in_the_past_is_named(pay: Cast) -> None:
    a_closed_month(pay)
    placement = place_of("1702")
    end_placement(
        actor=pay.labour_officer, placement_id=placement.pk, on=LATE_OCTOBER, at=clock.now(),
        correction=WHY,
    )  # fmt: skip
    mark = the_mark("placement")
    assert (mark.inmate, mark.changed_by) == (placement.inmate, pay.labour_officer)
    assert mark.reason == WHY
    assert mark.first_day == LATE_OCTOBER - timedelta(days=1)


def test_who_enters_a_late_release_is_named(pay: Cast) -> None:
    a_closed_month(pay)
    inmate = place_of("1702").inmate
    released = a_reason("served", group="release", letter="", name_ru="Отбыл срок")
    release_inmate(
        actor=pay.labour_officer, inmate_id=inmate.pk, on=LATE_OCTOBER, reason_id=released.pk,
        at=clock.now(), correction=WHY,
    )  # fmt: skip
    assert CustodyStay.objects.get(inmate=inmate).effective_to == LATE_OCTOBER
    assert the_mark("person").changed_by == pay.labour_officer


def test_who_acts_stands_before_who_signed_the_row(pay: Cast) -> None:
    a_closed_month(pay)
    sign_changes(pay.head, "проверка")
    attended(place_of(), [date(2026, 10, 31)])
    mark = the_mark("attendance")
    assert (mark.changed_by, mark.reason) == (pay.head, "проверка")


def test_of_the_present_month_nothing_is_signed(pay: Cast) -> None:
    a_closed_month(pay)
    sign_past(pay.head, date(2026, 11, 20), clock.now())
    attended(place_of(), [date(2026, 10, 31)])
    assert the_mark("attendance").changed_by is None


# --- the gate ---------------------------------------------------------------------------------
def runs(pay: Cast) -> list[PayrollRun]:
    return list(runs_of_places(OCTOBER, [(pay.enterprise.pk, pay.institution.pk)]))


@pytest.mark.parametrize(
    ("status", "refusal"), [("calculating", BeingCalculated), ("posting", MonthHeld)]
)
def test_a_run_at_work_refuses_whatever_is_explained(
    pay: Cast, status: str, refusal: type[Exception]
) -> None:
    run = PayrollRun(month=OCTOBER.first_day, status=status)
    with pytest.raises(refusal, match="октябрь 2026"):
        permit_backdated([run], actor=pay.accountant, reason="есть причина", document="приказ")


def test_an_open_month_asks_for_nothing(pay: Cast) -> None:
    for status in ("draft", "calculated", "incomplete"):
        run = PayrollRun(month=OCTOBER.first_day, status=status)
        assert not permit_backdated([run], actor=pay.accountant)
    assert not permit_backdated([], actor=pay.accountant)


def test_a_document_is_a_reason(pay: Cast) -> None:
    run = PayrollRun(month=OCTOBER.first_day, status="paid")
    assert permit_backdated([run], actor=pay.accountant, document="№ 7")


def test_of_several_runs_the_gravest_decides() -> None:
    def made(*statuses: str) -> Any:
        return gravest([PayrollRun(status=one) for one in statuses])

    assert made() is None
    assert made("calculated", "paid").status == RunStatus.PAID
    assert made("approved", "posting", "calculated").status == RunStatus.POSTING
    assert made("paid", "calculating").status == RunStatus.CALCULATING
    assert made("draft").status == RunStatus.DRAFT


def test_runs_are_found_by_place_and_by_person(pay: Cast) -> None:
    run = a_closed_month(pay)
    assert runs(pay) == [run]
    assert not runs_of_places(OCTOBER, []).exists()
    assert not runs_of_places(OCTOBER, [(pay.entrepreneur.pk, pay.institution.pk)]).exists()
    inmate = place_of(BY_TIME).inmate
    assert list(runs_with_slips(inmate.pk, date(2026, 10, 31))) == [run]
    assert not runs_with_slips(inmate.pk, date(2026, 11, 1)).exists()
    assert not runs_with_slips(an_inmate(pay, "1950").pk, NOW.date().replace(month=1)).exists()


def applied(cast: Cast, number: str) -> None:
    inmate = Inmate.objects.get(personnel_number=number)
    inmate.tax_applications.all().delete()
    an_application(cast, inmate, recorded_by=cast.head, recorded_at=clock.now())


def test_an_application_of_somebody_who_works_elsewhere_edits_no_wages_here(pay: Cast) -> None:
    a_worker(pay)
    an_inmate(pay, "1900")
    run = started(pay)
    applied(pay, "1900")
    assert last_editor(run) is None
    applied(pay, "1648")
    assert last_editor(run) == pay.head.pk


def test_a_run_of_one_person_is_edited_by_what_concerns_that_person(pay: Cast) -> None:
    first_signature(pay)
    two_workers(pay)
    posted(pay)
    an_extra(pay, "1648")
    run = made_run(pay, RunKind.BONUS)
    chosen = run.chosen.get().inmate.personnel_number
    (other,) = {"1648", "1649"} - {chosen}
    before = last_editor(run)
    applied(pay, other)
    shortened(other)
    assert last_editor(run) == before
    applied(pay, chosen)
    assert last_editor(run) == pay.head.pk
