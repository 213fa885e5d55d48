"""The pages of the desk: what an administrator sees, types and decides."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from inmates.law_desk.presenters import late_months
from inmates.models import ParameterProposal, PayParameter
from portal.accounts.models import User
from portal.kernel.models import TaskRun
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, posted
from tests.inmates.law_desk.test_proposals import proposed, tried
from tests.people import Cast

LIST = "/payroll/parameters/proposals/"
TYPED = {
    "value": "12",
    "effective_from": "15.09.2026",
    "source": "Социальный кодекс, ст. 249",
    "confidence": "statute text",
    "note": "",
}


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def form_of(code: str) -> str:
    return reverse("inmates:parameter_propose", args=[code])


# --- Works ---


def test_from_the_list_of_parameters_to_a_decision(client: Client, cast: Cast, second: User):
    first_signature(cast)
    posted(cast)
    client.force_login(cast.administrator)
    assert form_of("opv_rate") in client.get(reverse("inmates:pay_parameters")).content.decode()
    assert 'value="10"' in client.get(form_of("opv_rate")).content.decode()
    made = client.post(form_of("opv_rate"), TYPED)
    proposal = ParameterProposal.objects.get()
    page = f"{LIST}{proposal.pk}/"
    assert (made.status_code, made.url) == (302, page)
    waiting = client.get(page)
    assert "every 2s" in waiting.content.decode()
    tried(proposal)
    own = words(client.get(page))
    assert "Вы предложили это значение: решает другой администратор." in own
    assert "октябрь 2026" in own
    client.force_login(second)
    seen = client.get(page)
    assert "Утвердить значение" in words(seen)
    assert "−" in words(seen)
    client.post(f"{page}approve/")
    assert PayParameter.objects.filter(code="opv_rate", value="0.12").exists()
    assert "Действует со своего дня" in words(client.get(page))
    assert "Действует со своего дня" in words(client.get(LIST))


def test_the_trial_alone_for_htmx(client: Client, cast: Cast):
    proposal = proposed(cast)
    client.force_login(cast.administrator)
    part = client.get(f"{LIST}{proposal.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section id="trial"')


@pytest.mark.parametrize(
    ("language", "title"),
    [("ru", "Кого коснётся"), ("kk", "Кімге қатысты"), ("en", "Whom it affects")],
)
def test_speaks_each_language(client: Client, cast: Cast, language: str, title: str):
    proposal = tried(proposed(cast))
    client.cookies["django_language"] = language
    client.force_login(cast.administrator)
    assert title in words(client.get(f"{LIST}{proposal.pk}/"))


@pytest.mark.parametrize(
    "code", ["opv_rate", "mzp", "annual_leave_days", "minimum_wage_top_up", "ipn_brackets",
             "opvr_born_before_exempt", "payment_rounding", "social_tax_simplified_regime"],
)  # fmt: skip
def test_every_shape_has_its_field(client: Client, cast: Cast, code: str):
    client.force_login(cast.administrator)
    response = client.get(form_of(code))
    assert response.status_code == 200
    assert 'name="value"' in response.content.decode()


def test_a_word_is_chosen_from_a_list(client: Client, cast: Cast):
    client.force_login(cast.administrator)
    page = client.get(form_of("convict_opv")).content.decode()
    assert re.search(r'<option value="withhold" selected>\s*удерживается', page)
    assert '<option value="do not withhold">' in page
    codes = re.findall(
        r'<option value="(20\d\d)"', client.get(form_of("tax_code")).content.decode()
    )
    assert codes == ["2017", "2025"]
    wrong = client.post(form_of("convict_opv"), TYPED | {"value": "withold"})
    assert wrong.status_code == 422
    assert "Выберите корректный вариант" in words(wrong)
    assert client.post(form_of("convict_opv"), TYPED | {"value": "do not withhold"}).url
    assert ParameterProposal.objects.get().value == "do not withhold"


def test_a_word_of_the_table_that_is_not_offered_stays_choosable(client: Client, cast: Cast):
    PayParameter.objects.filter(code="convict_so").update(value="как-то иначе")
    client.force_login(cast.administrator)
    page = client.get(form_of("convict_so")).content.decode()
    assert '<option value="как-то иначе" selected>' in page


def test_words_that_decide_nothing_say_so(client: Client, cast: Cast):
    client.force_login(cast.administrator)
    for code in ("writ_queue_5", "convict_opv"):
        assert "по ним ничего не рассчитывается" in words(client.get(form_of(code)))
    for code in ("payment_rounding", "tax_code"):
        assert "по ним ничего не рассчитывается" not in words(client.get(form_of(code)))


def test_json_has_its_shape_beside_it_and_in_the_refusal(client: Client, cast: Cast):
    client.force_login(cast.administrator)
    shape = "список ступеней от низшей"
    assert shape in words(client.get(form_of("ipn_brackets")))
    wrong = client.post(form_of("ipn_brackets"), TYPED | {"value": '{"up_to": 1}'})
    assert wrong.status_code == 422
    assert f"не подходит: {shape}" in words(wrong)


def test_the_page_names_the_months_the_value_decides(client: Client, cast: Cast, second: User):
    first_signature(cast)
    posted(cast)
    client.force_login(second)
    ahead = tried(proposed(cast, effective_from=date(2026, 12, 1)))
    page = words(client.get(f"{LIST}{ahead.pk}/"))
    assert "начиная с месяца: декабрь 2026" in page
    assert "Уже утверждены" not in page
    assert "Зарплата за октябрь 2026" in page or "октябрь 2026" in page
    ParameterProposal.objects.update(effective_from=date(2026, 9, 15))
    page = words(client.get(f"{LIST}{ahead.pk}/"))
    assert "начиная с месяца: сентябрь 2026" in page
    assert "Уже утверждены: октябрь 2026." in page


def test_many_approved_months_are_counted() -> None:
    months = [Month(2026, 12).plus(-back) for back in range(9)]
    told = late_months(months)
    assert told["named"].count(",") == 5
    assert told["left"] == "3"
    assert late_months([]) == {}
    assert late_months(months[:2])["left"] == ""


def test_pages_ask_the_same_for_one_and_three(
    client: Client,
    cast: Cast,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    client.force_login(cast.administrator)
    proposed(cast)
    client.get(LIST)
    with django_assert_max_num_queries(9) as one:
        client.get(LIST)
    proposed(cast, code="mzp", value=90000)
    proposed(cast, code="mrp", value=4400)
    with django_assert_max_num_queries(9) as three:
        client.get(LIST)
    assert len(one) == len(three)


# --- Wrong input, and who may not ---


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"value": "двенадцать"}, "число"),
        ({"value": "-1"}, "не меньше 0"),
        ({"value": "150"}, "не подходит"),
        ({"value": "10"}, "уже действует"),
        ({"effective_from": "32.13.2026"}, "Такого дня нет"),
        ({"source": ""}, "Обязательное поле"),
        ({"confidence": "sure"}, "Выберите корректный вариант"),
        ({"source": "\x00"}, "символ"),
    ],
)
def test_wrong_input_is_named_and_kept(client: Client, cast: Cast, changed: dict, sentence: str):
    client.force_login(cast.administrator)
    response = client.post(form_of("opv_rate"), TYPED | changed)
    assert response.status_code == 422
    assert sentence.lower() in words(response).lower()
    kept = (TYPED | changed)["effective_from"]
    assert f'value="{kept}"' in response.content.decode()
    assert not ParameterProposal.objects.exists()


def test_broken_json_is_named_and_kept(client: Client, cast: Cast):
    client.force_login(cast.administrator)
    response = client.post(form_of("ipn_brackets"), TYPED | {"value": "[{rate"})
    assert response.status_code == 422
    assert "[{rate" in response.content.decode()
    assert "не подходит" in words(response)


def test_an_unknown_parameter_is_not_found(client: Client, cast: Cast):
    client.force_login(cast.administrator)
    assert client.get(form_of("no_such")).status_code == 404
    assert client.get(f"{LIST}999/").status_code == 404


def test_declining_needs_a_reason(client: Client, cast: Cast, second: User):
    proposal = tried(proposed(cast))
    client.force_login(second)
    page = f"{LIST}{proposal.pk}/"
    assert client.post(f"{page}decline/", {"reason": ""}).status_code == 422
    client.post(f"{page}decline/", {"reason": "не та редакция"})
    assert "не та редакция" in words(client.get(page))


def test_a_refusal_is_a_sentence_on_the_page(client: Client, cast: Cast, second: User):
    proposal = proposed(cast)
    client.force_login(second)
    answer = client.post(f"{LIST}{proposal.pk}/approve/", follow=True)
    assert "Дождитесь пробного расчёта" in words(answer)
    client.force_login(cast.administrator)
    assert client.post(f"{LIST}{proposal.pk}/approve/").status_code == 403
    assert client.get(f"{LIST}{proposal.pk}/withdraw/").status_code == 405
    client.post(f"{LIST}{proposal.pk}/withdraw/")
    assert "Отозвано" in words(client.get(f"{LIST}{proposal.pk}/"))


def test_a_failed_trial_offers_another_and_no_approval(client: Client, cast: Cast, second: User):
    proposal = tried(proposed(cast))
    client.force_login(second)
    page = f"{LIST}{proposal.pk}/"
    assert "Повторить пробу" not in words(client.get(page))
    ParameterProposal.objects.update(trial_error="Нет значения")
    TaskRun.objects.update(status="done")
    shown = words(client.get(page))
    assert "Повторить пробу" in shown
    assert "Утвердить значение" not in shown
    assert "не удалась" in words(client.post(f"{page}approve/", follow=True))
    answer = client.post(f"{page}try/", follow=True)
    assert "Проба начата заново" in words(answer)
    assert "every 2s" in answer.content.decode()
    assert client.get(f"{page}try/").status_code == 405


@pytest.mark.parametrize("typed", ['{"a": NaN}', "[Infinity]", '{"a": "\\u0000"}'])
def test_json_that_no_table_keeps_is_named(client: Client, cast: Cast, typed: str):
    client.force_login(cast.administrator)
    answer = client.post(form_of("convict_living_minimum_floor"), TYPED | {"value": typed})
    assert answer.status_code == 422
    assert not ParameterProposal.objects.exists()


def test_others_read_the_parameters_without_proposing(client: Client, cast: Cast):
    client.force_login(cast.accountant)
    page = client.get(reverse("inmates:pay_parameters"))
    assert page.status_code == 200
    assert "propose" not in page.content.decode()
    assert client.get(LIST).status_code == 403
    client.logout()
    assert client.get(LIST).status_code == 302
