"""Sealed files: what was written is read, nothing of it stands on the disk, no part passes."""

import zipfile
from io import BytesIO

import pytest

from portal.kernel.sealed import LENGTH, PIECE, SealBroken, SealedWriter, unsealed


def sealed(*parts: bytes) -> bytes:
    file = BytesIO()
    writer = SealedWriter(file)
    for part in parts:
        writer.write(part)
    writer.close()
    return file.getvalue()


def opened(content: bytes) -> bytes:
    return b"".join(unsealed(BytesIO(content)))


def pieces(content: bytes) -> list[bytes]:
    """The sealed pieces with their lengths before them."""
    found, file = [], BytesIO(content)
    while head := file.read(LENGTH.size):
        found.append(head + file.read(LENGTH.unpack(head)[0]))
    return found


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_what_was_sealed_is_read_again(size: int):
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    assert opened(sealed(content)) == content


def test_many_small_writes_are_one_stream():
    parts = [f"row {place}\n".encode() * 40 for place in range(5_000)]
    assert opened(sealed(*parts)) == b"".join(parts)


def test_a_name_is_not_on_the_disk():
    content = "Ахметов Нұрлан Тестұлы ".encode() * 1000
    assert "Ахметов".encode() not in sealed(content)


def test_the_same_content_is_sealed_differently_each_time():
    assert sealed(b"the same") != sealed(b"the same")


def test_it_is_written_piece_by_piece():
    file = BytesIO()
    writer = SealedWriter(file)
    writer.write(b"x" * (PIECE + 1))
    assert PIECE < len(file.getvalue()) < 2 * PIECE
    assert writer.size == PIECE + 1
    writer.close()
    assert len(pieces(file.getvalue())) == 2


def test_an_archive_is_sealed_as_it_is_made():
    file = BytesIO()
    writer = SealedWriter(file)
    with zipfile.ZipFile(writer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.pdf", b"1" * 100_000)
        archive.writestr("two.pdf", b"2" * 100_000)
    writer.close()
    with zipfile.ZipFile(BytesIO(opened(file.getvalue()))) as read:
        assert read.testzip() is None
        assert read.namelist() == ["one.pdf", "two.pdf"]
        assert read.read("two.pdf") == b"2" * 100_000
    assert writer.size == len(opened(file.getvalue()))


def test_a_file_cut_short_is_not_read():
    whole = sealed(b"a" * (2 * PIECE + 5))
    for cut in (0, 1, LENGTH.size, len(whole) // 2, len(whole) - 1):
        with pytest.raises(SealBroken):
            opened(whole[:cut])


def test_a_file_without_its_last_piece_is_not_read():
    with pytest.raises(SealBroken):
        opened(b"".join(pieces(sealed(b"a" * (2 * PIECE + 5)))[:-1]))


def test_pieces_in_another_order_are_not_read():
    first, second, third = pieces(sealed(b"a" * (2 * PIECE + 5)))
    with pytest.raises(SealBroken):
        opened(second + first + third)


def test_pieces_of_two_files_are_not_read_as_one():
    one = pieces(sealed(b"a" * (PIECE + 5)))
    other = pieces(sealed(b"b" * (PIECE + 5)))
    with pytest.raises(SealBroken):
        opened(one[0] + other[1])


def test_something_after_the_end_is_not_passed_over():
    with pytest.raises(SealBroken):
        opened(sealed(b"whole") + b"x")


def test_a_changed_byte_is_seen():
    whole = bytearray(sealed(b"a" * 5_000))
    whole[len(whole) // 2] ^= 1
    with pytest.raises(SealBroken):
        opened(bytes(whole))


def test_an_absurd_length_is_not_read_into_memory():
    with pytest.raises(SealBroken):
        opened(LENGTH.pack(2**31) + b"x" * 100)


def test_another_key_does_not_open_it(settings):
    whole = sealed(b"secret")
    settings.SALT_KEY = "another key of identity columns"
    with pytest.raises(SealBroken):
        opened(whole)
