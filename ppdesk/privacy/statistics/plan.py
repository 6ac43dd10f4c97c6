"""What each statistic costs and how far off it may be, from questions and declarations alone.

Neighbours. The guarantee is for one unit (a record, or a person). Its tables differ in at most g records that
are taken out and at most g that are put in: g is `group` here (`train.contribution` proves it for the two
kinds of unit). OpenDP counts both, so its symmetric distance is at most 2 g. That bounds all but two:

- how many records there are moves by at most g, since what is taken out and what is put in cancel;
- so does a sum of numbers of one sign, in units of the largest: between -g top and g top.

Sensitivities, all in whole numbers:

- count: g;
- cells (by category, histogram, table): each record is in one cell, so the L1 distance is at most 2 g;
- sum: numbers are cut to the declared bounds and rounded to a grid of a power of two, about 2^-20 of the
  largest bound; cells without a number add nothing. g top for bounds of one sign, else 2 g top;
- mean: the sum of distances from the middle of the bounds (half of epsilon; 2 g times half the width) over
  the number of records that have a number (the other half; g). Only the two noisy figures meet;
- quantiles: each candidate on a public grid within the bounds is scored by how far its rank is from the
  one that is asked for; OpenDP's score for alpha = a / b changes by at most max(a, b - a) for a record
  (Smith 2011), so 2 g max(a, b - a). The choice is by permute-and-flip. Several quantiles share epsilon.

Epsilon: a statistic's weight over all weights, rounded down; basic composition adds the shares up to epsilon
at most. The number of records is private: no figure uses it without noise.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from ppdesk.privacy.cells import Bins, Categories, Domain, even
from ppdesk.privacy.errors import BadQuestionError, TooManyCellsError
from ppdesk.privacy.scales import choice_accuracy, choice_scale, laplace_accuracy, laplace_scale, share
from ppdesk.privacy.statistics.questions import Form, Question

MOST_CELLS = 10_000
BINS = 10  # of a histogram that names no edges
CANDIDATES = 1000  # steps between the candidates of a quantile
_BITS = 20  # of the grid
_FINEST = 10_000  # quantiles are taken as so many parts of one


@dataclass(frozen=True)
class Bounds:
    """A numeric column's declared bounds, low < high."""

    name: str
    low: float
    high: float


Declared: TypeAlias = Mapping[str, Categories | Bounds]


@dataclass(frozen=True)
class Grid:
    """Numbers as whole multiples of `step`, a power of two, counted from `origin`: low..high, both whole."""

    step: float
    low: int
    high: int
    origin: float = 0.0

    @property
    def top(self) -> int:
        """The largest a number can be, without its sign."""
        return max(abs(self.low), abs(self.high))

    @classmethod
    def of(cls, low: float, high: float, origin: float = 0.0) -> "Grid":
        """The grid for numbers from `low` to `high`."""
        low, high = low - origin, high - origin
        step = math.ldexp(1.0, math.frexp(max(abs(low), abs(high)))[1] - _BITS)
        return cls(step, math.floor(low / step), math.ceil(high / step), origin)


@dataclass(frozen=True)
class Planned:
    """A question with its shares of epsilon and what follows from them. `epsilons`: one for cells, count and
    sum; for the mean those of its sum and its count; one for each quantile."""

    question: Question
    epsilons: tuple[float, ...]
    sensitivities: tuple[int, ...]
    distances: tuple[int, ...]  # what OpenDP's transformation is asked to bound: records in and out
    scales: tuple[float, ...]
    accuracy: float  # in the statistic's unit: 95 % are within it; for quantiles in records of rank; else 0
    domains: tuple[Domain, ...] = ()
    grid: Grid | None = None
    candidates: tuple[float, ...] = ()

    @property
    def epsilon(self) -> float:
        """All that the question spends."""
        return math.fsum(self.epsilons)


def plan(
    questions: Sequence[Question], declared: Declared, epsilon: float, group: int
) -> tuple[Planned, ...]:
    """All questions with their shares. BadQuestionError or TooManyCellsError."""
    whole = sum((Fraction(one.weight) for one in questions), Fraction(0))
    return tuple(_planned(one, declared, share(epsilon, one.weight, whole), group) for one in questions)


def _planned(question: Question, declared: Declared, epsilon: float, group: int) -> Planned:
    if question.form is Form.COUNT:
        return _laplace(question, epsilon, group, group)
    if question.form is Form.CELLS:
        domains = tuple(_cells(question, name, declared) for name in question.columns)
        cells = math.prod(one.size for one in domains)
        if cells > MOST_CELLS:
            raise TooManyCellsError(what=f'"{question.text}"', cells=f"{cells:,}", most=f"{MOST_CELLS:,}")
        return _laplace(question, epsilon, 2 * group, 2 * group, domains=domains)
    bounds = _bounds(question, declared)
    if question.form is Form.SUM:
        grid = Grid.of(bounds.low, bounds.high)
        distance = group if grid.low >= 0 or grid.high <= 0 else 2 * group
        return _laplace(question, epsilon, distance * grid.top, distance, grid=grid)
    if question.form is Form.MEAN:
        return _mean(question, bounds, epsilon, group)
    return _quantiles(question, bounds, epsilon, group)


def _laplace(
    question: Question,
    epsilon: float,
    sensitivity: int,
    distance: int,
    *,
    domains: tuple[Domain, ...] = (),
    grid: Grid | None = None,
) -> Planned:
    scale = laplace_scale(sensitivity, epsilon)
    accuracy = laplace_accuracy(scale) * (grid.step if grid else 1)
    return Planned(
        question, (epsilon,), (sensitivity,), (distance,), (scale,), accuracy, domains=domains, grid=grid
    )


def _mean(question: Question, bounds: Bounds, epsilon: float, group: int) -> Planned:
    half = share(epsilon, 1, 2)
    grid = Grid.of(bounds.low, bounds.high, (bounds.low + bounds.high) / 2)
    sensitivities = (2 * group * grid.top, group)
    scales = tuple(laplace_scale(one, half) for one in sensitivities)
    return Planned(question, (half, half), sensitivities, (2 * group, group), scales, 0.0, grid=grid)


def _quantiles(question: Question, bounds: Bounds, epsilon: float, group: int) -> Planned:
    each = share(epsilon, 1, len(question.points))
    candidates = _candidates(bounds)
    parts = [fraction(point) for point in question.points]
    sensitivities = tuple(2 * group * max(above, below - above) for above, below in parts)
    scales = tuple(choice_scale(one, each) for one in sensitivities)
    ranks = max(
        choice_accuracy(scale, len(candidates)) / below
        for scale, (_, below) in zip(scales, parts, strict=True)
    )
    return Planned(
        question, (each,) * len(parts), sensitivities, (2 * group,) * len(parts), scales, ranks,
        candidates=candidates,
    )  # fmt: skip


def fraction(point: float) -> tuple[int, int]:
    """A quantile as (a, b), a of b parts, as OpenDP's scores count it: b a power of two where that is exact,
    else 10,000."""
    found = Fraction(point)
    if found.denominator <= _FINEST:
        return found.numerator, found.denominator
    return round(point * _FINEST), _FINEST


def _candidates(bounds: Bounds) -> tuple[float, ...]:
    """Whole numbers where the bounds are whole and near, else evenly spaced ones."""
    low, high = bounds.low, bounds.high
    if low.is_integer() and high.is_integer() and high - low <= CANDIDATES:
        return tuple(float(one) for one in range(int(low), int(high) + 1))
    return even(low, high, CANDIDATES)


def _cells(question: Question, name: str, declared: Declared) -> Domain:
    found = declared.get(name)
    if found is None:
        raise BadQuestionError(question=question.text, reason=_unknown(name))
    if isinstance(found, Categories):
        if question.histogram:
            raise BadQuestionError(question=question.text, reason=f"{name} has categories: count by {name}")
        return found
    if not question.histogram:
        raise BadQuestionError(question=question.text, reason=f"{name} is numeric: ask for its histogram")
    return Bins(name, question.points or even(found.low, found.high, BINS))


def _bounds(question: Question, declared: Declared) -> Bounds:
    (name,) = question.columns
    found = declared.get(name)
    if found is None:
        raise BadQuestionError(question=question.text, reason=_unknown(name))
    if isinstance(found, Categories):
        raise BadQuestionError(question=question.text, reason=f"{name} has categories and no bounds")
    return found


def _unknown(name: str) -> str:
    return f"column {name} has no declared bounds or categories, or is a direct identifier or the id"
