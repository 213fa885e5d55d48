"""Sort keys of names and titles in the Russian and Kazakh alphabets.

The database compares bytes (C.UTF-8), which puts Ә, Қ and Ё in the wrong place; a key stored
beside the name compares as a reader expects. Order: space, numbers, Cyrillic, Latin, the rest.
"""

import unicodedata
from itertools import groupby

KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LATIN = "abcdefghijklmnopqrstuvwxyz"
# One block above ASCII, in the order wanted: UTF-8 bytes compare as code points do.
RANKS = {letter: chr(0x0410 + rank) for rank, letter in enumerate(KAZAKH + LATIN)}
OTHER = "\u05ff"
# Below the space, so that it never decides between two different words.
TIE = "\t"
APOSTROPHES = "'’ʼ`"


def sort_key_ru(text: str) -> str:
    """Russian order: ё counts as е unless nothing else differs; Kazakh letters in their places."""
    folded = _folded(text)
    key = _key(folded.replace("ё", "е"))
    letters = "".join(char for char in folded if char.isalpha())
    marks = "".join("1" if char == "ё" else "0" for char in letters)
    return f"{key}{TIE}{marks}" if "1" in marks else key


def sort_key_kk(text: str) -> str:
    """Kazakh order: every letter of the alphabet in its own place."""
    return _key(_folded(text))


def _folded(text: str) -> str:
    """Lower case; composed letters as the alphabets write them."""
    return unicodedata.normalize("NFC", text.casefold())


def _key(folded: str) -> str:
    spaced = "".join(
        char if char.isalnum() else "" if char in APOSTROPHES else " " for char in folded
    )
    return " ".join(_word_key(word) for word in spaced.split())


def _word_key(word: str) -> str:
    return "".join(
        _number_key("".join(run)) if is_number else "".join(map(_letter_key, run))
        for is_number, run in groupby(word, key=str.isdecimal)
    )


def _number_key(digits: str) -> str:
    """A number by its length, then its digits: 9 before 13, 007 with 7."""
    number = str(int(digits[:90]))
    return f"{len(number):02d}{number}"


def _letter_key(char: str) -> str:
    """The rank of a letter; an accented Latin letter counts as the bare one."""
    if char in RANKS:
        return RANKS[char]
    base = unicodedata.normalize("NFKD", char)
    return "".join(RANKS.get(part, "") for part in base) or OTHER + char
