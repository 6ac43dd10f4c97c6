"""What of a text is never a matter of spelling: signs, numbers, codes.

OpenRefine's keys drop every mark, so that ``<=50K`` and ``>50K``, ``A+`` and ``A-``, ``C`` and ``C#`` would
each be one value, and 2023-03-12 be 2023-12-03, as its words are put in order.
"""

import re
import unicodedata

_NUMBER = re.compile(r"\d+(?:[.,/:-]\d+)*")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_MARKS = frozenset("#%\u2030*?!\u00ac\u00b0")
_KINDS = frozenset({"Sm", "Sc"})  # mathematics, such as + < = >, and currencies
_SPELLED = frozenset("|~\u2044")  # of mathematics by their kind, though they only part words
_IN_ORDER = frozenset(
    ["to", "from", "than", "before", "after", "over", "under", "above", "below", "not", "vs", "bis", "vor"]
)  # "low to high" is not "high to low"


def meaning(text: str) -> tuple[str, ...]:
    """Signs and numbers in their order: texts that differ in it are two things. Of a text without a letter,
    all of it but its spaces."""
    plain = unicodedata.normalize("NFC", text).translate(_DASHES)
    if not any(letter.isalpha() for letter in plain):
        return ("".join(plain.split()),)
    signs = "".join(sign for at, sign in enumerate(plain) if _means(plain, at, sign))
    return (signs, *(one.replace(",", ".") for one in _NUMBER.findall(plain)))


def order(words: list[str]) -> tuple[str, ...]:
    """The words themselves where their order says something, else nothing."""
    return tuple(words) if _IN_ORDER.intersection(words) else ()


def near_words(one: str, two: str) -> bool:
    """Whether what parts two texts, as words in small letters, can be a slip of the pen: spaces, or words of
    at least four letters without a digit. ``type i`` and ``type ii`` are two things, as E11 and E10 are."""
    if one.replace(" ", "") == two.replace(" ", ""):
        return True
    apart = set(one.split()) ^ set(two.split())
    return all(len(word) >= _LONG and not any(sign.isdigit() for sign in word) for word in apart)


_LONG = 4


def _means(text: str, at: int, sign: str) -> bool:
    """A hyphen is a sign before a number and after a letter at the end of a word (A-), not between words."""
    if sign == "-":
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if after.isdigit():
            return not before.isalnum()
        return before.isalnum() and not after.strip()
    if sign == "+" and text[at - 1 : at + 2] == " + ":
        return False
    return sign in _MARKS or (unicodedata.category(sign) in _KINDS and sign not in _SPELLED)
