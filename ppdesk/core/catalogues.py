"""Catalogues of translated messages: gettext's files under ``resources/translations/<language>``.

Messages are written in English in the code. A message without a translation is a defect that a test finds;
at run time the English words stand.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from ppdesk.core.resources import resource

PLURAL = "\x00"  # between the singular and the number's form, in a key of a catalogue


class Language(StrEnum):
    """What window and documents can be written in."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"


@lru_cache(maxsize=len(Language))
def catalogue(language: Language) -> Mapping[str, str]:
    """Message -> translation, of all files of `language`. A plural's keys: its singular, `PLURAL`
    and 0 or 1, and its plural, `PLURAL` and 1."""
    found: dict[str, str] = {}
    if language is Language.ENGLISH:
        return found
    from babel.messages.pofile import read_po

    for path in sorted(resource("translations", language.value).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language.value):
                if not message.id or message.fuzzy:
                    continue
                if isinstance(message.id, str):
                    if message.string:
                        found[message.id] = str(message.string)
                    continue
                forms = [pair for pair in zip("01", message.string or (), strict=False) if pair[1]]
                one, more = message.id[:2]
                found.update({one + PLURAL + form: text for form, text in forms})
                if more != one:
                    found.update({more + PLURAL + form: text for form, text in forms[1:]})
    return found


def plural(language: Language, one: str, more: str, number: int) -> str:
    """The form for `number`, by the rules of English and German (one for 1) and French (one for 0 and 1)."""
    if language is Language.ENGLISH:
        return one if number == 1 else more
    first = number == 1 or (language is Language.FRENCH and number == 0)
    return catalogue(language).get(one + PLURAL + ("0" if first else "1"), one if number == 1 else more)
