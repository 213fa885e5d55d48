"""No identity in a line: numbers, names, addresses, telephones, known keys, what was typed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.masking import MASK, is_identity_key, mask_mapping, mask_text, mask_value


@pytest.mark.parametrize(
    "text",
    [
        "900517300123",
        "iin=900517300123.",
        "ИИН900517300123",
        "900517 300123",
        "900517-300123",
        "buyer@example.kz",
        "first.last+tag@mail.example.kz",
        "+7 701 222 33 44",
        "8(701)222-33-44",
        "87012223344",
        "KZ86125KZT5004100100",
        "Иванов Иван Иванович",
        "Иванов Иван",
        "Сейтқали Әсел",
        "Өмірзақов Ұлан Қанатұлы",
        "Петров-Водкин Кузьма",
        "ИВАНОВ ИВАН",
        "Иванов И. И.",
        "Иванов И.И.",
        "И. И. Иванов",
        "Ә. Сейтқали",
    ],
)
def test_an_identity_is_hidden_wherever_it_stands(text):
    for line in (text, f"refused: {text}", f"({text})", f"before {text} after"):
        masked = mask_text(line)
        assert MASK in masked
        assert not set(text.split()) & set(masked.split()), masked


@pytest.mark.parametrize("piece", ["a", "А", "1", "a.-", "Аб-", "Аб ", "+7", "a@"])
def test_a_long_line_is_masked_in_no_time(piece):
    began = time.perf_counter()
    mask_text(piece * 20_000)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "task inmates.calculate_payroll_run done",
        "GET /orders/2026-00017/ 200",
        "1763820990123",  # a moment in milliseconds has thirteen digits
        "12345678901",
        "Internal Server Error",
        "Учреждение № 16",
        "2026-11-22T22:25:30.639960Z",
        "Redis 6.2.14, PostgreSQL 18.6",
        "line 127 in portal/kernel/queue.py",
    ],
)
def test_what_names_nobody_stays(text):
    assert mask_text(text) == text


def test_a_row_that_postgresql_quotes_is_cut():
    error = (
        'null value in column "post_id"\nDETAIL:  Failing row contains (17, Aigerim, 1990-05-17).\n'
        "CONTEXT:  SQL statement"
    )
    masked = mask_text(error)
    assert "Aigerim" not in masked
    assert "1990" not in masked
    assert masked.startswith('null value in column "post_id"')
    assert masked.endswith("CONTEXT:  SQL statement")


def test_what_was_typed_is_hidden_in_any_alphabet():
    assert mask_text("no consent of Aigerim", ["Aigerim"]) == f"no consent of {MASK}"


@pytest.mark.parametrize(
    "key",
    ["iin", "IIN", "full_name", "Full-Name", "email", "contact_email", "phone", "contact_phone",
     "password", "password1", "csrfmiddlewaretoken", "api_token", "iban", "Cookie", "login"],
)  # fmt: skip
def test_identity_keys(key):
    assert is_identity_key(key)


@pytest.mark.parametrize(
    "key", ["status", "path", "route", "joining", "user", "ms", "event", "task"]
)
def test_other_keys(key):
    assert not is_identity_key(key)


def test_containers_are_walked_through():
    masked = mask_value({"rows": [{"iin": "1", "n": 900517300123}, ("a@b.kz", 5, None, True, 1.5)]})
    assert masked == {"rows": [{"iin": MASK, "n": MASK}, [MASK, 5, None, True, 1.5]]}


def test_a_strange_object_is_shown_as_its_masked_text():
    class Person:
        def __repr__(self):
            return "<Person 900517300123>"

    assert mask_value(Person()) == f"<Person {MASK}>"


def test_our_own_ids_stay_although_they_may_look_like_a_number():
    ids = {"request_id": "3f2a0000-0000-4000-8000-123456789012", "task_run": "900517300123"}
    assert mask_mapping(ids) == ids


def test_an_empty_value_of_an_identity_key_says_that_it_was_empty():
    assert mask_mapping({"iin": "", "phone": None}) == {"iin": "", "phone": None}


@given(
    st.integers(min_value=0, max_value=999_999_999_999), st.text(alphabet="abc ,.:/=", max_size=9)
)
def test_no_number_of_twelve_digits_comes_through(number, around):
    digits = f"{number:012d}"
    assert digits not in mask_text(f"{around}{digits}{around}")


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text):
    once = mask_text(text)
    assert mask_text(once) == once
