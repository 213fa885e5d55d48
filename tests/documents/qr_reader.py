"""Reads a QR code from a picture of the paper, by the standard and not by the library that drew it.

Enough for our addresses: versions 1 to 6, byte mode, an undamaged print (so no error correction).
"""

from itertools import pairwise

from PIL import Image

# Data codewords of each block, by version and error level (ISO/IEC 18004, table 9).
BLOCKS = {
    (2, "L"): [34], (2, "M"): [28], (2, "Q"): [22],
    (3, "L"): [55], (3, "M"): [44], (3, "Q"): [17, 17],
    (4, "L"): [80], (4, "M"): [32, 32], (4, "Q"): [24, 24],
    (5, "L"): [108], (5, "M"): [43, 43],
    (6, "L"): [68, 68], (6, "M"): [27, 27, 27, 27],
}  # fmt: skip
LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
FORMAT_MASK = 0b101010000010010
MASKS = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)
Modules = list[list[bool]]


def modules_of(picture: Image.Image) -> Modules:
    """The modules of the topmost code in a picture; nothing else stands at its height."""
    dark = [
        [picture.getpixel((x, y)) < 128 for x in range(picture.width)]
        for y in range(picture.height)
    ]
    rows = [y for y, line in enumerate(dark) if any(line)]
    top = rows[0]
    # Below the code is its quiet zone: the first white line ends it.
    bottom = next((before for before, after in pairwise(rows) if after > before + 1), rows[-1])
    lines = dark[top : bottom + 1]
    left = min(line.index(True) for line in lines if any(line))
    right = max(len(line) - 1 - line[::-1].index(True) for line in lines if any(line))
    # The finder's upper edge is seven modules long.
    edge = lines[0][left:].index(False)
    count = round((right - left + 1) / (edge / 7))
    step = (right - left + 1) / count
    middle = [int((number + 0.5) * step) for number in range(count)]
    return [[lines[y][left + x] for x in middle] for y in middle]


def read(modules: Modules) -> str:
    """The text of the code."""
    size = len(modules)
    version = (size - 17) // 4
    level, mask = _format_of(modules)
    bits = _data_bits(modules, version, mask)
    words = [int("".join(bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    stream = "".join(f"{word:08b}" for word in _in_order(words, BLOCKS[version, level]))
    if stream[:4] != "0100":
        raise ValueError("not in byte mode")
    count = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * n : 20 + 8 * n], 2) for n in range(count)).decode()


def _format_of(modules: Modules) -> tuple[str, int]:
    cells = [(8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)]
    cells += [(row, 8) for row in (7, 5, 4, 3, 2, 1, 0)]
    bits = "".join("1" if modules[row][column] else "0" for row, column in cells)
    told = int(bits, 2) ^ FORMAT_MASK
    return LEVELS[told >> 13], told >> 10 & 0b111


def _is_function(row: int, column: int, size: int, version: int) -> bool:
    """Finders with their format strips, timing, and from version 2 one alignment pattern."""
    far = size - 8
    if (row < 9 and column < 9) or (row < 9 and column >= far) or (row >= far and column < 9):
        return True
    if 6 in (row, column):
        return True
    centre = size - 7
    return version > 1 and abs(row - centre) <= 2 and abs(column - centre) <= 2


def _data_bits(modules: Modules, version: int, mask: int) -> list[str]:
    """Two columns at a time from the right, up and down, past the timing column."""
    size, bits, upward = len(modules), [], True
    column = size - 1
    while column > 0:
        if column == 6:
            column -= 1
        for step in range(size):
            row = size - 1 - step if upward else step
            bits += [
                "1" if modules[row][one] != MASKS[mask](row, one) else "0"
                for one in (column, column - 1)
                if not _is_function(row, one, size, version)
            ]
        upward, column = not upward, column - 2
    return bits


def _in_order(words: list[int], blocks: list[int]) -> list[int]:
    """The words of the blocks, which stand interleaved, one block after the other."""
    count = len(blocks)
    return [
        words[at * count + block] for block, length in enumerate(blocks) for at in range(length)
    ]
