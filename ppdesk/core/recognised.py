"""Which message an English text was made of, where only the text is left.

The record keeps remarks as English words. To say them in another language their message is found again: the
text is held against the messages of the catalogue that have ``{names}``. Where several fit, the one with the
most letters of its own holds.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from ppdesk.core.catalogues import PLURAL, Language, catalogue

_LEAST = 7  # letters of a message besides its names; fewer would fit anything
_KEPT = 4096  # texts
_VALUE = r"(?:(?![.?!] )[^\n])+?"  # one line, and no more than a sentence
_LETTER = re.compile(r"[^\W\d_]")


class Found(NamedTuple):
    """A translation and what stands in its places, as English words."""

    translation: str
    values: Mapping[str, str]


class _Pattern(NamedTuple):
    letters: int
    own: tuple[str, ...]  # what stands in every text that was made of it; the first is how it begins
    message: str
    key: str  # in the catalogue
    one: str  # the key of the singular's form, where there is a plural


@lru_cache(maxsize=_KEPT)
def recognise(text: str, language: Language) -> Found | None:
    """The translation of the message that `text` was made of, and its values; None where none is known."""
    words = catalogue(language)
    for pattern in _patterns(language):
        if not text.startswith(pattern.own[0]) or any(one not in text for one in pattern.own):
            continue
        fits = _whole(pattern.message).fullmatch(text)
        if fits is not None:
            values = fits.groupdict()
            alone = values.get("count") in {"0", "1"} if language is Language.FRENCH else False
            return Found(words[pattern.one if alone and pattern.one else pattern.key], values)
    return None


@lru_cache(maxsize=len(Language))
def _patterns(language: Language) -> list[_Pattern]:
    """Those with the most letters first."""
    found = []
    for key in catalogue(language):
        message, _, form = key.partition(PLURAL)
        if "{" not in message:
            continue
        pieces = list(Formatter().parse(message))
        letters = sum(len(_LETTER.findall(text)) for text, _, _, _ in pieces)
        if letters >= _LEAST:
            one = message + PLURAL + "0" if form else ""
            own = tuple(text for text, _, _, _ in pieces)
            found.append(_Pattern(letters, own, message, key, one))
    return sorted(found, key=lambda one: -one.letters)


@lru_cache(maxsize=_KEPT)
def _whole(message: str) -> re.Pattern[str]:
    made, known = "", set[str]()
    for text, name, _, _ in Formatter().parse(message):
        made += re.escape(text)
        if name:
            made += f"(?P={name})" if name in known else f"(?P<{name}>{_VALUE})"
            known.add(name)
    return re.compile(made, re.DOTALL)
