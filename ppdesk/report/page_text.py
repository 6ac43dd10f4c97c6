"""The words of a report's pages, compared with those of pages that were set anew. Only where the two were
set by different programs, so that lines and pages may break elsewhere: numbers decide, words are named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ppdesk.core.section import Answer, Figures, Table, Words
from ppdesk.report.document import Document
from ppdesk.report.items import blocks_of
from ppdesk.report.typeface import printable

_LONGEST = 12  # signs of a number: longer ones, such as hashes, may be broken over two lines
_SHORT = 6  # signs that surely stand in one line
_EDGE = "()[]{},.;:“”„«»‚‘’'\"–…"


@dataclass(frozen=True)
class Texts:
    """What differs, in words, empty where nothing does. `numbers`: whether it is a number."""

    words: str = ""
    numbers: bool = False


def compared(pdf: bytes, made: bytes, document: Document) -> Texts:
    """The words of `pdf` against those of `made`, which was set from `document` here."""
    found = _pages(pdf)
    wanted, shown = _Said(_pages(made)), _Said(found)
    strange = ""
    for at, text in enumerate(found, 1):
        for word in _words(text):
            if wanted.has(word) or (word.isdecimal() and int(word) <= len(found)):
                continue
            if _is_number(word):
                return Texts(f"Page {at} shows “{word}”, which its evidence does not say.", numbers=True)
            strange = strange or f"Page {at} has “{word}”, which this program would not set there"
    for word in (word for text in _texts(document) for word in _words(printable(text))):
        if _is_number(word) and not shown.has(word):
            return Texts(f"The evidence says “{word}”, which no page shows.", numbers=True)
    return Texts(strange)


class _Said:
    """What pages say, for looking up words. A long one may be broken over lines."""

    def __init__(self, texts: list[str]) -> None:
        self._words = {word for text in texts for word in _words(text)}
        self._all = "".join(_bare(text) for text in texts)

    def has(self, word: str) -> bool:
        return word in self._words or (len(word) > _SHORT and _bare(word) in self._all)


def _pages(pdf: bytes) -> list[str]:
    from pypdfium2 import PdfDocument

    with PdfDocument(pdf) as document:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


def _texts(document: Document) -> Iterator[str]:
    for _, block, _, _ in blocks_of(document):
        if isinstance(block, Words | Answer):
            yield block.text
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)
        elif isinstance(block, Figures):
            yield from (item.value for item in block.items)


def _words(text: str) -> list[str]:
    stripped = (word.strip(_EDGE) for word in text.split())
    return [word for word in stripped if word]


def _is_number(word: str) -> bool:
    return len(word) <= _LONGEST and any(sign.isdecimal() for sign in word)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
