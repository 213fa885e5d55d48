"""What stops the wages of a month: each thing that is missing is named, and nothing is zero."""

from datetime import date
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import (
    CalendarDay,
    EarningKind,
    PayParameter,
    PayRate,
    PayrollRun,
    Placement,
    TeamEntry,
    TeamShare,
    Timesheet,
)
from inmates.presenters.pay_blockers import blocker_rows, sentence_of
from inmates.refusals import CalendarMissing, KindsMissing
from inmates.run_refusals import InputsMissing
from inmates.selectors.pay_blockers import Blocker, pay_blockers
from inmates.services.payroll import start_payroll_run
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel.periods import period_q
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_piece_rate,
    a_worker,
    attended,
    calculated,
    days_of,
    lock_sheets,
    made,
    started,
)
from tests.inmates.second_place import second_place
from tests.people import NOW, Cast, a_consent, a_placement, a_work_order, an_hourly_rate, an_inmate


def found(pay: Cast, payer: Any = None) -> list[Blocker]:
    return pay_blockers((payer or pay.enterprise).pk, pay.institution.pk, OCTOBER)


def codes(pay: Cast, payer: Any = None) -> list[str]:
    return [one.code for one in found(pay, payer)]


def refused(pay: Cast) -> list[Blocker]:
    """What the service that starts a run says is missing; it leaves nothing behind."""
    with pytest.raises(InputsMissing) as refusal:
        start_payroll_run(
            actor=pay.accountant,
            payer_id=pay.enterprise.pk,
            institution_id=pay.institution.pk,
            month=OCTOBER,
            at=NOW,
        )
    assert not PayrollRun.objects.exists()
    return refusal.value.blockers


@pytest.fixture
def whole(pay: Cast) -> Cast:
    """One person, everything in place."""
    a_worker(pay)
    lock_sheets(pay)
    return pay


def test_a_month_with_everything_has_no_blockers(whole: Cast) -> None:
    assert found(whole) == []
    assert started(whole).status == "calculating"


@pytest.mark.parametrize("status", ["open", "submitted", "returned", None])
def test_a_timesheet_that_is_not_locked_stops_the_month(whole: Cast, status: str | None) -> None:
    if status is None:
        Timesheet.objects.all().delete()
    else:
        Timesheet.objects.update(status=status, locked_by=None, returned_reason="Нет явки")
    (one,) = refused(whole)
    assert (one.code, one.key, one.status) == ("timesheet", "wood-16", status or "open")
    assert one.title == {"ru": "Столярный цех", "kk": "Ағаш цехы", "en": "Столярный цех"}


def test_a_workshop_in_which_the_payer_has_nobody_stops_nothing(whole: Cast) -> None:
    _institution, post = second_place(whole)
    a_placement(whole, an_inmate(whole, "1700"), post=post)
    assert found(whole) == []


def test_each_workshop_of_the_month_is_named(whole: Cast) -> None:
    from workshops.models import Post, Workshop

    sewing = Workshop.objects.create(
        institution=whole.institution, code="sewing-16", name_ru="Швейный цех"
    )
    post = Post.objects.create(workshop=sewing, name_ru="Швея", trade=whole.trade, seats=5)
    placement = a_placement(whole, an_inmate(whole, "1700"), post=post)
    assert [one.key for one in refused(whole)] == ["sewing-16"]
    # Placed from November on: no longer a matter of this month.
    placement.effective_from = date(2026, 11, 1)
    placement.save()
    assert found(whole) == []


def test_hours_without_a_rate_are_named_with_the_first_day_and_the_people(whole: Cast) -> None:
    a_worker(whole, "1700")
    PayRate.objects.update(effective_to=date(2026, 10, 5))
    (one,) = refused(whole)
    assert (one.code, one.key) == ("rate_post", str(whole.joiners.pk))
    assert (one.people, one.day) == (2, date(2026, 10, 5))


def test_a_rate_of_another_payer_is_no_rate(whole: Cast) -> None:
    PayRate.objects.update(payer=whole.entrepreneur)
    assert codes(whole) == ["rate_post"]


def test_an_absence_needs_no_rate_of_its_day(whole: Cast) -> None:
    from tests.people import a_reason

    inmate = an_inmate(whole, "1700")
    placement = a_placement(whole, inmate)
    attended(placement, [date(2026, 10, 20)])
    placement.attendance.update(minutes=0, reason=a_reason())
    PayRate.objects.update(effective_to=date(2026, 10, 20))
    placement_days = Placement.objects.get(inmate__personnel_number="1648").attendance
    placement_days.filter(worked_on__gte=date(2026, 10, 20)).delete()
    assert found(whole) == []


def test_pieces_without_a_rate_are_named(whole: Cast) -> None:
    placement = a_placement(whole, an_inmate(whole, "1700"), pay_form="piece")
    cutting = a_work_order(whole).operations.get(operation=whole.cutting)
    made(placement, cutting, FIRST, 2)
    (one,) = refused(whole)
    assert (one.code, one.key, one.people, one.day) == (
        "rate_operation", str(whole.cutting.pk), 1, FIRST,
    )  # fmt: skip
    a_piece_rate(whole)
    assert found(whole) == []


def test_pieces_of_somebody_paid_by_time_need_no_rate(whole: Cast) -> None:
    placement = Placement.objects.get()
    cutting = a_work_order(whole).operations.get(operation=whole.cutting)
    made(placement, cutting, FIRST, 2)
    assert found(whole) == []


def test_the_output_of_a_team_needs_a_rate_too(whole: Cast) -> None:
    cutting = a_work_order(whole).operations.get(operation=whole.cutting)
    members = [
        a_placement(whole, an_inmate(whole, number), pay_form="piece") for number in ("1", "2")
    ]
    entry = TeamEntry.objects.create(
        work_order_operation=cutting, worked_on=FIRST, quantity=4, recorded_at=NOW
    )
    TeamShare.objects.bulk_create(
        TeamShare(team_entry=entry, placement=member, minutes=480) for member in members
    )
    (one,) = found(whole)
    assert (one.code, one.people, one.day) == ("rate_operation", 2, FIRST)


@pytest.mark.parametrize("basis", ["", "   "])
def test_a_placement_without_a_contract_stops_the_month(whole: Cast, basis: str) -> None:
    Placement.objects.update(basis=basis)
    (one,) = refused(whole)
    assert (one.code, one.key) == ("contract", "1648")


def test_a_private_placement_needs_its_consent(whole: Cast) -> None:
    """The database refuses such a row today; one that came before its guard still stops a run."""
    inmate = an_inmate(whole, "1700")
    own = {"employer": whole.entrepreneur, "payer": whole.entrepreneur}
    with pgtrigger.ignore("inmates.Placement:private_needs_consent"):
        a_placement(whole, inmate, **own)
    lock_sheets(whole, payer=whole.entrepreneur.pk)
    OrganisationTaxStatus.objects.create(
        organisation=whole.entrepreneur, is_vat_payer=False, effective_from=date(2024, 1, 1)
    )
    assert codes(whole, whole.entrepreneur) == ["consent"]
    # The state enterprise needs no consent, and is not stopped by another payer's trouble.
    assert codes(whole) == []
    a_consent(inmate, whole.entrepreneur)
    assert codes(whole, whole.entrepreneur) == []


def test_the_law_is_looked_at_on_the_last_day(whole: Cast) -> None:
    in_force = PayParameter.objects.filter(period_q(OCTOBER.last_day), code="mrp")
    in_force.update(effective_to=OCTOBER.last_day)
    (one,) = found(whole)
    assert (one.code, one.key) == ("parameter", "mrp")


def test_a_calendar_with_a_hole_stops_the_month(whole: Cast) -> None:
    CalendarDay.objects.filter(day=date(2026, 10, 14)).delete()
    assert codes(whole) == ["calendar"]
    with pytest.raises((CalendarMissing, InputsMissing)):
        started(whole)


def test_no_kinds_of_earnings_stop_the_month(whole: Cast) -> None:
    EarningKind.objects.all().delete()
    assert codes(whole) == ["kinds"]
    with pytest.raises((KindsMissing, InputsMissing)):
        started(whole)


def test_the_tax_regime_of_the_payer_is_asked_for(whole: Cast) -> None:
    OrganisationTaxStatus.objects.all().delete()
    assert codes(whole) == ["regime"]


def test_all_that_is_missing_is_said_at_once_in_the_order_of_the_board(whole: Cast) -> None:
    Timesheet.objects.all().delete()
    PayRate.objects.all().delete()
    Placement.objects.update(basis="")
    OrganisationTaxStatus.objects.all().delete()
    assert codes(whole) == ["timesheet", "rate_post", "contract", "regime"]


def test_a_refusal_counts_what_is_missing(whole: Cast) -> None:
    Timesheet.objects.all().delete()
    PayRate.objects.all().delete()
    assert len(refused(whole)) == 2
    assert "2" in str(InputsMissing(found(whole)))


def test_what_was_calculated_stays_when_a_new_start_is_refused(whole: Cast) -> None:
    run = calculated(whole)
    PayRate.objects.all().delete()
    with pytest.raises(InputsMissing):
        started(whole)
    run.refresh_from_db()
    assert (run.status, run.payslips.count()) == ("calculated", 1)


def test_the_questions_do_not_grow_with_the_people(whole: Cast) -> None:
    counts = []
    for number in ("1700", "1701"):
        with CaptureQueriesContext(connection) as captured:
            found(whole)
        counts.append(len(captured))
        a_worker(whole, number)
    assert counts[0] == counts[1] <= 12


# --- as sentences -----------------------------------------------------------------------------
ALL = [
    Blocker("timesheet", title={"ru": "Цех"}, key="wood-16", status="submitted"),
    Blocker("rate_post", title={"ru": "Столяр"}, key="7", people=3, day=FIRST),
    Blocker("rate_operation", title={"ru": "Раскрой"}, key="9", people=1, day=FIRST),
    Blocker("contract", key="1648", day=FIRST),
    Blocker("consent", key="1649", day=FIRST),
    Blocker("parameter", sentence="У параметра mrp нет значения", key="mrp"),
    Blocker("calendar", day=FIRST),
    Blocker("kinds", day=FIRST),
    Blocker("regime", day=FIRST),
]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("blocker", ALL, ids=lambda one: one.code)
def test_each_blocker_reads_in_each_language(blocker: Blocker, language: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        english = sentence_of(blocker, OCTOBER)
    with translation.override(language):
        shown = sentence_of(blocker, OCTOBER)
    assert "%" not in shown
    assert (shown == english) is (language == "en" or blocker.code == "parameter")


def test_a_link_leads_to_where_it_is_mended_for_whoever_may_go_there() -> None:
    for_accountant = [row["url"] for row in blocker_rows(ALL, 5, OCTOBER, {"accountant"})]
    assert for_accountant[0] == "/timesheets/wood-16/2026-10/"
    assert for_accountant[1:3] == [
        "/payroll/rates/enter/?payer=5&post=7",
        "/payroll/rates/enter/?payer=5&operation=9",
    ]
    assert for_accountant[3:5] == ["", ""]
    officer = [row["url"] for row in blocker_rows(ALL, 5, OCTOBER, {"labour_officer"})]
    assert officer[3:5] == ["/people/1648/", "/people/1649/"]
    assert officer[0] == ""


def test_a_second_rate_at_another_post_stops_nothing(whole: Cast) -> None:
    from workshops.models import Post

    post = Post.objects.create(
        workshop=whole.workshop, name_ru="Сборщик", trade=whole.trade, seats=3
    )
    placement = a_placement(whole, an_inmate(whole, "1700"), post=post)
    attended(placement, days_of(OCTOBER, 2))
    assert codes(whole) == ["rate_post"]
    an_hourly_rate(whole, post=post)
    assert found(whole) == []
