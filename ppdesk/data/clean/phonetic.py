"""Keys of how a word sounds. Words that sound alike have the same key.

- `soundex`: American Soundex as the National Archives describe it (Russell 1918), for English names;
- `cologne`: Kölner Phonetik (Postel 1969), for German names.
"""

import unicodedata

_SOUNDEX = {
    **dict.fromkeys("BFPV", "1"), **dict.fromkeys("CGJKQSXZ", "2"), **dict.fromkeys("DT", "3"), "L": "4",
    **dict.fromkeys("MN", "5"), "R": "6",
}  # fmt: skip
_LENGTH = 4  # a letter and three digits


def letters(text: str) -> str:
    """The letters A to Z of a text: capitals, without accents; ß is SS."""
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(letter for letter in plain if "A" <= letter <= "Z")


def soundex(word: str) -> str:
    """Letter and three digits: ``Robert`` and ``Rupert`` are R163. Empty where there is no letter."""
    plain = letters(word)
    if not plain:
        return ""
    found, last = plain[0], _SOUNDEX.get(plain[0], "")
    for letter in plain[1:]:
        digit = _SOUNDEX.get(letter, "")
        if digit and digit != last:
            found += digit
        if letter not in "HW":  # these two do not part equal sounds
            last = digit
    return found[:_LENGTH].ljust(_LENGTH, "0")


def cologne(word: str) -> str:
    """Digits: ``Meyer``, ``Maier`` and ``Mayr`` are 67. Empty where there is no letter."""
    # umlauts sound like their vowels: the marks are dropped and vowels are all 0
    plain = letters(word)
    codes = [_cologne(plain, at) for at in range(len(plain))]
    digits = "".join(codes)
    found = "".join(digit for at, digit in enumerate(digits) if at == 0 or digit != digits[at - 1])
    return found[:1] + found[1:].replace("0", "")


_PLAIN = {
    **dict.fromkeys("AEIJOUY", "0"), "H": "", "B": "1", **dict.fromkeys("FVW", "3"),
    **dict.fromkeys("GKQ", "4"), "L": "5", **dict.fromkeys("MN", "6"), "R": "7", **dict.fromkeys("SZ", "8"),
}  # fmt: skip


def _cologne(plain: str, at: int) -> str:
    """The digits of one letter between its neighbours."""
    letter, before, after = plain[at], plain[at - 1 : at] if at else "", plain[at + 1 : at + 2]
    match letter:
        case "P":
            return "3" if after == "H" else "1"
        case "D" | "T":
            return "8" if after and after in "CSZ" else "2"
        case "X":
            return "8" if before and before in "CKQ" else "48"
        case "C":
            if at == 0:
                return "4" if after and after in "AHKLOQRUX" else "8"
            return "4" if after and after in "AHKOQUX" and before not in "SZ" else "8"
        case _:
            return _PLAIN[letter]
