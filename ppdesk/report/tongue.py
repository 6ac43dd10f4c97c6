"""The languages of a document: words from catalogues, numbers and dates as each language writes them.

Messages are written in English in the code; ``resources/translations/<language>/*.po`` hold the others
(gettext's format, read by Babel). A message without a translation is a defect that a test finds; at run
time the English words stand. Numbers and dates follow the Unicode CLDR, which Babel carries.
"""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from ppdesk.core.catalogues import Language, catalogue, plural
from ppdesk.core.wording import chance, upward
from ppdesk.report.cited import Cited, Quoted, merged

__all__ = ["Language", "Tongue", "Value"]

Value: TypeAlias = "str | int | float | Quoted"


class Tongue:
    """Says things in one language. Every answer carries the places of the values in it."""

    def __init__(self, language: Language | str = Language.ENGLISH) -> None:
        self.language = Language(language)

    def __call__(self, text: str, /, **values: Value) -> Cited:
        """`text`, a message with ``{names}``, in this language with `values` in their places. Text goes in as
        it is, numbers as `number` writes them."""
        told = catalogue(self.language).get(text, text) if text else ""
        return self._filled(told, values)

    def count(self, one: str, more: str, number: "int | Quoted", /, **values: Value) -> Cited:
        """The singular `one` or the plural `more`, both with ``{count}``, for `number`."""
        quoted = number if isinstance(number, Quoted) else Quoted(number)
        whole = int(quoted.number or 0)
        told = plural(self.language, one, more, whole)
        return self._filled(told, {"count": quoted, **values})

    def number(self, value: "int | float | Quoted", digits: int | None = None) -> Cited:
        """A number with the language's separators. digits: how many after the point; None: all of a whole
        number, and what `repr` would show of another, at most 6."""
        from babel.numbers import format_decimal

        quoted, plain = _plain(value)
        if plain is None:
            return Cited("", quoted.sources)
        if digits is None:
            digits = 0 if float(plain).is_integer() else 6
            pattern = "#,##0" if not digits else "#,##0.######"
        else:
            pattern = "#,##0" + ("." + "0" * digits if digits else "")
        if 0 < abs(plain) < 10 ** -max(digits, 1) / 2:  # would read as nothing
            return self._small(plain, quoted)
        return Cited(format_decimal(plain, format=pattern, locale=self.language.value), quoted.sources)

    def _small(self, plain: float, quoted: Quoted) -> Cited:
        from babel.numbers import format_decimal

        text = f"{plain:.2g}"
        head, _, power = text.partition("e")
        pattern = "0." + "#" * max(2, len(head.partition(".")[2]))  # down to 0.0001 there is no power
        told = format_decimal(float(head), format=pattern, locale=self.language.value)
        return Cited(f"{told} × 10^{int(power)}" if power else told, quoted.sources)

    def share(self, value: "float | Quoted", digits: int | None = None) -> Cited:
        """A share, 0 to 1, in per cent. digits: after the point; None: as many as say something."""
        quoted, plain = _plain(value)
        if plain is None:
            return Cited("", quoted.sources)
        hundred = round(100 * plain, 9)
        if digits is None:
            whole = hundred == round(hundred) or 10 <= hundred <= 90
            digits = 0 if whole else 1 if 1 <= hundred < 99 else 2
        told = self.number(hundred, digits)
        return Cited(f"{told}\u00a0%", quoted.sources)

    def bound(self, value: "float | Quoted", digits: int = 6) -> Cited:
        """A number that something stays under, such as a privacy loss ε: rounded up, to `digits` after the
        point; with more than two of them without zeros at the end."""
        quoted, plain = _plain(value)
        if plain is None:
            return Cited("", quoted.sources)
        told = Quoted(upward(plain, digits), quoted.sources)
        return self.number(told, digits if digits <= 2 else None)

    def chance(self, value: "float | Quoted") -> Cited:
        """A failure chance δ, without an exponent down to 1e-18, rounded up in its sixth digit."""
        from babel.numbers import format_decimal

        quoted, plain = _plain(value)
        if plain is None:
            return Cited("", quoted.sources)
        if plain > 0:
            plain = upward(plain, 5 - math.floor(math.log10(plain)))
        told = chance(plain)
        if "e" not in told:
            decimals = len(told.partition(".")[2])
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            told = format_decimal(plain, format=pattern, locale=self.language.value)
        return Cited(told, quoted.sources)

    def day(self, value: "date | str | Quoted") -> Cited:
        """A day, ``31 January 2026``; text is ISO 8601, of which the day is taken."""
        from babel.dates import format_date

        quoted = value if isinstance(value, Quoted) else Quoted(str(value))
        text = quoted.text[:10]
        try:
            told = format_date(date.fromisoformat(text), format="long", locale=_days(self.language))
        except ValueError:
            told = text
        if self.language is Language.FRENCH and told.startswith("1 "):  # "1er" is missing in the CLDR
            told = f"1er{told[1:]}"
        return Cited(told, quoted.sources)

    def moment(self, value: "datetime | str | Quoted") -> Cited:
        """A moment of the chain, UTC, the same in every language: ``2026-01-31 12:00:00 UTC``."""
        quoted = value if isinstance(value, Quoted) else Quoted(str(value))
        text = quoted.text
        told = f"{text[:10]} {text[11:19]} UTC" if len(text) >= 19 else text
        return Cited(told, quoted.sources)

    def text(self, value: "str | Quoted") -> Cited:
        """Words of the record as they are."""
        return Cited(value.text, value.sources) if isinstance(value, Quoted) else _cited(value)

    def joined(self, parts: "list[Cited] | tuple[Cited, ...]", by: str = ", ") -> Cited:
        """`parts` one after the other. French has a space before a semicolon and a colon."""
        if self.language is Language.FRENCH and by[:1] in (";", ":"):
            by = f"\u00a0{by}"
        return Cited(by.join(parts), merged(_cited(part).sources for part in parts))

    def _filled(self, told: str, values: Mapping[str, Value]) -> Cited:
        if not values:
            return Cited(told)
        shown = {name: self._shown(value) for name, value in values.items()}
        return Cited(told.format(**shown), merged(one.sources for one in shown.values()))

    def _shown(self, value: Value) -> Cited:
        if isinstance(value, Quoted) and value.number is None:
            return self.text(value)
        return _cited(value) if isinstance(value, str) else self.number(value)


def _cited(text: str) -> Cited:
    return text if isinstance(text, Cited) else Cited(text)


def _plain(value: "int | float | Quoted") -> tuple[Quoted, float | None]:
    quoted = value if isinstance(value, Quoted) else Quoted(value)
    return quoted, quoted.number


def _days(language: Language) -> str:
    return "en_GB" if language is Language.ENGLISH else language.value
