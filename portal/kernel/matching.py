"""What somebody typed into a search box, made comparable. Pure; the database folds the same way.

Kazakh letters count as the Russian ones that a keyboard without them has, ё as е, an accented
Latin letter as the bare one. `search_fold` of the database (a migration of workshops) is the same
table, and a test holds the two together.
"""

import re
from dataclasses import dataclass

FOLDED_FROM = "ёәғқңөұүһіàáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
FOLDED_TO = "еагкноуухиaaaaaaceeeeiiiinooooouuuuyy"
_FOLD = str.maketrans(FOLDED_FROM, FOLDED_TO)
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^\W_]+|[\W_]+")
# The same keys of the two keyboards, and the letters of the two alphabets.
_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN_KEYS = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN_KEYS = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)
_SOUNDS = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("yu", "ю"), ("ya", "я"), ("yo", "е"), ("a", "а"), ("b", "б"), ("v", "в"), ("g", "г"),
    ("d", "д"), ("e", "е"), ("z", "з"), ("i", "и"), ("j", "ж"), ("k", "к"), ("l", "л"), ("m", "м"),
    ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"),
    ("h", "х"), ("c", "ц"), ("y", "ы"), ("w", "в"), ("x", "кс"), ("q", "к"),
)  # fmt: skip
_TO_LATIN = {cyrillic: latin for latin, cyrillic in reversed(_SOUNDS)} | {
    "е": "e", "й": "i", "э": "e", "х": "h", "ъ": "", "ь": "",
}  # fmt: skip

LONGEST = 100
MOST_WORDS = 8
SHORTEST_WORD = 2
# Of the pieces of a word so many agree: one letter left out, added or mistaken in a word of six.
ALIKE = 0.42
COMMON = 0.35


def fold(text: str) -> str:
    """Lower case, without the differences that a reader overlooks."""
    return text.lower().translate(_FOLD)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words worth looking for: of two letters, or a number."""
    found = (word for word in _WORD.findall(fold(text)) if len(word) <= LONGEST)
    return tuple(
        word for word in found if len(word) >= SHORTEST_WORD or word.isdecimal()
    )[:MOST_WORDS]  # fmt: skip


def beginning_of(word: str) -> str:
    """What forms of a word begin with: a Kazakh қ, к or п softens before an ending."""
    return word[:-1] if len(word) > 5 and word[-1] in "кп" else word


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: as typed, its words, and what else may have been meant."""

    typed: str
    words: tuple[str, ...] = ()
    variants: tuple[tuple[str, ...], ...] = ()
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.typed

    @property
    def is_too_short(self) -> bool:
        return bool(self.typed) and not self.words


def asked_of(typed: str) -> Asked:
    """Read a query of any length and kind."""
    clean = " ".join(typed.replace("\0", " ").split())
    short = clean[:LONGEST].strip()
    words = words_of(short)
    return Asked(short, words, _variants(short, words), is_cut=len(clean) > LONGEST)


def _variants(typed: str, words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The words, the same keys on the other keyboard, the same sounds in the other alphabet."""
    lower = typed.lower()
    candidates = [
        words,
        words_of(lower.translate(_TO_RUSSIAN_KEYS)) if lower.isascii() else (),
        words_of(lower.translate(_TO_LATIN_KEYS)) if not lower.isascii() else (),
        tuple(_in_cyrillic(word) for word in words),
        tuple(_in_latin(word) for word in words),
    ]
    return tuple(dict.fromkeys(one for one in candidates if one))


def _in_cyrillic(word: str) -> str:
    for latin, cyrillic in _SOUNDS:
        word = word.replace(latin, cyrillic)
    return word


def _in_latin(word: str) -> str:
    return "".join(_TO_LATIN.get(letter, letter) for letter in word)


def _pieces(word: str) -> set[str]:
    """The trigrams of a word as pg_trgm makes them."""
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _is_alike(word: str, asked: str) -> bool:
    """Whether enough of what was asked for is in the word, and of both is common."""
    ours, theirs = _pieces(asked), _pieces(word)
    common = len(ours & theirs)
    return common >= ALIKE * len(ours) and common >= COMMON * len(ours | theirs)


def _agrees(word: str, asked: str) -> bool:
    """Whether a folded word is the one asked for, in another form or with a slip."""
    root = asked[: max(4, len(asked) - 2)]
    return word.startswith(root) or (len(asked) > 3 and _is_alike(word, asked))


def finds(text: str, asked: Asked) -> bool:
    """Whether every word of some variant is in the text."""
    inside = _WORD.findall(fold(text))
    return any(
        all(any(_agrees(word, one) for word in inside) for one in variant)
        for variant in asked.variants
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; the template escapes it and marks what was found."""

    text: str
    is_found: bool


def marked(text: str, asked: Asked) -> list[Piece]:
    """The text in pieces that put together are the text again."""
    wanted = {one for variant in asked.variants for one in variant}
    pieces: list[Piece] = []
    for run in _PIECE.findall(text):
        is_found = run[0].isalnum() and any(_agrees(fold(run), one) for one in wanted)
        if pieces and pieces[-1].is_found == is_found:
            pieces[-1] = Piece(pieces[-1].text + run, is_found)
        else:
            pieces.append(Piece(run, is_found))
    return pieces
