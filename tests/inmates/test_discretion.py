"""A private payer reads that an absence is paid, never why: page, paper and explanation.

law.md §9. The same person, the same sums, another reason: what is shown must not differ.
"""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmates.average_words import AVERAGE_SENTENCES
from inmates.enums import AbsencePay
from inmates.explanations import explain
from inmates.models import EarningKind, Inmate, Payslip, PayslipLine
from inmates.presenters.discretion import (
    PAID_ABSENCE,
    days_paid,
    discreet_lines,
    earning_name,
    title_without_work,
)
from inmates.presenters.payslip import shown_slip, slip_document
from inmates.selectors.payroll import slip_lines, year_to_date
from portal.accounts.enums import Role
from portal.accounts.models import OrganisationTaxStatus, User
from portal.kernel.money import NBSP
from tests.inmates.histories import absent
from tests.inmates.months import OCTOBER, attended, calculated, days_of
from tests.people import (
    LONG_AGO,
    Cast,
    a_consent,
    a_placement,
    a_user,
    an_hourly_rate,
    an_inmate,
)

LANGUAGES = ("ru", "kk", "en")
KINDS = tuple(AbsencePay.values)
# 14 000,00 an hour are 112 000,00 a day: above the limit of sick pay, so that each kind has all
# its sentences.
RATE = "14000.00"


def money(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def private(pay: Cast) -> User:
    """The entrepreneur pays its own workers: its accountant."""
    OrganisationTaxStatus.objects.create(
        organisation=pay.entrepreneur, is_vat_payer=False, effective_from=LONG_AGO
    )
    an_hourly_rate(pay, RATE, payer=pay.entrepreneur)
    return a_user("private@example.kz", pay.entrepreneur, Role.ACCOUNTANT)


def a_private_worker(cast: Cast, number: str = "1777") -> Inmate:
    inmate = an_inmate(cast, number)
    a_consent(inmate, cast.entrepreneur)
    placement = a_placement(cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur)
    attended(placement, days_of(OCTOBER, 5))
    return inmate


def a_slip(cast: Cast, accountant: User, *kinds: str) -> Payslip:
    """October of a private worker: five days worked, one day of each kind."""
    inmate = a_private_worker(cast)
    for day, kind in enumerate(kinds, start=19):
        absent(inmate.placements.get(), kind, day)
    run = calculated(cast, actor=accountant, payer_id=cast.entrepreneur.pk)
    assert run.difference_count == 0
    return Payslip.objects.select_related(
        "inmate", "run__payer", "run__institution__organisation"
    ).get(run=run)


def without_sums(shown: Any) -> str:
    """What is left when sums and numbers of lines are taken out: the words."""
    return re.sub(rf"[\d{NBSP} ,]+", "#", str(shown))


def telling_words() -> list[str]:
    """Every name of a reason, its kind of pay and its earning, in the present language."""
    words = [str(label).split(":")[0].lower() for label in AbsencePay.labels[:3]]
    words += [earning_name(kind, "", is_discreet=False).lower() for kind in KINDS]
    words += [kind.name.lower() for kind in EarningKind.objects.filter(code__in=KINDS)]
    return words


# --- one kind or another: nothing differs -----------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_kind_is_told_from_another(pay: Cast, private: User, language: str) -> None:
    """The words of the slip are the same for each kind, on the page and on paper."""
    slip = a_slip(pay, private, "leave")
    line = PayslipLine.objects.get(code="leave")
    pages, papers = set(), set()
    for kind in KINDS:
        arguments: dict[str, Any] = dict(line.arguments)
        if kind == "idle":
            arguments["then"] = [["average.idle", {"rate": "0.5"}]]
        if kind == "sick":
            arguments["then"] = [["average.sick_cap", {"limit": "108125.00", "mrp": "25"}]]
        lines = [
            PayslipLine(
                kind="earning", code=kind, amount=line.amount, quantity=line.quantity,
                explanation=line.explanation, arguments=arguments, subject="",
            )
        ]  # fmt: skip
        with translation.override(language):
            pages.add(str(shown_slip(slip, lines)))
            papers.add(str(slip_document(
                slip, lines, full_name="", places=[], year=year_to_date(slip)
            )))  # fmt: skip
    assert len(pages) == len(papers) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_calculated_slip_names_no_reason(
    pay: Cast, private: User, kind: str, language: str
) -> None:
    slip = a_slip(pay, private, kind)
    with translation.override(language):
        shown = shown_slip(slip, slip_lines(slip))
        paper = slip_document(
            slip, slip_lines(slip), full_name="", places=[], year=year_to_date(slip)
        )
        name, words = earning_name(PAID_ABSENCE, "", is_discreet=True), telling_words()
    assert [line.text for line in shown.earned].count(name) == 1
    for told in (str(shown).lower(), str(paper).lower()):
        assert not [word for word in words if word in told]
        for number in ("25 мрп", "25 аек", "25 mrp", f"50{NBSP}%"):
            assert f" {number}" not in told
    absence = next(line for line in shown.earned if line.text == name)
    assert (absence.rate, absence.parameter) == ("", "")
    assert absence.quantity.startswith("1")
    assert absence.amount in absence.why  # one day: the sum of a day is that of the line


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_private_slip_names_no_reason(
    client: Client, pay: Cast, private: User, kind: str
) -> None:
    slip = a_slip(pay, private, kind)
    client.force_login(private)
    html = client.get(reverse("inmates:payslip", args=[slip.pk])).content.decode().lower()
    assert "оплачиваемое отсутствие" in html
    with translation.override("ru"):
        assert not [word for word in telling_words() if word in html]
    assert "sick_pay_cap_mrp" not in html
    assert "idle_pay_share" not in html


def test_several_kinds_are_one_line(pay: Cast, private: User) -> None:
    """Leave 112 000,00, sickness 108 125,00, the doctor 112 000,00, idle time 56 000,00."""
    slip = a_slip(pay, private, "leave", "sick", "average_pay", "idle")
    earned = shown_slip(slip, slip_lines(slip)).earned
    assert len(earned) == 2
    assert earned[1].amount == f"388{NBSP}125,00"
    assert earned[1].why.startswith(f"оплачено дней: 4, около 97{NBSP}031,25")
    assert earned[1].why.endswith("ст. 120")
    assert earned[1].quantity.startswith("4")
    assert (earned[1].rate, earned[1].parameter) == ("", "")
    assert slip.gross == money("560000.00") + money("388125.00")


def test_the_employer_s_taxes_do_not_tell_the_kind(pay: Cast) -> None:
    """All kinds count for the same payments: a base would name the reason otherwise."""
    flags = EarningKind.objects.filter(code__in=KINDS).values_list(
        "in_opv", "in_so", "in_osms", "in_ipn", "in_social_tax", "is_attachable", "in_average",
        "in_minimum_wage",
    )  # fmt: skip
    assert len(flags) == len(KINDS)
    assert len(set(flags)) == 1


# --- everybody else reads the reason ----------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_payer_reads_each_kind_with_its_days(pay: Cast, language: str) -> None:
    inmate = an_inmate(pay)
    placement = a_placement(pay, inmate)
    attended(placement, days_of(OCTOBER, 5))
    for day, kind in enumerate(KINDS, start=19):
        absent(placement, kind, day)
    slip = Payslip.objects.select_related(
        "inmate", "run__payer", "run__institution__organisation"
    ).get(run=calculated(pay))
    with translation.override(language):
        earned = shown_slip(slip, slip_lines(slip)).earned
        names = [earning_name(kind, "", is_discreet=False) for kind in KINDS]
        assert [line.text for line in earned[1:]] == names
        assert len(set(names)) == len(KINDS)
        assert earning_name(PAID_ABSENCE, "", is_discreet=False) not in names
    assert all(line.quantity.startswith("1") for line in earned[1:])
    assert earned[1 + KINDS.index("idle")].parameter == "idle_pay_share"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_a_discreet_form(language: str) -> None:
    """Without a share, a limit or a count of leave; nothing at all where one would tell."""
    arguments = {
        "earned": "84000.00", "worked_days": 20, "daily": "4200.00", "days": 3,
        "total": "14400.00", "paid": "90000.00", "rate": "0.5", "limit": "108125.00", "mrp": "25",
        "last_day": "2026-10-15", "annual": 24, "placed": 288, "taken": 7, "due": 11,
        "article": "penal_code_120", "basis": "приказ № 9",
    }  # fmt: skip
    told = set()
    with translation.override(language):
        for code in AVERAGE_SENTENCES:
            if code in {"extra.document", "average.leave_left", "average.absence"}:
                continue
            told.add(explain(code, arguments, is_discreet=True))
            assert explain(code, arguments)
    told.discard("")
    assert len(told) == 1
    assert re.findall(r"\d+", told.pop()) == ["120"]


# --- leave at the end -------------------------------------------------------------------------
def test_leave_at_the_end_does_not_tell_what_was_taken() -> None:
    line = PayslipLine(
        kind="earning", code="leave_compensation", amount=money("46200.00"), quantity=11,
        explanation="average.leave_due", sequence=2,
        arguments={
            "annual": 24, "placed": 288, "taken": 7, "last_day": "2026-10-15", "due": 11, "days": 8,
            "then": [["average.history", HISTORY]],
        },
    )  # fmt: skip
    (shown,) = discreet_lines([line])
    assert (shown.code, shown.amount, shown.quantity) == (line.code, line.amount, 11)
    assert shown.parameter is None
    assert set(shown.arguments) == {"last_day", "due", "days", "then"}
    assert days_paid(shown).startswith("11")


HISTORY = {
    "earned": "84000.00", "worked_days": 20, "days": 8, "article": "penal_code_120",
}  # fmt: skip


def test_a_private_payer_reads_days_and_average_of_leave_at_the_end(
    pay: Cast, private: User
) -> None:
    """It is no absence: the division stands there, as it does for any other payer."""
    slip = a_slip(pay, private)
    line = PayslipLine(
        kind="earning", code="leave_compensation", amount=money("33600.00"), quantity=8,
        explanation="average.leave_due", sequence=2,
        arguments={
            "annual": 24, "placed": 288, "taken": 7, "last_day": "2026-10-15", "due": 11, "days": 8,
            "then": [["average.history", HISTORY]],
        },
    )  # fmt: skip
    with translation.override("ru"):
        (shown,) = shown_slip(slip, [line]).earned
        paper = slip_document(slip, [line], full_name="", places=[], year=year_to_date(slip))
    words = shown.why.replace(NBSP, " ")
    assert "84 000,00 ₸ ÷ 20 × 8" in words
    assert "не использовано календарных дней отпуска: 11, из них рабочих: 8" in words
    assert "288" not in words
    assert paper["earned"][0]["why"] == shown.why
    assert shown.quantity.startswith("8")


def test_several_absences_stand_where_the_first_of_them_was() -> None:
    lines = [
        PayslipLine(kind="earning", code=code, amount=money("1.00"), quantity=1)
        for code in ("time", "leave", "idle", "minimum_top_up")
    ]
    shown = discreet_lines(lines)
    assert [line.code for line in shown] == ["time", PAID_ABSENCE, "minimum_top_up"]
    assert (shown[1].quantity, shown[1].amount) == (2, money("2.00"))
    assert shown[1].arguments["daily"] == "1.00"


def test_other_lines_pass_untouched() -> None:
    lines = [
        PayslipLine(kind="earning", code="time", amount=money("1.00")),
        PayslipLine(kind="writ", code="claim", amount=money("1.00")),
        PayslipLine(kind="earning", code="bonus", amount=money("1.00"), subject="extra:5"),
    ]
    assert discreet_lines(lines) == lines
    assert [title_without_work(line) for line in lines] == ["", "", "bonus"]
    assert [days_paid(line) for line in lines] == ["", "", ""]


def test_a_title_of_extra_pay_is_that_of_its_kind() -> None:
    line = PayslipLine(
        kind="earning", code="bonus", subject="extra:5",
        title={"ru": "Премия", "kk": "Сыйақы", "en": "Bonus"},
    )  # fmt: skip
    for language, name in line.title.items():
        with translation.override(language):
            assert title_without_work(line) == name
