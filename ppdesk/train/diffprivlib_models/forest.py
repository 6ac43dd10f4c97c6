"""Random forest after diffprivlib: random trees, whose leaves learn from disjoint parts of the records.

Claim. (epsilon, 0)-DP under add-or-remove for one record; under replace-one at half of epsilon, for `group`
records at epsilon / group (`source.one_record`).

Proof. The splits are drawn from the declared bounds, without data. Each record is dealt to one tree by a
draw of its own, so the deal of the others does not depend on it, and lies in one leaf of it.
`leaves="counts"` (the rule): every leaf's counts per class get exact discrete Laplace noise of scale 1 /
epsilon; one record moves one of all these counts by 1. `leaves="label"` (the library's own):
permute-and-flip chooses the most frequent class of each leaf; adding a record moves one count of one leaf,
upwards only, so the monotonic form costs epsilon.

What the library's model (diffprivlib 0.6.6, models.RandomForestClassifier; Fletcher and Islam 2017) does
not prove, and what is done here instead:

- Records are cut into as many parts as there are trees by their place, with n. One record less shifts others
  from tree to tree. Here each is dealt by its own draw.
- Under replace-one (which it implies, as n is used) a record that moves changes two leaves, and one that
  changes its class moves two counts in opposite directions, which the monotonic form does not cover. Here
  replace-one is charged as removing and adding.
- It hands each tree a 31-bit seed, so the noise on labels comes from NumPy's Mersenne Twister even when
  nothing is seeded. Here its fitting tree draws from the operating system's generator.
- Labels alone lose most of what a leaf knows; where one class is rare hardly a leaf chooses it (on Adult 1
  % of the positives are found). Counts cost the same and keep the shares.

The threshold of two classes. Trees of random splits hardly ever give a rare class a chance of one half. So
with `leaves="counts"` a share of epsilon, THRESHOLD_SHARE, buys a noisy histogram of the chances that the
finished trees give the records (one record is in one cell), and the threshold is where as many records
count as positive as the leaves say there are. Sequential composition: both shares add up to epsilon.

A leaf's shares are (noisy count + m prior) / (noisy records + m): prior is the share of the class over all
leaves, m = leaf noise's standard deviation. All of it is computed from noisy counts.

Not covered: nothing in floating point for counts, which are whole numbers; labels rest on the library's
doubles."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import EpsilonDelta
from ppdesk.privacy.noise import noise_of
from ppdesk.train.diffprivlib_models.source import (
    claim,
    leaks_are_errors,
    one_record,
    pure_cost,
    random_of,
)
from ppdesk.train.diffprivlib_models.trees import KEY, LEAF, Forest, Tree, bounds, positions
from ppdesk.train.errors import UndeclaredTargetError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Column, Target

MECHANISMS = {
    "counts": "random forest, noisy leaf counts (after Fletcher and Islam 2017)",
    "label": "random forest, permute-and-flip at the leaves (Fletcher and Islam 2017)",
}


THRESHOLD_SHARE = 0.1
_CELLS = 200  # of the histogram of chances


@dataclass(frozen=True)
class Options:
    """`trees` and `depth` are the library's defaults."""

    trees: int = 10
    depth: int = 5
    leaves: str = "counts"

    def __post_init__(self) -> None:
        if not (1 <= self.trees <= 1000 and 1 <= self.depth <= 12 and self.leaves in MECHANISMS):
            raise UnsuitableGuaranteeError(
                estimator=KEY, reason="trees are 1 to 1000, the depth is 1 to 12, leaves are counts or label"
            )


def cost(asked: Asked) -> EpsilonDelta:
    """What a fit will have cost."""
    return pure_cost(asked)


def fit(
    records: Records,
    y: npt.NDArray[np.int32],
    asked: Asked,
    target: Target | None,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Fit on `records` with class codes `y`, (n,). UndeclaredTargetError without declared classes."""
    if not isinstance(target, Classes):
        raise UndeclaredTargetError(column="(target)", reason="this estimator needs declared categories")
    classes = len(target.values)
    parted = options.leaves == "counts" and target.binary
    whole = one_record(asked)
    epsilon = whole * (1 - THRESHOLD_SHARE) if parted else whole
    matrix = positions(records)
    # which tree a record goes to is no secret, and is the same for every table: a draw for each
    dealt = np.random.default_rng(int.from_bytes(entropy.take(32), "big")).integers(
        options.trees, size=records.rows
    )
    source = random_of(entropy)
    trees = []
    with leaks_are_errors():
        for place in range(options.trees):
            tick()
            mine = dealt == place
            built = _build(records.schema.columns, options.depth, classes, epsilon, source)
            if options.leaves == "label":
                trees.append(_labels(built, matrix[mine], y[mine]))
            else:
                trees.append(_counts(built, matrix[mine], y[mine], epsilon, entropy))
    if options.leaves == "counts":
        trees, prior = _shares(trees, math.sqrt(2) / epsilon * math.sqrt(classes))
    model = Forest(records.schema, target, tuple(trees), claim(asked, MECHANISMS[options.leaves], entropy))
    if parted:
        rest = whole * THRESHOLD_SHARE * (1 - 1e-12)
        model = replace(model, threshold=_threshold(model.predict(records)[:, 1], prior, rest, entropy))
    return Trained(
        model, cost(asked), {"trees": options.trees, "depth": options.depth, "leaves": options.leaves}
    )


def _build(columns: tuple[Column, ...], depth: int, classes: int, epsilon: float, source: Any) -> Any:
    """The library's tree with random splits between the declared bounds; no data."""
    from diffprivlib.models.forest import _FittingTree

    tree = _FittingTree(depth, len(columns), np.arange(classes), epsilon, bounds(columns), source)
    return tree.build()


def _plain(built: Any, chances: Floats) -> Tree:
    leaf = np.array([one.left_child == built._TREE_LEAF for one in built.nodes])
    asked = np.array([one.feature for one in built.nodes])
    cut = np.array([float(one.threshold) for one in built.nodes])
    return Tree(
        np.where(leaf, LEAF, asked).astype(np.int32),
        np.where(leaf, 0.0, cut),
        np.array([one.left_child for one in built.nodes], dtype=np.int32),
        np.array([one.right_child for one in built.nodes], dtype=np.int32),
        chances,
    )


def _labels(built: Any, matrix: Floats, y: npt.NDArray[np.int32]) -> Tree:
    """The library's own leaves: all of a leaf's weight on one class. A leaf without records gets any class
    with the same chance, which is also what permute-and-flip does there."""
    built.fit(matrix, y)
    return _plain(built, built.values_[:, 0, :].astype(np.float64))


def _counts(built: Any, matrix: Floats, y: npt.NDArray[np.int32], epsilon: float, entropy: Entropy) -> Tree:
    """Noisy counts per class of each leaf, in `chances`."""
    classes = len(built.classes)
    tree = _plain(built, np.zeros((len(built.nodes), classes)))
    leaves = np.flatnonzero(tree.feature == LEAF)
    cells = np.bincount(tree.leaves(matrix) * classes + y, minlength=tree.feature.size * classes).reshape(
        -1, classes
    )[leaves]
    noisy = noise_of(entropy).laplace(cells.ravel().astype(np.int64), 1, epsilon)
    tree.chances[leaves] = noisy.reshape(-1, classes)
    return tree


def _shares(trees: list[Tree], weight: float) -> tuple[list[Tree], Floats]:
    """The shares of the classes in each leaf, and over all leaves, (K,), from noisy counts alone."""
    total = np.sum([one.chances[one.feature == LEAF].sum(axis=0) for one in trees], axis=0)
    prior = np.maximum(total, 1.0)
    prior = prior / prior.sum()
    found = []
    for one in trees:
        counts = np.maximum(one.chances, 0.0) + weight * prior
        shares = counts / counts.sum(axis=1, keepdims=True)
        leaf = (one.feature == LEAF)[:, None]
        found.append(Tree(one.feature, one.threshold, one.left, one.right, np.where(leaf, shares, 0.0)))
    return found, prior


def _threshold(chances: Floats, prior: Floats, epsilon: float, entropy: Entropy) -> float:
    """Where, by the noisy histogram of `chances`, (n,), as large a share is above as `prior` says is
    positive."""
    cell = np.minimum((chances * _CELLS).astype(np.int64), _CELLS - 1)
    counts = np.bincount(cell, minlength=_CELLS).astype(np.int64)
    noisy = noise_of(entropy).laplace(counts, 1, epsilon).astype(np.float64)
    scale = 1 / epsilon
    noisy = np.where(noisy > 2 * scale, noisy, 0.0)  # cells that stand out of the noise
    above = np.cumsum(noisy[::-1])[::-1]
    if above[0] <= 0:
        return 0.5
    place = int(np.argmin(np.abs(above / above[0] - prior[1])))
    return place / _CELLS
