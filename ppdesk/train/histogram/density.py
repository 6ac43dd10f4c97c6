"""Chances from noisy counts, and the tree of columns: post-processing."""

import numpy as np
from scipy.special import log_ndtr

from ppdesk.train.fitted import Floats
from ppdesk.train.histogram.counts import Counts
from ppdesk.train.histogram.model import Edge

_LEAST = 0.5  # of a record, in a cell where none is known of (Krichevsky and Trofimov 1981)


def estimated(counts: Counts) -> Floats:
    """The mean of a normal at each noisy count with the noise's spread, given that it is not negative: c + s
    p(c/s) / P(c/s). Always above 0. Without noise the count and half a record."""
    if counts.noise == 0:
        return counts.values + _LEAST
    z = np.clip(counts.values / counts.noise, -1e6, 1e12)
    # p(z) / P(z) by logarithms, so that it holds far below 0, where z and it nearly cancel
    ratio = np.exp(np.minimum(-z * z / 2 - np.log(2 * np.pi) / 2 - log_ndtr(z), 700))
    found = counts.noise * np.where(z < -30, 1 / np.maximum(-z, 30.0), z + ratio)
    positive: Floats = np.maximum(found, 1e-3)
    return positive


def chances(counts: Counts) -> tuple[float, ...]:
    """Shares that add up to 1, each above 0."""
    found = estimated(counts)
    return tuple(float(one) for one in found / found.sum())


def tree(joint: dict[tuple[int, int], Counts], widths: tuple[int, ...]) -> tuple[Edge, ...]:
    """The edges of a forest of greatest information among those that stand out."""
    found = []
    for (a, b), counts in joint.items():
        values = estimated(counts)
        shares = values / values.sum()
        expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
        information = float((shares * np.log(shares / expected)).sum())
        rows = max(float(values.sum()), 1.0)
        free = (widths[a] - 1) * (widths[b] - 1)
        # a G-test's mean is half its degrees of freedom; noise adds its variance over the expected counts
        alone = free / (2 * rows) * (1 + counts.noise**2 * widths[a] * widths[b] / rows)
        if information > 2 * alone:
            found.append((information, Edge(a, b, tuple(tuple(float(x) for x in one) for one in shares))))
    root = list(range(len(widths)))
    kept = []
    for _, edge in sorted(found, key=lambda one: -one[0]):
        if root[edge.first] != root[edge.second]:
            gone, stays = root[edge.first], root[edge.second]
            root = [stays if one == gone else one for one in root]
            kept.append(edge)
    return tuple(kept)
