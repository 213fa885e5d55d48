"""The parts every page is built from: what they show, and what they never do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from portal.front.statuses import MESSAGE_SIGNS, SIGN_OF, TONE_OF, TONES, sign_of, tone_of
from portal.front.templatetags.portal_status import message_sign, shown_pages, sign, tone

IMG = Path(settings.BASE_DIR) / "static" / "img"


def part(name: str, **context: object) -> str:
    with translation.override("ru"):
        return render_to_string(f"components/{name}.html", context)


def test_status_shows_sign_and_word_with_the_tone_of_its_code() -> None:
    html = part("_status", status="declined", label="Отклонён")
    assert 'class="status status-bad"' in html
    assert "#triangle" in html
    assert "Отклонён" in html


def test_status_takes_a_tone_where_there_is_no_code() -> None:
    html = part("_status", tone="warn", label="Не подтверждён")
    assert "status-warn" in html
    assert "#dot" in html


def test_status_of_an_unknown_code_is_calm() -> None:
    assert tone_of("something_new") == "info"
    assert tone("something_new") == "info"
    assert sign(tone_of("something_new")) == "ring"
    assert sign_of("no such tone") == "ring"


def test_a_tone_is_its_own_tone() -> None:
    assert [tone_of(one) for one in TONES] == list(TONES)


def test_no_status_has_two_tones() -> None:
    assert sum(len(codes) for codes in TONES.values()) == len(TONE_OF)


def test_every_status_of_every_model_has_a_reviewed_tone() -> None:
    missing = {
        f"{model._meta.label}.{code}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"portal", "workshops", "orders", "inmates"}
        for field in model._meta.fields
        if field.name == "status" and field.choices
        for code, _label in field.choices
        if code not in TONE_OF
    }
    assert not missing


def test_every_sign_that_is_named_is_drawn() -> None:
    sprite = (IMG / "signs.svg").read_text(encoding="utf-8")
    named = {*SIGN_OF.values(), *MESSAGE_SIGNS.values(), "cart", "download", "print", "search"}
    named |= {"arrow", "info", "user", "menu", "document", "mark", message_sign("info")}
    assert [name for name in named if f'<symbol id="{name}"' not in sprite] == []


@pytest.mark.parametrize("path", sorted(IMG.glob("*.svg")), ids=lambda path: path.name)
def test_drawings_are_self_contained(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rest = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in rest
    assert "<script" not in text
    assert "<image" not in text
    assert " style=" not in text


def test_crumbs_mark_where_one_is() -> None:
    html = part("_crumbs", crumbs=[{"label": "Зарплата", "url": "/pay/"}, {"label": "Октябрь"}])
    assert '<a href="/pay/">Зарплата</a>' in html
    assert '<span aria-current="page">Октябрь</span>' in html


def test_page_header_greys_the_act_out_and_says_why() -> None:
    context = {"title": "Октябрь", "act_url": "/go/", "act_label": "Утвердить"}
    assert 'href="/go/"' in part("_page_header", **context)
    refused = part("_page_header", **context, why="этот месяц рассчитывали вы")
    assert 'href="/go/"' not in refused
    assert 'aria-disabled="true"' in refused
    assert "этот месяц рассчитывали вы" in refused


def test_facts_show_value_link_and_note() -> None:
    facts = [{"label": "Договор", "value": "№ 14", "url": "/c/14/", "note": "от 01.11.2026"}]
    html = part("_facts", facts=facts)
    assert "<dt>Договор</dt>" in html
    assert '<a href="/c/14/">№ 14</a>' in html
    assert "от 01.11.2026" in html


def test_timeline_tells_when_what_who_and_why() -> None:
    row = {
        "at": datetime(2026, 11, 22, 4, 5, tzinfo=UTC),
        "text": "Отклонён",
        "status": "declined",
        "who": "РГП, оператор",
        "reason": "покраска занята",
    }
    html = part("_timeline", rows=[row])
    for word in ("22.11.2026", "09:05", "Отклонён", "РГП, оператор", "покраска занята"):
        assert word in html
    assert "status-bad" in html


def test_timeline_without_rows_says_so() -> None:
    assert "<ol" not in part("_timeline", rows=[])


def test_empty_offers_one_act_or_none() -> None:
    assert "<a " not in part("_empty", text="Заказов пока нет.")
    html = part("_empty", text="Заказов пока нет.", act_url="/catalogue/", act_label="Каталог")
    assert 'href="/catalogue/"' in html


def test_progress_is_drawn_by_html_alone() -> None:
    html = part("_progress", label="Расчёт", done=1204, total=2005, failed=3)
    assert 'value="1204" max="2005"' in html
    assert "1\u00a0204" in html
    assert "style" not in html
    assert "max=" not in part("_progress", label="Расчёт", done=0, total=0, failed=0)


def test_pagination_keeps_the_question_of_the_page() -> None:
    page = Paginator(range(2000), 20).get_page(4)
    request = RequestFactory().get("/list/?q=stol&page=4")
    with translation.override("ru"):
        html = render_to_string("components/_pagination.html", {"page": page}, request=request)
    assert "?q=stol&amp;page=5" in html
    assert 'rel="prev"' in html
    assert 'aria-current="page">4<' in html
    assert shown_pages(page)[0] == 1
    assert shown_pages(page)[-1] == 100


def test_pagination_of_one_page_is_not_shown() -> None:
    page = Paginator(range(3), 20).get_page(1)
    request = RequestFactory().get("/list/")
    html = render_to_string("components/_pagination.html", {"page": page}, request=request)
    assert html.strip() == ""


def test_the_print_act_is_a_button_that_the_script_knows() -> None:
    html = part("_print")
    assert 'type="button"' in html
    assert "data-print" in html
    assert "Печать" in html
    script = (Path(settings.BASE_DIR) / "static/js/portal.js").read_text(encoding="utf-8")
    assert "[data-print]" in script


def test_only_a_page_worth_printing_offers_it() -> None:
    assert "data-print" in part("_page_header", title="Заказ", is_printable=True)
    assert "data-print" not in part("_page_header", title="Заказ")
