"""A stored payslip as the page and the paper show it: signs, quantities, what is told to whom."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmates.explanations import PERSONAL, explain
from inmates.models import Payslip, PayslipLine
from inmates.presenters.payslip import (
    account_reason,
    line_title,
    payment_title,
    shown_slip,
    slip_document,
    slip_facts,
    worked_text,
)
from inmates.selectors.payroll import slip_lines, workplaces, year_to_date
from inmates.tasks import calculate_payroll_run
from portal.accounts.models import OrganisationTaxStatus
from portal.documents.render import render_pdf
from portal.kernel.money import NBSP
from portal.kernel.periods import Month
from tests.inmates.months import (
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    an_application,
    an_identity,
    attended,
    calculated,
    days_of,
    made,
    started,
)
from tests.people import (
    LONG_AGO,
    NOW,
    Cast,
    a_consent,
    a_placement,
    a_user,
    a_work_order,
    an_hourly_rate,
    an_inmate,
)

LANGUAGES = ("ru", "kk", "en")


def money(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def slip(pay: Cast) -> Payslip:
    """By time and by piece, with a claim that takes a part of its debt."""
    inmate = an_inmate(pay)
    an_application(pay, inmate)
    by_time = a_placement(pay, inmate, effective_to=date(2026, 10, 16))
    by_piece = a_placement(pay, inmate, pay_form="piece", effective_from=date(2026, 10, 16))
    attended(by_time, days_of(OCTOBER, 10), minutes=475)
    a_piece_rate(pay, "2500.00", per_pieces=7)
    cutting = a_work_order(pay, 300).operations.get(operation=pay.cutting)
    made(by_piece, cutting, date(2026, 10, 20), 29)
    a_writ(inmate, "ИСК-1", queue=1, kind="claim", debt=money("214300.00"))
    an_identity(inmate)
    calculated(pay)
    return Payslip.objects.select_related("inmate", "run__payer", "run__institution").get()


def private_slip(pay: Cast, **person: object) -> Payslip:
    """A month for the entrepreneur, who pays his people himself."""
    inmate = an_inmate(pay, **person)
    a_consent(inmate, pay.entrepreneur)
    an_hourly_rate(pay, "600.00", payer=pay.entrepreneur)
    OrganisationTaxStatus.objects.create(
        organisation=pay.entrepreneur, is_vat_payer=False, effective_from=LONG_AGO
    )
    placement = a_placement(pay, inmate, employer=pay.entrepreneur, payer=pay.entrepreneur)
    attended(placement, days_of(OCTOBER, 10))
    pay.users["private"] = a_user("private@example.kz", pay.entrepreneur, "accountant")
    run = started(pay, actor=pay.private, payer_id=pay.entrepreneur.pk)
    calculate_payroll_run(task_run=str(run.task_run_id))
    return Payslip.objects.select_related("inmate", "run__payer", "run__institution").get()


def whys(slip: Payslip) -> str:
    shown = shown_slip(slip, slip_lines(slip))
    return " | ".join(line.why for line in [*shown.withheld, *shown.employer])


# --- what a private employer is not told ------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"disability_group": 2}, ["инвалид", "мүгедек", "disab"]),
        ({"disability_group": 3}, ["инвалид", "мүгедек", "disab"]),
        (
            {"pension": "service"},
            ["пенсия", "пенсионер", "зейнеткер", "еңбек сіңірген", "pension for"],
        ),
        ({"pension": "age"}, ["по возрасту", "жасына", "by age"]),
    ],
)
def test_a_private_payroll_reads_neither_health_nor_pension(
    pay: Cast, client: Client, language: str, person: dict, words: list[str]
) -> None:
    slip = private_slip(pay, **person)
    client.force_login(pay.private)
    client.cookies["django_language"] = language
    page = client.get(reverse("inmates:payslip", args=[slip.pk])).content.decode().lower()
    with translation.override(language):
        paper = str(slip_document(slip, slip_lines(slip), full_name="", places=[],
                                  year=year_to_date(slip))).lower()  # fmt: skip
        told = str(explain("not_due.disability", {"article": "osms_26"}, is_discreet=True))
    for word in words:
        assert word not in page
        assert word not in paper
    assert told.split(";", maxsplit=1)[0].lower() in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_state_enterprise_and_the_worker_read_the_reason(pay: Cast, language: str) -> None:
    a_worker(pay, disability_group=2)
    calculated(pay)
    slip = Payslip.objects.select_related("run__payer").get()
    with translation.override(language):
        reason = explain("not_due.disability", {"article": "osms_27"})
        assert reason in whys(slip)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_personal_reasons_read_alike_to_a_private_employer(language: str) -> None:
    """Were one of them still told, its absence would tell the others."""
    with translation.override(language):
        arguments = {"article": "osms_26"}
        told = {explain(code, arguments, is_discreet=True) for code in PERSONAL}
        open_ones = {explain(code, arguments) for code in PERSONAL}
    assert len(told) == 1
    assert len(open_ones) == len(PERSONAL)
    assert not told & open_ones


def test_a_reason_packed_behind_another_is_hidden_too() -> None:
    packed = {"article": "osms_26", "then": [["not_due.disability", {"article": "osms_27"}]]}
    with translation.override("en"):
        assert "disab" in explain("not_due.state_pays", packed)
        assert "disab" not in explain("not_due.state_pays", packed, is_discreet=True)


def test_what_is_not_personal_is_told_to_everybody(pay: Cast) -> None:
    slip = private_slip(pay)
    with translation.override("en"):
        assert "the state pays" in whys(slip)
        assert "there is no application" in whys(slip)


# --- lines ------------------------------------------------------------------------------------
def test_what_is_taken_has_a_minus_and_what_is_earned_has_none(slip: Payslip) -> None:
    shown = shown_slip(slip, slip_lines(slip))
    assert [line.amount for line in shown.earned] == [f"47{NBSP}500,00", f"10{NBSP}357,14"]
    assert all(
        line.amount.startswith("\N{MINUS SIGN}") for line in shown.withheld if line.amount != "0,00"
    )
    assert shown.employer
    assert not any("\N{MINUS SIGN}" in line.amount for line in shown.employer)


def test_shown_sums_are_the_slips_own(slip: Payslip) -> None:
    lines = PayslipLine.objects.filter(payslip=slip)
    earned = sum(line.amount for line in lines if line.kind == "earning")
    taken = sum(line.amount for line in lines if line.kind in ("withheld", "writ"))
    employer = sum(line.amount for line in lines if line.kind == "employer")
    assert earned == slip.gross
    assert earned - taken == slip.to_account
    assert employer == slip.so + slip.oosms + slip.opvr + slip.social_tax


@pytest.mark.parametrize(
    ("language", "time", "pieces", "rate"),
    [
        ("ru", f"79,17{NBSP}ч", f"29{NBSP}шт", f"2{NBSP}500,00 / 7"),
        ("kk", f"79,17{NBSP}сағ", f"29{NBSP}дана", f"2{NBSP}500,00 / 7"),
        ("en", f"79,17{NBSP}h", f"29{NBSP}pcs", f"2{NBSP}500,00 / 7"),
    ],
)
def test_quantities_and_rates_read(
    slip: Payslip, language: str, time: str, pieces: str, rate: str
) -> None:
    with translation.override(language):
        by_time, by_piece = shown_slip(slip, slip_lines(slip)).earned
    spaced = [text.replace(" ", NBSP) for text in (by_time.quantity, by_piece.quantity)]
    assert spaced[0].startswith(time.split(NBSP, maxsplit=1)[0])
    assert spaced[0] == time
    assert spaced[1].startswith(pieces)
    assert by_piece.rate == rate
    assert by_time.rate == "600,00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_debt_tells_what_is_left_of_it(slip: Payslip, language: str) -> None:
    line = slip.lines.get(kind="writ")
    left = line.base - line.amount
    with translation.override(language):
        why = next(
            one for one in shown_slip(slip, slip_lines(slip)).withheld if "ИСК-1" in one.text
        )
    assert f"{int(left):,}".replace(",", NBSP) in why.why


def test_alimony_has_no_debt_left(pay: Cast) -> None:
    a_writ(a_worker(pay), "АЛ-1", share_numerator=1, share_denominator=4)
    calculated(pay)
    slip = Payslip.objects.select_related("run__payer").get()
    with translation.override("en"):
        shown = next(one for one in shown_slip(slip, slip_lines(slip)).withheld if "АЛ" in one.text)
        assert "debt left" not in shown.why
        assert "1/4" in shown.why


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_is_in_the_readers_language_or_in_russian(language: str) -> None:
    line = PayslipLine(kind="earning", code="time", title={"ru": "Столяр", "kk": "Ағаш ұстасы"})
    expected = {"ru": "Столяр", "kk": "Ағаш ұстасы", "en": "Столяр"}[language]
    with translation.override(language):
        assert expected in line_title(line)


def test_every_payment_has_a_name_of_its_own() -> None:
    codes = ("opv", "vosms", "ipn", "so", "oosms", "opvr", "social_tax")
    for language in LANGUAGES:
        with translation.override(language):
            names = [payment_title(code) for code in codes]
        assert len(set(names)) == len(codes)
        assert not set(names) & set(codes)
    assert payment_title("new_one") == "new_one"


def test_a_line_names_the_parameter_that_decided(slip: Payslip) -> None:
    shown = shown_slip(slip, slip_lines(slip))
    assert [line.parameter for line in shown.withheld[:3]] == [
        "opv_rate",
        "",
        "ipn_basic_deduction",
    ]
    assert {line.parameter for line in shown.employer} >= {"so_rate", "oosms_rate", "opvr_rate"}


# --- the head of the slip ---------------------------------------------------------------------
def test_facts_name_the_person_only_when_the_name_is_given(slip: Payslip) -> None:
    with translation.override("en"):
        without = slip_facts(slip, "", ["Joinery"])
        named = slip_facts(slip, "Ерлан Тестов", ["Joinery"])
    assert {"label": "Name", "value": "Ерлан Тестов"} in named
    assert not any(fact["label"] == "Name" for fact in without)
    assert "Ерлан" not in str(without)


def test_facts_are_silent_about_attendance_where_none_is_entered(slip: Payslip) -> None:
    slip.minutes_worked = 0
    with translation.override("en"):
        assert "Worked" not in [fact["label"] for fact in slip_facts(slip, "", [])]


def test_worked_time_is_days_and_hours(slip: Payslip) -> None:
    with translation.override("en"):
        assert worked_text(slip).replace(NBSP, " ") == "10 days, 79,17 h"


def test_places_of_a_month_are_named_once(slip: Payslip) -> None:
    """Two placements at one post are one place of work."""
    with translation.override("ru"):
        assert workplaces(slip) == ["Столярный цех, Столяр"]
    with translation.override("kk"):
        assert workplaces(slip) == ["Ағаш цехы, Столяр"]


def test_the_rest_is_explained_by_its_article(slip: Payslip) -> None:
    with translation.override("en"):
        reason = account_reason(slip)
    assert "Penal Execution Code, art. 122" in reason


# --- paper ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_paper_has_all_lines_totals_and_the_sum_in_words(slip: Payslip, language: str) -> None:
    with translation.override(language):
        data = slip_document(
            slip, slip_lines(slip), full_name="Ерлан Тестов", places=workplaces(slip),
            year=year_to_date(slip),
        )  # fmt: skip
    assert (len(data["earned"]), len(data["withheld"]), len(data["employer_pays"])) == (2, 4, 4)
    assert data["person"] == "Ерлан Тестов"
    assert data["totals"]["gross"] == f"57{NBSP}857,14"
    assert "теңге" in data["totals"]["in_words"] or "тенге" in data["totals"]["in_words"]
    assert all(data["labels"].values())
    assert render_pdf("payslip.typ", data, created_at=NOW).startswith(b"%PDF")


def test_paper_without_a_name_has_the_number(slip: Payslip) -> None:
    data = slip_document(slip, slip_lines(slip), full_name="", places=[], year=year_to_date(slip))
    assert data["person"] == slip.inmate.personnel_number


def test_the_name_is_not_in_the_properties_of_the_file(slip: Payslip) -> None:
    """A viewer shows a PDF's title in its window, and a search finds it."""
    data = slip_document(
        slip, slip_lines(slip), full_name="Неповторимов", places=[], year=year_to_date(slip)
    )
    pdf = render_pdf("payslip.typ", data, created_at=NOW)
    for encoding in ("utf-8", "utf-16-be"):
        assert "Неповторимов".encode(encoding) not in pdf


def test_year_to_date_adds_the_months_of_the_year_up_to_this_one(pay: Cast) -> None:
    inmate = a_worker(pay, days=10)
    placement = inmate.placements.get()
    for month in (7, 8, 9):
        attended(placement, [date(2026, month, day) for day in (13, 14)])
        calculated(pay, Month(2026, month))
    calculated(pay)
    slip = Payslip.objects.get(run__month=date(2026, 9, 1))
    # Two days a month from July on, 13 September a Sunday at half as much again; October's ten
    # come later.
    assert year_to_date(slip)["gross"] == money("31200.00")
    assert year_to_date(slip)["opv"] == money("3120.00")
