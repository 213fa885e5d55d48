"""Files that hold names, sealed on disk: pieces of a mebibyte under the key of identity columns.

Written and read as a stream by services that keep an archive for a while: neither the file nor its
secret is ever whole in memory. A file cut short, or pieced together of others, is not read.
"""

import secrets
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.fernet import InvalidToken
from encrypted_fields.fields import EncryptedTextField

PIECE = 1024 * 1024
LENGTH = struct.Struct(">I")
# Of every piece, inside the seal: the file it belongs to, its place in it, whether it is the last.
HEAD = struct.Struct(">16sQ?")
# A piece sealed is a third larger, and never more than this.
MOST = 2 * PIECE


class SealBroken(Exception):
    """The file is damaged, cut short or sealed under another key."""


def _seal() -> Any:
    """The cipher of the identity columns, made anew: what changes its keys changes ours."""
    return EncryptedTextField().f


class SealedWriter:
    """Takes bytes as a file does and writes them sealed; `close` seals the end, once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._seal = _seal()
        self._mark = secrets.token_bytes(16)
        self._place = 0
        self._waiting = bytearray()
        self.size = 0

    def write(self, content: bytes) -> int:
        """Keep the bytes, and write every piece that is full by now."""
        self._waiting += content
        self.size += len(content)
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(content)

    def flush(self) -> None:
        """What is not a piece yet waits: an archive flushes after each file in it."""

    def close(self) -> None:
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, content: bytes, *, is_last: bool) -> None:
        token = self._seal.encrypt(HEAD.pack(self._mark, self._place, is_last) + content)
        self._file.write(LENGTH.pack(len(token)) + token)
        self._place += 1


def unsealed(file: BinaryIO) -> Iterator[bytes]:
    """The bytes that were sealed, piece by piece; `SealBroken` where the file is not whole."""
    seal, mark, place, is_last = _seal(), b"", 0, False
    while not is_last:
        try:
            content = seal.decrypt(_token(file))
        except InvalidToken as error:
            raise SealBroken from error
        found, at, is_last = HEAD.unpack_from(content)
        if at != place or (mark and found != mark):
            raise SealBroken
        mark, place = found, place + 1
        yield content[HEAD.size :]
    if file.read(1):
        raise SealBroken


def _token(file: BinaryIO) -> bytes:
    head = file.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise SealBroken
    (length,) = LENGTH.unpack(head)
    token = file.read(length) if length <= MOST else b""
    if len(token) < length or not token:
        raise SealBroken
    return token
