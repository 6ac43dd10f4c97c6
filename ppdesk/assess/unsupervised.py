"""What groups, components and densities are worth on records they were not learnt from.

Silhouette: Rousseeuw 1987; Davies and Bouldin 1979; Calinski and Harabasz 1974; adjusted Rand index: Hubert
and Arabie 1985; adjusted mutual information: Vinh, Epps and Bailey 2010; V-measure: Rosenberg and Hirschberg
2007; all as scikit-learn computes them.
"""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess import bootstrap
from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.intervals import Z95, estimate, wilson
from ppdesk.assess.means import deviation, mean
from ppdesk.assess.results import Estimate, Measure, Measured
from ppdesk.core.said import said

PAIRED = 2_000  # records whose distances to each other are worked out


def clusters(
    points: Floats,
    codes: Counts,
    distances: Floats,
    source: np.random.Generator,
    *,
    count: int,
    labels: Counts | None = None,
    again: Sequence[Counts] = (),
    rounds: int | None = None,
    tick: bootstrap.Tick = lambda: None,
) -> Measured:
    """Measures of the clustering `codes`, (n,), of `points`, (n, d), n above 0.

    distances: (n,) of each record to its own centre. count: of clusters that there are. labels: (n,) a
    declared column, or None. again: codes that other runs give the same records, for the stability.
    Silhouette on a sample of at most PAIRED records; measures of distances between clusters are not defined
    where there is one cluster alone.
    """
    n, used = codes.size, np.unique(codes)
    measures = [
        Measure(
            "inertia", said("Mean squared distance to the centre"), mean(distances**2, least=0.0), lower=True
        ),
        Measure("silhouette", said("Silhouette"), _silhouette(points, codes, source)),
        Measure("davies_bouldin", said("Davies-Bouldin index"), _scattered(points, codes, 0), lower=True),
        Measure("calinski_harabasz", said("Calinski-Harabasz index"), _scattered(points, codes, 1)),
        Measure("clusters", said("Share of the clusters that hold a record"), _alone(used.size / count)),
    ]
    if again:
        measures.append(_stability(codes, again))
    if labels is not None:
        measures += _agreement(labels, codes, source, rounds, tick)
    return Measured(n, tuple(measures))


def _silhouette(points: Floats, codes: Counts, source: np.random.Generator) -> Estimate | None:
    from sklearn.metrics import silhouette_samples

    chosen = np.arange(codes.size)
    if codes.size > PAIRED:
        chosen = source.permutation(codes.size)[:PAIRED]
    used = np.unique(codes[chosen]).size
    if not 1 < used < chosen.size:
        return None
    found = mean(np.asarray(silhouette_samples(points[chosen], codes[chosen]), dtype=np.float64))
    return estimate(found.value, max(-1.0, found.low), min(1.0, found.high))


def _scattered(points: Floats, codes: Counts, which: int) -> Estimate | None:
    """Of one sample, so without an interval: the ends are the value."""
    from sklearn import metrics

    if not 1 < np.unique(codes).size < codes.size:
        return None
    score = (metrics.davies_bouldin_score, metrics.calinski_harabasz_score)[which]
    return _alone(float(score(points, codes)))


def _alone(value: float) -> Estimate:
    """A figure of the whole, whose ends are the value."""
    return estimate(value, value, value)


def _stability(codes: Counts, again: Sequence[Counts]) -> Measure:
    """The mean adjusted Rand index with the clusterings of other runs (Ben-Hur et al. 2002)."""
    from sklearn.metrics import adjusted_rand_score

    values = np.array([adjusted_rand_score(codes, other) for other in again])
    label = f"Stability: agreement with {values.size} other runs (adjusted Rand)"
    return Measure(
        "stability", label, estimate(float(values.mean()), float(values.min()), float(values.max()))
    )


def _agreement(
    labels: Counts, codes: Counts, source: np.random.Generator, rounds: int | None, tick: bootstrap.Tick
) -> list[Measure]:
    """With a declared column. Intervals by bootstrap, but of the adjusted mutual information, whose
    expectation takes too long for many samples."""
    from sklearn.metrics import adjusted_mutual_info_score

    def of(weights: Counts) -> Floats:
        table = _table(labels, codes, weights)
        return np.array([adjusted_rand(table), v_measure(table)])

    values = of(np.ones(codes.size, dtype=np.int64))
    low, high = bootstrap.ends(bootstrap.replicates(of, codes.size, source, rounds=rounds, tick=tick))
    ari, balance = (
        estimate(float(value), min(float(value), float(one)), max(float(value), float(two)))
        for value, one, two in zip(values, low, high, strict=True)
    )
    return [
        Measure("ari", said("Adjusted Rand index with the declared column"), ari),
        Measure(
            "ami",
            said("Adjusted mutual information with it"),
            _alone(float(adjusted_mutual_info_score(labels, codes))),
        ),
        Measure("v_measure", said("V-measure with it"), balance),
    ]


def v_measure(cells: Floats) -> float:
    """The harmonic mean of homogeneity and completeness, from a table of counts."""

    def entropy(counts: Floats) -> float:
        shares = counts[counts > 0] / counts.sum()
        return float(-(shares * np.log(shares)).sum())

    rows, columns, both = entropy(cells.sum(axis=1)), entropy(cells.sum(axis=0)), entropy(cells.ravel())
    shared = rows + columns - both
    homogeneity = shared / rows if rows > 0 else 1.0
    completeness = shared / columns if columns > 0 else 1.0
    total = homogeneity + completeness
    return 2 * homogeneity * completeness / total if total > 0 else 0.0


def _table(labels: Counts, codes: Counts, weights: Counts) -> Floats:
    wide = int(codes.max()) + 1
    high = int(labels.max()) + 1
    found = np.bincount(labels * wide + codes, weights, high * wide).reshape(high, wide)
    return np.asarray(found, dtype=np.float64)


def adjusted_rand(cells: Floats) -> float:
    """From a table of counts; 1 where both sides say the same trivial thing."""

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1)).sum() / 2)

    both, one, two = pairs(cells), pairs(cells.sum(axis=1)), pairs(cells.sum(axis=0))
    every = pairs(np.array([cells.sum()]))
    expected = one * two / every if every else 0.0
    most = (one + two) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def components(points: Floats, middle: Floats, directions: Floats) -> Measured:
    """What is kept of `points`, (n, d), by projecting them on `directions`, (k, d) orthonormal rows, around
    `middle`, (d,): the share of their variance about `middle`, and the mean squared distance to what the
    projection gives back."""
    centred = points - middle
    kept = centred @ directions.T
    total = (centred**2).sum(axis=1)
    lost = np.maximum(total - (kept**2).sum(axis=1), 0.0)
    below = float(total.mean())
    share = None
    if below > 0:
        ratio = float(lost.mean()) / below
        half = Z95 * deviation((lost - ratio * total) / below)
        share = estimate(1 - ratio, max(0.0, 1 - ratio - half), min(1.0, 1 - ratio + half))
    return Measured(
        int(points.shape[0]),
        (
            Measure("variance_kept", said("Share of the variance kept"), share),
            Measure(
                "reconstruction",
                said("Mean squared error of reconstruction"),
                mean(lost, least=0.0),
                lower=True,
            ),
        ),
    )


def density(logarithms: Floats, scores: Floats, threshold: float, share: float) -> Measured:
    """Of a density: the `logarithms`, (n,), of it at each record; and how many of the `scores`, (n,), are at
    or above the `threshold`, which was made for `share` of the records."""
    flagged = wilson(int((scores >= threshold).sum()), scores.size)
    return Measured(
        int(scores.size),
        (
            Measure("log_likelihood", said("Mean log likelihood of a record"), mean(logarithms)),
            Measure("flagged", said("Share called strange (made for {share:.3g})", share=share), flagged),
        ),
    )
