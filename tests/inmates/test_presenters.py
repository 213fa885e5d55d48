"""One run and the law's parameters as pages show them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from inmates.enums import RunStatus
from inmates.models import PayParameter, PayrollRun
from inmates.presenters.parameter_words import CONFIDENCES, TITLES
from inmates.presenters.parameters import parameter_groups, shown_value
from inmates.presenters.payroll import (
    ADVICE,
    MOVES,
    SENTENCES,
    is_under_way,
    problem_rows,
    problem_sentence,
    run_crumbs,
    run_facts,
    timeline,
)
from inmates.selectors.payroll import (
    parameters_by_code,
    run_problems,
    runs_with_totals,
)
from inmates.shipped_parameters import read_shipped_parameters
from inmates.states import PAYROLL_RUN
from portal.kernel.models import TaskStatus
from portal.kernel.money import NBSP
from portal.kernel.states import history_of
from tests.inmates.months import (
    FIRST,
    a_piece_rate,
    a_worker,
    attended,
    calculated,
    made,
    started,
)
from tests.people import TODAY, Cast, a_placement, a_work_order, an_inmate

LANGUAGES = ("ru", "kk", "en")
TITLE = {"ru": "Столяр", "kk": "Ағаш ұстасы", "en": ""}
# What each kind of problem is stored with.
ARGUMENTS = {
    "rate_missing_post": {"title": TITLE, "day": "2026-10-05"},
    "rate_missing_operation": {"title": TITLE, "day": "2026-10-05"},
    "regime_missing": {},
    "earning_kind_missing": {"kind": "night"},
    "calendar_ends_early": {"day": "2027-12-31"},
    "not_calculable": {},
}


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


# --- problems ---------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_each_problem_reads_in_each_language(code: str, language: str) -> None:
    with translation.override("en"):
        english = problem_sentence(code, ARGUMENTS[code]), str(ADVICE[code])
    with translation.override(language):
        shown = problem_sentence(code, ARGUMENTS[code]), str(ADVICE[code])
    assert "%" not in shown[0]
    assert all(text and (text == other) is (language == "en") for text, other in zip(shown, english, strict=True))  # fmt: skip  # noqa: E501 - two texts side by side


def test_a_missing_rate_names_the_day_and_the_work() -> None:
    with translation.override("kk"):
        sentence = problem_sentence("rate_missing_post", ARGUMENTS["rate_missing_post"])
        assert "Ағаш ұстасы" in sentence
        assert "05.10.2026" in sentence
    with translation.override("en"):
        # A name that nobody has translated is shown in Russian.
        assert "Столяр" in problem_sentence("rate_missing_post", ARGUMENTS["rate_missing_post"])


def test_an_unknown_problem_still_reads() -> None:
    with translation.override("en"):
        assert "could not be calculated" in problem_sentence("unheard_of", {})


def test_a_kind_that_is_missing_is_named_and_to_a_private_payer_discreetly() -> None:
    with translation.override("ru"):
        told = problem_sentence("earning_kind_missing", {"kind": "sick"})
        assert "«Оплата болезни»" in told
        untold = problem_sentence("earning_kind_missing", {"kind": "sick"}, is_discreet=True)
        assert "Оплачиваемое отсутствие" in untold
        assert "ночн" in problem_sentence("earning_kind_missing", {"kind": "night"})
        assert "sick" not in told + untold


def test_problem_rows_name_nobody_but_by_number(pay: Cast) -> None:
    placement = a_placement(pay, an_inmate(pay, "1002"), pay_form="piece")
    made(placement, a_work_order(pay).operations.get(operation=pay.cutting), FIRST, 2)
    run = calculated(pay, meanwhile=a_piece_rate(pay).delete)
    with translation.override("en"):
        (row,) = problem_rows(run_problems(run))
    assert row["personnel_number"] == "1002"
    assert "1 Oct 2026" in plain(row["text"])
    assert row["advice"].startswith("Enter the rate")
    assert set(row) == {"personnel_number", "text", "advice"}


# --- one run ----------------------------------------------------------------------------------
def facts_of(run: PayrollRun) -> dict[str, str]:
    row = runs_with_totals(PayrollRun.objects.filter(pk=run.pk)).get()
    with translation.override("en"):
        return {fact["label"]: plain(fact["value"]) for fact in run_facts(row)}


def test_facts_of_a_run(pay: Cast) -> None:
    a_worker(pay, "1001")
    a_placement(pay, an_inmate(pay, "1002"))
    facts = facts_of(calculated(pay))
    assert facts["People with a payslip"] == "1"
    assert facts["Nothing earned"] == "1"
    assert facts["Earned"] == "96 000,00 ₸"
    assert facts["Contributions and tax withheld"] == "9 600,00 ₸"
    assert facts["To the accounts"] == "86 400,00 ₸"
    assert "Not calculated" not in facts


def test_facts_count_who_is_not_calculated(pay: Cast) -> None:
    placement = a_placement(pay, an_inmate(pay), pay_form="piece")
    made(placement, a_work_order(pay).operations.get(operation=pay.cutting), FIRST, 2)
    run = calculated(pay, meanwhile=a_piece_rate(pay).delete)
    assert facts_of(run)["Not calculated"] == "1"


def test_facts_note_who_has_no_application(pay: Cast) -> None:
    attended(a_placement(pay, an_inmate(pay)), [FIRST])
    run = runs_with_totals(PayrollRun.objects.filter(pk=calculated(pay).pk)).get()
    with translation.override("en"):
        note = run_facts(run)[0]["note"]
    assert note == "of them 1 without an application for the deduction"


def test_crumbs_lead_back_to_the_board(pay: Cast) -> None:
    a_worker(pay)
    crumbs = run_crumbs(started(pay))
    assert crumbs[0]["url"].endswith("/payroll/")
    assert [crumb["label"] for crumb in crumbs[1:]] == [pay.enterprise.name, pay.colony.name]
    assert crumbs[2]["url"] == f"/payroll/{pay.enterprise.pk}/{pay.institution.pk}/2026-10/"


def test_the_timeline_is_the_history_backwards(pay: Cast) -> None:
    a_worker(pay)
    rows = timeline(history_of(calculated(pay)))
    assert [row["status"] for row in rows] == ["calculated", "calculating", "draft"]
    assert {row["who"] for row in rows} == {pay.accountant.get_full_name()}
    assert rows[0]["at"] >= rows[-1]["at"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_move_of_a_run_has_words(language: str) -> None:
    actions = {action for _status, action in PAYROLL_RUN.transitions} | {"create"}
    assert set(MOVES) == actions
    with translation.override(language):
        assert not {str(MOVES[action]) for action in actions} & actions


@pytest.mark.parametrize(
    ("run_status", "task_status", "expected"),
    [
        (RunStatus.CALCULATING, TaskStatus.WAITING, True),
        (RunStatus.CALCULATING, TaskStatus.RUNNING, True),
        (RunStatus.CALCULATING, TaskStatus.FAILED, False),
        (RunStatus.CALCULATED, TaskStatus.DONE, False),
        (RunStatus.INCOMPLETE, TaskStatus.DONE, False),
        # The task still has to write that it is done: the run itself is over.
        (RunStatus.CALCULATED, TaskStatus.RUNNING, False),
    ],
)
def test_a_run_is_under_way_while_somebody_works_on_it(
    pay: Cast, run_status: str, task_status: str, expected: bool
) -> None:
    a_worker(pay)
    run = started(pay)
    run.status, run.task_run.status = run_status, task_status
    assert is_under_way(run) is expected


def test_a_run_without_a_task_is_not_under_way() -> None:
    assert not is_under_way(PayrollRun(status=RunStatus.CALCULATING))


# --- parameters -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "value", "unit", "shown"),
    [
        ("mzp", "85000", "KZT a month", "85 000,00 ₸"),
        ("opvr_rate", "0.035", "share of base", "3,5 %"),
        ("ipn_basic_deduction_mrp", 30, "MRP", "30"),
        ("simplified_limit_mrp", 600000, "MRP", "600 000"),
        ("opvr_born_before_exempt", "1975-01-01", "date", "1 Jan 1975"),
        ("ipn_low_wage_relief", None, "", "none"),
        ("social_tax_minus_so", True, "", "yes"),
        ("social_tax_minus_so", False, "", "no"),
        ("payment_rounding", "tenge", "", "whole tenge"),
        ("convict_living_minimum_floor", {"applies": False}, "", "no"),
        ("convict_living_minimum_floor", {"applies": True}, "", "yes, but not against queue 1"),
        ("alimony_shares", {"1": "1/4", "2": "1/3"}, "", "one child — 1/4; two children — 1/3"),
        ("ipn_deduction_order", ["social_payments", "basic"], "",
         "social payments; basic deduction"),
        ("ipn_brackets", [{"up_to": "36762500", "rate": "0.1"}, {"up_to": None, "rate": "0.15"}],
         "", "10 % up to 36 762 500,00 ₸ a year; 15 %"),
        ("unknown", "as it is written", "", "as it is written"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_people_write_it(
    code: str, value: object, unit: str, shown: str
) -> None:
    with translation.override("en"):
        assert plain(shown_value(code, value, unit)) == shown


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_shipped_value_and_confidence_reads(language: str) -> None:
    """No English word of the data may reach a page; МЗП and article numbers may."""
    with translation.override(language):
        for row in read_shipped_parameters():
            if row["code"].startswith(("writ_queue", "convict", "alimony", "so_", "social_tax_")):
                shown = shown_value(row["code"], row["value"], row["unit"])
                assert not any("a" <= char <= "z" for char in shown), (row["code"], shown)
        assert all(str(TITLES[code]) != code for code in TITLES)


def test_every_shipped_parameter_has_a_title_and_known_confidences() -> None:
    for row in read_shipped_parameters():
        assert row["code"] in TITLES
        assert row["source"]
        for part in row["confidence"].replace(" + ", " / ").split(" / "):
            assert part in CONFIDENCES, row


def test_groups_follow_the_order_of_the_words_and_unknown_codes_come_last(pay: Cast) -> None:
    PayParameter.objects.create(
        code="aaa_new", value="1", source="test", confidence="computed", effective_from=FIRST
    )
    codes = [group["code"] for group in parameter_groups(parameters_by_code(), TODAY)]
    known = [code for code in codes if code in TITLES]
    assert codes[-1] == "aaa_new"
    assert known == sorted(known, key=list(TITLES).index)


@pytest.mark.parametrize(
    ("on", "in_force"),
    [(date(2024, 6, 1), "2024-01-01"), (date(2025, 12, 31), "2025-01-01"),
     (date(2026, 1, 1), "2026-01-01")],
)  # fmt: skip
def test_one_row_of_a_parameter_is_in_force(pay: Cast, on: date, in_force: str) -> None:
    groups = {group["code"]: group for group in parameter_groups(parameters_by_code(), on)}
    rows = [row for row in groups["mrp"]["rows"] if row["is_in_force"]]
    assert [row["from"].isoformat() for row in rows] == [in_force]


def test_what_is_not_from_the_law_itself_is_marked() -> None:
    def tone(confidence: str) -> str:
        row = PayParameter(code="mzp", value="1", unit="KZT", confidence=confidence,
                           effective_from=FIRST, source="test")  # fmt: skip
        (group,) = parameter_groups([row], TODAY)
        return group["rows"][0]["tone"]

    assert tone("statute text") == "ok"
    assert tone("computed") == "ok"
    assert tone("secondary") == "warn"
    assert tone("statute text / secondary") == "warn"
    assert tone("memory, unverified") == "warn"


def test_money_is_never_a_float_in_facts(pay: Cast) -> None:
    a_worker(pay)
    run = runs_with_totals(PayrollRun.objects.filter(pk=calculated(pay).pk)).get()
    assert all(
        isinstance(getattr(run, name), Decimal)
        for name in ("gross", "net", "taxes", "withheld_by_writs", "to_account", "employer_pays")
    )
