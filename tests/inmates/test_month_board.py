"""The month board: steps, whose turn it is, who sees which place, and the start of a run."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from inmates.enums import RunStatus
from inmates.models import PayRate, PayrollRun, Placement, TaxApplication, Timesheet, WritSuspension
from inmates.presenters.month_board import Step, month_steps, next_act
from inmates.selectors.month_board import SheetsOfPlace, month_facts, sheets_of_places
from inmates.selectors.payroll import payroll_places
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel.models import TaskRun
from portal.kernel.periods import Month
from tests.inmates.books import approved, first_signature, paid, posted, worked_off
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    attended,
    calculated,
    days_of,
    lock_sheets,
    made,
    started,
)
from tests.inmates.second_place import second_place
from tests.people import (
    LONG_AGO,
    TODAY,
    Cast,
    a_consent,
    a_placement,
    a_user,
    a_work_order,
    an_hourly_rate,
    an_inmate,
)

INPUTS = 8
RUN, CHECK, APPROVAL, PAYMENT = 9, 10, 11, 12


def board_url(pay: Cast, month: str = "2026-10", payer: Any = None, act: str = "") -> str:
    return f"/payroll/{(payer or pay.enterprise).pk}/{pay.institution.pk}/{month}/{act}"


def steps(pay: Cast, payer: Any = None) -> list[Step]:
    with translation.override("en"):
        facts = month_facts((payer or pay.enterprise).pk, pay.institution.pk, OCTOBER)
        return month_steps(facts)


def page(client: Client, url: str, who: Any = None, status: int = 200) -> str:
    if who is not None:
        client.force_login(who)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def whole(pay: Cast) -> Cast:
    """One person, everything in place, the timesheet locked."""
    first_signature(pay)
    a_worker(pay)
    lock_sheets(pay)
    return pay


# --- the steps --------------------------------------------------------------------------------
def test_a_month_with_everything_can_be_calculated(whole: Cast) -> None:
    found = steps(whole)
    assert [step.tone for step in found[:INPUTS]] == ["ok"] * INPUTS
    assert (found[RUN].tone, found[RUN].turn, found[RUN].is_current) == (
        "warn", "the accountant", True,
    )  # fmt: skip
    assert {step.tone for step in found[CHECK:]} == {"quiet"}
    assert sum(step.is_current for step in found) == 1


def test_the_count_without_an_application_opens_exactly_those(whole: Cast, client: Client) -> None:
    """Of this institution and month: not who works elsewhere, nor who has come since."""
    _place, post = second_place(whole)
    mine, elsewhere, later = (an_inmate(whole, str(number)) for number in (1700, 1701, 1702))
    a_placement(whole, mine)
    a_placement(whole, elsewhere, post=post)
    a_placement(whole, later, effective_from=date(2026, 11, 1))
    TaxApplication.objects.exclude(inmate__personnel_number="1648").delete()
    deduction = steps(whole)[5]
    assert deduction.state == "without an application: 1 of 2"
    client.force_login(whole.accountant)
    answer = client.get(deduction.url)
    assert [row.personnel_number for row in answer.context["rows"]] == ["1700"]
    everybody = client.get(deduction.url.replace("&show=without", ""))
    assert [row.personnel_number for row in everybody.context["rows"]] == ["1648", "1700"]
    assert all("month=2026-10" in tab["url"] for tab in everybody.context["tabs"])
    nonsense = client.get("/payroll/applications/?month=9999-12&place=x")
    assert nonsense.status_code == 200
    assert len(nonsense.context["rows"]) == 4


@pytest.mark.parametrize(
    ("status", "turn"),
    [("open", "the master"), ("returned", "the master"), ("submitted", "the accountant")],
)
def test_a_sheet_waits_for_whose_turn_it_is(whole: Cast, status: str, turn: str) -> None:
    Timesheet.objects.update(status=status, locked_by=None, returned_reason="Нет явки")
    sheets = steps(whole)[0]
    assert (sheets.tone, sheets.state, sheets.turn, sheets.is_current) == (
        "bad", "locked: 0 of 1", turn, True,
    )  # fmt: skip
    assert "Столярный цех" in sheets.note
    assert steps(whole)[RUN].tone == "quiet"


def test_each_input_says_what_is_missing(whole: Cast) -> None:
    PayRate.objects.all().delete()
    Placement.objects.update(basis="")
    OrganisationTaxStatus.objects.all().delete()
    found = steps(whole)
    assert [(step.state, step.turn) for step in found[2:5]] == [
        ("missing: 1", "the accountant"),
        ("missing: 1", "the labour officer"),
        ("missing: 1", "the administrator"),
    ]


def test_who_has_no_application_is_counted_and_stops_nothing(whole: Cast) -> None:
    a_placement(whole, an_inmate(whole, "1700"))
    deduction = steps(whole)[5]
    assert (deduction.tone, deduction.state) == ("info", "without an application: 1 of 2")
    TaxApplication.objects.update(effective_to=OCTOBER.last_day)
    assert steps(whole)[5].state == "without an application: 2 of 2"
    assert steps(whole)[RUN].tone == "warn"


def test_output_on_days_without_hours_is_told(whole: Cast) -> None:
    placement = a_placement(whole, an_inmate(whole, "1700"), pay_form="piece")
    a_piece_rate(whole)
    cutting = a_work_order(whole).operations.get(operation=whole.cutting)
    attended(placement, [FIRST])
    made(placement, cutting, FIRST, 2)
    assert (steps(whole)[1].tone, steps(whole)[1].state) == ("ok", "1 entry")
    made(placement, cutting, date(2026, 10, 2), 2)
    output = steps(whole)[1]
    assert (output.tone, output.state, output.note) == (
        "info", "2 entries", "on days without hours: 1",
    )  # fmt: skip


def test_writs_are_counted_as_they_stand_on_the_last_day(whole: Cast) -> None:
    inmate = Placement.objects.get().inmate
    a_writ(inmate, "И-1", amount=Decimal("100.00"))
    stopped = a_writ(inmate, "И-2", amount=Decimal("100.00"))
    a_writ(inmate, "И-3", amount=Decimal("100.00"), effective_to=date(2026, 10, 20))
    a_writ(inmate, "И-4", amount=Decimal("100.00"), effective_to=FIRST)
    a_writ(an_inmate(whole, "1900"), "И-5", amount=Decimal("100.00"))
    WritSuspension.objects.create(writ=stopped, effective_from=LONG_AGO, basis="определение")
    writs = steps(whole)[6]
    assert (writs.state, writs.note) == ("in force: 1", "suspended: 1, ended in the month: 1")


def test_the_run_goes_through_its_steps(whole: Cast) -> None:
    run = started(whole)
    assert steps(whole)[RUN].tone == "info"
    assert not any(step.is_current for step in steps(whole))
    TaskRun.objects.all().delete()
    PayrollRun.objects.update(status="incomplete")
    assert (steps(whole)[RUN].tone, steps(whole)[RUN].turn) == ("warn", "the accountant")
    run = calculated(whole)
    done = steps(whole)
    assert (done[RUN].tone, done[RUN].state) == ("ok", "payslips: 1")
    assert (done[CHECK].tone, done[CHECK].state) == ("ok", "agrees to the tiyn")
    assert (done[APPROVAL].turn, done[APPROVAL].is_current) == ("the head", True)
    run = approved(whole, run)
    assert steps(whole)[APPROVAL].tone == "info"
    run = worked_off(run)
    done = steps(whole)
    assert done[APPROVAL].note.startswith(whole.head.get_full_name())
    assert (done[PAYMENT].turn, done[PAYMENT].is_current) == ("the accountant", True)
    paid(whole, run)
    done = steps(whole)
    assert (done[PAYMENT].tone, "ПП № 17" in done[PAYMENT].note) == ("ok", True)
    assert not any(step.is_current for step in done)


def test_differences_stop_the_approval(whole: Cast) -> None:
    calculated(whole)
    PayrollRun.objects.update(difference_count=3)
    found = steps(whole)
    assert (found[CHECK].tone, found[CHECK].state, found[CHECK].is_current) == (
        "bad", "differences: 3", True,
    )  # fmt: skip
    assert found[APPROVAL].tone == "quiet"


@pytest.mark.parametrize(
    ("status", "differences", "act"),
    [
        ("draft", None, "calculate"),
        ("calculating", None, ""),
        ("incomplete", None, "mend and calculate again"),
        ("calculated", 0, "approve"),
        ("calculated", 2, "look at the differences"),
        ("posting", 0, ""),
        ("approved", 0, "pay"),
        ("paid", 0, ""),
    ],
)
def test_the_next_act_of_each_state(status: str, differences: int | None, act: str) -> None:
    run = PayrollRun(status=status, difference_count=differences)
    with translation.override("en"):
        assert next_act(run, SheetsOfPlace(2, 2, 2))[0] == act
    assert {one.value for one in RunStatus} >= {status}


@pytest.mark.parametrize(
    ("sheets", "act", "turn"),
    [
        (SheetsOfPlace(2, 1, 1), "enter and submit the timesheets", "the master"),
        (SheetsOfPlace(2, 2, 1), "check and lock the timesheets", "the accountant"),
        (SheetsOfPlace(2, 2, 2), "calculate", "the accountant"),
    ],
)
def test_before_a_run_the_sheets_say_what_comes_next(
    sheets: SheetsOfPlace, act: str, turn: str
) -> None:
    with translation.override("en"):
        assert next_act(None, sheets) == (act, turn)


def test_sheets_are_counted_by_payer_and_place(whole: Cast) -> None:
    institution, post = second_place(whole)
    a_placement(whole, an_inmate(whole, "1700"), post=post)
    places = payroll_places(whole.accountant, TODAY)
    assert sheets_of_places(places, OCTOBER) == {
        (whole.enterprise.pk, whole.institution.pk): SheetsOfPlace(1, 1, 1),
        (whole.enterprise.pk, institution.pk): SheetsOfPlace(1, 0, 0),
    }


# --- pages ------------------------------------------------------------------------------------
def test_the_list_of_places_says_what_comes_next(whole: Cast, client: Client) -> None:
    html = page(client, "/payroll/", whole.accountant)
    assert "Октябрь 2026" in html
    assert "Не рассчитано" in html
    assert "Рассчитать" in html
    assert f'href="{board_url(whole)}"' in html
    calculated(whole)
    html = page(client, "/payroll/?month=2026-10")
    assert "96 000,00" in html
    assert "Утвердить" in html
    assert "Никого из ваших" in page(client, "/payroll/?month=2024-12&earlier=yes")


@pytest.mark.parametrize("month", ["2030-01", "x", "2026-13"])
def test_a_month_nobody_means_is_the_last_full_one(whole: Cast, client: Client, month: str) -> None:
    html = page(client, f"/payroll/?month={month}", whole.accountant)
    assert 'aria-current="true">Октябрь 2026' in html
    assert client.get(board_url(whole, month)).status_code == 404


def test_a_payer_without_people_reads_one_sentence(pay: Cast, client: Client) -> None:
    other = a_user("other@example.kz", pay.entrepreneur, "accountant")
    assert "никто не трудоустроен" in page(client, "/payroll/", other)


def test_the_board_lists_what_stops_the_month_with_links(whole: Cast, client: Client) -> None:
    Timesheet.objects.all().delete()
    PayRate.objects.all().delete()
    html = page(client, board_url(whole), whole.accountant)
    assert "Что мешает расчёту" in html
    assert 'href="/timesheets/wood-16/2026-10/"' in html
    assert "Столярный цех" in html
    assert 'action="' + board_url(whole, act="start/") not in html
    kazakh = client.get(board_url(whole), headers={"Accept-Language": "kk"})
    assert kazakh.status_code == 200


def test_the_board_starts_the_run(whole: Cast, client: Client) -> None:
    html = page(client, board_url(whole), whole.accountant)
    assert f'action="{board_url(whole, act="start/")}"' in html
    response = client.post(board_url(whole, act="start/"))
    run = PayrollRun.objects.get()
    assert response["Location"] == f"/payroll/runs/{run.pk}/"
    assert run.status == RunStatus.CALCULATING


def test_a_second_click_leads_to_the_same_run(whole: Cast, client: Client) -> None:
    client.force_login(whole.accountant)
    first = client.post(board_url(whole, act="start/"))
    second = client.post(board_url(whole, act="start/"), follow=True)
    assert PayrollRun.objects.count() == TaskRun.objects.count() == 1
    assert second.redirect_chain == [(first["Location"], 302)]
    assert "уже рассчитывается" in second.content.decode()


def test_a_refused_start_is_told_on_the_board(whole: Cast, client: Client) -> None:
    PayRate.objects.all().delete()
    client.force_login(whole.accountant)
    response = client.post(board_url(whole, act="start/"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "Расчёт не начать" in html
    assert "Что мешает расчёту" in html
    assert not PayrollRun.objects.exists()


def test_the_present_month_says_from_when_it_is_calculated(whole: Cast, client: Client) -> None:
    lock_sheets(whole, Month(2026, 11))
    html = page(client, board_url(whole, "2026-11"), whole.accountant)
    assert "01.12.2026" in html
    response = client.post(board_url(whole, "2026-11", act="start/"))
    assert response.status_code == 409
    assert "01.12.2026" in response.content.decode()


def test_the_head_sees_the_board_and_starts_nothing(whole: Cast, client: Client) -> None:
    html = page(client, board_url(whole), whole.head)
    assert "только бухгалтер" in html
    assert client.post(board_url(whole, act="start/")).status_code == 403


@pytest.mark.parametrize("who", ["master", "labour_officer", "operator", "buyer", "analyst"])
def test_other_roles_are_refused(whole: Cast, client: Client, who: str) -> None:
    page(client, board_url(whole), whole.users[who], status=403)


# --- a private employer sees its own people and nothing else ----------------------------------
@pytest.fixture
def private(whole: Cast) -> Cast:
    """One of the workshop's people is the entrepreneur's, with an accountant of their own."""
    inmate = an_inmate(whole, "1777")
    a_consent(inmate, whole.entrepreneur)
    placement = a_placement(whole, inmate, employer=whole.entrepreneur, payer=whole.entrepreneur)
    attended(placement, days_of(OCTOBER, 5))
    an_hourly_rate(whole, payer=whole.entrepreneur)
    OrganisationTaxStatus.objects.create(
        organisation=whole.entrepreneur, is_vat_payer=False, effective_from=LONG_AGO
    )
    whole.users["private"] = a_user("private@example.kz", whole.entrepreneur, "accountant")
    return whole


def test_the_private_board_counts_its_own_people_alone(private: Cast, client: Client) -> None:
    calculated(private)
    html = page(client, "/payroll/", private.private)
    assert private.enterprise.name not in html
    assert "96 000,00" not in html
    own = steps(private, private.entrepreneur)
    assert own[5].state == "without an application: 1 of 1"
    board = page(client, board_url(private, payer=private.entrepreneur))
    assert private.entrepreneur.name in board
    assert "1648" not in board


def test_the_private_accountant_finds_no_board_of_others(private: Cast, client: Client) -> None:
    run = calculated(private)
    page(client, board_url(private), private.private, status=404)
    assert client.post(board_url(private, act="start/")).status_code == 404
    page(client, f"/payroll/runs/{run.pk}/", status=404)
    for act in ("start", "pay", "people/1648/start"):
        assert client.post(f"/payroll/runs/{run.pk}/{act}/").status_code == 404
    page(client, board_url(private, payer=private.entrepreneur), private.accountant, status=404)


def test_the_private_accountant_closes_the_month_of_its_own_people(
    private: Cast, client: Client
) -> None:
    client.force_login(private.private)
    url = board_url(private, payer=private.entrepreneur, act="start/")
    run = PayrollRun.objects.get(pk=client.post(url)["Location"].split("/")[-2])
    assert run.payer == private.entrepreneur
    from inmates.tasks import calculate_payroll_run

    calculate_payroll_run(task_run=str(run.task_run_id))
    assert [slip.inmate.personnel_number for slip in run.payslips.all()] == ["1777"]


def test_boards_ask_the_same_number_of_questions(whole: Cast, client: Client) -> None:
    client.force_login(whole.accountant)
    counts = []
    for number in ("1700", "1701"):
        with CaptureQueriesContext(connection) as listed:
            page(client, "/payroll/")
        with CaptureQueriesContext(connection) as board:
            page(client, board_url(whole))
        counts.append((len(listed), len(board)))
        _institution, post = second_place(whole) if number == "1700" else (None, None)
        if post is not None:
            a_placement(whole, an_inmate(whole, "1800"), post=post)
        a_worker(whole, number)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 11
    assert counts[0][1] <= 28


def test_a_posted_month_is_closed_on_the_board(whole: Cast, client: Client) -> None:
    posted(whole)
    html = page(client, board_url(whole), whole.accountant)
    assert "Рассчитать заново" not in html
    assert "Открыть расчёт" in html
