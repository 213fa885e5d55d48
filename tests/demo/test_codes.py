"""Invented numbers pass their checks and can belong to nobody."""

from datetime import date

import pytest

from portal.demo.codes import demo_bin, demo_iban, demo_iin
from portal.demo.sources import read_data
from portal.kernel.identifiers import check_bin, check_iban, check_iin

BORN = date(1990, 5, 17)


@pytest.mark.parametrize("serial", [0, 1, 101, 604, 9999])
def test_bin_is_valid_and_registered_in_the_future(serial):
    number = demo_bin(serial)
    check_bin(number)
    assert number.startswith("3501")


def test_bins_of_the_demo_differ():
    serials = [row["serial"] for row in read_data("organisations")["rows"]]
    assert len(set(serials)) == len(serials)
    assert len({demo_bin(serial) for serial in range(2000)}) == 2000


@pytest.mark.parametrize(("is_woman", "seventh"), [(False, "1"), (True, "2")])
def test_iin_is_valid_and_of_the_nineteenth_century(is_woman, seventh):
    number = demo_iin(BORN, 7, is_woman=is_woman)
    check_iin(number)
    assert number[:7] == f"900517{seventh}"


def test_iins_of_one_birthday_differ():
    assert len({demo_iin(BORN, serial) for serial in range(200)}) == 200


def test_serial_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="serial"):
        demo_bin(10_000)
    with pytest.raises(ValueError, match="serial"):
        demo_iin(BORN, -1)


@pytest.mark.parametrize("serial", [0, 201, 10_277, 999_999])
def test_iban_is_valid_at_no_bank(serial):
    number = demo_iban(serial)
    check_iban(number)
    assert number[4:7] == "999"
