"""Fields that take what people type; the one helper that draws every form; parts for htmx."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.kernel import htmx
from portal.kernel.forms import (
    BinField,
    DecimalInput,
    ExactDecimalFormField,
    IbanField,
    IinBinField,
    IinField,
    MoneyFormField,
    WholeNumberField,
    clean_number,
    fields_part,
    page_helper,
)

N = "\u00a0"
LANGUAGES = ("ru", "kk", "en")


# --- Numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("99999999999", f"не больше 999{N}999,999"),
        ("0,00001", "не меньше 0,001"),
        ("1,00001", "3"),
    ],
)
def test_a_number_wrong_twice_is_refused_once_and_as_people_write(typed, sentence):
    field = ExactDecimalFormField(
        min_value=Decimal("0.001"), max_value=Decimal("999999.999"), max_digits=12, decimal_places=3
    )
    with translation.override("ru"), pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    with translation.override("ru"):
        (said,) = refused.value.messages
    assert sentence in said
    assert "." not in said.rstrip(".")


def test_the_limit_of_a_count_has_its_thousands_apart():
    with translation.override("ru"), pytest.raises(forms.ValidationError) as refused:
        WholeNumberField(max_value=100_000).clean("100001")
    assert f"100{N}000" in refused.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("85 000,50", "85000.50"),
        (f"85{N}000,50", "85000.50"),
        ("85\u202f000.5", "85000.5"),
        ("\u22125", "-5"),
        ("+7", "+7"),
        (",5", ".5"),
        ("1'000", "1000"),
        ("1,000.50", "1,000.50"),
        ("12 шт", "12 шт"),
        ("1e5", "1e5"),
        ("", ""),
        ("NaN", "NaN"),
    ],
)
def test_clean_number(typed, clean):
    assert clean_number(typed) == clean


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["85000,5", "85 000,50", f"85{N}000,5", "85000.50"])
def test_money_is_read_in_every_language(language, typed):
    with translation.override(language):
        assert MoneyFormField().clean(typed) == Decimal("85000.50")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("сто", "invalid"),
        ("1e3x", "invalid"),
        ("1e9", "invalid"),
        ("1_000e1", "invalid"),
        ("١٢٣", "invalid"),
        (" ", "invalid"),
        ("NaN", "invalid"),
        ("Infinity", "invalid"),
        ("1,005", "max_decimal_places"),
        ("1000000000000", "max_whole_digits"),
        ("-1", "min_value"),
    ],
)
def test_money_refuses(typed, code):
    with pytest.raises(forms.ValidationError) as caught:
        MoneyFormField().clean(typed)
    assert code in [error.code for error in caught.value.error_list]


def test_a_rate_may_have_more_places_and_a_sign():
    field = ExactDecimalFormField(decimal_places=4, max_digits=12)
    assert field.clean("-671,8750") == Decimal("-671.8750")
    assert ExactDecimalFormField(required=False).clean("") is None


@pytest.mark.parametrize(("typed", "number"), [("1 250", 1250), (f"1{N}250", 1250), ("7", 7)])
def test_a_whole_number_is_read(typed, number):
    assert WholeNumberField().clean(typed) == number


@pytest.mark.parametrize("typed", ["1,5", "пять", "", " ", "0", "1e2", "١٢"])
def test_a_whole_number_refuses(typed):
    with pytest.raises(forms.ValidationError):
        WholeNumberField(min_value=1).clean(typed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("85000.50"), f"85{N}000,50"),
        (1250, f"1{N}250"),
        ("85 тысяч", "85 тысяч"),
        (None, None),
    ],
)
def test_decimal_input_shows_what_it_takes(language, value, shown):
    with translation.override(language):
        assert DecimalInput().format_value(value) == shown


def test_decimal_input_is_a_text_field_with_a_number_pad():
    class Form(forms.Form):
        price = MoneyFormField()
        pieces = WholeNumberField(min_value=1)

    page = str(Form()["price"]) + str(Form()["pieces"])
    assert page.count('type="text"') == 2
    assert 'inputmode="decimal"' in page
    assert 'inputmode="numeric"' in page
    assert "step=" not in page
    assert "min=" not in page


# --- Identifiers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "clean"),
    [
        (IinField(), "900101 300 811", "900101300811"),
        (IinBinField(), f"900101{N}300811", "900101300811"),
        (IbanField(), "kz86 125k zt50 0410 0100", "KZ86125KZT5004100100"),
        (BinField(required=False), "", ""),
    ],
)
def test_identifiers_are_read_with_their_spaces(field, typed, clean):
    assert field.clean(typed) == clean


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (IinField(), "900101300812", "check_digit"),
        (BinField(), "900101300811", "kind"),
        (IinBinField(), "123", "length"),
        (IbanField(), "KZ86125KZT5004100101", "check_digit"),
        (BinField(), "", "required"),
    ],
)
def test_identifiers_refuse_with_a_cause(field, typed, code):
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(typed)
    assert [error.code for error in caught.value.error_list] == [code]


# --- The helper ------------------------------------------------------------------------------


class OrderForm(forms.Form):
    bin = IinBinField(label="БИН или ИИН", help_text="12 цифр")
    price = MoneyFormField(label="Цена", required=False)
    place = forms.ChoiceField(label="Место", choices=[("a", "А"), ("b", "Б")])
    way = forms.ChoiceField(
        label="Как", choices=[("x", "Самовывоз"), ("y", "Доставка")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Согласен")
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        if self.cleaned_data.get("place") == "b":
            raise forms.ValidationError("Туда не возим.")


GOOD = {"bin": "900101300811", "place": "a", "way": "x", "agreed": "on", "token": "t"}


def drawn(data=None, form_class=OrderForm, **options) -> str:
    form = form_class(data)
    page_helper(form, options.pop("submit_label", "Отправить"), **options)
    with translation.override("ru"):
        return render_crispy_form(form, context={"csrf_token": "x"})


def test_helper_draws_label_hint_and_field_in_this_order():
    page = drawn()
    label, hint, field = (page.index(part) for part in ("БИН или ИИН", "12 цифр", 'name="bin"'))
    assert label < hint < field
    assert 'aria-describedby="id_bin_helptext"' in page
    assert 'id="id_bin_helptext"' in page


def test_helper_marks_what_is_optional_and_not_what_is_required():
    page = drawn()
    assert "asterisk" not in page
    assert page.count("необязательно") == 1
    assert page.index("Цена") < page.index("необязательно") < page.index('name="price"')


def test_helper_draws_each_kind_of_field_once():
    page = drawn()
    for name, count in {
        "bin": 1,
        "price": 1,
        "place": 1,
        "way": 2,
        "agreed": 1,
        "token": 1,
    }.items():
        assert page.count(f'name="{name}"') == count, name
    assert 'class="form-select"' in page
    assert "<fieldset" in page
    assert "<legend" in page
    assert 'type="hidden"' in page
    assert page.count("csrfmiddlewaretoken") == 1


def test_helper_puts_the_main_act_first():
    page = drawn(cancel_url="/back/")
    act, back = page.index("Отправить"), page.index('href="/back/"')
    assert act < back
    assert "Отмена" in page
    assert 'type="submit"' in page


def test_helper_names_the_way_back_and_the_address():
    page = drawn(cancel_url="/back/", cancel_label="К корзине", action="/order/")
    assert "К корзине" in page
    assert 'action="/order/"' in page
    assert 'method="post"' in page


def test_a_form_that_asks_needs_no_token():
    page = drawn(method="get")
    assert 'method="get"' in page
    assert "csrfmiddlewaretoken" not in page


def test_errors_stand_in_the_summary_and_under_the_field():
    page = drawn({**GOOD, "bin": "123", "price": "сто"})
    sentence = "Должно быть 12 цифр, а здесь 3."
    assert page.count(sentence) == 2
    assert 'role="alert"' in page
    assert 'href="#id_bin"' in page
    assert 'class="form-control is-invalid"' in page
    assert 'aria-invalid="true"' in page
    assert page.index("Исправьте, пожалуйста") < page.index('name="bin"')


def test_what_was_typed_stays():
    page = drawn({**GOOD, "bin": "12 34", "price": "сто тенге"})
    assert 'value="12 34"' in page
    assert 'value="сто тенге"' in page


def test_an_error_of_the_whole_form_is_in_the_summary_once():
    page = drawn({**GOOD, "place": "b"})
    assert page.count("Туда не возим.") == 1


def test_a_form_without_errors_has_no_summary():
    assert 'role="alert"' not in drawn()
    assert 'role="alert"' not in drawn(GOOD)


def test_what_was_typed_is_escaped():
    page = drawn({**GOOD, "bin": '"><script>'})
    assert "<script>" not in page


def test_a_layout_orders_the_fields():
    layout = Layout("price", fields_part("<h2>Место</h2>"), "place")
    page = drawn(layout=layout)
    assert page.index('name="price"') < page.index("<h2>Место") < page.index('name="place"')
    assert 'name="bin"' not in page
    assert 'name="token"' in page


def test_helper_has_no_inline_style_or_script():
    page = drawn({"bin": "1"})
    assert "style=" not in page
    assert "<script" not in page
    assert " on" not in page.replace(" one", "").replace(" only", "")


@pytest.mark.parametrize(
    ("language", "word"), [("ru", "необязательно"), ("kk", "міндетті емес"), ("en", "optional")]
)
def test_helper_speaks_the_readers_language(language, word):
    form = OrderForm()
    page_helper(form, "OK")
    with translation.override(language):
        assert word in render_crispy_form(form)


# --- Parts -----------------------------------------------------------------------------------


@pytest.fixture
def pieces(monkeypatch):
    """Two templates that live only in this test."""
    engine = engines["django"]
    loaded = {"page.html": "page of {{ name }}", "_part.html": "part of {{ name }}"}

    def draw(request, template, context, status=200):
        return HttpResponse(engine.from_string(loaded[template]).render(context), status=status)

    monkeypatch.setattr(htmx, "render", draw)


def asked(**of_htmx):
    request = RequestFactory().get("/")
    if of_htmx:
        details = {"boosted": False, "history_restore_request": False} | of_htmx
        details.pop("asks", None)
        request.htmx = SimpleNamespace(**details)
    return request


@pytest.mark.parametrize(
    ("request_", "content"),
    [
        (asked(), b"page of A"),
        (asked(asks=True), b"part of A"),
        (asked(boosted=True), b"page of A"),
        (asked(history_restore_request=True), b"page of A"),
    ],
)
def test_part_or_page(pieces, request_, content):
    response = htmx.part_or_page(request_, "page.html", "_part.html", {"name": "A"})
    assert response.content == content
    assert response["Vary"] == "HX-Request"


def test_part_or_page_keeps_the_status(pieces):
    response = htmx.part_or_page(asked(), "page.html", "_part.html", {}, status=422)
    assert response.status_code == 422
