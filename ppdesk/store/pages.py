"""The pages of a SQLCipher 4 file, without SQLCipher: does a key fit, though the first page does not?

A power cut in the middle of a write can leave the first page half old, half new. Then its earlier
state stands in the rollback journal, and SQLite will put it back; but to do so on behalf of a wrong
passphrase would change the file. So the key is tried on the journal's copy first.

Sources: https://www.sqlite.org/fileformat2.html#the_rollback_journal and
https://www.zetetic.net/sqlcipher/design/ (HMAC-SHA512 over the encrypted page, its initialization
vector and its number).
"""

import hashlib
import hmac
import struct
from pathlib import Path

PAGE_BYTES = 4096
_SALT, _IV, _MAC = 16, 16, 64
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER = struct.Struct(">8sIIIII")  # magic, records, nonce, pages before, sector size, page size


def fits(page: bytes, number: int, key: bytes | bytearray, salt: bytes) -> bool:
    """Whether `page` (4096 bytes as they lie on disk) was written under `key` as page `number`."""
    return holds(page, number, mac_key(key, salt))


def mac_key(key: bytes | bytearray, salt: bytes) -> bytes:
    """The key of the pages' HMACs."""
    return hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)


def holds(page: bytes, number: int, mac_key: bytes) -> bool:
    """The same for who asks of many pages."""
    if len(page) != PAGE_BYTES:
        return False
    start = _SALT if number == 1 else 0
    covered = page[start:-_MAC] + struct.pack("<I", number)
    return hmac.compare_digest(hmac.digest(mac_key, covered, "sha512"), page[-_MAC:])


def first_page_in(journal: Path) -> bytes | None:
    """The copy of page 1 in a rollback journal, None if the journal is absent, void or has none."""
    try:
        with journal.open("rb") as file:
            header = file.read(_HEADER.size)
            if len(header) < _HEADER.size:
                return None
            magic, _, _, _, sector, size = _HEADER.unpack(header)
            if magic != _JOURNAL_MAGIC or size != PAGE_BYTES:
                return None
            file.seek(sector)
            while len(record := file.read(4 + PAGE_BYTES + 4)) == 4 + PAGE_BYTES + 4:
                if record[:4] == b"\x00\x00\x00\x01":
                    return record[4:-4]
    except OSError:
        return None
    return None


def saved_in(journal: Path) -> tuple[dict[int, bytes], int | None]:
    """Every page in a rollback journal as it was before the write (not checked), and how many pages the
    file had then; None without such a journal."""
    saved: dict[int, bytes] = {}
    before = None
    try:
        with journal.open("rb") as file:
            while len(header := file.read(_HEADER.size)) == _HEADER.size:
                magic, records, _, count, sector, size = _HEADER.unpack(header)
                if magic != _JOURNAL_MAGIC or size != PAGE_BYTES or not sector:
                    break
                before = count if before is None else before
                file.seek(sector - _HEADER.size, 1)
                while records and len(record := file.read(PAGE_BYTES + 8)) == PAGE_BYTES + 8:
                    saved.setdefault(int.from_bytes(record[:4], "big"), record[4:-4])
                    records -= 1
                file.seek(-(-file.tell() // sector) * sector)
    except OSError:
        return {}, None
    return saved, before


def hot(journal: Path) -> bool:
    """Whether an unfinished write is waiting to be undone: a journal that is not empty or blanked."""
    try:
        with journal.open("rb") as file:
            return file.read(1) not in (b"", b"\x00")
    except OSError:
        return False
