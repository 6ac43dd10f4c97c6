"""Full-text search over passages: every word must begin a word of the passage; headings count most."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_WORD = re.compile(r"[^\W_]+")
_HEAD, _TITLE, _BODY = 12.0, 6.0, 1.0
_WHOLE = 1.5  # a whole word beside the beginning of one
_ROUND = 70  # letters of an excerpt beside what was found

T = TypeVar("T")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """Something to be found: `head` is its own name, `title` where it belongs, `body` the rest."""

    what: T
    head: str
    title: str = ""
    body: str = ""


class Ranking(Generic[T]):
    """Entries with the words in them, made once."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        self.entries: list[Entry[T]] = []
        self._words: list[tuple[tuple[str, ...], ...]] = []
        self.add(entries)

    def add(self, entries: Iterable[Entry[T]]) -> None:
        """More entries, after those that are there."""
        for one in entries:
            self.entries.append(one)
            self._words.append((_split(one.head), _split(one.title), _split(one.body)))

    def find(self, query: str, most: int = 50) -> list[Entry[T]]:
        """The entries that have every word of `query`, the best first; equals in their order."""
        wanted = _split(query)
        if not wanted:
            return []
        found = []
        for at, places in enumerate(self._words):
            score = 0.0
            for word in wanted:
                one = sum(
                    weight * _hits(word, words)
                    for weight, words in zip((_HEAD, _TITLE, _BODY), places, strict=True)
                )
                if not one:
                    break
                score += one
            else:
                if " ".join(places[0]).startswith(" ".join(wanted)):
                    score += _HEAD
                found.append((-score, at))
        return [self.entries[at] for _, at in sorted(found)[:most]]


def excerpt(text: str, query: str) -> str:
    """The words of `text` around the first one that was looked for; its beginning where none stands in it."""
    places = [
        found.start()
        for word in _split(query)
        if (found := re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE)) is not None
    ]
    start = max(0, min(places, default=0) - _ROUND // 2)
    start = text.find(" ", start) + 1 if start else 0
    cut = text[start : start + 2 * _ROUND]
    return f"{'... ' if start else ''}{cut.strip()}{' ...' if start + len(cut) < len(text) else ''}"


def _split(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold().replace("ε", " epsilon ").replace("δ", " delta ")))


def _hits(word: str, words: Sequence[str]) -> float:
    """How much `words` speak of `word`: a passage that says it ten times is not ten times as good."""
    whole = words.count(word)
    some = sum(one.startswith(word) for one in words)
    if not some:
        return 0.0
    return (_WHOLE if whole else 1.0) + min(some, 8) / 8
