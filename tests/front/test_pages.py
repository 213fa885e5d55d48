"""Landing, overview, error pages, languages: real requests, real templates."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.accounts.enums import Role
from portal.front import menu
from portal.front.selectors import (
    employed,
    first_goods,
    idle_space,
    landing_figures,
    roles_held,
)
from portal.front.views.pages import csrf_failure
from tests.people import LONG_AGO, TODAY, Cast, a_placement, a_user, an_inmate
from tests.reports.counted import facts_now
from workshops.models import ProductionSpace, ProductOffer, Workshop, WorkshopOperator

LANGUAGES = ("ru", "kk", "en")
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def read(client: Client, path: str, language: str = "ru", status: int = 200) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def a_space(cast: Cast, area: str, **fields: object) -> ProductionSpace:
    return ProductionSpace.objects.create(
        institution=cast.institution,
        name_ru="Цех",
        area_m2=Decimal(area),
        condition="good",
        **{"is_idle": True, **fields},
    )


def advertised(number: int) -> dict[str, object]:
    """What makes an idle area public: an address and a fresh confirmation."""
    return {"code": f"space-{number}", "confirmed_on": TODAY}


# --- The landing page ---


def test_home_shows_goods_with_price_and_drawing(client: Client, cast: Cast) -> None:
    html = read(client, "/")
    assert "Игровой уголок «Юрта»" in html
    assert "img/play-corner.svg" in html
    assert "\u00a0₸" in html
    assert '<html lang="ru">' in html


def test_home_of_an_empty_portal_invents_no_figure(client: Client, db: None) -> None:
    assert landing_figures(TODAY) == []
    assert 'class="figures"' not in read(client, "/")


def test_home_counts_workshops_with_an_operator_on_the_day(cast: Cast) -> None:
    assert [figure.value for figure in landing_figures(TODAY)] == ["1"]
    assert landing_figures(LONG_AGO - timedelta(days=1)) == []


def test_home_tells_employment_as_heads_of_heads_with_its_day(client: Client, cast: Cast) -> None:
    people = [an_inmate(cast, str(number)) for number in range(1, 14)]
    for inmate in people[:6]:
        a_placement(cast, inmate)
    facts_now()
    figure = employed(TODAY)
    assert figure is not None
    assert (figure.value, "21.11.2026" in figure.label) == ("6 из 13", True)


@pytest.mark.parametrize("placed", [4, 9])
def test_home_hides_employment_of_small_cells(cast: Cast, placed: int) -> None:
    people = [an_inmate(cast, str(number)) for number in range(1, 14)]
    for inmate in people[:placed]:
        a_placement(cast, inmate)
    facts_now()
    assert employed(TODAY) is None


def test_home_shows_the_idle_area_of_the_places(client: Client, cast: Cast) -> None:
    a_space(cast, "1420.5", **advertised(1))
    a_space(cast, "2000", **advertised(2))
    a_space(cast, "999", is_idle=False)
    a_space(cast, "555")
    figure = idle_space(TODAY)
    assert figure is not None
    assert figure.value.startswith("3\u00a0420,5")
    assert "3\u00a0420,5" in read(client, "/")


def test_goods_without_a_seller_carry_the_reason_instead_of_a_price(cast: Cast) -> None:
    assert first_goods(TODAY)[0].price == "185\u00a0000,00\u00a0₸"
    ProductOffer.objects.all().delete()
    goods = first_goods(TODAY)
    assert goods
    assert goods[0].price == ""


def test_goods_of_several_sellers_tell_the_lowest_price_as_from(cast: Cast) -> None:
    second = Workshop.objects.create(institution=cast.institution, code="w2", name_ru="Второй")
    WorkshopOperator.objects.create(
        workshop=second, operator=cast.enterprise, effective_from=LONG_AGO, basis="приказ"
    )
    ProductOffer.objects.create(
        version=cast.version, workshop=second, price=Decimal(190000), effective_from=LONG_AGO
    )
    with translation.override("ru"):
        assert first_goods(TODAY)[0].price == "от 185\u00a0000,00\u00a0₸"


def test_goods_are_limited(cast: Cast) -> None:
    assert first_goods(TODAY, limit=0) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_speaks_each_language(client: Client, cast: Cast, language: str) -> None:
    html = read(client, "/", language)
    heads = {"ru": "Вещи, сделанные честно", "kk": "Адал жасалған", "en": "Things made honestly"}
    assert heads[language] in html
    assert f'<html lang="{language}">' in html


def test_home_refuses_other_methods(client: Client, db: None) -> None:
    assert client.post("/").status_code == 405


# --- The overview ---


def test_overview_sends_a_visitor_to_sign_in(client: Client, db: None) -> None:
    response = client.get("/office/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/office/"


def test_overview_names_organisations_and_roles(client: Client, cast: Cast) -> None:
    client.force_login(cast.accountant)
    html = read(client, "/office/")
    assert "Ваши роли" in html
    assert cast.enterprise.name_ru in html


def test_overview_without_roles_says_what_to_do(client: Client, db: None) -> None:
    client.force_login(a_user("nobody@example.kz"))
    assert "У вас пока нет роли" in read(client, "/office/")


def test_overview_of_a_role_without_pages_is_not_empty(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every role has pages by now; the next one will begin without them.
    rows = [row for row in menu.OFFICE_ROWS if Role.LABOUR_OFFICER not in row.roles]
    monkeypatch.setattr(menu, "OFFICE_ROWS", (menu.OFFICE_ROWS[0], *rows))
    client.force_login(cast.labour_officer)
    for language, said in [("ru", "Для вашей роли пока нет"), ("kk", "Рөліңізге арналған бет")]:
        html = read(client, "/office/", language)
        assert said in html
        assert 'href="/catalogue/"' in html
        assert "entry-list" not in html
    client.force_login(cast.accountant)
    html = read(client, "/office/")
    assert "entry-list" in html
    assert "Для вашей роли пока нет" not in html


def test_roles_of_one_organisation_are_one_row(cast: Cast) -> None:
    user = a_user("two@example.kz", cast.enterprise, "operator", "accountant")
    rows = roles_held(user, TODAY)
    assert len(rows) == 1
    assert rows[0]["value"].count(",") == 1


def test_roles_that_have_not_begun_are_not_shown(cast: Cast) -> None:
    assert roles_held(cast.accountant, date(2023, 1, 1)) == []


# --- Languages ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_switching_the_language_stays_on_the_page(
    client: Client, cast: Cast, language: str
) -> None:
    address = "/catalogue/?audience=kindergarten"
    html = read(client, address)
    target = re.search(r'name="next" value="([^"]+)"', html)
    assert target is not None
    assert target[1] == address
    data = {"language": language, "next": target[1]}
    response = client.post("/i18n/setlang/", data, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert f'<html lang="{language}">' in response.content.decode()


def test_the_language_in_use_is_marked(client: Client, db: None) -> None:
    html = read(client, "/", "kk")
    assert re.search(r'value="kk" lang="kk" aria-current="true"', html)
    assert html.count('aria-current="true"') == 1


# --- What went wrong ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_404_is_a_page_of_ours(client: Client, db: None, language: str) -> None:
    html = read(client, "/no/such/page/", language, status=404)
    words = {"ru": "Такой страницы нет", "kk": "Мұндай бет жоқ", "en": "No such page"}
    assert words[language] in html
    assert 'href="/"' in html


def test_403_says_why(client: Client, db: None) -> None:
    request = RequestFactory().get("/")
    request.user = a_user("somebody@example.kz")
    html = render_to_string("403.html", {"exception": "Только для других."}, request=request)
    assert "Только для других." in html
    assert 'href="/office/"' in html


def test_a_refusal_is_shown_with_its_sentence(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = a_user("somebody@example.kz")
    html = render_to_string("refused.html", {"reason": "Месяц закрыт."}, request=request)
    assert "Месяц закрыт." in html


def test_an_expired_form_tells_what_to_do(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/i18n/setlang/", {"language": "kk"})
    assert response.status_code == 403
    assert "Страница устарела" in response.content.decode()


def test_csrf_failure_is_forbidden(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = a_user("somebody@example.kz")
    assert csrf_failure(request).status_code == 403


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_plain_errors_need_nothing_and_speak_three_languages(name: str) -> None:
    html = render_to_string(name)
    assert 'lang="ru"' in html
    assert 'lang="kk"' in html
    assert 'lang="en"' in html
    assert "/static/css/portal.css" in html


# --- The frame ---


def test_the_frame_has_skip_link_token_and_strict_htmx(client: Client, db: None) -> None:
    html = read(client, "/")
    assert '<a class="skip" href="#content">' in html
    assert 'id="content"' in html
    assert "X-CSRFToken" in html
    assert '"allowEval": false' in html
    assert '"includeIndicatorStyles": false' in html


def test_the_policy_forbids_inline_code(client: Client, db: None) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_templates_carry_no_inline_code_and_no_other_origin(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", html)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", html)
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", html)


def test_landing_opens_before_anything_is_entered(client: Client, db: None) -> None:
    html = read(client, "/")
    assert 'class="goods"' not in html
    assert 'class="figures"' not in html


def test_landing_asks_a_fixed_number_of_questions(
    client: Client, cast: Cast, django_assert_num_queries
) -> None:
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    a_space(cast, "10", **advertised(1))
    a_space(cast, "20", **advertised(2))
    with django_assert_num_queries(len(one)):
        client.get("/")
