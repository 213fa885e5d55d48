"""Every code has a sentence in each language, and the sentences on a slip read as they should."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from inmates.earnings import piece_pay, salary_pay, time_pay
from inmates.explanations import (
    ARTICLE_BEHIND,
    LAWS,
    SENTENCES,
    explain,
    explain_line,
    format_share,
    name_article,
)
from inmates.pay_values import Explanation, explanations_by_line, pack_explanations
from inmates.supplements import time_supplement
from tests.inmates.pay_builders import (
    CONVICT,
    FREE,
    OCTOBER_2024,
    OCTOBER_2025,
    alimony,
    claim,
    explanations_of,
    fixed_alimony,
    pay,
)

SUM = "85000.00"
ARGUMENTS = {
    "rate": "0.035",
    "multiplier": "0.1",
    "article": "social_code_249",
    "born_before": "1975-01-01",
    "since": "2026-10-01",
    "last_day": "2026-10-15",
    "supplement": "0.5",
    "norm": "151.20",
    "writ": "a",
    "queue": 2,
    "share": "1/3",
    "mrp": 30,
    "hours": 168,
    "minutes": 5,
    "pieces": 120,
    "per": 100,
}
CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)


def arguments_of(code):
    named = re.findall(r"%\((\w+)\)s", str(SENTENCES[code]))
    return {name: ARGUMENTS.get(name, SUM) for name in named}


def line(result, name, language="ru"):
    with translation.override(language):
        text = explain_line(explanations_of(result, name))
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_code_is_translated(code, language):
    with translation.override("en"):
        english, arguments = explain(code, arguments_of(code)), arguments_of(code)
    with translation.override(language):
        sentence = explain(code, arguments)

    assert sentence != english
    assert CYRILLIC.search(sentence)
    assert "%(" not in sentence
    words = re.sub(r"\b[IV]+\b", "", sentence)
    assert not re.search(r"[A-Za-z]", words)


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("law", sorted(LAWS))
def test_every_law_is_translated(law, language):
    with translation.override(language):
        name = name_article(f"{law}_249")

    assert CYRILLIC.search(name)
    assert "249" in name


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_no_argument_is_lost(language):
    """A translation that forgot a placeholder would hide a sum from the person it belongs to."""
    for code, sentence in SENTENCES.items():
        with translation.override("en"):
            wanted = sorted(re.findall(r"%\(\w+\)s", str(sentence)))
        with translation.override(language):
            found = sorted(re.findall(r"%\(\w+\)s", str(sentence)))
        assert found == wanted, code


@pytest.mark.parametrize("period", [OCTOBER_2024, OCTOBER_2025, date(2026, 10, 1)])
@pytest.mark.parametrize("worker", [CONVICT, FREE, replace(FREE, pension="age")])
def test_all_that_the_engine_says_can_be_read(period, worker):
    writs = (
        alimony("a", "1/3"),
        fixed_alimony("b", "900.50"),
        claim("c", "0.00", 1),
        claim("d", "900000.00", 1),
        claim("e", "900000.00", 5),
    )
    for gross in ("0.00", "9000.00", "92300.00", "90000000.00"):
        result = pay(
            gross,
            period=period,
            worker=worker,
            writs=writs,
            unused_deduction=Decimal("100.00"),
            month_of_hire_or_dismissal=True,
        )
        for one in result.explanations:
            assert explain(one.code, one.arguments)


@pytest.mark.parametrize(
    ("name", "russian", "kazakh"),
    [
        (
            "opv",
            "10 % от 85 000,00 ₸; Социальный кодекс, ст. 249",
            "85 000,00 ₸ сомасынан 10 %; Әлеуметтік кодекс, 249-бап",
        ),
        (
            "vosms",
            "не удерживается: платит государство; закон об ОСМС, ст. 26",
            "ұсталмайды: мемлекет төлейді; МӘМС туралы заң, 26-бап",
        ),
        (
            "ipn",
            "76 500,00 ₸ не больше вычета 129 750,00 ₸ (30 МРП); Налоговый кодекс, ст. 403",
            "76 500,00 ₸ шегерімнен аспайды: 129 750,00 ₸ (30 АЕК); Салық кодексі, 403-бап",
        ),
        (
            "opvr",
            "3,5 % от 85 000,00 ₸; Социальный кодекс, ст. 251",
            "85 000,00 ₸ сомасынан 3,5 %; Әлеуметтік кодекс, 251-бап",
        ),
    ],
)
def test_a_slip_of_2026_reads(name, russian, kazakh):
    result = pay("85000.00")

    assert line(result, name) == russian
    assert line(result, name, "kk") == kazakh


def test_a_writ_at_the_living_minimum_reads():
    result = pay("85000.00", writs=(claim("debt", "900000.00"),))

    assert line(result, "writ") == (
        "остаток долга: 900 000,00 ₸; удержано так, чтобы осталось не меньше 50 851,00 ₸; "
        "закон об исполнительном производстве, ст. 95"
    )


def test_the_relief_of_2024_reads():
    text = line(pay("85000.00", period=OCTOBER_2024), "ipn")

    assert "начислено не больше 92 300,00 ₸ (25 МРП): облагается только 10 % от 24 812,00" in text
    assert "10 % от 2 481,20 ₸; Налоговый кодекс 2017 года" in text


def test_a_birth_date_reads():
    result = pay("85000.00", worker=replace(CONVICT, born_on=date(1974, 12, 31)))

    assert "01.01.1975" in line(result, "opvr")
    assert "01.01.1975" in line(result, "opvr", "kk")


def test_earnings_read():
    time = time_pay(minutes=125, hourly_rate=Decimal("500.00")).explanation
    piece = piece_pay(pieces=1200, rate=Decimal("350.00"), per_pieces=100).explanation
    with translation.override("ru"):
        texts = [explain_line([one]).replace("\xa0", " ") for one in (time, piece)]

    assert texts == [
        "2 ч 5 мин × 500,00 ₸ в час; УИК, ст. 120",
        "1200 шт. × 350,00 ₸ за 100 шт.; УИК, ст. 120",
    ]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_earnings_name_their_article_and_older_payslips_read_without_it(language: str):
    """What was stored before the article was is read as it was; nothing is put into it."""
    arguments = {
        "hours": 2, "minutes": 5, "unit_rate": "500.00", "norm": "168.00", "pieces": 12, "per": 100,
        "coefficient": "0.80", "entries": 2, "amount": "50.00", "basis": "№ 9",
    }  # fmt: skip
    assert len(ARTICLE_BEHIND) == 7
    with translation.override(language):
        article = name_article("penal_code_120")
        for code in ARTICLE_BEHIND:
            for discreet in (False, True):
                older = explain(code, arguments, is_discreet=discreet)
                told = explain(
                    code, arguments | {"article": "penal_code_120"}, is_discreet=discreet
                )
                assert "120" not in older
                assert told == f"{older}; {article}"


def test_an_article_stands_before_what_follows():
    arguments = {
        "basis": "№ 9", "article": "penal_code_120",
        "then": [["average.sick_cap", {"limit": "1.00", "mrp": "25"}]],
    }  # fmt: skip
    with translation.override("en"):
        assert explain("extra.document", arguments).index("120") < explain(
            "extra.document", arguments
        ).index("at most")


def test_supplements_and_the_top_up_read():
    """A private payer does not learn of shorter hours from the norm of the month."""
    salary = salary_pay(
        minutes=8640, monthly_rate=Decimal("100000.00"), norm=Fraction(9072)
    ).explanation
    night = time_supplement(
        "night", minutes=480, rate=Decimal("600.00"), share=Decimal("0.5")
    ).explanation
    with translation.override("ru"):
        texts = [
            explain(one.code, one.arguments, is_discreet=discreet).replace("\xa0", " ")
            for one, discreet in ((salary, False), (salary, True), (night, False))
        ]
    assert texts == [
        "100 000,00 ₸ в месяц × отработано 144 ч 0 мин ÷ 151,2 ч, норма месяца; УИК, ст. 120",
        "100 000,00 ₸ в месяц пропорционально отработанному времени: 144 ч 0 мин; УИК, ст. 120",
        "50 % от 600,00 ₸ в час за 8 ч 0 мин в ночное время; Трудовой кодекс, ст. 110",
    ]


def test_a_stored_line_reads_as_it_was_computed():
    result = pay("85000.00", writs=(alimony("child", "1/4"), claim("debt", "900000.00")))
    parts = explanations_of(result, "writ", "debt")

    code, arguments = json.loads(json.dumps(pack_explanations(parts)))

    assert code == "writ.debt"
    assert [code for code, _arguments in arguments["then"]] == ["writ.floor"]
    assert explain(code, arguments) == explain_line(parts)
    assert len(explanations_of(result, "writ")) == 3


def test_explanations_of_all_lines_at_once_are_those_of_each():
    result = pay("85000.00", writs=(alimony("child", "1/4"), claim("debt", "900000.00")))
    found = explanations_by_line(result)
    for line, writ in found:
        assert tuple(found[line, writ]) == explanations_of(result, line, writ)
    assert sum(len(one) for one in found.values()) == len(result.explanations)
    assert {("opv", None), ("to_account", None), ("writ", "child"), ("writ", "debt")} <= set(found)


def test_a_line_with_one_sentence_is_stored_plainly():
    (only,) = explanations_of(pay("85000.00"), "opv")

    assert pack_explanations([only]) == ("rate_of_wage", only.arguments)


@pytest.mark.parametrize(
    ("share", "text"), [("0.10", "10"), ("0.035", "3,5"), ("0.095", "9,5"), ("1", "100")]
)
def test_shares_are_percentages(share, text):
    assert format_share(share) == f"{text}\N{NO-BREAK SPACE}%"


def test_an_unknown_code_is_a_mistake():
    with pytest.raises(KeyError):
        explain("ipn.unheard_of", {})
    with pytest.raises(KeyError):
        explain_line([Explanation("ipn", "ipn.rate", {})])
