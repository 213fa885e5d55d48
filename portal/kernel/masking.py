"""What must not stand in a log: identities in texts, in known keys and in what was just typed.

Pure: values in, values out. Called by the processors of logs.py for every line, whoever wrote it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MASK = "***"
# Keys whose value is an identity or a secret, whatever it looks like.
IDENTITY_KEYS = frozenset(
    {
        *("address", "authorization", "born_on", "contact", "cookie", "csrfmiddlewaretoken", "fio"),
        *("first_name", "full_name", "last_name", "login", "middle_name", "mobile", "name"),
        *("patronymic", "recipient", "sessionid", "surname", "telephone", "username"),
    }
)
# The same as a part of a longer key: `contact_phone`, `password1` is told by its beginning.
IDENTITY_PARTS = frozenset({"email", "iban", "iin", "passport", "phone", "secret", "token"})
# Ids made by us that may by chance hold twelve digits in a row.
SAFE_KEYS = frozenset({"request_id", "task_run", "timestamp", "logger", "level"})

_UPPER, _LOWER = "А-ЯЁӘҒҚҢӨҰҮҺІ", "а-яёәғқңөұүһі"
_WORD = f"(?:[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)?|[{_UPPER}]{{3,}})"
_INITIALS = rf"[{_UPPER}]\.(?:\s?[{_UPPER}]\.)?"
_SECRETS = (
    # IIN, BIN and what may be one, also written in two halves.
    re.compile(r"(?<!\d)\d{6}[ \-]?\d{6}(?!\d)"),
    # Begun where a word begins and never tried again inside it: a long line costs its length.
    re.compile(r"(?<![\w.+\-])[\w.+\-]++@[\w\-]+(?:\.[\w\-]+)+"),
    re.compile(r"(?<![\w+])\+?[78][ \-]?\(?7\d\d\)?[ \-]?\d{3}[ \-]?\d{2}[ \-]?\d{2}(?!\d)"),
    re.compile(r"\bKZ\d{2}[0-9A-Z]{16}\b"),
    # Two or three capitalised Cyrillic words, or one with initials: our own lines are English.
    re.compile(rf"(?<!\w){_WORD}(?:\s+{_WORD}){{1,2}}(?!\w)"),
    re.compile(rf"(?<!\w)(?:{_WORD}\s+{_INITIALS}|{_INITIALS}\s?{_WORD})"),
    # PostgreSQL quotes the whole row that it refused.
    re.compile(r"(?<=DETAIL:)[^\n]*"),
)


def mask_text(text: str, typed: Iterable[str] = ()) -> str:
    """The text without identities; `typed` are values to hide wherever they stand."""
    for value in typed:
        text = text.replace(value, MASK)
    for secret in _SECRETS:
        text = secret.sub(MASK, text)
    return text


def is_identity_key(key: str) -> bool:
    """Whether a key, by its name alone, holds something about a person or a secret."""
    plain = key.casefold().replace("-", "_")
    parts = set(plain.split("_"))
    return (
        plain in IDENTITY_KEYS
        or bool(parts & IDENTITY_PARTS)
        or plain.startswith(("password", "pwd"))
    )


def mask_value(value: Any, typed: Iterable[str] = ()) -> Any:
    """The value fit for a log: containers walked through, strange objects as their masked text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return MASK if 10**11 <= value < 10**12 else value
    if isinstance(value, str):
        return mask_text(value, typed)
    if isinstance(value, Mapping):
        return mask_mapping(value, typed)
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(one, typed) for one in value]
    return mask_text(repr(value), typed)


def mask_mapping(values: Mapping[Any, Any], typed: Iterable[str] = ()) -> dict[str, Any]:
    """The mapping with the values of identity keys hidden and the others masked."""
    return {str(key): _mask_entry(str(key), value, typed) for key, value in values.items()}


def _mask_entry(key: str, value: Any, typed: Iterable[str]) -> Any:
    if key in SAFE_KEYS:
        return value
    return MASK if is_identity_key(key) and value else mask_value(value, typed)
