"""Secrets of terminals: made here, hashed here, written in the clear nowhere. Pure.

A device's cookie, a visit's cookie and an activation code are long and random: a plain digest is
enough. A PIN is short: it is hashed as passwords are.
"""

import hashlib
import secrets
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password

from inmates.terminal.limits import PIN_LENGTH

CODE_LENGTH = 10
DIGITS = "0123456789"


def new_token() -> str:
    """The value of a cookie: 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What of a token or a code is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """A code of activation: ten digits."""
    return "".join(secrets.choice(DIGITS) for _ in range(CODE_LENGTH))


def new_pin() -> str:
    """A PIN for a letter, none of those that are guessed first."""
    while True:
        pin = "".join(secrets.choice(DIGITS) for _ in range(PIN_LENGTH))
        if not is_easy(pin):
            return pin


def is_easy(pin: str) -> bool:
    """One or two digits over and over, a run up or down, the same three digits twice."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    half = len(pin) // 2
    return len(set(pin)) < 3 or steps in ({1}, {-1}) or pin[:half] == pin[half:]


def hash_pin(pin: str) -> str:
    return make_password(pin)


def is_right_pin(pin: str, secret: str | None) -> bool:
    """Whether it is the PIN; without one to compare it takes as long and is wrong."""
    if secret is None:
        make_password(pin)
        return False
    return check_password(pin, secret)
