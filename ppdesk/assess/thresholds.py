"""What each threshold gives and costs.

Net benefit: Vickers and Elkin 2006 (Medical Decision Making 26): the share found less the share of false
alarms, weighed by the odds of the threshold. Expected cost: Elkan 2001 (IJCAI). Shares with Wilson's
interval, net benefit and cost with the normal interval of a mean.
"""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess import bootstrap
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.intervals import Z95, estimate, wilson
from ppdesk.assess.model_results import AtThreshold, Costs, CostStudy
from ppdesk.assess.ranked import Ranked
from ppdesk.assess.results import Estimate

TABLE = tuple(round(0.05 * place, 2) for place in range(1, 20))
_GRID = np.round(np.linspace(0, 1, 101), 2)


def table(
    ranked: Ranked, costs: Costs | None, more: tuple[float, ...] = (), thresholds: tuple[float, ...] = TABLE
) -> list[AtThreshold]:
    """A row for each threshold, and for each of `more`, rising."""
    return _rows(ranked, costs, sorted({*thresholds, *more}))


def _rows(ranked: Ranked, costs: Costs | None, cuts: Sequence[float]) -> list[AtThreshold]:
    tp, fp = ranked.at(np.array(cuts))
    return [
        _row(cut, int(hits), int(alarms), ranked, costs)
        for cut, hits, alarms in zip(cuts, tp, fp, strict=True)
    ]


def _row(cut: float, tp: int, fp: int, ranked: Ranked, costs: Costs | None) -> AtThreshold:
    n, positives = ranked.labels.size, int(ranked.labels.sum())
    selected, recall = wilson(tp + fp, n), wilson(tp, positives)
    alarms = wilson(fp, n - positives)
    assert selected is not None and recall is not None and alarms is not None  # noqa: S101, PT018 - Ranked has both outcomes
    odds = cut / (1 - cut) if cut < 1 else None
    return AtThreshold(
        round(cut, 6),
        selected,
        recall,
        alarms,
        wilson(tp, tp + fp),
        None if odds is None else _weighed(n, ((tp, 1.0), (fp, -odds))),
        None if costs is None else _weighed(n, ((fp, costs.false_alarm), (positives - tp, costs.miss))),
    )


def _weighed(n: int, parts: tuple[tuple[int, float], ...]) -> Estimate:
    """The mean of `n` values of which `count` are `value` and the rest 0, with its normal interval."""
    mean = sum(count * value for count, value in parts) / n
    square = sum(count * value * value for count, value in parts) / n
    half = Z95 * float(np.sqrt(max(0.0, square - mean * mean) / max(1, n - 1)))
    return estimate(mean, mean - half, mean + half)


def study(
    ranked: Ranked,
    costs: Costs,
    threshold: float,
    source: np.random.Generator,
    *,
    tick: bootstrap.Tick = lambda: None,
    rounds: int | None = None,
) -> CostStudy:
    """The expected cost at `threshold`, at the one that the costs ask for, and at the best one, which may be
    any of the scores or above all of them."""
    n = ranked.labels.size
    cuts, kinds = _cuts(ranked), np.array([costs.false_alarm, costs.miss])
    plain = _costs(ranked, kinds, None)
    best = int(plain.argmin())

    def of(weights: Counts) -> Floats:
        own = _costs(ranked, kinds, weights)
        chosen = int(own.argmin())
        return np.array([plain[chosen] - own[chosen], own[best]])

    replicated = bootstrap.replicates(of, n, source, rounds=rounds, tick=tick)
    optimism = max(0.0, float(replicated[:, 0].mean()))
    low, high = bootstrap.ends(replicated)
    value = float(plain[best])
    own, right = (row.cost for row in _rows(ranked, costs, (threshold, costs.threshold)))
    assert own is not None and right is not None  # noqa: S101, PT018 - there are costs
    tp, fp = ranked.at(_GRID)
    positives = int(ranked.labels.sum())
    curve = (fp * costs.false_alarm + (positives - tp) * costs.miss) / n
    return CostStudy(
        costs=costs,
        right_threshold=round(costs.threshold, 6),
        own=own,
        right=right,
        best=round(float(cuts[best]), 6),
        best_cost=estimate(
            value + optimism,
            min(value, float(low[1])),  # the correction is itself uncertain
            max(value, float(high[1])) + optimism,
        ),
        optimism=round(optimism, 6),
        all_positive=round((n - positives) * costs.false_alarm / n, 6),
        all_negative=round(positives * costs.miss / n, 6),
        grid=_GRID.tolist(),
        curve=np.round(curve, 6).tolist(),
    )


def _cuts(ranked: Ranked) -> Floats:
    """Thresholds that select nobody, then those with the highest score and so on, (m + 1,)."""
    return np.append(1.0 + 1e-6 if ranked.scores[0] >= 1 else (1 + ranked.scores[0]) / 2, ranked.scores)


def _costs(ranked: Ranked, kinds: Floats, weights: Counts | None) -> Floats:
    """The cost per record at each of `_cuts`, (m + 1,)."""
    positive, negative = ranked.counts(weights)
    missed = positive[-1] - np.append(0, positive)
    found: Floats = (np.append(0, negative) * kinds[0] + missed * kinds[1]) / ranked.labels.size
    return found
