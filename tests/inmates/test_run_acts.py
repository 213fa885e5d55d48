"""What is done with a calculated run: approved, returned, paid, one person of it made anew."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from inmates.approval_refusals import BeingPosted
from inmates.enums import RunStatus
from inmates.models import ExtraPay, PayRate, PayrollProblem, PayrollRun, ShiftChange
from inmates.refusals import AlreadyCalculating
from inmates.rules import can_approve_payroll_run
from inmates.run_refusals import (
    CalculatedBySomebodyElse,
    InputsMissing,
    PersonNotInRun,
    ReasonOfReturnMissing,
)
from inmates.selectors.last_edit import last_editor
from inmates.selectors.run_changes import largest_changes
from inmates.services import calculation
from inmates.services.payroll import recalculate_person
from inmates.services.returning import return_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.kernel import audit, clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import TaskRun
from portal.kernel.periods import Month
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.books import approved, first_signature, posted, worked_off
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    attended,
    calculated,
    made,
    started,
)
from tests.people import NOW, TODAY, Cast, a_placement, a_user, a_work_order, an_inmate

SEPTEMBER = Month(2026, 9)
WHY = "Проверьте сдельщиков цеха"


def url(run: PayrollRun, act: str = "") -> str:
    return f"/payroll/runs/{run.pk}/{act}"


def text(client: Client, run: PayrollRun, who: Any) -> str:
    client.force_login(who)
    return client.get(url(run)).content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    """Two people by time, calculated; the head holds the first signature."""
    first_signature(pay)
    a_worker(pay, "1648")
    a_worker(pay, "1649")
    return calculated(pay)


# --- the page ---------------------------------------------------------------------------------
def test_the_head_is_offered_approval_and_return(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    html = text(client, run, pay.head)
    assert f'action="{url(run, "approve/")}"' in html
    assert f'action="{url(run, "return/")}"' in html
    assert f'action="{url(run, "start/")}"' not in html


def test_the_accountant_reads_why_they_do_not_approve(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    html = text(client, run, pay.accountant)
    assert f'action="{url(run, "approve/")}"' not in html
    assert str(can_approve_payroll_run(pay.accountant, run, TODAY).reason) in html
    assert f'action="{url(run, "start/")}"' in html
    assert f'action="{url(run, "return/")}"' not in html


def test_whoever_calculated_reads_that_another_approves(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    PayrollRun.objects.update(started_by=pay.head)
    html = text(client, run, pay.head)
    assert f'action="{url(run, "approve/")}"' not in html
    run.refresh_from_db()
    calculated_it = str(can_approve_payroll_run(pay.head, run, TODAY).reason)
    assert calculated_it in html
    PayrollRun.objects.update(started_by=pay.accountant, last_edited_by=pay.head)
    run.refresh_from_db()
    edited_it = str(can_approve_payroll_run(pay.head, run, TODAY).reason)
    assert edited_it != calculated_it
    assert edited_it in text(client, run, pay.head)


def test_approval_from_the_page_waits_for_the_worker(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    client.force_login(pay.head)
    response = client.post(url(run, "approve/"))
    run.refresh_from_db()
    assert response["Location"] == url(run)
    assert (run.status, run.approved_by) == (RunStatus.POSTING, pay.head)
    html = text(client, run, pay.head)
    assert 'hx-trigger="every 2s"' in html
    assert "Проводки записываются" in html
    worked_off(run)
    html = text(client, run, pay.head)
    assert run.status != RunStatus.CALCULATED
    assert pay.head.get_full_name() in html


def test_a_refused_approval_is_told_on_the_page(run: PayrollRun, pay: Cast, client: Client) -> None:
    PayrollRun.objects.update(difference_count=2)
    client.force_login(pay.head)
    response = client.post(url(run, "approve/"), follow=True)
    html = response.content.decode()
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED
    assert "Второй расчёт расходится в 2 строках" in html


def test_a_posting_that_broke_off_may_be_approved_anew(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    approved(pay, run)
    TaskRun.objects.filter(name="inmates.post_payroll_run").update(status="failed", error="Сбой")
    html = text(client, run, pay.head)
    assert "Сбой" in html
    assert f'action="{url(run, "approve/")}"' in html


def test_the_accountant_enters_the_payment(pay: Cast, client: Client) -> None:
    first_signature(pay)
    a_worker(pay)
    run = posted(pay)
    html = text(client, run, pay.accountant)
    assert f'action="{url(run, "pay/")}"' in html
    today = clock.today().strftime("%d.%m.%Y")
    response = client.post(url(run, "pay/"), {"paid_on": today, "document": "ПП № 4"})
    run.refresh_from_db()
    assert response["Location"] == url(run)
    assert (run.status, run.paid_document) == (RunStatus.PAID, "ПП № 4")
    assert "ПП № 4" in text(client, run, pay.accountant)


@pytest.mark.parametrize(
    "data", [{}, {"paid_on": "01.01.2020", "document": "ПП"}, {"paid_on": "x", "document": "ПП"}]
)
def test_a_wrong_payment_keeps_what_was_typed(
    pay: Cast, client: Client, data: dict[str, str]
) -> None:
    first_signature(pay)
    a_worker(pay)
    run = posted(pay)
    client.force_login(pay.accountant)
    response = client.post(url(run, "pay/"), data)
    run.refresh_from_db()
    assert response.status_code == 422
    assert run.status == RunStatus.APPROVED
    assert data.get("document", "") in response.content.decode()


def test_the_head_reads_who_enters_the_payment(pay: Cast, client: Client) -> None:
    first_signature(pay)
    a_worker(pay)
    run = posted(pay)
    html = text(client, run, pay.head)
    assert f'action="{url(run, "pay/")}"' not in html
    assert client.post(url(run, "pay/"), {}).status_code == 403


@pytest.mark.parametrize("act", ["approve", "return", "pay", "people/1648/start"])
def test_acts_on_a_run_of_another_payer_are_not_found(
    run: PayrollRun, pay: Cast, client: Client, act: str
) -> None:
    client.force_login(a_user("other@example.kz", pay.entrepreneur, "accountant", "head"))
    assert client.post(url(run, f"{act}/")).status_code == 404
    assert client.get(url(run, f"{act}/")).status_code == 405


# --- returned by the first signature ----------------------------------------------------------
def test_the_first_signature_returns_a_run_with_its_reason(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    client.force_login(pay.head)
    response = client.post(url(run, "return/"), {"reason": WHY})
    run.refresh_from_db()
    assert response["Location"] == url(run)
    assert run.status == RunStatus.INCOMPLETE
    assert WHY in text(client, run, pay.accountant)
    assert history_of(run).last().reason == WHY
    assert calculated(pay).status == RunStatus.CALCULATED


@pytest.mark.parametrize("reason", ["", "   ", "...."])
def test_a_return_needs_words(run: PayrollRun, pay: Cast, client: Client, reason: str) -> None:
    client.force_login(pay.head)
    assert client.post(url(run, "return/"), {"reason": reason}).status_code == 422
    with pytest.raises(ReasonOfReturnMissing):
        return_payroll_run(actor=pay.head, run_id=run.pk, reason=reason, at=NOW)
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED


def test_nobody_else_returns_a_run(run: PayrollRun, pay: Cast, client: Client) -> None:
    with pytest.raises(Forbidden):
        return_payroll_run(actor=pay.accountant, run_id=run.pk, reason=WHY, at=NOW)
    client.force_login(pay.accountant)
    response = client.post(url(run, "return/"), {"reason": WHY})
    assert response.status_code == 422
    assert "право первой подписи" in response.content.decode()


def test_what_is_approved_is_returned_no_more(run: PayrollRun, pay: Cast) -> None:
    run = approved(pay, run)
    with pytest.raises(BeingPosted):
        return_payroll_run(actor=pay.head, run_id=run.pk, reason=WHY, at=NOW)
    worked_off(run)
    with pytest.raises(MoveRefused):
        return_payroll_run(actor=pay.head, run_id=run.pk, reason=WHY, at=NOW)


def test_a_posting_that_broke_off_may_be_returned(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    """Or a month whose books can never be written could be approved for ever and mended never."""
    approved(pay, run)
    TaskRun.objects.filter(name="inmates.post_payroll_run").update(status="failed", error="Сбой")
    assert f'action="{url(run, "return/")}"' in text(client, run, pay.head)
    client.post(url(run, "return/"), {"reason": WHY})
    run.refresh_from_db()
    assert (run.status, run.approved_by) == (RunStatus.INCOMPLETE, None)
    assert [one.action for one in history_of(run)][-2:] == ["refuse", "return"]
    assert started(pay).status == RunStatus.CALCULATING


def test_whether_a_number_is_somebody_elses_is_not_told(
    run: PayrollRun, pay: Cast, client: Client
) -> None:
    an_inmate(pay, "1999")
    client.force_login(pay.accountant)
    assert client.post(url(run, "people/1999/start/")).status_code == 404
    assert client.post(url(run, "people/7777/start/")).status_code == 404
    assert client.post(url(run, "people/1648/start/")).status_code == 302


# --- one person anew --------------------------------------------------------------------------
@pytest.fixture
def faulty(pay: Cast, monkeypatch: pytest.MonkeyPatch) -> PayrollRun:
    """The slip of one of two people breaks for a reason of its own."""
    first_signature(pay)
    a_worker(pay, "1648")
    bad = a_worker(pay, "1649")
    real = calculation.make_slip

    def make(person: Any, *rest: Any) -> Any:
        if person.id == bad.pk:
            raise ArithmeticError
        return real(person, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(calculation, "make_slip", make)
        return calculated(pay)


def test_one_persons_failure_is_listed_and_made_good_alone(
    faulty: PayrollRun, pay: Cast, client: Client
) -> None:
    assert faulty.status == RunStatus.INCOMPLETE
    kept = faulty.payslips.get()
    html = text(client, faulty, pay.accountant)
    assert f'action="{url(faulty, "people/1649/start/")}"' in html
    response = client.post(url(faulty, "people/1649/start/"))
    assert response["Location"] == url(faulty)
    faulty.refresh_from_db()
    assert faulty.status == RunStatus.CALCULATING
    calculate_payroll_run(task_run=str(faulty.task_run_id))
    faulty.refresh_from_db()
    assert (faulty.status, faulty.difference_count) == (RunStatus.CALCULATED, 0)
    assert set(faulty.payslips.values_list("inmate__personnel_number", flat=True)) == {
        "1648", "1649",
    }  # fmt: skip
    assert faulty.payslips.filter(pk=kept.pk).exists(), "the others' slips stay"


def test_a_slip_is_made_anew_alone(run: PayrollRun, pay: Cast) -> None:
    mine = run.payslips.get(inmate__personnel_number="1648")
    other = run.payslips.get(inmate__personnel_number="1649")
    again = recalculate_person(
        actor=pay.accountant, run_id=run.pk, inmate_id=mine.inmate_id, at=NOW
    )
    assert list(again.payslips.all()) == [other]
    calculate_payroll_run(task_run=str(again.task_run_id))
    fresh = run.payslips.get(inmate=mine.inmate_id)
    assert fresh.pk != mine.pk
    assert fresh.gross == mine.gross


def test_twice_is_refused_while_the_first_goes_on(run: PayrollRun, pay: Cast) -> None:
    ids = list(run.payslips.values_list("inmate_id", flat=True))
    recalculate_person(actor=pay.accountant, run_id=run.pk, inmate_id=ids[0], at=NOW)
    with pytest.raises(AlreadyCalculating):
        recalculate_person(actor=pay.accountant, run_id=run.pk, inmate_id=ids[1], at=NOW)
    assert run.payslips.count() == 1


def test_somebody_outside_the_run_is_not_calculated(run: PayrollRun, pay: Cast) -> None:
    stranger = an_inmate(pay, "1999")
    with pytest.raises(PersonNotInRun):
        recalculate_person(actor=pay.accountant, run_id=run.pk, inmate_id=stranger.pk, at=NOW)
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED


def test_one_person_is_refused_like_the_whole(run: PayrollRun, pay: Cast, client: Client) -> None:
    inmate_id = run.payslips.values_list("inmate_id", flat=True).first()
    order = {"run_id": run.pk, "inmate_id": inmate_id, "at": NOW}
    with pytest.raises(Forbidden):
        recalculate_person(actor=pay.head, **order)
    PayRate.objects.all().delete()
    with pytest.raises(InputsMissing):
        recalculate_person(actor=pay.accountant, **order)
    client.force_login(pay.accountant)
    response = client.post(url(run, "people/1648/start/"), follow=True)
    assert "Расчёт не начать" in response.content.decode()
    assert run.payslips.count() == 2


def test_one_person_is_made_anew_by_who_calculated_the_others(run: PayrollRun, pay: Cast) -> None:
    """Or the head would calculate the month, let somebody redo one slip, and approve the rest."""
    PayrollRun.objects.filter(pk=run.pk).update(started_by=pay.head)
    inmate_id = run.payslips.values_list("inmate_id", flat=True).first()
    with pytest.raises(CalculatedBySomebodyElse):
        recalculate_person(actor=pay.accountant, run_id=run.pk, inmate_id=inmate_id, at=NOW)
    run.refresh_from_db()
    assert (run.status, run.started_by) == (RunStatus.CALCULATED, pay.head)
    assert run.payslips.count() == 2


# --- who edited last --------------------------------------------------------------------------
def test_nobody_edited_what_nobody_signed(pay: Cast) -> None:
    a_worker(pay)
    assert started(pay).last_edited_by is None


def test_the_newest_hand_on_an_input_is_kept(pay: Cast) -> None:
    placement = a_worker(pay).placements.get()
    by_piece = a_placement(pay, an_inmate(pay, "1700"), pay_form="piece")
    a_piece_rate(pay)
    cutting = a_work_order(pay).operations.get(operation=pay.cutting)
    placement.attendance.update(recorded_by=pay.master, recorded_at=NOW)
    run = started(pay)
    assert run.last_edited_by == pay.master
    entry = made(by_piece, cutting, FIRST, 2)
    type(entry).objects.update(
        recorded_by=pay.labour_officer, recorded_at=NOW + timedelta(minutes=1)
    )
    assert last_editor(run) == pay.labour_officer.pk
    ExtraPay.objects.create(
        inmate=placement.inmate, payer=pay.enterprise, institution=pay.institution, month=FIRST,
        kind="bonus", amount=Decimal("1.00"), basis="приказ", recorded_by=pay.accountant,
        recorded_at=NOW + timedelta(minutes=2),
    )  # fmt: skip
    assert last_editor(run) == pay.accountant.pk
    ShiftChange.objects.create(
        placement=placement, worked_on=FIRST, before={"minutes": 1}, after={"minutes": 2},
        actor=pay.head, at=NOW + timedelta(minutes=3), explanation=WHY,
    )  # fmt: skip
    assert last_editor(run) == pay.head.pk


def test_who_changed_a_writ_edited_the_month(pay: Cast) -> None:
    """What is withheld, and to whom it goes, is an input like the hours."""
    writ = a_writ(a_worker(pay), "A-1", share_numerator=1, share_denominator=4)
    run = started(pay)
    assert run.last_edited_by is None
    audit.record(actor=pay.head, action="identity_read", at=NOW, subject=writ)
    assert last_editor(run) is None, "to read is not to edit"
    audit.record(actor=pay.head, action="writ_changed", at=NOW, subject=writ)
    assert last_editor(run) == pay.head.pk
    stranger = a_writ(an_inmate(pay, "1901"), "A-2", amount=Decimal("1000.00"))
    audit.record(
        actor=pay.master, action="writ_added", at=NOW + timedelta(hours=1), subject=stranger
    )
    assert last_editor(run) == pay.head.pk, "of somebody who is not paid here"


def test_who_ended_a_writ_on_the_first_day_edited_the_month(pay: Cast) -> None:
    inmate = a_worker(pay)
    writ = a_writ(inmate, "A-1", amount=Decimal("1000.00"), effective_to=FIRST)
    audit.record(actor=pay.head, action="writ_ended", at=NOW, subject=writ)
    assert last_editor(started(pay)) == pay.head.pk
    type(writ).objects.update(effective_to=date(2026, 9, 30))
    assert last_editor(PayrollRun.objects.get()) is None


def test_who_ended_an_application_edited_the_month(pay: Cast) -> None:
    inmate = a_worker(pay)
    run = started(pay)
    inmate.tax_applications.update(
        effective_to=date(2026, 10, 15), recorded_by=pay.head, recorded_at=NOW
    )
    assert last_editor(run) == pay.head.pk


def test_who_took_back_an_extra_payment_edited_the_month(pay: Cast) -> None:
    inmate = a_worker(pay)
    run = started(pay)
    row = ExtraPay.objects.create(
        inmate=inmate, payer=pay.enterprise, institution=pay.institution, month=FIRST,
        kind="bonus", amount=Decimal("1.00"), basis="приказ", recorded_by=pay.accountant,
        recorded_at=NOW,
    )  # fmt: skip
    for month, editor in (("2026-09", pay.accountant), ("2026-10", pay.head)):
        audit.record(
            actor=pay.head, action="extra_pay_removed", at=NOW + timedelta(hours=1), subject=row,
            kind="bonus", month=month, inmate=inmate.pk,
        )  # fmt: skip
        assert last_editor(run) == editor.pk


def test_edits_of_other_months_and_payers_do_not_count(pay: Cast) -> None:
    placement = a_worker(pay).placements.get()
    run = started(pay)
    attended(placement, [date(2026, 9, 30), date(2026, 11, 2)])
    placement.attendance.exclude(worked_on__range=(FIRST, OCTOBER.last_day)).update(
        recorded_by=pay.head, recorded_at=NOW + timedelta(days=1)
    )
    assert last_editor(run) is None
    PayrollRun.objects.filter(pk=run.pk).update(payer=pay.entrepreneur)
    run.refresh_from_db()
    placement.attendance.update(recorded_by=pay.head)
    assert last_editor(run) is None


# --- beside the month before ------------------------------------------------------------------
def test_without_the_month_before_nothing_is_compared(run: PayrollRun) -> None:
    assert largest_changes(run) == []


def test_the_largest_changes_come_first(pay: Cast, client: Client) -> None:
    """One earned more, one less, one came, one left; who earned the same is not listed."""
    worked = {"1": (2, 4), "2": (5, 4), "3": (0, 3), "4": (6, 0), "5": (2, 2)}
    for number, (before, now) in worked.items():
        placement = a_placement(pay, an_inmate(pay, number))
        attended(placement, [date(2026, 9, 1 + day) for day in range(before)])
        attended(placement, [date(2026, 10, 5 + day) for day in range(now)])
    calculated(pay, SEPTEMBER, at=datetime(2026, 10, 2, 7, 0, tzinfo=UTC))
    run = calculated(pay)
    found = largest_changes(run)
    assert {one.number for one in found} == {"1", "2", "3", "4"}
    sizes = [abs(one.difference) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    by_number = {one.number: one for one in found}
    assert by_number["4"].slip_id is None
    assert by_number["3"].slip_before_id is None
    assert (by_number["1"].minutes_before, by_number["1"].minutes_now) == (960, 1920)
    assert len(largest_changes(run, most=2)) == 2
    html = text(client, run, pay.accountant)
    assert "Наибольшие изменения" in html
    assert "в прошлом месяце листка нет" in html


def test_the_run_of_another_payer_is_not_the_month_before(pay: Cast) -> None:
    placement = a_placement(pay, an_inmate(pay))
    attended(placement, [date(2026, 9, 1), date(2026, 10, 5), date(2026, 10, 6)])
    september = calculated(pay, SEPTEMBER, at=datetime(2026, 10, 2, 7, 0, tzinfo=UTC))
    run = calculated(pay)
    assert len(largest_changes(run)) == 1
    PayrollRun.objects.filter(pk=september.pk).update(payer=pay.colony)
    assert largest_changes(run) == []
    assert not PayrollProblem.objects.exists()
