"""Words that know which message they were made of, so that they can be said again in another language.

Steps word their results, remarks and errors in English: ``said("{rows:,} rows were read.", rows=n)``. The
answer is a plain `str` for everybody who wants English (the record, the command line, tests). The window and
the report say it again in their own language with `again`.
"""

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import TypeAlias

from ppdesk.core.catalogues import Language, catalogue, plural
from ppdesk.core.recognised import recognise

Value: TypeAlias = "str | int | float"
_NUMERIC = re.compile(r"[-+−±]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][-+]?\d+)?( ?%)?")
_SENTENCES = re.compile(r"(?<=[.?!]) ")
_MARKS = {  # thousands and decimal mark (Unicode CLDR)
    Language.GERMAN: {",": ".", ".": ","},
    Language.FRENCH: {",": "\u202f", ".": ","},
}


class Said(str):
    """A text with its message, the message's plural (empty where it has none) and the values in it; or, with
    `parts`, texts that stand one after the other."""

    __slots__ = ("message", "more", "parts", "values")
    message: str
    more: str
    values: Mapping[str, Value]
    parts: tuple[str, ...]

    def __new__(
        cls,
        text: str,
        message: str = "",
        more: str = "",
        values: Mapping[str, Value] | None = None,
        parts: tuple[str, ...] = (),
    ) -> "Said":
        made = super().__new__(cls, text)
        made.message, made.more, made.values, made.parts = message, more, dict(values or {}), parts
        return made

    def __getnewargs__(self) -> tuple[str, str, str, Mapping[str, Value], tuple[str, ...]]:  # type: ignore[override]  # copies and the worker's channel keep the message
        return (str(self), self.message, self.more, self.values, self.parts)


class Kept(str):
    """A text that stands as it is in every language: a value, the name of a column, a person's words. A plain
    text is looked up, and such a word may by chance be one of the program's."""

    __slots__ = ()


def kept(text: object) -> Kept:
    """`text` as it is in every language."""
    return Kept(text)


def said(message: str, /, **values: Value) -> Said:
    """`message`, a constant with ``{names}``, with `values` in their places. A number may have a format, as
    ``{rows:,}`` or ``{share:.1f}`` have; it is written as each language writes numbers."""
    return Said(message.format(**values) if values else message, message, "", values)


def said_count(one: str, more: str, number: int, /, **values: Value) -> Said:
    """The singular `one` or the plural `more`, both constants with ``{count}``, for `number`."""
    told = {"count": number, **values}
    return Said((one if number == 1 else more).format(**told), one, more, told)


def said_all(parts: Iterable[str], by: str = " ") -> Said:
    """Those of `parts` that say something, one after the other with `by` between them."""
    filled = tuple(part for part in parts if part)
    between = [piece for part in filled for piece in (by, part) if piece]
    between = between[1:] if by else between
    return Said("".join(between), parts=tuple(between))


def again(text: str, language: Language) -> str:
    """`text` in `language`: what was `Said`, or is known to be made of a message; else as it stands."""
    if language is Language.ENGLISH or isinstance(text, Kept):
        return str(text)
    if not isinstance(text, Said):
        return _looked_up(text, language) if text else text
    if text.parts:
        return "".join(_in_place(part, language) for part in text.parts)
    if not text.more:
        return filled(catalogue(language).get(text.message, text.message), text.values, language)
    number = text.values["count"]
    assert isinstance(number, int)  # noqa: S101  said_count put it there
    return filled(plural(language, text.message, text.more, number), text.values, language)


def _looked_up(text: str, language: Language) -> str:
    known = catalogue(language).get(text)
    if known is not None:
        return known
    found = recognise(text, language)
    if found is not None:
        # a single word may be somebody's data: a class, a group, a column
        values = {
            name: value if " " in value or _NUMERIC.fullmatch(value) else kept(value)
            for name, value in found.values.items()
        }
        return filled(found.translation, values, language)
    pieces = _SENTENCES.split(text)
    return " ".join(_looked_up(one, language) for one in pieces) if len(pieces) > 1 else text


def filled(message: str, values: Mapping[str, Value], language: Language) -> str:
    """`message` with `values` in their places, each as `language` writes it."""
    if not values:
        return message
    made = []
    for text, name, form, _ in Formatter().parse(message):
        made.append(text)
        if name is not None:
            made.append(_written(values[name], form or "", language))
    return "".join(made)


def _written(value: Value, form: str, language: Language) -> str:
    if isinstance(value, Kept):
        return str(value)
    if isinstance(value, str):
        return _in_place(value, language)
    return in_marks(format(value, form or ("," if isinstance(value, int) else "")), language)


def _in_place(text: str, language: Language) -> str:
    """`text` within another: a bare number is written as `language` writes it, once."""
    made = again(text, language)
    return made if isinstance(text, Said) else in_marks(made, language)


def in_marks(text: str, language: Language) -> str:
    """A number as `language` writes it, where `text` is one written the English way; else `text`."""
    marks = _MARKS.get(language)
    if marks is None or not _NUMERIC.fullmatch(text):
        return text
    return "".join(marks.get(letter, letter) for letter in text)
