"""Check codes and numbers as people read and type them. Pure but for the randomness.

A code is 12 characters of Crockford's base 32 (60 bits), printed in three groups: it has neither
I, L, O nor U, and what a hand or a Cyrillic keyboard makes of a character is read back.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
# Latin letters that are left out, then the Cyrillic ones that look the same on paper.
READ_AS = str.maketrans("OILАВСЕНКМОРТХУ", "011ABCEHKM0PTXY")
NOISE = re.compile(r"[\W_]+")
NUMBER = re.compile(r"(\d{4})\D*(\d{1,9})", re.ASCII)


def new_code(length: int = LENGTH) -> str:
    """An unguessable code; a shorter one stands where the page behind it asks who reads."""
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def printed_code(code: str) -> str:
    """7KQF-92MT-XW4C: as it stands on paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def clean_code(typed: str, length: int = LENGTH) -> str:
    """The code that was meant, or nothing where it cannot be one."""
    code = NOISE.sub("", typed[:100]).upper().translate(READ_AS)
    return code if len(code) == length and set(code) <= set(ALPHABET) else ""


def clean_number(typed: str) -> str:
    """The number that was meant, 2026-00017, or nothing where it cannot be one."""
    bare = typed[:100].strip().lstrip("№#NnoO. \N{NO-BREAK SPACE}")
    found = NUMBER.fullmatch(bare)
    return f"{found[1]}-{int(found[2]):05d}" if found else ""
