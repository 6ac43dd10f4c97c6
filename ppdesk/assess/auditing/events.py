"""Events that tell two inputs apart, learnt from runs on each.

An event is a cut of a number that is worked out from what a run released. Four kinds of number:

- one released number by itself (and whether it is there at all);
- a straight line through all of them: the difference of the means over the spread, with the columns' joint
  spread (Fisher 1936) and without; and logistic regression;
- how much likelier a value is under one input than under the other, of what has few values: one number, or
  all that is released at once. So "only ever seen under one" is an event, and a figure without noise stands
  out;
- the score of boosted trees, which finds what no line does. Its best cut is where the hockey-stick divergence
  between the two is reached as closely as the trees know it (Kong and others 2024, DP-Auditorium).

Numbers that were fitted are cut by runs that they were not fitted to. All of it is a choice of what to count:
nothing here bounds anything, fresh runs do (`bounds`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.assess.auditing.auditable import Curve
from ppdesk.assess.auditing.bounds import promising, surprising
from ppdesk.assess.auditing.features import Features
from ppdesk.core.said import said

Floats = npt.NDArray[np.float64]
Score = Callable[[Floats], Floats]  # (n, k) of what runs released -> (n,)

_FEW = 64  # different values that a number with few values has at most
_WIDE = 64  # columns that trees look at
_MOST = 256  # columns that anything looks at
_SEARCHED = 16  # columns that are cut by themselves while pairs are searched
_CUTS = 96


@dataclass(frozen=True)
class Event:
    """score >= cut. `told`: chosen for a large bound at the claim's first pair (`bounds.promising`), else to
    contradict any pair of its curve (`bounds.surprising`); `promise` is what that gave."""

    tester: str
    score: Score
    cut: float
    promise: float
    told: bool

    def count(self, values: Floats) -> int:
        """In how many of `values`, (n, k), it came."""
        return int((self.score(values) >= self.cut).sum())


def learn(first: Floats, second: Floats, pairs: Curve, seed: int, *, thorough: bool = True) -> list[Event]:
    """The best event of each kind, from runs (n, k) under each input. Of a curve that which is the surest to
    contradict a pair of it, and that with the largest bound for its first pair; else the latter alone. The
    former stand first, each the best first. `thorough` False leaves out what is fitted slowly."""
    found = [event for one in _kinds(first, second, seed, thorough=thorough) for event in _best(one, pairs)]
    found.sort(key=lambda one: (one.told, -one.promise))
    return found


def few(events: list[Event], most: int) -> list[Event]:
    """The `most` to count: the best of both aims, then the best of each other tester. Every one more widens
    the intervals of all."""
    chosen = [next((one for one in events if one.told is told), None) for told in (False, True)]
    kept = [one for one in chosen if one is not None]
    for one in events:
        if len(kept) < most and one.tester not in {other.tester for other in kept}:
            kept.append(one)
    return kept[:most]


@dataclass(frozen=True)
class _Scored:
    tester: str
    score: Score
    first: Floats  # scores of runs that are fit to choose a cut by
    second: Floats


def _best(scored: _Scored, pairs: Curve) -> Iterator[Event]:
    cuts = _cuts(scored.first, scored.second)
    if not cuts.size:
        return
    hits = [one.size - np.searchsorted(np.sort(one), cuts) for one in (scored.first, scored.second)]
    sizes = scored.first.size, scored.second.size
    for told in (True, False) if len(pairs) > 1 else (True,):
        judge = promising if told else surprising
        promise = judge(hits[0], hits[1], sizes, pairs[:1] if told else pairs)
        place = int(promise.argmax())
        yield Event(scored.tester, scored.score, float(cuts[place]), float(promise[place]), told)


def _cuts(first: Floats, second: Floats) -> Floats:
    """Values to cut at: closer towards both ends, where one input's runs may stand alone."""
    values = np.unique(np.concatenate([first, second]))
    if values.size < 2:
        return values[:0]
    values = values[1:]  # below the least there is nothing
    if values.size <= _CUTS:
        return values
    ends = np.unique(np.geomspace(1, values.size / 2, _CUTS // 2).astype(np.int64)) - 1
    found: Floats = values[np.unique(np.concatenate([ends, values.size - 1 - ends]))]
    return found


def _kinds(first: Floats, second: Floats, seed: int, *, thorough: bool) -> Iterator[_Scored]:
    features = Features.learnt(first, second)
    if features.columns.size + features.missing.size == 0:
        return
    apart = _apart(features.scaled(first), features.scaled(second))
    if apart.size > _MOST:
        most = np.sort(np.argsort(-apart)[:_MOST])
        features, apart = features.only(most), apart[most]
    left, right = features.of(first), features.of(second)
    for place in np.argsort(-apart)[: _WIDE if thorough else _SEARCHED]:
        yield _Scored(said("one figure"), _column(features, int(place)), left[:, place], right[:, place])
    for tester, score in _fitted(features, first[::2], second[::2], apart, seed, thorough=thorough):
        yield _Scored(tester, score, score(first[1::2]), score(second[1::2]))


def _apart(left: Floats, right: Floats) -> Floats:
    """How far apart the columns stand: means over their error, or values of one that the other hardly has."""
    n = left.shape[0]
    error = np.sqrt((left.var(axis=0) + right.var(axis=0)) / n) + 1e-12
    means = np.abs(left.mean(axis=0) - right.mean(axis=0)) / error
    spread = np.abs(left.std(axis=0) - right.std(axis=0)) / (left.std(axis=0) + right.std(axis=0) + 1e-12)
    found: Floats = means + np.sqrt(2 * n) * spread
    return found


def _column(features: Features, place: int) -> Score:
    def score(values: Floats) -> Floats:
        found: Floats = features.of(values)[:, place]
        return found

    return score


def _fitted(
    features: Features, first: Floats, second: Floats, apart: Floats, seed: int, *, thorough: bool
) -> Iterator[tuple[str, Score]]:
    left, right = features.scaled(first), features.scaled(second)
    yield from _lines(features, left, right)
    yield from _values(features, first, second, apart, _WIDE if thorough else _SEARCHED)
    if thorough and first.shape[0] >= 50:
        yield from _learners(features, left, right, apart, seed)


def _line(features: Features, weights: Floats) -> Score:
    def score(values: Floats) -> Floats:
        return np.asarray(features.scaled(values) @ weights)

    return score


def _lines(features: Features, left: Floats, right: Floats) -> Iterator[tuple[str, Score]]:
    moved = left.mean(axis=0) - right.mean(axis=0)
    spread = (left.var(axis=0) + right.var(axis=0)) / 2 + 1e-9
    yield said("a sum of all figures"), _line(features, moved / spread)
    if left.shape[1] > 1:
        around = np.concatenate([left - left.mean(axis=0), right - right.mean(axis=0)])
        joint = around.T @ around / around.shape[0]
        ease = min(1.0, left.shape[1] / around.shape[0]) * float(np.trace(joint)) / left.shape[1] + 1e-6
        joint[np.diag_indices_from(joint)] += ease
        yield said("a line through all figures"), _line(features, np.linalg.solve(joint, moved))


def _values(
    features: Features, first: Floats, second: Floats, apart: Floats, most: int
) -> Iterator[tuple[str, Score]]:
    """How much likelier values are, where there are few."""
    left, right = features.of(first), features.of(second)
    for place in np.argsort(-apart)[:most]:
        if np.unique(np.concatenate([left[:, place], right[:, place]])).size <= _FEW:
            yield said("values of one figure"), _likelier(features, left, right, np.array([place]))
    together = np.unique(np.concatenate([left, right]), axis=0).shape[0]
    if left.shape[1] > 1 and together <= max(_FEW, left.shape[0] // 4):
        yield said("all figures together"), _likelier(features, left, right, np.arange(left.shape[1]))


def _likelier(features: Features, left: Floats, right: Floats, columns: npt.NDArray[np.int64]) -> Score:
    known: dict[bytes, list[int]] = {}
    for place, side in enumerate((left, right)):
        rows, counts = np.unique(np.ascontiguousarray(side[:, columns]), axis=0, return_counts=True)
        for row, count in zip(rows, counts, strict=True):
            known.setdefault(row.tobytes(), [0, 0])[place] = int(count)
    ratio = {key: np.log((a + 0.5) / (b + 0.5)) for key, (a, b) in known.items()}

    def score(values: Floats) -> Floats:
        rows, place = np.unique(
            np.ascontiguousarray(features.of(values)[:, columns]), axis=0, return_inverse=True
        )
        each = np.array([ratio.get(row.tobytes(), 0.0) for row in rows])
        found: Floats = each[np.ravel(place)]
        return found

    return score


def _learners(
    features: Features, left: Floats, right: Floats, apart: Floats, seed: int
) -> Iterator[tuple[str, Score]]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([left, right])
    y = np.repeat([1, 0], [left.shape[0], right.shape[0]])
    if x.shape[1] <= 200:
        line = LogisticRegression(C=0.1, max_iter=200).fit(x, y)
        yield said("logistic regression"), _line(features, np.ravel(line.coef_))
    columns = np.sort(np.argsort(-apart)[:_WIDE])
    weights = (left.mean(axis=0) - right.mean(axis=0)) / (left.var(axis=0) + right.var(axis=0) + 1e-9)
    trees = HistGradientBoostingClassifier(
        max_iter=40,
        max_leaf_nodes=8,
        learning_rate=0.1,
        min_samples_leaf=10,
        early_stopping=False,
        random_state=seed,
    )

    def seen(scaled: Floats) -> Floats:
        return np.column_stack([scaled[:, columns], scaled @ weights])

    trees.fit(seen(x), y)

    def score(values: Floats) -> Floats:
        found: Floats = trees.decision_function(seen(features.scaled(values)))
        return found

    yield said("boosted trees"), score
