"""How like the original another table is, in declared cells: for synthetic records and for a release alike.

A value of the other table may stand for several cells (a generalized value for all it covers, a suppressed
one for all). It is spread evenly over them: what somebody knows who has that table and the hierarchies alone.

These are exact figures of private records. No privacy budget covers them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ppdesk.assess.arrays import Counts, Floats

_TRAINED = 20_000  # records that the classifier learns from at most
_NEAR = 500  # records whose closest one is looked for
_AMONG = 20_000  # among so many


@dataclass(frozen=True)
class Cells:
    """A column. `codes`: (n,) int64, the value's place; `spread`: (values, cells), rows sum to one: the share
    of each cell in what the value stands for."""

    codes: Counts
    spread: Floats

    @classmethod
    def plain(cls, codes: Counts, cells: int) -> "Cells":
        """A column whose values are the cells."""
        return cls(codes, np.eye(cells))

    @property
    def shares(self) -> Floats:
        """(cells,): of all records."""
        counts = np.bincount(self.codes, minlength=self.spread.shape[0])
        return np.asarray(counts @ self.spread / max(1, self.codes.size))


@dataclass(frozen=True)
class Fidelity:
    """Total variation, 0 (alike) to 1, of each column and over pairs; and how far associations (Cramér's V)
    are off on average."""

    columns: tuple[float, ...]
    pair_mean: float
    pair_worst: float
    association: float

    @property
    def column_mean(self) -> float:
        """Mean of the columns."""
        return sum(self.columns) / len(self.columns) if self.columns else 0.0


def pair_shares(first: Cells, second: Cells) -> Floats:
    """(cells, cells): shares of the pairs, each record spread over what its two values stand for."""
    high, wide = first.spread.shape[0], second.spread.shape[0]
    counts = np.bincount(first.codes * wide + second.codes, minlength=high * wide).reshape(high, wide)
    return np.asarray(first.spread.T @ counts @ second.spread / max(1, first.codes.size))


def total_variation(one: Floats, other: Floats) -> float:
    """Half the sum of absolute differences."""
    return float(np.abs(one - other).sum() / 2)


def cramers_v(shares: Floats) -> float:
    """Association of two columns, 0 to 1, from their shares; 0 where one column has one value alone."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    shares = shares[rows > 0][:, columns > 0]
    least = min(shares.shape) - 1
    if least < 1:
        return 0.0
    expected = np.outer(rows[rows > 0], columns[columns > 0])
    return float(np.sqrt(((shares - expected) ** 2 / expected).sum() / least))


def compare(
    original: Sequence[Cells], other: Sequence[Cells], tick: Callable[[], None] = lambda: None
) -> Fidelity:
    """`other` against `original`: the same columns over the same cells. `tick` may raise to stop."""
    single = [total_variation(one.shares, two.shares) for one, two in zip(original, other, strict=True)]
    double, association = [], []
    for i, j in combinations(range(len(original)), 2):
        tick()
        before, after = pair_shares(original[i], original[j]), pair_shares(other[i], other[j])
        double.append(total_variation(before, after))
        association.append(abs(cramers_v(before) - cramers_v(after)))
    return Fidelity(
        tuple(single),
        float(np.mean(double)) if double else 0.0,
        max(double, default=0.0),
        float(np.mean(association)) if association else 0.0,
    )


def downstream(
    train: Sequence[Cells], test: Sequence[Cells], target: int, positive: int, source: np.random.Generator
) -> float | None:
    """AUROC on `test` of a logistic regression that learnt from `train` to find cell `positive` of column
    `target` in the other columns; None where either side has one class alone."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    some = source.permutation(train[target].codes.size)[:_TRAINED]
    wanted = train[target].spread[train[target].codes[some], positive] > 0.5
    true = test[target].spread[test[target].codes, positive] > 0.5
    if not 0 < wanted.sum() < wanted.size or not 0 < true.sum() < true.size:
        return None
    fitted = LogisticRegression(solver="newton-cholesky", max_iter=200).fit(
        _matrix(train, target, some), wanted
    )
    return float(roc_auc_score(true, fitted.decision_function(_matrix(test, target, None))))


def _matrix(columns: Sequence[Cells], target: int, some: Counts | None) -> Floats:
    return np.hstack(
        [
            one.spread[one.codes if some is None else one.codes[some]]
            for place, one in enumerate(columns)
            if place != target
        ]
    )


@dataclass(frozen=True)
class Closeness:
    """Records looked at, and in how many columns the closest original record differs: the median, and the
    share with one that is the same in all."""

    records: int
    median: float
    same: float


def closeness(
    records: Sequence[Counts],
    original: Sequence[Counts],
    source: np.random.Generator,
    *,
    own: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> Closeness:
    """Of a sample of `records`. `own`: they are the original's, so each is left out of its own comparison.

    A weak check: it says that records were not copied, not that nobody's can be found out.
    """
    among = np.sort(source.permutation(original[0].size)[:_AMONG])
    held = np.stack([one[among] for one in original]).astype(np.int32)
    if own:
        places = source.permutation(among.size)[:_NEAR]
        asked = held[:, places]
    else:
        places = source.permutation(records[0].size)[:_NEAR]
        asked = np.stack([one[places] for one in records]).astype(np.int32)
    found = []
    for place in range(asked.shape[1]):
        tick()
        apart = (held != asked[:, place : place + 1]).sum(axis=0)
        if own:
            apart[places[place]] = len(original) + 1
        found.append(int(apart.min()) if apart.size else len(original))
    return Closeness(
        len(found),
        float(np.median(found)) if found else 0.0,
        float(np.mean([one == 0 for one in found])) if found else 0.0,
    )
