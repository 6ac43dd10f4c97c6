"""How a text file's bytes mean characters, over all of its bytes.

Told apart is what can be: a byte order mark, valid UTF-8, and windows-1252 from the ISO 8859 family where
bytes stand that the latter has only control characters for. Nothing else about single-byte encodings is
decidable without knowing the words, so it is a doubt.
"""

import codecs
from collections.abc import Callable
from pathlib import Path

from ppdesk.data.detection.detected import Doubt
from ppdesk.data.errors import EmptyFileError, WrongEncodingError
from ppdesk.data.readers.csv_blocks import Encoding, pieces_of

_NOT_1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # bytes without a character in windows-1252
_LATIN_9 = (0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE)  # where ISO 8859-15 differs from 8859-1
_MOSTLY = 100  # sequences that are UTF-8 for each that is not, from which a file is damaged UTF-8


def detect_encoding(
    path: Path, cancelled: Callable[[], bool] = lambda: False
) -> tuple[Encoding, str, list[Doubt]]:
    """(encoding, reason, doubts). WrongEncodingError for UTF-16 without a byte order mark."""
    import numpy as np

    counts, zeros = np.zeros(256, dtype=np.int64), [0, 0]
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wrong = real = wide = at = 0
    for piece in pieces_of(path, cancelled):
        if at == 0 and piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return Encoding.UTF_16, "The file begins with the byte order mark of UTF-16.", []
        codes = np.frombuffer(piece, np.uint8)
        if b"\0" in piece:
            for odd in (0, 1):
                zeros[(at + odd) % 2] += int(np.count_nonzero(codes[odd::2] == 0))
        plain = piece.isascii()
        if not plain:  # only what is not ASCII tells encodings apart
            counts += np.bincount(codes, minlength=256)
        if not plain or wrong or decoder.getstate()[0]:
            text = decoder.decode(piece)
            wrong += text.count("\ufffd")
            real += piece.count(b"\xef\xbf\xbd")
            wide += len(text) - int(np.count_nonzero(codes < 0x80))
        if at == 0 and piece[:3] == codecs.BOM_UTF8:
            wide -= 1
        at += len(piece)
    if at == 0:
        raise EmptyFileError()
    if 2 * max(zeros) > at // 2:  # every other byte
        raise WrongEncodingError(row=1, column=1, encoding="UTF-8 or marked UTF-16")
    wrong = max(0, wrong + decoder.decode(b"", final=True).count("\ufffd") - real)
    if not wrong:
        some = "every byte of the file is" if wide > 0 else "it holds ASCII only, which is"
        return Encoding.UTF_8, f"Encoding UTF-8: {some} valid UTF-8.", []
    if wide - wrong > _MOSTLY * wrong:
        told = f"{wrong:,} places are not UTF-8, and all others are: the file may be damaged there."
        return Encoding.UTF_8, "Encoding UTF-8, for nearly all.", [_doubt(told)]
    return _single_byte(counts.tolist())


def _single_byte(counts: list[int]) -> tuple[Encoding, str, list[Doubt]]:
    not_utf8 = "The file is not UTF-8."
    check = "Look whether letters with accents come out right."
    if any(counts[code] for code in _NOT_1252):
        told = f"Some bytes have no character in windows-1252; iso-8859-1 takes any byte. {check}"
        return Encoding.LATIN_1, not_utf8, [_doubt(told)]
    if any(counts[0x80:0xA0]):
        reason = f"{not_utf8} Bytes 80 to 9F are characters in windows-1252 and not in ISO 8859."
        return Encoding.WINDOWS_1252, reason, [_doubt(f"Other encodings of Windows are possible. {check}")]
    same = not any(counts[code] for code in _LATIN_9)
    alike = " These three read this file alike." if same else " They differ in some bytes of this file."
    told = f"Whether it is windows-1252, iso-8859-1 or iso-8859-15 cannot be decided.{alike} {check}"
    return Encoding.WINDOWS_1252, not_utf8, [_doubt(told)]


def _doubt(text: str) -> Doubt:
    return Doubt("PP-DETECT-001", "encoding", text)
