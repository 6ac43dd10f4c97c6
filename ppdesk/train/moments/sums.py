"""The second moments of coded records: exact on whole numbers, and with noise (Dwork, Talwar, Thakurta and
Zhang 2014, "Analyze Gauss"; Vu and Slavkovic 2009 for regression).

With z the coded record (see `coding`; grid G, blocks b of squared norm at most s_b) and y the coded answer
(|y| <= G), three vectors are released, each with noise of its own standard deviation:

- inputs: n G^2, G sum z, and those cells of sum z z^T that are not known from these;
- answers: G sum y, sum y z;    - square: sum y^2.

**Sensitivity.** One record adds to the inputs G^2, G z, and z_a z_c for cells a < c of different blocks or
a <= c of one numeric block. Over a pair of blocks the squares add up to |z_b|^2 |z_c|^2 <= s_b s_c; over one
numeric block to at most |z_b|^4 <= s_b^2. So squared at most

    G^4 + G^2 sum s_b + sum over pairs b < c of s_b s_c + sum over numeric blocks of s_b^2

(each pair of cells once, so half of ||z||^4). The answers: y^2 (G^2 + |z|^2) <= G^2 (G^2 + sum s_b); the
square: G^4. All are whole numbers, and the sums are exact, so nothing is left to rounding.

Not asked for, since known: two cells of one categorical block are never both set, and its squares are
`category` times its sums. Nor are the line and the missing cell of one column, nor knots two apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.train.moments.coding import Coding, Floats
from ppdesk.train.moments.mechanism import Spending, Whole
from ppdesk.train.records import Records

_CHUNK = 2**13  # rows: a chunk's sums stay below 2^53 in doubles, so they are exact whole numbers


@dataclass(frozen=True)
class Sums:
    """In squared grid units, int64: count n G^2, first G sum z (d,), second sum z z^T (d, d), and with an
    answer total G sum y, cross sum y z (d,), square sum y^2."""

    count: int
    first: Whole
    second: Whole
    total: int
    cross: Whole
    square: int


@dataclass(frozen=True)
class Moments:
    """The same in units of the coding (a grid's G is 1), float64. `noise_*`: the standard deviation that a
    cell of each vector got; `variance`, (d, d): of each cell of `second`, 0 where it is known."""

    count: float
    first: Floats
    second: Floats
    variance: Floats
    total: float
    cross: Floats
    square: float
    noise_inputs: float
    noise_answers: float
    noise_square: float


@dataclass(frozen=True)
class Shares:
    """Shares of mu^2. No answer: inputs only."""

    inputs: float
    answers: float = 0.0
    square: float = 0.0


def sums(records: Records, coding: Coding, y: Whole | None, tick: Callable[[], None]) -> Sums:
    """The exact sums. `y`, (n,) whole numbers in -G..G, or None."""
    width, grid = coding.width, coding.grid
    first, cross = np.zeros(width, np.int64), np.zeros(width, np.int64)
    second = np.zeros((width, width), np.int64)
    total = square = 0
    for start in range(0, records.rows, _CHUNK):
        tick()
        rows = coding.rows(records, start, start + _CHUNK)
        first += _whole(rows.sum(axis=0))
        second += _whole(rows.T @ rows)
        if y is not None:
            part = y[start : start + _CHUNK]
            cross += _whole(part.astype(np.float64) @ rows)
            total += int(part.sum())
            square += int((part * part).sum())
    return Sums(records.rows * grid**2, first * grid, second, total * grid, cross, square)


def squared_inputs(coding: Coding) -> int:
    """The squared sensitivity of the inputs to one record added or removed, whole units."""
    each = [block.squared for block in coding.blocks]
    pairs = (sum(each) ** 2 - sum(one**2 for one in each)) // 2
    own = sum(block.squared**2 for block in coding.blocks if block.numeric)
    return coding.grid**4 + coding.grid**2 * sum(each) + pairs + own


def squared_answers(coding: Coding) -> int:
    """The squared sensitivity of the answers."""
    return coding.grid**2 * (coding.grid**2 + coding.squared)


def asked_cells(coding: Coding) -> npt.NDArray[np.bool_]:
    """Which cells of the second moments are released, (d, d), in the upper triangle."""
    asked = np.triu(np.ones((coding.width, coding.width), bool))
    for block in coding.blocks:
        asked[block.cells, block.cells] = False
        if block.numeric:
            knots = np.arange(block.start, block.start + coding.knots)
            asked[knots, knots] = True
            asked[knots[:-1], knots[1:]] = True
    return asked


def release(exact: Sums, coding: Coding, spending: Spending, shares: Shares) -> Moments:
    """The sums with noise; `shares` of the guarantee are spent."""
    return release_each((exact,), coding, spending, shares)[0]


def release_each(
    exact: Sequence[Sums], coding: Coding, spending: Spending, shares: Shares
) -> tuple[Moments, ...]:
    """The sums of several disjoint groups of records with noise, as one answer: a record is in one group, so
    it changes one of the vectors, by no more than if there were no other. Replacing a record changes one or
    two of them, by two records' vectors in all."""
    asked = asked_cells(coding)
    squared = squared_inputs(coding)
    matrix = np.stack([_inputs(one, asked) for one in exact])
    matrix = spending.noisy(matrix, squared, shares.inputs)
    spread = spending.scale(squared, shares.inputs)
    answers = np.zeros((len(exact), 1 + coding.width), np.int64)
    square = np.zeros(len(exact), np.int64)
    answers_spread = square_spread = 0.0
    if shares.answers:
        squared = squared_answers(coding)
        answers = spending.noisy(np.stack([_answers(one) for one in exact]), squared, shares.answers)
        answers_spread = spending.scale(squared, shares.answers)
        wanted = np.array([one.square for one in exact], np.int64)
        square = spending.noisy(wanted, coding.grid**4, shares.square)
        square_spread = spending.scale(coding.grid**4, shares.square)
    return tuple(
        _moments(
            coding,
            asked,
            inputs=matrix[place],
            answers=answers[place],
            square=int(square[place]),
            noise=(spread, answers_spread, square_spread),
        )
        for place in range(len(exact))
    )


def exactly(exact: Sums, coding: Coding) -> Moments:
    """The sums without noise, for the twin."""
    asked = asked_cells(coding)
    return _moments(
        coding,
        asked,
        inputs=_inputs(exact, asked),
        answers=_answers(exact),
        square=exact.square,
        noise=(0.0, 0.0, 0.0),
    )


def _inputs(exact: Sums, asked: npt.NDArray[np.bool_]) -> Whole:
    return np.concatenate([[exact.count], exact.first, exact.second[asked]]).astype(np.int64)


def _answers(exact: Sums) -> Whole:
    return np.concatenate([[exact.total], exact.cross]).astype(np.int64)


def _moments(
    coding: Coding,
    asked: npt.NDArray[np.bool_],
    *,
    inputs: Whole,
    answers: Whole,
    square: int,
    noise: tuple[float, float, float],
) -> Moments:
    """In units, with what is known from what was released."""
    unit, width = float(coding.grid) ** 2, coding.width
    second, variance = np.zeros((width, width)), np.zeros((width, width))
    first = inputs[1 : 1 + width] / unit
    second[asked] = inputs[1 + width :] / unit
    spread = noise[0] / unit
    variance[asked] = spread**2
    second, variance = (one + np.triu(one, 1).T for one in (second, variance))
    for block in coding.blocks:
        if block.numeric:
            alone = np.arange(block.start + coding.knots, block.start + block.width)
            height = 1.0
        else:
            alone = np.arange(block.start, block.start + block.width)
            height = coding.category / coding.grid
        second[alone, alone] = height * first[alone]
        variance[alone, alone] = (height * spread) ** 2
    return Moments(
        inputs[0] / unit,
        first,
        second,
        variance,
        answers[0] / unit,
        answers[1:] / unit,
        square / unit,
        spread,
        noise[1] / unit,
        noise[2] / unit,
    )


def _whole(exact: Floats) -> Whole:
    return exact.astype(np.int64)
