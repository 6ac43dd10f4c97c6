"""The rows of a damaged project file, found page by page, without the tree that leads to them.

A page holds when its HMAC does (see pages.py); it is then decrypted (AES-256 in CBC mode) and, if it is
a leaf or an inner page of an index, its cells are read. To which table a row belongs is told by its shape
alone: what it says must be proved by its hash afterwards, so a wrong guess does no harm.

Sources: https://www.sqlite.org/fileformat2.html (b-tree pages, records, overflow) and
https://www.zetetic.net/sqlcipher/design/.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ppdesk.store import pages
from ppdesk.store.access import Key
from ppdesk.store.connection import journal

Value = int | float | str | bytes | None
_USABLE = pages.PAGE_BYTES - 80  # without initialization vector and HMAC
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}  # bytes of a serial type


@dataclass(frozen=True)
class Cell:
    """Where a row lies. `local` is what of it lies on its own page, `size` all of it, in bytes."""

    table: bool
    local: bytes
    size: int
    overflow: int  # the first page of the rest, 0 if there is none


class Pages:
    """The pages of a file that hold, each decrypted when asked for. `damaged` counts the others."""

    def __init__(self, path: Path, key: Key) -> None:
        self._file = path.open("rb")
        self._key = key
        self._mac = pages.mac_key(key.key, key.salt)
        self._saved, before = pages.saved_in(journal(path))  # an unfinished write: as it was before it
        size = os.fstat(self._file.fileno()).st_size
        self.count = -(-size // pages.PAGE_BYTES) if before is None else before
        self.damaged: list[int] = []

    def close(self) -> None:
        self._file.close()

    def fits_any(self) -> bool:
        """Whether a page of the file was written under the key."""
        return any(self._raw(number) is not None for number in range(1, self.count + 1))

    def cells(self) -> Iterator[Cell]:
        """Every cell of every page that holds and may have rows."""
        self.damaged = []
        for number in range(1, self.count + 1):
            page = self.page(number)
            if page is None:
                self.damaged.append(number)
            else:
                yield from _cells(page, 100 if number == 1 else 0)

    def page(self, number: int) -> bytes | None:
        """The plain content of a page, None if it does not hold."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        raw = self._raw(number)
        if raw is None:
            return None
        start = 16 if number == 1 else 0
        cipher = Cipher(algorithms.AES256(bytes(self._key.key)), modes.CBC(raw[_USABLE : _USABLE + 16]))
        decryptor = cipher.decryptor()
        return bytes(start) + decryptor.update(raw[start:_USABLE]) + decryptor.finalize()

    def first_values(self, cell: Cell) -> tuple[int, list[Value]]:
        """How many values a row has, and the first four of them as far as they lie on its own page."""
        found: list[Value] = []
        try:
            kinds, at = _kinds(cell.local)
        except IndexError:
            return 0, found
        try:
            for value in _values(cell.local, kinds[:4], at):
                found.append(value)  # what came before an error is kept
        except (IndexError, KeyError, UnicodeDecodeError):
            return len(kinds), found  # the rest lies on other pages
        return len(kinds), found

    def record(self, cell: Cell) -> list[Value] | None:
        """The values of a row, None if a part of it is lost or it is no record."""
        data = bytearray(cell.local)
        following = cell.overflow
        while len(data) < cell.size:
            page = self.page(following) if 1 <= following <= self.count else None
            if page is None:
                return None
            data += page[4 : min(_USABLE, 4 + cell.size - len(data))]
            following = int.from_bytes(page[:4], "big")
        try:
            return list(_values(bytes(data), *_kinds(data)))
        except (IndexError, KeyError, UnicodeDecodeError):
            return None

    def _raw(self, number: int) -> bytes | None:
        saved = self._saved.get(number, b"")
        if pages.holds(saved, number, self._mac):
            return saved
        try:
            self._file.seek((number - 1) * pages.PAGE_BYTES)
            raw = self._file.read(pages.PAGE_BYTES)
        except OSError:  # the drive cannot read it either
            return None
        return raw if pages.holds(raw, number, self._mac) else None


def _cells(page: bytes, start: int) -> Iterator[Cell]:
    kind = page[start]
    if kind not in {_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER}:
        return
    table = kind == _TABLE_LEAF
    pointers = start + (12 if kind == _INDEX_INNER else 8)
    for slot in range(int.from_bytes(page[start + 3 : start + 5], "big")):
        at = int.from_bytes(page[pointers + 2 * slot : pointers + 2 * slot + 2], "big")
        try:
            at += 4 if kind == _INDEX_INNER else 0
            size, at = _varint(page, at)
            if table:
                _, at = _varint(page, at)  # the row's number, which is the event's too
        except IndexError:
            continue
        local = _local(size, table=table)
        whole = local == size
        overflow = 0 if whole else int.from_bytes(page[at + local : at + local + 4], "big")
        yield Cell(table, page[at : at + local], size, overflow)


def _local(size: int, *, table: bool) -> int:
    """How many bytes of a record of `size` lie on its own page (file format, section 1.6)."""
    largest = _USABLE - 35 if table else (_USABLE - 12) * 64 // 255 - 23
    if size <= largest:
        return size
    least = (_USABLE - 12) * 32 // 255 - 23
    local = least + (size - least) % (_USABLE - 4)
    return local if local <= largest else least


def _kinds(data: bytes | bytearray) -> tuple[list[int], int]:
    """The types of a record's values, and where the values begin."""
    head, at = _varint(data, 0)
    kinds = []
    while at < head:
        kind, at = _varint(data, at)
        kinds.append(kind)
    return kinds, head


def _values(data: bytes, kinds: list[int], at: int) -> Iterator[Value]:
    for kind in kinds:
        width = _WIDTHS[kind] if 0 < kind < 10 else 0 if kind == 0 else (kind - 12) // 2
        piece = data[at : at + width]
        if len(piece) < width:
            raise IndexError
        at += width
        yield _value(kind, piece)


def _value(kind: int, piece: bytes) -> Value:
    if kind == 0:
        return None
    if kind >= 12:
        return piece if kind % 2 == 0 else piece.decode()
    if kind == 7:
        import struct

        return float(struct.unpack(">d", piece)[0])
    return kind - 8 if kind in {8, 9} else int.from_bytes(piece, "big", signed=True)


def _varint(data: bytes | bytearray, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    raise IndexError
