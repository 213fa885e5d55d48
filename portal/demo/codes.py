"""Invented numbers that pass their checks and yet can belong to nobody. Pure.

A BIN says the organisation was registered in 2035; the seventh digit of an IIN is 1 or 2, a man
or a woman born in the 19th century.
"""

from datetime import date

from portal.kernel.identifiers import make_check_digit

BIN_HEAD = "350140"
DEMO_BANK = "999"


def demo_bin(serial: int) -> str:
    """A BIN by a serial number below 10 000; different serials give different numbers."""
    return _with_check_digit(BIN_HEAD, serial, places=4)


def demo_iin(born_on: date, serial: int, *, is_woman: bool = False) -> str:
    """An IIN by the date of birth and a serial number below 1 000."""
    return _with_check_digit(f"{born_on:%y%m%d}{2 if is_woman else 1}", serial, places=3)


def _with_check_digit(head: str, serial: int, *, places: int) -> str:
    """Eleven digits end in the serial and one digit more: some numbers have no check digit."""
    if not 0 <= serial < 10**places:
        raise ValueError("the serial number does not fit")
    for spare in range(10):
        first11 = f"{head}{serial:0{places}d}{spare}"
        digit = make_check_digit(first11)
        if digit is not None:
            return f"{first11}{digit}"
    raise ValueError("no such number has a check digit")


def demo_iban(serial: int) -> str:
    """An IBAN at a bank that does not exist."""
    account = f"{DEMO_BANK}{serial:013d}"
    # K = 20, Z = 35: the country and two zeros go to the end before the division by 97.
    check = 98 - int(f"{account}203500") % 97
    return f"KZ{check:02d}{account}"
