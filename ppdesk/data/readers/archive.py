"""Zip archives that nobody vouches for: looked at before anything is unpacked."""

import zipfile

from ppdesk.data.bounds import FREE_UNPACKED, MOST_RATIO, MOST_UNPACKED
from ppdesk.data.errors import PackedTooTightError, ProtectedFileError, TooLargeError

_MOST_PARTS = 10_000


def check_parts(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Whether the archive of `size` bytes is one that is unpacked. What it says of itself is held to later:
    zipfile gives no more bytes of a part than declared, and checks their sum (CRC-32) at its end.

    ProtectedFileError, TooLargeError, PackedTooTightError.
    """
    unpacked = sum(info.file_size for info in entries)
    if any(info.flag_bits & 1 for info in entries):
        raise ProtectedFileError()
    if len(entries) > _MOST_PARTS:
        raise TooLargeError(what=f"{len(entries):,} parts", most=f"{_MOST_PARTS:,}")
    if unpacked > MOST_UNPACKED:
        raise TooLargeError(what=f"{unpacked >> 20:,} MiB unpacked", most=f"{MOST_UNPACKED >> 20:,} MiB")
    if unpacked > FREE_UNPACKED and unpacked > MOST_RATIO * size:
        raise PackedTooTightError(ratio=unpacked // max(size, 1))
