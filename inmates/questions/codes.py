"""The code printed on a payslip, by which a question about it is asked from outside.

It is worked out of the payslip's id under a key and kept nowhere: who asks by it names neither the
person nor the month, and nobody makes one up. Pure but for the key. Codes are read and written as
those of papers are (portal.documents.codes).
"""

import hashlib
import hmac

from django.conf import settings

from portal.documents.codes import ALPHABET, LENGTH, clean_code

HALF = 30
HALF_MASK = (1 << HALF) - 1
# What of a right code is left when the id is taken out: one in 2^28 of those made up passes.
ID_BITS = 32
ROUNDS = 8
PURPOSE = b"question-code"


def code_of(slip_id: int) -> str:
    """Twelve characters; always the same for a payslip."""
    if not 0 < slip_id < 1 << ID_BITS:
        raise ValueError("a payslip's id has 32 bits")
    left, right = slip_id >> HALF, slip_id & HALF_MASK
    for place in range(ROUNDS):
        left, right = right, left ^ _mixed(place, right)
    number = (left << HALF) | right
    places = range(5 * (LENGTH - 1), -1, -5)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in places)


def slip_id_of(typed: str) -> int | None:
    """The payslip's id behind a code as somebody typed it; None where it is not a code of ours."""
    code = clean_code(typed)
    if not code:
        return None
    number = 0
    for char in code:
        number = (number << 5) | ALPHABET.index(char)
    left, right = number >> HALF, number & HALF_MASK
    for place in reversed(range(ROUNDS)):
        left, right = right ^ _mixed(place, left), left
    slip_id = (left << HALF) | right
    return slip_id if 0 < slip_id < 1 << ID_BITS else None


def _mixed(place: int, half: int) -> int:
    """30 bits that nobody knows without the key."""
    message = PURPOSE + bytes([place]) + half.to_bytes(4)
    digest = hmac.digest(settings.IDENTITY_HMAC_KEY.encode(), message, hashlib.sha256)
    return int.from_bytes(digest[:4]) & HALF_MASK
