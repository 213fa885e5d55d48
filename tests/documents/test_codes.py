"""Check codes and numbers: unguessable, and readable however a hand writes them."""

import pytest

from portal.documents.codes import (
    ALPHABET,
    LENGTH,
    clean_code,
    clean_number,
    new_code,
    printed_code,
)

CODE = "7KQF92MTXW4C"


def test_codes_are_of_the_alphabet_and_never_the_same():
    codes = {new_code() for _time in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    # Each character is drawn: none of the 32 is missing in 6 000.
    assert set("".join(codes)) == set(ALPHABET)


def test_code_is_printed_in_groups_and_read_back():
    assert printed_code(CODE) == "7KQF-92MT-XW4C"
    assert clean_code(printed_code(CODE)) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "7kqf-92mt-xw4c",
        " 7KQF 92MT XW4C ",
        "7KQF\N{NO-BREAK SPACE}92MT\N{EM DASH}XW4C",
        "7КQF-92МТ-ХW4С",
        "7кqf92мтхw4с",
        "7KQF_92MT_XW4C",
    ],
)
def test_code_is_read_however_it_is_typed(typed):
    assert clean_code(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("OOOO-0000-0000", "000000000000"), ("IIII-LLLL-1111", "1" * 12), ("ооо000000000", "0" * 12)],
)
def test_letters_that_are_left_out_are_read_as_the_digits_they_look_like(typed, meant):
    assert clean_code(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", " ", "7KQF-92MT-XW4", "7KQF-92MT-XW4CC", "7KQF-92MT-XWUC", "жжжжжжжжжжжж", "\x00" * 12,
     "٣" * 12, "7KQF92MTXW4C" * 1000, "' OR 1=1 --", "<script>alert(12)"],
)  # fmt: skip
def test_what_cannot_be_a_code_is_nothing(typed):
    assert clean_code(typed) == ""


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2026-00017", "2026-00017"),
        ("№ 2026-00017", "2026-00017"),
        ("№\N{NO-BREAK SPACE}2026\N{EN DASH}17", "2026-00017"),
        ("2026 00017", "2026-00017"),
        ("No. 2026/17", "2026-00017"),
        ("2026-123456", "2026-123456"),
    ],
)
def test_number_is_read_however_it_is_typed(typed, number):
    assert clean_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "17", "2026", "2026-", "abc", "٢٠٢٦-00017", "2026-00017; DROP", "2" * 500, "\x00"]
)
def test_what_cannot_be_a_number_is_nothing(typed):
    assert clean_number(typed) == ""
