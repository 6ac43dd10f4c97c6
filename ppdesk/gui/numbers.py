"""Numbers as a person types and reads them in a field: with the decimal mark of the window's language.

What is not clear is no number: a comma in English that parts no thousands, or, where the comma is the decimal
mark, a point that may part thousands. A privacy parameter must not be read as another one.
"""

import re

from ppdesk.core.catalogues import Language
from ppdesk.gui.language import language

_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")  # 1,024.5
_UNCLEAR = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")  # a German 1.024, or an English one
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))")  # that part thousands


def typed(text: str) -> str:
    """What a person typed, in the form that `float` reads; as it is where it is no number."""
    words = _SPACES.sub("", text.strip())
    if language() is Language.ENGLISH:
        return words.replace(",", "") if _GROUPED.fullmatch(words) else words
    if _UNCLEAR.fullmatch(words):
        return f"{words}?"
    if words.count(",") == 1 and "." not in words:
        return words.replace(",", ".")
    return words


def shown(text: str) -> str:
    """A number that `float` reads, with the decimal mark of the window's language."""
    return text if language() is Language.ENGLISH else text.replace(".", ",")
