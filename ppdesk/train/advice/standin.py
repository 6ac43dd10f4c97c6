"""Made-up tables: drawn from what is declared of the columns, with a truth that is known.

One truth, by a seed (numpy's PCG64; all of it is public):

- Columns hang together weakly: one common factor, with a correlation of 0.3 with each column.
- A number is bell-shaped within its declared bounds (on the axis of orders of magnitude where it is declared
  `log`); categories have frequencies drawn from a Dirichlet distribution (2, ..., 2). Three per cent of the
  cells are missing.
- Two thirds of the columns, at least one, have an effect: of a number a line, a bend, a hill or a step, of
  categories one number each. Sizes fall geometrically, so that few columns matter most.
- One product of two columns' effects for every five columns makes a seventh of the score's variance.
- The score is stretched until the truth itself has an AUROC of 0.90 (two classes, with the share of positives
  asked for; or six times its spread, if that says less), about that for the last of several classes, an R^2
  of 0.6 (a number).

A real table is easier or harder. What carries over is how much is lost by noise at this size and width.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.train.schema import Column, Numeric, Quantity, Schema, Target

Floats = npt.NDArray[np.float64]

AUROC = 0.90
R2 = 0.6
_SHARED = 0.3
_MISSING = 0.03
_PAIRS = 1 / 7  # of the score's variance
_FALL = 0.8
_STEEPEST = 6.0
_REFERENCE = 4_000  # records on which a truth is measured out
_CURVES: tuple[Callable[[Floats], Floats], ...] = (
    lambda z: z,
    np.abs,
    lambda z: np.exp(-(z**2)),
    lambda z: np.asarray(z > 0.5, dtype=np.float64),
)


@dataclass(frozen=True)
class Drawn:
    """A made-up table: `columns` as an estimator takes them, `target`, (n,), its values; `best`, (n,) or
    (n, classes): the truth's own scores, which no column holds."""

    columns: dict[str, Any]
    target: Any
    best: Floats


@dataclass(frozen=True)
class Truth:
    """One way in which the target could follow the columns."""

    schema: Schema
    target: Target
    positive: float = 0.25  # share of positives, two classes
    seed: int = 0

    def draw(self, rows: int, part: int) -> Drawn:
        """`rows` records; another `part`, other records of the same truth."""
        made = _Made(self.schema, self.target, self.seed)
        stretch, shift = self._measured(made)
        source = np.random.default_rng([self.seed, 1 + part])
        columns, scores = made.records(rows, source)
        if isinstance(self.target, Quantity):
            return Drawn(columns, _numbers(scores[:, 0], self.target, source), scores[:, 0])
        chances = _chances(scores, stretch, shift)
        places = (chances.cumsum(axis=1) < source.random((rows, 1))).sum(axis=1)
        values = np.asarray(self.target.values, dtype=object)[np.minimum(places, chances.shape[1] - 1)]
        return Drawn(columns, values, chances)

    def _measured(self, made: "_Made") -> tuple[float, Floats]:
        """(stretch, shift) at which the truth has the AUROC and the shares that it should have."""
        if isinstance(self.target, Quantity):
            return 1.0, np.zeros(1)
        _, scores = made.records(_REFERENCE, np.random.default_rng([self.seed, 0]))
        count = scores.shape[1] + 1 if self.target.binary else scores.shape[1]
        shares = np.array([1 - self.positive, self.positive]) if count == 2 else np.full(count, 1 / count)
        low, high = 0.0, _STEEPEST
        shift = np.log(shares)
        for _ in range(18):
            middle = (low + high) / 2
            shift = _shifted(scores, middle, shares, shift)
            chances = _chances(scores, middle, shift)
            if float(np.mean([soft_auroc(one, one) for one in chances.T[-1:]])) < AUROC:
                low = middle
            else:
                high = middle
        return middle, shift


class _Made:
    """What the seed decides before any record: frequencies and effects."""

    def __init__(self, schema: Schema, target: Target, seed: int) -> None:
        self.schema = schema
        self.seed = seed
        source = np.random.default_rng(seed)
        self.frequencies = [_frequencies(one, source) for one in schema.columns]
        count = 1 if isinstance(target, Quantity) or target.binary else len(target.values)
        self.effects = [_Effects(schema, source) for _ in range(count)]

    def records(self, rows: int, source: np.random.Generator) -> tuple[dict[str, Any], Floats]:
        """(columns, scores (rows, K) of mean about 0 and variance about 1)."""
        common = source.standard_normal(rows)
        columns: dict[str, Any] = {}
        latents, shown = [], []
        for column, share in zip(self.schema.columns, self.frequencies, strict=True):
            own = source.standard_normal(rows)
            latent = _SHARED**0.5 * common + (1 - _SHARED) ** 0.5 * own
            cells, code = _cells(column, latent, share, gone=source.random(rows) < _MISSING)
            columns[column.name] = cells
            latents.append(latent)
            shown.append(code)
        return columns, np.stack([one.score(latents, shown) for one in self.effects], axis=1)


class _Effects:
    """One score of the columns."""

    def __init__(self, schema: Schema, source: np.random.Generator) -> None:
        count = len(schema.columns)
        busy = max(1, round(count * 2 / 3))
        order = source.permutation(count)[:busy]
        self.sizes = {int(place): _FALL**rank for rank, place in enumerate(order)}
        self.signs = source.choice([-1.0, 1.0], count)
        self.curves = source.integers(0, len(_CURVES), count)
        self.tables = [
            None if isinstance(one, Numeric) else source.standard_normal(len(one.categories) + 1)
            for one in schema.columns
        ]
        many = max(1, count // 5) if busy > 1 else 0
        self.pairs = [tuple(source.choice(order, 2, replace=False)) for _ in range(many)]

    def score(self, latents: list[Floats], codes: list[Any]) -> Floats:
        parts = {place: self._part(place, latents[place], codes[place]) for place in self.sizes}
        total = _scaled(sum(size * parts[place] for place, size in self.sizes.items()))
        if not self.pairs:
            return total
        both = _scaled(sum(parts[int(one)] * parts[int(other)] for one, other in self.pairs))
        return np.asarray((1 - _PAIRS) ** 0.5 * total + _PAIRS**0.5 * both)

    def _part(self, place: int, latent: Floats, code: Any) -> Floats:
        table = self.tables[place]
        found = _CURVES[self.curves[place]](latent) if table is None else table[code]
        return _scaled(np.multiply(self.signs[place], found))


def _scaled(values: Any) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    spread = float(found.std())
    return np.asarray((found - found.mean()) / (spread if spread > 0 else 1.0))


def _frequencies(column: Column, source: np.random.Generator) -> Floats:
    if isinstance(column, Numeric):
        return np.sort(source.uniform(0.25, 0.75, 2))[:1]  # where the bell's middle stands
    return np.asarray(source.dirichlet(np.full(len(column.categories), 2.0)))


def _cells(column: Column, latent: Floats, share: Floats, *, gone: npt.NDArray[np.bool_]) -> tuple[Any, Any]:
    """(cells, places among the categories, None of a number)."""
    import pyarrow as pa

    if isinstance(column, Numeric):
        low, high = (_warp(one) if column.log else one for one in (column.low, column.high))
        at = np.clip(float(share[0]) + 0.16 * latent, 0.0, 1.0)
        axis = low * (1 - at) + high * at
        values = np.sign(axis) * np.expm1(np.abs(axis)) if column.log else axis
        return np.where(gone, np.nan, np.clip(values, column.low, column.high)), None
    edges = np.quantile(np.random.default_rng(0).standard_normal(4096), np.clip(share.cumsum()[:-1], 0, 1))
    codes = np.searchsorted(edges, latent).astype(np.int32)
    texts = pa.array(list(column.categories), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=gone), texts), codes


def _warp(value: float) -> float:
    return float(np.sign(value) * np.log1p(abs(value)))


def _chances(scores: Floats, stretch: float, shift: Floats) -> Floats:
    """(n, classes)."""
    whole = np.concatenate([np.zeros_like(scores), scores], axis=1) if shift.size == 2 else scores
    raised = stretch * whole + shift
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _shifted(scores: Floats, stretch: float, shares: Floats, start: Floats) -> Floats:
    """The shift at which the classes have these shares; `start` is near it."""
    shift = start
    for _ in range(200):
        found = _chances(scores, stretch, shift).mean(axis=0)
        if np.abs(found - shares).max() < 1e-3 * shares.min():
            break
        shift = shift + 1.5 * np.log(shares / np.maximum(found, 1e-9))
    return shift


def _numbers(scores: Floats, target: Quantity, source: np.random.Generator) -> Floats:
    noisy = R2**0.5 * scores + (1 - R2) ** 0.5 * source.standard_normal(scores.size)
    middle, eighth = (target.low + target.high) / 2, (target.high - target.low) / 8
    return np.asarray(np.clip(middle + eighth * noisy, target.low, target.high))


def soft_auroc(score: Floats, chance: Floats) -> float:
    """The AUROC of `score`, (n,), where a record is positive with `chance`, (n,)."""
    order = np.argsort(score, kind="stable")
    positive, negative = chance[order], 1 - chance[order]
    below = np.cumsum(negative) - negative / 2
    return float((positive * below).sum() / (positive.sum() * negative.sum()))
