"""Values of a column that may be ways to write one thing.

Key collision as in OpenRefine: values with the same key are a cluster. The keys are `fingerprint` (words in
any order, without case, accents and marks), `ngram` (pieces of letters, so that spaces do not count) and two
phonetic ones. `levenshtein` instead compares texts, all that are within a number of edits.

Unlike there, no method puts texts together whose signs or numbers differ, see `meaning`.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.clean.meaning import meaning, near_words, order
from ppdesk.data.clean.near import Clusters, levenshtein_pairs
from ppdesk.data.clean.phonetic import cologne, soundex

_ASK = 4096  # values between two questions whether to stop
_SHORT = 4  # letters; shorter texts are not compared by edits or pieces, nearly all of them are near another


class Method(StrEnum):
    """How values are found to belong together."""

    FINGERPRINT = "fingerprint"
    NGRAM = "ngram"
    SOUNDEX = "soundex"
    COLOGNE = "cologne"
    LEVENSHTEIN = "levenshtein"


@dataclass(frozen=True)
class Cluster:
    """Values with how many cells have each, most common first. `survivor`: the value to merge into."""

    values: tuple[tuple[str, int], ...]

    @property
    def survivor(self) -> str:
        return self.values[0][0]

    @property
    def cells(self) -> int:
        """How many would change."""
        return sum(count for _, count in self.values[1:])

    def merge(self) -> dict[str, str]:
        """For the operation merge-values."""
        return {value: self.survivor for value, _ in self.values[1:]}


def fingerprint(text: str) -> str:
    """The words of a text, each once, in order of the alphabet; no case, accents, marks."""
    return " ".join(sorted(set(_plain(text).split())))


def ngram_fingerprint(text: str, size: int = 2) -> str:
    """The pieces of `size` letters, each once, in order; no spaces, case, accents, marks."""
    letters = "".join(_plain(text).split())
    return "".join(sorted({letters[at : at + size] for at in range(max(1, len(letters) - size + 1))}))


def by_sound(text: str, sound: Callable[[str], str]) -> str:
    """The sounds of the words, in order of the alphabet. Words with a digit or of less than four letters
    (jan and jun, ja and je) stand for themselves."""
    words = _plain(text).split()
    heard = {(sound(word) if word.isalpha() and len(word) >= _SHORT else "") or word for word in words}
    return " ".join((*sorted(heard), *order(words)))


def clusters(
    tally: Mapping[str, int],
    method: Method = Method.FINGERPRINT,
    *,
    size: int = 2,
    radius: int = 1,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Cluster]:
    """The clusters of two or more values; those that change most cells first, then by their survivor.

    tally: value -> how many cells have it. size: letters in a piece (ngram). radius: edits (levenshtein), no
    more than one for every four letters, case and marks not counted. Deterministic. CancelledRunError.
    """
    values = sorted(tally)
    if method is Method.LEVENSHTEIN:
        groups = _by_edits(values, radius, cancelled)
    else:
        groups = _by_key(values, _KEYS[method] if method in _KEYS else _ngrams(size), cancelled)
    found = [
        Cluster(tuple(sorted(((one, tally[one]) for one in group), key=lambda item: (-item[1], item[0]))))
        for group in groups
        if len(group) > 1
    ]
    return sorted(found, key=lambda one: (-one.cells, one.survivor))


def _ngrams(size: int) -> Callable[[str], str]:
    return lambda text: _pieces_of(text, size)


def _words_of(text: str) -> str:
    """The fingerprint; where the order of the words says something, with their order."""
    return " ".join((fingerprint(text), *order(_plain(text).split())))


def _pieces_of(text: str, size: int) -> str:
    """The pieces beside the letters, so that ``II`` is not ``III``; short texts as they are."""
    letters = "".join(_plain(text).split())
    return (
        f"{ngram_fingerprint(text, size)} {''.join(sorted(letters))}" if len(letters) >= _SHORT else letters
    )


_KEYS: Mapping[Method, Callable[[str], str]] = {
    Method.FINGERPRINT: _words_of,
    Method.SOUNDEX: lambda text: by_sound(text, soundex),
    Method.COLOGNE: lambda text: by_sound(text, cologne),
}


def _by_key(
    values: Sequence[str], key: Callable[[str], str], cancelled: Callable[[], bool]
) -> list[list[str]]:
    groups = defaultdict(list)
    for at, value in enumerate(values):
        if at % _ASK == 0 and cancelled():
            raise CancelledRunError()
        if found := key(value):
            groups[found, meaning(value)].append(value)
    return list(groups.values())


def _by_edits(values: Sequence[str], radius: int, cancelled: Callable[[], bool]) -> list[list[str]]:
    """Single linkage over texts of one meaning within `radius` edits of each other."""
    by_meaning: dict[tuple[str, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for value in values:
        text = " ".join(_plain(value).split())
        if len(text) >= _SHORT and any(letter.isalpha() for letter in text):
            by_meaning[meaning(value)][text].append(value)
    groups: list[list[str]] = []
    for by_text in by_meaning.values():
        texts = list(by_text)
        held = Clusters(len(texts))
        for one, two in levenshtein_pairs(texts, lambda most: min(radius, most // _SHORT), cancelled):
            if near_words(texts[one], texts[two]):
                held.join(one, two)
        found: dict[int, list[str]] = defaultdict(list)
        for text, name in zip(texts, held.names(), strict=True):
            found[name] += by_text[text]
        groups += found.values()
    return groups


def _plain(text: str) -> str:
    """Small letters without accents; marks and control characters become spaces or nothing."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = [letter for letter in folded if not unicodedata.combining(letter)]
    return "".join(letter if letter.isalnum() else "" if letter in "'’." else " " for letter in kept).strip()
