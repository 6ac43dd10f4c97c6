"""Statistics that are asked for, as sentences. Nothing of the data is needed to read them.

    count                               how many records
    count by sex                        per declared category
    sum hours, mean age, median age     of a column with declared bounds (each a sentence of its own)
    quantiles age 0.25 0.5 0.75
    histogram age 0 20 40 60            between edges; without edges ten bins of the declared bounds
    table sex, income                   how often each combination of declared categories

`weight 2` at the end gives a statistic twice the share of epsilon. A name with spaces or commas stands in
brackets: mean [age at visit].
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ppdesk.privacy.errors import BadQuestionError

_TOKEN = re.compile(r"\[([^\]]+)\]|([^\s,\[\]]+)|(,)")
_MOST_POINTS = 100

Word: TypeAlias = tuple[str, bool]  # and whether it stood in brackets


class Form(StrEnum):
    """What kind of figure is asked for."""

    COUNT = "count"
    CELLS = "cells"  # counts by category, histograms and tables
    SUM = "sum"
    MEAN = "mean"
    QUANTILES = "quantiles"


@dataclass(frozen=True)
class Question:
    """One statistic. `points`: quantiles in 0..1, or the edges of a histogram."""

    text: str
    form: Form
    columns: tuple[str, ...] = ()
    points: tuple[float, ...] = ()
    histogram: bool = False
    weight: float = 1.0


def read(text: str) -> Question:
    """The question that `text` asks. BadQuestionError."""
    words = _words(text)
    words, weight = _weight(text, words)
    if not words:
        raise BadQuestionError(question=text, reason="it is empty")
    head, rest = words[0][0].lower(), words[1:]
    if head not in _READERS:
        raise BadQuestionError(question=text, reason=f"it begins with none of {', '.join(_READERS)}")
    return _READERS[head](text, head, rest, weight)


def _count(text: str, head: str, rest: list[Word], weight: float) -> Question:  # noqa: ARG001
    if not rest:
        return Question(text, Form.COUNT, weight=weight)
    if rest[0] != ("by", False):
        raise BadQuestionError(question=text, reason="count stands alone, or before by and columns")
    return Question(text, Form.CELLS, _columns(text, rest[1:]), weight=weight)


def _table(text: str, head: str, rest: list[Word], weight: float) -> Question:  # noqa: ARG001
    return Question(text, Form.CELLS, _columns(text, rest), weight=weight)


def _one(text: str, head: str, rest: list[Word], weight: float) -> Question:
    names = _columns(text, rest)
    if len(names) != 1:
        raise BadQuestionError(question=text, reason=f"{head} takes one column")
    if head == "median":
        return Question(text, Form.QUANTILES, names, (0.5,), weight=weight)
    return Question(text, Form(head), names, weight=weight)


def _histogram(text: str, head: str, rest: list[Word], weight: float) -> Question:
    column, points = _pointed(text, head, rest)
    if len(points) == 1 or list(points) != sorted(set(points)):
        raise BadQuestionError(question=text, reason="edges ascend, and there are two at least")
    return Question(text, Form.CELLS, (column,), points, histogram=True, weight=weight)


def _quantiles(text: str, head: str, rest: list[Word], weight: float) -> Question:
    column, points = _pointed(text, head, rest)
    if not points or any(not 0 <= one <= 1 for one in points) or list(points) != sorted(set(points)):
        raise BadQuestionError(question=text, reason="quantiles are numbers from 0 to 1 that ascend")
    return Question(text, Form.QUANTILES, (column,), points, weight=weight)


_READERS = {
    "count": _count,
    "sum": _one,
    "mean": _one,
    "median": _one,
    "quantiles": _quantiles,
    "histogram": _histogram,
    "table": _table,
}


def _pointed(text: str, head: str, rest: list[Word]) -> tuple[str, tuple[float, ...]]:
    """A column and the numbers after it."""
    if not rest:
        raise BadQuestionError(question=text, reason=f"{head} takes a column")
    return rest[0][0], tuple(_number(text, word) for word, _ in rest[1:] if word != ",")


def _words(text: str) -> list[Word]:
    if _TOKEN.sub("", text).strip():
        raise BadQuestionError(question=text, reason="a bracket is not closed")
    found = [(one[1] or one[2] or one[3], bool(one[1])) for one in _TOKEN.finditer(text)]
    if len(found) > _MOST_POINTS:
        raise BadQuestionError(question=text, reason=f"it has more than {_MOST_POINTS} words")
    return found


def _weight(text: str, words: list[Word]) -> tuple[list[Word], float]:
    if len(words) < 3 or words[-2] != ("weight", False):
        return words, 1.0
    weight = _number(text, words[-1][0])
    if not 0.001 <= weight <= 1000:
        raise BadQuestionError(question=text, reason="a weight is from 0.001 to 1000")
    return words[:-2], weight


def _columns(text: str, words: list[Word]) -> tuple[str, ...]:
    names = tuple(word for word, quoted in words if quoted or word != ",")
    if not names or len(set(names)) < len(names):
        raise BadQuestionError(question=text, reason="it names columns, each once")
    return names


def _number(text: str, word: str) -> float:
    try:
        found = float(word)
    except ValueError:
        raise BadQuestionError(question=text, reason="a number is expected after the column") from None
    if not abs(found) <= 1e300:
        raise BadQuestionError(question=text, reason="a number is out of range")
    return found
