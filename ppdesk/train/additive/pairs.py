"""Pairs of columns that act together: found by one noisy look at all of them, then trained like columns.

Each column is put into at most GROUPS groups and one for missing or other cells, by noisy counts alone. For
every pair of columns, a record's residual is added to the one cell, group by group, that it falls in: a
release of as many parts as there are pairs, each of them a vector of length CLIP at most (`releases`). How
likely these sums are if the pair acts, against if it does not, is the evidence (`prior`); the pairs with the
most of it are kept, their cells are counted, with noise, and their functions join the steps.

It pays where the noise of so many parts is small beside what records say: `worthwhile`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.privacy.gaussian.source import MOST_SCALE
from ppdesk.train.additive import kernel, layout, prior
from ppdesk.train.additive.layout import Block, Side
from ppdesk.train.additive.releases import Purse
from ppdesk.train.schema import Column

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

GROUPS = 8  # groups of a column, besides that of missing or other cells
MOST = 6  # pairs that are kept
MOST_SCREENED = 28  # columns of which pairs are looked at: those with the largest effects of their own
_ENOUGH = 1000.0  # records times mu over the root of the number of pairs
_LEAST = 0.5  # log likelihood with a pair over that without; the steps tell who was there by chance


@dataclass(frozen=True)
class Kept:
    """A pair that joins. `block`: its cells; `first`, (cells, K): the first noisy figure of them, with
    variance `noise`."""

    among: tuple[int, int]  # places among `Seen.sides`
    sides: tuple[Side, Side]
    block: Block
    first: Floats
    noise: float


def number(columns: int) -> int:
    """How many pairs are looked at."""
    some = min(columns, MOST_SCREENED)
    return some * (some - 1) // 2


def numbers(columns: int, steps: int) -> int:
    """The most noisy figures that are given out of pairs, for each score."""
    return (GROUPS + 1) ** 2 * (number(columns) + MOST * (1 + steps))


def worthwhile(columns: int, rows: float, squared: float, reach: float) -> bool:
    """Whether to look for pairs. `rows`: declared or noisy; `squared`: mu^2 that all steps may cost; `reach`:
    how many lengths of one record neighbouring tables differ by."""
    looked = number(columns)
    if not looked or reach * kernel.CLIP * (looked / (squared * 0.05)) ** 0.5 > MOST_SCALE:
        return False
    return bool(rows * squared**0.5 / reach >= _ENOUGH * looked**0.5)


def side(place: int, block: Block, counts: Floats) -> Side:
    """The groups of one column, the schema's number `place`, from noisy counts (bins,) of its bins."""
    known = counts[:-1]
    if block.coarse is None:
        if known.size <= GROUPS:
            of = np.arange(block.bins)
        else:  # the commonest by themselves, the others together
            top = np.sort(np.argsort(-known, kind="stable")[: GROUPS - 1])
            of = np.full(block.bins, GROUPS - 1)
            of[top] = np.arange(GROUPS - 1)
            of[-1] = GROUPS
        return Side(place, of, int(of.max()) + 1, np.full(int(of.max()) + 1, np.nan))
    middle = np.cumsum(known) - known / 2
    shares = np.floor(GROUPS * middle / known.sum()).astype(np.int64)
    of = np.append(np.unique(shares, return_inverse=True)[1], 0)
    width = int(of.max()) + 2
    of[-1] = width - 1
    axis = np.append((np.arange(width - 1) + 0.5) / (width - 1), np.nan)
    return Side(place, of, width, axis)


@dataclass(frozen=True)
class Seen:
    """The columns of which pairs are looked at. `sides`; `counts` and `bends` (groups, K): noisy, of each
    side's groups; `columns`: those of the schema."""

    columns: list[Column]
    sides: list[Side]
    counts: list[Floats]
    bends: list[Floats]
    rows: float

    @property
    def pairs(self) -> Whole:
        """(P, 2): places among `sides`."""
        return np.stack(np.triu_indices(len(self.sides), 1), axis=1).astype(np.int64)

    def expected(self, one: int, other: int) -> Floats:
        """How many records the cells would have if the columns were independent, (cells,)."""
        return np.asarray(np.outer(self.counts[one], self.counts[other]).ravel() / self.rows)

    def curvature(self, one: int, other: int) -> Floats:
        """Of a record's loss in each cell, (cells, K): the product of what both sides say of it."""
        each = [self.bends[place] / self.counts[place][:, None] for place in (one, other)]  # (groups, K)
        middle = self.bends[one].sum(axis=0) / self.counts[one].sum()
        both = each[0][:, None, :] * each[1][None, :, :] / middle
        most = max(float(part.max()) for part in each)
        return np.asarray(np.minimum(both, most).reshape(-1, both.shape[2]))


def look_at(blocks: list[Block], counts: list[Floats], bends: list[Floats], loud: list[float]) -> Seen:
    """The columns with the largest effects `loud`, in groups."""
    chosen = np.sort(np.argsort(-np.array(loud), kind="stable")[:MOST_SCREENED]).tolist()
    sides = [side(place, blocks[place], counts[place]) for place in chosen]
    return Seen(
        [blocks[place].column for place in chosen],
        sides,
        [_grouped(one, counts[one.place][:, None])[:, 0] for one in sides],
        [_grouped(one, bends[one.place]) for one in sides],
        float(counts[0].sum()),
    )


def _grouped(one: Side, values: Floats) -> Floats:
    out = np.zeros((one.groups, values.shape[1]))
    np.add.at(out, one.of, values)
    return out


def groups_of(seen: Seen, places: kernel.Places, starts: Whole) -> kernel.Groups:
    """The group of each record in each column of `seen`, (n, columns) uint8."""
    out = np.empty((places.shape[0], len(seen.sides)), dtype=np.uint8)
    for column, one in enumerate(seen.sides):
        out[:, column] = one.of.astype(np.uint8)[places[:, one.place] - starts[one.place]]
    return out


@dataclass(frozen=True)
class Residuals:
    """What a record's residual is made of: the kind of loss, y (n,), score (n, K), and the cut."""

    kind: int
    y: Floats
    score: Floats
    clip: float


def sums(task: Residuals, groups: kernel.Groups, seen: Seen) -> list[Whole]:
    """For each pair the sum of its records' whole-number residuals by cell, (cells, K)."""
    pairs = seen.pairs
    widths = np.array([one.groups for one in seen.sides], dtype=np.int64)
    cells = widths[pairs[:, 0]] * widths[pairs[:, 1]]
    ends = np.cumsum(cells)
    out = np.zeros((int(ends[-1]), task.score.shape[1]), dtype=np.int64)
    begins = ends - cells
    kernel.screen(task.kind, groups, task.y, task.score, pairs, widths[pairs[:, 1]], begins, task.clip, out)
    return np.split(out, ends[:-1])


def choose(seen: Seen, noisy: list[Floats], variance: float) -> list[Kept]:
    """The pairs with the most evidence. `noisy`: the sums of residuals (cells, K) of each pair; `variance`:
    of the noise."""
    found: list[tuple[float, int, Kept]] = []
    for (one, other), got in zip(seen.pairs.tolist(), noisy, strict=True):
        expected, bend = seen.expected(one, other), seen.curvature(one, other)
        sides = seen.sides[one], seen.sides[other]
        block = layout.joined(seen.columns[one], *sides)
        said = prior.likelier(sides, expected, -got, bend=expected * bend.mean(axis=1), noise=variance)
        if said > _LEAST:
            found.append((said, len(found), Kept((one, other), sides, block, -got, variance)))
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return [kept for _, _, kept in found[:MOST]]


def codes(kept: list[Kept], seen: Seen, groups: kernel.Groups) -> kernel.Codes:
    """The cell of each record in each kept pair, (n, kept)."""
    where = {one.place: column for column, one in enumerate(seen.sides)}
    out = np.empty((groups.shape[0], len(kept)), dtype=np.uint16)
    for column, one in enumerate(kept):
        first, second = one.sides
        own = groups[:, where[first.place]].astype(np.uint16)
        out[:, column] = own * np.uint16(second.groups) + groups[:, where[second.place]]
    return out


def cell_counts(found: kernel.Codes, widths: list[int]) -> list[Whole]:
    """CLIP times the number of records in each cell of each pair, (cells, 1)."""
    return [
        np.bincount(found[:, column], minlength=width).astype(np.int64)[:, None] * kernel.CLIP
        for column, width in enumerate(widths)
    ]


def count(kept: list[Kept], found: kernel.Codes, purse: Purse, cost: float) -> list[Floats]:
    """The noisy number of records in each cell of each kept pair: one release."""
    ones = [1] * len(kept)
    scale = purse.scale(kernel.CLIP, ones, cost, counted=True)
    tables = cell_counts(found, [one.block.bins for one in kept])
    noisy = purse.release(tables, kernel.CLIP, ones, scale, counted=True)
    sd = scale / kernel.CLIP
    return [np.maximum(one[:, 0] / kernel.CLIP, 0.3 * sd + 1.0) for one in noisy]
