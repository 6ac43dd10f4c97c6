"""What a column's name says of its content, in English, German, French, Spanish, Italian, Dutch and
Portuguese.

A name is cut into lower-case words without accents (``dateOfBirth``, ``Date_de_naissance``,
``GEBURTSDATUM``). A phrase of the vocabulary matches where its words stand next to each other; a long word
(6 letters and more) also inside a longer one, since German and Dutch write words together. A phrase that
begins with = matches the whole name alone: ``patient`` names people, ``patient age`` does not.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from ppdesk.data.pii.vocabulary import Concept, concepts

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONG = 6
_ALONE = "="  # before a phrase of the vocabulary


@dataclass(frozen=True)
class Named:
    """A concept that a name speaks of. `exact`: the whole name is the phrase."""

    concept: Concept
    exact: bool


def plain(text: str) -> str:
    """Lower case, without accents: ``Prénom`` becomes ``prenom``, ``Straße`` ``strasse``."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def words(name: str) -> tuple[str, ...]:
    """The words of a column's name."""
    return tuple(word for word in re.split(r"[^a-z0-9]+", plain(_CAMEL.sub(" ", name))) if word)


@cache
def _phrases() -> tuple[tuple[Concept, tuple[tuple[str, ...], ...]], ...]:
    return tuple((one, tuple(tuple(plain(phrase).split()) for phrase in one.phrases)) for one in concepts())


def named(name: str) -> Named | None:
    """The concept that the name speaks of most closely: that of the longest phrase found."""
    parts = words(name)
    joined = "".join(parts)
    best, weight = None, 0
    for concept, phrases in _phrases():
        for phrase in phrases:
            found = _weight(phrase, parts, joined)
            if found > weight:
                best, weight = Named(concept, joined == _whole(phrase)), found
    return best


def _whole(phrase: tuple[str, ...]) -> str:
    return "".join(phrase).removeprefix(_ALONE)


def _weight(phrase: tuple[str, ...], parts: tuple[str, ...], joined: str) -> int:
    """Letters of the phrase where it stands in the name, twice as many for whole words; else 0."""
    size, whole = len(phrase), _whole(phrase)
    if joined == whole:
        return 4 * len(whole)
    if phrase[0].startswith(_ALONE):
        return 0
    if any(parts[at : at + size] == phrase for at in range(len(parts) - size + 1)):
        return 2 * len(whole)
    if len(whole) >= _LONG and any(whole in part for part in parts):
        return len(whole)
    return 0
