"""The code on a payslip: found again however it is typed, and never made up."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.questions.codes import code_of, slip_id_of
from portal.documents.codes import ALPHABET, LENGTH, printed_code

ids = st.integers(min_value=1, max_value=(1 << 32) - 1)


@given(ids)
def test_code_leads_back_to_its_payslip(slip_id):
    code = code_of(slip_id)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert slip_id_of(code) == slip_id
    assert slip_id_of(printed_code(code).lower()) == slip_id


@given(ids, ids)
def test_two_payslips_have_two_codes(one, other):
    assert (code_of(one) == code_of(other)) == (one == other)


@given(ids, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_wrong_character_leads_nowhere(slip_id, place, char):
    code = code_of(slip_id)
    changed = code[:place] + char + code[place + 1 :]
    assert changed == code or slip_id_of(changed) is None


def test_neighbouring_payslips_look_unlike():
    """Who has one code learns nothing of the next person's on the list."""
    same = [
        sum(left == right for left, right in zip(code_of(number), code_of(number + 1), strict=True))
        for number in range(1, 400)
    ]
    assert sum(same) / len(same) < 1
    assert max(same) < 6


def test_made_up_codes_lead_nowhere():
    chance = random.Random("made up")  # noqa: S311 - the same ones every time
    made = ("".join(chance.choices(ALPHABET, k=LENGTH)) for _number in range(20_000))
    assert [code for code in made if slip_id_of(code)] == []


@pytest.mark.parametrize("typed", ["", "7KQF", "7KQF-92MT-XW4", "привет", "0" * 200, "\x00" * 12])
def test_what_is_no_code_leads_nowhere(typed):
    assert slip_id_of(typed) is None


def test_code_read_on_a_cyrillic_keyboard():
    code = next(code_of(number) for number in range(1, 500) if "B" in code_of(number))
    assert slip_id_of(code.replace("B", "В")) == slip_id_of(code)


@pytest.mark.parametrize("slip_id", [0, -1, 1 << 32])
def test_an_id_beyond_the_code_is_refused(slip_id):
    with pytest.raises(ValueError, match="32 bits"):
        code_of(slip_id)


def test_another_key_gives_other_codes(settings):
    code = code_of(1648)
    settings.IDENTITY_HMAC_KEY = "another key"
    assert code_of(1648) != code
    assert slip_id_of(code) is None
