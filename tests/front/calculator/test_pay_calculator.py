"""The public pay calculator: the engine's sums, their sources, and what people type."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from inmates.models import PayParameter
from portal.kernel.money import NBSP
from portal.kernel.text import sum_text
from tests.people import NOW, load_pay_law

ADDRESS = "/pay/"
EXAMPLES = json.loads(
    (Path(__file__).resolve().parents[2] / "inmates" / "data" / "pay_examples.json").read_text()
)
# The page has no field for a deduction carried forward or the month of hire; writs are below.
CAN_BE_TYPED = [
    one
    for one in EXAMPLES
    if not one["writs"]
    and not Decimal(one["unused_deduction"])
    and not one["month_of_hire_or_dismissal"]
]
KNOWN = {"gross": "85000", "month": "2026-10", "category": "convict", "regime": "general",
         "has_application": "on", "pension": "none"}  # fmt: skip


@pytest.fixture(autouse=True)
def law(db: None):
    load_pay_law()
    with time_machine.travel(NOW, tick=False):
        yield


def words(response) -> str:
    """The page as it is read: without tags, spaces as one."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode()).replace(NBSP, " ")
    return " ".join(text.split())


def sums(response) -> list[str]:
    return re.findall(r'<td class="sum">([^<]+)</td>', response.content.decode())


def ask(client: Client, **changed: str):
    return client.get(ADDRESS, KNOWN | changed)


# --- Works ---


@pytest.mark.parametrize(
    ("language", "title", "act"),
    [("ru", "Калькулятор зарплаты", "контрольный счёт"), ("kk", "Жалақы калькуляторы", "бақылау"),
     ("en", "Pay calculator", "cash control account")],
)  # fmt: skip
def test_speaks_each_language(client: Client, language: str, title: str, act: str):
    client.cookies["django_language"] = language
    page = words(ask(client))
    assert title in page
    assert act in page


def test_the_minimum_wage_of_2026_to_the_tenge(client: Client):
    """law.md §4: 85 000 → ОПВ 8 500, net 76 500; on top 4 250 + 2 550 + 2 975 + 4 590."""
    shown = sums(ask(client))
    wanted = ("85000", "-8500", "0", "0", "76500", "4250", "2550", "2975", "4590", "14365", "99365")
    assert shown == [sum_text(Decimal(one)).replace("\N{MINUS SIGN}", "−") for one in wanted]


@pytest.mark.parametrize("month", ["2024-12", "2025-06", "2026-01"])
def test_the_year_decides_the_law(client: Client, month: str):
    """The same wage by the rules of three years: only income tax and contributions differ."""
    ipn = {"2024-12": "−248,00", "2025-06": "−215,00", "2026-01": "0,00"}[month]
    assert sums(ask(client, month=month))[3] == ipn


@pytest.mark.parametrize("case", CAN_BE_TYPED, ids=lambda one: one["id"])
def test_every_worked_example_that_can_be_typed(client: Client, case: dict):
    """What the auditor's command gives is what the page shows."""
    worker = case["worker"]
    typed = {
        "gross": case["gross"].replace(".", ","),
        "month": case["period"],
        "category": worker["category"],
        "regime": case["employer"]["regime"],
        "pension": worker["pension"],
        "disability_group": str(worker["disability_group"] or ""),
        "taxed_before": case["ytd_taxable"],
    }
    typed |= {"has_application": "on"} if case["basic_deduction"] else {}
    typed |= {"is_born_early": "on"} if worker["born_on"] < "1975-01-01" else {}
    expected = case["expected"]
    shown = sums(client.get(ADDRESS, typed))
    withheld = [Decimal(expected[code]) for code in ("opv", "vosms", "ipn")]
    published = expected.get("employer", {})
    employer = [Decimal(published[code]) for code in ("so", "oosms", "opvr") if published]
    assert shown[1:4] == [sum_text(one) if not one else f"−{sum_text(one)}" for one in withheld]
    assert shown[4] == sum_text(Decimal(expected["to_account"]))
    assert shown[5:8][: len(employer)] == [sum_text(one) for one in employer]


def test_hours_and_their_rate_are_the_wage(client: Client):
    shown = ask(client, gross="", hours="160,5", rate="700")
    assert sums(shown)[0] == sum_text(Decimal("112350"))
    assert "Наименьшая оплата часа" not in words(shown)


@pytest.mark.parametrize("told", [{"alimony": "1/4"}, {"pension": "age"}, {"debt": "много"}])
def test_what_is_rarely_said_stays_open_where_it_was_said(client: Client, told: dict[str, str]):
    assert '<details class="more">' in ask(client).content.decode()
    assert '<details class="more" open>' in ask(client, **told).content.decode()


def test_an_hour_below_the_floor_is_told(client: Client):
    """85 000 ÷ the average hours of a month: Labour Code 104(2)."""
    hours = Decimal(PayParameter.objects.get(
        code="average_monthly_hours", effective_from__year=2026).value)  # fmt: skip
    floor = (Decimal(85000) / hours).quantize(Decimal("0.01"))
    page = words(ask(client, gross="", hours="160", rate="300"))
    assert f"Наименьшая оплата часа: {sum_text(floor)}".replace(NBSP, " ") in page


def test_writs_take_by_their_queue(client: Client):
    """law.md §4: net 76 500, one child and a large claim: 19 125 + 6 524, 50 851 are left."""
    shown = sums(ask(client, alimony="1/4", debt="1000000"))
    assert shown[4:7] == [f"−{sum_text(Decimal('19125'))}", f"−{sum_text(Decimal('6524'))}",
                          sum_text(Decimal("50851"))]  # fmt: skip


def test_every_sum_opens_its_source(client: Client):
    """Each payment that is due names the figures it was computed by, with source and date."""
    page = ask(client).content.decode()
    rows = re.findall(r"<tr.*?</tr>", page, re.S)
    due = [row for row in rows if "second" in row and "0,00</td>" not in row.replace("00,00", "")]
    opv = next(row for row in rows if "ОПВ" in row)
    assert "01.01.2024" in opv or "01.01.2026" in opv
    rate = PayParameter.objects.filter(code="opv_rate").latest("effective_from")
    assert rate.source in opv
    assert due
    for row in due:
        assert 'class="sources"' in row or "контрольный" in row, row


def test_the_part_alone_for_htmx(client: Client):
    part = client.get(ADDRESS, KNOWN, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="columns columns-2 calculator">')
    assert "76" in part


def test_two_questions_to_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(2):
        ask(client)


CHOICES = ("month", "category", "regime", "pension")


@pytest.mark.parametrize("left_out", [*((one,) for one in CHOICES), CHOICES])
def test_what_an_address_leaves_out_is_as_the_page_starts(
    client: Client, left_out: tuple[str, ...]
):
    """`/pay/?gross=85000`: this month, medium security, general taxes, no pension."""
    known = {**KNOWN, "month": "2026-11"}
    typed = {name: value for name, value in known.items() if name not in left_out}
    del typed["has_application"]
    response = client.get(ADDRESS, typed)
    assert 'class="field-error"' not in response.content.decode()
    assert sums(response) == sums(client.get(ADDRESS, known))
    assert len(sums(response)) == 11


def test_an_address_by_hand_may_be_a_wage_alone_and_a_form_without_a_tick_has_none(client: Client):
    alone = client.get(ADDRESS, {"gross": "300000"})
    assert sums(alone) == sums(ask(client, gross="300000", month="2026-11"))
    unticked = {name: value for name, value in KNOWN.items() if name != "has_application"}
    sent = client.get(ADDRESS, unticked | {"gross": "300000"})
    assert sums(sent)[3] != sums(alone)[3], "a tick that was taken away counts"
    assert 'class="field-error"' in client.get(ADDRESS, KNOWN | {"regime": ""}).content.decode()


CASES = [
    {},
    {"alimony": "1/4", "debt": "1000000"},
    {"alimony": "1/3"},
    {"debt": "5000"},
    {"category": "convict_minimum_security"},
    {"category": "free", "alimony": "1/4", "debt": "1000"},
    {"pension": "age", "is_born_early": "on", "disability_group": "1"},
    {"regime": "simplified"},
    {"gross": "0", "debt": "100"},
    {"month": "2024-03", "alimony": "1/2", "debt": "900"},
]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_figure_of_every_case_opens_its_source(
    client: Client, case: dict[str, str], language: str
):
    """Withheld, by a writ, not due at all, on top: each row but the sums of others."""
    client.cookies["django_language"] = language
    page = ask(client, **case).content.decode()
    tables = [re.findall(r"<tr(?: class=\"(\w+)\")?>(.*?)</tr>", one, re.S)
              for one in re.findall(r"<tbody>(.*?)</tbody>", page, re.S)]  # fmt: skip
    payments = [row for table in tables for kind, row in table if kind != "total"]
    writs = len({"alimony", "debt"} & set(case))
    assert len(payments) == 3 + 4 + writs
    for row in payments:
        assert 'class="sources"' in row, row
    if case.get("category") != "free":
        left = tables[0][-1]
        assert left[0] == "total"
        assert 'class="sources"' in left[1]


def test_alimony_and_a_debt_name_their_rules(client: Client):
    page = words(ask(client, alimony="1/4", debt="1000000"))
    for code in ("alimony_shares", "writ_queue_5", "writ_cap_share_of_net"):
        row = PayParameter.objects.filter(code=code).latest("effective_from")
        assert " ".join(row.source.split()) in page.replace("&quot;", '"').replace("&#x27;", "'")


# --- What is typed wrongly ---


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"gross": ""}, "Укажите начисленное за месяц или часы и ставку."),
        ({"hours": "10"}, "не то и другое вместе"),
        ({"gross": "", "hours": "10"}, "Сколько тенге за час?"),
        ({"gross": "", "rate": "500"}, "Сколько часов отработано?"),
        ({"gross": "-5"}, "не меньше 0"),
        ({"gross": "1e9"}, "число"),
        ({"gross": "99999999999999"}, "не больше 9 999 999 999,99"),
        ({"gross": "", "hours": "745", "rate": "500"}, "не больше 744"),
        ({"month": "1999-01"}, "Выберите корректный вариант"),
        ({"month": "2027-01"}, "Выберите корректный вариант"),
        ({"category": "prisoner"}, "Выберите корректный вариант"),
        ({"alimony": "9/1"}, "Выберите корректный вариант"),
        ({"debt": "много"}, "число"),
    ],
)
def test_wrong_input_is_named_and_kept(client: Client, typed: dict[str, str], sentence: str):
    response = ask(client, **typed)
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in words(response)
    assert sums(response) == []
    for name in ("gross", "hours", "rate", "debt"):
        if typed.get(name):
            assert f'value="{typed[name]}"' in page


@pytest.mark.parametrize("junk", ["\x00", "﷽" * 400, "'; DROP TABLE", "%00", "١٢٣"])
def test_junk_never_breaks_the_page(client: Client, junk: str):
    for name in KNOWN:
        assert ask(client, **{name: junk}).status_code == 200


def test_a_wage_of_nothing_is_nothing(client: Client):
    shown = ask(client, gross="0")
    assert set(sums(shown)) == {"0,00"}
    assert "в этом месяце заработка не было" in words(shown).lower()


def test_a_missing_figure_of_the_law_is_named(client: Client):
    PayParameter.objects.filter(code="mrp").delete()
    response = ask(client)
    assert response.status_code == 200
    assert "mrp" in words(response)
    assert sums(response) == []


def test_without_any_law_the_page_says_so(client: Client):
    PayParameter.objects.all().delete()
    assert "Параметры ещё не внесены" in words(client.get(ADDRESS))


def test_what_is_earned_by_the_hour_says_why(client: Client):
    page = words(ask(client, gross="", hours="168.5", rate="510.25"))
    assert "Начислено 168,5 ч × 510,25 ₸ за час 85 977,13" in page
    assert "за час" not in words(ask(client)).partition("Расчёт")[2]


def test_a_deduction_that_is_not_used_is_told(client: Client):
    """30 МРП of 2026 are 129 750; of 85 000 less contributions 76 500 is used."""
    assert "53 250,00 ₸ вычета за месяц не использовано" in words(ask(client))
    for typed in ({"gross": "300000"}, {"has_application": ""}, {"gross": "0"}):
        assert "не использовано" not in words(ask(client, **typed)), typed


@pytest.mark.parametrize(
    ("language", "told"),
    [("kk", "53 250,00 ₸ пайдаланылмады"), ("en", "53 250,00 ₸ of the month's deduction")],
)
def test_the_unused_deduction_in_each_language(client: Client, language: str, told: str):
    client.cookies["django_language"] = language
    assert told in words(ask(client)).replace("&#x27;", "'")


def test_nothing_is_asked_before_something_is_typed(client: Client):
    page = client.get(ADDRESS)
    assert 'class="field-error"' not in page.content.decode()
    assert sums(page) == []


def test_only_reading(client: Client):
    assert client.post(ADDRESS, KNOWN).status_code == 405
