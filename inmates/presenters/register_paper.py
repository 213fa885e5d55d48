"""Rows of a long paper table, several to one row of the grid: a tenth of the time and the memory.

Called by the files of a payment register. In a row of several people every cell holds one line a
person, so nothing in it may wrap: what might not fit its column stands in a row of its own.
"""

from collections.abc import Iterable, Iterator, Sequence

# So many to one row of the grid, twice as many in a long list; a page breaks between rows only.
TOGETHER, LONG = 5, 1000
# The landscape page within its margins, the padding of a cell and the letters: as
# templates/documents/payment_register.typ and base.typ set them.
PAGE, PADDING, LETTER = 734.0, 7.0, 8.5
# Widths in shares of the letter, never less than Golos Text sets them.
WIDEST, CAPITAL, SMALL = 1.1, 0.78, 0.64
SHARES = {
    **dict.fromkeys("WШЩЖЮ№", WIDEST),
    **dict.fromkeys("MmwМФЫжшщ", 0.9),
    **dict.fromkeys("юфымцдң—", CAPITAL),
    **dict.fromkeys("abcdeghknopqsuvxyz0123456789−₸", SMALL),
    **dict.fromkeys("абвгеёзийклнопрстухчъьэяәғқөұүһі", SMALL),
    **dict.fromkeys('-()/"', 0.5),
    **dict.fromkeys(".,:; \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", 0.32),
}
# A word longer than any column may break after so many letters.
UNBROKEN = 8
BREAK = "\N{ZERO WIDTH SPACE}"
EMPTY = "\N{NO-BREAK SPACE}"


def paper_rows(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[list[str]]:
    """Rows of the grid, in order: cells of several lines, or of one person with breaks allowed."""
    room = [PAGE * width / sum(widths) - PADDING for width in widths]
    return list(_grouped(rows, room, TOGETHER * (1 + (len(rows) > LONG))))


def _grouped(
    rows: Iterable[Sequence[str]], room: Sequence[float], together: int
) -> Iterator[list[str]]:
    group: list[Sequence[str]] = []
    for cells in rows:
        is_long = not all(fits(text, space) for text, space in zip(cells, room, strict=True))
        if group and (is_long or len(group) == together):
            yield _joined(group)
            group = []
        if is_long:
            yield [
                text if fits(text, space) else breakable(text)
                for text, space in zip(cells, room, strict=True)
            ]
        else:
            group.append(cells)
    if group:
        yield _joined(group)


def _joined(group: Sequence[Sequence[str]]) -> list[str]:
    # An empty line has no height: a space keeps its place.
    return ["\n".join(text or EMPTY for text in column) for column in zip(*group, strict=True)]


def fits(text: str, space: float) -> bool:
    """Whether a text surely stands on one line of so many points."""
    if "\n" in text:
        return False
    if len(text) * WIDEST * LETTER <= space:
        return True
    return sum(_share(letter) for letter in text) * LETTER <= space


def _share(letter: str) -> float:
    """Of a letter nobody expects, the widest."""
    return SHARES.get(letter) or (CAPITAL if letter.isupper() else WIDEST)


def breakable(text: str) -> str:
    """The text with places to break in words that no column would hold."""
    return " ".join(
        BREAK.join(word[at : at + UNBROKEN] for at in range(0, len(word), UNBROKEN))
        for word in text.split(" ")
    )
