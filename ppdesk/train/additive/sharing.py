"""How much weight each column's sums get in a step's release: post-processing of noisy figures alone.

The loss that is expected after a look, sum over columns of tr(H Cov(f* | z)), falls by the slope
diag(P' H P) for each part of the noise (`prior`). Coarse and fine sums of the same bins (variances a and b)
say as much as one look at the bins with covariance C = (I / b + A'A / a)^-1, A the sums: within a coarse bin
of m fine ones C = b I - b^2 / (a + m b). So all is done in bins, many columns of one width at a time.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.train.additive.layout import Block
from ppdesk.train.additive.prior import Belief, covariance

Floats = npt.NDArray[np.float64]

_ROUNDS = 10
_LEAST = 0.25  # of a part's even share: a column that seems to say nothing is still heard
_STACK = 1 << 18  # numbers in a stack of matrices: a few MB


@dataclass(frozen=True)
class _Alike:
    """Columns of one width: `which` they are; `bend`, (S, bins): H; `seen`: H V; `known`: H V H + H, what the
    noise is added to; `sums`, (S, groups, bins): A, None where there are no coarse sums."""

    which: list[int]
    bend: Floats
    seen: Floats
    known: Floats
    sums: Floats | None

    def slopes(self, noise: Floats) -> Floats:
        """By how much the loss falls with the logarithm of each weight, (S, parts). `noise`, (S, parts)."""
        fine = noise[:, -1, None, None]  # b
        bins = self.bend.shape[1]
        wide = self.known + fine * np.eye(bins)
        if self.sums is None:
            filters = np.linalg.solve(wide, self.seen)  # P': (H V H + H + b I)^-1 H V
            return np.asarray((filters**2 * self.bend[:, None, :]).sum(axis=2).sum(axis=1)[:, None] * noise)
        coarse = noise[:, 0, None, None]  # a
        turned = self.sums.transpose(0, 2, 1)
        shared = fine / (coarse + self.sums.sum(axis=2)[:, :, None] * fine)  # b / (a + m b), (S, groups, 1)
        wide -= fine * (turned @ (shared * self.sums))
        filters = np.linalg.solve(wide, self.seen)
        grouped = shared * (self.sums @ filters)  # of C P': the coarse sums, over a
        filters -= turned @ grouped  # C P', over b
        weight = self.bend[:, None, :]
        return np.stack(
            [
                (grouped**2 * weight).sum(axis=(1, 2)) * noise[:, 0],
                (filters**2 * weight).sum(axis=(1, 2)) * noise[:, 1],
            ],
            axis=1,
        )


def allocate(
    blocks: list[Block],
    counts: list[Floats],
    beliefs: list[Belief],
    bends: list[Floats],
    variance: float,
) -> list[Floats]:
    """The squared weight of each part of each column, adding up to the number of parts, that makes the
    expected loss small. `bends`: H of each. `variance`: of the noise at weight one."""
    weights = [np.ones(one.parts) for one in blocks]
    total = sum(one.parts for one in blocks)
    stacks = [_alike(which, blocks, counts, beliefs, bends) for which in _stacks(blocks)]
    for _ in range(_ROUNDS):
        moved = list(weights)
        for stack in stacks:
            slopes = stack.slopes(variance / np.stack([weights[one] for one in stack.which]))
            for one, slope in zip(stack.which, slopes, strict=True):
                # at the best point the weights are in proportion to these slopes
                moved[one] = np.sqrt(weights[one] * np.maximum(slope, 1e-12))
        weights = _scaled([np.maximum(one, _LEAST) for one in _scaled(moved, total)], total)
    return weights


def _stacks(blocks: list[Block]) -> list[list[int]]:
    """The columns of one width, in stacks of no more than _STACK numbers."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, one in enumerate(blocks):
        found[one.bins, one.groups].append(place)
    out = []
    for (bins, _), which in found.items():
        most = max(1, _STACK // bins**2)
        out += [which[start : start + most] for start in range(0, len(which), most)]
    return out


def _alike(
    which: list[int],
    blocks: list[Block],
    counts: list[Floats],
    beliefs: list[Belief],
    bends: list[Floats],
) -> _Alike:
    bend = np.stack([bends[one] for one in which])
    prior = np.stack([covariance(blocks[one], counts[one], beliefs[one]) for one in which])
    seen = bend[:, :, None] * prior
    known = seen * bend[:, None, :] + bend[:, :, None] * np.eye(bend.shape[1])
    coarse = [blocks[one].coarse for one in which]
    groups = np.arange(blocks[which[0]].groups)[:, None]
    sums = [(one == groups).astype(np.float64) for one in coarse if one is not None]
    return _Alike(which, bend, seen, known, np.stack(sums) if sums else None)


def _scaled(weights: list[Floats], total: int) -> list[Floats]:
    whole = sum(float(one.sum()) for one in weights)
    return [one * total / whole for one in weights]
