"""Texts that are nearly the same.

Levenshtein (1966): every pair within the distance is found, though not every pair is compared. A text cut
into k + 1 pieces keeps one of them whole through k edits, so only texts that share a piece at nearly the same
place are candidates (Li, Deng, Wang and Feng, Pass-Join, VLDB 2011). Jaro-Winkler (1990): all pairs that
begin with the same letter.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from ppdesk.core.errors import CancelledRunError

Pair = tuple[int, int]

MOST = 50_000  # texts compared with each other
_TINY = 12  # texts that are compared each with each
_FEW = 400  # so many are compared pair by pair at once
_ASK = 256  # texts between two questions whether to stop


def within_share(share: float) -> Callable[[int], int]:
    """How many edits two texts may differ by, the longer having so many letters, to be alike by `share`."""
    return lambda length: int((1 - share) * length + 1e-9)


def levenshtein_pairs(
    texts: Sequence[str], allowed: Callable[[int], int], cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Pair]:
    """(i, j), each once, where the distance is at most `allowed(length of the longer text)`.

    texts: all different. `allowed` does not fall as the length grows. CancelledRunError when asked to stop.
    """
    from rapidfuzz.distance import Levenshtein

    if len(texts) <= _TINY:
        for two, text in enumerate(texts):
            for one in range(two):
                most = allowed(max(len(text), len(texts[one])))
                if Levenshtein.distance(text, texts[one], score_cutoff=most) <= most:
                    yield one, two
        return
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at]), texts[at]))
    by_length: dict[int, list[int]] = defaultdict(list)
    cut: dict[tuple[int, int], dict[tuple[int, str], list[int]]] = {}
    taken: dict[tuple[int, int], int] = {}
    for done, at in enumerate(order):
        if done % _ASK == 0 and cancelled():
            raise CancelledRunError()
        text = texts[at]
        most = allowed(len(text))
        met: set[int] = set()
        for length in range(max(0, len(text) - most), len(text) + 1):
            others = by_length.get(length)
            if not others:
                continue
            index = cut.setdefault((length, most), defaultdict(list))
            for other in others[taken.get((length, most), 0) :]:
                for piece, (start, end) in enumerate(_pieces(length, most + 1)):
                    index[piece, texts[other][start:end]].append(other)
            taken[length, most] = len(others)
            met.update(_sharing(text, length, most, index))
        for other in sorted(met):
            if Levenshtein.distance(text, texts[other], score_cutoff=most) <= most:
                yield other, at
        by_length[len(text)].append(at)


def _pieces(length: int, count: int) -> list[tuple[int, int]]:
    """`count` pieces of a text, as even as can be."""
    ends = [length * place // count for place in range(count + 1)]
    return list(pairwise(ends))


def _sharing(text: str, length: int, most: int, index: dict[tuple[int, str], list[int]]) -> Iterator[int]:
    """Those of `index` (texts of `length`) that have a piece at nearly the same place of `text`."""
    longer = len(text) - length
    for piece, (start, end) in enumerate(_pieces(length, most + 1)):
        first = max(0, start - (most - longer) // 2)
        last = min(len(text) - (end - start), start + (most + longer) // 2)
        for at in range(first, last + 1):
            yield from index.get((piece, text[at : at + end - start]), ())


def jaro_winkler_pairs(
    texts: Sequence[str], share: float, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Pair]:
    """(i, j), each once, i < j, that begin alike and whose likeness is at least `share`."""
    import numpy as np
    from rapidfuzz.distance import JaroWinkler
    from rapidfuzz.process import cdist

    begin: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        begin[text[:1]].append(at)
    for places in begin.values():
        some = [texts[at] for at in places]
        for start in range(0, len(some), _FEW):
            if cancelled():
                raise CancelledRunError()
            rest = some[start:]
            likeness = cdist(
                some[start : start + _FEW], rest, scorer=JaroWinkler.normalized_similarity,
                score_cutoff=share, dtype=np.float64,
            )  # fmt: skip
            for one, two in np.argwhere(likeness > 0).tolist():
                if one < two:
                    yield places[start + one], places[start + two]


class Clusters:
    """Which of n things belong together; the name of a cluster is its lowest number."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def name(self, at: int) -> int:
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, two: int) -> None:
        one, two = self.name(one), self.name(two)
        self._above[max(one, two)] = min(one, two)

    def names(self) -> list[int]:
        return [self.name(at) for at in range(len(self._above))]
